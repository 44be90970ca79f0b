/** Fits as JSON: the names are fixed, and what was saved can be loaded. */
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { toJson } from "../../src/inference/json.js";
import { lmm } from "../../src/inference/lmm.js";
import { loadFit, savedFit, saveFit } from "../../src/inference/saved-fit.js";
import { boundary, slope } from "./fits.js";

describe("toJson", () => {
  test("has the promised names in the promised places", () => {
    const json = toJson(slope, { readMs: 3 });
    expect(Object.keys(json)).toEqual([
      ...[
        "schemaVersion",
        "model",
        "formula",
        "family",
        "link",
        "method",
        "agq",
        "nobs",
        "droppedRows",
        "droppedColumns",
        "weights",
        "offset",
        "groups",
        "logLik",
      ],
      ...[
        "criterion",
        "aic",
        "bic",
        "npar",
        "converged",
        "singular",
        "gradientNorm",
        "evaluations",
        "robust",
        "df",
        "fixed",
        "fTests",
        "thresholds",
      ],
      ...[
        "random",
        "residual",
        "dispersion",
        "dispersionStdErrorLog",
        "shape",
        "shapeStdErrorLog",
        "dispersionModel",
        "zeroInflation",
        "hurdle",
        "scaleModel",
        "notes",
        "timing",
      ],
    ]);
    expect(json).toMatchObject({
      schemaVersion: 1,
      model: "lmm",
      family: "gaussian",
      link: "identity",
      method: "REML",
      groups: { Subject: 18 },
    });
    expect(Object.keys(json.fixed[0]!)).toEqual(["term", "estimate", "stdError", "statistic", "df", "pValue", "lower", "upper"]);
    expect(json.fTests!.map((row) => Object.keys(row))).toEqual([["term", "numDF", "denDF", "statistic", "pValue"]]);
    expect(json.random.map((row) => Object.keys(row))).toEqual([
      ["group", "term", "variance", "sd"],
      ["group", "term", "variance", "sd"],
      ["group", "term", "term2", "covariance", "correlation"],
    ]);
    expect([json.thresholds, json.dispersion, json.zeroInflation]).toEqual([null, null, null]);
    expect(json.timing).toEqual({ readMs: 3, fitMs: slope.timing.fitMs });
    expect(toJson(slope).timing.readMs).toBeNull();
  });

  test("survives the way through text unchanged", () => {
    expect(JSON.parse(JSON.stringify(toJson(slope)))).toEqual(toJson(slope));
  });

  test("keeps a factor named __proto__ as a name like any other", () => {
    const rows = Array.from({ length: 30 }, (_, i) => [i % 5, Math.sin(i) + (i % 5)] as const);
    const table = Table.from(
      Object.fromEntries([
        ["__proto__", rows.map(([g]) => `g${g}`)],
        ["y", rows.map(([, y]) => y)],
      ]),
    ) as Table;
    const json = JSON.stringify(toJson(lmm("y ~ 1 + (1 | `__proto__`)", table)));
    expect(json).toContain('"groups":{"__proto__":5}');
    expect(Object.keys(JSON.parse(json).groups)).toEqual(["__proto__"]);
  });

  test("tells the notes of a boundary fit", () => {
    const json = toJson(boundary);
    expect(json.singular).toBe(true);
    expect(json.notes.map(({ code }) => code)).toEqual(["boundary", "boundary-df"]);
  });

  test("writes degrees of freedom that do not apply as null", () => {
    expect(toJson(slope, { df: "none" }).fixed.map(({ df }) => df)).toEqual([null, null]);
    expect(toJson(slope, { df: "none" }).fTests!.map(({ denDF }) => denDF)).toEqual([null]);
  });
});

test("JSON.stringify of a fit itself does not drag in the data", () => {
  const keys = Object.keys(JSON.parse(JSON.stringify(slope)));
  expect(keys).not.toContain("frame");
  expect(JSON.stringify(slope).length).toBeLessThan(10_000);
});

describe("a saved fit", () => {
  test("keeps what later work needs", () => {
    const saved = loadFit(saveFit(slope));
    expect(saved).toEqual(JSON.parse(JSON.stringify(savedFit(slope))));
    expect(saved.randomTerms[0]!.modes).toEqual(Array.from(slope.randomTerms[0]!.modes));
    expect(saved.randomTerms[0]!.lambda).toEqual(Array.from(slope.randomTerms[0]!.lambda));
    expect(saved.vcov).toEqual(Array.from(slope.vcov));
    expect(saved.recipe).toEqual(JSON.parse(JSON.stringify(slope.frame.recipe)));
    expect(saved.sigma).toBe(slope.sigma);
  });

  test("is recognised, and what is none is refused with the reason", () => {
    const text = saveFit(slope);
    const refused =
      (changed: string): (() => unknown) =>
      () =>
        loadFit(changed, "fit.json");
    const how = "A saved fit is written by saveFit(fit) or `mist fit --save fit.json`.";
    expect(refused("{")).toThrow(`fit.json is not JSON. ${how}`);
    expect(refused("[1]")).toThrow(`fit.json is not a saved fit. ${how}`);
    expect(refused('{"a": 1}')).toThrow(`fit.json is not a saved fit. ${how}`);
    expect(refused(JSON.stringify(toJson(slope)))).toThrow(
      "fit.json is the output of --json, which does not keep what comparing needs. Save the fit with `mist fit --save fit.json`.",
    );
    expect(refused(text.replace('"schemaVersion":1', '"schemaVersion":2'))).toThrow(
      "fit.json was saved in version 2 of the format; this version of mist-models reads version 1. Fit the model again and save it.",
    );
    expect(refused(text.replace('"randomTerms":', '"other":'))).toThrow(
      'fit.json is damaged: "randomTerms" is missing or is not what a saved fit has there. Fit the model again and save it.',
    );
    expect(loadFit(`\ufeff${text}`).nobs).toBe(180);
  });
});
