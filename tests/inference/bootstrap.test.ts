/** Bootstraps: against bootMer by distribution, boot.ci by value, and against themselves when interrupted. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { bootstrap, resumeBootstrap, startBootstrap } from "../../src/inference/bootstrap.js";
import { bootstrapIntervals } from "../../src/inference/bootstrap-intervals.js";
import { type BootstrapRecord, type BootstrapReplicate, bootstrapCounts, withReplicates } from "../../src/inference/bootstrap-record.js";
import { reflated, residualSimulator } from "../../src/inference/bootstrap-residual.js";
import { confint } from "../../src/inference/confint.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import type { MixedFit } from "../../src/inference/mixed-fit.js";
import { refit } from "../../src/inference/refit.js";
import { AbortError, DataError, FitError } from "../../src/messages.js";
import { clusterRows, resampledFrame, topFactor } from "../../src/models/frame/resampled-frame.js";
import { timesTransposed } from "../../src/models/linalg/symmetric.js";
import { boundary, crossed, hsbFull, intercept, sleepstudy, slope, splitPlot } from "./fits.js";
import { incidence, inflated, ratings } from "./generalized-fits.js";

interface Moments {
  readonly term: readonly string[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly count: readonly number[];
  readonly quantiles: readonly (readonly number[])[];
}
interface Reference {
  readonly parametric: Moments;
  readonly conditional: Moments;
  readonly cbpp: Moments;
  readonly intervals: {
    readonly estimate: number;
    readonly replicates: readonly number[];
    readonly leftOut: readonly number[];
    readonly cases: readonly { level: number; percentile: number[]; basic: number[]; bca: number[] }[];
  };
}
const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "reference", "inference", "intervals");
const reference = JSON.parse(readFileSync(join(folder, "bootstrap.json"), "utf8")) as Reference;

/** Of each term: values in replicates that have one. */
const columns = ({ terms, done }: BootstrapRecord): number[][] => terms.map((_, k) => done.flatMap(({ values }) => values?.[k] ?? []));
const meanOf = (x: readonly number[]): number => x.reduce((sum, own) => sum + own, 0) / x.length;
const sdOf = (x: readonly number[]): number => {
  const mean = meanOf(x);
  return Math.sqrt(x.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (x.length - 1));
};

/** Means, standard deviations and quantiles of two samples agree to 3 Monte Carlo standard errors. */
function expectSameDistribution(own: readonly number[], moments: Moments, k: number, name: string): void {
  const [sd, count, m] = [moments.sd[k]!, moments.count[k]!, own.length];
  const either = 1 / m + 1 / count;
  expect(Math.abs(meanOf(own) - moments.mean[k]!), `mean of ${name}`).toBeLessThan(3 * sd * Math.sqrt(either));
  // The standard error of a standard deviation, by the sample's own kurtosis.
  const mean = meanOf(own);
  const kurtosis = meanOf(own.map((x) => (x - mean) ** 4)) / sdOf(own) ** 4;
  expect(Math.abs(sdOf(own) - sd), `sd of ${name}`).toBeLessThan(3 * sd * Math.sqrt(((kurtosis - 1) / 4) * either));
  // A share below bootMer's quantile is binomial.
  [0.05, 0.25, 0.5, 0.75, 0.95].forEach((p, j) => {
    const share = own.filter((x) => x < moments.quantiles[k]![j]!).length / m;
    expect(Math.abs(share - p), `${p} of ${name}`).toBeLessThan(3 * Math.sqrt(p * (1 - p) * either));
  });
}

describe("replicates are distributed as bootMer's", () => {
  /** By term of the reference: our place. */
  const places = [4, 5, 0, 2, 1, 3];
  test.each([
    ["new units", "parametric", "new"],
    ["the units of the data", "conditional", "conditional"],
  ] as const)("%s", async (_, name, randomEffects) => {
    const record = await bootstrap(slope, { type: "parametric", replicates: 4000, seed: 20261122, randomEffects });
    expect(record.terms.map(({ term }) => term)).toEqual([
      "sd__(Intercept)",
      "cor__(Intercept).Days",
      "sd__Days",
      "sigma",
      "(Intercept)",
      "Days",
    ]);
    const own = columns(record);
    for (const [k, at] of places.entries()) expectSameDistribution(own[at]!, reference[name], k, reference[name].term[k]!);
    expect(bootstrapCounts(record)).toMatchObject({ done: 4000, failed: 0, notConverged: 0 });
  });

  test("of a binomial model", async () => {
    const record = await bootstrap(incidence, { type: "parametric", replicates: 250, seed: 20261124 });
    const own = columns(record);
    for (const [k, at] of [1, 2, 3, 4, 0].entries()) expectSameDistribution(own[at]!, reference.cbpp, k, reference.cbpp.term[k]!);
  });
});

