/**
 * Generalized and cumulative mixed models against the reference values of generalized/: log-likelihood, estimates, standard errors,
 * random effects and everything else that a stored fit holds; and how many evaluations each takes. Every file of generalized/fits and
 * generalized/fits-given is a case; `GENERALIZED_TABLE=1` prints them all with what they differ by.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { readTable } from "../../src/io/read-table.js";
import { familyNamed } from "../../src/models/families/registry.js";
import type { FixedEffect, RandomComponent } from "../../src/models/fit.js";
import type { GeneralizedMixedFit } from "../../src/models/generalized-fit.js";
import { evaluateLaplace, laplaceGradient } from "../../src/models/laplace/criterion.js";

interface ReferenceEffect {
  readonly term: string;
  readonly estimate: number;
  readonly se: number;
}

/** `fits-given` calls the first effect `term1` and gives `sdcor`. */
interface ReferenceRandom {
  readonly group: string;
  readonly term?: string;
  readonly term1?: string;
  readonly term2?: string | null;
  readonly sd?: number | null;
  readonly correlation?: number | null;
  readonly sdcor?: number | null;
  readonly se_log_sd?: number | null;
  readonly se_atanh_correlation?: number | null;
}

interface ReferenceGeneralized {
  readonly case: string;
  readonly model?: string;
  readonly kind?: string;
  readonly data: string;
  readonly data_file?: string;
  readonly schema_file?: string;
  readonly formula: string;
  readonly family?: string;
  readonly link: string;
  readonly agq?: number;
  readonly nAGQ?: number;
  readonly zi?: string | null | readonly ReferenceEffect[];
  readonly hurdle?: boolean;
  readonly dispersion_formula?: string | null;
  readonly scale?: string | null;
  readonly nominal?: string | null;
  readonly threshold_structure?: string | null;
  readonly weights?: string | null;
  readonly offset?: string | null;
  readonly nobs: number;
  readonly groups?: Readonly<Record<string, number>>;
  readonly logLik: number;
  readonly AIC: number;
  readonly BIC?: number;
  readonly npar: number;
  readonly singular?: boolean;
  readonly fixed: readonly ReferenceEffect[];
  readonly thresholds?: readonly ReferenceEffect[] | null;
  readonly threshold_parameters?: readonly ReferenceEffect[] | null;
  readonly scale_effects?: readonly ReferenceEffect[] | null;
  readonly random: readonly ReferenceRandom[];
  readonly dispersion?: number | null;
  readonly dispersion_log?: readonly ReferenceEffect[] | null;
  readonly shape?: number | null;
  readonly zeroInflation?: { readonly fixed: readonly ReferenceEffect[]; readonly random: readonly ReferenceRandom[] } | null;
  readonly check?: { readonly saturated_logLik?: number; readonly logLik_scale?: string } | null;
}

interface Tolerance {
  /** Absolute, of the log-likelihood. */
  readonly logLik: number;
  /** In standard errors. */
  readonly estimate: number;
  /** Relative, of standard errors. */
  readonly stdError: number;
  /** Relative, of standard deviations and the dispersion; absolute, of correlations. */
  readonly random: number;
}

/** What DESIGN promises, for what lme4, ordinal and glmmTMB stopped at by themselves. */
const PROMISED: Tolerance = { logLik: 1e-3, estimate: 1e-2, stdError: 1e-2, random: 1e-2 };
/** References finished by Newton steps: a gradient of at most 1e-7 standard errors there, 1e-4 at worst here (the meaning of `converged`). */
const FINISHED: Tolerance = { logLik: 1e-6, estimate: 1e-3, stdError: 1e-3, random: 1e-3 };

const FOLDERS = [
  ["fits", FINISHED],
  ["fits-given", PROMISED],
] as const;

/** Families of models of ordered categories. */
const ORDINAL = ["cumulative", "adjacent"];

/** At most so many evaluations of value and gradient, as the search counts them. */
const MOST_EVALUATIONS = 20;
/** Cases that may take more, and why. */
const SLOW: ReadonlyMap<string, { readonly evaluations: number; readonly reason: string }> = new Map([
  ["guprenat", { evaluations: 120, reason: "separated: mothers nearly all 0 or all 1, a standard deviation of 17 between them" }],
]);

