/** Profile likelihood against lme4, against points nearby that nobody searched, and against itself in other coordinates. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../src/data/random.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { confint } from "../../src/inference/confint.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { profile, profileInTurns, profileIntervals, profileValue, profileZeta } from "../../src/inference/profile.js";
import { naturalSpline } from "../../src/inference/profile-spline.js";
import { readTable } from "../../src/io/read-table.js";
import { AbortError, FitError } from "../../src/messages.js";
import { lambdaOf, setPartBlock, thetaOf } from "../../src/models/blocks/covariance-parameters.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { evaluateLaplace } from "../../src/models/laplace/criterion.js";
import { invertLower, lowerFactor, multiply, timesTransposed } from "../../src/models/linalg/symmetric.js";
import { generalizedProfileModel } from "../../src/models/profile-generalized.js";
import type { HoldableParameter } from "../../src/models/profile-search.js";
import { columnsOf } from "../models/blocks/designs.js";
import { boundary, crossed, dyestuff2, intercept, interceptMl, sleepstudy, slope, slopeMl } from "./fits.js";
import { epil, incidence, ratings, seizures, wine } from "./generalized-fits.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const data = (name: string): string => join(root, "..", "data", name);
const table = (name: string): Promise<Table> => readTable(data(`${name}.csv`), { schema: data(`${name}.schema.json`) });

const pastes = await table("pastes");
const dyestuff = await table("dyestuff");

interface Reference {
  readonly cases: Readonly<
    Record<string, { readonly intervals: readonly { level: number; term: string[]; lower: number[]; upper: number[] }[] }>
  >;
}
const reference = JSON.parse(readFileSync(join(root, "reference", "inference", "intervals", "profile.json"), "utf8")) as Reference;

describe("intervals are lme4's", () => {
  test.each([
    ["sleepstudy", slope],
    ["uncorrelated", lmm("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", sleepstudy)],
    ["pastes", lmm("strength ~ 1 + (1 | batch/cask)", pastes)],
    ["penicillin", crossed],
    ["dyestuff", lmm("Yield ~ 1 + (1 | Batch)", dyestuff)],
    ["cbpp", incidence],
  ])("%s", (name, fit) => {
    for (const { level, lower, upper } of reference.cases[name]!.intervals) {
      const own = confint(fit, { method: "profile", part: "all", level });
      expect(own.length).toBe(lower.length);
      own.forEach((interval, k) => {
        const near = (a: number, b: number): void => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-4 * Math.abs(b));
        near(interval.lower, lower[k]!);
        near(interval.upper, upper[k]!);
      });
    }
  });

  test("at the boundary, but for sigma, where lme4 finds none", () => {
    const [sd, sigma, mean] = confint(boundary, { method: "profile", part: "all" });
    const { lower, upper } = reference.cases.dyestuff2!.intervals[0]!;
    expect([sd!.lower, sd!.bounds]).toEqual([0, ["lower"]]);
    expect(sd!.upper / upper[0]!).toBeCloseTo(1, 4);
    expect([mean!.lower / lower[2]!, mean!.upper / upper[2]!]).toEqual([expect.closeTo(1, 4), expect.closeTo(1, 4)]);
    // With the variance at zero throughout, n log(s) + r^2 / s has a closed form.
    const n = boundary.nobs;
    const { estimate } = sigma!;
    const rise = (v: number): number => n * (2 * Math.log(v / estimate) + (estimate / v) ** 2 - 1);
    expect(rise(sigma!.upper)).toBeCloseTo(1.959964 ** 2, 4);
    expect(dyestuff2.rowCount).toBe(n);
  });
});

describe("an interval that ends at the end of its range", () => {
  test("says so, in words too", () => {
    const own = profile(boundary, { part: "random" });
    expect(own.curves[0]!.bounds).toEqual(["lower"]);
    expect(own.curves[0]!.points[0]).toMatchObject({ value: 0, zeta: 0 });
    expect(own.notes.map(({ code }) => code)).toEqual(["profile-likelihood", "profile-bound"]);
  });

  test("may be that of a correlation", () => {
    const few = Table.from(sleepstudy.toRows().filter((_, i) => i < 60));
    const fit = lmm("Reaction ~ Days + (Days | Subject)", few, { method: "ml" });
    const [, cor] = confint(fit, { method: "profile", part: "random" });
    expect([cor!.upper, cor!.bounds]).toEqual([1, ["upper"]]);
    expect(cor!.lower).toBeGreaterThan(-1);
  });
});

describe("a profile", () => {
  const curves = profile(slopeMl).curves;

  test("is zero at the estimate, rises through it and has roots of deviance differences", () => {
    expect(curves.map(({ term }) => term)).toEqual([
      "sd__(Intercept)",
      "cor__(Intercept).Days",
      "sd__Days",
      "sigma",
      "(Intercept)",
      "Days",
    ]);
    for (const { points, estimate, term } of curves) {
      expect(points.find(({ value }) => value === estimate)!.zeta, term).toBe(0);
      for (let k = 1; k < points.length; k++) {
        expect(points[k]!.value).toBeGreaterThan(points[k - 1]!.value);
        expect(points[k]!.zeta).toBeGreaterThan(points[k - 1]!.zeta);
      }
      for (const { zeta, deviance, converged } of points) {
        expect(zeta * zeta).toBeCloseTo(deviance - slopeMl.criterion, 6);
        expect(converged).toBe(true);
      }
      for (const { zeta, value } of [points[0]!, points.at(-1)!]) expect(Math.abs(zeta) > 3 || Math.abs(value) === 1).toBe(true);
    }
  });

  test("can be read both ways between its points", () => {
    const [days] = profile(slopeMl, { terms: ["Days"] }).curves;
    expect(profileZeta(days!, days!.lower)).toBeCloseTo(-1.959964, 5);
    expect(profileValue(days!, 1.959964)).toBeCloseTo(days!.upper, 5);
    expect(profileZeta(days!, profileValue(days!, 1.3))).toBeCloseTo(1.3, 4);
    expect(profileValue(days!, 9)).toBeNaN();
    // Interpolated for another level, computed for it.
    const eighty = profileIntervals({ ...profile(slopeMl, { part: "random" }) }, 0.8);
    const computed = confint(slopeMl, { method: "profile", part: "random", level: 0.8 });
    eighty.forEach(({ lower, upper }, k) => {
      expect(lower / computed[k]!.lower).toBeCloseTo(1, 3);
      expect(upper / computed[k]!.upper).toBeCloseTo(1, 3);
    });
  });

  test("of a REML fit is of the likelihood, and says so", () => {
    const own = profile(intercept, { part: "mean" });
    expect(own.notes.map(({ code }) => code)).toEqual(["profile-likelihood"]);
    expect(own.deviance).toBeCloseTo(interceptMl.criterion, 6);
    expect(profile(interceptMl, { part: "mean" }).notes).toEqual([]);
  });

  test("does not depend on the order in which a term has its effects, nor on their units", () => {
    const columns = columnsOf({ n: 240, first: 24, second: 8, third: 3, moves: 0.2 }, "crossed", 5);
    const next = randomStream(3, "profile");
    const effect = Array.from({ length: 24 }, () => [next.normal(), 0.7 * next.normal(), next.normal()]);
    const a = Array.from({ length: 240 }, (_, i) => i % 24);
    const x = a.map(() => next.normal());
    const z = a.map(() => 3 + next.normal());
    const y = a.map((g, i) => effect[g]![0]! + x[i]! * (1 + effect[g]![1]!) + z[i]! * effect[g]![2]! + next.normal());
    const own = Table.from({ a: a.map(String), x, z, y, one: a.map(() => 1), thousand: x.map((value) => value * 1000) });
    expect(columns).toBeDefined();
    const options = { method: "profile", part: "random" } as const;
    const sorted = (formula: string, unit = 1) =>
      confint(lmm(formula, own, { method: "ml" }), options)
        .filter(({ term }) => term.startsWith("sd__") && !/Intercept|one/.test(term))
        .map(({ term, lower, upper }) => {
          const scale = term === "sd__thousand" ? unit : 1;
          return [term.replace("thousand", "x"), lower * scale, upper * scale] as const;
        })
        .sort(([left], [right]) => (left < right ? -1 : 1));
    const plain = sorted("y ~ x + z + (1 + x + z | a)");
    expect(plain.length).toBe(2);
    for (const other of [sorted("y ~ x + z + (0 + z + x + one | a)"), sorted("y ~ x + z + (1 + z + thousand | a)", 1000)]) {
      other.forEach(([term, lower, upper], k) => {
        expect(term).toBe(plain[k]![0]);
        expect(lower / plain[k]![1]).toBeCloseTo(1, 4);
        expect(upper / plain[k]![2]).toBeCloseTo(1, 4);
      });
    }
  });

  test("begins again where a better optimum turns up", () => {
    const { engine } = incidence;
    const point = Float64Array.from(engine.point);
    point[0] = 0.25 * point[0]!;
    const criterion = evaluateLaplace(engine.problem, point, new Float64Array(engine.effects.length)).value;
    const stuck = {
      ...Object.assign(Object.create(null), incidence),
      criterion,
      frame: incidence.frame,
      engine: { ...engine, point },
    } as GeneralizedMixedFit;
    expect(criterion).toBeGreaterThan(incidence.criterion + 0.5);
    const own = profile(stuck, { terms: ["period2", "sd__(Intercept)"] });
    const right = profile(incidence, { terms: ["period2", "sd__(Intercept)"] });
    expect(own.notes.map(({ code }) => code)).toEqual(["better-optimum"]);
    expect(own.deviance).toBeCloseTo(incidence.criterion, 6);
    own.curves.forEach(({ lower, upper, estimate }, k) => {
      expect(estimate).toBeCloseTo(right.curves[k]!.estimate, 4);
      expect(lower).toBeCloseTo(right.curves[k]!.lower, 4);
      expect(upper).toBeCloseTo(right.curves[k]!.upper, 4);
    });
  });
});

/** A point of the model's own parameters, changed as little as may be so that the parameter has the value; null where there is none. */
function imposed(fit: GeneralizedMixedFit, parameter: HoldableParameter, value: number, point: Float64Array): Float64Array | null {
  const { problem, names, transform } = fit.engine;
  const { structure, parameters, model } = problem;
  const first = parameters.length;
  const out = Float64Array.from(point);
  if (parameter.kind !== "sd" && parameter.kind !== "cor") {
    const k = names.indexOf(parameter.kind === "sigma" ? "dispersion" : parameter.term);
    const a = transform.subarray(k * model.psiCount, (k + 1) * model.psiCount);
    const now = a.reduce((sum, x, j) => sum + x * point[first + j]!, 0);
    const squares = a.reduce((sum, x) => sum + x * x, 0);
    a.forEach((x, j) => {
      out[first + j] = out[first + j]! + (x * (value - now)) / squares;
    });
    return out;
  }
  // One group with one term in the models here.
  const group = structure.groups[0]!;
  const m = group.size;
  const lambda = multiply(group.whitening, lambdaOf(structure.groups, parameters, point)[0]!, m);
  const { effects } = fit.randomTerms[0]!;
  if (parameter.kind === "sd") {
    const i = effects.indexOf(parameter.term.slice("sd__".length));
    const sd = Math.hypot(...Array.from({ length: m }, (_, c) => lambda[c * m + i]!));
    for (let c = 0; c < m; c++) lambda[c * m + i] = (lambda[c * m + i]! * value) / sd;
  } else {
    const sigma = timesTransposed(lambda, m);
    const scale = Math.sqrt(sigma[0]! * sigma[m + 1]!);
    lambda[1] = (value * scale) / lambda[0]!;
    lambda[m + 1] = Math.sqrt(Math.max(0, sigma[m + 1]! - lambda[1]! ** 2));
  }
  const whitened = lambdaOf(structure.groups, parameters, point);
  setPartBlock(whitened[0]!, m, group.parts[0]!, lowerFactor(multiply(invertLower(group.whitening, m), lambda, m), m));
  out.set(thetaOf(structure.groups, parameters, whitened));
  return out;
}