describe("a bootstrap that is interrupted and gone on with", () => {
  test.each([
    ["parametric, linear", slope, { type: "parametric", replicates: 40 }],
    ["residual", slope, { type: "residual", replicates: 40 }],
    ["whole units, with the jackknife", slope, { type: "cluster", replicates: 12, jackknife: true }],
    ["generalized", incidence, { type: "parametric", replicates: 12 }],
    ["ordered categories, whole units", ratings, { type: "cluster", replicates: 16 }],
  ] as const)("is the one that ran through: %s", async (_, fit, plan) => {
    const through = await bootstrap(fit, { ...plan, seed: 11 });
    // Killed: what was saved is all there is, in whatever order it came, and the last line may be lost.
    const stop = new AbortController();
    const saved: string[] = [];
    let record: BootstrapRecord = startBootstrap(fit, { ...plan, seed: 11 });
    const file = JSON.stringify(record);
    await expect(
      bootstrap(fit, {
        ...plan,
        seed: 11,
        signal: stop.signal,
        onReplicates: (replicates, of) => {
          saved.push(JSON.stringify({ replicates, of }));
          stop.abort();
        },
      }),
    ).rejects.toThrow(AbortError);
    expect(saved.length).toBeGreaterThan(0);
    record = JSON.parse(file) as BootstrapRecord;
    for (const line of saved.reverse()) {
      const { replicates, of } = JSON.parse(line) as { replicates: BootstrapReplicate[]; of: "done" | "jackknife" };
      record = withReplicates(record, replicates.slice(1).reverse(), of);
    }
    expect(record.done.length).toBeGreaterThan(0);
    expect(record.done.length).toBeLessThan(plan.replicates);
    const resumed = await resumeBootstrap(fit, JSON.parse(JSON.stringify(record)) as BootstrapRecord);
    expect(resumed).toEqual(through);
    expect(JSON.stringify(resumed)).toBe(JSON.stringify(through));
  });

  test("can be asked for more", async () => {
    const few = await bootstrap(slope, { type: "parametric", replicates: 5, seed: 3 });
    const more = await resumeBootstrap(slope, { ...few, replicates: 9 });
    expect(more).toEqual(await bootstrap(slope, { type: "parametric", replicates: 9, seed: 3 }));
    expect(more.done.slice(0, 5)).toEqual(few.done);
  });

  test("is told from one of another model or of other data", async () => {
    const record = startBootstrap(slope, { type: "parametric", replicates: 5, seed: 3 });
    await expect(resumeBootstrap(intercept, record)).rejects.toThrow(/is of the model/);
    const other = refit(
      slope,
      slope.frame.response.values.map((y) => y + 1),
    );
    await expect(resumeBootstrap(other, record)).rejects.toThrow(/other values of the response/);
    await expect(resumeBootstrap(slope, { ...record, schemaVersion: 2 as 1 })).rejects.toThrow(DataError);
    await expect(resumeBootstrap(slope, record, { statistic: () => ({ x: 1 }) })).rejects.toThrow(/without a statistic/);
  });
});

