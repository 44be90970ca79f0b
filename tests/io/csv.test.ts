import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Table } from "../../src/data/table.js";
import { parseTable } from "../../src/io/csv.js";
import { formatTable, schemaOf } from "../../src/io/csv-write.js";
import { DataError, dataMessages } from "../../src/messages.js";

const refused = (make: () => unknown): string => {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).message;
  }
  throw new Error("nothing was thrown");
};
const columns = (text: string | Uint8Array, options = {}): Record<string, unknown[]> => parseTable(text, options).toColumns();
const kinds = (text: string, options = {}): string[] => parseTable(text, options).columns.map(({ kind }) => kind);

describe("the layout of a file", () => {
  test("fields are quoted as RFC 4180 says: delimiters, line breaks and doubled quotes are text", () => {
    expect(columns('a,b\n"x,1","say ""hi"""\n"two\r\nlines",""""\n')).toEqual({ a: ["x,1", "two\r\nlines"], b: ['say "hi"', '"'] });
  });

  test("lines end with LF, CRLF or CR, with or without the last one", () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      for (const last of ["", end, end + end]) expect(columns(`a,b${end}1,x${end}2,y${last}`)).toEqual({ a: [1, 2], b: ["x", "y"] });
    }
  });

  test("empty lines are skipped; in a file of one column an empty line between others is a missing cell", () => {
    expect(columns("\na,b\n\n1,2\n\n3,4\n\n")).toEqual({ a: [1, 3], b: [2, 4] });
    expect(columns("a\n1\n\n3\n\n")).toEqual({ a: [1, null, 3] });
  });

  test("the delimiter is found outside quotes", () => {
    expect(columns('"a;b","c"\n"1;2",3\n')).toEqual({ "a;b": ["1;2"], c: [3] });
    expect(columns("a\tb,c\n1\t2\n")).toEqual({ a: [1], "b,c": [2] });
    expect(columns("a|b\n1|2\n")).toEqual({ a: [1], b: [2] });
    expect(columns("a;b\n1,5;2,5\n")).toEqual({ a: [1.5], b: [2.5] });
    expect(columns("sep=;\r\na;b\r\n1;2\r\n")).toEqual({ a: [1], b: [2] });
    expect(columns("only\n1\n")).toEqual({ only: [1] });
    expect(columns("a b\n1 2\n", { delimiter: " " })).toEqual({ a: [1], b: [2] });
  });

  test("the decimal mark is decided for a whole column", () => {
    expect(columns("a;b;c\n1,5;1.5;1\n2;2;1,2,3\n")).toEqual({ a: [1.5, 2], b: [1.5, 2], c: ["1", "1,2,3"] });
    expect(columns('a,b\n"1,5",2\n')).toEqual({ a: ["1,5"], b: [2] });
    expect(columns("a;b\n1.5;2\n", { decimal: "," })).toEqual({ a: ["1.5"], b: [2] });
  });

  test("a byte order mark is no part of the first name, and UTF-16 is known by its mark", () => {
    expect(columns("\ufeffa,b\n1,é\n")).toEqual({ a: [1], b: ["é"] });
    expect(columns(Uint8Array.from([0xef, 0xbb, 0xbf, ...Buffer.from("a\n1\n")]))).toEqual({ a: [1] });
    const little = Buffer.from("\ufeffa,b\n1,é\n", "utf16le");
    expect(columns(little)).toEqual({ a: [1], b: ["é"] });
    expect(columns(Buffer.from(little).swap16())).toEqual({ a: [1], b: ["é"] });
  });

  test("names and levels of Object.prototype are read as they are", () => {
    const table = parseTable("__proto__,constructor\nhasOwnProperty,__proto__\n");
    expect(table.columnNames).toEqual(["__proto__", "constructor"]);
    expect(JSON.stringify(table)).toBe('[{"__proto__":"hasOwnProperty","constructor":"__proto__"}]');
  });

  test("ten thousand columns are read", () => {
    const names = Array.from({ length: 10_000 }, (_, k) => `x${k}`);
    const table = parseTable(`${names.join(",")}\n${names.map((_, k) => k).join(",")}\n`);
    expect(table.column("x9999")).toMatchObject({ values: Float64Array.of(9999) });
  });

  test("more rows than the first lines let expect are read", () => {
    const text = `a,b\n${`${"9".repeat(200)},x\n`.repeat(400)}${"1,y\n".repeat(5000)}`;
    expect(parseTable(text).rowCount).toBe(5400);
  });
});

