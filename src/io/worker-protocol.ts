/**
 * What a pool and its workers say to each other. The shared data of a run are sent once to each worker, before its first task of that run.
 */
import { DataError, FitError, FormulaError, type Span } from "../messages.js";
import type { TaskKind } from "../models/parallel/tasks.js";

export type ToWorker =
  | { readonly type: "run"; readonly kind: TaskKind; readonly shared: unknown }
  | { readonly type: "task"; readonly index: number; readonly task: unknown }
  /** The run is over: its shared data can go. */
  | { readonly type: "end" };

export type FromWorker =
  | { readonly type: "result"; readonly index: number; readonly result: unknown }
  | { readonly type: "error"; readonly index: number; readonly error: SentError };

/** A typed error as it travels: sending keeps neither classes nor their fields. */
export type SentError =
  | { readonly type: "FormulaError"; readonly message: string; readonly formula: string; readonly span: Span | null }
  | { readonly type: "DataError"; readonly message: string; readonly column: string | null; readonly rows: readonly number[] }
  | { readonly type: "FitError"; readonly message: string }
  /** Errors of the language, which can be sent as they are. */
  | { readonly type: "other"; readonly error: unknown };

export function sentError(error: unknown): SentError {
  if (error instanceof FormulaError) return { type: "FormulaError", message: error.message, formula: error.formula, span: error.span };
  if (error instanceof DataError) return { type: "DataError", message: error.message, column: error.column, rows: error.rows };
  if (error instanceof FitError) return { type: "FitError", message: error.message };
  return { type: "other", error: error instanceof Error ? error : new Error(String(error)) };
}

export function receivedError(sent: SentError): unknown {
  switch (sent.type) {
    case "FormulaError":
      // The message shows the position already.
      return Object.assign(new FormulaError(sent.message, sent.formula), { span: sent.span });
    case "DataError":
      return new DataError(sent.message, { column: sent.column ?? undefined, rows: sent.rows });
    case "FitError":
      return new FitError(sent.message);
    case "other":
      return sent.error;
  }
}
