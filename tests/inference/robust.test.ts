/** Robust covariance, degrees of freedom and HTZ tests against clubSandwich (tests/reference/inference/robust). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Column } from "../../src/data/column.js";
import { takeRows } from "../../src/data/column-values.js";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { anova } from "../../src/inference/anova.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { confint } from "../../src/inference/confint.js";
import { toJson } from "../../src/inference/json.js";
import { lmm } from "../../src/inference/lmm.js";
import { robustCovariance } from "../../src/inference/robust.js";
import { clustersOf } from "../../src/inference/robust-clusters.js";
import { visitClusters } from "../../src/inference/robust-moments.js";
import { robustTest } from "../../src/inference/robust-test.js";
import { summary } from "../../src/inference/summary/summary.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { crossed, egsingle, hsb, hsbFull, hsbNull, oats, pastes, sleepstudy, slope } from "./fits.js";

interface Result {
  readonly type: "CR0" | "CR1" | "CR1p" | "CR1S" | "CR2";
  readonly vcov: readonly number[];
  readonly df: readonly number[];
  readonly p: readonly number[];
  readonly tests: readonly { rows: readonly number[]; statistic: number; numDF: number; denDF: number; pValue: number }[];
}

interface Case {
  readonly name: string;
  readonly terms: readonly string[];
  readonly results: readonly Result[];
}

const reference: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../reference/inference/robust/robust.json", import.meta.url), "utf8"),
);

/** Rows of a table; factors keep the order of their levels. */
function rowsWhere(table: Table, keep: (row: Record<string, unknown>) => boolean): Table {
  const rows = table.toRows().flatMap((row, i) => (keep(row) ? [i] : []));
  return Table.ofColumns(table.columns.map((column) => takeRows(column, rows)));
}

function withColumn(table: Table, column: Column): Table {
  return Table.ofColumns([...table.columns, column]);
}

function firstLevels(table: Table, name: string, count: number): readonly string[] {
  const column = table.column(name);
  if (column.kind !== "factor") throw new TypeError(name);
  return column.levels.slice(0, count);
}

const schools = firstLevels(hsb, "school", 24);
const someSchools = rowsWhere(hsb, ({ school }) => schools.includes(String(school)));
const few = withColumn(someSchools, {
  kind: "number",
  name: "one",
  values: Float64Array.from(someSchools.toRows(), ({ school }) => Number(school === schools[0])),
});
const twenty = firstLevels(egsingle, "schoolid", 20);
const childrenOf = new Map(twenty.map((school) => [school, new Set<unknown>()]));
const children = rowsWhere(egsingle, ({ schoolid, childid }) => {
  const known = childrenOf.get(String(schoolid));
  if (known === undefined) return false;
  if (known.size < 12) known.add(childid);
  return known.has(childid);
});

const fits: Readonly<Record<string, readonly [LinearMixedFit, string | Column]>> = {
  hsb: [hsbFull, "school"],
  "hsb-24": [lmm("mAch ~ meanses * cses + sector * cses + (1 + cses | school)", few), "school"],
  "hsb-24-ml": [lmm("mAch ~ meanses + cses + (1 | school)", few, { method: "ml" }), "school"],
  "hsb-24-dummy": [lmm("mAch ~ one + cses + (1 | school)", few), "school"],
  sleepstudy: [slope, "Subject"],
  oats: [lmm("yield ~ nitro + Variety + (1 | Block/Variety)", oats), "Block"],
  pastes: [lmm("strength ~ cask + (1 | batch/cask)", pastes), "batch"],
  egsingle: [lmm("math ~ year + lowinc + female + (year | schoolid/childid)", children), "schoolid"],
  "egsingle-above": [lmm("math ~ year + lowinc + (year | childid)", children), children.column("schoolid")],
};

/** clubSandwich's figures at R's optimum, which Newton steps bring within 1e-9 in the criterion: 1e-8 in estimates. */
const DIGITS = 1e-6;

function close(actual: number, expected: number, scale = Math.abs(expected)): void {
  expect(Math.abs(actual - expected)).toBeLessThan(DIGITS * scale);
}

