/** Writing a study to a folder: whole or not at all, the same bytes for the same tables, and read back as it was. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { formatTable } from "../../src/io/csv-write.js";
import { checkStudyFolder, readStudy } from "../../src/io/read-study.js";
import { writeSimulatedStudy } from "../../src/io/write-simulated-study.js";
import { writeStudy } from "../../src/io/write-study.js";
import { AbortError, DataError } from "../../src/messages.js";
import { type TableName, tableNames } from "../../src/mist/codebook/codebook.js";
import { studyFrom } from "../../src/mist/codebook/study.js";
import { simulate } from "../../src/mist/simulate/simulate.js";

const home = mkdtempSync(join(tmpdir(), "mist-study-"));
let count = 0;
const newFolder = (): string => join(home, `study-${count++}`);
const tiny = { preset: "tiny", student: { include: false } } as const;

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

describe("a simulated study in a folder", () => {
  test("is read back as it was, and has no problem in the eyes of the validator", async () => {
    const folder = newFolder();
    await writeSimulatedStudy(folder, { preset: "tiny" });
    const study = await readStudy(folder);
    const { tables } = simulate({ preset: "tiny" });
    for (const name of tableNames) {
      const table = study[name];
      expect(table === undefined ? 0 : formatTable(table) === formatTable(tables[name]), name).toBe(table === undefined ? 0 : true);
      expect(table?.rowCount ?? 0, name).toBe(tables[name].rowCount);
    }
    expect((await checkStudyFolder(folder)).problems).toEqual([]);
  });

  test("written in parts has the same files as written whole", async () => {
    const [parts, whole] = [newFolder(), newFolder()];
    await writeSimulatedStudy(parts, tiny);
    await writeStudy(whole, simulate(tiny).tables);
    for (const name of readdirSync(whole).filter((file) => file !== "datapackage.json")) {
      expect(readFileSync(join(parts, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
    }
  });

  test("names its files with size and hash in datapackage.json, and its parameters in truth.json", async () => {
    const folder = newFolder();
    const { tables, bytes } = await writeSimulatedStudy(folder, { ...tiny, overrides: { beta_mkt: 0.4 } });
    const { resources, title } = JSON.parse(readFileSync(join(folder, "datapackage.json"), "utf8"));
    expect(resources).toHaveLength(tables.length);
    expect(resources[0]).toMatchObject({ name: "districts", path: "districts.csv", hash: `sha256:${tables[0]!.sha256}` });
    expect(title).toBe("Synthetic study in the shape of MIST");
    const truth = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
    expect(truth).toMatchObject({
      seed: 20071011,
      scale: 1,
      preset: "tiny",
      implied: { A4: { kind: "values", terms: { mkt: 0.4, explproductive: 0.6 } } },
    });
    expect(truth.parameters).toContainEqual({ name: "beta_mkt", value: 0.4, basis: "assumption" });
    expect(truth.counts.lessons).toBe(tables.find(({ name }) => name === "lessons")!.rows);
    const sizes = readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
    expect(bytes).toBe(sizes);
  });

  test("leaves out tables without rows", async () => {
    const folder = newFolder();
    await writeSimulatedStudy(folder, { ...tiny, missing: "none" });
    expect(existsSync(join(folder, "missing_log.csv"))).toBe(false);
    expect(existsSync(join(folder, "students.csv"))).toBe(false);
  });
});

describe("compression", () => {
  test("gives the same bytes each time, without time and system in the header", async () => {
    const [first, second] = [newFolder(), newFolder()];
    for (const folder of [first, second]) await writeSimulatedStudy(folder, tiny, { compress: "all" });
    const bytes = readFileSync(join(first, "lessons.csv.gz"));
    expect(bytes.equals(readFileSync(join(second, "lessons.csv.gz")))).toBe(true);
    expect([...bytes.subarray(4, 8), bytes[9]]).toEqual([0, 0, 0, 0, 255]);
    expect(gunzipSync(bytes).toString("utf8")).toBe(formatTable(simulate(tiny).tables.lessons));
  });

  test("is for large tables unless told otherwise", async () => {
    const folder = newFolder();
    const { tables } = await writeStudy(folder, simulate(tiny).tables, { compress: "none" });
    expect(tables.every(({ path }) => path.endsWith(".csv"))).toBe(true);
  });
});

describe("folders", () => {
  const small = studyFrom({ pd_attendance: [{ pd_id: "P1", person_id: "T1", hours: 3 }] });

  test("that hold other files are refused, and left as they are", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, "notes.txt"), "mine");
    expect(await refusal(writeStudy(folder, small))).toBe(
      `${folder} already holds notes.txt. Choose an empty or a new folder, or ask for the files to be replaced (--force, { replace: true }).`,
    );
    expect(readdirSync(folder)).toEqual(["notes.txt"]);
  });

  test("are written into when told, other files staying", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    for (const name of ["notes.txt", "pd_attendance.csv.gz", "students.csv"]) writeFileSync(join(folder, name), "old");
    await writeStudy(folder, small, { replace: true });
    expect(readdirSync(folder).sort()).toEqual(["datapackage.json", "notes.txt", "pd_attendance.csv", "pd_attendance.schema.json"]);
    expect(readFileSync(join(folder, "pd_attendance.csv"), "utf8")).toBe("pd_id,person_id,hours\nP1,T1,3\n");
  });

  test("that are files are refused", async () => {
    const path = join(home, "a-file");
    writeFileSync(path, "");
    expect(await refusal(writeStudy(path, small))).toBe(`${path} is a file, not a folder. Choose another name.`);
  });

  test("below a file cannot be made", async () => {
    const path = join(home, "another-file");
    writeFileSync(path, "");
    expect(await refusal(writeStudy(join(path, "study"), small))).toContain("study");
  });

  test("are not left behind by work that was stopped", async () => {
    const folder = newFolder();
    const stop = new AbortController();
    const work = writeSimulatedStudy(folder, { ...tiny, scale: 2, signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toBeInstanceOf(AbortError);
    expect(existsSync(folder)).toBe(false);
  });

  test("that were there keep what they held when the work fails", async () => {
    const folder = newFolder();
    await writeStudy(folder, small);
    const before = readdirSync(folder);
    function* failing(): Generator<typeof small> {
      yield small;
      throw new DataError("the second part cannot be read");
    }
    expect(await refusal(writeStudy(folder, failing(), { replace: true }))).toBe("the second part cannot be read");
    expect(readdirSync(folder)).toEqual(before);
  });
});

test("the rows of parts stand one below the other under one header", async () => {
  const folder = newFolder();
  const part = (id: string) => studyFrom({ pd_attendance: [{ pd_id: id, person_id: "T1", hours: 3 }] });
  const { tables } = await writeStudy(folder, [part("P1"), part("P2")]);
  expect(tables.map(({ name, rows }): [TableName, number] => [name, rows])).toEqual([["pd_attendance", 2]]);
  expect(readFileSync(join(folder, "pd_attendance.csv"), "utf8")).toBe("pd_id,person_id,hours\nP1,T1,3\nP2,T1,3\n");
});
