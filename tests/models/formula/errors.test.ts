import { describe, expect, test } from "vitest";
import { FormulaError } from "../../../src/messages.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { levelEquations } from "../../../src/models/formula/level-equations.js";

type Case = readonly [text: string, at: string | null, what: string];

function errorOf(read: (text: string) => unknown, text: string): FormulaError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
  throw new Error(`No error for ${text}`);
}

/** What the error says, without the picture, and the part of the text that it points at. */
const told = (read: (text: string) => unknown, text: string): Case => {
  const { message, span } = errorOf(read, text);
  return [text, span === null ? null : text.slice(span.start, span.end), message.split("\n")[0]!];
};

const formulas: readonly Case[] = [
  ["", null, 'The formula is empty. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".'],
  ["   ", null, 'The formula is empty. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".'],
  ["y", null, 'The formula has no ~. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".'],
  ["x + * z", null, 'The formula has no ~. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".'],
  ["y ~", "~", "Nothing stands to the right of ~. For a model of the mean alone write 1."],
  ["y ~ a ~ b", "~", "A formula has one ~; this is a second one."],
  ["y ~~ a", "~~", "Two operators in a row: ~ and ~. A variable is missing between them, or one operator is too many."],
  ["y ~ I(a ~ b)", "~", "A formula has one ~; this is a second one."],
  ["y ~ x + * z", "+ *", "Two operators in a row: + and *. A variable is missing between them, or one operator is too many."],
  ["y ~ x ++ z", "++", "Two operators in a row: + and +. A variable is missing between them, or one operator is too many."],
  ["y ~ x + -z", "+ -", "Two operators in a row: + and -. A variable is missing between them, or one operator is too many."],
  ["y ~ x * - 1", "* -", "Two operators in a row: * and -. A variable is missing between them, or one operator is too many."],
  ["y ~ * x", "~ *", "Two operators in a row: ~ and *. A variable is missing between them, or one operator is too many."],
  ["* y ~ x", "*", "Nothing stands before *: a variable is missing, or the operator is too many."],
  ["y ~ x +", "+", "The formula ends after +: something is missing."],
  ["y ~ (x + )", ")", "Something is missing before )."],
  ["y ~ log(x, )", ")", "An argument of log() is empty."],
  ["y ~ log(, x)", ",", "An argument of log() is empty."],
  ["y ~ poly()", "poly()", "poly() takes 1 to 5 arguments, not 0. Write poly(x, 2)."],
  [
    "y ~ x z",
    "z",
    "An operator (+, :, *, ...) is missing here. If this is one column name with a space in it, put it in backticks: `x z`.",
  ],
  ["y ~ x 2", "2", "An operator (+, :, *, ...) is missing before 2."],
  ["y ~ x `z`", "`z`", "An operator (+, :, *, ...) is missing before `z`."],
  ["y ~ x 'z'", "'z'", "An operator (+, :, *, ...) is missing before 'z'."],
  ["y ~ 2 (x)", "(", "An operator (+, :, *, ...) is missing before (."],
  ["y ~ x (1 | g)", " (1 | g)", "An operator (+, :, *, ...) is missing before the parenthesis."],
  ["y ~ x ! z", "!", "An operator (+, :, *, ...) is missing before !."],
  ["y ~ x)", ")", "This parenthesis closes nothing: there is no opening one for it."],
  [") ~ x", ")", "This parenthesis closes nothing: there is no opening one for it."],
  ["y ~ (x", "(", "This parenthesis is never closed."],
  ["y ~ (", "(", "This parenthesis is never closed."],
  ["y ~ log(x", "(", "This parenthesis is never closed."],
  ["y ~ ()", "()", "Nothing stands between these parentheses."],
  ["y ~ x, z", ",", "A comma stands outside a function call. Terms are separated by +."],
  ["y ~ `x", "`", "This backtick opens a name that is never closed by a second one."],
  ["y ~ I(x == 'a)", "'", "This ' opens a text that is never closed by a second one."],
  ["y ~ ``", "``", "There is no name between these backticks."],
  ["y ~ I(x == 'a\\q')", "\\q", "The escape \\q is not known. For a backslash itself write two of them."],
  ["y ~ I(x == '\\u0000')", "\\u", "The escape \\u is not known. For a backslash itself write two of them."],
  ["y ~ x@z", "@", 'The character "@" has no meaning in a formula. A column whose name contains it is written in backticks.'],
  ["y ~ x # z", "#", 'The character "#" has no meaning in a formula. A column whose name contains it is written in backticks.'],
  ["y ~ 😀", "😀", 'The character "😀" has no meaning in a formula. A column whose name contains it is written in backticks.'],
  ["y ~ I(x %/% 2)", "%/%", "The operator %/% is not known in formulas."],
  ["y ~ I(a && b)", "&&", "&& does not work on columns; write &."],
  ["y ~ I(a || b)", "||", "|| does not work on columns; write |."],
  ["y ~ I(a = 2) = b", "=", "= does not work on columns; write ==."],
  ["y ~ a = b", "=", "= does not work on columns; write ==."],
  ["y ~ I(a < b < c)", "<", "Comparisons cannot be chained. Join two of them with &: a < b & b < c."],
  ["y ~ 1x", "1x", "1x is not a number."],
  ["y ~ 1e + x", "1e", "1e is not a number."],
  [
    "y ~ lg(x)",
    "lg",
    'There is no function lg() in formulas. Did you mean "log"? Compute the column in the table first if it is another function that you need.',
  ],
  [
    "y ~ mean(x)",
    "mean",
    "There is no function mean() in formulas. Compute the column in the table first if it is another function that you need.",
  ],
  [
    "y ~ mm(a, b)",
    "mm(a, b)",
    "mm() names the units of a random term; it may only stand to the right of the bar, as in (1 | mm(teacher1, teacher2)).",
  ],
  ["y ~ cwc(x)", "cwc(x)", "cwc() takes 2 arguments, not 1. Write cwc(x, group)."],
  ["y ~ cwc(x, g, h)", "cwc(x, g, h)", "cwc() takes 2 arguments, not 3. Write cwc(x, group)."],
  ["y ~ log(x, 2, 3)", "log(x, 2, 3)", "log() takes 1 or 2 arguments, not 3."],
  ["y ~ cbind(a)", "cbind(a)", "cbind() takes at least 2 arguments, not 1. Write cbind(successes, failures)."],
  ["y ~ sqrt(a, b)", "sqrt(a, b)", "sqrt() takes 1 argument, not 2."],
  ["y ~ ifelse(a, b)", "ifelse(a, b)", 'ifelse() takes 3 arguments, not 2. Write ifelse(x == "a", 1, 0).'],
  [
    "y ~ x + 2",
    "2",
    "The number 2 is not a term: only 1 (intercept) and 0 (no intercept) are. For a fixed coefficient write offset(2 * x).",
  ],
  ["y ~ 'x'", "'x'", "The text 'x' is not a term. A column's name is written without quotes or in backticks."],
  ["y ~ a^1", "1", "The power of a sum must be a whole number from 2 on, as in (a + b)^2. For the square of a variable write I(x^2)."],
  [
    "y ~ (a + b)^1.5",
    "1.5",
    "The power of a sum must be a whole number from 2 on, as in (a + b)^2. For the square of a variable write I(x^2).",
  ],
  [
    "y ~ (a + b)^c",
    "c",
    "The power of a sum must be a whole number from 2 on, as in (a + b)^2. For the square of a variable write I(x^2).",
  ],
  ["y ~ .", ".", "The dot means all other columns of the table, but no table is known here. Name the columns."],
  [
    "y ~ log(.)",
    ".",
    "The dot stands for all other columns and may only be a term by itself (or one of a sum); not part of an expression.",
  ],
  ["y ~ x + y", "y", "The response y also stands on the right-hand side as a predictor of itself."],
  ["1 ~ x", "1", "1 cannot be a response. To the left of ~ stands a column or an expression of columns."],
  [". ~ x", ".", ". cannot be a response. To the left of ~ stands a column or an expression of columns."],
  ["y ~ a:offset(o)", "offset(o)", "An offset cannot be part of an interaction. Write it as a summand: + offset(x)."],
  ["y ~ log(offset(o))", "offset(o)", "An offset cannot be part of an interaction. Write it as a summand: + offset(x)."],
  ["y ~ (offset(o) | g)", "offset(o)", "An offset cannot stand in a random term. Write it among the fixed effects: + offset(x)."],
  ["y ~ x + 1 | g", "x + 1 | g", "A random term needs parentheses of its own: (x + 1 | g). Join it with + to the other terms."],
  ["y ~ 1 | g", "1 | g", "A random term needs parentheses of its own: (1 | g). Join it with + to the other terms."],
  [
    "y ~ x + ((1 | g))",
    "((1 | g))",
    'A random term can only be added to the formula. Write + (1 | g) directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)',
  ],
  [
    "y ~ (x + (1 | g))",
    "(1 | g)",
    'A random term can only be added to the formula. Write + (1 | g) directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)',
  ],
  [
    "y ~ x:(1 | g)",
    "(1 | g)",
    'A random term can only be added to the formula. Write + (1 | g) directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)',
  ],
  [
    "y ~ (1 | g) == 2",
    "(1 | g)",
    'A random term can only be added to the formula. Write + (1 | g) directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)',
  ],
  [
    "(1 | g) ~ x",
    "(1 | g)",
    'A random term can only be added to the formula. Write + (1 | g) directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)',
  ],
  ["y ~ x - (1 | g)", "(1 | g)", "A random term can only be added to the formula. Leave (1 | g) out instead of subtracting it."],
  ["y ~ -(1 | g)", "-(1 | g)", "A random term can only be added to the formula. Leave (1 | g) out instead of subtracting it."],
  ["y ~ (1 | a | b)", "(1 | a | b)", "A random term has one bar; this is a second one. Write two random terms: (1 | a) + (1 | b)."],
  ["y ~ (1 | (a | b))", "(1 | (a | b))", "A random term has one bar; this is a second one. Write two random terms: (1 | a) + (1 | b)."],
  [
    "y ~ (1 | a + b)",
    "a + b",
    "One random term has one grouping factor. Write a term for each of them, (1 | a) + (1 | b), or the nesting (1 | a/b).",
  ],
  [
    "y ~ (1 | a/(b + c))",
    "(b + c)",
    "One random term has one grouping factor. Write a term for each of them, (1 | a) + (1 | b), or the nesting (1 | a/b).",
  ],
  [
    "y ~ (1 | a*b)",
    "a*b",
    "One random term has one grouping factor. Write a term for each of them, (1 | a) + (1 | b), or the nesting (1 | a/b).",
  ],
  ["y ~ (1 | 1)", "1", "1 cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b)."],
  [
    "y ~ (1 | poly(a, 2))",
    "poly(a, 2)",
    "poly(a, 2) cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).",
  ],
  [
    "y ~ (1 | -a)",
    "-a",
    "-a cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).",
  ],
  [
    "y ~ (1 | a %in% b)",
    "a %in% b",
    "a %in% b cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).",
  ],
  ["y ~ (1 | .)", ".", ". cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b)."],
  [
    "y ~ (1 | mm(a, b)/c)",
    "mm(a, b)",
    "Multiple membership mm() cannot be nested in or crossed with another factor inside one random term.",
  ],
  ["y ~ (1 | mm(a))", "mm(a)", "mm() needs at least two members, the columns that name the units of each row: mm(t1, t2)."],
  ["y ~ (1 | mm(a, b, weights = w1))", "w1", "mm() has 2 members but 1 weight. Write one weight a member: weights = w1 + w2."],
  ["y ~ (1 | mm(a, b, weight = w1 + w2))", "w1 + w2", 'mm() has no argument weight. Did you mean "weights"?'],
  ["y ~ (1 | mm(a, b, by = c))", "c", "mm() has no argument by."],
  ["y ~ (0 | g)", "(0 | g)", "This random term has no effects: nothing is left to the left of the bar."],
  ["y ~ (-1 | g)", "(-1 | g)", "This random term has no effects: nothing is left to the left of the bar."],
  [
    "y ~ (1 | interaction(a, sep = b))",
    "interaction(a, sep = b)",
    "interaction(a, sep = b) cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).",
  ],
  ["y ~ (1 | )", ")", "Something is missing before )."],
  ["y ~ ( | g)", "|", "Something is missing before |."],
  ["y ~ &x", "~ &", "Two operators in a row: ~ and &. A variable is missing between them, or one operator is too many."],
  ["y ~ x & & z", "& &", "Two operators in a row: & and &. A variable is missing between them, or one operator is too many."],
  [
    "y ~ I(a + + b) + b(c)",
    "b",
    'There is no function b() in formulas. Did you mean "I"? Compute the column in the table first if it is another function that you need.',
  ],
  ["y ~ x ? z", "?", 'The character "?" has no meaning in a formula. A column whose name contains it is written in backticks.'],
];

