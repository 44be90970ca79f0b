/**
 * Runs a program and tells what it printed, how long it lived and how much memory it held.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ text: string, ms: number, peakMb: number | null }>} standard output, milliseconds from start to
 *   end, peak resident memory (Linux only: elsewhere null)
 * @throws Error with the line of standard error that says most, where the exit code is not zero
 */
export function runChild(program, args) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    let complaints = "";
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      complaints += chunk;
    });
    let peakMb = null;
    const look = setInterval(() => {
      peakMb = peakMegabytes(child.pid) ?? peakMb;
    }, 10);
    child.on("error", (error) => {
      clearInterval(look);
      reject(error);
    });
    child.on("close", (code, signal) => {
      clearInterval(look);
      if (code === 0) resolve({ text, ms: performance.now() - start, peakMb });
      else reject(new Error(telling(complaints) || `ended by ${signal ?? `exit code ${code}`}`));
    });
  });
}

/** The kernel's own high-water mark, which only grows: reading it now and then misses no more than the last moment. */
function peakMegabytes(pid) {
  try {
    const kilobytes = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}

function telling(complaints) {
  const lines = complaints.trim().split("\n");
  return (lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? "").slice(0, 200);
}
