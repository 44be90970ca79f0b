/** The commands that read a whole study: mist check-data and mist describe DIR. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { csvOf, type Row, smallStudy } from "../mist/small-study.js";
import { mist } from "./run.js";

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true });
});

function folder(change: (study: Map<string, Row[]>) => void = () => {}): string {
  const path = mkdtempSync(join(tmpdir(), "mist-cli-study-"));
  made.push(path);
  const study = smallStudy();
  change(study);
  for (const [name, rows] of study) writeFileSync(join(path, `${name}.csv`), csvOf(rows));
  return path;
}

const misspelt = (study: Map<string, Row[]>): void => {
  study.get("vsmc_codes")![1]!.explanation = "prodctive";
};

describe("mist check-data", () => {
  test("ends with 0 where there are remarks only", async () => {
    const { code, out, error } = await mist("check-data", folder());
    expect([code, error]).toEqual([0, ""]);
    expect(out).toMatch(/^27 tables with 155 rows checked: no problems, 4 remarks\.\n\nREMARKS/);
  });

  test("ends with 1 where something has to be put right, and says what", async () => {
    const { code, out, error } = await mist("check-data", folder(misspelt));
    expect([code, error]).toEqual([1, ""]);
    expect(out).toContain(
      [
        "vsmc_codes",
        '  explanation: Not among the categories: "prodctive". Did you mean "productive"?',
        "    row 2: interview_id IT12, coder_id R2 -> prodctive",
        "    Use unproductive, mixed or productive, written exactly so.",
      ].join("\n"),
    );
  });

  test("prints one JSON object", async () => {
    const { code, out } = await mist("check-data", folder(misspelt), "--json");
    expect(code).toBe(1);
    const report = JSON.parse(out);
    expect(report).toMatchObject({ schemaVersion: 1, valid: false, problems: [{ kind: "category", table: "vsmc_codes", count: 1 }] });
    expect(report.tables).toHaveLength(27);
  });

  test("a folder without tables of the study is a problem, one without a readable package is refused", async () => {
    const empty = mkdtempSync(join(tmpdir(), "mist-cli-empty-"));
    made.push(empty);
    const { code, out } = await mist("check-data", empty);
    expect(code).toBe(1);
    expect(out).toContain("None of the study's tables is here.");
    writeFileSync(join(empty, "datapackage.json"), "[]");
    expect((await mist("check-data", empty)).code).toBe(2);
  });
});

describe("mist describe DIR", () => {
  test("shows presence, counts and composition of a study, with or without --data", async () => {
    const path = folder();
    const { code, out } = await mist("describe", path);
    expect(code).toBe(0);
    expect(out).toMatch(/^Who was observed when: units by cycle\n observed +units {2}1 {2}2/);
    expect(out).toContain("lessons.has_discussion: share of categories");
    expect((await mist("describe", "--data", path)).out).toBe(out);
  });

  test("breaks down by what is asked for, and leaves out small cells", async () => {
    const { out } = await mist("describe", folder(), "--by", "district,cycle", "--suppress");
    expect(out).toContain(
      "vsmc_codes.explanation: share of categories\n district  cycle        n  unproductive  mixed  productive\n D1        1      too few",
    );
  });

  test("as JSON has the tables' columns and the views", async () => {
    const { tables, study } = JSON.parse((await mist("describe", folder(), "--json")).out);
    expect(tables.map(({ name }: { name: string }) => name)).toContain("lessons");
    expect(study.presence[0]).toMatchObject({ unit: "schools", units: 3, byCycle: [3, 3, 0, 0, 0, 0, 0, 0] });
    expect(study.composition[0]).toMatchObject({ table: "school_years", column: "tracking", by: ["cycle"] });
  });

  test("says that something could not be read", async () => {
    const path = folder(misspelt);
    expect((await mist("describe", path)).out).toMatch(
      /1 problem with files, columns and cells: what does not fit is left out above\. mist check-data \S+ tells which\.\n$/,
    );
  });

  test("a directory whose files only have such names is described file by file", async () => {
    const path = mkdtempSync(join(tmpdir(), "mist-cli-other-"));
    made.push(path);
    writeFileSync(join(path, "students.csv"), "x\n1\n");
    expect((await mist("describe", path)).out).toMatch(/^students\.csv: 1 row\n/);
  });
});
