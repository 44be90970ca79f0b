/** Coefficients without a finite estimate have no standard errors; the others have those that they have without the separated rows. */
import { describe, expect, it } from "vitest";
import { randomKey } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { anova } from "../../src/inference/anova.js";
import { clmm } from "../../src/inference/clmm.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { glmm } from "../../src/inference/glmm.js";
import { toJson } from "../../src/inference/json.js";
import { modelTable } from "../../src/inference/summary/model-table.js";
import { summary } from "../../src/inference/summary/summary.js";

const random = randomKey(11).stream("separated errors");
const units = Array.from({ length: 30 }, () => random.normal());
const rows = Array.from({ length: 360 }, (_, i) => {
  const x = random.normal();
  const eta = 0.8 * x + units[i % 30]!;
  const t = i % 12 === 5 ? "treated" : "control";
  const latent = eta + Math.log(1 / (1 - random.uniform()) - 1);
  return {
    x,
    t,
    g: `g${i % 30}`,
    y: t === "treated" || latent > 0 ? 1 : 0,
    score: t === "treated" ? 3 : latent < -1 ? 1 : latent < 1 ? 2 : 3,
  };
});
const all = Table.from(rows);
const controls = Table.from(rows.filter(({ t }) => t === "control"));
const fit = glmm("y ~ x + t + (1 | g)", all, { family: "binomial" });
const without = glmm("y ~ x + (1 | g)", controls, { family: "binomial" });

describe("a level without a failure", () => {
  it("leaves its own coefficient without a standard error, test, interval and covariance", () => {
    expect(fit.notes.map(({ code }) => code)).toContain("separation");
    const row = coefficients(fit)[2]!;
    expect(row.term).toBe("ttreated");
    expect([row.stdError, row.statistic, row.pValue, row.lower, row.upper].every(Number.isNaN)).toBe(true);
    expect([...fit.vcov].map(Number.isNaN)).toEqual([false, false, true, false, false, true, true, true, true]);
    expect(toJson(fit).fixed[2]).toMatchObject({ stdError: null, statistic: null, pValue: null, lower: null, upper: null });
    expect(String(summary(fit))).toMatch(/\n ttreated +[\d.]+\n/);
    const table = modelTable({ m: fit });
    const at = table.rows.findIndex(({ label }) => label === "ttreated");
    expect(table.rows[at + 1]!.cells).toEqual([""]);
  });

  it("leaves the others as they are without those rows", () => {
    // The separated rows say nothing of the other coefficients, but for their effects on the units, which are known to be zero there.
    for (const k of [0, 1]) {
      expect(fit.fixed[k]!.estimate).toBeCloseTo(without.fixed[k]!.estimate, 4);
      expect(fit.fixed[k]!.stdError / without.fixed[k]!.stdError).toBeCloseTo(1, 3);
    }
    const [x, t] = anova(fit);
    expect(x!.pValue).toBeCloseTo(anova(without)[0]!.pValue, 4);
    expect([t!.term, t!.numDF, t!.statistic, t!.pValue]).toEqual(["t", 1, Number.NaN, Number.NaN]);
  });

  it("is said once: nothing else is blamed for it", () => {
    const codes = fit.notes.map(({ code }) => code);
    for (const code of ["hessian", "unidentified", "running-variance"]) expect(codes).not.toContain(code);
  });

  it("is the same to ordered categories", () => {
    const ordinal = clmm("score ~ x + t + (1 | g)", all);
    const other = clmm("score ~ x + (1 | g)", controls);
    expect(ordinal.fixed.map(({ stdError }) => Number.isNaN(stdError))).toEqual([false, true]);
    expect(ordinal.fixed[0]!.stdError / other.fixed[0]!.stdError).toBeCloseTo(1, 3);
    ordinal.thresholds!.forEach(({ stdError }, k) => {
      expect(stdError / other.thresholds![k]!.stdError).toBeCloseTo(1, 3);
    });
  });
});

it("separation in every row is complete", () => {
  const data = Table.from(rows.map(({ g, x }) => ({ g, x, y: x < -0.7 ? 1 : x < 0.6 ? 2 : 3 })));
  const [message] = clmm("y ~ x + (1 | g)", data)
    .notes.filter(({ code }) => code === "separation")
    .map((note) => note.message);
  expect(message).toMatch(/^Complete separation: in every row/);
});
