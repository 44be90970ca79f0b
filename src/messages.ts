/**
 * Every sentence a user may read: what happened, where (column, row, level, position), and what to do.
 *
 * Errors are typed by what was wrong: the formula, the data, or the fit. Library code never prints; what is worth
 * knowing about a result that stands is a `Note` on the result.
 */

/** Where in a formula something stands: character offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Something worth knowing about a result that nevertheless stands: what it means and what to do, in words. */
export interface Note {
  /** Stable, for programs: "boundary", "dropped-rows", "rank-deficient", ... */
  readonly code: string;
  readonly message: string;
}

/** The formula cannot be read, or names something that does not exist. `message` ends with the formula and a caret below the position. */
export class FormulaError extends Error {
  override readonly name: string = "FormulaError";
  readonly formula: string;
  readonly span: Span | null;

  constructor(what: string, formula: string, span: Span | null = null) {
    super(span === null ? what : `${what}\n${underline(formula, span)}`);
    this.formula = formula;
    this.span = span;
  }
}

/** The data cannot be used as asked: which column, which rows (1-based, as a person counts them, without the header). */
export class DataError extends Error {
  override readonly name: string = "DataError";
  readonly column: string | null;
  readonly rows: readonly number[];

  constructor(what: string, where: { readonly column?: string; readonly rows?: readonly number[] } = {}) {
    super(what);
    this.column = where.column ?? null;
    this.rows = where.rows ?? [];
  }
}

/** The model cannot be fitted, or a conclusion cannot be drawn from this fit. */
export class FitError extends Error {
  override readonly name: string = "FitError";
}

/** Work was stopped by its AbortSignal. A FitError named "AbortError", as the platform's own; `cause` is the signal's reason. */
export class AbortError extends FitError {
  override readonly name: string = "AbortError";
  override readonly cause: unknown;

  constructor(what: string, reason: unknown) {
    super(what);
    this.cause = reason;
  }
}

/** How much of a long formula an error shows on either side of the position. */
const EXCERPT = 60;

/** The formula on one line and `^^^` below the span; of a long formula only the surroundings. */
function underline(formula: string, span: Span): string {
  const flat = formula.replace(/[\r\n\t]/g, " ");
  const start = Math.min(span.start, flat.length);
  const end = Math.max(start + 1, Math.min(span.end, flat.length + 1, start + EXCERPT));
  const from = flat.length > 2 * EXCERPT ? Math.max(0, start - EXCERPT) : 0;
  const to = flat.length > 2 * EXCERPT ? Math.min(flat.length, end + EXCERPT) : flat.length;
  const before = from > 0 ? "..." : "";
  const after = to < flat.length ? "..." : "";
  return `  ${before}${flat.slice(from, to)}${after}\n  ${" ".repeat(before.length + start - from)}${"^".repeat(end - start)}`;
}

// ---------------------------------------------------------------------------------------------------------- words
// Each section belongs to one room of the house. A sentence is a function of what it names; tests read each of them.

/** "a, b and c"; at most `most` of them, then "and 12 more". */
export function listed(items: readonly (string | number)[], most = 5): string {
  const shown = items.slice(0, most).map(String);
  const more = items.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  if (shown.length <= 1) return shown.join("");
  return `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/** "1 row", "2 rows". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** The nearest name by edit distance (Damerau), if it is near enough to be a slip of the finger; else null. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0.5 : editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** " Did you mean \"x\"?" or nothing. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  return near === null ? "" : ` Did you mean "${near}"?`;
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let d = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, beforePrevious[j - 2]! + 1);
      current.push(d);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length]!;
}

// ---- data and io: words for src/data and src/io

/** What a table, a verb or a reader says when the data cannot be used as asked. Rows are counted from 1, without the header. */
export const dataMessages = {
  noColumn(name: string, names: readonly string[]): string {
    const near = didYouMean(name, names);
    const has = names.length === 0 ? "The table has no columns." : `The table has ${listed(names, near === "" ? 12 : 5)}.`;
    return `There is no column "${name}".${near} ${has}`;
  },
  wrongKind(name: string, kind: string, wanted: string): string {
    return `Column "${name}" is ${kind === "number" ? "numeric" : `of kind ${kind}`}, but ${wanted} is needed here.`;
  },
  duplicateColumn(name: string, positions: readonly number[]): string {
    return `Two columns have the name "${name}" (columns ${listed(positions)}). Rename one of them.`;
  },
  emptyColumnName(position: number): string {
    return `Column ${position} has no name. Give every column a name.`;
  },
  unequalLengths(first: string, firstCount: number, other: string, otherCount: number): string {
    return `Columns must be equally long: "${first}" has ${counted(firstCount, "row")}, "${other}" has ${otherCount}.`;
  },
  mixedColumn(name: string, before: string, after: string, value: string, row: number): string {
    return `Column "${name}" mixes ${before} with ${after}: row ${row} holds ${value}. Make the column one type; null means missing.`;
  },
  unusableValue(name: string, what: string, row: number): string {
    return `Column "${name}" holds ${what} in row ${row}. A cell is a number, a string, a boolean, a Date or null.`;
  },
  notATable(what: string): string {
    return `${what} is not a table. Give rows (an array of objects), columns (an object of arrays), or an arquero, danfojs or Arrow table.`;
  },
  rowNotAnObject(row: number, what: string): string {
    return `Row ${row} is ${what}, not an object of cells.`;
  },
  badCode(name: string, row: number, code: number, levels: number): string {
    return `Factor "${name}" has code ${code} in row ${row}, but its ${counted(levels, "level")} have the codes 0 to ${levels - 1}; -1 means missing.`;
  },
  duplicateLevel(name: string, level: string): string {
    return `Factor "${name}" has the level "${level}" twice. Levels must differ.`;
  },
  notALevel(name: string, values: readonly string[], levels: readonly string[], rows: readonly number[], total: number): string {
    const shown = values.map((value) => `"${value}"`);
    const near = values.length === 1 ? didYouMean(values[0]!, levels) : "";
    return `Column "${name}" holds ${listed(shown)} in ${atRows(rows, total)}, which ${values.length === 1 ? "is" : "are"} not among its categories (${listed(levels, 8)}).${near}`;
  },
  noLevel(name: string, level: string, levels: readonly string[]): string {
    return `Factor "${name}" has no level "${level}".${didYouMean(level, levels)} Its levels are ${listed(levels, 12)}.`;
  },
  noSuchRow(row: number, rowCount: number): string {
    return `There is no row ${row}: the table has ${counted(rowCount, "row")}.`;
  },
  differentRowCounts(first: number, second: number): string {
    return `The two sequences must be equally long: one has ${counted(first, "row")}, the other ${second}.`;
  },
  keysDiffer(left: string, leftKind: string, right: string, rightKind: string): string {
    return `The key "${left}" is of kind ${leftKind} on the left, but "${right}" is of kind ${rightKind} on the right. Keys must be both numbers, both booleans, or both factors or text.`;
  },
  tooManyJoinRows(rows: number): string {
    return `The join would give ${rows} rows: keys are repeated in both tables. Summarize one of them to one row a key first.`;
  },
  badSeed(seed: string): string {
    return `The seed of random numbers must be a whole number from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1, not ${seed}.`;
  },
  badKeyPart(position: number, what: string): string {
    return `Part ${position} of the key of random numbers must be a string or a finite number, not ${what}.`;
  },
  badRandomArgument(
    method: string,
    argument: string,
    wanted: "positive" | "notNegative" | "probability" | "whole" | "wholePositive",
    value: number,
  ): string {
    const range = {
      positive: "positive (at least 1e-300) and finite",
      notNegative: "finite and at least 0",
      probability: "from 0 to 1",
      whole: "a whole number from 0 to 2^53 - 1",
      wholePositive: "a whole number from 1 to 2^53 - 1",
    }[wanted];
    return `${method}(): ${argument} must be ${range}, not ${value}.`;
  },
  sampleTooLarge(size: number, count: number): string {
    return `sample(): ${size} cannot be drawn from ${counted(count, "item")} without replacement. Draw at most ${count}.`;
  },
  factorNotSquare(length: number): string {
    return `multivariateNormal(): the factor must be a square matrix by columns (1, 4, 9, ... numbers), but has ${counted(length, "number")}.`;
  },
  noSummary(name: string, names: readonly string[]): string {
    return `There is no summary "${name}".${didYouMean(name, names)} There are ${listed(names, 20)}.`;
  },
  /** For a model that uses the column. */
  nearlyNumeric(column: string, count: number, value: string, row: number): string {
    const cell = `${JSON.stringify(excerpt(value))} in row ${row}`;
    return count === 1
      ? `"${column}" was read as text, because 1 of its values is not a number: ${cell}. Correct it, or make it missing.`
      : `"${column}" was read as text, because ${count} of its values are not numbers, the first of them ${cell}. Correct them, or make them missing.`;
  },
  /** For a description of the table. */
  readAsText(column: string, count: number, total: number, value: string, row: number): string {
    const what = count === 1 ? "is not a number:" : "are not numbers, the first of them";
    return `${column}: read as text because ${count} of ${total} values ${what} ${JSON.stringify(excerpt(value))} in row ${row}`;
  },
};

/** What the system's codes mean for a person who wants to read or write a file. */
const FILE_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ["EACCES", "permission is denied"],
  ["EPERM", "permission is denied"],
  ["EROFS", "the disk can only be read"],
  ["EBUSY", "it is in use"],
  ["ENOENT", "its directory does not exist"],
  ["ENOTDIR", "a part of its path is a file, not a directory"],
  ["EISDIR", "it is a directory"],
  ["ENAMETOOLONG", "its name is too long"],
  ["ELOOP", "its links lead in a circle"],
  ["EMFILE", "too many files are open"],
  ["ENFILE", "too many files are open"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "your share of the disk is full"],
  ["EIO", "the disk reports an error"],
  ["ERR_FS_FILE_TOO_LARGE", "it is larger than 2 GiB"],
]);

/** What the readers and writers of files say. Lines are counted from 1, the header included. */
export const ioMessages = {
  emptyFile(): string {
    return "The file is empty. A table needs a header line with column names and at least one row.";
  },
  headerOnly(columns: number): string {
    return `The file has a header with ${counted(columns, "column")} but no rows.`;
  },
  raggedRow(line: number, fields: number, columns: number): string {
    return `Line ${line} has ${counted(fields, "field")}, but the header has ${columns}. Fields that contain the delimiter must stand in double quotes.`;
  },
  rowNames(line: number, fields: number, columns: number): string {
    return (
      `Line ${line} has ${counted(fields, "field")}, but the header has only ${columns}: this looks like a file from R's write.table with row names, ` +
      "which have no name in the header. Write it with row.names = FALSE, or add a name for the first column to the header."
    );
  },
  unclosedQuote(line: number): string {
    return `The double quote opened in line ${line} is never closed. A quote within a quoted field must be doubled ("").`;
  },
  textAfterQuote(line: number): string {
    return `In line ${line} text follows a closing double quote. A quote within a quoted field must be doubled ("").`;
  },
  emptyHeader(column: number): string {
    const rowNames = column === 1 ? " R's write.csv does this with row names: write with row.names = FALSE." : "";
    return `Column ${column} has no name in the header. Give every column a name.${rowNames}`;
  },
  duplicateHeader(name: string, first: number, second: number): string {
    return `The header has the name "${name}" twice (columns ${first} and ${second}). Rename one of them.`;
  },
  notText(line: number): string {
    return `The file is not text: line ${line} contains a NUL byte. Save it as CSV in UTF-8 (a spreadsheet file must be exported first).`;
  },
  notUtf8(line: number): string {
    return `The file is not text in UTF-8: line ${line} contains invalid bytes. Save it as "CSV UTF-8", or name its encoding, for example { encoding: "windows-1252" } in readTable, --encoding windows-1252 on the command line.`;
  },
  notUtf16(): string {
    return "The file begins like text in UTF-16 but is not. Save it as CSV in UTF-8.";
  },
  unknownEncoding(encoding: string): string {
    return `There is no encoding "${encoding}". Common ones are "utf-8", "utf-16le", "windows-1252" and "latin1".`;
  },
  badDelimiter(delimiter: string): string {
    return `The delimiter must be one ASCII character other than a quote or a line break, not ${JSON.stringify(delimiter)}.`;
  },
  badDecimal(decimal: string, delimiter: string): string {
    return `The decimal mark ${JSON.stringify(decimal)} cannot be used with the delimiter ${JSON.stringify(delimiter)}: it must be "." or "," and differ from the delimiter.`;
  },
  noFile(path: string): string {
    return `There is no file "${path}".`;
  },
  isDirectory(path: string): string {
    return `"${path}" is a directory. Name a file in it.`;
  },
  cannotRead(path: string, reason: string): string {
    return `"${path}" cannot be read: ${reason}.`;
  },
  cannotWrite(path: string, reason: string): string {
    return `"${path}" cannot be written: ${reason}.`;
  },
  /** Why the system refuses a file, in words: `code` is Node's (EACCES), `message` what Node says beside it. */
  reason(code: string, message: string): string {
    const known = FILE_PROBLEMS.get(code);
    if (known !== undefined) return known;
    return /^[A-Z][A-Z0-9_]*: ([^,]+)/.exec(message)?.[1] ?? message;
  },
  badGzip(path: string): string {
    return `"${path}" is compressed with gzip, but damaged or cut off. Copy it again.`;
  },
  inFile(path: string, message: string): string {
    return `${path}: ${message}`;
  },
  badJson(path: string, reason: string): string {
    return `"${path}" is not JSON: ${reason}.`;
  },
  badSchema(where: string, what: string): string {
    return `The schema is not a Table Schema: ${where} ${what}.`;
  },
  badPackage(where: string, what: string): string {
    return `The data package cannot be read: ${where} ${what}.`;
  },
  unknownType(column: string, type: string, types: readonly string[]): string {
    return `The schema gives column "${column}" the type "${type}", which does not exist.${didYouMean(type, types)} Types are ${listed(types, 20)}.`;
  },
  notOfType(column: string, type: string, value: string, row: number): string {
    return `Column "${column}" is of type ${type} in the schema, but row ${row} holds ${JSON.stringify(value)}. Correct the cell, or declare it in missingValues.`;
  },
  fieldAbsent(column: string, names: readonly string[]): string {
    return `The schema describes a column "${column}" that the file does not have.${didYouMean(column, names)} The file has ${listed(names, 12)}.`;
  },
  fieldsDiffer(rule: string, what: string): string {
    return `The schema's fieldsMatch is "${rule}", but ${what}.`;
  },
  requiredMissing(column: string, rows: readonly number[], total: number): string {
    return `Column "${column}" is required, but missing in ${atRows(rows, total)}.`;
  },
  notUnique(columns: readonly string[], value: string, first: number, second: number): string {
    return `${columns.length === 1 ? `Column "${columns[0]}"` : `The key (${columns.join(", ")})`} must be unique, but ${value} stands in rows ${first} and ${second}.`;
  },
  violates(column: string, rule: string, value: string, rows: readonly number[], total: number): string {
    return `Column "${column}" must ${rule}, but ${atRows(rows, total)} ${total === 1 ? "holds" : "hold"} ${value}${total === 1 ? "" : " and the like"}.`;
  },
  badPattern(column: string, why: string): string {
    return `The pattern of column "${column}" cannot be used: ${why}.`;
  },
};

