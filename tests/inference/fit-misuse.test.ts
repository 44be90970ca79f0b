/** What functions say when they are given something else than they need: saved fits, one fit for several, families that there are not. */
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import type { MixedFit } from "../../src/inference/mixed-fit.js";
import { loadFit, saveFit } from "../../src/inference/saved-fit.js";
import { modelTable } from "../../src/inference/summary/model-table.js";
import { summary } from "../../src/inference/summary/summary.js";
import { FitError } from "../../src/messages.js";
import { cbpp, wine } from "./generalized-fits.js";

const binomial = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" });
const fits: readonly (readonly [string, MixedFit])[] = [
  ["glmm(formula, table, { family })", binomial],
  ["clmm(formula, table)", clmm("rating ~ temp + (1 | judge)", wine)],
  ["lmm(formula, table)", lmm("incidence ~ period + (1 | herd)", cbpp)],
];

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof FitError) return error.message;
    throw error;
  }
  throw new Error("Nothing was thrown.");
}

describe("a saved fit", () => {
  test.each(fits)("says that its summary needs the data, and to fit again with %s", (call, fit) => {
    const saved = loadFit(saveFit(fit)) as unknown as MixedFit;
    for (const work of [() => summary(saved), () => modelTable({ saved })]) {
      expect(refusal(work)).toContain(`this needs the data it was fitted to. Fit the model again with ${call}.`);
    }
  });
});

test("modelTable of a fit without a name says how to give it one; what is no fit is named", () => {
  expect(refusal(() => modelTable(binomial as unknown as Record<string, MixedFit>))).toContain("modelTable({ full: fit })");
  expect(refusal(() => modelTable({ other: 3 as unknown as MixedFit }))).toMatch(/^"other" is not a fit/);
  expect(refusal(() => modelTable({}))).toMatch(/^Give at least one named fit/);
  expect(refusal(() => summary({ model: "glmm" } as unknown as MixedFit))).toContain("is not a fit. Give what lmm, glmm, clmm or loadFit");
});

describe("a family that there is not", () => {
  const said = (family: string): string => refusal(() => glmm("incidence ~ period + (1 | herd)", cbpp, { family }));

  test("is told with the nearest one, those of categories among them", () => {
    expect(said("adjacnt")).toContain('Did you mean "adjacent"?');
    expect(said("cumulativ")).toContain('Did you mean "cumulative"?');
    expect(said("multinomal")).toContain('Did you mean "multinomial"?');
    expect(said("poison")).toMatch(/Did you mean "poisson"\? The families are .* multinomial, cumulative and adjacent\.$/);
  });

  test("by a name of the negative binomial is told with both of them", () => {
    for (const name of ["nbinom", "negbin", "nb", "negative.binomial"]) {
      expect(said(name)).toMatch(/Did you mean "nbinom2" \(variance mu \+ mu\^2 \/ theta.*\) or "nbinom1"/);
    }
  });
});
