import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeFactor } from "../../src/data/factor.js";
import { Table } from "../../src/data/table.js";
import { readDataPackage, readSchema, readTable, writeTable, writeTextFile } from "../../src/io/index.js";
import { ioMessages } from "../../src/messages.js";

let directory = "";
const at = (name: string): string => join(directory, name);
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "mist-io-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

describe("reading", () => {
  test("a file, plain or compressed, with its schema as a path or an object", async () => {
    await writeFile(at("a.csv"), "g,x\nb,1\na,2\n");
    await writeFile(at("a.csv.gz"), gzipSync("g,x\nb,1\na,2\n"));
    await writeFile(at("a.schema.json"), JSON.stringify({ fields: [{ name: "g", type: "string", categories: ["b", "a"] }] }));
    expect((await readTable(at("a.csv"))).toColumns()).toEqual({ g: ["b", "a"], x: [1, 2] });
    expect((await readTable(at("a.csv.gz"), { schema: at("a.schema.json") })).column("g")).toMatchObject({ levels: ["b", "a"] });
    const schema = await readSchema(at("a.schema.json"));
    expect((await readTable<{ g: string; x: number }>(at("a.csv"), { schema })).column("g")).toMatchObject({ levels: ["b", "a"] });
  });

  test("what cannot be read says which file and why", async () => {
    await expect(readTable(at("none.csv"))).rejects.toThrow(`There is no file "${at("none.csv")}".`);
    await expect(readTable(directory)).rejects.toThrow(`"${directory}" is a directory.`);
    await writeFile(at("ragged.csv"), "a,b\n1\n");
    await expect(readTable(at("ragged.csv"))).rejects.toThrow(`${at("ragged.csv")}: Line 2 has 1 field, but the header has 2.`);
    await writeFile(at("cut.csv.gz"), gzipSync("a,b\n1,2\n").subarray(0, 20));
    await expect(readTable(at("cut.csv.gz"))).rejects.toThrow("damaged or cut off");
    await writeFile(at("bad.json"), "{");
    await expect(readSchema(at("bad.json"))).rejects.toThrow(`"${at("bad.json")}" is not JSON:`);
    await writeFile(at("wrong.json"), "{}");
    await expect(readSchema(at("wrong.json"))).rejects.toThrow("fields must be an array");
  });
});

describe("writing", () => {
  test("a table and its schema are read back the same, labels and order of levels included", async () => {
    const g = {
      ...makeFactor("g", ["lo", "hi", null], { levels: ["lo", "none", "hi"], ordered: true, label: "Group" }),
      levelLabels: ["Low", "None", "High"],
    };
    const table = Table.ofColumns([g, { kind: "number", name: "x", values: Float64Array.of(0.1, Number.NaN, -1e300), label: "X" }]);
    await writeTable(at("out.csv.gz"), table, { schema: at("out.schema.json") });
    expect((await readTable(at("out.csv.gz"), { schema: at("out.schema.json") })).columns).toEqual(table.columns);
  });

  test("leaves no temporary file behind, and says why it failed", async () => {
    await writeTextFile(at("text.txt"), "héllo");
    expect(await readFile(at("text.txt"), "utf8")).toBe("héllo");
    await expect(writeTextFile(at("absent/text.txt"), "x")).rejects.toThrow("cannot be written: its directory does not exist.");
    await mkdir(at("taken"));
    await expect(writeTextFile(at("taken"), "x")).rejects.toThrow(`"${at("taken")}" cannot be written: it is a directory.`);
    await expect(writeTextFile(join(at("taken"), "."), "x")).rejects.toThrow("cannot be written: it is a directory.");
    await expect(writeTextFile(at("text.txt/x"), "x")).rejects.toThrow("a part of its path is a file, not a directory.");
    expect((await readdir(directory)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

test("the system's codes are told in words", () => {
  for (const code of ["EACCES", "EPERM", "EBUSY", "EROFS", "ENOSPC"]) {
    expect(ioMessages.reason(code, `${code}: some words, rename 'a' -> 'b'`)).toMatch(/^[a-z][a-z ]+$/);
  }
  expect(ioMessages.reason("ETXTBSY", "ETXTBSY: text file is busy, rename 'a' -> 'b'")).toBe("text file is busy");
  expect(ioMessages.reason("", "no words known")).toBe("no words known");
});

describe("a data package", () => {
  const describePackage = async (name: string, resources: unknown): Promise<string> => {
    await mkdir(at(name), { recursive: true });
    await writeFile(join(at(name), "datapackage.json"), JSON.stringify({ name: "p", resources }));
    return at(name);
  };

  test("gives its tables by name, with their schemas and delimiters", async () => {
    const path = await describePackage("package", [
      { name: "schools", path: "schools.csv", schema: "schools.schema.json" },
      {
        name: "lessons",
        path: "data/lessons.csv",
        dialect: { delimiter: ";" },
        schema: { fields: [{ name: "g", categories: ["z", "y"] }] },
      },
    ]);
    await mkdir(join(path, "data"));
    await writeFile(join(path, "schools.csv"), "id\n1\n");
    await writeFile(join(path, "schools.schema.json"), JSON.stringify({ fields: [{ name: "id", type: "string" }] }));
    await writeFile(join(path, "data/lessons.csv"), "g\ny\n");
    const tables = await readDataPackage(path);
    expect([...tables.keys()]).toEqual(["schools", "lessons"]);
    expect(tables.get("schools")!.column("id").kind).toBe("factor");
    expect(tables.get("lessons")!.column("g")).toMatchObject({ levels: ["z", "y"] });
    expect((await readDataPackage(join(path, "datapackage.json"))).size).toBe(2);
  });

  test("never reads outside its directory", async () => {
    for (const path of ["../a.csv", "/etc/hosts", "data/../../a.csv", "http://example.org/a.csv"]) {
      const name = await describePackage("outside", [{ name: "x", path }]);
      await expect(readDataPackage(name)).rejects.toThrow("which is not a file in the package");
    }
  });

  test("that is none says where it is wrong", async () => {
    await expect(readDataPackage(at("nowhere"))).rejects.toThrow("There is no file");
    await expect(readDataPackage(await describePackage("wrong", {}))).rejects.toThrow("resources must be an array.");
    await expect(readDataPackage(await describePackage("wrong", [{}]))).rejects.toThrow("resources[0] has no name.");
    await expect(
      readDataPackage(await describePackage("wrong", [{ name: "x", path: "a.csv", dialect: { header: false } }])),
    ).rejects.toThrow("has a file without a header line");
    await expect(readDataPackage(await describePackage("wrong", [{ name: "x" }]))).rejects.toThrow(
      'resource "x" must have one path to a CSV file.',
    );
  });
});