describe("clubSandwich's", () => {
  const every = reference.cases.flatMap((one) => one.results.map((result) => [one.name, result.type, one, result] as const));

  test.each(every)("%s %s", (name, type, { terms }, result) => {
    const [fit, cluster] = fits[name]!;
    const p = terms.length;
    const { vcov, df, stdErrors } = robustCovariance(fit, { type, cluster });
    const deviation = (k: number): number => Math.sqrt(result.vcov[k * (p + 1)]!);
    result.vcov.forEach((value, x) => {
      close(vcov[x]!, value, deviation(x % p) * deviation(Math.floor(x / p)));
    });
    result.df.forEach((value, k) => {
      close(df![k]!, value);
      close(stdErrors[k]!, deviation(k));
    });
    coefficients(fit, { robust: { type, cluster } }).forEach(({ pValue, df: own, stdError }, k) => {
      close(stdError, deviation(k));
      close(own!, result.df[k]!);
      // p values of 1e-30 have the relative error of the statistic many times.
      close(pValue, result.p[k]!, Math.max(result.p[k]! * 100, 1e-12));
    });
    for (const { rows, statistic, numDF, denDF, pValue } of result.tests) {
      const own = robustTest(
        fit,
        rows.map((k) => terms[k]!),
        { type, cluster },
      );
      expect(own).toMatchObject({ type, test: "F", numDF });
      close(own.statistic, statistic);
      close(own.denDF!, denDF);
      close(own.pValue, pValue, Math.max(pValue * 100, 1e-12));
    }
  });
});

describe("CR2's adjustment", () => {
  /** Variances between units of 1 and of 10,000 times the residual one. */
  const nested = (spread: number): LinearMixedFit => {
    const next = randomStream(17, "nested", spread);
    const rows: Record<string, unknown>[] = [];
    for (let j = 0; j < 12; j++) {
      const level = spread * next.normal();
      const slope = (spread / 3) * next.normal();
      for (let k = 0; k < 4; k++) {
        const inner = spread * next.normal();
        for (let i = 0; i < 3 + ((j * k) % 9); i++) {
          const x = next.normal() + j / 4;
          rows.push({ g: `g${j}`, h: `h${j}-${k}`, x, z: Math.floor(j / 3), y: level + slope * x + inner + x + next.normal() });
        }
      }
    }
    return lmm("y ~ x + z + (x | g) + (1 | h)", Table.from(rows));
  };

  test.each([
    ["schools", fits["hsb-24"]![0], 1e-10],
    ["plots in blocks", fits.oats![0], 1e-10],
    ["children in schools", fits.egsingle![0], 1e-10],
    ["large variances between units", nested(100), 1e-7],
  ] as const)("makes the residuals' covariance the model's: a'S a = X'V^-1 X for every cluster: %s", (_, fit, digits) => {
    const p = fit.fixed.length;
    const clusters = clustersOf(fit, null);
    const expected: Float64Array[] = [];
    visitClusters(fit, clusters, false, ({ target }) => expected.push(target));
    visitClusters(fit, clusters, true, ({ target, cross }, j) => {
      const scale = (a: number): number => Math.sqrt(expected[j]![a * (p + 1)]!);
      for (let b = 0; b < p; b++) {
        for (let a = 0; a < p; a++) {
          // S = V - X M X' with M the identity
          let value = target[b * p + a]!;
          for (let k = 0; k < p; k++) value -= cross[a * p + k]! * cross[b * p + k]!;
          expect(Math.abs(value - expected[j]![b * p + a]!)).toBeLessThan(digits * scale(a) * scale(b));
        }
      }
    });
  });
});