describe("the type of a column", () => {
  test("is number when every cell is a number", () => {
    expect(columns('a\n1e5\n-.5\n+3.\n" 2 "\n1E-2\n')).toEqual({ a: [1e5, -0.5, 3, 2, 0.01] });
    expect(columns("a\nInf\n-Inf\nInfinity\n1e400\n-1e400\n")).toEqual({
      a: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    });
    for (const cell of ["0x10", "1e", "e5", "+", "1_000", "1 2", "--1", "1.2.3", "infinit", "١"])
      expect(kinds(`a\n1\n${cell}\n`)).toEqual(["factor"]);
  });

  test("leading zeros mark an identifier, not a number", () => {
    expect(parseTable("id,x\n001,0.5\n010,0\n").columns).toMatchObject([
      { kind: "factor", levels: ["001", "010"] },
      { kind: "number", values: Float64Array.of(0.5, 0) },
    ]);
  });

  test("is boolean when every cell is TRUE or FALSE", () => {
    expect(columns("a,b\nTRUE,true\nNA,False\nFALSE,\n")).toEqual({ a: [true, null, false], b: [true, false, null] });
    expect(kinds("a\nT\nF\n")).toEqual(["factor"]);
  });

  test("is factor otherwise, with levels in code-point order, or text where asked for", () => {
    expect(parseTable("g\nz\né\nZ\n\u{1F600}\n\uFF01\n").column("g")).toMatchObject({ levels: ["Z", "z", "é", "\uFF01", "\u{1F600}"] });
    expect(parseTable("g,t\na,b\n", { text: ["t"] }).column("t")).toEqual({ kind: "text", name: "t", values: ["b"] });
    expect(refused(() => parseTable("g\na\n", { text: ["h"] }))).toBe('There is no column "h". Did you mean "g"? The table has g.');
  });

  test("does not depend on quotes, as in R", () => {
    expect(columns('a,b\n"1",x\n2,"x"\n')).toEqual({ a: [1, 2], b: ["x", "x"] });
    expect(parseTable('b\n"x"\nx\n').column("b")).toMatchObject({ levels: ["x"] });
  });

  test("the marks of R, SPSS and SAS are missing, quoted or not, and so are the user's", () => {
    expect(columns('a,g\n1,x\nNA,NA\n.,.\n#NULL!,#NULL!\n,\n"","NA"\nNaN,NaN\n')).toEqual({
      a: [1, null, null, null, null, null, null],
      g: ["x", null, null, null, null, null, null],
    });
    expect(columns("a,g\n1,-99\n-99.0,x\n-99,none\n", { missing: ["-99", "none"] })).toEqual({ a: [1, null, null], g: [null, "x", null] });
  });

  test.each(["N/A", "#N/A", "n/a", "NULL", "null", "nan", "NaN"])("%s is missing, unless a schema says otherwise", (mark) => {
    const text = `a,g\n1,x\n${mark},${mark}\n`;
    expect(columns(text)).toEqual({ a: [1, null], g: ["x", null] });
    expect(kinds(text)).toEqual(["number", "factor"]);
    const schema = { fields: [{ name: "g", type: "string" }], missingValues: ["-"] };
    expect(columns(text, { schema }).g).toEqual(["x", mark]);
    expect(columns(`a,g\n1,x\n2,${mark}${mark}\n`).g).toEqual(["x", mark + mark]);
  });

  test("spaces around a cell are no part of it unless it is quoted", () => {
    expect(parseTable('id, sex, x, b\n1, m, 1.5 , TRUE\n2,m ,\t2,  true\n3," m", NA,FALSE\n').columns).toMatchObject([
      { name: "id", kind: "number" },
      { name: "sex", levels: [" m", "m"], codes: Int32Array.of(1, 1, 0) },
      { name: "x", values: Float64Array.of(1.5, 2, Number.NaN) },
      { name: "b", values: Int8Array.of(1, 1, 0) },
    ]);
    expect(columns("a, t\n1, two words \n", { text: ["t"] }).t).toEqual(["two words"]);
    const schema = { fields: [{ name: "g", type: "string", categories: ["f", "m"] }] };
    expect(parseTable("a, g\n1, m\n2, f\n", { schema }).column("g")).toMatchObject({ codes: Int32Array.of(1, 0) });
  });

  test("is number where all cells are missing", () => {
    expect(kinds("a,b\nNA,\n.,NA\n")).toEqual(["number", "number"]);
  });

  test("one row is a table", () => {
    expect(columns("a,g\n1,x")).toEqual({ a: [1], g: ["x"] });
  });

  test("non-ASCII levels are told apart and decoded, however they are quoted", () => {
    expect(columns('g,k\n"ä""ö",1\nä"ö,2\n日本,3\n"日本",4\n').g).toEqual(['ä"ö', 'ä"ö', "日本", "日本"]);
  });

  test("many levels of every length are told apart", () => {
    const cells = Array.from({ length: 20_000 }, (_, i) => `u${(i * 7919) % 20_000}`);
    expect(parseTable(`g,k\n${cells.map((cell) => `${cell},0\n`).join("")}`).toColumns().g).toEqual(cells);
  });
});