describe("no point nearby with the same value is better", () => {
  const visits = glmm("y ~ Base + trt + Visit + (Visit | subject)", epil, { family: "nbinom2" });
  const judges = clmm("rating ~ temp + contact + (temp | judge)", wine);
  test.each([
    ["negative binomial counts", visits],
    ["ordered categories", judges],
    ["thresholds in a structure", clmm("rating ~ temp + contact + (1 | judge)", wine, { threshold: "symmetric" })],
    ["a scale that differs", clmm("rating ~ contact + (1 | judge)", wine, { link: "probit", scale: "~ temp" })],
  ])("%s", (_, fit) => {
    const { problem, effects } = fit.engine;
    const none = new Float64Array(effects.length);
    const random = randomStream(9, "nearby");
    const model = generalizedProfileModel(fit);
    for (const parameter of model.parameters) {
      for (const side of [-1, 1]) {
        const value = Math.min(parameter.range[1], Math.max(parameter.range[0], parameter.estimate + 1.5 * side * parameter.scale));
        if (parameter.kind === "cor" && Math.abs(value) === 1) continue;
        const held = parameter.hold(value, null);
        const own = parameter.released(held);
        const at = evaluateLaplace(problem, own, none).value;
        expect(at).toBeCloseTo(held.deviance, 5);
        expect(held.deviance).toBeGreaterThan(model.deviance - 1e-6);
        if (value === 0 && parameter.kind === "sd") continue;
        const same = imposed(fit, parameter, value, own)!;
        expect(evaluateLaplace(problem, same, none).value, parameter.term).toBeCloseTo(at, 4);
        for (let trial = 0; trial < 12; trial++) {
          const size = 10 ** (-2 + 0.15 * trial);
          const moved = imposed(
            fit,
            parameter,
            value,
            own.map((x) => x + size * 0.1 * random.normal()),
          )!;
          expect(evaluateLaplace(problem, moved, none).value, `${parameter.term} at ${value}`).toBeGreaterThan(at - 1e-6);
        }
      }
    }
  });
});

