/**
 * NIST's simulated one-way layouts SmLs01 to SmLs09 (Simon & Lesage 1989) as mixed models; the construction and the exact figures
 * are in nist-smls.md beside this file. NIST certifies the analysis of variance; the layouts are balanced, so the variance
 * components follow from its mean squares: sigma^2 = MSW and tau^2 = (MSB - MSW) / n by REML.
 */
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame } from "../../src/models/frame/build-frame.js";
import { fitLinearMixed } from "../../src/models/linear-mixed.js";

const LEVELS = ["4", "3", "5", "3", "5", "3", "5", "3", "5"];

interface Layout {
  readonly name: string;
  /** Rows a treatment. */
  readonly rows: number;
  readonly leading: string;
  /** Of the components against the certified figures: what doubles of this size can hold. */
  readonly tolerance: number;
  /** Exact results for the data as doubles round them, in rational arithmetic: sigma^2, tau^2, intercept less the leading number. */
  readonly rounded: readonly [number, number, number];
}

const LAYOUTS: readonly Layout[] = [
  { name: "SmLs01", rows: 21, leading: "1", tolerance: 1e-12, rounded: [0.010000000000000005, 0.0095238095238095299, 0.4] },
  { name: "SmLs02", rows: 201, leading: "1", tolerance: 1e-12, rounded: [0.010000000000000005, 0.0099502487562189122, 0.4] },
  { name: "SmLs03", rows: 2001, leading: "1", tolerance: 1e-12, rounded: [0.010000000000000005, 0.0099950024987506322, 0.4] },
  {
    name: "SmLs04",
    rows: 21,
    leading: "1000000",
    tolerance: 1e-8,
    rounded: [0.010000000000517401, 0.0095238095246718592, 0.39999999999864488],
  },
  {
    name: "SmLs05",
    rows: 201,
    leading: "1000000",
    tolerance: 1e-8,
    rounded: [0.010000000000517401, 0.0099502487573515253, 0.39999999999754171],
  },
  {
    name: "SmLs06",
    rows: 2001,
    leading: "1000000",
    tolerance: 1e-8,
    rounded: [0.010000000000517401, 0.0099950024999116097, 0.39999999999742591],
  },
  {
    name: "SmLs07",
    rows: 21,
    leading: "1000000000000",
    tolerance: 1e-3,
    rounded: [0.010000543540747708, 0.0095247138159255239, 0.3999985790757275],
  },
  {
    name: "SmLs08",
    rows: 201,
    leading: "1000000000000",
    tolerance: 1e-3,
    rounded: [0.010000543470142823, 0.009951436527638741, 0.39999742228527502],
  },
  {
    name: "SmLs09",
    rows: 2001,
    leading: "1000000000000",
    tolerance: 1e-3,
    rounded: [0.010000543462733014, 0.0099962200204912078, 0.39999730088297863],
  },
];

/** The values as NIST prints them: a leading number and one decimal, treatment by treatment. */
function decimals({ rows, leading }: Layout): { readonly treatment: string[]; readonly text: string[] } {
  const treatment: string[] = [];
  const text: string[] = [];
  LEVELS.forEach((level, i) => {
    for (let j = 0; j < rows; j++) {
      treatment.push(`treatment ${i + 1}`);
      text.push(`${leading}.${j === 0 ? level : Number(level) + (j % 2 === 1 ? -1 : 1)}`);
    }
  });
  return { treatment, text };
}

describe.each(LAYOUTS.map((layout) => [layout.name, layout] as const))("%s", (_, layout) => {
  const { rows: n, tolerance } = layout;
  const { treatment, text } = decimals(layout);
  const table = Table.from({ y: Float64Array.from(text, Number), treatment });
  const fit = fitLinearMixed(buildFrame(parseFormula("y ~ 1 + (1 | treatment)"), table));
  const { variance: tau2 } = fit.random[0] as { readonly variance: number };
  const sigma2 = fit.sigma ** 2;

  test("the construction has NIST's certified sums of squares", () => {
    // In tenths, which are whole numbers once the leading number is left out: exact.
    const tenths = text.map((value) => Number(value.slice(value.indexOf(".") + 1)));
    const totals = LEVELS.map((_, i) => tenths.slice(i * n, (i + 1) * n).reduce((sum, x) => sum + x, 0));
    expect(text).toHaveLength(9 * n);
    expect(totals.map((total) => total / n)).toEqual(LEVELS.map(Number));
    const grand = totals.reduce((sum, x) => sum + x, 0) / (9 * n);
    expect(grand).toBe(4);
    const between = n * LEVELS.reduce((sum, level) => sum + (Number(level) - grand) ** 2, 0);
    const within = tenths.reduce((sum, x, row) => sum + (x - Number(LEVELS[Math.floor(row / n)])) ** 2, 0);
    expect(between / 100).toBeCloseTo(n * 0.08, 12);
    expect(within / 100).toBeCloseTo(0.09 * (n - 1), 12);
    expect([1.68, 16.08, 160.08]).toContain(between / 100);
    expect([1.8, 18, 180]).toContain(within / 100);
    // F = MSB / MSW = n
    expect(between / 8 / (within / (9 * (n - 1)))).toBeCloseTo(n, 10);
  });

  test("REML gives the certified residual mean square", () => {
    expect(Math.abs(sigma2 / 0.01 - 1)).toBeLessThan(tolerance);
  });

  test("REML gives the treatments' variance that the certified mean squares imply", () => {
    const expected = (n / 100 - 0.01) / n;
    expect(Math.abs(tau2 / expected - 1)).toBeLessThan(tolerance);
  });

  test("nothing is lost beyond what the rounding of the data has lost", () => {
    const [s, t, intercept] = layout.rounded;
    // The components are found by iteration on a criterion that is flat to 1e-16 of its value: 1e-10 is what is left.
    expect(Math.abs(sigma2 / s - 1)).toBeLessThan(1e-10);
    expect(Math.abs(tau2 / t - 1)).toBeLessThan(1e-10);
    // The intercept can be no closer than the spacing of doubles of its size; 1e-13 is what a sum over 18,009 rows rounds.
    const leading = Number(layout.leading);
    expect(Math.abs(fit.fixed[0]!.estimate - leading - intercept)).toBeLessThanOrEqual(leading * Number.EPSILON + 1e-13);
    // sqrt(MSB / (9 n)) = 1/30
    expect(Math.abs(fit.fixed[0]!.stdError * 30 - 1)).toBeLessThan(tolerance);
  });
});
