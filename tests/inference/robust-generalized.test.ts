/** Robust covariance of generalized and cumulative models against sandwiches made with TMB (tests/reference/inference/robust). */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { glmm } from "../../src/inference/glmm.js";
import { robustCovariance } from "../../src/inference/robust.js";
import { robustTest } from "../../src/inference/robust-test.js";
import { summary } from "../../src/inference/summary/summary.js";
import { clusterGradients } from "../../src/models/laplace/cluster-gradients.js";
import { evaluateLaplace, laplaceGradient } from "../../src/models/laplace/criterion.js";
import { cbpp, contraception, districts, epil, herds, salamanders, wine, wines } from "./generalized-reference-fits.js";

interface Part {
  readonly estimates: readonly number[];
  readonly vcov: readonly number[];
}

interface Case {
  readonly name: string;
  readonly cluster: string;
  readonly clusters: number;
  readonly logLik: number;
  readonly mean: Part;
  readonly zi?: Part;
}

const reference: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("../reference/inference/robust/robust-generalized.json", import.meta.url), "utf8"),
);

const fits = {
  cbpp: herds,
  contraception: districts,
  epil: glmm("y ~ Base * trt + Age + Visit + (Visit | subject)", epil, { family: "nbinom2" }),
  salamanders: glmm("count ~ mined + spp + (1 | site)", salamanders, { family: "poisson", zi: "~ mined" }),
};

/** TMB's criterion is the same function; its Hessian is a numerical derivative of an exact gradient, as ours is. */
const DIGITS = 1e-4;

describe("TMB's sandwich", () => {
  test.each(reference.cases)("$name", ({ name, cluster, clusters, logLik, ...parts }) => {
    const fit = fits[name as keyof typeof fits];
    expect(fit.logLik).toBeCloseTo(logLik, 6);
    for (const part of ["mean", "zi"] as const) {
      const expected = parts[part];
      if (expected === undefined) continue;
      const own = robustCovariance(fit, { type: "CR0", part });
      expect([own.cluster, own.clusters, own.df]).toEqual([cluster, clusters, null]);
      const p = expected.estimates.length;
      expect(own.terms.length).toBe(p);
      const deviation = (k: number): number => Math.sqrt(expected.vcov[k * (p + 1)]!);
      expected.vcov.forEach((value, x) => {
        expect(Math.abs(own.vcov[x]! - value)).toBeLessThan(DIGITS * deviation(x % p) * deviation(Math.floor(x / p)));
      });
    }
  });
});

describe("the gradient by clusters", () => {
  test.each([
    ["slopes", districts],
    ["zeros of their own", fits.salamanders],
    ["thresholds", wines],
  ] as const)("sums to the gradient, away from the optimum too: %s", (_, fit) => {
    const { problem, point, effects } = fit.engine;
    const moved = point.map((x, k) => x + 0.05 * Math.cos(k));
    const { levelOf, levels } = fit.frame.random[0]!;
    const homes = problem.structure.groups.map(() => Int32Array.from(levels, (_level, k) => k));
    const own = clusterGradients(problem, moved, effects, levelOf, homes, levels.length)!;
    const { gradient } = laplaceGradient(problem, evaluateLaplace(problem, moved, effects));
    gradient.forEach((value, k) => {
      let sum = 0;
      for (let j = 0; j < levels.length; j++) sum += own[j * gradient.length + k]!;
      expect(Math.abs(sum - value)).toBeLessThan(1e-8 * (1 + Math.abs(value)));
    });
  });
});

describe("a generalized model's robust errors", () => {
  test("are CR1 unless asked otherwise, and z tests", () => {
    const plain = robustCovariance(herds, { type: "CR0" });
    const own = robustCovariance(herds);
    expect(own.type).toBe("CR1");
    expect(own.stdErrors[1]).toBeCloseTo(plain.stdErrors[1]! * Math.sqrt(15 / 14), 10);
    const rows = coefficients(herds, { robust: { type: "CR1" } });
    expect(rows[1]).toMatchObject({ df: null, stdError: own.stdErrors[1] });
    const test = robustTest(herds, "period");
    expect(test).toMatchObject({ test: "chi-square", numDF: 3, denDF: null, type: "CR1" });
    // One coefficient: the square of z.
    expect(robustTest(herds, ["period2"]).statistic).toBeCloseTo(rows[1]!.statistic ** 2, 8);
  });

  test("of a cumulative model with two categories are those of the binomial one", () => {
    const halves = Table.from(
      wine.toRows().map((row): Record<string, unknown> => ({ ...row, high: Number(row.rating) > 3 ? "yes" : "no" })),
    );
    const ordinal = clmm("high ~ temp + contact + (1 | judge)", halves);
    const binomial = glmm("high ~ temp + contact + (1 | judge)", halves, { family: "binomial" });
    const left = robustCovariance(ordinal);
    const right = robustCovariance(binomial);
    expect(left.stdErrors[0]).toBeCloseTo(right.stdErrors[1]!, 5);
    expect(left.stdErrors[1]).toBeCloseTo(right.stdErrors[2]!, 5);
    expect(robustCovariance(ordinal, { part: "thresholds" }).stdErrors[0]).toBeCloseTo(right.stdErrors[0]!, 5);
  });

  test("cluster by a level above", () => {
    const half = contraception.toRows().map(({ district }) => (Number(district) % 20).toString());
    const own = robustCovariance(districts, { cluster: { kind: "text", name: "region", values: half } });
    expect(own.clusters).toBe(20);
    expect(own.stdErrors.every((value) => value > 0)).toBe(true);
  });

  test("are told of in the summary", () => {
    const { text, robust } = summary(herds, { robust: {} });
    expect(robust).toEqual({ type: "CR1", cluster: "herd", clusters: 15 });
    expect(text).toContain("Fixed effects (logit scale; robust standard errors, CR1 by herd, 15 clusters; z tests)");
    expect(summary(herds, { style: "hlm", robust: {} }).text).toContain(
      "Fixed effects with robust standard errors (CR1 by herd, 15 clusters; unit-specific model; z tests)",
    );
  });

  test("are refused where they have no form", () => {
    expect(() => robustCovariance(herds, { type: "CR2" })).toThrow(
      "Generalized and cumulative models have robust errors of the types CR0 and CR1; CR2 is for linear models",
    );
    const quadrature = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial", agq: 5 });
    expect(() => robustCovariance(quadrature)).toThrow("Fit it with agq: 1 (--agq 1).");
    expect(() => coefficients(herds, { robust: {}, df: "satterthwaite" })).toThrow("Degrees of freedom");
  });
});