describe("replicates", () => {
  test("of a linear model are refits of responses with streams of their own", async () => {
    const record = await bootstrap(slope, { type: "residual", replicates: 3, seed: 5 });
    const draw = residualSimulator(slope);
    record.done.forEach(({ replicate, values, singular }) => {
      const again = refit(slope, draw(randomStream(5, "bootstrap", "residual", replicate)));
      expect(values![3]).toBe(again.sigma);
      expect(values!.slice(4)).toEqual(again.fixed.map(({ estimate }) => estimate));
      expect(singular).toBe(again.singular);
    });
  });

  test("have a statistic of the user's own, undefined values left out", async () => {
    const statistic = (fit: MixedFit): Record<string, number> => ({ sigma: fit.model === "lmm" ? fit.sigma : 0, none: Number.NaN });
    const record = await bootstrap(slope, { type: "parametric", replicates: 4, seed: 5, statistic });
    const standard = await bootstrap(slope, { type: "parametric", replicates: 4, seed: 5 });
    expect(record.terms).toEqual([{ term: "sigma" }, { term: "none" }]);
    record.done.forEach(({ values }, k) => {
      expect(values![0]).toBeCloseTo(standard.done[k]!.values![3]!, 3);
      expect(values![1]).toBeNull();
    });
    expect(bootstrapIntervals(record)[1]).toMatchObject({ lower: Number.NaN, upper: Number.NaN });
  });

  test("that cannot be fitted are counted, with the reason", async () => {
    // One school has all the failures: units drawn without it have only successes.
    const rows = Array.from({ length: 24 }, (_, i) => ({ g: `g${i % 4}`, y: i % 4 === 0 && i > 3 ? 0 : 1, x: (i * 7) % 5 }));
    const fit = glmm("y ~ x + (1 | g)", Table.from(rows), { family: "binomial" });
    const record = await bootstrap(fit, { type: "cluster", replicates: 20, seed: 2 });
    const { done, failed } = bootstrapCounts(record);
    expect(done).toBe(20);
    expect(failed).toBe(record.done.filter(({ failure }) => failure !== undefined).length);
    expect(failed).toBeGreaterThan(0);
    expect(record.done.find(({ failure }) => failure !== undefined)!.failure).toMatch(/success|failure|alike|same|only/i);
    expect(bootstrapCounts(await bootstrap(boundary, { type: "parametric", replicates: 40, seed: 2 })).singular).toBeGreaterThan(10);
  });

  test("of a model with zeros of their own have values for all its parts", async () => {
    const record = await bootstrap(inflated, { type: "parametric", replicates: 2, seed: 2 });
    expect(record.terms.map(({ term, part = "mean" }) => `${part} ${term}`)).toEqual([
      "random sd__(Intercept)",
      "mean (Intercept)",
      "mean minedno",
      "zi (Intercept)",
      "zi minedno",
    ]);
    expect(record.done.every(({ values }) => values!.length === 5)).toBe(true);
  });
});

describe("the residual bootstrap", () => {
  test("draws from effects and residuals that have mean zero and the model's variances exactly", () => {
    const next = randomStream(1, "effects");
    const count = 30;
    const m = 2;
    const u = Float64Array.from({ length: count * m }, () => 0.3 * next.normal() + 1);
    const lambda = Float64Array.of(1.5, -0.4, 0, 0.8);
    const out = reflated(u, count, m, lambda, 2);
    const sigma = timesTransposed(lambda, m).map((x) => 4 * x);
    for (let c = 0; c < m; c++) {
      expect(meanOf(Array.from({ length: count }, (_, l) => out[l * m + c]!))).toBeCloseTo(0, 12);
      for (let r = 0; r < m; r++) {
        expect(meanOf(Array.from({ length: count }, (_, l) => out[l * m + c]! * out[l * m + r]!))).toBeCloseTo(sigma[c * m + r]!, 10);
      }
    }
    // A direction without variance stays without.
    const flat = reflated(Float64Array.of(0, 0, 0), 3, 1, Float64Array.of(0), 2);
    expect(flat).toEqual(Float64Array.of(0, 0, 0));
  });

  test("has the model's standard errors", async () => {
    const record = await bootstrap(hsbFull, { type: "residual", replicates: 200, seed: 9 });
    const own = columns(record);
    hsbFull.fixed.forEach(({ term, stdError }) => {
      const k = record.terms.findIndex((one) => one.term === term && one.part === undefined);
      expect(Math.abs(sdOf(own[k]!) / stdError - 1), term).toBeLessThan(3.5 / Math.sqrt(2 * 200));
    });
  });

  test("is for linear models", () => {
    expect(() => startBootstrap(incidence, { type: "residual", seed: 1 })).toThrow(/for linear models/);
  });
});

