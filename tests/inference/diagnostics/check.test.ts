/** check(fit): what is asked of which model, what it says, and that it is a plain record. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { randomStream } from "../../../src/data/random.js";
import { Table } from "../../../src/data/table.js";
import { type Check, check, checkText } from "../../../src/inference/check.js";
import { clmm } from "../../../src/inference/clmm.js";
import { collinearity } from "../../../src/inference/collinearity.js";
import { glmm } from "../../../src/inference/glmm.js";
import { influence } from "../../../src/inference/influence.js";
import { lmm } from "../../../src/inference/lmm.js";
import { proportionalOdds } from "../../../src/inference/proportional-odds.js";
import { residuals } from "../../../src/inference/residuals.js";
import { scaledResiduals } from "../../../src/inference/scaled-residuals.js";
import { readTable } from "../../../src/io/read-table.js";
import { checkMessages, diagnosticMessages } from "../../../src/messages.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const read = (folder: string, name: string): Promise<Table> =>
  readTable(join(root, folder, `${name}.csv`), { schema: join(root, folder, `${name}.schema.json`) });
const sleepstudy = await read("data", "sleepstudy");
const epil = await read("tests/reference/generalized/data", "epil2");
const wine = await read("tests/reference/generalized/data", "wine");
const looks = ({ items }: Check): string[] => items.filter(({ verdict }) => verdict === "look").map(({ question }) => question);

describe("check", () => {
  const slopes = check(lmm("Reaction ~ Days + (Days | Subject)", sleepstudy), { seed: 1 });

  test("prints itself, and is JSON without anything of the engine", () => {
    const text = String(slopes);
    expect(text).toBe(checkText(slopes));
    expect(text.split("\n").every((line) => line.length <= 100)).toBe(true);
    expect(text).toContain("Check of Reaction ~ Days + (Days | Subject)\n250 simulated data sets with units drawn anew, seed 1");
    expect(text).toContain("good  Influential units, Subject: most 309, Cook's distance 0.149, moves");
    expect(text.endsWith("Nothing calls for a closer look.")).toBe(true);
    const json = JSON.parse(JSON.stringify(slopes)) as Check;
    expect(Object.keys(json)).toEqual(["schemaVersion", "model", "formula", "family", "seed", "simulations", "randomEffects", "items"]);
    expect(json.items).toEqual(slopes.items);
    expect(json.items.every(({ message }) => message.endsWith("."))).toBe(true);
  });

  test("counts that vary too much for their model, with too many zeros and predictors that go together: each is seen and said", () => {
    const rows = Array.from({ length: 240 }, (_, i) => {
      const random = randomStream(4, "count", i);
      const group = randomStream(4, "group", i % 12);
      const mean = Math.exp(1 + 0.3 * group.normal());
      return { y: random.negativeBinomial(mean, 0.7), x: i % 7, x2: (i % 7) + 0.01 * random.normal(), g: `g${i % 12}` };
    });
    const found = check(glmm("y ~ x + x2 + (1 | g)", Table.from(rows), { family: "poisson" }), { seed: 3 });
    expect(looks(found)).toEqual(expect.arrayContaining(["uniformity", "dispersion", "zeros", "outliers", "collinearity"]));
    const message = (question: string): string => found.items.find((item) => item.question === question)!.message;
    expect(message("dispersion")).toContain("vary more about the predictions");
    expect(message("zeros")).toContain("more zeros than the model expects");
    expect(message("outliers")).toMatch(/look at rows? \d+/);
    expect(message("collinearity")).toContain("x and x2");
    expect(String(found)).toMatch(/\d points to look at\.$/);
  });

  test("overdispersion within units shows although units are drawn anew", () => {
    const found = check(glmm("y ~ Base * trt + Age + (1 | subject)", epil, { family: "poisson" }), { seed: 1 });
    const dispersion = found.items.find(({ question }) => question === "dispersion")!;
    expect(dispersion.verdict).toBe("look");
    expect(dispersion.finding).toContain("within units");
  });

  test("a unit apart from the others is named", () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      y: randomStream(9, i).normal() + (i % 10 === 3 ? 12 * Math.floor(i / 10) : 0),
      x: Math.floor(i / 10),
      g: `g${i % 10}`,
    }));
    const found = check(lmm("y ~ x + (1 | g)", Table.from(rows)), { seed: 1 });
    const units = found.items.find(({ question }) => question === "units")!;
    expect(units).toMatchObject({ of: "g", verdict: "look" });
    expect(units.message).toContain("special about g3, and report the estimates with and without it");
  });

  test("ordered categories are asked for proportional odds, unless one does not want to wait", () => {
    const fit = clmm("rating ~ temp + contact + (1 | judge)", wine);
    const questions = (found: Check): string[] => found.items.map(({ question, of }) => `${question} ${of ?? ""}`.trim());
    expect(questions(check(fit, { seed: 1 }))).toEqual(expect.arrayContaining(["proportional-odds temp", "proportional-odds contact"]));
    const quick = check(fit, { seed: 1, proportionalOdds: false });
    expect(questions(quick).some((text) => text.startsWith("proportional"))).toBe(false);
    expect(quick.items.find(({ question }) => question === "dispersion")!.verdict).toBe("not-asked");
  });

  test("unordered categories have no scaled residuals, and say so instead of failing", () => {
    const found = check(glmm("rating ~ temp + (1 | judge)", wine, { family: "multinomial" }), { seed: 1 });
    expect(found.items[0]).toMatchObject({ question: "uniformity", verdict: "not-asked" });
    expect(found.items[0]!.message).toContain("unordered categories");
  });

  test("a covariance that is not determined is seen in the components", () => {
    const rows = Array.from({ length: 120 }, (_, i) => ({
      y: (i % 8) * (1 + (i % 5)) + randomStream(2, i).normal(),
      x: i % 8,
      g: `g${i % 5}`,
    }));
    const fit = lmm("y ~ x + (x | g)", Table.from(rows));
    const components = check(fit, { seed: 1 }).items.find(({ question }) => question === "components")!;
    expect(fit.singular).toBe(true);
    expect(components).toMatchObject({ verdict: "look", statistic: 1 });
  });

  test("counts that vary too little: standard errors are too large, and zeros are missing", () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ y: 2 + (i % 3 === 0 ? 1 : 0) + (i % 7 === 0 ? 1 : 0), g: `g${i % 10}` }));
    const found = check(glmm("y ~ 1 + (1 | g)", Table.from(rows), { family: "poisson" }), { seed: 1 });
    const message = (question: string): string => found.items.find((item) => item.question === question)!.message;
    expect(message("dispersion")).toContain("vary less about the predictions");
    expect(message("zeros")).toContain("fewer zeros than the model expects");
    expect(message("effects")).toContain("nothing to look at");
  });
});

describe("what cannot be concluded is said, with what to use instead", () => {
  test("models of unordered categories, two categories, thresholds that cannot shift", () => {
    const unordered = glmm("rating ~ temp + (1 | judge)", wine, { family: "multinomial" });
    expect(() => collinearity(unordered)).toThrow(diagnosticMessages.collinearityOfEquations);
    expect(() => scaledResiduals(unordered, { seed: 1 })).toThrow(diagnosticMessages.unorderedCategories);
    const rows = Array.from({ length: 80 }, (_, i) => ({
      y: (i * i + Math.floor(i / 3)) % 4 < 2 ? "low" : "high",
      x: i % 5,
      g: `g${i % 8}`,
    }));
    expect(() => proportionalOdds(clmm("y ~ x + (1 | g)", Table.from(rows)))).toThrow(diagnosticMessages.twoCategories);
    const fixed = clmm("rating ~ temp + (1 | judge)", wine, { threshold: "symmetric2" });
    expect(() => proportionalOdds(fixed)).toThrow(diagnosticMessages.thresholdsFixed);
    expect(() => residuals(unordered, { type: "deviance" })).toThrow(/no deviance residuals/);
  });

  test("influence of units names the factors there are, __proto__ is a name like any other", () => {
    const fit = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy);
    expect(() => influence(fit, { by: "__proto__" })).toThrow('The model has no grouping factor "__proto__". It has Subject.');
  });

  test("every meaning says something with one name and with several", () => {
    for (const { good, look } of Object.values(checkMessages.meanings)) {
      expect(good).toMatch(/^[A-Z].*\.$/);
      for (const names of [["a"], ["a", "b"]]) expect(look(names)).toMatch(/^[A-Z].*\.$/);
    }
    expect(checkMessages.meanings.rows.look(["7"])).toContain("A single row moves");
    expect(checkMessages.meanings.rows.look(["7", "9"])).toContain("rows 7 and 9, and report the estimates with and without them");
    expect(checkMessages.total(1)).toBe("1 point to look at.");
    for (const text of [
      checkMessages.noErrors,
      checkMessages.nothingToLeaveOut,
      checkMessages.noFreerModel,
      diagnosticMessages.singularSystem,
    ]) {
      expect(text).toMatch(/\.$/);
    }
  });
});
