/** Where a search ends is a minimum: no other parameters give less, whatever the random terms; and few evaluations lead there. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { families, familyNamed } from "../../src/models/families/registry.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { evaluateLaplace } from "../../src/models/laplace/criterion.js";
import { columnsOf, KINDS } from "./blocks/designs.js";

const seeds = fc.integer({ min: 0, max: 1_000_000 });
const shapes = fc.record({
  n: fc.integer({ min: 90, max: 140 }),
  first: fc.integer({ min: 6, max: 14 }),
  second: fc.integer({ min: 4, max: 7 }),
  third: fc.constant(3),
  moves: fc.double({ min: 0, max: 0.4, noNaN: true }),
});

const evaluations: { readonly what: string; readonly count: number }[] = [];
afterAll(() => {
  if (!process.env.OPTIMUM_TABLE) return;
  const sorted = [...evaluations].sort((a, b) => b.count - a.count);
  const mean = sorted.reduce((sum, { count }) => sum + count, 0) / sorted.length;
  console.log(
    [`${sorted.length} fits, ${mean.toFixed(1)} evaluations`, ...sorted.slice(0, 25).map(({ what, count }) => `${count} ${what}`)].join(
      "\n",
    ),
  );
});

/** The criterion at 24 points near the optimum and further away, in units of standard errors where they are known. */
function expectMinimum(fit: GeneralizedMixedFit, seed: number): void {
  const { problem, point, effects, jointCovariance } = fit.engine;
  const next = randomStream(seed, "steps");
  const size = point.length;
  const held = new Set(problem.profiled);
  for (let trial = 0; trial < 24; trial++) {
    const share = 10 ** (-2 + (trial % 6) * 0.5);
    const moved = point.map((x, j) => {
      const variance = jointCovariance?.[j * size + j] ?? 0;
      const unit = variance > 0 ? Math.sqrt(variance) : 0.3;
      return held.has(j - problem.parameters.length) ? x : x + share * unit * next.normal();
    });
    expect(evaluateLaplace(problem, moved, effects).value).toBeGreaterThan(fit.criterion - 1e-6);
  }
}

const responses = {
  binomial: (eta: number, next: ReturnType<typeof randomStream>) => (next.bernoulli(1 / (1 + Math.exp(-eta))) ? 1 : 0),
  poisson: (eta: number, next: ReturnType<typeof randomStream>) => next.poisson(Math.exp(0.5 + 0.5 * eta)),
  nbinom2: (eta: number, next: ReturnType<typeof randomStream>) => next.negativeBinomial(Math.exp(0.5 + 0.5 * eta), 1.5),
  nbinom1: (eta: number, next: ReturnType<typeof randomStream>) =>
    next.negativeBinomial(Math.exp(0.5 + 0.5 * eta), Math.exp(0.5 + 0.5 * eta)),
  gamma: (eta: number, next: ReturnType<typeof randomStream>) => (Math.exp(0.5 * eta) * next.gamma(2)) / 2,
  cumulative: (eta: number, next: ReturnType<typeof randomStream>) => {
    const u = next.uniformOpen();
    return Math.max(0, Math.min(3, Math.floor(eta + Math.log(u / (1 - u)) + 1)));
  },
} as const;

describe.each(KINDS.map((kind) => [kind.name, kind] as const))("%s", (name, { random, relation }) => {
  test.each(Object.keys(responses) as (keyof typeof responses)[])("%s", (family) => {
    fc.assert(
      fc.property(shapes, seeds, (shape, seed) => {
        const columns = columnsOf(shape, relation, seed);
        const next = randomStream(seed, "responses");
        // The linear designs' response is 1 + x / 2 + effects + noise: without the 1 a predictor.
        const linear = columns.y as readonly number[];
        const table: Table = Table.from({ ...columns, r: linear.map((eta) => responses[family](eta - 1, next)) });
        const formula = `r ~ x + ${random}`;
        const fit =
          family === "cumulative" ? clmm(formula, table) : glmm(formula, table, { family, link: family === "gamma" ? "log" : undefined });
        const what = `${name}, ${family}, ${JSON.stringify(shape)}, ${seed}: ${fit.notes.map(({ code }) => code).join(" ")}`;
        evaluations.push({ what, count: fit.evaluations });
        expect(fit.converged, what).toBe(true);
        expectMinimum(fit, seed);
      }),
      { seed: 71, numRuns: 3 },
    );
  });
});

describe("zeros of their own", () => {
  const counts = families.filter((family) => family.counts).map((family) => family.name as "poisson" | "nbinom1" | "nbinom2");
  test.each(counts.flatMap((family) => [false, true].map((hurdle) => [family, hurdle] as const)))("%s, hurdle %s", (family, hurdle) => {
    fc.assert(
      fc.property(shapes, seeds, fc.constantFrom("~ z", "~ z + (1 | b)"), (shape, seed, zi) => {
        const columns = columnsOf({ ...shape, n: 3 * shape.n }, "crossed", seed);
        const next = randomStream(seed, "zeros");
        const linear = columns.y as readonly number[];
        const z = columns.z as readonly number[];
        const r = linear.map((eta, i) => (next.bernoulli(1 / (1 + Math.exp(0.5 - 0.5 * z[i]!))) ? 0 : responses[family](eta + 0.5, next)));
        const table: Table = Table.from({ ...columns, r });
        const fit = glmm("r ~ x + (1 | a)", table, { family: familyNamed(family).name, zi, hurdle });
        const what = `zeros, ${family}, hurdle ${hurdle}, ${zi}, ${JSON.stringify(shape)}, ${seed}: ${fit.notes.map(({ code }) => code).join(" ")}`;
        evaluations.push({ what, count: fit.evaluations });
        expect(fit.converged, what).toBe(true);
        expectMinimum(fit, seed);
      }),
      { seed: 72, numRuns: 3 },
    );
  });
});
