// Compiles src/models/linalg/assembly (AssemblyScript) and writes the module, as base64, to src/models/linalg/kernel-module.ts.
// The same sources give the same bytes; a test compares the committed file with them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "src", "models", "linalg", "kernel-module.ts");

/** The text of kernel-module.ts as the sources give it. */
export async function kernelModuleText() {
  const folder = mkdtempSync(join(tmpdir(), "kernels-"));
  try {
    const file = join(folder, "kernels.wasm");
    const { error, stderr } = await asc.main([
      "kernels.ts",
      ...["--baseDir", join(root, "src", "models", "linalg", "assembly")],
      ...["--outFile", file],
      ...["--runtime", "stub", "--noAssert", "-O3", "--enable", "simd"],
      ...["--importMemory", "--noExportMemory", "--use", "abort="],
    ]);
    if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
    return [
      "/** The kernels of assembly/, compiled by scripts/build-kernels.mjs: a WebAssembly module in base64. Not edited by hand. */",
      "// biome-ignore format: one line",
      `export const KERNEL_MODULE: string = "${readFileSync(file).toString("base64")}";`,
      "",
    ].join("\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the file where it differs. */
export async function buildKernels() {
  const text = await kernelModuleText();
  let before = "";
  try {
    before = readFileSync(target, "utf8");
  } catch {}
  if (text !== before) writeFileSync(target, text);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildKernels();
