/** Fits from columns in one line, and simulated data whose parameters are known. */
import { Table } from "../../src/data/table.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame, type FrameOptions } from "../../src/models/frame/build-frame.js";
import { fitLinearMixed } from "../../src/models/linear-mixed.js";
import type { Columns } from "./blocks/dense.js";
import { normal } from "./linalg/naive.js";

export interface FitOptions extends FrameOptions {
  readonly method?: "REML" | "ML";
}

export function fitted(formula: string, columns: Columns, { method, ...options }: FitOptions = {}): LinearMixedFit {
  return fitLinearMixed(buildFrame(parseFormula(formula), Table.from(columns), options), { method });
}

/** Truth of `units`: y = 3 + b0 + (1 + b1) x + e. */
export const TRUTH: Readonly<Record<"intercept" | "slope" | "sd0" | "sd1" | "correlation" | "sigma", number>> = {
  intercept: 3,
  slope: 1,
  sd0: 2,
  sd1: 0.5,
  correlation: 0.4,
  sigma: 1.5,
};

/** `count` units g with `each` rows; x runs over whole numbers, z is random, f a factor of three levels within units. */
export function units(count: number, each: number, seed: number): { y: number[]; x: number[]; z: number[]; f: string[]; g: string[] } {
  const next = normal(seed);
  const out: { y: number[]; x: number[]; z: number[]; f: string[]; g: string[] } = { y: [], x: [], z: [], f: [], g: [] };
  const { intercept, slope, sd0, sd1, correlation, sigma } = TRUTH;
  for (let i = 0; i < count; i++) {
    const u = next();
    const b0 = sd0 * u;
    const b1 = sd1 * (correlation * u + Math.sqrt(1 - correlation ** 2) * next());
    for (let j = 0; j < each; j++) {
      out.g.push(`g${i}`);
      out.x.push(j);
      out.z.push(next());
      out.f.push(["low", "middle", "high"][(i + j) % 3]!);
      out.y.push(intercept + b0 + (slope + b1) * j + sigma * next());
    }
  }
  return out;
}

/** sd by "group term", correlation by "group term term2". */
export function componentsOf(fit: LinearMixedFit): Record<string, number | null> {
  return Object.fromEntries(
    fit.random.map((component) =>
      "term2" in component
        ? [`${component.group} ${component.term} ${component.term2}`, component.correlation]
        : [`${component.group} ${component.term}`, component.sd],
    ),
  );
}
