/**
 * A pool of Node's worker threads. As every task is a pure function of what is sent, the numbers are those of one thread.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { FitError, parallelMessages } from "../messages.js";
import type { TaskKind, TaskKinds } from "../models/parallel/tasks.js";
import { type RunOptions, throwIfAborted, type WorkerPool } from "../models/parallel/worker-pool.js";
import { workerLocation } from "./worker-location.js";
import { runOnWorkers } from "./worker-run.js";

/**
 * Workers are started when they are first wanted, stay until `close()`, and when idle do not keep the program alive. A pool does one
 * run at a time: another waits for it.
 *
 * @param size workers at most; default: as many as the machine offers
 * @throws FitError where `size` is not a whole number of 1 or more
 * @example createWorkerPool(2).size // => 2
 */
export function createWorkerPool(size: number = availableParallelism()): WorkerPool {
  if (!Number.isInteger(size) || size < 1) throw new FitError(parallelMessages.poolSize(size));
  const workers = new Set<Worker>();
  const closing = new AbortController();
  /** Settled when all runs asked for so far are over. */
  let before: Promise<unknown> = Promise.resolve();

  const start = <Kind extends TaskKind>(
    kind: Kind,
    shared: TaskKinds[Kind]["shared"],
    tasks: readonly TaskKinds[Kind]["task"][],
    options: RunOptions,
  ): Promise<TaskKinds[Kind]["result"][]> => {
    throwIfAborted(options.signal, 0, tasks.length);
    if (closing.signal.aborted) throw new FitError(parallelMessages.poolClosed);
    if (tasks.length === 0) return Promise.resolve([]);
    while (workers.size < Math.min(size, tasks.length)) workers.add(startWorker((worker) => workers.delete(worker)));
    return runOnWorkers(kind, shared, tasks, options, {
      workers: [...workers].slice(0, tasks.length),
      closing: closing.signal,
      discard: (worker) => {
        workers.delete(worker);
        void worker.terminate();
      },
    });
  };

  return {
    size,
    run: (kind, shared, tasks, options = {}) => {
      const result = settledOrAborted(before, options.signal).then(() => start(kind, shared, tasks, options));
      before = Promise.allSettled([before, result]);
      return result;
    },
    close: async () => {
      closing.abort();
      const all = [...workers];
      workers.clear();
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}

function startWorker(onExit: (worker: Worker) => void): Worker {
  // The flags of the program itself (--input-type, loaders) are not for the worker: some would keep it from starting.
  const worker = new Worker(workerLocation(), { execArgv: [] });
  worker.unref();
  // A run that waits for the worker hears of its end by itself.
  worker.on("error", () => undefined);
  worker.on("exit", () => onExit(worker));
  return worker;
}

function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const settled = (): void => {
      signal?.removeEventListener("abort", settled);
      resolve();
    };
    if (signal?.aborted) resolve();
    signal?.addEventListener("abort", settled);
    promise.then(settled, settled);
  });
}
