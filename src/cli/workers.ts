/**
 * `--workers N`: how many threads work; the numbers are the same.
 */
import { createWorkerPool } from "../io/worker-pool.js";
import { cliMessages } from "../messages.js";
import { inlinePool, type WorkerPool } from "../models/parallel/worker-pool.js";
import type { GivenOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

/** The number after --workers; 1, the default, means that no worker is started. */
export function workersOf(given: GivenOptions): number {
  const text = given.value("workers") ?? "1";
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError(cliMessages.badWorkers(text));
  return Number(text);
}

/** A pool of so many workers while the work lasts. */
export async function withWorkers<Result>(workers: number, work: (pool: WorkerPool) => Promise<Result>): Promise<Result> {
  const pool = workers > 1 ? createWorkerPool(workers) : inlinePool();
  try {
    return await work(pool);
  } finally {
    await pool.close();
  }
}
