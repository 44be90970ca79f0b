import { describe, expect, test } from "vitest";
import { parseTable } from "../../src/io/csv.js";
import { normalizeSchema, type SchemaField, type TableSchema } from "../../src/io/schema.js";
import { DataError } from "../../src/messages.js";

const refused = (make: () => unknown): DataError => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return error as DataError;
  }
  throw new Error("nothing was thrown");
};
const one = (cells: string[], field: Omit<SchemaField, "name">, rest: Partial<TableSchema> = {}) =>
  parseTable(`k,x\n${cells.map((cell, i) => `${i},${cell}\n`).join("")}`, {
    schema: { fields: [{ name: "x", ...field }], ...rest },
  }).column("x");

describe("types", () => {
  test("categories are the levels in their order, with labels, ordered or not", () => {
    expect(one(["hi", "lo", ""], { type: "string", title: "Height", categories: ["lo", "mid", "hi"], categoriesOrdered: true })).toEqual({
      kind: "factor",
      name: "x",
      label: "Height",
      levels: ["lo", "mid", "hi"],
      codes: Int32Array.of(2, 0, -1),
      ordered: true,
    });
    expect(one(["2", "1"], { type: "integer", categories: [{ value: 1, label: "yes" }, { value: 2 }] })).toMatchObject({
      levels: ["1", "2"],
      levelLabels: ["yes", "2"],
      codes: Int32Array.of(1, 0),
      ordered: false,
    });
  });

  test("a value that is no category is an error with its rows and the nearest category", () => {
    const error = refused(() => one(["girl", "boyy", "boyy"], { type: "string", categories: ["girl", "boy"] }));
    expect(error.message).toBe(
      'Column "x" holds "boyy" in rows 2 and 3, which is not among its categories (girl and boy). Did you mean "boy"?',
    );
    expect(error).toMatchObject({ column: "x", rows: [2, 3] });
    expect(refused(() => one(Array(9).fill("q"), { categories: ["a", "b"] })).message).toContain("rows 1, 2, 3, 4, 5 and 4 more");
  });

  test("strings are factors although they look like numbers; numbers may have leading zeros", () => {
    expect(one(["10", "9"], { type: "string" })).toMatchObject({ kind: "factor", levels: ["10", "9"] });
    expect(one(["007", "8"], { type: "number" })).toMatchObject({ values: Float64Array.of(7, 8) });
  });

  test("text is kept where asked for", () => {
    const table = parseTable("a\nx\n", { text: ["a"], schema: { fields: [{ name: "a", type: "string" }] } });
    expect(table.column("a")).toEqual({ kind: "text", name: "a", values: ["x"] });
  });

  test("booleans have their own words, dates stay text, any is inferred", () => {
    expect(one(["1", "FALSE", "NA"], { type: "boolean" })).toMatchObject({ values: Int8Array.of(1, 0, -1) });
    expect(one(["ja", "nein"], { type: "boolean", trueValues: ["ja"], falseValues: ["nein"] })).toMatchObject({
      values: Int8Array.of(1, 0),
    });
    expect(one(["2024-05-01", ""], { type: "date" })).toEqual({ kind: "text", name: "x", values: ["2024-05-01", null] });
    expect(one(["1", "2"], { type: "any" }).kind).toBe("number");
    expect(one(["a"], {}).kind).toBe("factor");
  });

  test("decimalChar and groupChar are obeyed", () => {
    expect(one(['"1,5"', "2"], { type: "number", decimalChar: "," })).toMatchObject({ values: Float64Array.of(1.5, 2) });
    expect(one(['"1.234.567,5"', "8", ""], { type: "number", decimalChar: ",", groupChar: "." })).toMatchObject({
      values: Float64Array.of(1234567.5, 8, Number.NaN),
    });
    expect(refused(() => one(["1x"], { type: "number", groupChar: "." })).message).toContain('row 1 holds "1x"');
  });

  test("a cell of another type is an error with its row", () => {
    expect(refused(() => one(["1", "abc"], { type: "number" })).message).toBe(
      'Column "x" is of type number in the schema, but row 2 holds "abc". Correct the cell, or declare it in missingValues.',
    );
    expect(refused(() => one(["1", "1.5"], { type: "integer" })).message).toContain('of type integer in the schema, but row 2 holds "1.5"');
    expect(refused(() => one(["maybe"], { type: "boolean" })).message).toContain('row 1 holds "maybe"');
  });

  test("missing values are those of the field, else of the schema, else the usual marks", () => {
    expect(one(["NA", "-9", "3"], { type: "number", missingValues: ["NA", { value: "-9", label: "refused" }] })).toMatchObject({
      values: Float64Array.of(Number.NaN, Number.NaN, 3),
    });
    expect(one(["NA", "x"], { type: "string" }, { missingValues: [""] })).toMatchObject({ levels: ["NA", "x"] });
    expect(refused(() => one(["NA"], { type: "number" }, { missingValues: [""] })).message).toContain('row 1 holds "NA"');
    expect(one(["NA", "1"], { type: "number" })).toMatchObject({ values: Float64Array.of(Number.NaN, 1) });
  });
});