const here = (path: string): string => join(dirname(fileURLToPath(import.meta.url)), path);

interface Case {
  readonly name: string;
  readonly reference: ReferenceGeneralized;
  readonly family: string;
  readonly tolerance: Tolerance;
}

const cases: readonly Case[] = FOLDERS.flatMap(([folder, tolerance]) =>
  readdirSync(here(`generalized/${folder}`))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file): Case => {
      const reference: ReferenceGeneralized = JSON.parse(readFileSync(here(`generalized/${folder}/${file}`), "utf8"));
      const family = reference.family ?? (reference.kind === "clmm" ? "cumulative" : "");
      return { name: `${folder}/${reference.case}`, reference, family, tolerance };
    }),
);

const tables = new Map<string, Promise<Table>>();

function tableOf({ data, data_file, schema_file }: ReferenceGeneralized): Promise<Table> {
  const stored = readdirSync(here("generalized/data")).find((file) => file === `${data}.csv` || file === `${data}.csv.gz`);
  const file = data_file === undefined ? here(`generalized/data/${stored}`) : here(join("..", "..", data_file));
  let table = tables.get(file);
  if (table === undefined) {
    const schema = schema_file === undefined ? here(`generalized/data/${data}.schema.json`) : here(join("..", "..", schema_file));
    table = readTable(file, { schema });
    tables.set(file, table);
  }
  return table;
}

const given = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null && value !== undefined)) as T;

const fits = new Map<string, Promise<GeneralizedMixedFit>>();

/** Fits each case once. */
function fitOf(own: Case): Promise<GeneralizedMixedFit> {
  let fit = fits.get(own.name);
  if (fit === undefined) {
    fit = fitted(own);
    fits.set(own.name, fit);
  }
  return fit;
}

async function fitted({ reference, family }: Case): Promise<GeneralizedMixedFit> {
  const { formula, link, zi, hurdle, dispersion_formula, scale, nominal, threshold_structure, weights, offset } = reference;
  const table = await tableOf(reference);
  const shared = { link, agq: reference.agq ?? reference.nAGQ ?? 1, weights: weights ?? undefined, offset: offset ?? undefined };
  if (ORDINAL.includes(family)) {
    const parts = { family, nominal: nominal ?? undefined, scale: scale ?? undefined, threshold: threshold_structure ?? undefined };
    return clmm(formula, table, given({ ...shared, ...parts }));
  }
  const parts = { family, hurdle: hurdle ?? false, dispersion: dispersion_formula ?? undefined };
  return glmm(formula, table, given({ ...shared, ...parts, zi: typeof zi === "string" ? zi : undefined }));
}

/** lme4 leaves the log-likelihood of the saturated model out with more than one node; another case on the same response has it. */
function fullLogLik({ name, reference }: Case): number {
  const points = reference.agq ?? reference.nAGQ ?? 1;
  const printed = name.startsWith("fits-given/") && reference.kind === "glmm" && points > 1;
  if (!printed) return reference.logLik;
  const response = (formula: string): string => formula.slice(0, formula.indexOf("~"));
  const other = cases.find(
    (own) =>
      own.reference.data === reference.data &&
      response(own.reference.formula) === response(reference.formula) &&
      own.reference.check?.saturated_logLik !== undefined,
  );
  expect(other, "a case with the saturated model's log-likelihood").toBeDefined();
  return reference.logLik + other!.reference.check!.saturated_logLik!;
}

interface Difference {
  readonly logLik: number;
  readonly estimate: number;
  readonly stdError: number;
  readonly random: number;
  readonly evaluations: number;
  readonly gradientNorm: number;
}

const measured = new Map<string, Difference>();

/** Largest differences of estimates (in standard errors) and of standard errors (relative). */
function compareEffects(
  own: readonly FixedEffect[],
  expected: readonly ReferenceEffect[],
): { readonly estimate: number; readonly stdError: number } {
  expect(own.map(({ term }) => term)).toEqual(expected.map(({ term }) => term));
  let estimate = 0;
  let stdError = 0;
  expected.forEach((effect, j) => {
    estimate = Math.max(estimate, Math.abs(own[j]!.estimate - effect.estimate) / effect.se);
    stdError = Math.max(stdError, Math.abs(own[j]!.stdError / effect.se - 1));
  });
  return { estimate, stdError };
}

