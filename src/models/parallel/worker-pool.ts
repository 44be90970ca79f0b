/**
 * Who performs tasks: this thread, or the workers of a pool (`createWorkerPool` of mist-models/io, in Node). The numbers are the same.
 */
import { AbortError, parallelMessages } from "../../messages.js";
import { performTask, type TaskKind, type TaskKinds } from "./tasks.js";

export interface RunOptions {
  /** Stops the work: the promise is rejected at once, with an AbortError. */
  readonly signal?: AbortSignal;
  /** Called after each task. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface WorkerPool {
  /** How many tasks are performed at a time. */
  readonly size: number;
  /**
   * The results in the order of the tasks. Where tasks fail, the error of the first of them in that order.
   *
   * @throws AbortError when the signal says so; whatever performing a task throws
   */
  run<Kind extends TaskKind>(
    kind: Kind,
    shared: TaskKinds[Kind]["shared"],
    tasks: readonly TaskKinds[Kind]["task"][],
    options?: RunOptions,
  ): Promise<TaskKinds[Kind]["result"][]>;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** Milliseconds of work after which other things waiting in this thread (a signal, a key) get their turn. */
const TURN = 30;

/**
 * Performs tasks one after the other in this thread: what is used where no pool is given.
 *
 * @example inlinePool().size // => 1
 */
export function inlinePool(): WorkerPool {
  return {
    size: 1,
    run: async (kind, shared, tasks, { signal, onProgress } = {}) => {
      const results: TaskKinds[typeof kind]["result"][] = [];
      let turn = performance.now();
      for (const task of tasks) {
        if (performance.now() - turn > TURN) {
          await new Promise<void>((resolve) => setTimeout(resolve));
          turn = performance.now();
        }
        throwIfAborted(signal, results.length, tasks.length);
        results.push(performTask(kind, shared, task));
        onProgress?.(results.length, tasks.length);
      }
      return results;
    },
    close: () => Promise.resolve(),
  };
}

/** @throws AbortError where the signal has been given */
export function throwIfAborted(signal: AbortSignal | undefined, done: number, total: number): void {
  if (signal?.aborted) throw abortError(signal, done, total);
}

export function abortError(signal: AbortSignal, done: number, total: number): AbortError {
  return new AbortError(parallelMessages.aborted(done, total), signal.reason);
}
