/**
 * Recovery (the data-generating model is known, the model fitted is the same): two tests for each kind of study.
 *
 *   one large study     every term within 4 standard errors of its true value
 *   many small studies  over the seeds 1, 2, ... each term's mean z in (-0.6, 0.6); each analysis' variance of z over seeds and terms in
 *                       [0.5, 1.8]
 *
 * With 20 seeds the mean of z has a standard error of 0.22 and the variance of one term's z one of 0.32; the variance is judged over an
 * analysis' terms together, since among the many terms a few would lie outside by chance.
 *
 * RECOVERY_SEEDS (20, at least 10), RECOVERY_SCALE (1) and RECOVERY_LARGE_SCALE (8) set the sizes; in full size it is RECOVERY_SCALE=8.
 * RECOVERY_FIGURES names a file for the tables, in Markdown.
 */
import { describe, expect, test } from "vitest";
import type { TruthFile } from "../../src/mist/codebook/truth-file.js";
import { DEFAULT_SEED } from "../../src/mist/simulate/options.js";
import { isParameterName, type ParameterName } from "../../src/mist/simulate/parameters.js";
import { type Finding, findingsTable, pooled, pooledTable, report, type Terms, varianceOf, zOf } from "./findings.js";
import { sizeOf } from "./sizes.js";

const SEEDS = sizeOf("RECOVERY_SEEDS", 20, 10);
const SCALE = sizeOf("RECOVERY_SCALE", 1);
const LARGE_SCALE = sizeOf("RECOVERY_LARGE_SCALE", 8);

const MOST_ERRORS = 4;
/** That of 20 seeds is 2.7 standard errors of the mean; of fewer seeds as many. */
const GREATEST_MEAN = 0.6 * Math.max(1, Math.sqrt(20 / SEEDS));
const VARIANCE = [0.5, 1.8] as const;
/** The full size takes hours. */
const TIMEOUT = 6 * 3_600_000;

/** Defines both tests of a kind of study. `find` simulates one, fits its analyses and compares them with what the study was made from. */
export function testsRecovery(kind: string, find: (seed: number, scale: number) => readonly Finding[]): void {
  describe(`recovery: ${kind}`, () => {
    test(`every term lies within ${MOST_ERRORS} standard errors of its true value (scale ${LARGE_SCALE})`, { timeout: TIMEOUT }, () => {
      const found = find(DEFAULT_SEED, LARGE_SCALE);
      report(`${kind}: one study, preset recovery, scale ${LARGE_SCALE}, seed ${DEFAULT_SEED}`, findingsTable(found));
      for (const finding of found) {
        expect(Math.abs(zOf(finding)), `${finding.analysis}, ${finding.term}`).toBeLessThanOrEqual(MOST_ERRORS);
      }
    });

    test(`no bias and honest standard errors over ${SEEDS} seeds (scale ${SCALE})`, { timeout: TIMEOUT }, async () => {
      const studies: (readonly Finding[])[] = [];
      for (let seed = 1; seed <= SEEDS; seed++) {
        studies.push(find(seed, SCALE));
        // The runner hears from this process between two studies.
        await new Promise((resolve) => setImmediate(resolve));
      }
      const terms = pooled(studies);
      report(`${kind}: ${SEEDS} studies, preset recovery, scale ${SCALE}`, pooledTable(terms));
      for (const { analysis, term, meanZ } of terms) expect(Math.abs(meanZ), `mean z of ${analysis}, ${term}`).toBeLessThan(GREATEST_MEAN);
      for (const analysis of new Set(terms.map((term) => term.analysis))) {
        const z = studies.flat().filter((finding) => finding.analysis === analysis);
        const variance = varianceOf(z.map(zOf));
        expect(variance, `variance of z of ${analysis}`).toBeGreaterThanOrEqual(VARIANCE[0]);
        expect(variance, `variance of z of ${analysis}`).toBeLessThanOrEqual(VARIANCE[1]);
      }
    });
  });
}

/** The coefficients that truth.json states for an analysis. @throws Error where it states signs only */
export function implied(truth: TruthFile, analysis: string): Terms {
  const stated = truth.implied[analysis];
  if (stated?.kind !== "values") throw new Error(`truth.json has no values for ${analysis}`);
  return stated.terms;
}

/** A parameter that the study was made with. */
export function parameterOf({ parameters }: TruthFile, name: ParameterName): number {
  const value = parameters.find((parameter) => parameter.name === name)?.value;
  if (!isParameterName(name) || typeof value !== "number") throw new Error(`truth.json has no number ${name}`);
  return value;
}