describe("a column that is text because of a few cells", () => {
  const nearly = (cells: readonly string[], options = {}, delimiter = ","): unknown => {
    const column = parseTable(`k${delimiter}x\n${cells.map((cell, i) => `${i}${delimiter}${cell}\n`).join("")}`, options).column("x");
    return column.kind === "factor" ? (column.nearlyNumeric ?? null) : column.kind;
  };

  test("says which cell is the first, where it stands, and how many there are", () => {
    expect(nearly(["1", "2.5", "NA", "-3", "", "x", "4e2", "5", "x", "6", "7", "8", "9", "y", "10", "11", "12", "13"])).toEqual({
      value: "x",
      row: 6,
      count: 3,
      total: 16,
    });
  });

  test("at least 80 % of the cells with a value are numbers", () => {
    expect(nearly(["1", "2", "3", "4", "x"])).toEqual({ value: "x", row: 5, count: 1, total: 5 });
    expect(nearly(["1", "1", "1", "1", "x"])).toMatchObject({ count: 1, total: 5 });
    expect(nearly(["1", "2", "3", "x"])).toBeNull();
    expect(nearly(["1", "2", "3", "4", "-9", "-9.0", "x", "y"], { missing: ["-9"] })).toBeNull();
    expect(nearly(["1", "2", "3", "4", "-9", "-9.0", "x"], { missing: ["-9"] })).toMatchObject({ row: 7, total: 5 });
    expect(nearly(["a", "b", "a"])).toBeNull();
    expect(nearly(["1", "2", "3", "4", "x".repeat(401)])).toMatchObject({ row: 5 });
  });

  test("identifiers with leading zeros are meant to be text", () => {
    expect(nearly(["001", "100", "101", "102", "103", "104"])).toBeNull();
    expect(nearly(["100", "101", "102", "103", "104", "105", "x", "007"])).toBeNull();
  });

  test("the decimal mark that fits most cells counts", () => {
    const cells = ["1,5", "2,5", "3", "4,25", "1.003,50", "6,5", "7,5"];
    expect(nearly(cells, {}, ";")).toEqual({ value: "1.003,50", row: 5, count: 1, total: 7 });
    expect(nearly(["1.5", "2.5", "3,5", "4.5", "5.5"], {}, ";")).toMatchObject({ value: "3,5", count: 1 });
  });

  test("nothing is said where the schema or the caller wants text", () => {
    const cells = ["1", "2", "3", "4", "x"];
    const schema = (field: object): object => ({ schema: { fields: [{ name: "x", ...field }] } });
    expect(nearly(cells, schema({ type: "string" }))).toBeNull();
    expect(nearly(cells, schema({ categories: cells }))).toBeNull();
    expect(nearly(cells, schema({ type: "any", title: "X" }))).toMatchObject({ row: 5 });
    expect(nearly(cells, { text: ["x"] })).toBe("text");
  });

  test("the sentence for a model names the column, the cell and what to do", () => {
    expect(dataMessages.nearlyNumeric("x", 1, "1.003,50", 7)).toBe(
      '"x" was read as text, because 1 of its values is not a number: "1.003,50" in row 7. Correct it, or make it missing.',
    );
    expect(dataMessages.nearlyNumeric("x", 2, "a".repeat(50), 7)).toBe(
      `"x" was read as text, because 2 of its values are not numbers, the first of them "${"a".repeat(40)}..." in row 7. Correct them, or make them missing.`,
    );
  });
});