describe("the match of fields and columns", () => {
  const schema = (rest: Partial<TableSchema> = {}): TableSchema => ({
    fields: [
      { name: "b", type: "string" },
      { name: "a", type: "number" },
    ],
    ...rest,
  });

  test("is by name in any order; columns that the schema does not name are inferred", () => {
    expect(parseTable("a,c,b\n1,2,3\n", { schema: schema() }).columns.map(({ kind }) => kind)).toEqual(["number", "number", "factor"]);
  });

  test("a field without a column is an error unless the schema allows it", () => {
    expect(refused(() => parseTable("a,score\n1,2\n", { schema: { fields: [{ name: "scores" }] } })).message).toBe(
      'The schema describes a column "scores" that the file does not have. Did you mean "score"? The file has a and score.',
    );
    expect(parseTable("a\n1\n", { schema: schema({ fieldsMatch: "superset" }) }).columnNames).toEqual(["a"]);
    expect(refused(() => parseTable("c,d\n1,2\n", { schema: schema({ fieldsMatch: "partial" }) })).message).toContain(
      "the file has none of its fields",
    );
  });

  test("exact and equal are stricter", () => {
    expect(refused(() => parseTable("a,b\n1,2\n", { schema: schema({ fieldsMatch: ["exact"] }) })).message).toBe(
      'The schema\'s fieldsMatch is "exact", but column 1 of the file is "a", not "b".',
    );
    expect(refused(() => parseTable("a,b,c\n1,2,3\n", { schema: schema({ fieldsMatch: "equal" }) })).message).toContain(
      'has a column "c" that is no field',
    );
    expect(parseTable("a,b\n1,2\n", { schema: schema({ fieldsMatch: "equal" }) }).rowCount).toBe(1);
  });
});

