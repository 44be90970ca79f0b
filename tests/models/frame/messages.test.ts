// What a reader is told, word for word, when a formula does not fit its table or the data cannot be used.
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { DataError, FitError, FormulaError } from "../../../src/messages.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame, type FrameOptions } from "../../../src/models/frame/build-frame.js";
import { designForNewData } from "../../../src/models/frame/new-data.js";

const table = Table.from({
  score: [3, 1, 4, 1, 5, 9],
  ses: [0, 1, 2, -1, 4, 5],
  huge: [1, Number.POSITIVE_INFINITY, 2, 3, Number.NEGATIVE_INFINITY, 1],
  sex: ["F", "M", "F", "M", "F", "M"],
  same: ["x", "x", "x", "x", "x", "x"],
  none: [null, null, null, null, null, null] as (number | null)[],
  most: [1, null, null, null, null, null],
  constant: [2, 2, 2, 2, 2, 2],
  school: ["a", "a", "b", "b", "c", "c"],
  negative: [1, 1, -2, 1, 1, -1],
  gap: [1, null, 1, 1, 1, 1],
  zero: [0, 0, 0, 0, 0, 0],
});

function errorOf(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}
const frameError = (formula: string, options: FrameOptions = {}): Error => errorOf(() => buildFrame(parseFormula(formula), table, options));

describe("formula errors say what is wrong and point at it", () => {
  const cases: readonly (readonly [formula: string, message: string, place: string])[] = [
    ["score ~ sess", 'The table has no column "sess". Did you mean "ses"?', "sess"],
    ["score ~ SES + (1 | school)", 'The table has no column "SES". Did you mean "ses"?', "SES"],
    ["score ~ ses + (1 | scool)", 'The table has no column "scool". Did you mean "school"?', "scool"],
    [
      "score ~ zzzzzzz",
      'The table has no column "zzzzzzz". It has score, ses, huge, sex, same, none, most, constant, school, negative, gap and zero.',
      "zzzzzzz",
    ],
    [
      "score ~ I(sex + 1)",
      'sex is a factor (levels F and M), and + needs numbers. Use it as a term of its own, compare it with a level as in I(sex == "F"), or take its codes 1, 2, ... with as.numeric(sex).',
      "sex",
    ],
    [
      "score ~ log(sex)",
      'sex is a factor (levels F and M), and log() needs numbers. Use it as a term of its own, compare it with a level as in I(sex == "F"), or take its codes 1, 2, ... with as.numeric(sex).',
      "sex",
    ],
    ["score ~ I(sex == 'male')", 'There is no level "male". The levels are F and M.', "'male'"],
    [
      "score ~ I(sex < 'M')",
      "< needs an ordered factor. Compare an unordered one with == or !=, or make it ordered with ordered(x, levels = c(...)).",
      "sex < 'M'",
    ],
    ["score ~ relevel(sex, ref = 'm')", 'There is no level "m". Did you mean "M"? The levels are F and M.', "'m'"],
    [
      "score ~ relevel(ordered(sex), ref = 'F')",
      "relevel() is for unordered factors: the first level of an ordered factor is its lowest.",
      "relevel(ordered(sex), ref = 'F')",
    ],
    ["score ~ C(sex, summ)", 'There are no contrasts "summ". There are treatment, sum, helmert and poly.', "summ"],
    ["score ~ poly(ses, 0)", "The argument degree of poly() must be a whole number from 1 on, written out in the formula.", "0"],
    ["score ~ poly(ses, coefs = 2)", "poly() has no argument coefs, or it is given twice. Its arguments are x, degree and raw.", "2"],
    ["score ~ bs(ses, df = 2)", "bs() needs df = 3 at least, not 2, with these arguments.", "2"],
    ["score ~ I(poly(ses, 2) + 1)", "poly(ses, 2) gives several columns, and + needs one.", "poly(ses, 2)"],
    ["score ~ I(ses %in% ses)", 'To the right of %in% stands a list of constants here: c("a", "b") or c(1, 2).', "ses"],
    ["score ~ offset(sex)", "offset(sex) is used as an offset and must be numeric.", "offset(sex)"],
    ["score ~ I('a')", '"a" in quotes is a text, not a column. For a column named so write `a`.', "I('a')"],
    ["score ~ I(c(1, 2))", "c() lists constants, as in knots = c(1, 2); it is not a variable.", "c(1, 2)"],
    [
      "score ~ factor(sex, labels = c('a', 'b', 'c'))",
      "factor() needs one label a level: there are 2 levels (F and M) and 3 labels.",
      "c('a', 'b', 'c')",
    ],
    ["score ~ round(ses, ses)", "The argument digits of round() must be a number, written out in the formula.", "ses"],
    ["score ~ scale(ses, sex)", "The argument center of scale() must be TRUE, FALSE or a number, written out in the formula.", "sex"],
    ["score ~ 1 + (1 | mm(sex, school, weights = sex + ses))", "sex is used as the weight of a membership and must be numeric.", "sex"],
    [
      "score ~ cwc(ses, poly(ses, 2))",
      "poly(ses, 2) cannot be used as a factor by cwc(): it must be a column of levels, text, numbers or truth values.",
      "poly(ses, 2)",
    ],
    [
      "score ~ ns(ses, df = 3, knots = 1, Boundary.knots = 2)",
      "The argument Boundary.knots of ns() must be c(low, high), written out in the formula.",
      "2",
    ],
  ];
  test.each(cases)("%s", (formula, message, place) => {
    const error = frameError(formula) as FormulaError;
    expect(error).toBeInstanceOf(FormulaError);
    expect(error.message.split("\n")[0]).toBe(message);
    expect(formula.slice(error.span!.start, error.span!.end)).toBe(place);
  });
});