const equations: readonly Case[] = [
  [
    "y = b0 + r",
    "y = b0 + r",
    'This equation stands under no heading. Begin with "Level-1:" and put "Level-2 (school):" before the equations of level 2.',
  ],
  ["Level-2: b0j = g00", null, 'There is no equation under "Level-1:". It gives the outcome, as in "Level-1: y_ij = b0j + b1j*x + r_ij".'],
  ["Level-1: y = b0j + r\nLevel-1: z = b1j", "z", "Level 1 has one equation, that of the outcome; this is a second one."],
  ["Level-1: y + b0j", "y + b0j", 'This is not an equation. Write what is explained, = and the terms, as in "b0j = g00 + g01*x + u0j".'],
  [
    "Level-1: y = b0j + x",
    "x",
    "x is not a term of a level equation. Write coefficient*predictor (g01*x), a coefficient alone (g00) or a residual (u0j), joined by +.",
  ],
  [
    "Level-1: y = b0j - b1j*x",
    "b0j - b1j*x",
    "b0j - b1j*x is not a term of a level equation. Write coefficient*predictor (g01*x), a coefficient alone (g00) or a residual (u0j), joined by +.",
  ],
  ["Level-1: y = b0j + \n", " ", "A term is missing here."],
  ["Level-1: y = b0j + r\nLevel-2 (g): b3j = g30", "b3j", "b3j is not a coefficient of an equation at level 1."],
  ["Level-1: y = b0j + r\nLevel-2 (g): b0j = g00; b0j = g01*x", "b0j", "b0j has two equations."],
  [
    "Level-1: y = b0j + r\nLevel-2: b0j = g00 + u0j",
    null,
    'The units of level 2 are not named. Write "Level-2 (school):" or give them in groups: ["school"].',
  ],
  [
    "Level-1: y = b0j + b1j*lg(x) + r",
    "lg",
    'There is no function lg() in formulas. Did you mean "log"? Compute the column in the table first if it is another function that you need.',
  ],
  ["Level-1: y = b0j + b1j*(x + ) + r", ")", "Something is missing before )."],
  ["", null, 'There is no equation under "Level-1:". It gives the outcome, as in "Level-1: y_ij = b0j + b1j*x + r_ij".'],
  ["Level-1: = b0j", "= b0j", 'This is not an equation. Write what is explained, = and the terms, as in "b0j = g00 + g01*x + u0j".'],
  ["Level-1: y = b0j + b1j*", "", "A term is missing here."],
  [
    "Level-1: y = b0j = r",
    "y = b0j = r",
    'This is not an equation. Write what is explained, = and the terms, as in "b0j = g00 + g01*x + u0j".',
  ],
  [
    "Level-1: y = b0j + u0j*x",
    "u0j*x",
    "u0j*x is not a term of a level equation. Write coefficient*predictor (g01*x), a coefficient alone (g00) or a residual (u0j), joined by +.",
  ],
];

describe("a formula that cannot be read says what is wrong and where", () => {
  test.each(formulas)("%s", (...expected) => {
    expect(told(parseFormula, expected[0])).toEqual(expected);
  });

  test("the message ends with the formula and a caret below the position", () => {
    expect(errorOf(parseFormula, "score ~ mkt + * vision").message.split("\n").slice(1)).toEqual([
      "  score ~ mkt + * vision",
      "              ^^^",
    ]);
  });
});

describe("level equations that cannot be read say what is wrong and where", () => {
  test.each(equations)("%j", (...expected) => {
    expect(told((text) => levelEquations(text), expected[0])).toEqual(expected);
  });
});
