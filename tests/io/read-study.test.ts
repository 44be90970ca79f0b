/** A study read from a folder: sound, damaged in its files, with and without a data package. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { checkStudyFolder, readStudy, readStudyTables } from "../../src/io/read-study.js";
import { isTableName } from "../../src/mist/codebook/codebook.js";
import { dataPackage } from "../../src/mist/codebook/data-package.js";
import { studyFrom } from "../../src/mist/codebook/study.js";
import { conformStudy } from "../../src/mist/validate/check-study.js";
import type { Problem } from "../../src/mist/validate/problem.js";
import { csvOf, type Row, rawTables, smallStudy } from "../mist/small-study.js";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

type Files = Map<string, string | Uint8Array>;

/** A folder with the small study's files, changed. */
function folder(change: (files: Files, study: Map<string, Row[]>) => void = () => {}): string {
  const path = mkdtempSync(join(tmpdir(), "mist-study-"));
  made.push(path);
  const study = smallStudy();
  const files: Files = new Map(Array.from(study, ([name, rows]) => [`${name}.csv`, csvOf(rows)]));
  change(files, study);
  for (const [name, content] of files) writeFileSync(join(path, name), content);
  return path;
}

async function problemsOf(path: string): Promise<Problem[]> {
  return [...(await checkStudyFolder(path)).problems];
}

/** Replaces a table's file. */
const file = (name: string, content: string | Uint8Array) => (files: Files) => void files.set(name, content);

const teachers = csvOf(smallStudy().get("teachers")!);

describe("a sound folder", () => {
  test("has no problems, and is the study that its rows make", async () => {
    const path = folder();
    expect(await problemsOf(path)).toEqual([]);
    const study = await readStudy(path);
    const { study: fromRows } = conformStudy(rawTables(smallStudy()));
    expect(Object.keys(study)).toEqual(Object.keys(fromRows));
    expect(study.iqa_ratings!.toRows()).toEqual(fromRows.iqa_ratings!.toRows());
    expect(study.iqa_ratings!.column("potential")).toMatchObject({ kind: "factor", ordered: true, levels: ["0", "1", "2", "3", "4"] });
    expect(study.teacher_years!.column("focal").kind).toBe("boolean");
    expect(studyFrom({ lessons: study.lessons! }).lessons.toRows()).toEqual(study.lessons!.toRows());
  });

  test("may be compressed, have byte order marks, CRLF, other columns and other files", async () => {
    const path = folder((files) => {
      files.delete("teachers.csv");
      files.set("teachers.csv.gz", gzipSync(teachers));
      files.set("lessons.csv", `\ufeff${files.get("lessons.csv")}`);
      files.set("raters.csv", String(files.get("raters.csv")).replaceAll("\n", "\r\n"));
      files.set("schools.csv", String(files.get("schools.csv")).replaceAll("\n", ",x\n"));
      files.set("truth.json", "{}");
    });
    expect(await problemsOf(path)).toEqual([]);
    const study = await readStudy(path);
    expect(study.teachers!.rowCount).toBe(5);
    expect(study.schools!.columnNames).toEqual(["school_id", "district_id", "grade_low", "grade_high", "x"]);
    expect(study.lessons!.columnNames[0]).toBe("lesson_id");
  });

  test("may be a data package; what it does not name is not read", async () => {
    const path = folder((files) => {
      const names = [...files.keys()].map((name) => name.replace(".csv", "")).filter(isTableName);
      files.set("datapackage.json", JSON.stringify(dataPackage(names.map((name) => ({ name })))));
      files.set("old.csv", "a\n1\n");
    });
    const { tables, reading } = await readStudyTables(path);
    expect(tables.has("old")).toBe(false);
    expect(reading.map(({ severity, table, message }) => [severity, table, message])).toEqual([
      ["remark", "old", "old.csv lies in the folder, but datapackage.json does not name it, so it was not read."],
    ]);
    expect((await checkStudyFolder(join(path, "datapackage.json"))).valid).toBe(true);
  });
});