describe("whole units", () => {
  test("are drawn with their rows, twice drawn ones as two; nested factors with them", () => {
    expect(topFactor(splitPlot.frame)).toBe("Block");
    const { frame } = splitPlot;
    const blocks = clusterRows(frame, "Block")!;
    const again = resampledFrame(frame, blocks, [2, 0, 2]);
    expect(again.rows.length).toBe(36);
    expect(again.random.map(({ levels }) => levels.length).sort((a, b) => a - b)).toEqual([3, 9]);
    for (const term of again.random) {
      expect(new Set(term.levelOf).size).toBe(term.levels.length);
      expect(new Set(term.levels).size).toBe(term.levels.length);
    }
    const rows = Array.from(blocks.rows[2]!);
    expect(Array.from(again.response.values.subarray(24))).toEqual(rows.map((i) => frame.response.values[i]!));
  });

  test("drawn once each are the data: the same fit in another order of rows", async () => {
    const all = resampledFrame(
      slope.frame,
      clusterRows(slope.frame, "Subject")!,
      Array.from({ length: 18 }, (_, k) => 17 - k),
    );
    const { fitLinearMixed } = await import("../../src/models/linear-mixed.js");
    expect(fitLinearMixed(all, { method: slope.method }).criterion).toBeCloseTo(slope.criterion, 8);
  });

  test("left out one by one are fits without them", async () => {
    const record = await bootstrap(slope, { type: "parametric", replicates: 1, seed: 1, jackknife: true });
    expect([record.leftOut, record.jackknife.length]).toEqual([18, 18]);
    const without = Table.from(sleepstudy.toRows().filter((row) => row.Subject !== "335"));
    const { levels } = slope.frame.random[0]!;
    const fit = lmm("Reaction ~ Days + (Days | Subject)", without);
    expect(record.jackknife[levels.indexOf("335")]!.values![3]! / fit.sigma).toBeCloseTo(1, 5);
  });

  test("need a factor that has them", () => {
    expect(() => startBootstrap(crossed, { type: "cluster", seed: 1 })).toThrow(/cluster: "sample"/);
    expect(startBootstrap(crossed, { type: "cluster", cluster: "plate", seed: 1 }).cluster).toBe("plate");
    expect(() => startBootstrap(slope, { type: "cluster", cluster: "subject", seed: 1 })).toThrow(/Did you mean "Subject"/);
  });
});

describe("intervals", () => {
  const { estimate, replicates, leftOut, cases } = reference.intervals;
  const replicate = (value: number, k: number): BootstrapReplicate => ({ replicate: k, values: [value], converged: true, singular: false });
  const record: BootstrapRecord = {
    ...startBootstrap(slope, { type: "parametric", replicates: replicates.length, seed: 1, jackknife: true }),
    terms: [{ term: "x" }],
    estimate: [estimate],
    done: replicates.map(replicate),
    jackknife: leftOut.map(replicate),
  };

  test.each(["percentile", "basic", "bca"] as const)("are those of boot.ci: %s", (kind) => {
    for (const one of cases) {
      const [own] = bootstrapIntervals(record, { level: one.level, kind });
      expect(own!.lower).toBeCloseTo(one[kind][0]!, 8);
      expect(own!.upper).toBeCloseTo(one[kind][1]!, 8);
    }
  });

  test("of standard deviations do not go below zero, and say that they end there", () => {
    const skewed = { ...record, terms: [{ term: "sd__x", part: "random" as const, group: "g" }], estimate: [0.4] };
    expect(bootstrapIntervals(skewed, { kind: "basic" })[0]).toMatchObject({ lower: 0, bounds: ["lower"], group: "g" });
  });

  test("are confint's too, by part", async () => {
    const own = await bootstrap(slope, { type: "parametric", replicates: 99, seed: 1 });
    const options = { method: "bootstrap", bootstrap: own } as const;
    expect(confint(slope, { ...options, part: "all" })).toEqual(bootstrapIntervals(own));
    expect(confint(slope, options).map(({ term }) => term)).toEqual(["(Intercept)", "Days"]);
    expect(confint(slope, { ...options, part: "dispersion", kind: "basic" }).map(({ term }) => term)).toEqual(["sigma"]);
    expect(confint(slope, { ...options, terms: ["Days"], level: 0.5 })[0]!.level).toBe(0.5);
    expect(() => confint(slope, { method: "bootstrap" })).toThrow(/await bootstrap/);
    expect(() => confint(intercept, options)).toThrow(DataError);
    expect(() => bootstrapIntervals(own, { kind: "bca" })).toThrow(/jackknife: true/);
    expect(() => bootstrapIntervals(startBootstrap(slope, { type: "parametric", seed: 1 }))).toThrow(FitError);
  });
});

describe("a bootstrap", () => {
  test("tells how far it is, over replicates and the jackknife", async () => {
    const seen: number[] = [];
    let total = 0;
    await bootstrap(intercept, {
      type: "parametric",
      replicates: 20,
      seed: 1,
      jackknife: true,
      onProgress: (done, of) => {
        seen.push(done);
        total = of;
      },
    });
    expect(total).toBe(38);
    expect(seen).toEqual(Array.from({ length: 38 }, (_, k) => k + 1));
  });

  test("refuses what cannot be", () => {
    expect(() => startBootstrap(slope, { type: "wild" as "residual", seed: 1 })).toThrow(/There is no type "wild"/);
    expect(() => startBootstrap(slope, { type: "parametric", seed: 1, replicates: 2.5 })).toThrow(DataError);
    expect(() => startBootstrap(slope, { type: "parametric", seed: 0.5 })).toThrow(DataError);
  });
});
