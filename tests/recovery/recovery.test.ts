/**
 * Simulation from the model and refit (a Monte Carlo test; every seed is stated): are the parameters recovered?
 *
 * For each design R data sets are drawn and fitted. The 95 % Wald intervals of the fixed effects should cover the truth in 95 % of them; the
 * share has a binomial Monte Carlo error, to which an allowance is added for what Laplace and Wald are known to lack in samples this
 * small (Breslow & Lin 1995; Joe 2008). `RECOVERY_TABLE=1` prints all figures.
 */
import { afterAll, describe, expect, test } from "vitest";
import { type RandomStream, randomKey } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";

const SEED = 20090417;

type Columns = Record<string, number[] | string[]>;

interface Design {
  readonly name: string;
  readonly replicates: number;
  simulate(next: RandomStream): Columns;
  fit(table: Table): GeneralizedMixedFit;
  /** True values of what `estimates` names: coefficients with intervals. */
  readonly coefficients: Readonly<Record<string, number>>;
  /** True standard deviations by "group term". */
  readonly sds: Readonly<Record<string, number>>;
  readonly dispersion?: number;
  /** Share of coverage below 0.95 that is allowed besides Monte Carlo error. */
  readonly allowance: number;
  /** Largest mean of log(estimate / truth) of a standard deviation, besides Monte Carlo error. */
  readonly bias: number;
}

const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));
const normals = (count: number, sd: number, next: RandomStream): number[] => Array.from({ length: count }, () => sd * next.normal());

const designs: readonly Design[] = [
  {
    name: "binary, rows in classes in schools",
    replicates: 150,
    simulate(next) {
      const columns = { y: [] as number[], x: [] as number[], z: [] as number[], school: [] as string[], class: [] as string[] };
      for (let s = 0; s < 30; s++) {
        const [ofSchool] = normals(1, 0.7, next);
        const z = next.normal();
        for (let k = 0; k < 3; k++) {
          const [ofClass] = normals(1, 0.5, next);
          for (let i = 0; i < 10; i++) {
            const x = next.normal();
            columns.x.push(x);
            columns.z.push(z);
            columns.school.push(`s${s}`);
            columns.class.push(`k${k}`);
            columns.y.push(next.bernoulli(logistic(-0.3 + 0.6 * x + 0.4 * z + ofSchool! + ofClass!)) ? 1 : 0);
          }
        }
      }
      return columns;
    },
    fit: (table) => glmm("y ~ x + z + (1 | school/class)", table, { family: "binomial" }),
    coefficients: { "(Intercept)": -0.3, x: 0.6, z: 0.4 },
    sds: { "school (Intercept)": 0.7, "class:school (Intercept)": 0.5 },
    allowance: 0.03,
    // log(sd) of an estimate that varies by a third of itself: the logarithm is concave, its mean 0.1 to 0.15 too low.
    bias: 0.15,
  },
  {
    name: "counts with slopes",
    replicates: 150,
    simulate(next) {
      const columns = { y: [] as number[], x: [] as number[], t: [] as number[], g: [] as string[] };
      for (let j = 0; j < 40; j++) {
        const u = next.normal();
        const b0 = 0.6 * u;
        const b1 = 0.3 * (0.4 * u + Math.sqrt(1 - 0.16) * next.normal());
        for (let i = 0; i < 8; i++) {
          const x = next.normal();
          const t = 0.5 + next.uniform();
          columns.x.push(x);
          columns.t.push(t);
          columns.g.push(`g${j}`);
          columns.y.push(next.poisson(t * Math.exp(0.8 + b0 + (0.4 + b1) * x)));
        }
      }
      return columns;
    },
    fit: (table) => glmm("y ~ x + offset(log(t)) + (1 + x | g)", table, { family: "poisson" }),
    coefficients: { "(Intercept)": 0.8, x: 0.4 },
    sds: { "g (Intercept)": 0.6, "g x": 0.3 },
    allowance: 0.03,
    bias: 0.06,
  },
  {
    name: "negative binomial counts",
    replicates: 150,
    simulate(next) {
      const columns = { y: [] as number[], x: [] as number[], f: [] as string[], g: [] as string[] };
      const shift = { a: 0, b: 0.5, c: -0.4 };
      for (let j = 0; j < 40; j++) {
        const [b] = normals(1, 0.5, next);
        for (let i = 0; i < 9; i++) {
          const x = next.normal();
          const f = (["a", "b", "c"] as const)[i % 3]!;
          columns.x.push(x);
          columns.f.push(f);
          columns.g.push(`g${j}`);
          columns.y.push(next.negativeBinomial(Math.exp(0.7 + 0.3 * x + shift[f] + b!), 2));
        }
      }
      return columns;
    },
    fit: (table) => glmm("y ~ x + f + (1 | g)", table, { family: "nbinom2" }),
    coefficients: { "(Intercept)": 0.7, x: 0.3, fb: 0.5, fc: -0.4 },
    sds: { "g (Intercept)": 0.5 },
    dispersion: 2,
    allowance: 0.03,
    bias: 0.06,
  },
  {
    name: "ratings, raters crossed with lessons",
    replicates: 120,
    simulate(next) {
      const columns = { y: [] as string[], x: [] as number[], rater: [] as string[], lesson: [] as string[] };
      const ofRater = normals(12, 0.6, next);
      for (let lesson = 0; lesson < 80; lesson++) {
        const [b] = normals(1, 1, next);
        const x = next.normal();
        for (let i = 0; i < 5; i++) {
          const rater = next.integer(12);
          const u = next.uniformOpen();
          const latent = 0.7 * x + b! + ofRater[rater]! + Math.log(u / (1 - u));
          columns.y.push(`c${[-1.5, 0, 1.5].filter((threshold) => latent > threshold).length}`);
          columns.x.push(x);
          columns.rater.push(`r${rater}`);
          columns.lesson.push(`l${lesson}`);
        }
      }
      return columns;
    },
    fit: (table) => clmm("y ~ x + (1 | rater) + (1 | lesson)", table),
    coefficients: { x: 0.7, "c0|c1": -1.5, "c1|c2": 0, "c2|c3": 1.5 },
    sds: { "rater (Intercept)": 0.6, "lesson (Intercept)": 1 },
    // Twelve raters: thresholds move with their mean, whose variance is estimated too small by one part in twelve; and the logarithm of an
    // estimate with eleven degrees of freedom and the raters' own sampling error is 0.17 too low on average.
    allowance: 0.05,
    bias: 0.2,
  },
  {
    name: "counts with extra zeros",
    replicates: 150,
    simulate(next) {
      const columns = { y: [] as number[], x: [] as number[], z: [] as number[], g: [] as string[] };
      for (let j = 0; j < 40; j++) {
        const [b] = normals(1, 0.5, next);
        for (let i = 0; i < 10; i++) {
          const x = next.normal();
          const z = next.normal();
          columns.x.push(x);
          columns.z.push(z);
          columns.g.push(`g${j}`);
          columns.y.push(next.bernoulli(logistic(-1 + 0.8 * z)) ? 0 : next.poisson(Math.exp(1 + 0.3 * x + b!)));
        }
      }
      return columns;
    },
    fit: (table) => glmm("y ~ x + (1 | g)", table, { family: "poisson", zi: "~ z" }),
    coefficients: { "(Intercept)": 1, x: 0.3, "zero (Intercept)": -1, "zero z": 0.8 },
    sds: { "g (Intercept)": 0.5 },
    allowance: 0.03,
    bias: 0.06,
  },
];