describe("damaged files", () => {
  const gzip = gzipSync(teachers);
  const cases: readonly [what: string, name: string, content: string | Uint8Array, told: string][] = [
    [
      "a truncated gzip",
      "teachers.csv.gz",
      gzip.subarray(0, gzip.length - 20),
      "is compressed with gzip, but damaged or cut off. Copy it again.",
    ],
    [
      "a header only",
      "teachers.csv",
      teachers.slice(0, teachers.indexOf("\n") + 1),
      "teachers.csv: The file has a header with 7 columns but no rows.",
    ],
    ["an empty file", "teachers.csv", "", "teachers.csv: The file is empty."],
    ["a ragged row", "teachers.csv", teachers.replace("T2,", "T2,,"), "teachers.csv: Line 3 has 8 fields, but the header has 7."],
    ["no text", "teachers.csv", Uint8Array.of(80, 75, 3, 4, 0, 0), "teachers.csv: The file is not text: line 1 contains a NUL byte."],
    [
      "another encoding",
      "teachers.csv",
      Uint8Array.of(...Buffer.from("teacher_id,x\nT,"), 0xe9),
      "teachers.csv: The file is not text in UTF-8",
    ],
    [
      "a column twice",
      "teachers.csv",
      teachers.replace("race_eth", "cert_math"),
      'teachers.csv: The header has the name "cert_math" twice',
    ],
    ["an open quote", "teachers.csv", teachers.replace("T3", '"T3'), "teachers.csv: The double quote opened in line 4 is never closed."],
  ];
  test.each(cases)("%s is told beside the others, and thrown when read strictly", async (_, name, content, told) => {
    const path = folder((files, study) => {
      files.delete("teachers.csv");
      files.set(name, content);
      study.get("raters")![0]!.certified = "maybe";
      files.set("raters.csv", csvOf(study.get("raters")!));
    });
    const problems = await problemsOf(path);
    expect(problems.map(({ table, kind }) => `${table} ${kind}`)).toEqual(["teachers file", "raters type"]);
    expect(problems[0]!.message).toContain(told);
    expect(problems[0]!.remedy).toBe(
      "The table was not checked. Put the file right and check again; what refers to the table could not be checked either.",
    );
    await expect(readStudy(path)).rejects.toThrow(told);
  });

  test("semicolons are read, and remarked; another delimiter is a problem of the header", async () => {
    const semicolons = await checkStudyFolder(folder(file("teachers.csv", teachers.replaceAll(",", ";"))));
    expect(semicolons.valid).toBe(true);
    expect(semicolons.remarks.map(({ table, message }) => `${table}: ${message}`)).toContain(
      "teachers: Cells are separated by semicolons; the study's files have commas.",
    );
    const carets = await problemsOf(folder(file("teachers.csv", teachers.replaceAll(",", "^"))));
    expect(carets.find(({ table }) => table === "teachers")!.message).toBe(
      'The whole header was read as one column: cells seem to be separated by the character "^".',
    );
  });

  test("two files of one table", async () => {
    const problems = await problemsOf(folder(file("teachers.csv.gz", gzip)));
    expect(problems.map(({ message }) => message)).toEqual([
      "There are two files of this table, teachers.csv and teachers.csv.gz; the first was checked.",
    ]);
  });

  test("the folder itself or its package cannot be read", async () => {
    await expect(readStudyTables("nowhere")).rejects.toThrow("nowhere");
    await expect(readStudyTables(folder(file("datapackage.json", "{")))).rejects.toThrow("is not JSON");
    await expect(readStudyTables(folder(file("datapackage.json", '{"resources": [{"name": "x", "path": "../x.csv"}]}')))).rejects.toThrow(
      "is not a file in the package",
    );
    await expect(readStudy(folder((files) => files.clear()))).rejects.toThrow("None of the study's tables is here.");
  });
});

describe("cells", () => {
  const years = (cells: Row): string => {
    const rows = smallStudy().get("student_years")!;
    Object.assign(rows[2]!, cells);
    return csvOf(rows);
  };

  test.each([
    ["NA", 'A code stands where a value is missing: "NA".'],
    ["NaN", 'A code stands where a value is missing: "NaN".'],
    ["-9", 'A code stands where a value is missing: "-9".'],
    [".", 'A code stands where a value is missing: ".".'],
    ["1.2e", 'The cell is not a number: "1.2e".'],
    ["0,5", 'The cell is not a number: "0,5".'],
    ["Infinity", 'The cell is not a number: "Infinity".'],
  ])("math_z %s stays what it is and is told with its row", async (cell, message) => {
    const path = folder(file("student_years.csv", years({ math_z: cell })));
    const problems = await problemsOf(path);
    expect(problems).toMatchObject([{ table: "student_years", columns: ["math_z"], count: 1, message }]);
    expect(problems[0]!.examples).toEqual([{ row: 3, key: "student_id U2, cycle 1", value: cell }]);
    await expect(readStudy(path)).rejects.toMatchObject({ name: "DataError", column: "math_z", rows: [3] });
    await expect(readStudy(path)).rejects.toThrow(`Table student_years, column math_z, row 3: ${message}`);
  });

  test("with semicolons and decimal commas only the cell that is no number is told", async () => {
    const semicolons = years({ math_z: "NA" }).replaceAll(",", ";").replaceAll(".", ",");
    const problems = await problemsOf(folder(file("student_years.csv", semicolons)));
    expect(problems).toMatchObject([{ columns: ["math_z"], kind: "missing_code", count: 1, examples: [{ row: 3, value: "NA" }] }]);
    const study = await readStudy(folder(file("student_years.csv", years({}).replaceAll(",", ";").replaceAll(".", ","))));
    expect(study.student_years!.toRows()[0]!.math_z).toBe(0.2);
  });

  test("identifiers keep their zeros, digits in quotes are categories", async () => {
    const path = folder((files, study) => {
      const ratings = study.get("iqa_ratings")!;
      files.set("iqa_ratings.csv", csvOf(ratings).replaceAll(",3,", ',"03",'));
      files.set("rmt_schools.csv", "rmt_school,disadvantaged,university_assisted\n007,true,FALSE\n__proto__,1,0\n");
    });
    expect(await problemsOf(path)).toEqual([]);
    const study = await readStudy(path);
    expect(study.rmt_schools!.toRows()).toEqual([
      { rmt_school: "007", disadvantaged: true, university_assisted: false },
      { rmt_school: "__proto__", disadvantaged: true, university_assisted: false },
    ]);
    expect(study.iqa_ratings!.toRows()[0]!.potential).toBe("3");
  });
});
