/** What is said of a response that may be taken for something else: its order, its levels, its numbers. */
import { describe, expect, it } from "vitest";
import { makeFactor } from "../../src/data/factor.js";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { FitError, type Note } from "../../src/messages.js";
import { cbpp } from "../inference/generalized-fits.js";

const WORDS = ["low", "mid", "high"];
const n = 120;
const place = Array.from({ length: n }, (_, i) => (i * 7 + Math.floor(i / 11)) % 3);
const table = Table.from({
  text: place.map((j) => WORDS[j]!),
  score: place.map((j) => j + 1),
  digits: place.map((j) => String(j * 5)),
  many: place.map((_, i) => `level ${(i * 5) % 12}`),
  x: place.map((_, i) => Math.sin(i)),
  g: place.map((_, i) => `g${i % 12}`),
});
const declared = Table.ofColumns([
  ...table.columns,
  makeFactor(
    "rating",
    ["agree", "deny", "praise"].flatMap((word) => Array<string>(n / 3).fill(word)),
    {
      levels: ["agree", "deny", "praise"],
      ordered: true,
    },
  ),
]);
const noted = (notes: readonly Note[], code: string): string[] => notes.filter((note) => note.code === code).map(({ message }) => message);
const order = (formula: string, data: Table = table): string[] => noted(clmm(formula, data).notes, "alphabetical-order");

describe("the order of a response's categories", () => {
  it("is told where it is that of the alphabet, with the way to state it", () => {
    const [message, ...more] = order("text ~ x + (1 | g)");
    expect(more).toEqual([]);
    expect(message).toContain('from low to high: "high" < "low" < "mid"');
    expect(message).toContain('ordered(text, levels = c("high", "low", "mid"))');
    expect(message).toContain('"categoriesOrdered": true');
  });

  it("is told of factor() and ordered() without levels too, by the column's name", () => {
    for (const response of ["factor(text)", "ordered(text)"]) {
      expect(order(`${response} ~ x + (1 | g)`)[0]).toContain('ordered(text, levels = c("high", "low", "mid"))');
    }
  });

  it("is not told where it is stated, in the alphabet's order or another", () => {
    expect(order('factor(text, levels = c("low", "mid", "high")) ~ x + (1 | g)')).toEqual([]);
    expect(order('ordered(text, levels = c("high", "low", "mid")) ~ x + (1 | g)')).toEqual([]);
    expect(order("rating ~ x + (1 | g)", declared)).toEqual([]);
  });

  it("is not told of numbers, nor of text of numbers in their order; of text that sorts 10 before 5 it is", () => {
    expect(order("score ~ x + (1 | g)")).toEqual([]);
    expect(order("factor(score) ~ x + (1 | g)")).toEqual([]);
    expect(order("digits ~ x + (1 | g)")[0]).toContain('"0" < "10" < "5"');
    expect(order('relevel(digits, ref = "5") ~ x + (1 | g)')).toEqual([]);
  });

  it("is nothing to a multinomial model, which says of numbers that they are categories without an order", () => {
    const fit = glmm("score ~ x + (1 | g)", table, { family: "multinomial" });
    const [message] = noted(fit.notes, "numbers-as-categories");
    expect(message).toContain("categories without an order: 1, 2 and 3. The first is the baseline");
    expect(fit.notes.map(({ message: own }) => own).join(" ")).not.toContain("ordered categories");
    expect(noted(glmm("text ~ x + (1 | g)", table, { family: "multinomial" }).notes, "alphabetical-order")).toEqual([]);
  });
});

describe("a factor as a binomial response", () => {
  it("of three levels is cut after the first, and a note says so", () => {
    const fit = glmm("text ~ x + (1 | g)", table, { family: "binomial" });
    const [message] = noted(fit.notes, "pooled-levels");
    expect(message).toContain('has 3 levels and the family two outcomes: "high" is a failure, and "low" and "mid" together are a success');
    const same = glmm('I(text != "high") ~ x + (1 | g)', table, { family: "binomial" });
    expect(fit.criterion).toBeCloseTo(same.criterion, 8);
    expect(noted(same.notes, "pooled-levels")).toEqual([]);
  });

  it("of two levels is taken without a note", () => {
    const fit = glmm('factor(text, levels = c("low", "mid")) ~ x + (1 | g)', table, { family: "binomial" });
    expect(noted(fit.notes, "pooled-levels")).toEqual([]);
  });

  it("of more than ten levels is refused, with the ways out", () => {
    const fitted = (): unknown => glmm("many ~ x + (1 | g)", table, { family: "binomial" });
    expect(fitted).toThrow(FitError);
    expect(fitted).toThrow(/factor with 12 levels .* two outcomes\. Say which levels are a success, for example I\(many == "level 9"\)/);
  });

  it("is not spoken of where the response counts successes", () => {
    const fit = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" });
    expect(noted(fit.notes, "pooled-levels")).toEqual([]);
  });

  it("of truth values is not called a factor", () => {
    expect(() => glmm("I(x > 0) ~ text + (1 | g)", table, { family: "poisson" })).toThrow(
      'The response "I(x > 0)" is true or false, which the poisson family cannot have.',
    );
  });
});
