/**
 * One run of tasks on workers: the next task goes to whoever is free, results stand in the order of the tasks.
 *
 * Where a task fails no further ones are given out; those before it are all done or under way, so that when these have answered the
 * error of the first failing task is known, and it is the one that a single thread would have met.
 */
import type { Worker } from "node:worker_threads";
import { FitError, parallelMessages } from "../messages.js";
import type { TaskKind, TaskKinds } from "../models/parallel/tasks.js";
import { abortError, type RunOptions } from "../models/parallel/worker-pool.js";
import { type FromWorker, receivedError, type ToWorker } from "./worker-protocol.js";

export interface Crew {
  /** Free, and nobody else's for the time of the run. */
  readonly workers: readonly Worker[];
  /** The pool is being closed. */
  readonly closing: AbortSignal;
  /** Ends a worker whose answer nobody waits for any more. */
  discard(worker: Worker): void;
}

export function runOnWorkers<Kind extends TaskKind>(
  kind: Kind,
  shared: TaskKinds[Kind]["shared"],
  tasks: readonly TaskKinds[Kind]["task"][],
  { signal, onProgress }: RunOptions,
  { workers, closing, discard }: Crew,
): Promise<TaskKinds[Kind]["result"][]> {
  return new Promise((resolve, reject) => {
    const results = new Array<TaskKinds[Kind]["result"]>(tasks.length);
    const busy = new Set<Worker>();
    let next = 0;
    let done = 0;
    let failure: { readonly index: number; readonly error: unknown } | null = null;
    const removals: (() => void)[] = [];

    const leave = (): void => {
      for (const remove of removals) remove();
      for (const worker of workers) {
        worker.unref();
        if (busy.has(worker)) discard(worker);
        else send(worker, { type: "end" });
      }
    };
    /** Ends the run at once. */
    const stop = (error: unknown): void => {
      leave();
      reject(error);
    };
    const onAbort = (): void => stop(abortError(signal!, done, tasks.length));
    const onClosing = (): void => stop(new FitError(parallelMessages.poolClosed));

    const give = (worker: Worker): void => {
      if (failure === null && next < tasks.length) {
        busy.add(worker);
        send(worker, { type: "task", index: next, task: tasks[next] });
        next++;
      } else if (busy.size === 0) {
        leave();
        if (failure === null) resolve(results);
        else reject(failure.error);
      }
    };
    const onMessage = (worker: Worker, message: FromWorker): void => {
      busy.delete(worker);
      try {
        if (message.type === "result") {
          results[message.index] = message.result as TaskKinds[Kind]["result"];
          done++;
          onProgress?.(done, tasks.length);
          // The callback may have given the signal.
          if (signal?.aborted) return;
        } else if (failure === null || message.index < failure.index) {
          failure = { index: message.index, error: receivedError(message.error) };
        }
        give(worker);
      } catch (error) {
        stop(error);
      }
    };

    signal?.addEventListener("abort", onAbort);
    closing.addEventListener("abort", onClosing);
    removals.push(
      () => signal?.removeEventListener("abort", onAbort),
      () => closing.removeEventListener("abort", onClosing),
    );
    for (const worker of workers) {
      const stopped = (why: string): void => {
        busy.add(worker);
        stop(new FitError(parallelMessages.workerStopped(why)));
      };
      const message = (answer: FromWorker): void => onMessage(worker, answer);
      const error = (cause: Error): void => stopped(cause.message);
      const exit = (code: number): void => stopped(`exit code ${code}`);
      worker.on("message", message);
      worker.on("error", error);
      worker.on("messageerror", error);
      worker.on("exit", exit);
      removals.push(() => {
        worker.off("message", message);
        worker.off("error", error);
        worker.off("messageerror", error);
        worker.off("exit", exit);
      });
    }
    try {
      for (const worker of workers) {
        worker.ref();
        send(worker, { type: "run", kind, shared });
        give(worker);
      }
    } catch (error) {
      stop(error);
    }
  });
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
