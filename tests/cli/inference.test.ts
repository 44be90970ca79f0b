/** Conclusions from a fit on the command line: degrees of freedom, robust errors, intervals, marginal means, predictions, checks. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bootstrap } from "../../src/inference/bootstrap.js";
import { bootstrapIntervals } from "../../src/inference/bootstrap-intervals.js";
import { check, checkText } from "../../src/inference/check.js";
import { clmm } from "../../src/inference/clmm.js";
import { coefficients } from "../../src/inference/coefficients.js";
import { confint } from "../../src/inference/confint.js";
import { contrastsOfMeans } from "../../src/inference/contrasts-of-means.js";
import { glmm } from "../../src/inference/glmm.js";
import { lmm } from "../../src/inference/lmm.js";
import { marginalMeans } from "../../src/inference/marginal-means.js";
import { predict } from "../../src/inference/predict.js";
import { robustCovariance } from "../../src/inference/robust.js";
import { summary } from "../../src/inference/summary/summary.js";
import { readTable } from "../../src/io/read-table.js";
import { data, file, mist, root } from "./run.js";

const sleep = ["--data", data("sleepstudy.csv"), "--formula", "Reaction ~ Days + (Days | Subject)"];
const hsb = ["--data", data("hsb82.csv"), "--schema", data("hsb82.schema.json")];
const wine = join(root, "tests", "reference", "generalized", "data", "wine");
const ratings = ["--data", `${wine}.csv`, "--schema", `${wine}.schema.json`, "--family", "cumulative"];

const sleepFit = async () => lmm("Reaction ~ Days + (Days | Subject)", await readTable(data("sleepstudy.csv")));
const hsbTable = () => readTable(data("hsb82.csv"), { schema: data("hsb82.schema.json") });
const winesTable = () => readTable(`${wine}.csv`, { schema: `${wine}.schema.json` });

async function text(...argv: readonly string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect([code, error]).toEqual([0, ""]);
  return out;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of many shapes, each of which the test itself says
async function json(...argv: readonly string[]): Promise<any> {
  return JSON.parse(await text(...argv, "--json"));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function refused(...argv: readonly string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect([code, out]).toEqual([2, ""]);
  expect(error).not.toMatch(/\n\s+at /);
  return error.replace(/^mist: /, "").trimEnd();
}

describe("mist fit --df", () => {
  test.each(["satterthwaite", "kenward-roger", "between-within", "containment", "m-l-1", "residual", "none"] as const)("%s", async (df) => {
    const fit = await sleepFit();
    const found = await json("fit", ...sleep, "--df", df.toUpperCase());
    expect(found.df).toBe(df);
    expect(found.fixed).toEqual(plain(coefficients(fit, { df })));
    expect(found.fTests[0].denDF).toBe(df === "none" ? null : plain(coefficients(fit, { df })[1]!.df));
    expect(await text("fit", ...sleep, "--df", df)).toBe(`${summary(fit, { df }).text}\n`);
  });
});

describe("mist fit --robust", () => {
  test("takes the cluster's factor, or its column, or the model's top level", async () => {
    const fit = await sleepFit();
    const { stdErrors, df } = robustCovariance(fit, { type: "CR2" });
    for (const cluster of [[], ["--cluster", "Subject"]]) {
      const found = await json("fit", ...sleep, "--robust", "cr2", ...cluster);
      expect(found.robust).toMatchObject({ type: "CR2", cluster: "Subject" });
      expect(found.fixed.map((row: { stdError: number }) => row.stdError)).toEqual(Array.from(stdErrors));
      found.fixed.forEach((row: { df: number; lower: number; estimate: number; pValue: number }, j: number) => {
        expect(row.df).toBeCloseTo(df![j]!, 10);
        expect(row.lower).toBeLessThan(row.estimate);
      });
    }
    expect(await text("fit", ...sleep, "--robust", "CR0")).toBe(`${summary(fit, { robust: { type: "CR0" } }).text}\n`);
  });

  test("takes a column that is no factor of the model", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => `${Math.sin(i * i) + (i % 12)},${i % 7},c${i % 12},d${i % 4}`);
    const place = ["--data", file(`y,x,class,district\n${rows.join("\n")}\n`), "--formula", "y ~ x + (1 | class)"];
    const found = await json("fit", ...place, "--robust", "CR1", "--cluster", "district");
    expect(found.robust).toMatchObject({ type: "CR1", cluster: "district", clusters: 4 });
  });

  test("goes with intervals by standard errors", async () => {
    const own = coefficients(await sleepFit(), { robust: { type: "CR1" } });
    const found = await json("fit", ...sleep, "--robust", "CR1", "--ci", "wald");
    const limits = own.map(({ term, lower, upper }) => ({ term, lower, upper }));
    expect(found.intervals).toMatchObject(limits);
    expect(found.fixed).toMatchObject(limits);
    expect(await text("fit", ...sleep, "--robust", "CR1", "--ci", "wald")).toContain(
      "95 % confidence intervals (by robust standard errors)",
    );
  });

  test("generalized models have CR0 and CR1", async () => {
    const model = [...hsb, "--formula", "minrty ~ sector + (1 | school)", "--family", "binomial"];
    expect((await json("fit", ...model, "--robust", "CR1")).robust).toMatchObject({ type: "CR1", cluster: "school" });
    expect(await refused("fit", ...model, "--robust", "CR2")).toContain("CR2 is for linear models");
  });
});

describe("mist fit --ci", () => {
  test("by standard errors, the limits of the coefficients with the df method asked for", async () => {
    const found = await json("fit", ...sleep, "--ci", "wald", "--df", "kenward-roger", "--conf", "0.9");
    const own = coefficients(await sleepFit(), { df: "kenward-roger", level: 0.9 });
    expect(found.ci).toEqual({ method: "wald", level: 0.9, replicates: null, seed: null, counts: null });
    expect(found.fixed).toEqual(plain(own));
    expect(found.intervals).toEqual(
      own.map(({ term, estimate, lower, upper }) => ({ term, part: "mean", group: null, estimate, lower, upper, bounds: [] })),
    );
  });

  test("by profile likelihood, of all parameters, which a note says are of maximum likelihood", async () => {
    const found = await json("fit", ...sleep, "--ci", "profile");
    const own = confint(await sleepFit(), { method: "profile", part: "all" });
    expect(found.intervals.map(({ term }: { term: string }) => term)).toEqual(own.map(({ term }) => term));
    expect(found.intervals.map(({ lower }: { lower: number }) => lower)).toEqual(own.map(({ lower }) => lower));
    expect(found.fixed[1].lower).toBe(own.find(({ term }) => term === "Days")!.lower);
    expect(found.notes.map(({ message }: { message: string }) => message).join()).toContain("refitted by maximum likelihood");
    const printed = await text("fit", ...sleep, "--ci", "profile");
    expect(printed).toContain("95 % confidence intervals (by profile likelihood)");
    // confint(lmer(...), method = "profile") of lme4.
    expect(printed).toMatch(/^ sd__Days +Subject +5\.716\d+ +3\.801\d+ +8\.753\d+$/m);
  });

  test("by bootstrap, with the seed that it says", async () => {
    const record = await bootstrap(await sleepFit(), { type: "parametric", seed: 1, replicates: 30 });
    const found = await json("fit", ...sleep, "--ci", "bootstrap", "--replicates", "30");
    expect(found.ci).toMatchObject({ method: "bootstrap", replicates: 30, seed: 1, counts: { done: 30, failed: 0 } });
    const limits = bootstrapIntervals(record).map(({ term, lower, upper }) => ({ term, lower, upper }));
    expect(found.intervals).toMatchObject(limits);
    expect(await text("fit", ...sleep, "--ci", "bootstrap", "--replicates", "30", "--seed", "1")).toContain("30 replicates with seed 1:");
  });

  test("of thresholds and variances of a cumulative model", async () => {
    const found = await json("fit", ...ratings, "--formula", "rating ~ temp + (1 | judge)", "--ci", "wald");
    const all = found.intervals.map(({ part, term }: { part: string; term: string }) => `${part} ${term}`);
    expect(all).toEqual(expect.arrayContaining(["thresholds 1|2", "mean tempwarm", "random sd__(Intercept)"]));
    const own = found.intervals.find(({ term }: { term: string }) => term === "1|2");
    expect(found.thresholds[0]).toMatchObject({ lower: own.lower, upper: own.upper });
  });
});

describe("mist means", () => {
  const model = [...hsb, "--formula", "mAch ~ sector * ses + minrty + (1 | school)", "--specs", "sector,ses", "--at", "ses=-1,1"];

  test("are those of emmeans, contrasts adjusted by Tukey's method", async () => {
    // emmeans(m, ~ sector + ses, at = list(ses = c(-1, 1)), lmer.df = "satterthwaite", lmerTest.limit = 8000); pairs() with infer = TRUE.
    const { means, contrasts, averagedOver, heldAt } = await json("means", ...model, "--contrasts", "pairwise");
    const cells = means.map(({ cell }: { cell: object }) => Object.values(cell).join(" "));
    expect(cells).toEqual(["Public -1", "Catholic -1", "Public 1", "Catholic 1"]);
    const columns = (rows: Record<string, number>[], ...names: string[]) => rows.map((row) => names.map((name) => row[name]!));
    const close = (found: number[][], wanted: number[][]) =>
      found.forEach((row, i) => {
        row.forEach((value, j) => {
          expect(Math.abs(value / wanted[i]![j]! - 1)).toBeLessThan(1e-4);
        });
      });
    close(columns(means, "estimate", "stdError", "df", "lower", "upper"), [
      [8.431955, 0.23371903, 268.92, 7.971803, 8.892107],
      [11.881968, 0.28502233, 342.08, 11.321351, 12.442585],
      [13.630653, 0.26621138, 443.74, 13.107462, 14.153845],
      [14.834398, 0.26138483, 259.62, 14.319694, 15.349102],
    ]);
    const shown = columns(contrasts.rows, "estimate", "stdError", "df", "lower", "statistic");
    close(shown, [
      [-3.450013, 0.3668839, 307.99432, -4.397715, -9.4035552],
      [-5.198698, 0.28124153, 6777.62636, -5.9213957, -18.4848166],
      [-6.4024427, 0.34661866, 255.44256, -7.2988062, -18.4711424],
      [-1.748685, 0.38500224, 374.24551, -2.742226, -4.5420126],
      [-2.9524297, 0.31233395, 6239.71238, -3.7550418, -9.4527979],
      [-1.2037447, 0.36132081, 295.91663, -2.1372851, -3.3315121],
    ]);
    expect(contrasts.rows[5].pValue).toBeCloseTo(5.3529296e-3, 6);
    expect([contrasts.adjust, averagedOver, heldAt]).toEqual(["tukey", ["minrty"], {}]);
  });

  test("print as tables", async () => {
    const printed = await text("means", ...model, "--contrasts", "trt.vs.ctrl", "--adjust", "bonferroni", "--by", "ses");
    expect(printed).toContain("Marginal means of sector and ses\n");
    expect(printed).toMatch(/^ Public +-1 +8\.4320 +0\.2337 /m);
    expect(printed).toContain("averaged over minrty (weights: equal)");
    expect(printed).toMatch(/^ 1 +Catholic - Public +1\.2037 /m);
  });

  test("on the scale of the response, with odds ratios", async () => {
    const odds = [...hsb, "--formula", "minrty ~ sector + (1 | school)", "--family", "binomial", "--specs", "sector", "--type", "response"];
    const fit = glmm("minrty ~ sector + (1 | school)", await hsbTable(), { family: "binomial" });
    const own = marginalMeans(fit, "sector", { type: "response", biasAdjust: true });
    const found = await json("means", ...odds, "--bias-adjust", "--contrasts", "pairwise", "--adjust", "none");
    expect(found.means).toEqual(plain(own.rows));
    expect(found.contrasts).toEqual(plain(contrastsOfMeans(own, "pairwise", { adjust: "none" })));
    expect(await text("means", ...odds, "--contrasts", "pairwise")).toMatch(/Contrasts \(95 % intervals\)\n Contrast +Odds ratio /);
  });

  test("of ordered categories, by probability", async () => {
    const found = await json("means", ...ratings, "--formula", "rating ~ temp + (1 | judge)", "--specs", "temp", "--mode", "probabilities");
    const cold = found.means.filter(({ cell }: { cell: { temp: string } }) => cell.temp === "cold");
    expect(cold.map(({ category }: { category: string }) => category)).toEqual(["1", "2", "3", "4", "5"]);
    expect(cold.reduce((sum: number, { estimate }: { estimate: number }) => sum + estimate, 0)).toBeCloseTo(1, 10);
  });

  test("of factors that the formula makes of numbers, at levels and values that are named", async () => {
    const rows = Array.from({ length: 120 }, (_, i) => `${Math.sin(i * i) + (i % 3)},${(i % 3) + 1},g${i % 12}`);
    const made = ["--data", file(`y,grade,g\n${rows.join("\n")}\n`), "--formula", "y ~ factor(grade) + (1 | g)"];
    const cells = async (...argv: string[]): Promise<object[]> =>
      (await json("means", ...made, "--specs", "factor(grade)", ...argv)).means.map(({ cell }: { cell: object }) => cell);
    expect(await cells()).toEqual(["1", "2", "3"].map((level) => ({ "factor(grade)": level })));
    expect(await cells("--at", "factor(grade)=2,3")).toEqual(["2", "3"].map((level) => ({ "factor(grade)": level })));
  });

  const short = [...hsb, "--formula", "mAch ~ sector + ses + (1 | school)"];
  test.each([
    [[], "--specs is missing. mist means --help shows examples."],
    [["--specs", "sector,sector"], '--specs "sector,sector" cannot be read. Write names with commas between, each once: sex,ses.'],
    [["--specs", "sctor"], "sector"],
    [["--specs", "sector", "--at", "ses"], '--at "ses" cannot be read. Write a predictor, an equals sign and values: --at "ses=-1,0,1".'],
    [["--specs", "sector", "--at", "ses=high"], '--at gives "ses" the value "high", which is not a number.'],
    [
      ["--specs", "sector", "--at", "ses=1", "--at", "ses=2"],
      '--at gives "ses" twice. Give all of its values at once: --at "ses=...,...".',
    ],
    [["--specs", "sector", "--at", "sector=Privat"], "Privat"],
    [["--specs", "sector", "--contrasts", "pairwse"], 'There is no kind of contrasts "pairwse". Did you mean "pairwise"?'],
    [["--specs", "sector", "--contrasts", "sector=sum"], "The means are the same however factors are coded: leave sector=sum out."],
    [["--specs", "sector", "--adjust", "holm"], "--adjust is for contrasts. Add --contrasts pairwise, or leave --adjust out."],
    [["--specs", "sector", "--contrasts", "poly", "--adjust", "tukey"], "--adjust tukey is for all pairs of means"],
    [["--specs", "sector", "--contrasts", "poly", "--adjust", "bonferoni"], 'Did you mean "bonferroni"?'],
    [["--specs", "sector", "--bias-adjust"], "--bias-adjust is for means on the scale of the response. Add --type response."],
    [["--specs", "sector", "--mode", "latent"], "it is for models of ordered categories. Use --family cumulative."],
    [["--specs", "sector", "--type", "respose"], 'There is no scale "respose". Did you mean "response"? Use link or response.'],
    [["--specs", "sector", "--conf", "1"], '--conf "1" is no coverage of intervals: it lies between 0 and 1, such as 0.95.'],
  ] as const)("refuses %j", async (argv, message) => {
    expect(await refused("means", ...short, ...argv)).toContain(message);
  });
});

describe("mist predict", () => {
  const fresh = file("Subject,Days\n308,11\n999,3\n,2\n", "new.csv");

  test("for the model's own rows, one of JSON and one of text for each", async () => {
    const own = predict(await sleepFit(), undefined, { interval: "prediction", conf: 0.9 });
    const found = await json("predict", ...sleep, "--interval", "prediction", "--conf", "0.9");
    expect(found).toMatchObject({ type: "response", level: "unit", interval: "prediction", conf: 0.9, units: [], notes: [] });
    expect(found.predictions).toEqual(
      Array.from(own.values, (predicted, i) => ({
        row: i + 1,
        predicted,
        stdError: own.stdErrors[i],
        lower: own.lower![i],
        upper: own.upper![i],
      })),
    );
    expect(await text("predict", ...sleep)).toMatch(/^ {3}1 +253\.7 +/m);
  });

  test("tells units that it knows, new ones and unknown ones apart", async () => {
    const names = ["--newdata", fresh, "--interval", "confidence"];
    expect(await refused("predict", ...sleep, ...names)).toMatch(
      /"999" \(row 2\).*On the command line: --new-units new, --new-units unknown, or --level population\.$/,
    );
    const asNew = await json("predict", ...sleep, ...names, "--new-units", "new");
    expect(asNew.units).toEqual([{ group: "Subject", taken: ["known", "new", "missing"] }]);
    expect(asNew.predictions[2]).toEqual({ row: 3, predicted: null, stdError: null, lower: null, upper: null });
    const unknown = await json("predict", ...sleep, ...names, "--new-units", "unknown");
    expect(unknown.units[0].taken).toEqual(["known", "unknown", "unknown"]);
    expect(unknown.predictions[2].predicted).toBeCloseTo(251.40510484848 + 2 * 10.46728595959, 8);
    const printed = await text("predict", ...sleep, ...names, "--new-units", "new");
    expect(printed).toContain("1 row: a new Subject, drawn from the distribution of units.");
    expect(printed).toContain("1 row: no Subject is named, so there is no prediction; --new-units unknown predicts over all units.");
  });

  test("writes the new rows with their predictions", async () => {
    const out = file("", "predicted.csv");
    const argv = ["--newdata", fresh, "--level", "population", "--interval", "confidence", "--out", out];
    expect(await text("predict", ...sleep, ...argv)).toContain(`The rows with their predictions are in ${out}.`);
    const [head, first] = readFileSync(out, "utf8").split("\n");
    expect(head).toBe("Subject,Days,.predicted,.stdError,.lower,.upper");
    expect(Number(first!.split(",")[2])).toBeCloseTo(251.40510484848 + 11 * 10.46728595959, 8);
    expect(await refused("predict", ...sleep, "--newdata", out, "--level", "population", "--out", out)).toBe(
      'The data have a column ".predicted" already, which --out would write. Rename it first.',
    );
  });

  test("gives probabilities of categories, also into the file, with a schema that new rows need not fill", async () => {
    const out = file("", "probabilities.csv");
    const model = [...ratings, "--formula", "rating ~ temp + (1 | judge)", "--type", "probabilities"];
    const own = predict(clmm("rating ~ temp + (1 | judge)", await winesTable()), undefined, { type: "probabilities" });
    const found = await json("predict", ...model);
    expect(found.predictions[0].categories).toMatchObject(
      own.categories!.map(({ category, values }) => ({ category, predicted: values[0] })),
    );
    await text("predict", ...model, "--newdata", file("temp,judge\nwarm,1\n"), "--out", out);
    expect(readFileSync(out, "utf8").split("\n")[0]).toMatch(/^temp,judge,\.predicted\.1,\.stdError\.1,\.predicted\.2,/);
  });

  test.each([
    [["--level", "units"], 'There is no level of prediction "units". Did you mean "unit"? Use unit or population.'],
    [["--new-units", "new"], "--new-units is for the rows of --newdata: the model knows all units of its own rows. Leave --new-units out."],
    [["--new-units", "new", "--newdata", fresh, "--level", "population"], "--new-units is for --level unit"],
    [["--conf", "0.9"], "--conf is the coverage of intervals. Add --interval confidence or --interval prediction."],
    [["--interval", "predicted"], 'There is no interval "predicted". Did you mean "prediction"? Use none, confidence or prediction.'],
    [["--trials", "3"], "--trials is for prediction intervals of proportions."],
    [["--trials", "Dyas", "--interval", "prediction"], 'nor a column of numbers in the data. Did you mean "Days"?'],
    [["--newdata", "nowhere.csv"], "nowhere.csv"],
    [["--newdata", file("Subject\n308\n")], "Days"],
    [["--newdata", data(".")], "is a directory."],
    [["--type", "probabilities"], "gaussian"],
  ] as const)("refuses %j", async (argv, message) => {
    expect(await refused("predict", ...sleep, ...argv)).toContain(message);
  });
});

describe("mist check", () => {
  test("prints what check gives, and its JSON with the fit's notes", async () => {
    const own = check(await sleepFit(), { seed: 5, simulations: 60 });
    const options = ["--seed", "5", "--simulations", "60"];
    expect(await text("check", ...sleep, ...options)).toBe(`${checkText(own)}\n`);
    expect(await json("check", ...sleep, ...options)).toEqual({ ...(plain(own) as object), notes: [] });
  });

  test.each([
    [["--simulations", "5"], '--simulations "5" is not a whole number of 20 or more.'],
    [["--seed", "x"], '--seed "x" is not a whole number of 0 or more.'],
    [["--random-effects", "old"], 'There is no choice for --random-effects "old". Use new or conditional.'],
    [["data"], '"data" was not expected: mist check is of a model, --data FILE --formula FORMULA.'],
  ] as const)("refuses %j", async (argv, message) => {
    expect(await refused("check", ...sleep, ...argv)).toContain(message);
  });
});

test.each(["means", "predict", "check", "bootstrap"])("mist %s needs data and a formula, and helps with examples", async (command) => {
  expect(await refused(command, "--data", "x.csv")).toBe(`--formula is missing. mist ${command} --help shows examples.`);
  expect(await refused(command, "--formula", "y ~ x")).toBe(`--data is missing. mist ${command} --help shows examples.`);
  expect(await refused(command, "--fromula", "y ~ x")).toBe(
    `There is no option --fromula. Did you mean --formula? mist ${command} --help lists the options.`,
  );
  expect(await text(command, "--help")).toMatch(new RegExp(`^mist ${command}: .*\\n[^]*\\nExamples\\n {2}mist ${command} --data `));
});
