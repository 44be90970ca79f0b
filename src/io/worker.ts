/** What runs in a worker of `createWorkerPool`: tasks come, results go. Elsewhere it does nothing. */
import { parentPort } from "node:worker_threads";
import { performTask, type TaskKind, type TaskKinds } from "../models/parallel/tasks.js";
import { type FromWorker, sentError, type ToWorker } from "./worker-protocol.js";

type AnyShared = TaskKinds[TaskKind]["shared"];
type AnyTask = TaskKinds[TaskKind]["task"];

let run: { readonly kind: TaskKind; readonly shared: AnyShared } | null = null;

function answerTo(message: ToWorker): FromWorker | null {
  switch (message.type) {
    case "run":
      run = { kind: message.kind, shared: message.shared as AnyShared };
      return null;
    case "end":
      run = null;
      return null;
    case "task": {
      const { index } = message;
      try {
        // The pool sends tasks and shared data of one kind.
        return { type: "result", index, result: performTask(run!.kind, run!.shared as never, message.task as AnyTask) };
      } catch (error) {
        return { type: "error", index, error: sentError(error) };
      }
    }
  }
}

const port = parentPort;
port?.on("message", (message: ToWorker) => {
  const answer = answerTo(message);
  if (answer !== null) port.postMessage(answer);
});
