/** The same options give the same bytes; scale, switches and missingness change nothing that they are not about. */
import { describe, expect, test } from "vitest";
import { columnsOf, declarationOf, type TableName, tableNames } from "../../../src/mist/codebook/codebook.js";
import { conformTable } from "../../../src/mist/codebook/study.js";
import type { SimulateOptions } from "../../../src/mist/simulate/options.js";
import type { StudyRowsByTable } from "../../../src/mist/simulate/rows.js";
import { simulate, simulateDistricts } from "../../../src/mist/simulate/simulate.js";
import { csvOf, hashesOf, rowsOf } from "./studies.js";

const small = { preset: "tiny" } as const;

/** Made anew, where `rowsOf` would give what it has kept. */
function fresh(options: SimulateOptions): StudyRowsByTable {
  const [first, ...rest] = [...simulateDistricts(options)].map(({ rows }) => rows);
  for (const part of rest) for (const table of tableNames) for (const row of part[table]) (first![table] as object[]).push(row);
  return first!;
}

describe("the same seed", () => {
  test("gives the same bytes in every table", () => {
    expect(hashesOf(fresh({ preset: "tiny" }))).toEqual(hashesOf(fresh({ preset: "tiny" })));
  });

  test("is the same bytes on every machine: the hash of the tiny study's lessons and scores", () => {
    const hashes = hashesOf(rowsOf({ preset: "tiny" }));
    expect([hashes.iqa_ratings?.slice(0, 16), hashes.student_years?.slice(0, 16)]).toMatchInlineSnapshot(`
      [
        "ddacc5161379e94b",
        "9b9c83bcbc1688dd",
      ]
    `);
  });

  test("another seed gives other lessons", () => {
    expect(csvOf(rowsOf({ preset: "tiny" }), "lessons")).not.toBe(csvOf(rowsOf({ preset: "tiny", seed: 1 }), "lessons"));
  });
});

describe("scale", () => {
  test.each([
    ["tiny", 3, {}],
    ["mist", 2, { include: false }],
  ] as const)(
    "adds districts: every table of %s at scale 1 is the beginning of that at scale %i, byte for byte",
    (preset, scale, student) => {
      const [one, more] = [rowsOf({ preset, student }), rowsOf({ preset, student, scale })];
      for (const table of tableNames) {
        const text = csvOf(one, table);
        expect(csvOf(more, table).slice(0, text.length) === text, table).toBe(true);
      }
      expect(more.districts).toHaveLength(scale * one.districts.length);
      expect(more.rmt_people).toHaveLength(one.rmt_people.length);
    },
  );

  test("gives the further districts rows of their own", () => {
    const rows = rowsOf({ ...small, scale: 3 });
    const scores = (district: string): string =>
      rows.mkt_scores
        .filter((row) => row.person_id.startsWith(`T${district}-`))
        .slice(0, 20)
        .map((row) => row.mkt_z)
        .join();
    expect(scores("3")).not.toBe(scores("1"));
  });
});

describe("parts of the study", () => {
  test("leaving out students changes no other table but the sections' prior scores", () => {
    const [withStudents, without] = [rowsOf({ preset: "tiny" }), rowsOf({ preset: "tiny", student: { include: false } })];
    const theirs: readonly TableName[] = ["students", "student_years", "student_teacher_links", "sections", "missing_log"];
    for (const table of tableNames) {
      if (!theirs.includes(table)) expect(csvOf(without, table) === csvOf(withStudents, table), table).toBe(true);
    }
    const bare = (rows: StudyRowsByTable): object[] => rows.sections.map((row) => ({ ...row, prior_mean: null, prior_sd: null }));
    expect(bare(without)).toEqual(bare(withStudents));
    expect(without.student_years).toEqual([]);
  });

  test("practical measures without a trend change no other table", () => {
    const [all, off] = [rowsOf({ preset: "tiny" }), rowsOf({ preset: "tiny", effects: { pm: false } })];
    const changed = tableNames.filter((table) => csvOf(all, table) !== csvOf(off, table));
    expect(changed).toEqual(["pm_responses"]);
  });
});

