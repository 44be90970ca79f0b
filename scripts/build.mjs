// Compiles the kernels to WebAssembly, then builds dist/esm and dist/cjs (each with its types) from src with plain tsc.
// CommonJS: the same sources are compiled beside a package.json that says "commonjs"; `module nodenext` keeps
// dynamic imports of ESM-only packages as imports. `verbatimModuleSyntax` is off there: it forbids ESM syntax in CommonJS.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildKernels } from "./build-kernels.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
const compile = (project) => execFileSync(process.execPath, [tsc, "-p", project], { cwd: root, stdio: "inherit" });

await buildKernels();
const staging = mkdtempSync(join(root, ".build-"));
try {
  writeFileSync(
    join(staging, "esm.json"),
    JSON.stringify({
      extends: "../tsconfig.build.json",
      compilerOptions: { rootDir: "../src", outDir: "./esm" },
      include: ["../src/**/*.ts"],
      exclude: ["../src/models/linalg/assembly"],
    }),
  );
  compile(join(staging, "esm.json"));

  const commonjs = join(staging, "commonjs");
  mkdirSync(commonjs);
  cpSync(join(root, "src"), join(commonjs, "src"), { recursive: true });
  // Files that exist in a variant for CommonJS, where there is no import.meta.
  cpSync(join(root, "scripts", "commonjs"), join(commonjs, "src", "io"), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(commonjs, "node_modules"), "junction");
  writeFileSync(join(commonjs, "package.json"), '{"type":"commonjs"}\n');
  writeFileSync(
    join(commonjs, "tsconfig.json"),
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: { rootDir: "src", outDir: "../cjs", verbatimModuleSyntax: false, typeRoots: ["../../node_modules/@types"] },
      include: ["src/**/*.ts"],
      exclude: ["src/models/linalg/assembly"],
    }),
  );
  compile(join(commonjs, "tsconfig.json"));
  writeFileSync(join(staging, "esm", "package.json"), '{"type":"module","sideEffects":false}\n');
  writeFileSync(join(staging, "cjs", "package.json"), '{"type":"commonjs","sideEffects":false}\n');

  // Into place in one step, so that a reader never sees half a build.
  const dist = join(root, "dist");
  const ready = join(staging, "dist");
  mkdirSync(ready);
  renameSync(join(staging, "esm"), join(ready, "esm"));
  renameSync(join(staging, "cjs"), join(ready, "cjs"));
  if (existsSync(dist)) renameSync(dist, join(staging, "old"));
  renameSync(ready, dist);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
