/**
 * A parameter held at a value, by elimination: coordinates x of as many numbers as the parameters (theta, psi), some of which stand still,
 * from which the parameters follow.
 *
 *   standard deviation of a part's first effect   lambda*_11 = sd / W_11; for sd = 0 the first column of lambda* is zero
 *   correlation rho of its first two              lambda*_21 = rho m - (W_21 / W_22) lambda*_11,   lambda*_22 = sqrt(1 - rho^2) m
 *   a combination a'psi = v                       psi = H xi, H the Householder reflection that takes a to an axis, xi held there
 *
 * (W the whitening, lambda = W lambda*; profile-order.ts puts the effects first.) All are linear in x at a given value, so that the exact
 * gradient and the scoring matrix are those of the whole problem, J'g and J'HJ.
 */
import type { GroupPart, RandomGroup } from "./blocks/random-groups.js";

export interface Constraint {
  /** Elements of x that stand still. */
  readonly held: readonly number[];
  /** Parameters at x; null where x lies outside. */
  point(x: Float64Array): Float64Array | null;
  /** x of parameters that (nearly) fulfil the constraint. */
  coordinates(point: Float64Array): Float64Array;
  /** J'v. */
  pull(v: Float64Array): Float64Array;
  /** The groups with the parts that remain free to reach the boundary: what lies below what is held. */
  readonly groups: readonly RandomGroup[];
}

/** Where a part's factor stands. */
export interface PartPlace {
  readonly groups: readonly RandomGroup[];
  readonly group: number;
  readonly part: GroupPart;
  /** Index in (theta, psi) of entry (row, column) inside the part. */
  at(row: number, column: number): number;
}

/** Nothing is held here; what is held is held elsewhere. */
export function unconstrained(groups: readonly RandomGroup[]): Constraint {
  return { held: [], point: (x) => x, coordinates: (point) => point, pull: (v) => v, groups };
}

/**
 * lambda*_ee held at `value`, not zero; e is the first effect of an unstructured part, any of a diagonal one.
 */
export function heldDiagonal(place: PartPlace, effect: number, value: number): Constraint {
  const at = place.at(effect, effect);
  const set = (x: Float64Array): Float64Array => {
    const out = Float64Array.from(x);
    out[at] = value;
    return out;
  };
  return { held: [at], point: set, coordinates: set, pull: without([at]), groups: groupsBelow(place, effect, 1) };
}

/** Groups in which a diagonal element is positive, by being what the scale is measured by: nothing is held, the part below stays free. */
export function groupsBelow({ groups, group, part }: PartPlace, effect: number, count: number): readonly RandomGroup[] {
  const rest = (own: GroupPart): GroupPart[] => {
    if (own !== part) return [own];
    if (part.covariance === "diagonal") {
      return Array.from({ length: part.size }, (_, s) => s).flatMap((s) =>
        s === effect ? [] : [{ ...part, start: part.start + s, size: 1 }],
      );
    }
    return part.size > count ? [{ ...part, start: part.start + count, size: part.size - count }] : [];
  };
  return groups.map((own, k) => (k === group ? { ...own, parts: own.parts.flatMap(rest) } : own));
}

/** The effect has no variance. */
export function heldAtZero(place: PartPlace, effect: number): Constraint {
  const { part } = place;
  const zero: number[] = [];
  const last = part.covariance === "diagonal" ? effect : part.size - 1;
  for (let r = effect; r <= last; r++) zero.push(place.at(r, effect));
  const clear = (x: Float64Array): Float64Array => {
    const out = Float64Array.from(x);
    for (const at of zero) out[at] = 0;
    return out;
  };
  return { held: zero, point: clear, coordinates: clear, pull: without(zero), groups: groupsBelow(place, effect, 1) };
}

/** The correlation of the first two effects of an unstructured part. */
export function heldCorrelation(place: PartPlace, rho: number): Constraint {
  const { groups, group, part } = place;
  const { size, whitening } = groups[group]!;
  const { start } = part;
  const lean = whitening[start * size + start + 1]! / whitening[(start + 1) * size + start + 1]!;
  const [a, b, d] = [place.at(0, 0), place.at(1, 0), place.at(1, 1)];
  const rest = Math.sqrt(Math.max(0, 1 - rho * rho));
  return {
    held: [d],
    point: (x) => {
      // Of opposite signs they would have the correlation -rho.
      if (x[a]! < 0 || x[b]! < 0) return null;
      const out = Float64Array.from(x);
      out[b] = rho * x[b]! - lean * x[a]!;
      out[d] = rest * x[b]!;
      return out;
    },
    coordinates: (point) => {
      const x = Float64Array.from(point);
      const sign = point[a]! < 0 ? -1 : 1;
      for (let r = 0; r < part.size; r++) x[place.at(r, 0)] = sign * point[place.at(r, 0)]!;
      x[b] = Math.hypot(point[b]! + lean * point[a]!, point[d]!);
      x[d] = 0;
      return x;
    },
    pull: (v) => {
      const out = Float64Array.from(v);
      out[a] = v[a]! - lean * v[b]!;
      out[b] = rho * v[b]! + rest * v[d]!;
      out[d] = 0;
      return out;
    },
    groups: groupsBelow(place, 0, 2),
  };
}

/**
 * a'psi = value.
 *
 * @param first where psi begins among the parameters
 */
export function heldCombination(groups: readonly RandomGroup[], first: number, a: Float64Array, value: number): Constraint {
  const length = Math.sqrt(a.reduce((sum, x) => sum + x * x, 0));
  const axis = a.reduce((best, x, j) => (Math.abs(x) > Math.abs(a[best]!) ? j : best), 0);
  const sign = a[axis]! < 0 ? -1 : 1;
  const w = a.map((x) => x / length);
  w[axis] = w[axis]! + sign;
  const norm = w.reduce((sum, x) => sum + x * x, 0);
  /** H is its own inverse. */
  const reflected = (v: Float64Array): Float64Array => {
    const out = Float64Array.from(v);
    let dot = 0;
    for (let j = 0; j < w.length; j++) dot += w[j]! * v[first + j]!;
    for (let j = 0; j < w.length; j++) out[first + j] = v[first + j]! - ((2 * dot) / norm) * w[j]!;
    return out;
  };
  const at = first + axis;
  const hold = (x: Float64Array): Float64Array => {
    x[at] = (-sign * value) / length;
    return x;
  };
  return {
    held: [at],
    point: (x) => reflected(hold(Float64Array.from(x))),
    coordinates: (point) => hold(reflected(point)),
    pull: (v) => {
      const out = reflected(v);
      out[at] = 0;
      return out;
    },
    groups,
  };
}

function without(held: readonly number[]): (v: Float64Array) => Float64Array {
  return (v) => {
    const out = Float64Array.from(v);
    for (const at of held) out[at] = 0;
    return out;
  };
}