describe("profiles of generalized and cumulative models", () => {
  test("have all parameters of their parts", () => {
    expect(profile(ratings, { reach: 0 }).curves.map(({ term, part = "mean" }) => `${part} ${term}`)).toEqual([
      "random sd__(Intercept)",
      ...["1|2", "2|3", "3|4", "4|5"].map((term) => `thresholds ${term}`),
      "mean tempwarm",
      "mean contactyes",
    ]);
    const [sigma] = confint(seizures, { method: "profile", part: "dispersion" });
    expect(sigma!.estimate).toBeCloseTo(seizures.dispersion!, 8);
    expect(sigma!.lower).toBeLessThan(sigma!.estimate);
    const [wald] = confint(seizures, { part: "dispersion" });
    expect(sigma!.upper / wald!.upper).toBeCloseTo(1, 1);
  });

  test("of a coefficient are those of the model with its column in the offset", () => {
    const [, contact] = profile(ratings, { part: "mean" }).curves;
    const { points } = contact!;
    for (const { value, deviance } of [points[1]!, points.at(-2)!]) {
      const shifted = Table.from(wine.toRows().map((row) => ({ ...row, held: row.contact === "yes" ? value : 0 }))) as Table;
      const fit = clmm("ordered(rating) ~ temp + offset(held) + (1 | judge)", shifted);
      expect(deviance).toBeCloseTo(fit.criterion, 5);
    }
  });

  test("by quadrature begin at the quadrature's optimum", () => {
    const fit = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", incidenceTable(), { family: "binomial", agq: 9 });
    const own = profile(fit, { terms: ["sd__(Intercept)"] });
    expect(own.deviance).toBe(fit.criterion);
    const [laplace] = profile(incidence, { terms: ["sd__(Intercept)"] }).curves;
    expect(own.curves[0]!.upper).not.toBeCloseTo(laplace!.upper, 4);
    expect(own.curves[0]!.upper / laplace!.upper).toBeCloseTo(1, 1);
  });
});

