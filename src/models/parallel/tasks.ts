/**
 * The independent parts of long work as tasks: each kind has data that all its tasks share, what one task is given and what it gives.
 * All of it is plain (typed arrays, numbers, strings, records), so that it can be sent to another thread; performing a task is a pure
 * function, so that it does not matter which thread performs it, or in which order.
 */
import { criterionGradient, type GradientShared } from "./gradient-task.js";
import { type ModelRefitResult, type ModelRefitShared, type ModelRefitTask, modelRefit } from "./model-refit-task.js";
import { type RefitRecord, type RefitShared, refitRecord } from "./refit-task.js";

/** By kind. */
export interface TaskKinds {
  /** theta -> gradient of the criterion. */
  readonly gradient: { readonly shared: GradientShared; readonly task: Float64Array; readonly result: Float64Array };
  /** n responses -> what is estimated from them. */
  readonly refit: { readonly shared: RefitShared; readonly task: Float64Array; readonly result: RefitRecord };
  /** Other responses or other units -> what any model estimates from them. */
  readonly model: { readonly shared: ModelRefitShared; readonly task: ModelRefitTask; readonly result: ModelRefitResult };
}

export type TaskKind = keyof TaskKinds;

type Performers = {
  readonly [Kind in TaskKind]: (shared: TaskKinds[Kind]["shared"], task: TaskKinds[Kind]["task"]) => TaskKinds[Kind]["result"];
};

const PERFORMERS: Performers = { gradient: criterionGradient, refit: refitRecord, model: modelRefit };

/** The same result, bit for bit, in every thread. */
export function performTask<Kind extends TaskKind>(
  kind: Kind,
  shared: TaskKinds[Kind]["shared"],
  task: TaskKinds[Kind]["task"],
): TaskKinds[Kind]["result"] {
  return PERFORMERS[kind](shared, task);
}