function matching(own: readonly RandomComponent[], expected: ReferenceRandom): number {
  const term2 = expected.term2 ?? null;
  return own.findIndex(
    (component) =>
      component.group === expected.group &&
      component.term === (expected.term ?? expected.term1) &&
      ("term2" in component ? component.term2 : null) === term2,
  );
}

function compareRandom(own: readonly RandomComponent[], expected: readonly ReferenceRandom[]): number {
  expect(own.length).toBe(expected.length);
  let largest = 0;
  for (const component of expected) {
    const at = matching(own, component);
    expect(at, `${component.group} ${component.term ?? component.term1} ${component.term2 ?? ""}`).toBeGreaterThanOrEqual(0);
    const found = own[at]!;
    if ("term2" in found) {
      const correlation = component.correlation !== undefined ? component.correlation : component.sdcor!;
      if (correlation === null) expect(found.correlation).toBeNull();
      else largest = Math.max(largest, Math.abs(found.correlation! - correlation));
      continue;
    }
    const sd = component.sd ?? component.sdcor!;
    // Standard deviations of whitened factors below 1e-4 are set to zero.
    if (sd < 1e-4) expect(found.sd).toBeLessThan(1e-3);
    else largest = Math.max(largest, Math.abs(found.sd / sd - 1));
  }
  return largest;
}

describe.each(cases.map((own) => [own.name, own] as const))("%s", (name, own) => {
  const { reference, tolerance } = own;

  test("agrees with the reference", async () => {
    const fit = await fitOf(own);
    const effects = [compareEffects(fit.fixed, reference.fixed)];
    if (reference.threshold_parameters) effects.push(compareEffects(fit.thresholds!, reference.threshold_parameters));
    else if (reference.thresholds) effects.push(compareEffects(fit.thresholds!, reference.thresholds));
    if (reference.scale_effects) effects.push(compareEffects(fit.scaleModel!.fixed, reference.scale_effects));
    if (reference.dispersion_formula) effects.push(compareEffects(fit.dispersionModel!.fixed, reference.dispersion_log!));
    else if (reference.dispersion_log)
      effects.push(compareEffects(furtherEffects(fit, reference.dispersion_log), reference.dispersion_log));
    let random = compareRandom(fit.random, reference.random);
    if (reference.zeroInflation) {
      effects.push(compareEffects(fit.zeroInflation!.fixed, reference.zeroInflation.fixed));
      random = Math.max(random, compareRandom(fit.zeroInflation!.random, reference.zeroInflation.random));
    } else expect(fit.zeroInflation).toBeNull();
    if (reference.dispersion != null) random = Math.max(random, Math.abs(fit.dispersion! / reference.dispersion - 1));
    if (reference.shape != null) random = Math.max(random, Math.abs(fit.shape! / reference.shape - 1));
    const difference: Difference = {
      logLik: fit.logLik - fullLogLik(own),
      estimate: Math.max(...effects.map(({ estimate }) => estimate)),
      stdError: Math.max(...effects.map(({ stdError }) => stdError)),
      random,
      evaluations: fit.evaluations,
      gradientNorm: fit.gradientNorm,
    };
    measured.set(name, difference);
    expect(Math.abs(difference.logLik)).toBeLessThan(tolerance.logLik);
    expect(difference.estimate).toBeLessThan(tolerance.estimate);
    expect(difference.stdError).toBeLessThan(tolerance.stdError);
    expect(difference.random).toBeLessThan(tolerance.random);

    expect(fit.converged).toBe(true);
    expect(fit.gradientNorm).toBeLessThan(1e-4);
    expect(fit.nobs).toBe(reference.nobs);
    expect(fit.npar).toBe(reference.npar);
    if (reference.singular !== undefined) expect(fit.singular).toBe(reference.singular);
    if (reference.groups) {
      expect(Object.fromEntries(fit.groups.map((group) => [group.name, group.levels]))).toEqual(reference.groups);
    }
    expect(fit.aic).toBeCloseTo(2 * (fit.npar - fit.logLik), 9);
    expect(fit.bic).toBeCloseTo(fit.npar * Math.log(fit.nobs) - 2 * fit.logLik, 9);
    expect(fit.criterion).toBeCloseTo(-2 * fit.logLik, 9);
    expect(fit.evaluations).toBeLessThanOrEqual(SLOW.get(reference.case)?.evaluations ?? MOST_EVALUATIONS);
  });

  test("standard errors of the random effects agree", async () => {
    const fit = await fitOf(own);
    for (const component of reference.random) {
      const expected = component.se_log_sd ?? component.se_atanh_correlation ?? null;
      // Near zero the likelihood is flat in log(sd).
      if (expected === null || expected > 5) continue;
      const at = matching(fit.random, component);
      expect(Math.abs(fit.randomErrors[at]!.stdError! / expected - 1)).toBeLessThan(tolerance.stdError);
    }
  });
});