function incidenceTable(): Table {
  const { frame } = incidence;
  const herd = frame.random[0]!;
  const period = ["period2", "period3", "period4"].map((name) => frame.fixed.names.indexOf(name));
  return Table.from(
    Array.from(frame.rows, (_, i) => ({
      incidence: frame.response.values[i]!,
      size: frame.response.trials![i]!,
      herd: herd.levels[herd.levelOf[i]!]!,
      period: String(1 + period.reduce((at, j, k) => (frame.fixed.values[j * frame.rows.length + i] === 1 ? k + 1 : at), 0)),
    })),
  );
}

describe("running a profile", () => {
  test("tells how far it is, and stops when asked", async () => {
    const seen: string[] = [];
    profile(interceptMl, { onProgress: (done, total) => seen.push(`${done}/${total}`) });
    expect(seen).toEqual(["1/4", "2/4", "3/4", "4/4"]);
    const stop = new AbortController();
    expect(() => profile(interceptMl, { signal: stop.signal, onProgress: () => stop.abort() })).toThrow(AbortError);
    const later = new AbortController();
    setTimeout(() => later.abort());
    await expect(profileInTurns(incidence, { signal: later.signal })).rejects.toThrow(AbortError);
    expect(await profileInTurns(interceptMl, { part: "mean" })).toEqual(profile(interceptMl, { part: "mean" }));
  });

  test("refuses what is not there", () => {
    expect(() => profile(slope, { level: 95 })).toThrow(FitError);
    expect(() => profile(slope, { terms: ["Dayz"] })).toThrow(/no parameter "Dayz" here. Did you mean "Days"/);
    expect(() => profile(slope, { part: "thresholds" })).toThrow(/nothing to profile in the part "thresholds"/);
    const fast = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", incidenceTable(), { family: "binomial", agq: 0 });
    expect(() => profile(fast)).toThrow(/agq: 1/);
    // A caller without types.
    expect(() => confint(slope, { method: "profiled" as "profile" })).toThrow(/There is no method "profiled"/);
  });
});

describe("the spline", () => {
  test("goes through its points and is straight beyond them; a straight line is one", () => {
    const x = [0, 1, 2.5, 4];
    const y = [1, 0, 2, 5];
    const curve = naturalSpline(x, y);
    for (const [k, at] of x.entries()) expect(curve(at)).toBeCloseTo(y[k]!, 12);
    expect(curve(6) - curve(5)).toBeCloseTo(curve(5) - curve(4), 12);
    expect(naturalSpline(x, x)(3.3)).toBeCloseTo(3.3, 12);
    expect(naturalSpline([1, 2], [5, 7])(1.5)).toBe(6);
  });
});
