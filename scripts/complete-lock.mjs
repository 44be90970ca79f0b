// Completes package-lock.json after `npm install` against a registry that does not serve every platform's optional packages:
// npm then leaves them out of the lock, and `npm ci` refuses it, here and elsewhere. Adds an entry for each one named in
// `optionalDependencies` but missing. Run after every change of the lock: node scripts/complete-lock.mjs
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const path = join(dirname(fileURLToPath(import.meta.url)), "..", "package-lock.json");
const lock = JSON.parse(readFileSync(path, "utf8"));
const packages = new Map(Object.entries(lock.packages));
const systems = ["aix", "android", "darwin", "freebsd", "linux", "openbsd", "openharmony", "sunos", "win32"];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
let added = 0;
for (const [owner, { optionalDependencies = {}, dev, engines, license }] of [...packages]) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (packages.has(`node_modules/${name}`) || packages.has(`${owner}/node_modules/${name}`)) continue;
    const words = name.split(/[/-]/);
    const os = systems.find((system) => words.includes(system));
    const cpu = processors.find((processor) => words.includes(processor));
    const libc = words.includes("musl") ? "musl" : os === "linux" && words.includes("gnu") ? "glibc" : undefined;
    packages.set(`node_modules/${name}`, {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(dev && { dev }),
      ...(libc && { libc: [libc] }),
      ...(license && { license }),
      optional: true,
      ...(os && { os: [os] }),
      ...(engines && { engines }),
    });
    added++;
  }
}
const root = packages.get("");
packages.delete("");
const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(`${path}.tmp`, `${JSON.stringify({ ...lock, packages: Object.fromEntries([["", root], ...sorted]) }, null, 2)}\n`);
renameSync(`${path}.tmp`, path);
console.log(`${added} entries added`);