describe("a robust covariance", () => {
  test("is CR2 by the top level unless asked otherwise, in any case of letters", () => {
    const { type, cluster, clusters } = robustCovariance(fits.oats![0]);
    expect([type, cluster, clusters]).toEqual(["CR2", "Block", 6]);
    expect(robustCovariance(slope, { type: "cr1s" }).type).toBe("CR1S");
  });

  test("does not depend on the order of rows, the coding of predictors or the units of measurement", () => {
    const shuffled = Table.ofColumns(
      sleepstudy.columns.map((column) =>
        takeRows(
          column,
          Array.from({ length: 180 }, (_, i) => (i * 77) % 180),
        ),
      ),
    );
    const expected = robustCovariance(slope).stdErrors;
    const other = robustCovariance(lmm("I(1000 * Reaction) ~ I(Days / 24 - 3) + (Days | Subject)", shuffled));
    close(other.stdErrors[1]! / 24000, expected[1]!);
    close(other.df![1]!, 17);
  });

  test("takes weights of rows as rows", () => {
    const twice = withColumn(sleepstudy, { kind: "number", name: "w", values: new Float64Array(180).fill(2) });
    const fit = lmm("Reaction ~ Days + (Days | Subject)", twice, { weights: "w" });
    for (const type of ["CR0", "CR2"] as const) {
      robustCovariance(fit, { type }).stdErrors.forEach((value, k) => {
        close(value, robustCovariance(slope, { type }).stdErrors[k]!);
      });
    }
  });

  test("with unequal weights is that of the rows times the roots of their weights", () => {
    const values = Float64Array.from({ length: 180 }, (_, i) => 0.5 + ((i * 37) % 11) / 5);
    const weighted = withColumn(sleepstudy, { kind: "number", name: "w", values });
    const fit = lmm("Reaction ~ Days + (Days | Subject)", weighted, { weights: "w" });
    const root = (name: string, of: (i: number) => number): Column => ({
      kind: "number",
      name,
      values: Float64Array.from(values, (w, i) => Math.sqrt(w) * of(i)),
    });
    const rows = sleepstudy.toRows() as { Reaction: number; Days: number }[];
    const scaled = Table.ofColumns([
      sleepstudy.column("Subject"),
      root("y", (i) => rows[i]!.Reaction),
      root("one", () => 1),
      root("day", (i) => rows[i]!.Days),
    ]);
    const same = lmm("y ~ 0 + one + day + (0 + one + day | Subject)", scaled);
    for (const type of ["CR0", "CR2"] as const) {
      const own = robustCovariance(fit, { type });
      const other = robustCovariance(same, { type });
      own.vcov.forEach((value, x) => {
        close(value, other.vcov[x]!);
      });
      own.df!.forEach((value, x) => {
        close(value, other.df![x]!);
      });
    }
  });

  test("of a fit with a variance of zero is that of the fit without its term", () => {
    const table = withColumn(sleepstudy, { kind: "number", name: "half", values: Float64Array.from({ length: 180 }, (_, i) => i % 2) });
    const larger = lmm("Reaction ~ Days + (1 | Subject) + (1 | Subject:half)", table);
    expect(larger.randomTerms.find(({ group }) => group === "Subject:half")!.sigma[0]).toBe(0);
    const own = robustCovariance(larger);
    const smaller = robustCovariance(lmm("Reaction ~ Days + (1 | Subject)", table));
    own.vcov.forEach((value, x) => {
      close(value, smaller.vcov[x]!);
    });
    own.df!.forEach((value, x) => {
      close(value, smaller.df![x]!);
    });
  });

  test("of effects that a single cluster tells of does not exist: NaN, and null in JSON", () => {
    const alone = withColumn(few, {
      kind: "factor",
      name: "which",
      codes: Int32Array.from(few.toRows(), ({ school }) => (school === schools[0] ? 0 : school === schools[1] ? 1 : 2)),
      levels: ["first", "second", "other"],
      ordered: false,
    });
    const fit = lmm("mAch ~ 0 + which + (1 | school)", alone);
    for (const type of ["CR0", "CR2"] as const) {
      const { stdErrors, df } = robustCovariance(fit, { type });
      expect(stdErrors[0]).toBeNaN();
      expect(df![1]).toBeNaN();
      expect(stdErrors[2]).toBeGreaterThan(0);
    }
    const json = toJson(fit, { robust: { type: "CR2" } });
    expect(json.robust).toEqual({ type: "CR2", cluster: "school", clusters: 24 });
    expect(json.fixed[0]).toMatchObject({ stdError: null, df: null, pValue: null, lower: null });
    expect(json.fixed[2]!.stdError).toBeCloseTo(robustCovariance(fit).stdErrors[2]!, 12);
  });

  test("refuses what it cannot do, in words", () => {
    expect(() => robustCovariance(crossed)).toThrow(
      "Robust errors need independent clusters, and this model has none of its own: no factor among plate and sample contains the others' units.",
    );
    expect(() => robustCovariance(crossed, { cluster: "plate" })).toThrow(
      'Clusters of plate are not independent in this model: the random effect of sample "A" belongs to rows of several of them.',
    );
    expect(() => robustCovariance(slope, { cluster: "subject" })).toThrow(
      'The model has no factor "subject" to cluster by. Did you mean "Subject"?',
    );
    expect(() => robustCovariance(slope, { type: "CR3" })).toThrow('There is no robust covariance of the type "CR3". Did you mean "CR0"?');
    const [fit] = fits["hsb-24"]!;
    expect(() => robustCovariance(fit, { cluster: hsb.column("school") })).toThrow(
      "The column school has 7185 rows, but the model was fitted to a table of 948 rows.",
    );
    const constant: Column = { kind: "text", name: "state", values: Array(948).fill("TN") };
    expect(() => robustCovariance(fit, { cluster: constant })).toThrow("All rows belong to one cluster of state");
    const gaps: Column = { kind: "text", name: "state", values: [...Array(946).fill("TN"), null, null] };
    expect(() => robustCovariance(fit, { cluster: gaps })).toThrow("The column state is missing in rows 947 and 948 of the table");
    const two = lmm("yield ~ nitro * Variety + (1 | Block)", oats);
    expect(() => robustCovariance(two, { type: "CR1p" })).toThrow(
      'CR1p divides by the number of clusters less the number of coefficients, and Block has 6 units for 6 coefficients. Use type "CR2".',
    );
    expect(() => coefficients(slope, { robust: {}, df: "kenward-roger" })).toThrow('df "kenward-roger" does not go with them');
    expect(() => robustTest(slope, ["day"])).toThrow('The model has no coefficient "day". Its coefficients are (Intercept) and Days.');
    expect(() => robustTest(slope, "Day")).toThrow('The model has no term "Day". Did you mean "Days"?');
    expect(() => robustTest(slope, [])).toThrow("Name at least one coefficient");
    expect(() =>
      robustTest(
        two,
        two.fixed.map(({ term }) => term),
      ),
    ).toThrow("cannot tell of 6 hypotheses at once");
  });

  test("of a cluster whose effects are too many for CR2 asks for CR1, which has no dense matrix", () => {
    const n = 6300;
    const unit = Array.from({ length: n }, (_, i) => `u${Math.floor(i / 3)}`);
    const table = Table.from({
      y: Array.from({ length: n }, (_, i) => Math.sin(i * i) + Math.sin(Math.floor(i / 3) ** 2)),
      unit,
      region: unit.map((_, i) => (i < n - 60 ? "large" : `r${Math.floor((n - 1 - i) / 30)}`)),
    });
    const fit = lmm("y ~ 1 + (1 | unit)", table);
    expect(() => robustCovariance(fit, { cluster: table.column("region") })).toThrow(
      'a unit of region has 2081 random effects and coefficients (at most 2000 are taken). Use type "CR1"',
    );
    expect(robustCovariance(fit, { type: "CR1", cluster: table.column("region") }).clusters).toBe(3);
  });
});