describe("data errors say which column and which rows", () => {
  const cases: readonly (readonly [formula: string, message: string, column: string | null, rows: readonly number[]])[] = [
    [
      "sex ~ ses",
      'The response sex is a factor (F and M), but a gaussian model needs numbers. For 0 and 1 write I(sex == "M").',
      "sex",
      [],
    ],
    [
      "factor(ses) ~ ses",
      "The response factor(ses) is a factor (-1, 0, 1, 2 and 2 more), but a gaussian model needs numbers.",
      "factor(ses)",
      [],
    ],
    ["score ~ huge", "huge is infinite in rows 2 and 5. Correct these values or make them missing.", "huge", [2, 5]],
    [
      "log(ses) ~ 1",
      "log(ses) is infinite in row 1. Correct these values or make them missing (the logarithm of 0 is infinite).",
      "log(ses)",
      [1],
    ],
    [
      "score ~ offset(log(ses))",
      "offset(log(ses)) is infinite in row 1. Correct these values or make them missing.",
      "offset(log(ses))",
      [1],
    ],
    [
      "score ~ I(ses/0)",
      "I(ses/0) is infinite in rows 2, 3, 4, 5 and 6. Correct these values or make them missing.",
      "I(ses/0)",
      [2, 3, 4, 5, 6],
    ],
    ["score ~ 1 + (1 + huge | school)", "huge is infinite in rows 2 and 5. Correct these values or make them missing.", "huge", [2, 5]],
    [
      "score ~ poly(huge, 2)",
      "poly(huge, 2): its argument is infinite in rows 2 and 5. Correct these values or make them missing.",
      null,
      [2, 5],
    ],
    ["score ~ cgm(huge)", "cgm(huge): its argument is infinite in rows 2 and 5. Correct these values or make them missing.", null, [2, 5]],
    [
      "score ~ same",
      'The predictor same is a factor with only one level ("x") in the rows used, so that it has no effect to estimate. Leave it out, or look which rows were dropped.',
      "same",
      [],
    ],
    [
      "score ~ none",
      "No rows are left: every row lacks a value that the model needs or has weight zero. Most often missing: none (6 of 6). Leave out such a variable or impute it.",
      null,
      [],
    ],
    [
      "score ~ most + gap + none",
      "No rows are left: every row lacks a value that the model needs or has weight zero. Most often missing: none (6 of 6), most (5 of 6) and gap (1 of 6). Leave out such a variable or impute it.",
      null,
      [],
    ],
    [
      "score ~ ns(ses, knots = 20)",
      "ns(ses, knots = 20): the knots (20) must lie between the boundary knots -1 and 5. Use fewer knots, or give others with knots = c(...).",
      null,
      [],
    ],
    ["score ~ poly(ses, 6)", "poly(ses, 6): degree 6 needs at least 7 different values, and there are 6. Lower the degree.", null, []],
    ["score ~ ns(constant, 2)", "ns(constant, 2): its argument has fewer than two different values. Leave the term out.", null, []],
    ["score ~ scale(constant)", "scale(constant): its argument has fewer than two different values. Leave the term out.", null, []],
  ];
  test.each(cases)("%s", (formula, message, column, rows) => {
    const error = frameError(formula) as DataError;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(message);
    expect(error.column).toBe(column);
    expect(error.rows).toEqual(rows);
  });
});

