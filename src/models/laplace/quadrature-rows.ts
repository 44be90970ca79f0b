/**
 * The rows of each level side by side: quadrature goes level by level of one grouping factor, or, of two nested ones, cluster by cluster
 * (a level of the outer factor) and unit by unit (its levels of the inner factor).
 */
import type { Structure } from "../blocks/structure.js";
import { nestingOf } from "./nesting.js";
import type { QuadratureRule } from "./quadrature-rule.js";
import type { RowModel } from "./row-model.js";
import type { Strand, StrandPair, Strands } from "./strands.js";

export type Quadrature = LevelQuadrature | NestedQuadrature;

/** Rows gathered by level of the one grouping factor, and the rule. */
export interface LevelQuadrature {
  readonly kind: "level";
  readonly rule: QuadratureRule;
  /** By elimination index: first entry of the level's rows in `rows`. */
  readonly start: Int32Array;
  readonly rows: Int32Array;
}

/** One of two nested factors. */
export interface NestedFactor {
  readonly group: number;
  readonly strand: Strand;
  readonly rule: QuadratureRule;
  /** By cluster or by unit: elimination index. */
  readonly node: Int32Array;
}

/** Rows gathered by unit, units by cluster, and a rule for each factor. */
export interface NestedQuadrature {
  readonly kind: "nested";
  readonly inner: NestedFactor;
  readonly outer: NestedFactor;
  /** Where the blocks of the inner with the outer factor stand in the Gram panels. */
  readonly cross: StrandPair;
  /** By cluster: its first unit; one entry more. */
  readonly clusterStart: Int32Array;
  /** By unit: first entry of its rows in `rows`; one entry more. */
  readonly unitStart: Int32Array;
  readonly rows: Int32Array;
  /** Most units of a cluster, rows of a cluster and rows of a unit. */
  readonly most: { readonly units: number; readonly clusterRows: number; readonly unitRows: number };
}

interface Sides {
  readonly strands: Strands;
  readonly structure: Structure;
  readonly model: RowModel;
}

/**
 * @param rule the rule of the one grouping factor, or one for each of two nested ones, in the order of the groups
 * @throws RangeError for two factors of which neither lies within the other
 */
export function quadratureOf(sides: Sides, rule: QuadratureRule): LevelQuadrature;
export function quadratureOf(sides: Sides, rule: QuadratureRule | readonly QuadratureRule[]): Quadrature;
export function quadratureOf(sides: Sides, rule: QuadratureRule | readonly QuadratureRule[]): Quadrature {
  if ("count" in rule) return levelQuadrature(sides, rule);
  return rule.length === 1 ? levelQuadrature(sides, rule[0]!) : nestedQuadrature(sides, rule);
}

function levelQuadrature({ strands, structure, model }: Sides, rule: QuadratureRule): LevelQuadrature {
  const { order, start } = gathered(strands.strands[0]!.node, structure.nodeCount, model.n);
  return { kind: "level", rule, start, rows: order };
}

function nestedQuadrature({ strands: { strands, pairs }, structure, model }: Sides, rules: readonly QuadratureRule[]): NestedQuadrature {
  const { groups, nodeOf } = structure;
  const nesting = groups.length === 2 ? nestingOf(groups[0]!, groups[1]!) : null;
  if (nesting === null) throw new RangeError("Nested quadrature needs two grouping factors, one within the other.");
  const inner = groups[nesting.inner]!;
  const clusters = groups[nesting.outer]!.levelCount;
  // Levels of the inner factor in the order of the outer one's; those without rows come before all others and are left out.
  const ofCluster = gathered(
    nesting.parent.map((level) => level + 1),
    clusters + 1,
    inner.levelCount,
  );
  const empty = ofCluster.start[1]!;
  const units = ofCluster.order.subarray(empty);
  const clusterStart = ofCluster.start.slice(1).map((at) => at - empty);
  const unitOf = new Int32Array(inner.levelCount);
  units.forEach((level, unit) => {
    unitOf[level] = unit;
  });
  const { order: rows, start: unitStart } = gathered(
    inner.levelOf.map((level) => unitOf[level]!),
    units.length,
    model.n,
  );
  const most = { units: 0, clusterRows: 0, unitRows: 0 };
  for (let s = 0; s < clusters; s++) {
    const [from, to] = [clusterStart[s]!, clusterStart[s + 1]!];
    most.units = Math.max(most.units, to - from);
    most.clusterRows = Math.max(most.clusterRows, unitStart[to]! - unitStart[from]!);
    for (let unit = from; unit < to; unit++) most.unitRows = Math.max(most.unitRows, unitStart[unit + 1]! - unitStart[unit]!);
  }
  const factorOf = (group: number, node: Int32Array): NestedFactor => ({ group, strand: strands[group]!, rule: rules[group]!, node });
  return {
    kind: "nested",
    inner: factorOf(
      nesting.inner,
      units.map((level) => nodeOf[nesting.inner]![level]!),
    ),
    outer: factorOf(nesting.outer, nodeOf[nesting.outer]!),
    cross: pairs.find(({ first, second }) => first !== second)!,
    clusterStart,
    unitStart,
    rows,
    most,
  };
}

/** 0 ... count - 1 in the order of their bins, and where each of the bins begins. */
function gathered(bin: Int32Array, bins: number, count: number): { readonly order: Int32Array; readonly start: Int32Array } {
  const start = new Int32Array(bins + 1);
  for (let i = 0; i < count; i++) start[bin[i]! + 1] = start[bin[i]! + 1]! + 1;
  for (let t = 0; t < bins; t++) start[t + 1] = start[t + 1]! + start[t]!;
  const next = start.slice(0, bins);
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[next[bin[i]!]!++] = i;
  return { order, start };
}