describe("robust errors elsewhere", () => {
  test("are those of intervals, tests of terms and JSON", () => {
    const robust = { type: "CR2" } as const;
    const rows = coefficients(hsbFull, { robust });
    confint(hsbFull, { robust }).forEach(({ lower, upper }, k) => {
      expect([lower, upper]).toEqual([rows[k]!.lower, rows[k]!.upper]);
    });
    const cses = anova(hsbFull, { robust }).find(({ term }) => term === "cses")!;
    expect(cses).toMatchObject({ numDF: 1, statistic: expect.closeTo(robustTest(hsbFull, "cses").statistic, 8) });
    const json = toJson(hsbFull, { robust });
    expect(json.fixed.map(({ stdError }) => stdError)).toEqual(rows.map(({ stdError }) => stdError));
    expect(json.fTests!.find(({ term }) => term === "cses")!.denDF).toBeCloseTo(cses.denDF!, 8);
    expect(toJson(hsbFull).robust).toBeNull();
  });

  test("are normal on request: z tests and chi-square tests", () => {
    const [row] = coefficients(hsbNull, { robust: { type: "CR0" }, df: "none" });
    expect(row).toMatchObject({ df: null, stdError: expect.closeTo(0.24363, 5) });
  });

  test("stand in the summary under a heading that says so", async () => {
    const { text, robust, coefficients: rows } = summary(slope, { robust: { type: "CR2" } });
    expect(robust).toEqual({ type: "CR2", cluster: "Subject", clusters: 18 });
    expect(rows[1]!.df).toBeCloseTo(17, 6);
    await expect(`${text}\n`).toMatchFileSnapshot("printed/sleepstudy.cr2.txt");
    await expect(`${summary(slope, { style: "hlm", robust: { type: "CR2" } }).text}\n`).toMatchFileSnapshot(
      "printed/sleepstudy.cr2.hlm.txt",
    );
  });
});
