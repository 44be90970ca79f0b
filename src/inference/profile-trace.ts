/**
 * One parameter followed away from its estimate until its profile has fallen far enough:
 *
 *   zeta(v) = sign(v - v_hat) sqrt(d(v) - d_hat),   d(v) the smallest deviance with the parameter at v
 *
 * Steps are such that zeta changes by about half; each optimum is where the next search begins. The ends of an interval, |zeta| = z, are
 * found by inverse interpolation and computed, not interpolated. A range that ends before is reported as ended there.
 * (Bates & Watts 1988, section 6.1; Venables & Ripley 2002, section 8.4.)
 */
import { BETTER, type HeldOptimum, type HoldableParameter } from "../models/profile-search.js";
import { naturalSpline } from "./profile-spline.js";

/** On the scale on which the parameter is held. */
export interface TracedPoint {
  readonly value: number;
  readonly zeta: number;
  /** null at the estimate itself. */
  readonly optimum: HeldOptimum | null;
}

/** Where an interval ends: at a value that was computed, at the end of the range, or nowhere that was found. */
export interface TracedEnd {
  readonly value: number;
  readonly reason: "value" | "bound" | "unbounded" | "lost";
}

export interface Trace {
  /** Ascending. */
  readonly points: readonly TracedPoint[];
  readonly lower: TracedEnd;
  readonly upper: TracedEnd;
}

/** A point that is better than the optimum of the model. */
export interface BetterPoint {
  readonly parameter: HoldableParameter;
  readonly optimum: HeldOptimum;
}

const STEP = 0.5;
/** Between neighbouring points. */
const WIDEST = 0.9;
const MOST_POINTS = 60;
const MOST_FAILURES = 12;
/** Of zeta at an end: a millionth of a standard error. */
const PRECISION = 1e-6;

/**
 * Yields after each search.
 *
 * @param z where the interval ends
 * @param reach where the curve ends, at least z
 */
export function* trace(parameter: HoldableParameter, z: number, reach: number): Generator<null, Trace | BetterPoint> {
  let points: TracedPoint[] = [{ value: parameter.estimate, zeta: 0, optimum: null }];
  const ends: TracedEnd[] = [];
  for (const direction of [-1, 1] as const) {
    const side = yield* follow(parameter, direction, reach);
    if ("parameter" in side) return side;
    points = direction < 0 ? [...side.points.reverse(), ...points] : [...points, ...side.points];
    const end = yield* endOf(parameter, points, direction, z, side.reason);
    if ("parameter" in end) return end;
    points = [...end.points];
    ends.push(end.end);
  }
  return { points, lower: ends[0]!, upper: ends[1]! };
}

interface Side {
  /** From the estimate outward, without it. */
  readonly points: TracedPoint[];
  readonly reason: TracedEnd["reason"];
}

function* follow(parameter: HoldableParameter, direction: -1 | 1, reach: number): Generator<null, Side | BetterPoint> {
  const bound = parameter.range[direction < 0 ? 0 : 1];
  const open = parameter.kind === "sigma" && parameter.range[0] === 0;
  const points: TracedPoint[] = [];
  let last: TracedPoint = { value: parameter.estimate, zeta: 0, optimum: null };
  let step = STEP * parameter.scale;
  let failures = 0;
  while (Math.abs(last.zeta) < reach) {
    if (last.value === bound) return { points, reason: "bound" };
    if (points.length >= MOST_POINTS) return { points, reason: "unbounded" };
    let value = last.value + direction * step;
    if (direction * (value - bound) >= 0) value = open ? last.value / 2 : bound;
    const point = yield* at(parameter, value, last.optimum);
    if ("parameter" in point) return point;
    const change = Math.abs(point.zeta - last.zeta);
    // Too far, or where the criterion has no value: a shorter step from where we were.
    const lost = !Number.isFinite(point.zeta) || !(direction * point.zeta >= direction * last.zeta - 1e-3);
    if ((lost || change > 3 * WIDEST) && failures < MOST_FAILURES) {
      failures++;
      step = Math.abs(value - last.value) / 4;
      continue;
    }
    if (lost) return { points, reason: "lost" };
    const moved = Math.abs(value - last.value);
    step = change > 1e-6 ? Math.min(moved * (STEP / change), 4 * moved) : 4 * moved;
    points.push(point);
    last = point;
  }
  return { points, reason: "value" };
}

function* at(parameter: HoldableParameter, value: number, from: HeldOptimum | null): Generator<null, TracedPoint | BetterPoint> {
  const optimum = parameter.hold(value, from);
  yield null;
  const difference = optimum.deviance - parameter.deviance;
  if (difference < -BETTER) return { parameter, optimum };
  return { value, zeta: Math.sign(value - parameter.estimate) * Math.sqrt(Math.max(0, difference)), optimum };
}

interface Ended {
  readonly points: readonly TracedPoint[];
  readonly end: TracedEnd;
}

/** The end of the interval on one side, and the points with those that finding it has added. */
function* endOf(
  parameter: HoldableParameter,
  given: readonly TracedPoint[],
  direction: -1 | 1,
  z: number,
  reason: TracedEnd["reason"],
): Generator<null, Ended | BetterPoint> {
  let points = [...given];
  const outermost = direction < 0 ? points[0]! : points[points.length - 1]!;
  if (Math.abs(outermost.zeta) < z) {
    if (reason === "unbounded") return { points, end: { value: direction * Number.POSITIVE_INFINITY, reason } };
    return { points, end: { value: reason === "lost" ? Number.NaN : outermost.value, reason } };
  }
  const target = direction * z;
  for (let trial = 0; ; trial++) {
    const above = points.findIndex(({ zeta }) => (direction < 0 ? zeta > target : zeta >= target));
    const [low, high] = [points[above - 1]!, points[above]!];
    const near = Math.abs(low.zeta - target) < Math.abs(high.zeta - target) ? low : high;
    if (Math.abs(near.zeta - target) < PRECISION || trial === 20) return { points, end: { value: near.value, reason: "value" } };
    const value = trial % 5 === 4 ? (low.value + high.value) / 2 : between(points, low, high, target);
    const point = yield* at(parameter, value, near.optimum ?? low.optimum ?? high.optimum);
    if ("parameter" in point) return point;
    if (!(point.zeta > low.zeta && point.zeta < high.zeta)) return { points, end: { value: near.value, reason: "value" } };
    points = [...points.slice(0, above), point, ...points.slice(above)];
  }
}

/** Where the target lies between two neighbours, by the inverse of the curve through the points around it. */
function between(points: readonly TracedPoint[], low: TracedPoint, high: TracedPoint, target: number): number {
  const middle = points.indexOf(low);
  const around = points.slice(Math.max(0, middle - 3), middle + 5).filter(({ zeta }, i, all) => i === 0 || zeta > all[i - 1]!.zeta);
  const straight = low.value + ((target - low.zeta) / (high.zeta - low.zeta)) * (high.value - low.value);
  const value = naturalSpline(
    around.map(({ zeta }) => zeta),
    around.map((point) => point.value),
  )(target);
  return value > low.value && value < high.value ? value : straight;
}
