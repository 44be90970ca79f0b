/** What the times were measured on. */
import os from "node:os";
import { runChild } from "./child.mjs";

/** One line each: processor and memory, Node, R with its BLAS and packages or `noR`, why there is no R. */
export function machineLines(rows, noR) {
  const cpus = os.cpus();
  const found = (key) => [...new Set(rows.map((row) => row[key]).filter(Boolean))];
  const reference = [...found("version"), ...found("package")].join(", ");
  return [
    `${cpus.length} cores, ${cpus[0]?.model.trim() || "processor unknown"}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GB, ${os.platform()} ${os.arch()}`,
    `node ${process.version}`,
    reference || noR || "R: not run",
  ];
}

/**
 * Whether R can be compared with.
 * @param {readonly string[]} packages
 * @returns {Promise<string | null>} why not, or null
 */
export async function whyNoR(packages) {
  const test = packages.map((name) => `requireNamespace("${name}", quietly = TRUE)`).join(", ");
  try {
    const { text } = await runChild("Rscript", ["--vanilla", "-e", `cat(c(${test}))`]);
    const missing = packages.filter((_, i) => text.trim().split(/\s+/)[i] !== "TRUE");
    return missing.length ? `R has no package ${missing.join(", ")}: times of this library only, nothing to compare with.` : null;
  } catch {
    return "Rscript was not found: times of this library only, nothing to compare with.";
  }
}
