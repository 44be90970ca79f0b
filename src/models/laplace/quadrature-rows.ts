/**
 * The rows of each level of one grouping factor, side by side: quadrature goes level by level.
 */
import type { Structure } from "../blocks/structure.js";
import type { QuadratureRule } from "./quadrature-rule.js";
import type { RowModel } from "./row-model.js";
import type { Strands } from "./strands.js";

/** Rows gathered by level of the one grouping factor, and the rule. */
export interface Quadrature {
  readonly rule: QuadratureRule;
  /** By elimination index: first entry of the level's rows in `rows`. */
  readonly start: Int32Array;
  readonly rows: Int32Array;
}

export function quadratureOf(
  { strands, structure, model }: { readonly strands: Strands; readonly structure: Structure; readonly model: RowModel },
  rule: QuadratureRule,
): Quadrature {
  const { node } = strands.strands[0]!;
  const { nodeCount } = structure;
  const { n } = model;
  const start = new Int32Array(nodeCount + 1);
  for (let i = 0; i < n; i++) start[node[i]! + 1] = start[node[i]! + 1]! + 1;
  for (let t = 0; t < nodeCount; t++) start[t + 1] = start[t + 1]! + start[t]!;
  const next = start.slice(0, nodeCount);
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i++) rows[next[node[i]!]!++] = i;
  return { rule, start, rows };
}