describe("missingness", () => {
  const complete = rowsOf({ ...small, missing: "none" });
  /** What says who took part, and what is computed from cells that may be missing. */
  const about: Readonly<Record<string, readonly string[]>> = {
    teacher_years: ["interviewed", "surveyed", "filmed", "mkt_tested"],
    sections: ["filmed", "prior_mean", "prior_sd"],
  };

  test.each(["default", "mar", "mnar"] as const)("%s never changes a cell that is not missing", (missing) => {
    const rows = rowsOf({ ...small, missing });
    for (const table of tableNames) {
      if (table === "missing_log") continue;
      const { primaryKey } = declarationOf(table);
      const key = (row: Record<string, unknown>): string => primaryKey.map((column) => String(row[column])).join("|");
      const before = new Map((complete[table] as unknown as Record<string, unknown>[]).map((row) => [key(row), row]));
      for (const row of rows[table] as unknown as Record<string, unknown>[]) {
        const full = before.get(key(row));
        for (const [column] of columnsOf(table)) {
          if (about[table]?.includes(column) || row[column] === null || row[column] === full?.[column]) continue;
          expect.fail(`${table}.${column} of ${key(row)}: ${String(row[column])}, complete ${String(full?.[column])}`);
        }
      }
    }
  });

  test.each(["default", "mar", "mnar"] as const)("%s logs every deleted cell and row, and nothing else", (missing) => {
    const rows = rowsOf({ ...small, missing });
    const logged = new Set(rows.missing_log.map((row) => `${row.table} ${row.key} ${row.column}`));
    expect(logged.size).toBe(rows.missing_log.length);
    const gone = new Set<string>();
    for (const table of tableNames) {
      if (table === "missing_log" || table.startsWith("truth")) continue;
      const { primaryKey } = declarationOf(table);
      const key = (row: Record<string, unknown>): string => primaryKey.map((column) => String(row[column])).join("|");
      const left = new Map((rows[table] as unknown as Record<string, unknown>[]).map((row) => [key(row), row]));
      for (const full of complete[table] as unknown as Record<string, unknown>[]) {
        const row = left.get(key(full));
        if (row === undefined) gone.add(`${table} ${key(full)} *`);
        else
          for (const column of Object.keys(full)) {
            if (full[column] !== null && row[column] === null && !about[table]?.includes(column))
              gone.add(`${table} ${key(full)} ${column}`);
          }
      }
    }
    expect([...gone].filter((cell) => !logged.has(cell))).toEqual([]);
    expect([...logged].filter((cell) => !gone.has(cell))).toEqual([]);
  });

  test("none leaves nothing out and logs nothing", () => {
    expect(complete.missing_log).toEqual([]);
    expect(complete.lessons).toHaveLength(2 * 8 * (8 + 4));
    expect(complete.student_years.some((row) => row.math_z === null || row.math_prior_z === null)).toBe(false);
  });
});

test("columns put together district by district are those that the rows give", () => {
  const rows = rowsOf({ preset: "tiny" });
  const { tables } = simulate({ preset: "tiny" });
  for (const table of tableNames) expect(tables[table].columns, table).toEqual(conformTable(table, rows[table]).columns);
});

test("numbers have at most six decimals and are never minus nothing", () => {
  const rows = rowsOf({ preset: "tiny" });
  for (const table of tableNames) {
    for (const row of rows[table]) {
      for (const [column, cell] of Object.entries(row)) {
        if (typeof cell !== "number") continue;
        if (Object.is(cell, -0) || Math.abs(cell * 1e6 - Math.round(cell * 1e6)) > 1e-6 * Math.abs(cell) + 1e-6) {
          expect.fail(`${table}.${column}: ${cell}`);
        }
      }
    }
  }
});
