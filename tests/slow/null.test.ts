/**
 * Preset `null`: nothing depends on anything, so a test at the 5 per cent level should reject in 5 per cent of data sets. A data set is one
 * district of a large study: districts are independent, and as small as data sets of this field are (30 teachers a cycle).
 *
 * The share of rejections over all tests of an analysis must lie in [0.02, 0.09]; that of one term, which 200 data sets give with a
 * standard error of 0.015, in [0.005, 0.11] (4 standard errors to the right).
 *
 * NULL_SETS sets the number of data sets (200, and no fewer), RECOVERY_FIGURES names a file for the table.
 */
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import type { MixedFit } from "../../src/inference/mixed-fit.js";
import type { Study } from "../../src/mist/codebook/study.js";
import { derive } from "../../src/mist/derive/derive.js";
import { tablesOf } from "../../src/mist/simulate/collect.js";
import { simulateDistricts } from "../../src/mist/simulate/simulate.js";
import { markdown, meanOf, report } from "./findings.js";
import { sizeOf } from "./sizes.js";

const SETS = sizeOf("NULL_SETS", 200, 200);
const DISTRICTS_A_BLOCK = 4;
const LEVEL = 0.05;
const POOLED = [0.02, 0.09] as const;
const OF_ONE_TERM = [0.005, 0.11] as const;

/**
 * The analyses of one data set by name; tests are those of the coefficients. Left out is what is related without any slope, through
 * effects that practice and a predictor share: keeping demand in the launch (known for high potential only, and the levels of potential and
 * of discussion are correlated) and the expertise of colleagues (who share the school's effect).
 */
function fitsOf(study: Study): Record<string, MixedFit> {
  const { lessons, teacher_years } = derive(study, { levels: ["lessons", "teacher_years"] }).tables;
  return {
    "A3 explanation (clmm)": clmm("explanation ~ p_black + p_latinx + p_el + vision + mkt + (1 | teacher_id)", teacher_years),
    "A4 maintained (glmm)": glmm("maintained ~ expl + adj + mkt + vision + (1 | teacher_id)", lessons, { family: "binomial" }),
    "A5, A9 discussion (clmm)": clmm(
      "discussion_quality ~ setup_context_language + setup_math_language + expl + mkt + vision + (1 | teacher_id)",
      lessons,
    ),
    "A10 practice (lmm)": lmm("iqa_composite ~ yr * (mkt0 + vision0) + (1 | teacher_id) + (0 + yr | teacher_id)", teacher_years),
    "A21 practice and supports (lmm)": lmm(
      "iqa_composite ~ dose_hl + dose_obs + mtg_quality + (1 | school_id) + (1 | teacher_id)",
      teacher_years,
    ),
  };
}

describe("preset null", () => {
  test(`tests at the 5 per cent level reject in about 5 per cent of ${SETS} data sets`, { timeout: 6 * 3_600_000 }, async () => {
    const rejected = new Map<string, Map<string, number[]>>();
    let sets = 0;
    for (const { rows } of simulateDistricts({ preset: "null", scale: Math.ceil(SETS / DISTRICTS_A_BLOCK), student: { include: false } })) {
      if (sets === SETS) break;
      sets++;
      for (const [analysis, fit] of Object.entries(fitsOf(tablesOf(rows)))) {
        const terms = rejected.get(analysis) ?? new Map<string, number[]>();
        rejected.set(analysis, terms);
        for (const { term, pValue } of coefficients(fit)) {
          if (term === "(Intercept)") continue;
          terms.set(term, [...(terms.get(term) ?? []), pValue < LEVEL ? 1 : 0]);
        }
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sets).toBe(SETS);
    const table = Array.from(rejected, ([analysis, terms]) => [
      ...Array.from(terms, ([term, all]) => [analysis, term, String(all.length), meanOf(all).toFixed(3)]),
      [analysis, "all terms", String([...terms.values()].flat().length), meanOf([...terms.values()].flat()).toFixed(3)],
    ]).flat();
    report(
      `Rejections at the 5 per cent level, preset null, ${SETS} districts`,
      markdown(["analysis", "term", "tests", "share rejected"], table),
    );
    for (const [analysis, terms] of rejected) {
      within(meanOf([...terms.values()].flat()), POOLED, analysis);
      for (const [term, all] of terms) within(meanOf(all), OF_ONE_TERM, `${analysis}, ${term}`);
    }
  });
});

function within(share: number, [low, high]: readonly [number, number], what: string): void {
  expect(share, what).toBeGreaterThanOrEqual(low);
  expect(share, what).toBeLessThanOrEqual(high);
}