/** The beginning of a cell's text. */
function excerpt(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** "row 3", "rows 3, 4 and 9", "rows 1, 2, 3, 4, 5 and 95 more". */
export function atRows(rows: readonly number[], total: number = rows.length): string {
  const shown = rows.slice(0, 5);
  const more = total - shown.length;
  if (more > 0) return `rows ${shown.join(", ")} and ${more} more`;
  return `${shown.length === 1 ? "row" : "rows"} ${listed(shown)}`;
}

// ---- formula: words for src/models/formula

/** Parts of a model that have a formula beside the main one. */
export type ModelPart = "zi" | "dispersion" | "scale" | "nominal";

const partWords: Readonly<Record<ModelPart, string>> = {
  zi: "zero-inflation",
  dispersion: "dispersion",
  scale: "scale",
  nominal: "nominal",
};

export const formulaMessages = {
  empty: (): string => 'The formula is empty. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".',
  noTilde: (): string => 'The formula has no ~. Write the response, ~ and the predictors, as in "y ~ x + (1 | school)".',
  nothingAfterTilde: (): string => "Nothing stands to the right of ~. For a model of the mean alone write 1.",
  secondTilde: (): string => "A formula has one ~; this is a second one.",
  twoOperators: (first: string, second: string): string =>
    `Two operators in a row: ${first} and ${second}. A variable is missing between them, or one operator is too many.`,
  startsWithOperator: (operator: string): string =>
    `Nothing stands before ${operator}: a variable is missing, or the operator is too many.`,
  endsAfter: (token: string): string => `The formula ends after ${token}: something is missing.`,
  missingBefore: (token: string): string => `Something is missing before ${token}.`,
  missingOperator: (token: string): string => `An operator (+, :, *, ...) is missing before ${token}.`,
  missingOperatorAfterSpace: (whole: string): string =>
    `An operator (+, :, *, ...) is missing here. If this is one column name with a space in it, put it in backticks: \`${whole}\`.`,
  unopened: (): string => "This parenthesis closes nothing: there is no opening one for it.",
  unclosed: (): string => "This parenthesis is never closed.",
  emptyParentheses: (): string => "Nothing stands between these parentheses.",
  emptyArgument: (name: string): string => `An argument of ${name}() is empty.`,
  commaOutside: (): string => "A comma stands outside a function call. Terms are separated by +.",
  unclosedBacktick: (): string => "This backtick opens a name that is never closed by a second one.",
  unclosedString: (quote: string): string => `This ${quote} opens a text that is never closed by a second one.`,
  emptyName: (): string => "There is no name between these backticks.",
  unknownEscape: (written: string): string => `The escape ${written} is not known. For a backslash itself write two of them.`,
  unknownCharacter: (character: string): string =>
    `The character ${JSON.stringify(character)} has no meaning in a formula. A column whose name contains it is written in backticks.`,
  unknownOperator: (operator: string): string => `The operator ${operator} is not known in formulas.`,
  useInstead: (written: string, instead: string): string => `${written} does not work on columns; write ${instead}.`,
  chainedComparison: (): string => "Comparisons cannot be chained. Join two of them with &: a < b & b < c.",
  malformedNumber: (text: string): string => `${text} is not a number.`,
  unknownFunction: (name: string, near: string): string =>
    `There is no function ${name}() in formulas.${near} Compute the column in the table first if it is another function that you need.`,
  membershipOutside: (): string =>
    "mm() names the units of a random term; it may only stand to the right of the bar, as in (1 | mm(teacher1, teacher2)).",
  argumentCount: (name: string, wanted: string, found: number, usage: string): string => `${name}() takes ${wanted}, not ${found}.${usage}`,
  unknownArgument: (name: string, argument: string, near: string): string => `${name}() has no argument ${argument}.${near}`,
  tooDeep: (limit: number): string =>
    `The formula is nested more than ${limit} levels deep here. Compute the inner part in the table and name it.`,
  tooManyTerms: (limit: number): string =>
    `This product expands to more than ${limit} terms. Use a lower power, or write the interactions that are wanted.`,
  numberAsTerm: (text: string): string =>
    `The number ${text} is not a term: only 1 (intercept) and 0 (no intercept) are. For a fixed coefficient write offset(${text} * x).`,
  textAsTerm: (text: string): string => `The text ${text} is not a term. A column's name is written without quotes or in backticks.`,
  power: (): string => "The power of a sum must be a whole number from 2 on, as in (a + b)^2. For the square of a variable write I(x^2).",
  dotNeedsColumns: (): string => "The dot means all other columns of the table, but no table is known here. Name the columns.",
  dotInside: (): string =>
    "The dot stands for all other columns and may only be a term by itself (or one of a sum); not part of an expression.",
  responseInvalid: (text: string): string => `${text} cannot be a response. To the left of ~ stands a column or an expression of columns.`,
  responseOnRight: (text: string): string => `The response ${text} also stands on the right-hand side as a predictor of itself.`,
  offsetInProduct: (): string => "An offset cannot be part of an interaction. Write it as a summand: + offset(x).",
  offsetInRandom: (): string => "An offset cannot stand in a random term. Write it among the fixed effects: + offset(x).",
  barNeedsParentheses: (text: string): string =>
    `A random term needs parentheses of its own: (${text}). Join it with + to the other terms.`,
  barMisplaced: (text: string): string =>
    `A random term can only be added to the formula. Write + ${text} directly, not inside other parentheses or another operator. (For "or" between conditions write I(a | b).)`,
  barSubtracted: (text: string): string => `A random term can only be added to the formula. Leave ${text} out instead of subtracting it.`,
  secondBar: (): string => "A random term has one bar; this is a second one. Write two random terms: (1 | a) + (1 | b).",
  groupSum: (): string =>
    "One random term has one grouping factor. Write a term for each of them, (1 | a) + (1 | b), or the nesting (1 | a/b).",
  groupInvalid: (text: string): string =>
    `${text} cannot be a grouping factor. To the right of the bar stands a column, a product a:b, a nesting a/b or mm(a, b).`,
  groupNestedMembership: (): string =>
    "Multiple membership mm() cannot be nested in or crossed with another factor inside one random term.",
  memberCount: (): string => "mm() needs at least two members, the columns that name the units of each row: mm(t1, t2).",
  membershipWeights: (members: number, weights: number): string =>
    `mm() has ${counted(members, "member")} but ${counted(weights, "weight")}. Write one weight a member: weights = w1 + w2.`,
  noRandomEffects: (): string => "This random term has no effects: nothing is left to the left of the bar.",
  partEmpty: (part: ModelPart): string =>
    `The ${partWords[part]} formula is empty. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.`,
  partWithoutTilde: (part: ModelPart): string =>
    `The ${partWords[part]} formula has no ~. Write ~ and its predictors, as in "~ x", or "~ 1" for a constant.`,
  partWithResponse: (part: ModelPart, response: string): string =>
    `The ${partWords[part]} formula has no response of its own. Leave out ${response}: nothing stands to the left of ~.`,
  partWithRandomTerm: (part: ModelPart, term: string): string =>
    `The ${partWords[part]} formula takes no random terms. Leave out ${term}, or write it in the model's own formula.`,
  offsetEmpty: (): string => 'The offset is empty. Name a column, or write an expression of columns such as "log(time)".',
  levelHeadingMissing: (): string =>
    'This equation stands under no heading. Begin with "Level-1:" and put "Level-2 (school):" before the equations of level 2.',
  levelOneMissing: (): string => 'There is no equation under "Level-1:". It gives the outcome, as in "Level-1: y_ij = b0j + b1j*x + r_ij".',
  levelOneTwice: (): string => "Level 1 has one equation, that of the outcome; this is a second one.",
  levelEquation: (): string => 'This is not an equation. Write what is explained, = and the terms, as in "b0j = g00 + g01*x + u0j".',
  levelTerm: (term: string): string =>
    term === ""
      ? "A term is missing here."
      : `${term} is not a term of a level equation. Write coefficient*predictor (g01*x), a coefficient alone (g00) or a residual (u0j), joined by +.`,
  levelCoefficientUnknown: (name: string, level: number): string => `${name} is not a coefficient of an equation at level ${level - 1}.`,
  levelCoefficientTwice: (name: string): string => `${name} has two equations.`,
  levelGroupMissing: (level: number): string =>
    `The units of level ${level} are not named. Write "Level-${level} (school):" or give them in groups: ["school"].`,
  levelNoResponse: (): string => "A formula without a response cannot be written as level equations.",
  levelNoGroups: (): string => "A formula without random terms has one level; there are no level equations to write.",
  levelTooMany: (): string =>
    "Level equations are written for one grouping factor or two, nested in one another. Name them from level 2 up in groups; crossed factors and multiple membership have none.",
  levelSlope: (variable: string, group: string): string =>
    `${variable} does not vary within ${group}, so that its slope cannot differ between the units of ${group}.`,
} as const;

// ---- frame: words for src/models/frame

/** What the model frame says: a formula that does not fit its table, or data that a model cannot use. Rows are counted from 1. */
export const frameMessages = {
  unknownColumn(name: string, names: readonly string[], near: string): string {
    return `The table has no column "${name}".${near === "" ? ` It has ${listed(names, 12)}.` : near}`;
  },
  unknownFunction(name: string, near: string): string {
    return `There is no function ${name}() in formulas.${near} Compute the column in the table first if it is another function that you need.`;
  },
  unknownArgument(callee: string, name: string, names: readonly string[], near: string): string {
    return `${callee}() has no argument ${name}, or it is given twice.${near} Its arguments are ${listed(names, 10)}.`;
  },
  tooManyArguments(callee: string, names: readonly string[]): string {
    return `${callee}() has too many arguments. They are ${listed(names, 10)}.`;
  },
  missingArgument(callee: string, name: string): string {
    return `${callee}() needs its argument ${name}.`;
  },
  oneArgument(callee: string): string {
    return `${callee}() takes one argument.`;
  },
  badArgument(callee: string, name: string, wanted: string): string {
    return `The argument ${name} of ${callee}() must be ${wanted}, written out in the formula.`;
  },
  listOfConstants(): string {
    return "c() lists constants, as in knots = c(1, 2); it is not a variable.";
  },
  stringAsVariable(value: string): string {
    return `"${value}" in quotes is a text, not a column. For a column named so write \`${value}\`.`;
  },
  operatorInside(operator: string): string {
    return `The operator ${operator} has no meaning inside an expression.`;
  },
  factorInArithmetic(text: string, within: string, levels: readonly string[]): string {
    return `${text} is a factor (levels ${listed(levels, 4)}), and ${within} needs numbers. Use it as a term of its own, compare it with a level as in I(${text} == ${JSON.stringify(levels[0] ?? "")}), or take its codes 1, 2, ... with as.numeric(${text}).`;
  },
  textInArithmetic(text: string, within: string, levels: readonly string[]): string {
    return `${text} is text (${listed(levels, 4)}), and ${within} needs numbers. Use it as a term of its own, or compare it with a value as in I(${text} == ${JSON.stringify(levels[0] ?? "")}).`;
  },
  notNumbers(text: string, within: string, isMatrix: boolean): string {
    return isMatrix ? `${text} gives several columns, and ${within} needs one.` : `${text} is a text, and ${within} needs numbers.`;
  },
  notGroups(text: string, within: string): string {
    return `${text} cannot be used as a factor by ${within}: it must be a column of levels, text, numbers or truth values.`;
  },
  roleNeedsNumbers(text: string, role: string): string {
    return `${text} is used as ${role === "offset" ? "an offset" : `the ${role}`} and must be numeric.`;
  },
  unknownLevel(level: string, levels: readonly string[], near: string): string {
    return `There is no level "${level}".${near} The levels are ${listed(levels, 12)}.`;
  },
  orderOfFactor(operator: string): string {
    return `${operator} needs an ordered factor. Compare an unordered one with == or !=, or make it ordered with ordered(x, levels = c(...)).`;
  },
  membershipNeedsConstants(): string {
    return 'To the right of %in% stands a list of constants here: c("a", "b") or c(1, 2).';
  },
  relevelOrdered(): string {
    return "relevel() is for unordered factors: the first level of an ordered factor is its lowest.";
  },
  labelCount(callee: string, levels: readonly string[], labels: number): string {
    return `${callee}() needs one label a level: there are ${counted(levels.length, "level")} (${listed(levels, 8)}) and ${counted(labels, "label")}.`;
  },
  unknownContrasts(written: string, names: readonly string[]): string {
    return `There are no contrasts "${written}". There are ${listed(names)}.`;
  },
  contrastsForNoFactor(variable: string, factors: readonly string[]): string {
    const near = didYouMean(variable, factors);
    const has =
      factors.length === 0
        ? "The model has no factors among its predictors."
        : `The factors among its predictors are ${listed(factors, 12)}.`;
    return `Contrasts are given for "${variable}", which is not a factor of this model.${near} ${has}`;
  },
  infiniteArgument(text: string, rows: readonly number[]): string {
    return `${text}: its argument is infinite in ${atRows(rows)}. Correct these values or make them missing.`;
  },
  noVariation(text: string): string {
    return `${text}: its argument has fewer than two different values. Leave the term out.`;
  },
  tooFewPoints(text: string, degree: number, distinct: number): string {
    return `${text}: degree ${degree} needs at least ${degree + 1} different values, and there are ${distinct}. Lower the degree.`;
  },
  dfTooSmall(callee: string, least: number, df: number): string {
    return `${callee}() needs df = ${least} at least, not ${df}, with these arguments.`;
  },
  knotsOutside(text: string, knots: readonly number[], boundary: readonly number[]): string {
    return `${text}: the knots (${listed(knots)}) must lie between the boundary knots ${boundary.join(" and ")}. Use fewer knots, or give others with knots = c(...).`;
  },
  noResponse(): string {
    return 'A model needs a response: write it before ~, as in "y ~ x".';
  },
  matrixResponse(text: string, isCbind: boolean): string {
    return isCbind
      ? `The response ${text} needs a binomial family: it counts successes and failures. Give one column for a gaussian model.`
      : `The response ${text} has several columns. Give one column.`;
  },
  responseNotNumeric(text: string, isText: boolean, levels: readonly string[]): string {
    return `The response ${text} is ${isText ? "text" : "a factor"} (${listed(levels, 4)}), but a gaussian model needs numbers.${levels.length === 2 ? ` For 0 and 1 write I(${text} == ${JSON.stringify(levels[1])}).` : ""}`;
  },
  countsNeeded(text: string, columns: number): string {
    return `The response ${text} has ${columns} columns. Counts are given in two, successes and failures: cbind(successes, failures).`;
  },
  noTrials(text: string): string {
    return `The response ${text} counts nothing: successes and failures are both zero in every row that is complete.`;
  },
  noWeightsColumn(name: string, near: string): string {
    return `The weights name the column "${name}", which the table does not have.${near}`;
  },
  weightsNotNumeric(name: string): string {
    return `The weights column "${name}" must be numeric.`;
  },
  badWeights(name: string, rows: readonly number[], first: number): string {
    const what = Number.isNaN(first) ? "missing" : first < 0 ? `negative (${first})` : "infinite";
    const others = rows.length > 1 ? ` (not usable: ${atRows(rows)})` : "";
    return `Weights must be numbers from 0 on, but "${name}" is ${what} in row ${rows[0]}${others}. A weight of 0 leaves a row out.`;
  },
  weightsAllZero(name: string): string {
    return `All weights in "${name}" are zero: no row would count.`;
  },
  infinite(variable: string, rows: readonly number[]): string {
    return `${variable} is infinite in ${atRows(rows)}. Correct these values or make them missing${variable.startsWith("log") ? " (the logarithm of 0 is infinite)" : ""}.`;
  },
  noRowsLeft(rowCount: number, missing: readonly { readonly variable: string; readonly count: number }[]): string {
    if (rowCount === 0) return "The table has no rows.";
    const most = missing.slice(0, 3).map(({ variable, count }) => `${variable} (${count} of ${rowCount})`);
    return `No rows are left: every row lacks a value that the model needs or has weight zero.${most.length === 0 ? "" : ` Most often missing: ${listed(most)}.`} Leave out such a variable or impute it.`;
  },
  oneLevel(text: string, levels: readonly string[]): string {
    return `The predictor ${text} is a factor with ${levels.length === 0 ? "no level" : `only one level ("${levels[0]}")`} in the rows used, so that it has no effect to estimate. Leave it out, or look which rows were dropped.`;
  },
  tooManyLevels(text: string, count: number): string {
    return `The predictor ${text} is a factor with ${count} levels, too many for effects of their own. If the levels are units, make it a random term: (1 | ${text}).`;
  },
  tooManyPolynomials(text: string, count: number, most: number): string {
    return `${text} is an ordered factor with ${count} levels, and polynomials over more than ${most} levels are not meaningful. Use it as a number, or choose contrasts: C(${text}, treatment).`;
  },
  noEffects(): string {
    return "This random term has no effects. Write (1 | group) for an intercept that varies, (1 + x | group) for a slope too.";
  },
  designTooLarge(rows: number, columns: number, term: string, width: number): string {
    return `The fixed effects would need a matrix of ${rows} rows and ${columns} columns, more than memory holds; ${term} alone has ${width} columns. If its levels are units, make it a random term: (1 | ${term}).`;
  },
  newDataWithoutColumn(name: string, names: readonly string[]): string {
    return `The new data have no column "${name}", which the model needs.${didYouMean(name, names)}`;
  },
  newDataOtherKind(name: string, was: string, is: string): string {
    const kind = (word: string): string =>
      word === "factor" ? "a factor" : word === "number" ? "numeric" : word === "boolean" ? "logical" : word;
    return `${name} was ${kind(was)} in the fit and is ${kind(is)} in the new data. Give it as it was.`;
  },
  newLevels(text: string, levels: readonly string[], rows: readonly number[], known: readonly string[], near: string): string {
    const quoted = levels.map((level) => `"${level}"`);
    return `${text} has ${levels.length === 1 ? "a level" : "levels"} in the new data that the fit did not have: ${listed(quoted)} (${atRows(rows)}).${near} The fit had ${listed(known, 12)}.`;
  },
};

// ---- fit: words for src/models (engine)

export const fitMessages = {
  noRandomTerm: (formula: string): string =>
    `The formula "${formula}" has no random term, so there is nothing multilevel to fit. Add one, for example (1 | school), or use ordinary regression.`,
  oneLevel: (group: string, level: string): string =>
    `The grouping factor "${group}" has only one level ("${level}") in the rows used, so a variance between its levels cannot be estimated. Leave its random term out.`,
  asManyLevelsAsRows: (group: string, rows: number): string =>
    `The grouping factor "${group}" has as many levels as there are rows (${rows}): its variance cannot be told from the residual variance. Use a factor with several rows a level, or leave the term out.`,
  moreEffectsThanRows: (term: string, effects: number, rows: number): string =>
    `The term ${term} has ${effects} random effects for ${rows} rows: they cannot be told from the residual variance. Take random slopes out of the term, or use more rows a level.`,
  constantResponse: (name: string): string =>
    `The response "${name}" has the same value in every row used, so there is no variation to explain. Check the column and the rows kept.`,
  constantBesideOffset: (name: string): string =>
    `The response "${name}" less its offset has the same value in every row used, so there is no variation to explain. Check the offset.`,
  tooLargeValues: (name: string, largest: number): string =>
    `Values of "${name}" reach ${largest.toExponential(1)}: their squares cannot be computed. Express it in larger units.`,
  exactFit: (name: string): string =>
    `The fixed effects reproduce the response "${name}" exactly, so no variance is left to estimate. Is the response, or a function of it, among the predictors?`,
  exactRandomFit: (name: string): string =>
    `The model reproduces the response "${name}" exactly: within the units no residual variation is left, so the variances cannot be estimated. Is the response constant within the units?`,
  tooFewRows: (rows: number, columns: number): string =>
    `${rows} rows are too few for ${columns} fixed effects and a residual variance. Use more rows or fewer predictors.`,
  tooLarge: (group: string, columns: number, gigabytes: number): string =>
    `The crossed grouping factors need a dense matrix of ${columns} columns (${gigabytes.toFixed(1)} GB), more than this process can hold; the largest part comes from "${group}". Make it a fixed effect, group its levels, or give the process more memory (node --max-old-space-size).`,
  droppedRows: (count: number, total: number, where: string): string => `${count} of ${total} rows were not used: ${where}.`,
  missingIn: (count: number, variable: string): string => `${count} with ${variable} missing`,
  zeroWeightIn: (count: number, variable: string): string => `${count} with weight ${variable} zero`,
  droppedColumns: (names: readonly string[]): string =>
    `The fixed-effect columns are linearly dependent: ${listed(
      names.map((name) => `"${name}"`),
      10,
    )} ${names.length === 1 ? "is a combination" : "are combinations"} of earlier columns and ${names.length === 1 ? "was" : "were"} left out. The fit is the same; do not interpret the remaining coefficients as if the column were there.`,
  zeroVariance: (term: string, group: string): string =>
    `The standard deviation of ${term} between the levels of ${group} is estimated as zero: the data show no more variation there than chance gives (a boundary estimate, not a failure). You may leave the term out, or keep it if the design calls for it.`,
  reducedRank: (group: string, effects: number, rank: number, terms: string): string =>
    `The ${effects} random effects of ${group} (${terms}) vary in only ${rank} ${rank === 1 ? "direction" : "directions"}: ${effects === 2 ? "their correlation is estimated as exactly 1 or -1" : "some combination of them has variance zero"} (a boundary estimate, not a failure). Often there is too little information for so many (co)variances: compare with a simpler term, for example without the correlations (||) or with fewer slopes.`,
  unidentified: (effects: readonly string[]): string =>
    `The rows used do not determine the (co)variances of ${listed(effects, 10)}: other values fit exactly as well, and those shown are arbitrary. Is an effect named twice, constant, constant within the units, or already a fixed effect of every unit? Leave one of them out.`,
  notConverged: (norm: number, iterations: number): string =>
    `The search stopped after ${iterations} steps with a scaled gradient of ${norm.toExponential(1)} (converged means below 1e-4): the estimates may still move. Simplify the random terms or look for a predictor that is nearly redundant.`,
  manyEffects: (effects: number, rows: number): string =>
    `Together the random terms have ${effects} effects for ${rows} rows: the likelihood may have a second maximum at a residual variance of zero. The solution reported is the one reached from the moment estimates.`,
  precisionWeights: (name: string): string =>
    `Weights "${name}" are taken as precision weights: a row's residual variance is sigma squared divided by its weight. They are neither counts of identical rows nor sampling weights.`,
} as const;

// ---- ordered categories and counts in two parts: words for src/models/families (thresholds.ts, hurdle.ts)

export const generalizedMessages = {
  noStart:
    "The likelihood has no finite value to begin at: with this link some fitted means leave the range that the family allows (a probability beyond 0 and 1, a mean that is not positive). Choose another link (logit for probabilities, log for means above zero), or check the offset and the response.",
  quadratureFactors: (groups: readonly string[], why: "many" | "crossed" | "membership"): string =>
    `Quadrature (agq above 1) is for one grouping factor or for two of which one is nested in the other (each of its levels within a single level of the other), and this model has ${
      why === "many"
        ? `${groups.length}: ${listed(groups, 5)}`
        : why === "crossed"
          ? `two that are not nested: ${listed(groups, 5)}`
          : `multiple membership among its factors: ${listed(groups, 5)}`
    }. Use the Laplace approximation (agq: 1), or leave terms out.`,
  quadratureParts:
    "Quadrature (agq above 1) is for random effects of the mean alone, not of the zero probability. Use the Laplace approximation (agq: 1).",
  tooManyNodes: (points: number, dimensions: number, nodes: number): string =>
    `Quadrature with ${points} points in each of ${dimensions} dimensions needs ${nodes.toExponential(0)} nodes for every unit. Use fewer points (agq) or fewer random effects.`,
  badPoints: (given: string): string =>
    `The number of quadrature points (agq) must be a whole number from 0 to 100; ${given} is not. 1 is the Laplace approximation, 0 its fast form.`,
  profiledCategories:
    "The fast approximation (agq: 0) profiles the coefficients of a mean, which a model of categories does not have. Use agq: 1.",
  noCounts: (family: string): string =>
    `Zero inflation and hurdles are for counts; the family "${family}" is not one of counts. Use poisson, nbinom1, nbinom2 or a truncated form of them.`,
  noDispersion: (family: string): string =>
    `The family "${family}" has no dispersion to be modelled. Leave the dispersion formula out, or choose another family.`,
  noZeros: (response: string, zeros: "inflated" | "hurdle"): string =>
    `"${response}" has no zeros, so there is nothing to ${zeros === "inflated" ? "inflate" : "put a hurdle before"}. Leave ${zeros === "inflated" ? "zi" : "hurdle and zi"} out${zeros === "inflated" ? ", or take the truncated form of the family" : ""}.`,
  tooManyCoefficients: (coefficients: number, rows: number): string =>
    `${rows} rows are too few for ${coefficients} coefficients and thresholds. Use more rows, fewer predictors, or fewer categories.`,
  undeterminedDispersion: (names: readonly string[]): string =>
    `The data do not determine ${listed(
      names.map((name) => `"${name}"`),
      10,
    )} of the dispersion formula: the likelihood is flat along ${names.length === 1 ? "it" : "them"}, because the response varies no more than the family without extra dispersion. Leave the dispersion formula out, or choose a simpler family (poisson for counts).`,
  droppedInPart: (part: ModelPart, names: readonly string[]): string =>
    `In the ${part} formula ${listed(
      names.map((name) => `"${name}"`),
      10,
    )} ${names.length === 1 ? "is a combination" : "are combinations"} of earlier columns and ${names.length === 1 ? "was" : "were"} left out. The fit is the same.`,
  multinomialLaplaceOnly: "Multinomial models are fitted by the Laplace approximation. Leave agq out, or set it to 1.",
  adjacentLogitOnly:
    "Adjacent-category models have the logit link and no scale part. Leave link and scale out, or choose the cumulative family.",
  fastNote:
    "agq = 0: coefficients were found together with the random effects rather than by maximum likelihood. It is fast and approximate; standard errors take the variances as known. Use agq: 1 for the Laplace approximation.",
  quadratureNote: (points: number): string =>
    `Adaptive quadrature with ${points} points a dimension. The log-likelihood contains all constants and is comparable with that of the Laplace approximation; lme4 prints one without the saturated model's part for nAGQ > 1.`,
  singularHessian:
    "The Hessian at the optimum is not positive definite, so some parameters are not determined by these data; standard errors are taken from the scoring matrix and are approximate. Simplify the model.",
};

// ---- what is worth knowing of a generalized fit: words for src/models/separation.ts and src/models/generalized-notes.ts

/** Rows of one cell of a factor (or of several, "a:b"): what they all have, or which category none of them has. */
export type SeparatedCell = { readonly term: string; readonly level: string; readonly rows: number } & (
  | {
      readonly outcome:
        | { readonly kind: "value"; readonly value: string }
        | { readonly kind: "no-success" | "no-failure" | "no-zero" | "only-zeros" };
    }
  | { readonly absent: string }
);

function cellWords(response: string, cell: SeparatedCell): string {
  const where = `${cell.term} "${cell.level}"`;
  if ("absent" in cell) return `none of the ${counted(cell.rows, "row")} with ${where} is in category ${cell.absent}`;
  const rows = cell.rows === 1 ? `the only row with ${where}` : `all ${cell.rows} rows with ${where}`;
  switch (cell.outcome.kind) {
    case "value":
      return `${rows} ${cell.rows === 1 ? "has" : "have"} ${response} = ${cell.outcome.value}`;
    case "no-success":
      return `${rows} ${cell.rows === 1 ? "has" : "have"} no success`;
    case "no-failure":
      return `${rows} ${cell.rows === 1 ? "has" : "have"} no failure`;
    case "no-zero":
      return `${rows} ${cell.rows === 1 ? "has" : "have"} a count above zero`;
    case "only-zeros":
      return `${rows} ${cell.rows === 1 ? "has" : "have"} the count zero`;
  }
}

/** A coefficient without a finite estimate, and whether it runs to plus infinity. */
export interface RunningCoefficient {
  readonly name: string;
  readonly up: boolean;
}

function notFinite(coefficients: readonly RunningCoefficient[]): string {
  const named = listed(
    coefficients.map(({ name, up }) => `"${name}" (towards ${up ? "plus" : "minus"} infinity)`),
    6,
  );
  return coefficients.length === 1
    ? `The likelihood rises for ever with ${named}: that estimate is not finite. The number shown is where the search stopped; it has no standard error and no test.`
    : `The likelihood rises for ever with ${named}: those estimates are not finite. The numbers shown are where the search stopped; they have no standard errors and no tests.`;
}

export const generalizedNoteMessages = {
  separation(found: {
    readonly response: string;
    readonly part: "mean" | "zero" | "thresholds";
    readonly complete: boolean;
    readonly rows: number;
    readonly total: number;
    readonly coefficients: readonly RunningCoefficient[];
    /** Categories compared two by two: what is certain is that one of two does not occur. */
    readonly pairs: boolean;
    readonly cells: readonly SeparatedCell[];
  }): string {
    const { response, part, complete, rows, total, coefficients, cells } = found;
    const what = part === "zero" ? `whether ${response} is zero` : `"${response}"`;
    const predictors = part === "zero" ? "the predictors of the zero probability" : "the fixed effects";
    const where = complete ? "in every row" : `in ${rows} of ${total} rows`;
    const how = cells.length === 0 ? "" : `: ${listed(cells.map((cell) => cellWords(response, cell)))}`;
    const remedy = complete
      ? "Is a predictor another form of the response? If not, use fewer predictors or more rows."
      : cells.length === 0
        ? "Leave the predictor out or simplify it, or keep it and test it by a likelihood ratio."
        : `Merge ${cells.length === 1 ? "that level with another or leave its" : "such levels with others or leave their"} rows out, or keep the predictor and test it by a likelihood ratio.`;
    return (
      `${complete ? "Complete" : "Quasi-complete"} separation: ${where} ${predictors} ${found.pairs ? `rule out a category of ${what}` : `predict ${what} without error`}${how}. ` +
      `${notFinite(coefficients)} Likelihood-ratio tests between models remain valid. ${remedy}`
    );
  },
  pooledLevels: (response: string, levels: readonly string[]): string =>
    `The response "${response}" has ${levels.length} levels and the family two outcomes: "${levels[0]}" is a failure, and ${listed(
      levels.slice(1).map((level) => `"${level}"`),
      12,
    )} together are a success. For ordered levels use a cumulative model, for unordered ones the family multinomial.`,
  unidentifiedThreshold: (response: string, coefficients: readonly RunningCoefficient[], cells: readonly SeparatedCell[]): string =>
    `Thresholds that these data do not determine: ${listed(cells.map((cell) => cellWords(response, cell)))}. ${notFinite(coefficients)} ` +
    "The other estimates and likelihood-ratio tests between models hold. Merge the category with its neighbour, or take the predictor out of the nominal effects.",
  withoutTrials: (count: number, response: string): string => `${count} without trials (both counts of ${response} are zero)`,
  noOverdispersion: (parameter: "theta" | "phi"): string =>
    `The dispersion ${parameter} has run to ${parameter === "theta" ? "infinity" : "zero"}: beside the random effects the counts vary no more than Poisson counts do, and this fit is that of ` +
    'a Poisson model (a boundary estimate, not a failure). Use family "poisson"; its likelihood is the same with one parameter less.',
  betabinomialOfSingles: (response: string): string =>
    `Every row of "${response}" has a single trial, and 0/1 responses do not vary more than binomial ones: the dispersion of the beta-binomial family is not determined ` +
    'by these data, and the number shown is arbitrary. Use family "binomial".',
  noExtraBinomial:
    'The dispersion phi has run to infinity: beside the random effects the proportions vary no more than binomial ones do, and this fit is that of a binomial model (a boundary estimate, not a failure). Use family "binomial"; its likelihood is the same with one parameter less.',
  trialsAlike:
    "The dispersion phi has run to zero: the trials of a row all have the same outcome, so that a row counts like one trial. Give one row with a 0/1 response for each.",
  noResidual: (response: string): string =>
    `The dispersion has run to its bound: the model reproduces "${response}" exactly and leaves no residual variation, so that the likelihood has no maximum. ` +
    "Is there a random effect for every row, or a predictor that is the response in another form? Leave it out.",
  normalTails:
    'The degrees of freedom of the t family have run to infinity: the residuals\' tails are those of a normal distribution, and this fit is that of a gaussian model (a boundary estimate, not a failure). Use family "gaussian".',
  noExtraZeros: (response: string): string =>
    `The probability of extra zeros has run to zero: "${response}" has no more zeros than the counts' own distribution expects (a boundary estimate, not a failure). ` +
    "The coefficients of the zero probability mean nothing. Leave the zero-inflation formula out; the likelihood is the same with fewer parameters.",
  noExtraZerosFor: (coefficients: readonly string[], rows: number, total: number): string =>
    `For ${rows} of ${total} rows the probability of extra zeros has run to zero: there the counts' own distribution explains the zeros. ${listed(
      coefficients.map((name) => `"${name}"`),
      6,
    )} of the zero probability ${coefficients.length === 1 ? "is" : "are"} not finite, and the ${coefficients.length === 1 ? "number and its standard error" : "numbers and their standard errors"} mean nothing; the other estimates hold. A simpler zero-inflation formula avoids it.`,
  constantUnits: (response: string, group: string): string =>
    `Within every level of "${group}" the response "${response}" is the same in all rows: the likelihood rises with the standard deviation of ${group} for ever, and the estimate shown ` +
    `is where the search stopped. The rows of a unit do not add anything: use one row a unit and leave the random term out.`,
  hugeVariance: (group: string, sd: number, link: string, single: boolean, points: number): string =>
    `The random effects of ${group} have a standard deviation of ${sd.toPrecision(3)} on the ${link} scale, so large that nearly every unit is at one end or the other: the likelihood is nearly flat in it, ` +
    `and ${points > 1 ? "quadrature needs many points there" : "the Laplace approximation is poor there"}. Take the number as "very large", not as an estimate${single && points < 25 ? ", and see what agq: 25 gives" : ""}; with few rows a unit use a simpler model.`,
  rowEffectUnidentified: (group: string, response: string, kind: string): string =>
    `"${group}" has a level for every row. One ${kind} cannot show how its row differs from others of the same predictors: the variance between the levels of ${group} is not determined by "${response}", ` +
    "and what is shown comes from the link's shape and the approximation. Leave the term out.",
  rowEffectBesideDispersion: (group: string, family: string): string =>
    `"${group}" has a level for every row, and the family "${family}" has a dispersion of its own: both describe the same variation between rows, and these data hardly tell them apart. Keep one of the two.`,
  rowEffect: (group: string): string =>
    `"${group}" has a level for every row: its variance is overdispersion, what rows differ by beyond the family's own variance (on the scale of the link). Its conditional modes are residuals, not properties of units.`,
  laplaceMeasured: ({
    points,
    difference,
    shift,
    ofVariance,
  }: {
    readonly points: number;
    readonly difference: number;
    readonly shift: number;
    readonly ofVariance: boolean;
  }): string =>
    `The Laplace approximation is poor here: with ${points} quadrature points a dimension the log-likelihood at these estimates is ${Math.abs(difference).toPrecision(2)} ${difference < 0 ? "lower" : "higher"}, and the ` +
    `${ofVariance ? "variances" : "coefficients"} would move by about ${shift.toPrecision(2)} standard errors. Units with few rows or large differences between them do this. Fit with quadrature: agq: 9 (--agq 9).`,
  laplaceSuspected: (factors: readonly { readonly group: string; readonly trials: number }[], single: boolean): string =>
    `The response is 0/1 and ${listed(factors.map(({ group, trials }) => `${group} has ${trials.toPrecision(2)} trials a level`))} on average: with so few the Laplace approximation makes standard deviations ` +
    `too small by a tenth and more, and coefficients with them (Breslow & Lin 1995; Joe 2008). ${single ? "Fit with quadrature: agq: 5 (--agq 5)." : "Quadrature is possible with one grouping factor or two nested ones only: take these standard deviations as lower limits, and do not rest a conclusion on their size."}`,
} as const;

export const thresholdMessages = {
  countsAsCategories: (name: string): string =>
    `The response "${name}" gives successes and failures, but a model of categories needs one category a row. Use the binomial family for it.`,
  fractionalCategories: (name: string, found: readonly { readonly row: number; readonly value: number }[]): string =>
    `The response "${name}" holds numbers that are not whole (${listed(found.map(({ row, value }) => `${value} in row ${row}`))}), so they are not categories. Make it a factor, or use a family for numbers.`,
  oneCategory: (name: string, level: string | null): string =>
    `The response "${name}" has ${level === null ? "no category" : `only one category ("${level}")`} in the rows used, so there is nothing to explain. Check the column and the rows kept.`,
  structureOfTwo: (structure: string, name: string, levels: readonly string[]): string =>
    `Thresholds that are ${structure} need three categories or more, but "${name}" has ${counted(levels.length, "category", "categories")} in the rows used (${listed(levels.map((level) => `"${level}"`))}). Use flexible thresholds.`,
  emptyCategories: (name: string, dropped: readonly string[], order: "ordered" | "unordered"): string =>
    `${dropped.length === 1 ? "Category" : "Categories"} ${listed(
      dropped.map((level) => `"${level}"`),
      10,
    )} of "${name}" ${dropped.length === 1 ? "has" : "have"} no row among those used and ${dropped.length === 1 ? "was" : "were"} left out: ${order === "ordered" ? "the thresholds on both sides could not be told apart" : "there is nothing to estimate their probability from"}.`,
  numbersAsCategories: (name: string, levels: readonly string[], order: "ordered" | "unordered"): string =>
    order === "ordered"
      ? `The numbers of "${name}" are taken as ordered categories: ${listed(levels, 12)}. The distances between them do not count.`
      : `The numbers of "${name}" are taken as categories without an order: ${listed(levels, 12)}. The first is the baseline; the numbers themselves do not count.`,
  alphabetical: (name: string, levels: readonly string[]): string => {
    const column = /^(?:factor|ordered|as\.factor)\(([^(),]+)\)$/.exec(name)?.[1] ?? name;
    const quoted = levels.map((level) => `"${level}"`);
    return (
      `The categories of "${name}" stand in the order of the alphabet, from low to high: ${quoted.slice(0, 12).join(" < ")}${quoted.length > 12 ? " < ..." : ""}. Nothing says that this is their order; with another one every coefficient is another. ` +
      `State it in the formula, ordered(${column}, levels = c(${quoted.slice(0, 12).join(", ")}${quoted.length > 12 ? ", ..." : ""})) with the levels from low to high, or in the schema ("categories" from low to high, "categoriesOrdered": true).`
    );
  },
} as const;

export const twoPartMessages = {
  truncatedZeros: (name: string, rows: readonly number[]): string =>
    `A family truncated at zero has no zeros, but "${name}" is not above zero in ${atRows(rows)}. Leave these rows out, or use a hurdle model, which has a part for zeros.`,
} as const;

// ---- families: words for src/models/families

/** A response value and the table's row (1-based) in which it stands, as a message tells them. */
export interface ResponseValue {
  readonly value: string;
  readonly row: number;
}

export const familyMessages = {
  unknownFamily: (name: string, known: readonly string[]): string => {
    const binomial = /^n(eg(ative)?)?[._ ]?b(in(om(ial)?)?)?$/i.test(name);
    const meant = binomial
      ? ' Did you mean "nbinom2" (variance mu + mu^2 / theta, as glmer.nb has it) or "nbinom1" (variance mu (1 + phi))?'
      : didYouMean(name, known);
    return `There is no family "${name}".${meant} The families are ${listed(known, 40)}.`;
  },
  unknownLink: (name: string, family: string, known: readonly string[]): string =>
    `There is no link "${name}".${didYouMean(name, known)} The links of ${family} are ${listed(known, 40)}.`,
  foreignLink: (name: string, family: string, known: readonly string[]): string =>
    `The ${family} family has no link "${name}". The links of ${family} are ${listed(known, 40)}.`,
  outsideRange: (name: string, family: string, needs: string, count: number, first: readonly ResponseValue[]): string => {
    const shown = first.map(({ value, row }) => `${value} (row ${row})`);
    const values = count > shown.length ? `${shown.join(", ")} and ${count - shown.length} more` : listed(shown);
    return `The response "${name}" has ${counted(count, "value")} that the ${family} family cannot have: ${values}. ${needs}`;
  },
  levelsResponse: (name: string, family: string, levels: readonly string[], needs: string): string =>
    `The response "${name}" ${levels.join() === "false,true" ? "is true or false" : `is a factor (${listed(levels.map((level) => `"${level}"`))})`}, which the ${family} family cannot have. ${needs} For two categories use the family binomial, for ordered categories a cumulative model.`,
  manyLevels: (name: string, family: string, levels: readonly string[]): string =>
    `The response "${name}" is a factor with ${levels.length} levels (${listed(
      levels.map((level) => `"${level}"`),
      5,
    )}), and the ${family} family has two outcomes. Say which levels are a success, for example I(${name} == "${levels[levels.length - 1]}"); for ordered levels use a cumulative model, for unordered ones the family multinomial. If these should be numbers, see which cells are not.`,
  trialsResponse: (name: string, family: string, needs: string): string =>
    `The response "${name}" counts successes and failures, which the ${family} family cannot have. ${needs} For successes and failures use the family binomial or betabinomial.`,
  needsBinomial: (family: string): string =>
    `The ${family} family needs 0 and 1, a factor (its first level is a failure, the others are successes), cbind(successes, failures), or proportions between 0 and 1 with the numbers of trials as weights.`,
  needsCounts: (family: string): string => `The ${family} family needs counts: 0, 1, 2, ...`,
  needsPositive: (family: string): string => `The ${family} family needs numbers above 0.`,
  needsOpenUnit: (family: string): string =>
    `The ${family} family needs numbers between 0 and 1, neither 0 nor 1 itself: move such values inside by a rule you can defend, or model them apart.`,
  needsFinite: (family: string): string => `The ${family} family needs finite numbers.`,
  proportionsWithoutTrials: (name: string, family: string, count: number, first: readonly ResponseValue[]): string =>
    `The response "${name}" has ${counted(count, "proportion")} between 0 and 1, such as ${first[0]!.value} (row ${first[0]!.row}), but the numbers of trials are missing. ${familyMessages.needsBinomial(family)}`,
  proportionsNotCounts: (name: string, weights: string, count: number, first: readonly ResponseValue[]): string =>
    `The response "${name}" times the number of trials "${weights}" is not a whole number of successes out of a whole number of trials in ${counted(count, "row")}: ${listed(first.map(({ value, row }) => `${value} (row ${row})`))}${count > first.length ? ", ..." : ""}. Give the exact proportions and numbers of trials, or cbind(successes, failures).`,
  weightedTrialsNotCounts: (name: string, weights: string, count: number, first: readonly ResponseValue[]): string =>
    `Weights "${weights}" multiply the successes and failures of "${name}", and do not give whole numbers in ${counted(count, "row")}: ${listed(first.map(({ value, row }) => `${value} (row ${row})`))}${count > first.length ? ", ..." : ""}. Use whole numbers as weights, or none.`,
  oneLevel: (name: string, level: string): string =>
    `The response "${name}" has only the level "${level}" in the rows used, so there is nothing to explain. Check the column and the rows kept.`,
  allAlike: (name: string, successes: boolean): string =>
    `The response "${name}" has only ${successes ? "successes" : "failures"} in the rows used: the probability would be estimated as ${successes ? 1 : 0} and no coefficient has a finite estimate. Check the column and the rows kept.`,
  allZero: (name: string): string =>
    `The response "${name}" is 0 in every row used: the mean would be estimated as 0 and no coefficient has a finite estimate. Check the column and the rows kept.`,
} as const;

// ---- parallel: words for src/models/parallel, refitting and src/io/worker-pool.ts

export const parallelMessages = {
  aborted: (done: number, total: number): string => `Stopped as asked, after ${done} of ${counted(total, "task")}.`,
  poolClosed: "This pool of workers has been closed. Make another with createWorkerPool().",
  poolSize: (size: unknown): string => `A pool has a whole number of workers, 1 or more; ${String(size)} is not one.`,
  workerStopped: (why: string): string =>
    `A worker stopped before its task was done (${why}). Use fewer workers if memory ran out, or none: the results are the same.`,
  refitLength: (given: number, rows: number, used: number): string =>
    rows === used
      ? `The response has ${counted(given, "value")}, but the model was fitted to ${counted(used, "row")}. Give one value a row.`
      : `The response has ${counted(given, "value")}. Give one for each of the table's ${counted(rows, "row")}, or one for each of the ${used} rows used.`,
  refitValue: (name: string, row: number, value: unknown): string =>
    `The new response for ${name} holds ${String(value)} in row ${row}. Every row that the model uses needs a finite number.`,
} as const;

// ---- inference: words for src/inference

export const inferenceMessages = {
  otherTable: (given: number, fitted: number): string =>
    `The table has ${counted(given, "row")}, but the model was fitted to a table of ${counted(fitted, "row")}. Give the table that the model was fitted to.`,
  unknownMethod: (method: string): string => `There is no method "${method}". Use "REML" or "ML".`,
  unknownDf: (df: string, known: readonly string[]): string =>
    `There is no method for degrees of freedom called "${df}".${didYouMean(df, known)} Use ${orListed(known)}.`,
  badLevel: (level: number): string => `A confidence level lies between 0 and 1, such as 0.95; ${level} does not.`,
  unknownStyle: (style: string, known: readonly string[]): string =>
    `There is no style "${style}".${didYouMean(style, known)} Use ${orListed(known)}.`,
  unknownOption: (option: string, known: readonly string[]): string =>
    `There is no option "${option}".${didYouMean(option, known)} The options are ${listed(known, 12)}.`,
  notATable: "The second argument must be a table: Table.from(...) makes one from rows, columns, or an arquero, danfojs or Arrow table.",
  formulaNotText: (type: string): string =>
    `The first argument must be a formula in quotes, such as "score ~ ses + (1 | school)"; this one is of type ${type}.`,
  modelTableNeedsOne: "Give at least one named fit: modelTable({ null: m0, full: m1 }).",
  unknownPart: (part: string, known: readonly string[]): string =>
    `There is no part "${part}" of a model.${didYouMean(part, known)} The parts are ${listed(known, 9)}.`,
  noSuchPart: (part: string, has: readonly string[]): string =>
    `This model has no coefficients of the part "${part}". It has those of ${has.map((own) => `"${own}"`).join(", ")}.`,
  zTestsOnly: (df: string): string =>
    `Degrees of freedom (df: "${df}") are for linear models. Tests of generalized and cumulative models take estimates as normal: leave df out, or say "none". With few groups use likelihood-ratio tests: compare(smaller, larger).`,
  linearOnly: (what: string, instead: string): string => `${what} is for linear models (lmm). ${instead}`,
  refitOneByOne: "Refit generalized and cumulative models one by one: responses.map((response) => refit(fit, response)).",
  noDegreesOfFreedom:
    "Tests of generalized and cumulative models are z tests, so there is nothing to prepare: coefficients(fit) gives them.",
  noReliability:
    "With other families use icc(fit), the share of the variance on the latent scale, or conditionalModes(fit) for each unit's own uncertainty.",
  noRobust:
    "Standard errors of this model rely on its distribution. To guard against too much variation add a random effect of the rows, or choose a family with a dispersion.",
  noVarianceTest: "Test a variance by comparing the models with and without it: compare(without, with).",
  termTestsNeedIntercept: (formula: string): string =>
    `Tests of main effects beside their interactions need the formula to have its intercept; "${formula}" leaves it out. Thresholds take its place in the fit either way: write the formula without "0 +" or "- 1".`,
  linearVarianceIntervals:
    'Intervals of standard deviations from their standard errors are for generalized and cumulative models (lmm keeps none). Use method "profile": confint(fit, { method: "profile", part: "random" }), or test a variance: compare(without, with).',
  noLatentVariance: (link: string): string =>
    `With the link "${link}" the latent scale has no residual variance (the distribution has no finite one), so there is no intraclass correlation. Fit with the link "logit" or "probit".`,
  iccOfParts: (what: string): string =>
    `This model has ${what}, so no one residual variance stands beside its random effects, and there is no intraclass correlation.`,
  zerosOfTheirOwn: "zeros apart from the other counts",
  formulaOfDispersion: "a dispersion that differs between rows",
  formulaOfScale: "a latent scale that differs between rows",
  noLatentScale: "categories without a latent scale that they cut",
  iccTrials: (family: string): string =>
    `The rows of the family "${family}" vary beyond their binomial variance, and that variation has no place on the latent scale. Fit with family "binomial" and a random effect of the rows, (1 | row), for an intraclass correlation.`,
  otherKind: (a: string, kindA: string, b: string, kindB: string): string =>
    `${a} is of the family ${kindA} and ${b} of ${kindB}: the likelihood of the one is a probability, that of the other a density, and they cannot be compared.`,
  otherDistribution: (a: string, distributionA: string, b: string, distributionB: string): string =>
    `${a} (${distributionA}) and ${b} (${distributionB}) differ in family, link or zero part, so there is no likelihood-ratio test between them; AIC and BIC can be compared.`,
  remlBesideLikelihood: (a: string, b: string): string =>
    `${a} was fitted by REML and ${b} by maximum likelihood: their criteria cannot be compared. Refit ${a} with method "ml" (--method ml).`,
  otherQuadrature: (names: readonly string[]): string =>
    `The likelihoods of ${listed(names, 9)} were approximated with different numbers of quadrature points (agq). The difference between two approximations may be larger than that between the models, so there is no test between them; fit all with the same agq.`,
  fastCompared:
    "With agq = 0 coefficients are not at the maximum of the likelihood, so that likelihood-ratio tests are approximate. Fit with agq: 1 to test.",

  notJson: (source: string): string => `${source} is not JSON. A saved fit is written by saveFit(fit) or \`mist fit --save fit.json\`.`,
  notASavedFit: (source: string): string =>
    `${source} is not a saved fit. A saved fit is written by saveFit(fit) or \`mist fit --save fit.json\`.`,
  resultNotSavedFit: (source: string): string =>
    `${source} is the output of --json, which does not keep what comparing needs. Save the fit with \`mist fit --save fit.json\`.`,
  savedFitOnly: (source: string, model: string): string =>
    `${source} is a saved fit: it can be compared, and its fields read, but this needs the data it was fitted to. Fit the model again with ${model}(formula, table${model === "glmm" ? ", { family }" : ""}).`,
  modelTableOfOne:
    "modelTable takes named fits. Put the fit in an object, with the name that its column shall have: modelTable({ full: fit }).",
  modelTableNotAFit: (name: string): string => `"${name}" is not a fit. Give what lmm, glmm or clmm returned: modelTable({ full: fit }).`,
  otherSchema: (source: string, found: unknown, known: number): string =>
    `${source} was saved in version ${String(found)} of the format; this version of mist-models reads version ${known}. Fit the model again and save it.`,
  damagedFit: (source: string, part: string): string =>
    `${source} is damaged: "${part}" is missing or is not what a saved fit has there. Fit the model again and save it.`,

  compareNeedsTwo: (count: number): string => `Comparing takes at least two fits; ${count === 0 ? "none was" : "only one was"} given.`,
  notAFit: (name: string): string => `${name} is not a fit. Give what lmm, glmm, clmm or loadFit returned.`,
  otherResponse: (a: string, responseA: string, b: string, responseB: string): string =>
    `${a} explains ${responseA} and ${b} explains ${responseB}: likelihoods of different responses cannot be compared.`,
  otherRowCount: (a: string, countA: number, b: string, countB: number): string =>
    `${a} was fitted to ${counted(countA, "row")} and ${b} to ${counted(countB, "row")}: likelihoods can only be compared on the same rows. ` +
    "Drop the rows with missing values in any of the models' variables first, then fit all models to that table.",
  otherRows: (a: string, b: string, response: string): string =>
    `${a} and ${b} were not fitted to the same rows: the values of ${response}, or their order, differ. Fit both to the same table.`,
  otherWeights: (a: string, b: string): string =>
    `${a} and ${b} were fitted with different weights: their likelihoods cannot be compared. Use the same weights in both.`,
  otherMethod: (a: string, methodA: string, b: string, methodB: string): string =>
    `${a} was fitted by ${methodA} and ${b} by ${methodB}: their criteria cannot be compared. Fit both by the same method.`,
  remlFixedEffects: (a: string, b: string): string =>
    `${a} and ${b} were fitted by REML with different fixed effects (or the same in another coding). REML's criterion is that of the data ` +
    'freed from the fixed effects, so the two are not on one scale. Refit both with method "ml" (--method ml) and compare those.',
  notNested: (a: string, b: string): string =>
    `${a} does not lie within ${b} (or has as many parameters), so there is no likelihood-ratio test between them; AIC and BIC can be compared.`,
  largerWorse: (a: string, b: string, by: number): string =>
    `${b} contains ${a}, but its criterion is higher by ${by.toPrecision(3)}: it has not reached its optimum. Look at its notes before using this test.`,
  conservative: (name: string): string =>
    `${name} adds several variances that are tied together. The statistic's distribution is not known exactly; the chi-square with all degrees ` +
    "of freedom is too large a yardstick, so the true p value is smaller than the one shown.",
  mixtureAtBoundary: (name: string): string =>
    `${name} has a variance estimated as zero itself, so the mixture is an approximation. A parametric bootstrap would be exact.`,
  comparedNotConverged: (name: string): string =>
    `${name} has not converged: its likelihood is not the highest one. Look at its notes first.`,
  plainChiSquare: (df: number): string => `chi-square with ${df} d.f.`,
  conservativeChiSquare: (df: number): string => `chi-square with ${df} d.f., conservative`,
  /** A variance cannot be negative: the statistic is zero, or short of a degree of freedom, half of the time. */
  mixture: (weights: readonly number[], dfs: readonly number[]): string =>
    weights.length === 2
      ? `50:50 mixture of chi-square with ${dfs[0]} and ${dfs[1]} d.f.`
      : `mixture of chi-square with ${listed(dfs, 99)} d.f., weights ${listed(
          weights.map((weight) => String(Number(weight.toPrecision(3)))),
          99,
        )}`,
} as const;

/** "a, b or c". */
function orListed(items: readonly string[]): string {
  return items.length <= 1 ? items.join("") : `${items.slice(0, -1).join(", ")} or ${items[items.length - 1]}`;
}

// ---- intervals: words for src/inference/profile.ts, bootstrap*.ts, simulate.ts

export const intervalMessages = {
  badLevel: (level: number): string => `A confidence level lies between 0 and 1, such as 0.95; ${level} does not.`,
  fastProfile:
    "With agq = 0 there is no likelihood to profile: coefficients are not at the maximum of one. Fit with agq: 1 (Laplace) or more points.",
  byLikelihood:
    "Profiles are of the likelihood: the model was refitted by maximum likelihood (method ML), and the estimates shown with the intervals are those.",
  nothingOf: (part: string, has: readonly string[]): string =>
    `This model has nothing to profile in the part "${part}". It has parameters of ${has.map((own) => `"${own}"`).join(", ")}.`,
  unknownTerm: (term: string, known: readonly string[]): string =>
    `There is no parameter "${term}" here.${didYouMean(term, known)} The parameters are ${listed(known, 12)}.`,
  betterOptimum: (by: number): string =>
    `While profiling a better optimum was found, with a deviance lower by ${by.toPrecision(3)}: the fit had stopped short of it. Intervals and estimates here are those of the better one.`,
  endsAtBound: (name: string, bound: number): string =>
    `The profile of ${name} ends at ${bound}, the end of its range, without reaching the level: the interval begins or ends there.`,
  noEnd: (name: string): string =>
    `The profile of ${name} levels off before it reaches the level: the data allow values without bound, as with separated categories.`,
  unknownChoice: (option: string, given: string, known: readonly string[]): string =>
    `There is no ${option} "${given}".${didYouMean(given, known)} Use ${orListed(known.map((own) => `"${own}"`))}.`,
  badReplicates: (given: unknown): string => `The number of replicates is a whole number of 1 or more; ${String(given)} is not one.`,
  residualLinearOnly:
    'The residual bootstrap is for linear models (lmm): other responses cannot be put together from residuals. Use type "parametric", or "cluster" to draw whole units.',
  noTopFactor: (groups: readonly string[]): string =>
    `None of the grouping factors (${listed(groups, 9)}) has all the others nested in it, so there is no one kind of unit to draw. Say which is to be drawn: cluster: "${groups[groups.length - 1] ?? ""}".`,
  noClusterFactor: (group: string, groups: readonly string[]): string =>
    `"${group}" is not a grouping factor of this model with one unit a row.${didYouMean(group, groups)} Its grouping factors are ${listed(groups, 9)}.`,
  notARecord: "This is not the record of a bootstrap in a version that is known here. bootstrap(fit, ...) makes one.",
  recordOfOtherModel: (of: string, given: string): string =>
    `This bootstrap is of the model ${of}, not of ${given} in the same family and by the same method. Go on with the fit that it was begun with.`,
  recordOfOtherData: (formula: string): string =>
    `This bootstrap of ${formula} was begun with other values of the response or of the weights. Go on with the same table, or begin again.`,
  statisticMissing: (own: boolean): string =>
    own
      ? "This bootstrap was begun with a statistic of its own. Give it again: resumeBootstrap(fit, record, { statistic })."
      : "This bootstrap was begun without a statistic of its own. Leave statistic out, or begin again with it.",
  termsLost: "A coefficient or a threshold could not be estimated: its column does not vary in these rows, or a category has none of them.",
  bootstrapMissing:
    'Intervals by bootstrap need the replicates: confint(fit, { method: "bootstrap", bootstrap: await bootstrap(fit, { type: "parametric", seed: 1 }) }).',
  noReplicates: "No replicate is done that has values: there is nothing to take an interval from.",
  bcaNeedsJackknife:
    'BCa intervals need the jackknife of units beside the replicates: bootstrap(fit, { jackknife: true, ... }). Or use kind "percentile" or "basic".',
  jackknifeUnfinished: "The jackknife of this bootstrap is not finished: resumeBootstrap(fit, record) goes on with it.",
  notFollowed: (name: string): string =>
    `The profile of ${name} could not be followed to the level. Use a bootstrap interval: bootstrap(fit, { type: "parametric" }).`,
  pointsNotConverged: (name: string, count: number): string =>
    `${counted(count, "point")} of the profile of ${name} did not converge to four digits; the curve there lies a little too high.`,
} as const;

// ---- generalized and cumulative models as users meet them: words for src/inference/glmm.ts, clmm.ts and what prints them

const optionWords = {
  text: "a text",
  texts: "a text, or a list of texts",
  number: "a number",
  boolean: "true or false",
  codings: 'a record of contrasts by factor, such as { sex: "sum" }',
} as const;

export const glmmMessages = {
  familyNeeded: (known: readonly string[]): string =>
    `A generalized model needs a family, such as { family: "binomial" }. The families are ${listed(known, 40)}; for ordered categories use clmm(formula, table).`,
  ordinalFamily: (name: string): string =>
    `Models of ordered categories are fitted with clmm(formula, table), which has thresholds of its own; glmm has no family "${name}".`,
  notOrdinal: (name: string, known: readonly string[]): string =>
    `"${name}" is no family of ordered categories.${didYouMean(name, known)} Use ${orListed(known)}; other families are fitted with glmm(formula, table, { family }).`,
  unknownThreshold: (name: string, known: readonly string[]): string =>
    `There is no threshold structure "${name}".${didYouMean(name, known)} Use ${orListed(known)}.`,
  noExponential: (link: string, family: string): string =>
    `Exponentials of the coefficients mean nothing for the ${family} model with ${link} link. Odds ratios belong to the logit link, rate ratios to counts with the log link.`,
  onlyZ: (df: string): string =>
    `Generalized models have z tests, without degrees of freedom (df: "none"); "${df}" belongs to linear models.`,
  optionsNotARecord: 'The third argument must be a record of options, such as { weights: "w" }.',
  wrongOption: (option: string, wanted: keyof typeof optionWords, found: string): string =>
    `The option "${option}" takes ${optionWords[wanted]}, not ${/^[aeiou]/.test(found) ? "an" : "a"} ${found}.`,
} as const;

// ---- marginal means, slopes and prediction: words for src/inference/marginal-means.ts, slopes.ts, average-effects.ts and predict.ts

export const predictionMessages = {
  choice: (option: string, value: string, known: readonly string[]): string =>
    `The option "${option}" is ${orListed(known.map((own) => `"${own}"`))}, not "${value}".${didYouMean(value, known)}`,
  gridNoPredictor: (name: string, known: readonly string[], near: string): string =>
    `"${name}" is no predictor of this model.${near} Its predictors are ${listed(known, 12)}.`,
  gridUnitMean: (column: string, text: string): string =>
    `${text} depends on the unit, so a value of ${column} does not say what it is. Give values of it instead: at: { "${text}": 0 }.`,
  gridMatrix: (text: string, columns: readonly string[]): string =>
    `The fit does not keep the values of ${listed(columns)}, which stand only inside ${text}. Give the table that the model was fitted to, data: table, or values: at: { ${columns[0]}: 1 }.`,
  gridHeld: (text: string, columns: readonly string[]): string =>
    `${text} is held at its own mean over the rows used, as the fit does not keep the values of ${listed(columns)}. With data: table it is computed at the mean of ${listed(columns)}.`,
  gridNumbers: (name: string, value: string): string =>
    `${name} is numeric: at takes a number or a list of numbers for it${value === "" ? "" : `, not ${value}`}.`,
  gridLevel: (name: string, level: string, known: readonly string[], near: string): string =>
    `${name} has no level "${level}".${near} Its levels are ${listed(known, 12)}.`,
  gridTooLarge: (cells: number, factors: readonly string[]): string =>
    `The reference grid would have ${cells} cells: ${listed(factors, 8)}. Choose levels of the large factors with at.`,
  notEstimable: (count: number, dropped: readonly string[]): string =>
    `${counted(count, "mean is", "means are")} missing: the data do not determine ${count === 1 ? "it" : "them"}, as ${listed(dropped, 4)} could not be estimated. Average over fewer factors, or leave the interaction out.`,
  modeOfCategories: (mode: string): string =>
    `mode: "${mode}" is for models of categories (clmm). Use type: "response" for means on the scale of the response.`,
  biasAdjust: (value: string): string =>
    `biasAdjust is true, false, or the standard deviation of the random effects, a number from 0 on; it is ${value}.`,
  contrastLength: (name: string, given: number, means: readonly string[]): string =>
    `The contrast "${name}" has ${counted(given, "coefficient")} that can be used, but there are ${counted(means.length, "mean")} to compare: ${listed(means, 8)}. Give one finite number for each.`,
  contrastReference: (reference: number, means: readonly string[]): string =>
    `There is no mean number ${reference} to compare with. Means are counted from 0 to ${means.length - 1}: ${listed(means, 8)}.`,
  slopeOfFactor: (name: string): string =>
    `${name} is a factor and has no slope. Compare its levels: contrastsOfMeans(marginalMeans(fit, "${name}")).`,
  slopeOfEquations:
    'A multinomial model has a slope in every equation; coefficients(fit) has them. Use type: "response" for those of the probabilities.',
  effectOfFactor: (name: string, text: string): string =>
    `${name} stands in the formula as ${text}, which cannot be changed level by level. Name the variable as it stands there, or make it a column of the table.`,
  effectOfSteps: (name: string, text: string): string =>
    `${text} changes with ${name} in steps, so that an effect of ${name} has no slope. Ask for the effect of "${text}" instead.`,
  effectNeedsData: (name: string, text: string): string =>
    `The fit does not keep the values of ${name}, which stand only inside ${text}. Give the table that the model was fitted to: data: table.`,
  strangers: (group: string, names: readonly string[], rows: readonly number[], known: readonly string[]): string => {
    const near = names.length === 1 ? didYouMean(names[0]!, known) : "";
    const quoted = names.map((name) => `"${name}"`);
    return `${group} names ${names.length === 1 ? "a unit" : "units"} that the fit did not have: ${listed(quoted)} (${atRows(rows)}).${near} Say what they are: newUnits: "new" for draws of the distribution, "unknown" for units that exist but are not identified, or level: "population".`;
  },
  rowsNotEstimable: (count: number, dropped: readonly string[]): string =>
    `${counted(count, "row has", "rows have")} no prediction: the data do not determine ${count === 1 ? "it" : "them"}, as ${listed(dropped, 4)} could not be estimated.`,
  noProbabilities: (family: string): string =>
    `type: "probabilities" is for models of categories and binomial ones; the family of this one is ${family}. Use type: "response".`,
  unorderedProbabilities: (type: string): string =>
    `Unordered categories have no one value on the scale "${type}". Use type: "probabilities".`,
  predictionIsResponse: (type: string): string =>
    `A prediction interval is for a new response, so it goes with type: "response", not "${type}". Use interval: "confidence".`,
  noPredictionInterval: 'Categories have no interval: their probabilities are the prediction of a new response. Use type: "probabilities".',
  trialsLength: (given: number, rows: number): string =>
    `trials has ${counted(given, "number")}, and there ${rows === 1 ? "is 1 row" : `are ${rows} rows`}. Give one number for all, or one a row.`,
  tukeyOfPairs: 'Tukey\'s adjustment is for all pairs of means. Use adjust: "holm" for other contrasts, or "bonferroni", "bh", "none".',
  manyIntegrals: (count: number, most: number): string =>
    `Averages over the random effects of ${count} linear predictors need integrals in as many dimensions; up to ${most} are offered. Use predict(fit) for units with effects of zero.`,
} as const;

// ---- the study: words for src/mist

/** What the study's codebook says, in its printed form and when tables do not fit it. Rows are counted from 1, without the header. */
export const mistMessages = {
  unknownTable: (name: string, tables: readonly string[]): string =>
    `The study has no table "${name}".${didYouMean(name, tables)} The codebook lists the ${tables.length} tables that it knows.`,
  tableAbsent: (name: string, present: readonly string[]): string =>
    `The study has no table "${name}" here${present.length === 0 ? "; it has none at all" : `; it has ${listed(present, 8)}`}. Add the file ${name}.csv, or ask for an analysis that does not need it.`,
  columnAbsent: (table: string, column: string, columns: readonly string[]): string =>
    `Table ${table} has no column "${column}".${didYouMean(column, columns)} Add it; where nothing was observed its cells are empty.`,
  cellAbsent: (table: string, column: string, row: number): string =>
    `Row ${row} of table ${table} has no "${column}". Give it a value, or null where nothing was observed.`,
  columnKind: (table: string, column: string, wanted: string, found: string): string =>
    `Column "${column}" of table ${table} should hold ${columnWords[wanted] ?? wanted}, but holds ${foundWords[found] ?? found}. Look for cells that are written in another way, or read the file with the table's schema.`,
  inTable: (table: string, message: string): string => `Table ${table}: ${message}`,
  codebook: {
    title: "Codebook of the MIST study",
    opening: (tables: number, columns: number): string =>
      `${counted(tables, "table")} with ${counted(columns, "column")}. One file a table, UTF-8 with commas; an empty cell is missing. Shares lie between 0 and 1; ordered categories are listed from low to high.`,
    contents: "Tables",
    categories: "Categories",
    sources: "Sources",
    columnHeads: ["Column", "Type", "Values", "Null", "Source", "Kind", "Meaning"],
    categoryHeads: ["Value", "Label"],
    scoreHead: "Score",
    primaryKey: (columns: readonly string[]): string => `Primary key: ${columns.join(", ")}.`,
    uniqueKey: (columns: readonly string[]): string => `Unique: ${columns.join(", ")}.`,
    foreignKey: (columns: readonly string[], targets: readonly string[]): string => `${columns.join(", ")} refers to ${orListed(targets)}.`,
    observedOnly: "A unit that was not observed that cycle has no row.",
    sum: (columns: readonly string[], total: number): string => `${listed(columns, 20)} sum to ${total}.`,
    order: (low: string, high: string): string => `${low} is at most ${high}.`,
    sumBy: (column: string, by: readonly string[], total: string): string =>
      `${column} sums to ${total} over the rows of one ${by.join(", ")}.`,
    valueWhen: (column: string, value: string, words: string): string => `${column} is ${value} if and only if ${words}.`,
    holds: (words: string): string => `In every row ${words}.`,
    never: "never",
    item: "where not answered or not known",
    structural: (words: string): string => `if and only if ${words}`,
    structuralOrItem: (words: string): string => `where ${words}, or where not known`,
    kinds: { observable: "observable", derived: "derived", truth: "simulated truth" },
    ordered: "ordered",
    unordered: "not ordered",
    atLeast: (bound: number): string => `at least ${bound}`,
    atMost: (bound: number): string => `at most ${bound}`,
    above: (bound: number): string => `above ${bound}`,
    between: (low: number, high: number): string => `${low} to ${high}`,
    plausible: (range: string): string => `(plausible: ${range})`,
    characters: (most: number): string => `at most ${most} characters`,
    beginsWith: (prefixes: readonly string[]): string => `begins with ${orListed(prefixes)}`,
  },
} as const;

const columnWords: Readonly<Record<string, string>> = {
  id: "identifiers",
  text: "text",
  boolean: "true and false",
  integer: "whole numbers",
  number: "numbers",
  nominal: "categories",
  ordered: "categories",
  date: "dates",
};

const foundWords: Readonly<Record<string, string>> = {
  number: "numbers",
  factor: "text",
  text: "text",
  boolean: "true and false",
};

// ---- the generator: words for src/mist/simulate and for writing a study

/** What the generator of synthetic data says of its options, and what writing a study says of its folder. */
export const simulateMessages = {
  unknownName: (what: string, name: string, near: string, known: readonly string[]): string =>
    `There is no ${what} "${name}".${near} ${known.length > 20 ? `There are ${known.length}; the data card and truth.json list them.` : `There are ${listed(known, 20)}.`}`,
  unknownValue: (what: string, value: string, near: string, known: readonly string[]): string =>
    `"${value}" is no value for ${what}.${near} Use ${orListed(known)}.`,
  notAnObject: (what: string): string => `The ${what}s must be given as an object with names and values.`,
  notBoolean: (what: string, value: string): string => `${what} is "${value}", but must be true or false.`,
  notWhole: (what: string, value: number, low: number, high: number): string =>
    `${what} is ${value}, but must be a whole number from ${low} to ${high}.`,
  badSeed: (value: unknown): string => `The seed is ${String(value)}, but must be a whole number from 0 to 4294967295.`,
  badScale: (value: unknown): string =>
    `The scale is ${String(value)}, but must be a whole number from 1 (four districts) to 100000. For a very small study use preset "tiny".`,
  badParameter: (name: string, value: unknown, wanted: "any" | "probability" | "correlation" | "notNegative" | "positive"): string =>
    `Parameter ${name} is ${String(value)}, but must be ${parameterWords[wanted]}.`,
  thresholdOrder: (low: string, lowValue: number, high: string, highValue: number): string =>
    `Parameter ${low} is ${lowValue} and ${high} is ${highValue}, but thresholds must rise: ${low} < ${high}.`,
  aborted: (done: number, total: number): string => `Stopped as asked, after ${done} of ${counted(total, "district")}.`,
  badShares: (outcome: string, wanted: number, given: readonly number[]): string =>
    `The target shares of ${outcome} are ${listed(given, 12)}, but must be ${wanted} positive shares that sum to 1, from the lowest category to the highest.`,
  noPredictors: (outcome: string): string => `Nothing of "${outcome}" was drawn, so its thresholds cannot be found. Make the study larger.`,
  folderNotEmpty: (folder: string, names: readonly string[]): string =>
    `${folder} already holds ${listed(names, 4)}. Choose an empty or a new folder, or ask for the files to be replaced (--force, { replace: true }).`,
  notAFolder: (folder: string): string => `${folder} is a file, not a folder. Choose another name.`,
  unreadableSet: (text: string): string => `--set "${text}" cannot be read. Write name=number: --set beta_expl_prod=0.6.`,
  setTwice: (name: string): string => `--set gives ${name} twice. Give it once.`,
  notANumber: (option: string, text: string): string => `${option} "${text}" is not a number.`,
  written: (folder: string, tables: number, rows: number, bytes: number): string =>
    `${folder}: ${counted(tables, "table")}, ${counted(rows, "row")}, ${(bytes / 1e6).toFixed(1)} MB`,
  progress: (done: number, total: number): string => `district ${done} of ${total}`,
  packageTitle: "Synthetic study in the shape of MIST",
  packageDescription: (seed: number, scale: number, preset: string): string =>
    `Simulated data: no row describes a real person, school or district. Seed ${seed}, scale ${scale}, preset ${preset}. The true parameters stand in truth.json; what may and may not be claimed from these data stands in the data card.`,
  truthNotes: [
    "Simulated data: no number in them reproduces a published estimate of the study.",
    "Analyses under implied with kind values have the generating model's formula under preset recovery; with kind sign only the directions hold.",
    "A4: log odds of maintaining demand, reference category mixed, with (1 | school_id) + (1 | teacher_id) + (1 | teacher_id:cycle).",
    "A16: log odds of a tie from cycle 2 on; expertise is scaled with the constants of z(), not with the sample's.",
    "delta_1 to delta_4 are the effects of the first to the fourth district of each block of four.",
  ],
  /** Goal, current state, gap and indicator of each node of a simulated improvement plan. */
  planTexts: {
    student_learning_goals: [
      "Students reason about problems and justify their solutions.",
      "In most lessons seen, students follow a shown procedure.",
      "Students need regular work on tasks that ask for reasons.",
      "Share of students who say that success meant making sense of others' ideas.",
    ],
    instructional_vision: [
      "Lessons launch a demanding task, let students work on it, and end with a discussion.",
      "Demanding tasks are often turned into steps before students begin.",
      "Launches have to keep the demand of the task.",
      "Share of lessons in which demand is kept.",
    ],
    teacher_learning_goals: [
      "Teachers can launch a task without taking the thinking out of it.",
      "Teachers know the tasks and rarely plan for students' ideas.",
      "Planning needs to foresee what students will think.",
      "Plans that name expected solutions.",
    ],
    teacher_supports: [
      "Teachers study one practice together all year with an expert facilitator.",
      "Meetings are used for pacing and logistics.",
      "Meetings need a facilitator and one focal practice.",
      "Share of meetings that link goals, thinking and instruction.",
    ],
    curriculum_resources: [
      "Units offer demanding tasks with notes on students' solutions.",
      "The guide gives pages and dates.",
      "The guide needs notes on launches and solutions.",
      "Units with such notes.",
    ],
    student_supports: [
      "Students who struggle get help to take part in the same tasks.",
      "Extra classes practise procedures.",
      "Extra classes need to prepare for the next lesson's task.",
      "Extra classes that prepare for the lesson.",
    ],
    school_leadership: [
      "Leaders observe with the coach and give feedback on the focal practice.",
      "Feedback is generic.",
      "Leaders need to recognise the focal practice.",
      "Observations with feedback on the focal practice.",
    ],
    system_leadership: [
      "Units of the district work towards the same goals for instruction.",
      "Units send schools different messages.",
      "Units need regular meetings about instruction.",
      "Joint meetings of units a year.",
    ],
  },
} as const;

const parameterWords: Readonly<Record<"any" | "probability" | "correlation" | "notNegative" | "positive", string>> = {
  any: "a number",
  probability: "between 0 and 1",
  correlation: "between -1 and 1",
  notNegative: "0 or more",
  positive: "more than 0",
};

// ---- checks of a study: words for src/mist/validate and src/io/read-study.ts

/** A sentence and what to do. */
interface Advice {
  readonly message: string;
  readonly remedy: string;
}

interface WrongValue {
  readonly value: string;
  readonly count: number;
}

/** `"a" (3 times), "b" and 2 more`. */
function wrongValues(values: readonly WrongValue[], total: number = values.length): string {
  const shown = values.map(({ value, count }) => `${JSON.stringify(excerpt(value))}${count > 1 ? ` (${count} times)` : ""}`);
  return total > shown.length ? `${shown.join(", ")} and ${counted(total - shown.length, "other value")}` : listed(shown);
}

/** "between 0 and 1", "at least 0", "above 0 and at most 1". */
function boundsInWords({ minimum, maximum, exclusiveMinimum }: { minimum?: number; maximum?: number; exclusiveMinimum?: number }): string {
  if (minimum !== undefined && maximum !== undefined) return `between ${minimum} and ${maximum}`;
  const parts = [
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(exclusiveMinimum === undefined ? [] : [`above ${exclusiveMinimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
  ];
  return parts.join(" and ");
}

const typeWords: Readonly<Record<string, { readonly message: string; readonly remedy: string }>> = {
  boolean: { message: "is neither true nor false", remedy: "Write true or false." },
  integer: {
    message: "is not a whole number",
    remedy: "Write a whole number in digits, without units.",
  },
  number: { message: "is not a number", remedy: "Write the number in digits with a decimal point, without units." },
  date: { message: "is not a date", remedy: "Write year-month-day, as in 2010-01-31." },
};

/** What a check of a study says: what is wrong (table, column and rows stand beside it), and what to do. */
export const validateMessages = {
  // -- the report
  summary: (tables: number, rows: number, problems: number, remarks: number): string => {
    const checked = `${counted(tables, "table")} with ${counted(rows, "row")} checked: `;
    const what = problems === 0 ? "no problems" : counted(problems, "problem");
    return `${checked}${what}${remarks === 0 ? "" : `, ${counted(remarks, "remark")}`}.`;
  },
  problems: "PROBLEMS (to be put right; rows are data rows, counted from 1 without the header)",
  remarks: "REMARKS (possible, and worth a look)",
  more: (count: number): string => `and ${count} more`,
  alsoInRow: (value: string, row: number): string => `${value} (first in row ${row})`,
  insteadOf: (value: string, wanted: string): string => `${value} instead of ${wanted}`,
  sumIs: (sum: number): string => `sum ${sum}`,
  sumOver: (key: string, sum: number, total: number): string => `${key}: sum ${sum} instead of ${total}`,
  textOf: (characters: number): string => `a text of ${counted(characters, "character")}`,
  /** A problem as one sentence of an error. */
  asError: (table: string, columns: readonly string[], rows: readonly number[], message: string, remedy: string): string => {
    const where = [...(columns.length === 0 ? [] : [`column ${listed(columns)}`]), ...(rows.length === 0 ? [] : [atRows(rows)])];
    return `Table ${table}${where.length === 0 ? "" : `, ${where.join(", ")}`}: ${message} ${remedy}`;
  },
  // -- files
  cannotCheckFile: (message: string): Advice => ({
    message,
    remedy: "The table was not checked. Put the file right and check again; what refers to the table could not be checked either.",
  }),
  twoFiles: (first: string, second: string): Advice => ({
    message: `There are two files of this table, ${first} and ${second}; the first was checked.`,
    remedy: "Remove the one that is out of date.",
  }),
  notInPackage: (file: string): Advice => ({
    message: `${file} lies in the folder, but datapackage.json does not name it, so it was not read.`,
    remedy: "Name it in datapackage.json, or move it elsewhere.",
  }),
  otherDelimiter: (delimiter: string): Advice => ({
    message: `Cells are separated by ${delimiterWord(delimiter)}; the study's files have commas.`,
    remedy: "The file was read all the same. Save it with commas before others use it.",
  }),
  // -- tables and columns
  unknownTable: (near: string | null): Advice => ({
    message: `The codebook has no table of this name.${near === null ? "" : ` Did you mean "${near}"?`}`,
    remedy:
      near === null
        ? "It was not checked. Keep it if it is meant as an addition of your own."
        : `It was not checked. Rename the file to ${near}.csv, or choose a name that is less like it.`,
  }),
  noTables: (known: number): Advice => ({
    message: "None of the study's tables is here.",
    remedy: `Name the folder that holds the study's CSV files; each is named after its table (teachers.csv, lessons.csv, ... ${known} in all).`,
  }),
  absentTables: (tables: readonly string[]): Advice => ({
    message: `${counted(tables.length, "table")} of the codebook ${tables.length === 1 ? "is" : "are"} not here: ${listed(tables, 60)}.`,
    remedy: "Add those that were collected. What refers to them was not checked.",
  }),
  noColumns: (found: readonly string[], columns: readonly string[]): Advice => ({
    message: `The file has none of the table's columns; its header has ${listed(found, 6)}.`,
    remedy: `Check that this is the right file and that its first line names the columns: ${listed(columns, 8)}.`,
  }),
  wrongDelimiter: (delimiter: string): Advice => ({
    message: `The whole header was read as one column: cells seem to be separated by ${delimiterWord(delimiter)}.`,
    remedy: "Save the file with commas between cells.",
  }),
  absentColumn: (near: string | null): Advice => ({
    message: `The column is missing.${near === null ? "" : ` Is "${near}" meant?`}`,
    remedy:
      near === null ? "Add it; where nothing was observed its cells are empty." : `Rename "${near}" in the header, or add the column.`,
  }),
  unknownColumn: (): Advice => ({
    message: "The codebook does not know this column.",
    remedy: "It was not checked. Keep it if it is meant as an addition, but never names, birth dates or free text about persons.",
  }),
  // -- cells
  missingCode: (values: readonly WrongValue[], mayBeEmpty: boolean): Advice => ({
    message: `A code stands where a value is missing: ${wrongValues(values)}.`,
    remedy: mayBeEmpty
      ? "Leave the cells empty: in this study an empty cell, and nothing else, means missing."
      : "Fill in the values. An empty cell, and nothing else, would mean missing, but this column may not be empty.",
  }),
  wrongType: (values: readonly WrongValue[], type: string, decimalComma: boolean): Advice => ({
    message: `The cell ${typeWords[type]?.message ?? "is of another type"}: ${wrongValues(values)}.`,
    remedy: decimalComma ? "Write a decimal point instead of the comma." : (typeWords[type]?.remedy ?? "Correct the cell."),
  }),
  category: (
    values: readonly WrongValue[],
    total: number,
    levels: readonly string[],
    meant: ReadonlyMap<string, string | null>,
  ): Advice => {
    const near = [...new Set([...meant.values()].flatMap((value) => (value === null ? [] : [`"${value}"`])))];
    return {
      message: `Not among the categories: ${wrongValues(values, total)}.${near.length === 0 ? "" : ` Did you mean ${listed(near)}?`}`,
      remedy: `Use ${orListed(levels)}, written exactly so.`,
    };
  },
  identifier: (
    values: readonly WrongValue[],
    { label, prefixes }: { readonly label: string; readonly prefixes: readonly string[] },
  ): Advice => ({
    message: `Not an identifier of this kind (${label.toLowerCase()}): ${wrongValues(values)}.`,
    remedy: `Such an identifier begins with ${orListed(prefixes)} and goes on, as in ${prefixes[0]}12. Check that the columns are not shifted and that the right identifier stands here.`,
  }),
  tooLong: (maxLength: number): Advice => ({
    message: `The text is longer than ${maxLength} characters.`,
    remedy: "Shorten it; the text may name no person.",
  }),
  form: (values: readonly WrongValue[], description: string): Advice => ({
    message: `The cell has not the form that it should have: ${wrongValues(values)}.`,
    remedy: `Write it as the codebook says: ${description}`,
  }),
  range: (bounds: { minimum?: number; maximum?: number; exclusiveMinimum?: number }, share: boolean): Advice => ({
    message: `Out of range: values must be ${boundsInWords(bounds)}.`,
    remedy: share ? "Correct the values; shares lie between 0 and 1, so 35 % is 0.35." : "Correct the values.",
  }),
  plausible: (bounds: { minimum?: number; maximum?: number; exclusiveMinimum?: number }): Advice => ({
    message: `Possible, but unlikely: values are mostly ${boundsInWords(bounds)}.`,
    remedy: "Compare them with the source.",
  }),
  empty: (all: boolean): Advice => ({
    message: all
      ? "All cells are empty, but the column may have no empty cell."
      : "The cell is empty, but the column may have no empty cell.",
    remedy: "Fill in the values. A unit that was not observed has no row at all, rather than a row of empty cells.",
  }),
  emptyAgainst: (words: string): Advice => ({
    message: `The cell is empty, but must hold a value, since it is empty if and only if ${words}.`,
    remedy: "Fill in the value, or correct what says otherwise.",
  }),
  notEmpty: (words: string): Advice => ({
    message: `The cell holds a value, but must be empty where ${words}.`,
    remedy: "Empty the cell, or correct what says otherwise.",
  }),
  // -- keys
  repeatedKey: (key: readonly string[], primary: boolean): Advice => ({
    message: primary ? "The row is repeated: its primary key stands in an earlier row." : `Two rows have the same ${listed(key)}.`,
    remedy: primary
      ? "Remove the copy, or correct the identifier of one of the rows."
      : `Remove one of the rows, or correct its ${orListed(key)}.`,
  }),
  noReference: (columns: readonly string[], tables: readonly string[], similar: string | null): Advice => ({
    message: `No row of ${orListed(tables)} has ${columns.length === 1 ? "this identifier" : "this combination"}.${similar === null ? "" : ` Did you mean "${similar}"?`}`,
    remedy: `Add the missing ${tables.length === 1 ? "row" : "row to one of them"}, or correct ${columns.length === 1 ? "the identifier" : listed(columns)} here.`,
  }),
  // -- rules
  sum: (columns: readonly string[], total: number): Advice => ({
    message: `The cells of a row do not sum to ${total}.`,
    remedy: `Correct the ${columns.length} shares of these rows, or leave all of them empty where the column allows it.`,
  }),
  order: (low: string, high: string): Advice => ({
    message: `${low} is above ${high}.`,
    remedy: "Correct one of the two; perhaps they were exchanged.",
  }),
  sumBy: (column: string, by: readonly string[], total: string): Advice => ({
    message: `Over the rows of one ${listed(by)} the cells do not sum to ${total}.`,
    remedy: `Correct ${column} in these rows; perhaps a row is missing or there is one too many.`,
  }),
  valueNeeded: (value: string, words: string): Advice => ({
    message: `The cell must be ${value} where ${words}, but holds another value.`,
    remedy: `Set it to ${value}, or correct what says otherwise.`,
  }),
  valueForbidden: (value: string, words: string): Advice => ({
    message: `The cell is ${value}, which means that ${words}; but that is not so.`,
    remedy: "Give it the score that was observed, or correct what says otherwise.",
  }),
  holds: (words: string): Advice => ({
    message: `In every row this must hold, and here it does not: ${words}.`,
    remedy: "Correct the row.",
  }),
  // -- between tables
  sectionDiffers: (column: string): Advice => ({
    message: `The ${column} is not that of the section in table sections.`,
    remedy: "Correct the one that is wrong.",
  }),
  outsideRoster: (): Advice => ({
    message: "The cycle lies before the teacher's first_cycle or after the last_cycle in table teachers.",
    remedy: "Correct the cycle here, or first_cycle and last_cycle there.",
  }),
  wrongYear: (): Advice => ({
    message: "The cell does not count the years since the teacher's first focal cycle.",
    remedy: "Set it to the cycle less the first cycle in which the teacher is focal; or a focal year is missing.",
  }),
  notFocalTakesPart: (flag: string): Advice => ({
    message: `The teacher-year is ${flag.replace("_", " ")}, but not focal; only focal teachers take part.`,
    remedy: `Set focal to true or ${flag} to false.`,
  }),
  noRecord: (flag: string, table: string): Advice => ({
    message: `${flag} is true, but table ${table} has no row of this teacher and cycle.`,
    remedy: `Add the rows to ${table}, or set ${flag} to false.`,
  }),
  recordAgainstFlag: (flag: string): Advice => ({
    message: `There is a record, but teacher_years says that ${flag} is false for this teacher and cycle.`,
    remedy: `Set ${flag} to true there, or remove the record.`,
  }),
  focalCount: (district: string, cycle: string, count: number): string =>
    `district_id ${district}, cycle ${cycle}: ${counted(count, "focal teacher")}`,
  manyFocal: (most: number): Advice => ({
    message: `More than ${most} focal teachers in a district and cycle.`,
    remedy: "Set focal to false for those who were not sampled.",
  }),
  fewFocal: (wanted: number): Advice => ({
    message: `Fewer than ${wanted} focal teachers in a district and cycle, the number of the design.`,
    remedy: "Nothing, if these are all who took part; otherwise rows are missing.",
  }),
  manyFilmedSections: (): Advice => ({
    message: "More than one section of a teacher and cycle is marked as filmed.",
    remedy: "Set filmed to false for all but the one that was filmed.",
  }),
  singleLesson: (): Advice => ({
    message: "Only one lesson of this teacher and cycle; the design has two, on consecutive days.",
    remedy: "Nothing, if the other could not be used; otherwise a row is missing.",
  }),
  noScoreOfRecord: (): Advice => ({
    message: "The lesson has no score of record (a row of iqa_ratings with rating_order 1).",
    remedy: "Add the rating, or set rating_order to 1 in the one that counts.",
  }),
  recommendationCounts: (found: readonly number[], wanted: readonly number[]): Advice => ({
    message: `Recommendations number ${found[0]}: uptake complete ${found[1]}, partial ${found[2]}, not ${found[3]}; implementation successful ${found[4]}, partial ${found[5]}, unsuccessful ${found[6]}. The published numbers are ${wanted[0]}: ${wanted.slice(1, 4).join(", ")}; ${wanted.slice(4).join(", ")}.`,
    remedy: "Nothing, if this is another selection than the published one.",
  }),
  rmtSchoolCounts: (found: readonly number[], wanted: readonly number[]): Advice => ({
    message: `${counted(found[0] ?? 0, "RMT school")}, ${found[1]} of them disadvantaged; the published numbers are ${wanted[0]} and ${wanted[1]}.`,
    remedy: "Nothing, if this is another selection than the published one.",
  }),
  rmtCounts: (found: readonly number[], wanted: readonly number[]): Advice => ({
    message: `In network year 3 there are ${found[0]} people, ${counted(found[1] ?? 0, "network leader")} and ${counted(found[2] ?? 0, "apprentice leader")}; the published numbers are ${wanted[0]}, ${wanted[1]} and ${wanted[2]}.`,
    remedy: "Nothing, if this is another selection than the published one.",
  }),
} as const;

function delimiterWord(delimiter: string): string {
  const words: Readonly<Record<string, string>> = { ";": "semicolons", "\t": "tabs", "|": "vertical bars", " ": "spaces", ",": "commas" };
  return words[delimiter] ?? `the character ${JSON.stringify(delimiter)}`;
}

/** What a description of a study says. */
export const studyViewMessages = {
  presence: "Who was observed when: units by cycle",
  observed: "observed",
  units: "units",
  patterns: "Patterns of presence over cycles 1 to 8 (x observed, . not) and how many units have them",
  morePatterns: (count: number): string => counted(count, "other pattern"),
  counts: "How much there is: rows by cycle",
  table: "table",
  rows: "rows",
  composition: (table: string, column: string): string => `${table}.${column}: share of categories`,
  tooFew: "too few",
  leftOut: "Groups that rest on too few units are left out, and so is the next smallest where one could be found by subtraction.",
  noCategories: (table: string, column: string): string =>
    `Column "${column}" of table ${table} has no categories, so it has no composition. Name a column of categories or of true and false.`,
  noBreakdown: (table: string, by: string): string =>
    `Table ${table} cannot be broken down by ${by}: neither it nor the tables that it refers to say the ${by}. Choose another breakdown, or add the tables.`,
  unread: (path: string, problems: number): string =>
    `${counted(problems, "problem")} with files, columns and cells: what does not fit is left out above. mist check-data ${/\s/.test(path) ? `"${path}"` : path} tells which.`,
  badBreakdown: (given: string): string =>
    `--by "${given}" is not a breakdown. Use cycle, district, school, or two of them with a comma between.`,
} as const;

// ---- derived measures: words for src/mist/derive

/** What the derivation of measures says: problems, notes, and the rule of every measure in words, with each choice that there is. */
export const deriveMessages = {
  unknownLevel: (name: string, levels: readonly string[]): string =>
    `There is no level of analysis "${name}".${didYouMean(name, levels)} The levels are ${listed(levels, 30)}.`,
  unknownOption: (name: string, options: readonly string[]): string =>
    `There is no option "${name}" of the derived measures.${didYouMean(name, options)} The options are ${listed(options, 60)}.`,
  unknownChoice: (option: string, choice: string, choices: readonly (string | number)[]): string =>
    `Option "${option}" cannot be "${choice}".${didYouMean(choice, choices.map(String))} It may be ${orListed(choices.map(String))}.`,
  levelNeeds: (level: string, tables: readonly string[]): string =>
    `The level "${level}" needs the ${tables.length === 1 ? "table" : "tables"} ${listed(tables)}, which the study does not have. Add ${
      tables.length === 1 ? `the file ${tables[0]}.csv` : "the files"
    }, or leave the level out.`,
  levelNeedsOne: (level: string, tables: readonly string[]): string =>
    `The level "${level}" needs one of the tables ${listed(tables)}, and the study has none of them. Add one, or leave the level out.`,
  tableAbsent: (level: string, table: string, columns: readonly string[]): string =>
    `The study has no table ${table}, so that in ${level} ${columns.length === 1 ? "the column" : "the columns"} ${listed(columns, 8)} ${
      columns.length === 1 ? "is" : "are"
    } missing throughout. Add the table, or leave ${columns.length === 1 ? "it" : "them"} out of the model.`,
  source: (tags: readonly string[]): string => {
    const documents = tags.filter((tag) => tag !== "ours" && tag !== "brief");
    if (documents.length === 0) return tags.includes("brief") ? "the project's brief" : "a decision of this package";
    return tags.includes("ours") ? "after the project's documents; details are a decision of this package" : "the project's documents";
  },
  statement: {
    heading: "Rules of the derived measures",
    title: (count: number): string => `${counted(count, "measure")}; missing inputs give a missing measure.`,
    heads: ["No.", "Columns", "Level", "Kind", "Rule", "Options", "Source"],
    kind: (type: string, unit?: string): string => `${type === "yes_no" ? "yes 1, no 0" : type}${unit === undefined ? "" : ` (${unit})`}`,
    option: (name: string, choice: string, isDefault: boolean, alternatives: readonly string[]): string =>
      `${name} = ${choice}${isDefault ? " (default)" : ""}, instead of ${orListed(alternatives)}`,
    entry: (id: string, names: readonly string[], level: string, kind: string, sentence: string, source: string, options: string): string =>
      `${id} ${names.join(", ")} [${level}; ${kind}]\n    ${sentence} Source: ${source}.${options === "" ? "" : `\n    ${options}`}`,
  },
  rules: {
    V1: {
      rule: "The score of record of a lesson on a rubric is",
      choices: {
        scoreOfRecord: {
          first: "the rating with rating_order 1",
          mean: "the mean of its ratings",
          consensus: "the score on which all its ratings agree, missing where they differ",
        },
      },
    },
    V2: {
      rule: "A lesson's task has high potential where",
      choices: {
        highPotential: {
          "3": "its potential is 3 or 4",
          "4": "its potential is 4",
          teacher_year_mean: "the mean potential of the teacher's lessons of that cycle is at least 2.5",
        },
      },
    },
    V3: {
      rule: "Demand is maintained, asked of lessons of high potential only, where",
      choices: { maintained: { at_least_3: "implementation is 3 or 4", no_drop: "implementation is not below potential" } },
    },
    V4: {
      rule: "Maintained demand over all lessons: potential high and demand maintained;",
      choices: {
        maintainedAll: {
          zero: "a lesson of low potential counts as no",
          conditional: "a lesson of low potential is missing, as in V3",
        },
      },
    },
    V5: {
      rule: "The share of maintained demand of a teacher-year is",
      choices: {
        maintShare: {
          mean: "the mean of V4 over the lessons present",
          conditional: "the mean of V3 over the lessons of high potential",
          any: "1 where one lesson has V4, else 0",
          both: "1 where all of at least two lessons have V4, else 0",
          empirical_bayes: "the mean of V4 drawn to the mean of all teacher-years by its reliability (beta-binomial, moments)",
        },
      },
    },
    V6: {
      rule: "The drop in demand is potential minus implementation,",
      choices: { demandDrop: { all: "in every lesson", high_potential: "in lessons of high potential, else missing" } },
    },
    V7: {
      rule: "The quality of the concluding discussion is",
      choices: {
        discussionQuality: {
          with_zeros: "the rubric's score from 0 to 4, where 0 means that there was none",
          drop_zeros: "the rubric's score from 1 to 4, missing where there was none",
          mean_with_linking: "the mean of the rubrics for discussion, linking and press, 0 where there was none",
        },
      },
    },
    V8: {
      rule: "The composite of a teacher-year is the mean over its lessons of",
      choices: {
        iqaComposite: {
          mean: "the mean of potential, implementation and discussion, all three present",
          principal_component: "the first principal component of potential, implementation and discussion, with variance 1",
          graded_response: "the graded-response score from potential, implementation and discussion",
          potential: "potential",
          implementation: "implementation",
          discussion: "discussion",
        },
      },
    },
    V9: {
      rule: "Explanation and adjustment are the interview's codes of record (the latest interview of the cycle that has one), scored -1, 0 and 1 where a number is needed;",
      choices: {
        perspectiveReference: {
          mixed: "as factors they are compared with mixed",
          unproductive: "as factors they are compared with unproductive",
        },
      },
    },
    V10: {
      rule: "The index of perspectives, missing unless both codes are present, is",
      choices: {
        perspIndex: {
          mean: "the mean of both scores",
          count_productive: "the number of productive codes",
          latent: "the score of a graded-response model with one slope for both codes",
        },
      },
    },
    V11: {
      rule: "Productive at the start means that",
      choices: {
        productive0: {
          either: "in the first year with a code explanation or adjustment was productive",
          both: "in the first year with a code explanation and adjustment were both productive",
          index: "in the first year with a code the mean of both scores was above 0",
          previous_cycle: "in the cycle before explanation or adjustment was productive",
        },
      },
    },
    V12: {
      rule: "Vision, from the codes of record (for leaders without them vision_level), is",
      choices: {
        vision: {
          mean: "the mean of role of the teacher, discourse and tasks, at least two of them present",
          minimum: "the least of role of the teacher, discourse and tasks, at least two of them present",
          graded_response: "the graded-response score from role of the teacher, discourse and tasks, at least two of them present",
          role_of_teacher: "the dimension role of the teacher",
          discourse: "the dimension discourse",
          tasks: "the dimension tasks",
        },
      },
    },
    V13: {
      rule: "Vision is high",
      choices: { visionHigh: { "3": "from 3 on", "2.5": "from 2.5 on", top_tercile: "in the top third of all observed visions" } },
    },
    V14: {
      rule: "MKT is the test score",
      choices: {
        mkt: {
          norm: "on the norm group's scale",
          within_cycle: "standardized within each cycle",
          person_mean: "averaged over the person's years",
          reliability_corrected: "drawn to the mean by its reliability (regression calibration with its standard error)",
        },
      },
    },
    V15: {
      rule: "A name with lag_ is the value one cycle before, missing where the person was not observed in just that cycle; a name with 0 is",
      choices: {
        base: {
          first: "the value in the first cycle that has one",
          previous_cycle: "the value one cycle before",
          person_mean: "the person's mean over all cycles",
        },
      },
    },
    V16: {
      rule: "Time, for focal teachers, is",
      choices: {
        time: {
          first_focal: "years since the teacher's first focal cycle",
          cycle: "the cycle minus 1",
          phase: "years since the phase began",
        },
      },
    },
    V17: {
      rule: "Composition of a teacher-year is the mean of shares weighted by students over, where known (else the school's shares, see comp_source),",
      choices: {
        composition: { sections: "the teacher's sections", filmed: "the filmed section" },
        lessonComposition: {
          section: "beside a lesson stand the shares of its own section",
          teacher_year: "beside a lesson stand the teacher-year's shares",
        },
      },
    },
    V18: {
      rule: "Expertise is, standardized by the first observed values of all teachers and coaches unless standards are given, with a coach's own practice in place of lessons,",
      choices: {
        expertise: {
          composite: "the mean of composite (V8), vision (V12) and MKT (V14), at least two present",
          iqa: "the composite (V8) alone",
          mkt: "MKT (V14) alone",
        },
      },
    },
    V19: {
      rule: "Exposure is the expertise one cycle before of those whom a person names, over those whose expertise is known; any_expert asks for one of at least 0.5;",
      choices: {
        exposureWeights: { equal: "each counts alike", frequency: "each counts by the frequency of contact" },
        exposureOfIsolates: { missing: "missing for who names nobody", zero: "0 for who names nobody" },
        exposureAlters: { current: "named in the same cycle", previous_cycle: "named in the cycle before" },
      },
    },
    V20: {
      rule: "The gap in exposure is",
      choices: {
        exposureGap: {
          mean: "mean exposure minus own expertise one cycle before",
          max: "greatest exposure minus own expertise one cycle before",
          share_above: "the share of those named whose expertise exceeds one's own, both one cycle before",
        },
      },
    },
    V21: {
      rule: "The quality of a meeting, from the number of links to goals, students' thinking and instruction, is",
      choices: {
        meetingQuality: {
          strands: "4 for three links, 3 for two, 2 for one, else 1 where materials were only exchanged, else 0",
          raw_count: "the number of links",
          expert_for_highest:
            "as 4 for three links with an expert facilitator (3 without), 3 for two, 2 for one, else 1 where materials were only exchanged, else 0",
        },
      },
    },
    V22: {
      rule: "Hours of meetings are those attended, 0 where the school's meetings are on record and the person attended none; quality is",
      choices: {
        meetingsOfTeacher: {
          attended: "the mean of the meetings attended, weighted by minutes",
          school_mean: "the mean of the school's meetings, weighted by minutes",
          maximum: "the best meeting attended",
          share_high: "the share of meetings attended with quality of at least 3",
        },
      },
    },
    V23: {
      rule: "Degrees are ties named and received among those on the roster, missing where the person (all others) did not answer; shares divide by n - 1; reciprocity is the share of own ties returned, persist the share of the earlier cycle's ties that last, deep_share the share of deep ties;",
      choices: {
        degreeWeights: { count: "ties are counted", frequency: "ties are summed by frequency" },
        degreeRiskSet: { school: "within the school", district: "within the district" },
      },
    },
    V24: {
      rule: "Doses are hours a year: dose_hl co-teaching and coaching cycles, dose_obs observation with feedback, dose_model modelling, dose_group the school's group hours times the share of its meetings attended; none on record means 0 where coaching in the school was logged or the school had no coach;",
      choices: {
        coachingCycles: {
          all: "all coaching cycles count",
          complete: "coaching cycles count with conference, classroom work and debrief only",
        },
      },
    },
    V25: {
      rule: "A coach is accomplished (a school where one of its coaches is) with",
      choices: {
        coachAccomplished: {
          three_facets: "own practice of at least 3, high vision (V13) and a productive explanation",
          expertise: "expertise (V18) of at least 0.5",
          with_mkt: "own practice of at least 3, high vision (V13), a productive explanation and MKT of at least 0",
        },
      },
    },
    V26: {
      rule: "Collaboration of principal and coach is",
      choices: {
        coachCollaboration: {
          three_signs: "the number of signs: meetings at least twice a month, lessons observed together, no duties that divert the coach",
          meetings: "1 where they meet at least twice a month, else 0",
        },
      },
    },
    V27: {
      rule: "The match of two units' mean orientations (0 managing to 2 improving) is",
      choices: {
        orientationMatch: { distance: "1 minus half their distance", same_category: "1 where they round to one category, else 0" },
      },
    },
    V28: {
      rule: "Discrimination of tasks is",
      choices: {
        discrimination: {
          d_prime: "d' = z(hits) - z(false alarms), with rates (x + 0.5) / (n + 1)",
          proportion_correct: "the share of tasks placed rightly",
        },
      },
    },
    V29: {
      rule: "Shared vision of a unit is",
      choices: {
        sharedVision: {
          variance: "1 minus the variance of its teachers', coaches' and leaders' vision over 4/3, not below 0",
          r_wg: "within-group agreement r_wg(j) over the three dimensions, against a uniform distribution on five levels",
          icc: "the reliability of its mean vision, from the ICC(1) of all units of the cycle",
          survey: "the mean of the survey item on shared vision",
        },
      },
    },
    V30: {
      rule: "A teacher is retained, missing where there is no roster in the next cycle, on the roster of",
      choices: {
        retained: { school: "the same school in the next cycle", district: "the same district in the next cycle" },
      },
    },
    V31: {
      rule: "Growth of a teacher's composite (of a school or district always the mean change since the cycle before) is",
      choices: {
        growth: {
          last_minus_first: "the last minus the first observed value",
          yearly_difference: "the change since the cycle before",
          residual_change: "the residual after regression on the value of the cycle before",
          empirical_bayes_slope: "the empirical-Bayes slope of iqa_composite ~ yr + (1 + yr | teacher_id)",
        },
      },
    },
    V32: {
      rule: "Achievement is",
      choices: {
        achievement: {
          given_prior: "the mathematics score, to be modelled given the prior score",
          gain: "the mathematics score minus the prior score",
          proficiency: "whether the state's standard is met",
        },
      },
    },
    V33: {
      rule: "A support is not enacted where its function is another than planned or its dose too small, else enacted with gain where the 95 % interval of the school's growth lies above 0, else enacted without gain;",
      choices: {
        enactedShare: {
          "0.5": "too small is below half of the planned dose",
          "0.75": "too small is below three quarters of the planned dose",
        },
        enactedQuality: { any: "at any quality", at_least_2: "not enacted also at a quality below 2" },
      },
    },
    V34: {
      rule: "A broker is a member of two or more groups of different type in the cycle; the score is",
      choices: {
        brokerScore: {
          betweenness: "betweenness in the projection on persons",
          constraint: "Burt's constraint in the projection on persons",
          participation: "the participation coefficient over group types",
          bimodal_betweenness: "betweenness in the graph of persons and groups",
        },
      },
    },
    V35: {
      rule: "Compatibility of a boundary object is",
      choices: {
        boCompatible: {
          pairs: "the share of pairs of groups with one meaning code",
          weighted: "the share of pairs of groups with one meaning code, pairs weighted by the groups' sizes",
          improvement: "the share of pairs of groups with one meaning code that serves improvement",
        },
      },
    },
    V36: {
      rule: "Imbalance of two roles is accountability minus assistance, mutuality",
      choices: { mutual: { minimum: "the lesser of both strengths", product: "the product of both strengths" } },
    },
    V37: {
      rule: "The score of an answer, averaged over a class and occasion, is",
      choices: {
        pmScore: {
          favourable: "1 where favourable, else 0",
          ordinal: "its place among the options from 0 to 1, the favourable end high",
          irt: "the student's score in a graded-response model of favourable answers with one slope",
        },
      },
    },
    V38: {
      rule: "Signals on a class's run chart are shifts to one side of the baseline's median, trends of five points, and points beyond limits of three standard deviations;",
      choices: {
        runChartBaseline: { "8": "the baseline is 8 points", "5": "the baseline is 5 points", "12": "the baseline is 12 points" },
        runChartShift: { "6": "a shift is 6 points", "8": "a shift is 8 points" },
        runChartLimits: { normal: "limits are normal", binomial: "limits are binomial quantiles" },
      },
    },
    V39: {
      rule: "What became of a recommendation:",
      choices: {
        takenUp: { partial: "taken up means in part or in full", complete: "taken up means in full" },
        success: {
          successful: "success means successful implementation",
          partial: "success means successful or partly successful implementation",
        },
      },
    },
    V40: {
      rule: "Tracking is 0 for tracked, 1 for partly, 2 for de-tracked; the gap in opportunity of a school-year is",
      choices: {
        opportunityGap: {
          median_split: "the mean of V4 in filmed sections above the median of prior_mean minus that of those below",
          between_variance: "the variance of prior_mean between sections",
        },
      },
    },
    V41: {
      rule: "Composites of RMT are the mean of five dimensions of vision and of four areas of implementation, at least three present",
    },
    V42: {
      rule: "A dyad is an ordered pair on one roster; a tie is missing where ego did not answer, before and after also where one of the two was not on the roster; same_grade is no for who is not a teacher, same_group a shared group or meeting, coach_present a coach at a shared meeting, lag_pd_depth_coach the mean depth of the PD of the school's coaches one cycle before;",
      choices: {
        dyadRiskSet: { school: "pairs lie within a school", district: "pairs lie within a district" },
        dyadMeetings: {
          ego: "mtg_quality and mtg_hours are ego's (V22)",
          shared: "mtg_quality and mtg_hours are those of the meetings both attended",
        },
      },
    },
    V43: {
      rule: "Short names: practice is V8; exp is exp_at_entry plus cycles since; press and assist are means of both survey items, both present; coach_expertise is V18 of the school's coaches weighted by share; n_brokers counts V34; encounters_deep are deep encounters of an object's groups; post_change holds from the section's first marked administration on; x_w is x minus the mean of the school's rows, x_b that mean;",
      choices: {
        coachHours: {
          coach_year: "hours_with_teachers are one-on-one and group hours of the coach-year",
          by_share: "hours_with_teachers are one-on-one and group hours of the coach-year in proportion to the school's share",
        },
      },
    },
  },
} as const;

// ---- command line: words for src/cli

const optionBelongs: Readonly<Record<string, string>> = {
  agq: "its likelihood needs no approximation. It is for the other families, such as binomial, poisson and cumulative.",
  exponentiate: "it prints odds ratios and rate ratios, which belong to logit and log links.",
  zi: "zero inflation is for counts. Use --family poisson, nbinom1 or nbinom2.",
  hurdle: "hurdles are for counts. Use --family poisson, nbinom1 or nbinom2.",
  dispersion: "it has no dispersion. It is for families such as nbinom2, beta, gamma and gaussian; a cumulative model takes --scale.",
  threshold: "only models of ordered categories have thresholds. Use --family cumulative.",
  nominal: "effects that differ by threshold are for ordered categories. Use --family cumulative.",
  scale: "a latent scale is for ordered categories. Use --family cumulative; other families take --dispersion.",
  workers: "it is for the degrees of freedom of linear models, and for --ci bootstrap.",
  mode: "it is for models of ordered categories. Use --family cumulative.",
};

/** How intervals were made, as a heading names it. */
const intervalMethods: Readonly<Record<string, string>> = {
  wald: "by standard errors",
  robust: "by robust standard errors",
  profile: "by profile likelihood",
  bootstrap: "by parametric bootstrap, percentiles",
  percentile: "percentiles of the replicates",
  basic: "basic bootstrap",
  bca: "BCa: percentiles with bias correction and acceleration",
};

/** What a record of a bootstrap differs in, by the option that says so. */
const bootstrapOptions = { type: "--type", seed: "--seed", randomEffects: "--random-effects", cluster: "--cluster" } as const;

export const cliMessages = {
  notYet: (what: string): string => `${what}: not in this version yet.`,
  unknownCommand: (name: string, near: string | null, commands: readonly string[]): string =>
    `There is no command "${name}".${near === null ? "" : ` Did you mean "${near}"?`} The commands are ${listed(commands, 12)}; mist --help says more.`,
  optionBeforeCommand: (option: string, commands: readonly string[]): string =>
    `"${option}" stands where a command should be. The commands are ${listed(commands, 12)}; mist --help says more.`,
  unknownOption: (command: string, option: string, near: string | null): string =>
    `There is no option ${option}.${near === null ? "" : ` Did you mean ${near}?`} ${command} --help lists the options.`,
  unknownChoice: (what: string, name: string, near: string | null, known: readonly string[]): string =>
    `There is no ${what} "${name}".${near === null ? "" : ` Did you mean "${near}"?`} Use ${orListed(known)}.`,
  unexpectedWord: (command: string, word: string): string =>
    `"${word}" was not expected. If it belongs to a formula, put the whole formula in quotes. ${command} --help shows examples.`,
  needsValue: (option: string): string =>
    `${option} needs a value: ${option} VALUE. A value that begins with dashes is given as ${option}=VALUE.`,
  takesNoValue: (option: string): string => `${option} takes no value.`,
  givenTwice: (option: string): string => `${option} was given twice. Give it once.`,
  missingOption: (command: string, option: string): string => `${option} is missing. ${command} --help shows examples.`,
  /** Why an option does not go with a model, and with which it goes. */
  notForModel: (option: string, kind: "linear" | "generalized" | "cumulative", family: string | null): string => {
    const model = kind === "linear" ? "a linear model (gaussian with identity link)" : `--family ${family ?? "gaussian"}`;
    return `--${option} does not go with ${model}: ${optionBelongs[option]}`;
  },
  linkWithoutFamily: (link: string): string =>
    `--link ${link} belongs to a generalized model, whose family must be named too: --family binomial, poisson, gamma, ...`,
  ordinalFamily: (name: string): string =>
    `There is no family "${name}". Models of ordered categories are --family cumulative and --family adjacent.`,
  onlyMl: "--method reml is for linear models: generalized models are fitted by maximum likelihood. Leave --method out.",
  onlyZ: (df: string): string =>
    `--df ${df} is for linear models: generalized models have z tests, without degrees of freedom. Leave --df out.`,
  familyForCategories: (levels: number, ordered: boolean): string => {
    if (ordered) return "Add --family cumulative for its ordered categories.";
    return levels === 2
      ? "Or add --family binomial, which models the probability of the second level."
      : "For ordered categories add --family cumulative (a schema gives their order); for the first category against the others --family binomial.";
  },
  badWorkers: (given: string): string =>
    `--workers "${given}" is not a whole number of workers: 1 (no workers besides the program itself) or more.`,
  badCoverage: (given: string): string => `--conf "${given}" is no coverage of intervals: it lies between 0 and 1, such as 0.95.`,
  notWhole: (option: string, given: string, least: number): string => `${option} "${given}" is not a whole number of ${least} or more.`,
  clusterWithoutRobust: "--cluster says what is independent for robust standard errors. Add --robust CR2, or leave --cluster out.",
  unknownCluster: (name: string, known: readonly string[]): string =>
    `There is no factor or column "${name}" to cluster by.${didYouMean(name, known)} There are ${listed(known, 12)}.`,
  onlyBootstrap: (option: string): string => `${option} belongs to a bootstrap. Add --ci bootstrap, or leave ${option} out.`,
  robustIsWald: (method: string): string =>
    `Intervals by ${method === "profile" ? "profile likelihood" : "bootstrap"} do not use robust standard errors. Use --ci wald with --robust; or mist bootstrap --type cluster.`,
  profileProgress: (done: number, total: number): string => `profile ${done} of ${total}`,
  bootstrapProgress: (done: number, total: number): string => `replicate ${done} of ${total}`,
  intervalHeading: (coverage: string, method: string): string => `${coverage} confidence intervals (${intervalMethods[method]})`,
  bootstrapHeading: (coverage: string, kind: string): string => `${coverage} confidence intervals (${intervalMethods[kind]})`,
  bootstrapOpening: (type: string, done: number, seed: number, cluster: string | null): string =>
    `${type === "parametric" ? "Parametric" : type === "residual" ? "Residual" : "Cluster"} bootstrap${cluster === null ? "" : ` of ${cluster}`}, ${counted(done, "replicate")}, seed ${seed}.`,
  bootstrapCounts: (
    { done, failed, singular, notConverged }: Readonly<Record<"done" | "failed" | "singular" | "notConverged", number>>,
    seed: number | null = null,
  ): string =>
    `${counted(done, "replicate")}${seed === null ? "" : ` with seed ${seed}`}: ${failed} failed, ${singular} at the boundary, ${notConverged} not converged.`,
  bootstrapSaved: (path: string): string => `All replicates are in ${path}.`,
  bootstrapStopped: (path: string): string =>
    `The bootstrap was stopped; what was done is in ${path}. The same command goes on from there.`,
  notABootstrap: (path: string): string =>
    `"${path}" exists and is not the record of a bootstrap. Name another file for --out, or remove that one.`,
  otherBootstrap: (path: string, what: keyof typeof bootstrapOptions, has: string, given: string): string =>
    `"${path}" holds a bootstrap with ${bootstrapOptions[what]} ${has}, not ${given}. Leave ${bootstrapOptions[what]} out to go on with it, or name another file for --out.`,
  fewerReplicates: (path: string, has: number, asked: number): string =>
    `"${path}" holds a bootstrap of ${counted(has, "replicate")}, more than ${asked}. Leave --replicates out to go on with it, or name another file for --out.`,
  bootstrapOfOther: (path: string, formula: string): string =>
    `"${path}" holds a bootstrap of ${formula} with other data, another family or method, or another formula than this one. Name another file for --out.`,
  badNames: (option: string, list: string): string =>
    `${option} "${list}" cannot be read. Write names with commas between, each once: sex,ses.`,
  badAt: (text: string): string => `--at "${text}" cannot be read. Write a predictor, an equals sign and values: --at "ses=-1,0,1".`,
  atTwice: (name: string): string => `--at gives "${name}" twice. Give all of its values at once: --at "${name}=...,...".`,
  atNotNumber: (name: string, value: string): string => `--at gives "${name}" the value "${value}", which is not a number.`,
  atNotTruth: (name: string, value: string): string => `--at gives "${name}" the value "${value}". Its values are true and false.`,
  meansAreCodingFree: (list: string): string =>
    `In mist means --contrasts are those of the means: pairwise, trt.vs.ctrl, poly, eff or consec. The means are the same however factors are coded: leave ${list} out.`,
  biasNeedsResponse: "--bias-adjust is for means on the scale of the response. Add --type response.",
  adjustWithoutContrasts: "--adjust is for contrasts. Add --contrasts pairwise, or leave --adjust out.",
  tukeyIsPairwise: "--adjust tukey is for all pairs of means: use it with --contrasts pairwise; here use holm, bonferroni, bh or none.",
  meansOpening: (names: readonly string[], scale: string | null): string =>
    `Marginal means of ${listed(names, 9)}${scale === null ? "" : ` (${scale})`}`,
  meansFoot: (coverage: string, tests: string, averaged: readonly string[], weights: string, held: readonly string[]): string => {
    const over = averaged.length === 0 ? [] : [`averaged over ${listed(averaged, 9)} (weights: ${weights})`];
    const at = held.length === 0 ? [] : [`at ${held.join(", ")}`];
    return [`${coverage} intervals, ${tests}`, ...over, ...at].join("; ");
  },
  contrastsHeading: (coverage: string, adjust: string | null): string => {
    switch (adjust) {
      case null:
        return `Contrasts (${coverage} intervals)`;
      case "tukey":
        return `Contrasts (p values and ${coverage} intervals by Tukey's method for all pairs)`;
      case "holm":
        return `Contrasts (p values by Holm's method, ${coverage} intervals by Bonferroni's)`;
      case "bonferroni":
        return `Contrasts (p values and ${coverage} intervals by Bonferroni's method)`;
      case "bh":
        return `Contrasts (p values by Benjamini and Hochberg's method; ${coverage} intervals of single contrasts)`;
      default:
        return `Contrasts (${coverage} intervals; not adjusted for the number of contrasts)`;
    }
  },
  newUnitsOption: "On the command line: --new-units new, --new-units unknown, or --level population.",
  clusterIsDrawn: (type: string): string =>
    `--cluster names the units that are drawn again: it goes with --type cluster, or with --interval bca, not with a ${type} bootstrap alone.`,
  badTrials: (text: string, known: readonly string[]): string =>
    `--trials "${text}" is neither a whole number of 1 or more nor a column of numbers in the data.${didYouMean(text, known)}`,
  trialsOfPrediction: "--trials is for prediction intervals of proportions. Add --interval prediction, or leave --trials out.",
  checkOfModel: (word: string): string =>
    `"${word}" was not expected: mist check is of a model, --data FILE --formula FORMULA. What is wrong with a study's data is said by mist check-data DIR.`,
  populationHasNoUnits: "--new-units is for --level unit: at the level of the population no row's unit matters. Leave one of them out.",
  newUnitsNeedNewData: "--new-units is for the rows of --newdata: the model knows all units of its own rows. Leave --new-units out.",
  confWithoutInterval: "--conf is the coverage of intervals. Add --interval confidence or --interval prediction.",
  columnIsThere: (name: string): string => `The data have a column "${name}" already, which --out would write. Rename it first.`,
  predictOpening: (type: string, level: string, count: number, interval: string | null): string =>
    `Predictions (${type}) for ${counted(count, "row")} ${level === "unit" ? "with the effects of their units" : "of the population: random effects of zero"}${interval === null ? "" : `, ${interval} intervals`}.`,
  predictedIn: (path: string): string => `The rows with their predictions are in ${path}.`,
  takenUnits: (group: string, kind: "new" | "unknown" | "missing", count: number): string => {
    const rows = counted(count, "row");
    switch (kind) {
      case "new":
        return `${rows}: a new ${group}, drawn from the distribution of units.`;
      case "unknown":
        return `${rows}: an unknown ${group}; the prediction is the mean over units.`;
      case "missing":
        return `${rows}: no ${group} is named, so there is no prediction; --new-units unknown predicts over all units.`;
    }
  },
  rowsWithout: (count: number): string => `${counted(count, "row")} without a prediction: a value that the model needs is missing.`,
  onlyParametric: (type: string): string =>
    `--random-effects is for --type parametric, which draws them; a ${type} bootstrap does not. Leave --random-effects out.`,
  badContrasts: (list: string): string =>
    `--contrasts "${list}" cannot be read. Write factor=coding, with commas between: sex=sum,grade=helmert.`,
  contrastTwice: (name: string): string => `--contrasts gives "${name}" two codings. Give it one.`,
  dataIsDirectory: (path: string): string =>
    `"${path}" is a directory. Name one of its CSV files; mist describe --data ${/\s/.test(path) ? `"${path}"` : path} shows what is in it.`,
  compareWhat: "Give two or more saved fits (mist compare A.json B.json), or --data with --formula twice or more.",
  filesOrFormulas: (option: string): string =>
    `Saved fits and ${option} cannot go together: give saved fits, or --data with --formula twice or more.`,
  sameFileTwice: (path: string): string => `${path} was given twice.`,
  oneFolder: (command: string): string => `Name one folder: ${command} DIR. ${command} --help shows examples.`,
  onePath: (command: string): string =>
    `Name one file or directory: ${command} DIR, or ${command} --data FILE. ${command} --help shows examples.`,
  noFolder: (path: string): string => `There is no folder "${path}".`,
  noTables: (path: string): string => `${path} holds no datapackage.json and no CSV file.`,
  schemaForDirectory:
    "--schema describes one file; a directory's tables have theirs in datapackage.json or beside them (NAME.schema.json).",
  defect: (message: string): string =>
    `This is a defect of mist, not of your data: ${message}. Please report it with the command that you used.`,
} as const;

// ---- tests of coefficients, terms and hypotheses: words for src/inference (degrees of freedom, Kenward-Roger, hypotheses, multiplicity, terms left out)

export const testMessages = {
  kenwardRogerNeedsReml:
    'Kenward-Roger adjusts the covariance of a REML fit; this one was fitted by maximum likelihood. Fit it with method "reml" (--method reml), or use df "satterthwaite".',
  kenwardRogerTooLarge: (columns: number): string =>
    `Kenward-Roger needs a dense matrix of the crossed factors' ${columns} random effects, which is too large. With so many levels df "satterthwaite" gives nearly the same tests.`,
  betweenWithinNeedsNesting: (groups: readonly string[]): string =>
    `Between-within degrees of freedom need every unit to lie within one unit of the next factor; those of ${listed(groups, 9)} do not. Use df "satterthwaite" or "kenward-roger".`,
  unknownType: (type: string): string => `There are tests of type I, II and III; "${type}" is none of them.`,
  unknownAdjustment: (name: string, known: readonly string[]): string =>
    `There is no adjustment for several tests called "${name}".${didYouMean(name, known)} Use ${orListed(known)}.`,
  tukeyNeedsStatistics:
    'Tukey\'s method takes the t statistics and the number of means, not p values: adjustTests(tests, { adjust: "tukey", means }).',
  tukeyNeedsMeans:
    'Tukey\'s method compares means in pairs: say how many there are, as in adjustTests(tests, { adjust: "tukey", means: 4 }). For other tests use "holm".',
  hypothesisUnread: (text: string, rest: string, names: readonly string[]): string =>
    `The hypothesis "${text}" cannot be read ${rest === "" ? "to its end" : `from "${rest}" on`}.${didYouMean(/^[^\s=+*/-]+/.exec(rest)?.[0] ?? "", names)} ` +
    `Write coefficients with numbers, +, -, * and =, such as "${names[names.length - 1] ?? "x"} = 0". The coefficients are ${listed(names, 12)}.`,
  hypothesisNotLinear: (text: string): string =>
    `The hypothesis "${text}" multiplies or divides by a coefficient. A linear hypothesis is a sum of numbers times coefficients.`,
  hypothesisWithoutCoefficient: (text: string): string =>
    `The hypothesis "${text}" says nothing about a coefficient: they cancel or are missing.`,
  noHypothesis: 'Give at least one hypothesis, such as "x = 0".',
  otherValueCount: (values: number, rows: number): string =>
    `There are ${counted(values, "value")} for ${counted(rows, "hypothesis", "hypotheses")}. Give one for each, or one for all.`,
  valueInWords: 'With hypotheses in words the value stands in the words: "x = 2". The option "value" is for rows of numbers.',
  otherRowLength: (length: number, names: readonly string[]): string =>
    `A row of a hypothesis has one number a coefficient: ${names.length} here (${listed(names, 12)}), not ${length}.`,
  unknownCoefficient: (name: string, names: readonly string[]): string =>
    `There is no coefficient "${name}".${didYouMean(name, names)} The coefficients are ${listed(names, 12)}.`,
  emptyRow: "A row of a hypothesis needs a finite number for each coefficient, and one that is not zero.",
  satterthwaiteAtZero: (zeros: readonly { readonly effect: string; readonly group: string }[]): string =>
    `Satterthwaite's degrees of freedom are those of the model without ${effectsOfGroups(zeros)}, whose variance is estimated as zero. Kenward-Roger (df "kenward-roger") keeps it among what had to be estimated, which is more cautious.`,
  kenwardRogerSingular:
    'A covariance matrix of the random effects is singular. Kenward-Roger keeps all its variances and covariances among what had to be estimated, which is more cautious than df "satterthwaite".',
  kenwardRogerAtZero: (
    zeros: readonly { readonly effect: string; readonly group: string }[],
    rows: readonly { readonly term: string; readonly df: number; readonly without: number }[],
  ): string => {
    const shown = (df: number): string => (df < 10 ? df.toFixed(1) : df.toFixed(0));
    const numbers = rows.slice(0, 8).map(({ term, df, without }) => `${term} ${shown(df)} (${shown(without)})`);
    return (
      `The variance of ${effectsOfGroups(zeros)} is estimated as zero; Kenward-Roger keeps it among what had to be estimated. Degrees of freedom, and in brackets those of the model without it: ` +
      `${numbers.join(", ")}${rows.length > 8 ? ", ..." : ""}.`
    );
  },
  smallerNotConverged: (term: string): string =>
    `The model without ${term} has not converged, so that its test is not to be trusted. Fit it by itself and look at its notes.`,
  smallerBetter: (term: string, by: number): string =>
    `The model without ${term} fits better by ${by.toPrecision(3)} than the one with it, which contains it: the larger one has not reached its optimum.`,
  conservativeTerm: (term: string): string =>
    `Leaving out ${term} takes several variances that are tied together. The statistic is compared with the chi-square of all degrees of freedom, which is too large a yardstick: the true p value is smaller.`,
  boundaryWithout: (term: string): string =>
    `The model without ${term} has a variance estimated as zero itself, so the mixture is an approximation. A parametric bootstrap would be exact.`,
  badBounds: (low: number, high: number): string =>
    `The bounds of equivalence must be two numbers, the lower one first, or one above zero; ${low} and ${high} are not.`,
  equivalence: (
    conclusion: "equivalent" | "different" | "undecided",
    effect: string,
    lower: number,
    upper: number,
    low: number,
    high: number,
    coverage: number,
  ): string => {
    const shown = (value: number): string => String(Number(value.toPrecision(3)));
    const interval = `The ${shown(100 * coverage)} % interval of ${effect}, ${shown(lower)} to ${shown(upper)},`;
    const bounds = `${shown(low)} and ${shown(high)}`;
    if (conclusion === "equivalent") return `${interval} lies between the bounds ${bounds}: the effect is smaller than what matters.`;
    if (conclusion === "different") return `${interval} lies beyond the bounds ${bounds}: the effect is larger than what does not matter.`;
    return `${interval} reaches over a bound (${bounds}): the data do not tell whether the effect is smaller than what matters.`;
  },
} as const;

// ---- robust errors, R squared and design effects: words for src/inference (robust*.ts, r2*.ts, icc.ts, design-effect.ts)

export const robustMessages = {
  unknownType: (type: string, known: readonly string[]): string =>
    `There is no robust covariance of the type "${type}".${didYouMean(type, known)} Use ${orListed(known)}.`,
  unknownCluster: (name: string, known: readonly string[]): string =>
    `The model has no factor "${name}" to cluster by.${didYouMean(name, known)} ${known.length === 0 ? "Give" : `It has ${listed(known, 12)}; or give`} a column of the table that the model was fitted to: cluster: table.column("${name}").`,
  noTopLevel: (factors: readonly string[]): string =>
    `Robust errors need independent clusters, and this model has none of its own: ${factors.length === 0 ? "it has no random effects" : `no factor among ${listed(factors, 9)} contains the others' units`}. Name a factor (cluster) within whose units all random effects lie, such as the district.`,
  crossesClusters: (cluster: string, factor: string, unit: string): string =>
    `Clusters of ${cluster} are not independent in this model: the random effect of ${factor} "${unit}" belongs to rows of several of them. Cluster by a factor whose units contain those of ${factor}.`,
  oneCluster: (cluster: string): string =>
    `All rows belong to one cluster of ${cluster}: an error cannot be seen from a single one. Cluster by a factor with many units.`,
  otherTable: (column: string, given: number, fitted: number): string =>
    `The column ${column} has ${counted(given, "row")}, but the model was fitted to a table of ${counted(fitted, "row")}. Give a column of that table.`,
  missingCluster: (column: string, rows: readonly number[]): string =>
    `The column ${column} is missing in ${rows.length === 1 ? "row" : "rows"} ${listed(rows)} of the table, which the model uses. Leave those rows out and fit again, or cluster by another column.`,
  tooFewForCr1p: (cluster: string, clusters: number, coefficients: number): string =>
    `CR1p divides by the number of clusters less the number of coefficients, and ${cluster} has ${counted(clusters, "unit")} for ${counted(coefficients, "coefficient")}. Use type "CR2".`,
  clusterTooLarge: (cluster: string, columns: number, most: number): string =>
    `CR2 needs a dense matrix for each cluster, and a unit of ${cluster} has ${columns} random effects and coefficients (at most ${most} are taken). Use type "CR1", which has no such matrix.`,
  unknownTerm: (term: string, known: readonly string[]): string =>
    `The model has no term "${term}".${didYouMean(term, known)} Its terms are ${listed(known, 12)}.`,
  unknownCoefficient: (name: string, known: readonly string[]): string =>
    `The model has no coefficient "${name}".${didYouMean(name, known)} Its coefficients are ${listed(known, 12)}.`,
  noHypothesis: 'Name at least one coefficient with a weight that is not zero: ["meanses"], or [{ sexF: 1, sexM: -1 }].',
  tooManyHypotheses: (cluster: string, clusters: number, hypotheses: number): string =>
    `${counted(clusters, "cluster")} of ${cluster} cannot tell of ${counted(hypotheses, "hypothesis", "hypotheses")} at once. Test fewer together.`,
  /** Degrees of freedom of the model do not go with robust errors. */
  otherDf: (df: string): string =>
    `Robust errors have Satterthwaite's degrees of freedom of their own; df "${df}" does not go with them. Leave df out, or say "none" for z tests.`,
  onlyTypes: (type: string, known: readonly string[]): string =>
    `Generalized and cumulative models have robust errors of the types ${listed(known)}; ${type} is for linear models: it needs the covariance matrix of the response, or degrees of freedom that these models do not have.`,
  laplaceOnly: (agq: number): string =>
    `Robust errors of generalized and cumulative models come from the Laplace approximation, which is a sum over clusters; this model was fitted with agq: ${agq}. Fit it with agq: 1 (--agq 1).`,
  noHessian:
    "The Hessian of this fit is not positive definite, so there is no covariance to make robust. See the notes of the fit: a term that the data do not determine is the usual reason.",
  otherApproximation: (name: string, allowed: readonly string[]): string =>
    `This model's distribution has no approximation "${name}" of its variance on the scale of the linear predictor. Use ${allowed.length === 0 ? "icc(fit) and r2(fit) without one" : orListed(allowed)}.`,
  badMean: (mean: number, family: string): string =>
    `The mean at which the distribution's variance is taken must be positive${family === "binomial" ? " and below 1" : ""}; ${mean} is not. Leave it out for the model's own.`,
  unknownScale: (scale: string): string => `There is no scale "${scale}" of intraclass correlations. Use latent or observation.`,
  noObservedScale: (family: string): string =>
    `Intraclass correlations of the responses themselves need one mean and one variance a row, which the family "${family}" with its further parts does not give. Use icc(fit), the latent scale, where the model has one.`,
  r2Nominal:
    "Nominal effects differ between thresholds, and so does what they explain: there is no one R squared. Fit without them, or compare models by their likelihoods (compare).",
  reductionInstead:
    "In other models the residual variance is fixed by the link, so that predictors change the scale of the others too. Use r2(fit) of both models.",
  nothingToReduce: "The two models have no variance component in common. Fit the null model with the same random effects.",
} as const;

// ---- diagnostics: words for residuals, influence, collinearity and check() of src/inference

export const diagnosticMessages = {
  singularSystem:
    "The equations of this model are singular at its estimates, so that leverage and influence cannot be computed. Look at the fit's notes: a model that has not converged, or whose coefficients run off, has to be changed first.",
  noFixedEffects: (what: string): string => `${what} is about fixed effects, and this model has none. Add a predictor, or the intercept.`,
  unknownGroup: (group: string, known: readonly string[]): string =>
    `The model has no grouping factor "${group}".${didYouMean(group, known)} It has ${listed(known, 9)}.`,
  seedNeeded: 'Scaled residuals are drawn at random: give a seed, such as residuals(fit, { type: "scaled", seed: 1 }).',
  unknownResiduals: (type: string, known: readonly string[]): string =>
    `There are no residuals of the type "${type}".${didYouMean(type, known)} Use ${orListed(known)}.`,
  noResiduals: (type: string, family: string): string =>
    `There are no ${type} residuals in a model of the family "${family}". Use type "scaled", which every family has, or "response".`,
  fewSimulations: (given: number, fewest: number): string =>
    `The number of simulations must be a whole number of at least ${fewest}; ${given} is not.`,
  unorderedCategories:
    "Scaled residuals need an order of the response, which unordered categories do not have. Check each category against the first with glmm and the family binomial.",
  collinearityOfEquations:
    "Variance inflation is about one equation, and a model of unordered categories has several. Fit one category against another with glmm and the family binomial.",
  orderedOnly: "Proportional odds are assumed by models of ordered categories, clmm(formula, table); this is another model.",
  twoCategories: "With two categories there is one threshold, at which every effect is one effect: there is nothing to test.",
  thresholdsFixed:
    'Thresholds that are symmetric about zero cannot shift with a predictor. Fit with threshold "flexible" or "symmetric" to test proportional odds.',
} as const;

/** What check(fit) asks of a model. */
export type CheckedQuestion =
  | "uniformity"
  | "dispersion"
  | "zeros"
  | "outliers"
  | "rows"
  | "units"
  | "effects"
  | "components"
  | "collinearity"
  | "proportional-odds";

export const checkMessages = {
  title: (formula: string): string => `Check of ${formula}`,
  subtitle: (simulations: number, seed: number, randomEffects: "new" | "conditional"): string =>
    `${simulations} simulated data sets with ${randomEffects === "new" ? "units drawn anew" : "the units as they are"}, seed ${seed}`,
  verdicts: { good: "good ", look: "look ", "not-asked": "-    " },
  questions: {
    uniformity: "Distribution of the response",
    dispersion: "Dispersion",
    zeros: "Zeros",
    outliers: "Outliers",
    rows: "Influential rows",
    units: "Influential units",
    effects: "Normality of random effects",
    components: "Components of random effects",
    collinearity: "Collinearity",
    "proportional-odds": "Proportional odds",
  },
  meanings: {
    uniformity: {
      good: "Responses lie among those simulated from the model as they should.",
      look: (): string =>
        "Responses do not lie among those simulated from the model as they should: plot the scaled residuals against predictions and predictors, and consider another family, a transformation of the response or a missing predictor.",
    },
    dispersion: {
      good: "Responses vary about the predictions as much as the model says.",
      look: (): string =>
        "Responses vary about the predictions otherwise than the model says: consider a family with a dispersion of its own.",
    },
    zeros: {
      good: "There are about as many zeros as the model expects.",
      look: (): string => "The number of zeros is not what the model expects: consider a zero part (zi) or another family of counts.",
    },
    outliers: {
      good: "No more responses lie outside all simulated ones than chance allows.",
      look: (rows: readonly string[]): string =>
        `More responses lie outside all simulated ones than chance allows: look at ${rows.length === 1 ? "row" : "rows"} ${listed(rows)} for errors in the data, and if there are none consider a family with longer tails (t, nbinom2).`,
    },
    rows: {
      good: "No single row moves the estimates by much.",
      look: (rows: readonly string[]): string =>
        `${rows.length === 1 ? "A single row moves" : "Single rows move"} the estimates by much: check the data of ${rows.length === 1 ? "row" : "rows"} ${listed(rows)}, and report the estimates with and without ${rows.length === 1 ? "it" : "them"}.`,
    },
    units: {
      good: "No single unit moves the estimates by much.",
      look: (units: readonly string[]): string =>
        `${units.length === 1 ? "A single unit moves" : "Single units move"} the estimates by much: look what is special about ${listed(units)}, and report the estimates with and without ${units.length === 1 ? "it" : "them"}.`,
    },
    effects: {
      good: "The units' effects look as normal as the model takes them to be.",
      look: (units: readonly string[]): string =>
        `The units' effects do not look normal: look at the extreme ones (${listed(units)}) and for a missing predictor of units; fixed effects suffer little, predictions for units and intervals of variances more.`,
    },
    components: {
      good: "Units differ in every direction that the model gives them.",
      look: (): string =>
        "Units differ in fewer directions than the model has random effects: the covariances are not all determined, so leave out an effect or its correlations ((x || g)); fixed effects are hardly touched.",
    },
    collinearity: {
      good: "The terms can be told apart.",
      look: (terms: readonly string[]): string =>
        `The standard errors of ${listed(terms)} are inflated because the predictors go together: centre predictors that are in interactions, or decide which of them the question is about; predictions do not suffer.`,
    },
    "proportional-odds": {
      good: "The effect is about the same at every threshold.",
      look: ([term]: readonly string[]): string =>
        `The effect differs between thresholds: look at the effects that proportionalOdds(fit) lists, and if they matter free them with { nominal: "~ ${term ?? ""}" }.`,
    },
  },
  dispersed: (direction: "over" | "under"): string =>
    direction === "over"
      ? "Responses vary more about the predictions than the model says, so that its standard errors are too small: consider a family with a dispersion (nbinom2, betabinomial) or a random effect of the rows."
      : "Responses vary less about the predictions than the model says, so that its standard errors are too large: consider a family that allows it, such as nbinom1 with a formula of its dispersion, or a bounded response (binomial).",
  zeroExcess: (more: boolean): string =>
    more
      ? 'There are more zeros than the model expects: consider a zero part ({ zi: "~ 1" }) or, first, a family with a dispersion (nbinom2).'
      : "There are fewer zeros than the model expects: consider a hurdle model ({ hurdle: true }), or counts truncated at zero where zeros cannot occur.",
  noDispersion: "Single yes-or-no responses and categories cannot vary more than their probabilities say.",
  noVariation: "The effect's variance is estimated as zero, or it has fewer than three units: there is nothing to look at.",
  oneTerm: "There is one term, which cannot go together with others.",
  noErrors: "The covariance of the coefficients is not known.",
  noFreerModel: "The model with an effect free at every threshold could not be estimated, so there is no test.",
  nothingToLeaveOut: "No unit can be left out: the rest does not determine the coefficients.",
  ratio: (ratio: string, withinUnits: boolean): string => `${ratio} times the simulated variation${withinUnits ? " within units" : ""}`,
  zeroCounts: (observed: number, expected: string): string => `${observed} zeros, ${expected} expected`,
  outlierCounts: (observed: number, expected: string): string => `${counted(observed, "row")}, ${expected} expected`,
  mostInfluential: (question: "rows" | "units", name: string, distance: string, term: string, by: string): string =>
    `most ${question === "rows" ? "row " : ""}${name}, Cook's distance ${distance}, moves ${term} by ${by} standard errors`,
  shares: (shares: readonly string[]): string => `${listed(shares, 9)} of the variance`,
  stretched: (term: string, inflation: string): string => `most ${term}, variance inflated ${inflation} times`,
  total: (count: number): string => (count === 0 ? "Nothing calls for a closer look." : `${counted(count, "point")} to look at.`),
} as const;

/** "(Intercept) by Batch". */
function effectsOfGroups(effects: readonly { readonly effect: string; readonly group: string }[]): string {
  return listed(
    effects.map(({ effect, group }) => `${effect} by ${group}`),
    6,
  );
}
