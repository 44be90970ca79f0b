/** Generalized and cumulative models from the command line: what is fitted, printed and saved, and what is refused. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { summary } from "../../src/inference/summary/summary.js";
import { readTable } from "../../src/io/read-table.js";
import { file, mist, root } from "./run.js";

const folder = join(root, "tests", "reference", "generalized", "data");
const given = (name: string): readonly string[] => ["--data", join(folder, `${name}.csv`), "--schema", join(folder, `${name}.schema.json`)];
const table = (name: string): ReturnType<typeof readTable> =>
  readTable(join(folder, `${name}.csv`), { schema: join(folder, `${name}.schema.json`) });

const cbpp = [...given("cbpp"), "--formula", "cbind(incidence, size - incidence) ~ period + (1 | herd)"];
const wine = [...given("wine"), "--formula", "rating ~ temp + (1 | judge)"];
const epil = [...given("epil2"), "--formula", "y ~ trt + (1 | subject)"];
const cumulative = [...wine, "--family", "cumulative"];
const poisson = [...epil, "--family", "poisson"];

async function json(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const { code, out, error } = await mist("fit", ...argv, "--json");
  expect([code, error]).toEqual([0, ""]);
  return JSON.parse(out) as Record<string, unknown>;
}

describe("mist fit", () => {
  test("prints what glmm and clmm print", async () => {
    const binomial = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", await table("cbpp"), { family: "binomial" });
    expect((await mist("fit", ...cbpp, "--family", "binomial")).out).toBe(`${summary(binomial).text}\n`);
    const odds = summary(binomial, { exponentiate: true }).text;
    expect((await mist("fit", ...cbpp, "--family", "Binomial", "--exponentiate")).out).toBe(`${odds}\n`);
    const ordinal = clmm("rating ~ temp + (1 | judge)", await table("wine"));
    expect((await mist("fit", ...cumulative, "--style", "hlm")).out).toBe(`${summary(ordinal, { style: "hlm" }).text}\n`);
  });

  test("takes links, points, offsets and contrasts", async () => {
    const fit = await json(...poisson, "--link", "sqrt", "--agq", "7", "--contrasts", "trt=sum", "--method", "ml", "--df", "none");
    expect(fit).toMatchObject({ model: "glmm", family: "poisson", link: "sqrt", agq: 7, df: null, fTests: null, residual: null });
    expect((fit.fixed as { term: string }[]).map(({ term }) => term)).toEqual(["(Intercept)", "trt1"]);
    expect((await json(...poisson, "--offset", "lbase", "--offset", "log(age)")).offset).toEqual(["lbase", "log(age)"]);
    expect((await json(...given("epil2"), "--formula", "V4 ~ age + (1 | subject)", "--offset", "lbase")).model).toBe("lmm");
  });

  test("takes formulas for zeros and dispersion, and hurdles", async () => {
    const inflated = await json(...epil, "--family", "nbinom2", "--zi", "~ trt", "--dispersion", "~ trt");
    expect(inflated).toMatchObject({ family: "nbinom2", hurdle: false, dispersion: null });
    expect(inflated.zeroInflation).toMatchObject({ fixed: [{ term: "(Intercept)" }, { term: "trtprogabide" }], random: [] });
    expect(inflated.dispersionModel).toMatchObject({ fixed: [{ term: "(Intercept)" }, { term: "trtprogabide" }] });
    expect(await json(...poisson, "--hurdle")).toMatchObject({ family: "truncated_poisson", hurdle: true });
    expect(await json(...epil, "--family", "truncated_poisson", "--zi", "~ 1")).toMatchObject({ hurdle: true });
  });

  test("takes thresholds, nominal and scale effects, and other models of categories", async () => {
    const fit = await json(...cumulative, "--threshold", "equidistant", "--scale", "~ contact", "--link", "probit");
    expect(fit).toMatchObject({ model: "clmm", link: "probit", thresholds: [{ term: "threshold.1" }, { term: "spacing" }] });
    expect(fit.scaleModel).toMatchObject({ fixed: [{ term: "contactyes" }] });
    const nominal = await json(...cumulative, "--nominal", "~ contact");
    expect((nominal.thresholds as { term: string }[])[4]!.term).toBe("1|2.contactyes");
    expect((await json(...wine, "--family", "adjacent")).family).toBe("adjacent");
    const contact = ["--formula", "rating ~ contact + (1 | judge)", "--family", "multinomial"];
    expect((await json(...given("wine"), ...contact)).family).toBe("multinomial");
  });

  test("a gaussian model with identity link is linear unless its dispersion has a formula", async () => {
    expect(await json(...epil, "--family", "gaussian", "--link", "identity")).toMatchObject({ model: "lmm", method: "REML" });
    expect(await json(...epil, "--dispersion", "~ trt")).toMatchObject({ model: "glmm", family: "gaussian", method: "ML" });
  });
});

describe("mist compare", () => {
  test("compares saved generalized fits, and formulas fitted with one family", async () => {
    const place = mkdtempSync(join(tmpdir(), "mist-generalized-"));
    const [a, b] = [join(place, "a.json"), join(place, "b.json")];
    const larger = "rating ~ temp + contact + (1 | judge)";
    expect((await mist("fit", ...cumulative, "--save", a)).error).toBe("");
    await mist("fit", ...given("wine"), "--formula", larger, "--family", "cumulative", "--save", b);
    const saved = JSON.parse((await mist("compare", a, b, "--json")).out).rows;
    const fresh = JSON.parse((await mist("compare", ...cumulative, "--formula", larger, "--json")).out).rows;
    expect(fresh[1].df).toBe(1);
    // Twice the difference of the log-likelihoods of ordinal's clmm with useMatrix = TRUE, gradTol = 1e-9.
    expect(fresh[1].chiSquare).toBeCloseTo(14.3467192372, 6);
    expect(saved[1].chiSquare).toBeCloseTo(fresh[1].chiSquare, 10);
  });
});

async function refused(...argv: readonly string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect([code, out]).toEqual([2, ""]);
  return error.replace(/^mist: /, "").trimEnd();
}

describe("refusals, before the data are read", () => {
  const nowhere = ["fit", "--data", "nowhere.csv", "--formula", "y ~ x + (1 | g)"];
  const linear = "a linear model (gaussian with identity link)";
  const approximation = "its likelihood needs no approximation. It is for the other families, such as binomial, poisson and cumulative.";
  test.each([
    [["--family", "binominal"], 'There is no family "binominal". Did you mean "binomial"? The families are gaussian, binomial,'],
    [
      ["--link", "logit"],
      "--link logit belongs to a generalized model, whose family must be named too: --family binomial, poisson, gamma, ...",
    ],
    [["--family", "ordinal"], 'There is no family "ordinal". Models of ordered categories are --family cumulative and --family adjacent.'],
    [["--family", "poisson", "--link", "logit"], 'The poisson family has no link "logit".'],
    [["--family", "cumulative", "--link", "lgoit"], 'There is no link "lgoit". Did you mean "logit"?'],
    [["--agq", "5"], `--agq does not go with ${linear}: ${approximation}`],
    [["--family", "gaussian", "--agq", "5"], `--agq does not go with ${linear}: ${approximation}`],
    [["--zi", "~ x"], `--zi does not go with ${linear}: zero inflation is for counts. Use --family poisson, nbinom1 or nbinom2.`],
    [["--family", "binomial", "--zi", "~ x"], 'the family "binomial" is not one of counts'],
    [["--family", "cumulative", "--zi", "~ x"], "--zi does not go with --family cumulative: zero inflation is for counts."],
    [["--family", "beta", "--hurdle"], 'the family "beta" is not one of counts'],
    [["--family", "poisson", "--dispersion", "~ x"], 'The family "poisson" has no dispersion to be modelled.'],
    [["--family", "cumulative", "--dispersion", "~ x"], "a cumulative model takes --scale."],
    [["--family", "poisson", "--threshold", "flexible"], "only models of ordered categories have thresholds. Use --family cumulative."],
    [["--family", "poisson", "--nominal", "~ x"], "effects that differ by threshold are for ordered categories."],
    [["--family", "poisson", "--scale", "~ x"], "a latent scale is for ordered categories."],
    [
      ["--family", "cumulative", "--threshold", "equal"],
      'There is no threshold structure "equal". Use flexible, symmetric, symmetric2 or equidistant.',
    ],
    [
      ["--family", "poisson", "--method", "reml"],
      "--method reml is for linear models: generalized models are fitted by maximum likelihood.",
    ],
    [["--family", "poisson", "--df", "satterthwaite"], "--df satterthwaite is for linear models: generalized models have z tests"],
    [["--family", "poisson", "--cluster", "g"], "--cluster says what is independent for robust standard errors. Add --robust CR2,"],
    [
      ["--family", "poisson", "--workers", "4"],
      "--workers does not go with --family poisson: it is for the degrees of freedom of linear models, and for --ci bootstrap.",
    ],
    [["--exponentiate"], `--exponentiate does not go with ${linear}: it prints odds ratios and rate ratios`],
    [["--family", "poisson", "--agq", "101"], "must be a whole number from 0 to 100; 101 is not"],
    [["--family", "poisson", "--agq", "many"], "must be a whole number from 0 to 100; many is not"],
    [["--family", "cumulative", "--agq", "0"], "The fast approximation (agq: 0)"],
  ] as const)("%j", async (argv, message) => {
    expect(await refused(...nowhere, ...argv)).toContain(message);
  });
});

describe("refusals of responses", () => {
  test("outside the family's range: which rows, which values", async () => {
    expect(await refused("fit", ...epil, "--family", "binomial")).toContain(
      'The response "y" has 197 values that the binomial family cannot have: 5 (row 1), 3 (row 2), 3 (row 3), 3 (row 4), 3 (row 5) and 192 more.',
    );
    expect(await refused("fit", ...epil, "--family", "gamma")).toContain("0 (row 11)");
    const path = file(`y,g\n${["-1", "2", "1.5", "0"].flatMap((y) => [`${y},a`, `${y},b`]).join("\n")}\n`);
    expect(await refused("fit", "--data", path, "--formula", "y ~ 1 + (1 | g)", "--family", "poisson")).toContain(
      "-1 (row 1), -1 (row 2), 1.5 (row 5) and 1.5 (row 6)",
    );
  });

  test("of categories without a family: which family to add", async () => {
    expect(await refused("fit", ...wine)).toMatch(/a gaussian model needs numbers\. Add --family cumulative for its ordered categories\.$/);
    expect(await refused("fit", ...given("wine"), "--formula", "contact ~ temp + (1 | judge)")).toMatch(
      /Or add --family binomial, which models the probability of the second level\.$/,
    );
  });

  test("exponentials without a meaning", async () => {
    expect(await refused("fit", ...cumulative, "--link", "probit", "--exponentiate")).toContain("mean nothing");
  });
});
