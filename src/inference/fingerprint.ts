/**
 * What must be known of a model's data to tell whether two fits may be compared, small enough to be saved with a fit.
 *
 * Response, weights and offset are known by a hash of their values (FNV-1a over the bits; Fowler, Noll & Vo). The fixed
 * model matrix is known by random projections S'X with k rows of random signs: columns that are linear combinations of
 * another matrix's columns stay so under the projection, and with k greater than the rank columns that are not do not
 * become so (almost surely; cf. Johnson & Lindenstrauss 1984). So whether one model's fixed part lies within another's can
 * be decided for any coding of its factors.
 */
import type { ModelPart } from "../messages.js";
import type { ModelFrame } from "../models/frame/frame.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";
import { fixedColumns } from "./units.js";

/** Random projections of columns, one list a column, scaled to the column's length. */
export type Projections = readonly (readonly number[])[];

/** Plain JSON. */
export interface Fingerprint {
  readonly response: string;
  readonly weights: string | null;
  readonly offset: string | null;
  /** For each fixed effect its projections; in a cumulative model a column of ones before them, which its thresholds stand for. */
  readonly projections: Projections;
  /** Further parts of a generalized or cumulative model; absent where there are none. */
  readonly parts?: readonly PartFingerprint[];
}

/** The columns that a further part is made of. A dispersion without a formula is one of ones. */
export interface PartFingerprint {
  readonly part: ModelPart;
  readonly terms: readonly string[];
  readonly offset: string | null;
  readonly projections: Projections;
}

/** Projections never exceed this number; wider models are compared by their terms' names. */
const MOST_PROJECTIONS = 64;

/** Relative distance below which a projected column counts as explained by others. */
const SPAN_TOLERANCE = 1e-7;

/** The fingerprint of a fit's data. */
export function fingerprint(fit: MixedFit): Fingerprint {
  const { response, weights, offset } = fit.frame;
  const parts = isGeneralized(fit) ? furtherColumns(fit.frame, fit.engine.family?.further.includes("dispersion") ?? false) : [];
  const main = [...(hasFreeThresholds(fit) ? [ones(fit.nobs)] : []), ...fixedColumns(fit)];
  const count = projectionCount(parts.reduce((sum, { columns }) => sum + columns.length, main.length));
  return {
    response: response.trials === null ? hashOf(response.values) : hashOf(response.values) + hashOf(response.trials),
    weights: weights === null ? null : hashOf(weights),
    offset: offset === null ? null : hashOf(offset),
    projections: projectionsOf(main, count),
    ...(parts.length === 0
      ? {}
      : { parts: parts.map(({ columns, ...rest }) => ({ ...rest, projections: projectionsOf(columns, count) })) }),
  };
}

/** Thresholds that can all move together do what an intercept does. */
function hasFreeThresholds(fit: MixedFit): boolean {
  return isGeneralized(fit) && fit.engine.categories !== null && fit.engine.categories.thresholds.structure !== "symmetric2";
}

interface PartColumns {
  readonly part: ModelPart;
  readonly terms: readonly string[];
  readonly offset: string | null;
  readonly columns: readonly Float64Array[];
}

/** Nominal and scale effects stand beside thresholds: a constant among their columns changes nothing. */
function furtherColumns(frame: ModelFrame, dispersion: boolean): PartColumns[] {
  const n = frame.rows.length;
  const parts = frame.further.map(({ part, fixed, offset }): PartColumns => {
    const columns = fixed.names.map((_, j) => fixed.values.subarray(j * n, (j + 1) * n));
    const constant = (part === "nominal" || part === "scale") && !fixed.intercept;
    return {
      part,
      terms: fixed.names,
      offset: offset === null ? null : hashOf(offset),
      columns: constant ? [ones(n), ...columns] : columns,
    };
  });
  if (dispersion && !parts.some(({ part }) => part === "dispersion")) {
    parts.push({ part: "dispersion", terms: ["(Intercept)"], offset: null, columns: [ones(n)] });
  }
  return parts;
}

function ones(n: number): Float64Array {
  return new Float64Array(n).fill(1);
}

function projectionCount(columns: number): number {
  return Math.min(MOST_PROJECTIONS, columns + 8);
}

/** Whether the columns themselves are the same, in the same coding. */
export function sameColumns(a: Fingerprint, b: Fingerprint): boolean {
  if (a.projections.length !== b.projections.length) return false;
  return a.projections.every((x, j) => x.every((value, i) => Math.abs(value - b.projections[j]![i]!) <= 1e-9));
}

/** Whether every column of `inner` is a linear combination of the columns of `outer`; null where the projections cannot tell. */
export function spannedBy(inner: Projections, outer: Projections): boolean | null {
  if (inner.length === 0) return true;
  if (outer.length === 0) return false;
  const k = Math.min(inner[0]!.length, ...outer.map((column) => column.length));
  if (k <= outer.length) return null;
  const basis: number[][] = [];
  for (const column of outer) {
    const left = remainder(column.slice(0, k), basis);
    const length = norm(left);
    if (length > SPAN_TOLERANCE * norm(column.slice(0, k))) basis.push(left.map((x) => x / length));
  }
  return inner.every((column) => {
    const cut = column.slice(0, k);
    return norm(remainder(cut, basis)) <= SPAN_TOLERANCE * norm(cut);
  });
}

/** The part of a vector orthogonal to an orthonormal basis; twice is enough (Giraud, Langou & Rozloznik 2005). */
function remainder(vector: readonly number[], basis: readonly (readonly number[])[]): number[] {
  const left = [...vector];
  for (let pass = 0; pass < 2; pass++) {
    for (const unit of basis) {
      let dot = 0;
      for (let i = 0; i < left.length; i++) dot += left[i]! * unit[i]!;
      for (let i = 0; i < left.length; i++) left[i]! -= dot * unit[i]!;
    }
  }
  return left;
}

function norm(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

function projectionsOf(columns: readonly Float64Array[], count: number): number[][] {
  return columns.map((column) => {
    const sums = new Float64Array(count);
    let square = 0;
    for (let i = 0; i < column.length; i++) {
      const x = column[i]!;
      square += x * x;
      const low = scrambled(2 * i);
      const high = scrambled(2 * i + 1);
      for (let s = 0; s < count; s++) {
        const bit = s < 32 ? (low >>> s) & 1 : (high >>> (s - 32)) & 1;
        sums[s]! += bit === 1 ? x : -x;
      }
    }
    const scale = square > 0 ? 1 / Math.sqrt(square) : 1;
    return Array.from(sums, (sum) => sum * scale);
  });
}

/** 32 well-mixed bits from a counter (the finaliser of MurmurHash3, Appleby 2011). */
function scrambled(counter: number): number {
  let h = Math.imul(counter + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export function hashOf(values: Float64Array): string {
  const words = new Uint32Array(values.slice().buffer);
  let first = 0x811c9dc5;
  let second = 0x050c5d1f;
  for (const word of words) {
    first = Math.imul(first ^ word, 0x01000193);
    first ^= first >>> 15;
    second = Math.imul(second ^ word, 0x85ebca6b);
    second ^= second >>> 13;
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