describe("what is no table", () => {
  test("an empty file, a header alone", () => {
    expect(refused(() => parseTable(""))).toBe("The file is empty. A table needs a header line with column names and at least one row.");
    expect(refused(() => parseTable("\n\n"))).toContain("The file is empty.");
    expect(refused(() => parseTable("a,b\n"))).toBe("The file has a header with 2 columns but no rows.");
  });

  test("a ragged row is named by its line", () => {
    expect(refused(() => parseTable('a,b\n"x\ny",1\n1,2,3\n'))).toBe(
      "Line 4 has 3 fields, but the header has 2. Fields that contain the delimiter must stand in double quotes.",
    );
    expect(refused(() => parseTable("a,b\r\n1,2\r\n3\r\n"))).toContain("Line 3 has 1 field, but the header has 2.");
  });

  test("a file of R's write.table with row names is explained", () => {
    expect(refused(() => parseTable("a,b\n1,2,3\n2,3,4\n"))).toBe(
      "Line 2 has 3 fields, but the header has only 2: this looks like a file from R's write.table with row names, which have no name in the header. " +
        "Write it with row.names = FALSE, or add a name for the first column to the header.",
    );
  });

  test("an unclosed quote is named by the line that opened it", () => {
    expect(refused(() => parseTable('a,b\n1,2\n3,"x\n4,5\n'))).toBe(
      'The double quote opened in line 3 is never closed. A quote within a quoted field must be doubled ("").',
    );
    expect(refused(() => parseTable('a,b\n1,"x"y\n'))).toContain("In line 2 text follows a closing double quote.");
  });

  test("empty and repeated names", () => {
    expect(refused(() => parseTable('"","a"\n"1",2\n'))).toBe(
      "Column 1 has no name in the header. Give every column a name. R's write.csv does this with row names: write with row.names = FALSE.",
    );
    expect(refused(() => parseTable("a,,b\n1,2,3\n"))).toBe("Column 2 has no name in the header. Give every column a name.");
    expect(refused(() => parseTable("a,b,a\n1,2,3\n"))).toBe('The header has the name "a" twice (columns 1 and 3). Rename one of them.');
  });

  test("bytes that are no text", () => {
    expect(refused(() => parseTable(Uint8Array.of(97, 10, 0, 10)))).toContain("The file is not text: line 2 contains a NUL byte.");
    expect(refused(() => parseTable(Buffer.from("a,g\n1,x\n2,\xe9\n", "latin1")))).toBe(
      'The file is not text in UTF-8: line 3 contains invalid bytes. Save it as "CSV UTF-8", or name its encoding, for example { encoding: "windows-1252" } in readTable, --encoding windows-1252 on the command line.',
    );
    expect(refused(() => parseTable(Buffer.from("a,g\n1,\xe9\n", "latin1"), { encoding: "UTF-8" }))).toContain(
      "line 2 contains invalid bytes",
    );
    expect(columns(Buffer.from("a,g\n1,\xe9\n", "latin1"), { encoding: "windows-1252" })).toEqual({ a: [1], g: ["é"] });
    expect(refused(() => parseTable(Buffer.from("a\n1\n"), { encoding: "utf-9" }))).toContain('There is no encoding "utf-9".');
    expect(refused(() => parseTable(Uint8Array.of(0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00)))).toContain("begins like text in UTF-16 but is not");
  });

  test("delimiters and decimal marks that cannot be", () => {
    expect(refused(() => parseTable("a\n1\n", { delimiter: "::" }))).toContain('not "::"');
    expect(refused(() => parseTable("a\n1\n", { delimiter: ",", decimal: "," }))).toContain("differ from the delimiter");
  });
});