describe("weights are numbers from 0 on", () => {
  const cases: readonly (readonly [weights: string, message: string, rows: readonly number[]])[] = [
    [
      "negative",
      'Weights must be numbers from 0 on, but "negative" is negative (-2) in row 3 (not usable: rows 3 and 6). A weight of 0 leaves a row out.',
      [3, 6],
    ],
    ["gap", 'Weights must be numbers from 0 on, but "gap" is missing in row 2. A weight of 0 leaves a row out.', [2]],
    ["zero", 'All weights in "zero" are zero: no row would count.', []],
    [
      "huge",
      'Weights must be numbers from 0 on, but "huge" is infinite in row 2 (not usable: rows 2 and 5). A weight of 0 leaves a row out.',
      [2, 5],
    ],
    ["sex", 'The weights column "sex" must be numeric.', []],
    ["sess", 'The weights name the column "sess", which the table does not have. Did you mean "ses"?', []],
  ];
  test.each(cases)("%s", (weights, message, rows) => {
    const error = frameError("score ~ ses", { weights }) as DataError;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(message);
    expect(error.rows).toEqual(rows);
  });
});

describe("contrasts are for factors of the model", () => {
  const cases: readonly (readonly [formula: string, contrasts: Record<string, string>, message: string])[] = [
    ["score ~ sex", { sex: "summ" }, 'There are no contrasts "summ". There are treatment, sum, helmert and poly.'],
    [
      "score ~ sex",
      { se: "sum" },
      'Contrasts are given for "se", which is not a factor of this model. Did you mean "sex"? The factors among its predictors are sex.',
    ],
    [
      "score ~ ses",
      { sex: "sum" },
      'Contrasts are given for "sex", which is not a factor of this model. The model has no factors among its predictors.',
    ],
  ];
  test.each(cases)("%s with %o", (formula, contrasts, message) => {
    const error = frameError(formula, { contrasts: contrasts as FrameOptions["contrasts"] });
    expect(error).toBeInstanceOf(FormulaError);
    expect(error.message).toBe(message);
  });
});

describe("a gaussian response is one column of numbers", () => {
  const cases: readonly (readonly [formula: string, message: string])[] = [
    [
      "cbind(ses, score) ~ 1",
      "The response cbind(ses, score) needs a binomial family: it counts successes and failures. Give one column for a gaussian model.",
    ],
    ["poly(ses, 2) ~ 1", "The response poly(ses, 2) has several columns. Give one column."],
  ];
  test.each(cases)("%s", (formula, message) => {
    const error = frameError(formula);
    expect(error).toBeInstanceOf(FitError);
    expect(error.message).toBe(message);
  });
  test("truth values count as 0 and 1", () => {
    const frame = buildFrame(parseFormula("I(sex == 'M') ~ ses"), table);
    expect([...frame.response.values]).toEqual([0, 1, 0, 1, 0, 1]);
  });
  test("a formula without one is refused", () => {
    expect(frameError("~ ses").message).toBe('A model needs a response: write it before ~, as in "y ~ x".');
  });
});

test("a table without rows is refused", () => {
  const empty = Table.ofColumns([
    { kind: "number", name: "score", values: new Float64Array(0) },
    { kind: "number", name: "ses", values: new Float64Array(0) },
  ]);
  expect(errorOf(() => buildFrame(parseFormula("score ~ ses"), empty)).message).toBe("The table has no rows.");
});

describe("new data must have the fit's columns and levels", () => {
  const { recipe } = buildFrame(parseFormula("score ~ sex * ses + (1 | school)"), table);
  const cases: readonly (readonly [string, Table, string, readonly number[]])[] = [
    [
      "a column lacks",
      Table.from({ sex: ["F"], sess: [1] }),
      'The new data have no column "ses", which the model needs. Did you mean "sex"?',
      [],
    ],
    [
      "text for numbers",
      Table.from({ sex: ["F"], ses: ["1"] }),
      "ses was numeric in the fit and is a factor in the new data. Give it as it was.",
      [],
    ],
    [
      "truth values for a factor",
      Table.from({ sex: [true], ses: [1] }),
      "sex was a factor in the fit and is logical in the new data. Give it as it was.",
      [],
    ],
    [
      "one new level",
      Table.from({ sex: ["F", "f"], ses: [1, 2] }),
      'sex has a level in the new data that the fit did not have: "f" (row 2). Did you mean "F"? The fit had F and M.',
      [2],
    ],
    [
      "two new levels",
      Table.from({ sex: ["F", "f", "x"], ses: [1, 2, 3] }),
      'sex has levels in the new data that the fit did not have: "f" and "x" (rows 2 and 3). The fit had F and M.',
      [2, 3],
    ],
  ];
  test.each(cases)("%s", (_, newData, message, rows) => {
    const error = errorOf(() => designForNewData(recipe, newData, { random: false })) as DataError;
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(message);
    expect(error.rows).toEqual(rows);
  });
  test("grouping columns are needed for the random terms only", () => {
    const newData = Table.from({ sex: ["F"], ses: [1] });
    expect(designForNewData(recipe, newData, { random: false }).random).toEqual([]);
    expect(errorOf(() => designForNewData(recipe, newData)).message).toBe('The new data have no column "school", which the model needs.');
  });
});