/** The dispersion's own parameter with its standard error, under the reference's name and on its scale. */
function furtherEffects({ engine, fixed, family }: GeneralizedMixedFit, names: readonly ReferenceEffect[]): FixedEffect[] {
  const { point, problem, jointCovariance } = engine;
  const at = problem.parameters.length + fixed.length;
  // Here the parameter is log sigma, there log sigma squared.
  const scale = family === "inverse_gaussian" ? 2 : 1;
  const estimate = scale * point[at]!;
  const stdError = scale * Math.sqrt(jointCovariance![at * point.length + at]!);
  return names.map(({ term }) => ({ term, estimate, stdError, statistic: estimate / stdError }));
}

describe("what the folders hold", () => {
  test("more than fifteen models of our own making, and every family is known", () => {
    expect(cases.filter(({ name }) => name.startsWith("fits/")).length).toBeGreaterThanOrEqual(15);
    for (const { family, name } of cases) {
      if (ORDINAL.includes(family)) continue;
      expect(familyNamed(family).name, name).toBe(family);
    }
  });

  test("what is excused from the limit of evaluations exists, and needs the excuse", () => {
    for (const name of SLOW.keys()) {
      const own = measured.get(`fits/${name}`);
      expect(own, name).toBeDefined();
      expect(own!.evaluations, name).toBeGreaterThan(MOST_EVALUATIONS);
    }
  });
});

describe("guPrenat, on which glmer fails", () => {
  test("no step along any parameter improves the log-likelihood, and the gradient vanishes in units of standard errors", async () => {
    const fit = await fitOf(cases.find(({ name }) => name === "fits/guprenat")!);
    const { problem, point, effects, jointCovariance } = fit.engine;
    const { gradient } = laplaceGradient(problem, evaluateLaplace(problem, point, effects));
    const size = point.length;
    for (let j = 0; j < size; j++) {
      const stdError = Math.sqrt(jointCovariance![j * size + j]!);
      expect(Math.abs(gradient[j]! * stdError), `parameter ${j}`).toBeLessThan(1e-3);
      for (const by of [-0.1, -0.01, 0.01, 0.1]) {
        const moved = Float64Array.from(point);
        moved[j] = moved[j]! + by * stdError;
        expect(evaluateLaplace(problem, moved, effects).value, `parameter ${j}`).toBeGreaterThan(fit.criterion - 1e-7);
      }
    }
  });
});

afterAll(() => {
  if (!process.env.GENERALIZED_TABLE) return;
  const short = (x: number): string => x.toExponential(1).padStart(9);
  const lines = Array.from(
    measured,
    ([name, own]) =>
      `${name.padEnd(42)}${[own.logLik, own.estimate, own.stdError, own.random, own.gradientNorm].map(short).join("")}${String(own.evaluations).padStart(6)}`,
  );
  const head = `${"".padEnd(42)}${["logLik", "estimate", "se", "random", "gradient"].map((x) => x.padStart(9)).join("")} evals`;
  console.log([head, ...lines].join("\n"));
});