const lines: string[] = [];

afterAll(() => {
  if (process.env.RECOVERY_TABLE) console.log(lines.join("\n"));
});

interface Draws {
  readonly estimates: number[];
  readonly errors: number[];
}

describe.each(designs.map((design) => [design.name, design] as const))("%s", (name, design) => {
  const { replicates, coefficients, sds, dispersion, allowance, bias } = design;

  test(`${replicates} data sets drawn and fitted`, () => {
    const key = randomKey(SEED, name);
    const byTerm = new Map<string, Draws>();
    const logSds = new Map<string, number[]>();
    const logDispersion: number[] = [];
    let evaluations = 0;
    let notConverged = 0;
    for (let r = 0; r < replicates; r++) {
      const fit = design.fit(Table.from(design.simulate(key.stream(r))));
      if (!fit.converged) notConverged++;
      evaluations += fit.evaluations;
      const zero = (fit.zeroInflation?.fixed ?? []).map((effect) => ({ ...effect, term: `zero ${effect.term}` }));
      for (const { term, estimate, stdError } of [...fit.fixed, ...(fit.thresholds ?? []), ...zero]) {
        const draws = byTerm.get(term) ?? { estimates: [], errors: [] };
        byTerm.set(term, draws);
        draws.estimates.push(estimate);
        draws.errors.push(stdError);
      }
      for (const component of fit.random) {
        if (!("sd" in component) || component.sd === 0) continue;
        const label = `${component.group} ${component.term}`;
        logSds.set(label, [...(logSds.get(label) ?? []), Math.log(component.sd)]);
      }
      if (dispersion !== undefined) logDispersion.push(Math.log(fit.dispersion! / dispersion));
    }
    expect(notConverged).toBe(0);
    lines.push(`${name}: ${replicates} replicates, ${(evaluations / replicates).toFixed(1)} evaluations`);

    // Three Monte Carlo standard errors.
    const least = 0.95 - allowance - 3 * Math.sqrt((0.95 * 0.05) / replicates);
    for (const [term, truth] of Object.entries(coefficients)) {
      const { estimates, errors } = byTerm.get(term)!;
      const covered = estimates.filter((x, r) => Math.abs(x - truth) < 1.959964 * errors[r]!).length / replicates;
      const spread = deviation(estimates);
      const off = mean(estimates) - truth;
      const ratio = mean(errors) / spread;
      lines.push(
        `  ${term.padEnd(28)} truth ${truth.toFixed(2)} mean ${mean(estimates).toFixed(3)} covered ${(100 * covered).toFixed(1)} % se / sd ${ratio.toFixed(3)}`,
      );
      expect(covered, term).toBeGreaterThan(least);
      // Laplace draws towards zero by some percent; the rest is Monte Carlo error.
      expect(Math.abs(off), term).toBeLessThan((3 * spread) / Math.sqrt(replicates) + 0.05 * Math.abs(truth));
      // A standard deviation from R draws has a relative error of 1 / sqrt(2 R).
      expect(Math.abs(ratio - 1), term).toBeLessThan(3 / Math.sqrt(2 * replicates) + 0.05);
    }
    for (const [label, truth] of Object.entries(sds)) {
      const values = logSds.get(label)!;
      const off = mean(values) - Math.log(truth);
      lines.push(`  sd ${label.padEnd(25)} truth ${truth.toFixed(2)} log bias ${off.toFixed(3)} zero in ${replicates - values.length}`);
      expect(values.length, label).toBeGreaterThan(0.85 * replicates);
      expect(Math.abs(off), label).toBeLessThan((3 * deviation(values)) / Math.sqrt(values.length) + bias);
    }
    if (dispersion !== undefined) {
      lines.push(`  dispersion truth ${dispersion} log bias ${mean(logDispersion).toFixed(3)}`);
      expect(Math.abs(mean(logDispersion))).toBeLessThan((3 * deviation(logDispersion)) / Math.sqrt(replicates) + 0.1);
    }
  });
});

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / (values.length - 1));
}