test("any text is a table or a DataError", () => {
  const piece = fc.constantFrom(
    ",",
    ";",
    "\t",
    '"',
    "\n",
    "\r\n",
    "\r",
    "1",
    "NA",
    "x",
    "é",
    "1,5",
    "TRUE",
    " ",
    "\ufeff",
    "1e5",
    "sep=;\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        expect(parseTable(pieces.join("")).rowCount).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }),
    { numRuns: 3000 },
  );
});

describe("writing", () => {
  test("quotes what needs it and leaves missing cells empty", () => {
    const table = Table.from({ x: [1.5, null, -0], g: ['say "hi"', "a,b", null], "n,1": ["two\nlines", " lead", "plain"] });
    expect(formatTable(table)).toBe('x,g,"n,1"\n1.5,"say ""hi""","two\nlines"\n,"a,b"," lead"\n-0,,plain\n');
  });

  test("text that a spreadsheet would run as a formula gets an apostrophe, numbers do not", () => {
    const table = Table.from({ g: ["=1+1", "+1", "-x", "@a", "\tx"], x: [-1, 1, 1, 1, 1] });
    expect(formatTable(table)).toBe("g,x\n'=1+1,-1\n'+1,1\n'-x,1\n'@a,1\n'\tx,1\n");
    expect(formatTable(table, { escapeFormulas: false })).toContain("\n=1+1,-1\n");
  });

  test("infinite numbers are spelled as in R, text columns as they are", () => {
    const table = Table.from({ x: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21], t: ["a", null, "=b"] }, { text: ["t"] });
    expect(formatTable(table)).toBe("x,t\nInf,a\n-Inf,\n1e+21,'=b\n");
    expect(schemaOf(table).fields.map(({ type }) => type)).toEqual(["number", "string"]);
  });

  test("a missing cell in a file of one column is not an empty line", () => {
    expect(formatTable(Table.from({ x: [1, null] }))).toBe('x\n1\n""\n');
  });

  test("takes a delimiter, a decimal mark and a missing mark", () => {
    expect(formatTable(Table.from({ x: [1.5, null], b: [true, false] }), { delimiter: ";", decimal: ",", missing: "NA" })).toBe(
      "x;b\n1,5;TRUE\nNA;FALSE\n",
    );
    expect(refused(() => formatTable(Table.from({ x: [1] }), { decimal: "," }))).toContain("differ from the delimiter");
  });

  test("what is written with its schema is read back the same", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => text.trim() === text);
    const level = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 6 })
      .filter((text) => text.trim() !== "" && !text.includes("\u0000"));
    const options = fc.record({ delimiter: fc.constantFrom(",", ";", "\t", "|"), escapeFormulas: fc.constant(false) });
    const rows = fc.integer({ min: 1, max: 12 }).chain((n) => {
      const column = fc.oneof(
        fc.array(fc.option(fc.double({ noNaN: true })), { minLength: n, maxLength: n }),
        fc.array(fc.option(fc.boolean()), { minLength: n, maxLength: n }),
        fc.array(fc.option(level), { minLength: n, maxLength: n }),
      );
      return fc.dictionary(name, column, { minKeys: 1, maxKeys: 4 });
    });
    fc.assert(
      fc.property(rows, options, (source, how) => {
        const table = Table.from(source);
        const back = parseTable(formatTable(table, how), { ...how, schema: schemaOf(table) });
        expect(back.columns).toEqual(table.columns);
      }),
      { numRuns: 300 },
    );
  });
});