describe("constraints", () => {
  const violation = (cells: string[], type: string, constraints: SchemaField["constraints"]): string =>
    refused(() => one(cells, { type, constraints })).message;

  test("say which rows break them", () => {
    expect(violation(["1", "", "3", ""], "number", { required: true })).toBe('Column "x" is required, but missing in rows 2 and 4.');
    expect(violation(["a", "b", "a"], "string", { unique: true })).toBe('Column "x" must be unique, but "a" stands in rows 1 and 3.');
    expect(violation(["1", "-2", "-3"], "number", { minimum: 0 })).toBe(
      'Column "x" must be at least 0, but rows 2 and 3 hold -2 and the like.',
    );
    expect(violation(["1", "6"], "integer", { maximum: 5 })).toBe('Column "x" must be at most 5, but row 2 holds 6.');
    expect(violation(["0"], "number", { exclusiveMinimum: 0 })).toContain("be above 0");
    expect(violation(["1"], "number", { exclusiveMaximum: "1" })).toContain("be below 1");
    expect(violation(["2024-01-01"], "date", { minimum: "2024-02-01" })).toContain("be at least 2024-02-01");
    expect(violation(["ab", "\u{1F600}"], "string", { minLength: 2 })).toContain("have at least 2 characters, but row 2");
    expect(violation(["abc"], "string", { maxLength: 2 })).toContain("have at most 2 characters");
    expect(violation(["T1", "x"], "string", { pattern: "T[0-9]+" })).toBe(
      'Column "x" must match the pattern T[0-9]+, but row 2 holds "x".',
    );
    expect(violation(["3"], "number", { enum: [1, 2] })).toContain("be one of 1, 2");
    expect(violation(["c"], "string", { enum: ["a", "b"] })).toContain("be one of a, b");
  });

  test("missing cells break none but required, and infinite numbers are compared", () => {
    expect(one(["", "5"], { type: "number", constraints: { minimum: 1, maximum: 9, enum: [5], unique: true } }).kind).toBe("number");
    expect(one(["Inf", "1"], { type: "number", constraints: { minimum: 1 } }).kind).toBe("number");
    expect(violation(["Inf"], "number", { maximum: 5 })).toContain("be at most 5");
  });

  test("a pattern that is invalid or could take for ever is refused", () => {
    expect(violation(["a"], "string", { pattern: "(" })).toBe(
      'The pattern of column "x" cannot be used: it is not a valid regular expression.',
    );
    for (const pattern of ["(a+)+", "(a|aa)*", "((a{2,})b*)+", "([a-z]+)*", "(a?){50}a{50}"])
      expect(violation(["a"], "string", { pattern })).toContain("within a repetition, such as");
    expect(violation(["a"], "string", { pattern: "a".repeat(1001) })).toContain("longer than 1000");
    expect(one(["AB-1-2"], { type: "string", constraints: { pattern: "[A-Z]{2}(?:-?[0-9])+" } }).kind).toBe("factor");
    expect(one(["ab-12"], { type: "string", constraints: { pattern: "(ab|cd)-[0-9(+]{1,3}" } }).kind).toBe("factor");
  });

  test("keys are unique together, and a primary key is never missing", () => {
    const fields = [{ name: "k" }, { name: "x" }];
    const read = (text: string, rest: Partial<TableSchema>) => () => parseTable(text, { schema: { fields, ...rest } });
    expect(read("k,x\n1,a\n1,b\n", { primaryKey: ["k", "x"] })().rowCount).toBe(2);
    expect(refused(read("k,x\n1,a\n2,b\n1,a\n", { primaryKey: ["k", "x"] })).message).toBe(
      'The key (k, x) must be unique, but 1, "a" stands in rows 1 and 3.',
    );
    expect(refused(read("k,x\n1,a\n,b\n", { primaryKey: "k" })).message).toBe('Column "k" is required, but missing in row 2.');
    expect(read("k,x\n1,a\n,b\n", { uniqueKeys: [["k"]] })().rowCount).toBe(2);
  });
});

describe("a schema that is none", () => {
  test("says where it is wrong", () => {
    const message = (schema: unknown): string => refused(() => normalizeSchema(schema)).message;
    expect(message(null)).toBe("The schema is not a Table Schema: the schema must be an object.");
    expect(message({})).toBe("The schema is not a Table Schema: fields must be an array.");
    expect(message({ fields: [{ type: "string" }] })).toBe("The schema is not a Table Schema: fields[0] has no name.");
    expect(message({ fields: [{ name: "a" }, { name: "a" }] })).toContain('name the column "a" twice');
    expect(message({ fields: [{ name: "a", type: "nubmer" }] })).toContain('which does not exist. Did you mean "number"?');
    expect(message({ fields: [{ name: "a", categories: ["x", "x"] }] })).toBe(
      'The schema is not a Table Schema: categories of "a" has "x" twice.',
    );
    expect(message({ fields: [{ name: "a", categories: [true] }] })).toContain('categories of "a" must be an object');
    expect(message({ fields: [{ name: "a", decimalChar: ",," }] })).toContain("must be one character");
    expect(message({ fields: [], primaryKey: "k" })).toContain('primaryKey names "k", which is not among the fields');
    expect(message({ fields: [], fieldsMatch: "some" })).toContain("fieldsMatch must be one of");
  });
});
