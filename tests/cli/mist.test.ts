/** The command line: what it prints, what it saves, and its exit codes. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { classicModels } from "../../src/cli/classic-models.js";
import { main } from "../../src/cli/mist.js";
import { VERSION } from "../../src/cli/version.js";
import { data, file, mist, root } from "./run.js";

const run = promisify(execFile);
const sleep = ["--data", data("sleepstudy.csv")];
const formula = ["--formula", "Reaction ~ Days + (Days | Subject)"];

describe("mist", () => {
  test("prints help for itself and for each command, with examples", async () => {
    for (const argv of [[], ["--help"], ["-h"], ["help"]]) {
      const { code, out } = await mist(...argv);
      expect(code).toBe(0);
      expect(out).toContain("mist fit --data FILE --formula FORMULA");
    }
    for (const command of ["fit", "compare", "describe"]) {
      const { code, out } = await mist(command, "--help");
      expect(code).toBe(0);
      expect(out).toMatch(/^Examples\n {2}mist /m);
      expect((await mist("help", command)).out).toBe(out);
    }
  });

  test("knows its version", async () => {
    expect(VERSION).toBe(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version);
    expect(await mist("--version")).toEqual({ code: 0, out: `${VERSION}\n`, error: "" });
  });

  test("reports a defect of its own as such, without a stack trace", async () => {
    let error = "";
    const code = await main(["fit", ...sleep, ...formula], {
      out: () => {
        throw new TypeError("x is not a function");
      },
      error: (text) => {
        error += text;
      },
    });
    expect(code).toBe(3);
    expect(error).toBe(
      "mist: This is a defect of mist, not of your data: x is not a function. Please report it with the command that you used.",
    );
  });
});

describe("mist fit", () => {
  test("prints a summary", async () => {
    const { code, out, error } = await mist("fit", ...sleep, ...formula);
    expect([code, error]).toEqual([0, ""]);
    expect(out).toBe(readFileSync(join(root, "tests", "inference", "printed", "sleepstudy.lme4.txt"), "utf8"));
    expect((await mist("fit", ...sleep, ...formula, "--style", "hlm")).out).toContain("For INTRCPT1, β0");
  });

  test("prints one JSON object", async () => {
    const { out } = await mist("fit", ...sleep, ...formula, "--json", "--method", "ML", "--df", "residual");
    const json = JSON.parse(out);
    expect(json).toMatchObject({ schemaVersion: 1, method: "ML", nobs: 180, groups: { Subject: 18 }, df: "residual" });
    expect(json.criterion).toBeCloseTo(1751.939, 3);
    expect(json.fixed[0].df).toBe(178);
    expect(json.timing.readMs).toBeGreaterThan(0);
  });

  test("takes weights, a schema and contrasts", async () => {
    const weighted = ["--data", data("sleepstudy-weighted.csv"), ...formula, "--weights", "w", "--json"];
    expect(JSON.parse((await mist("fit", ...weighted)).out).weights).toBe("w");
    const hsb = [
      "--data",
      data("hsb82.csv"),
      "--schema",
      data("hsb82.schema.json"),
      "--formula",
      "mAch ~ sector + minrty + (1 | school)",
      "--json",
    ];
    const terms = async (...more: string[]): Promise<string[]> =>
      JSON.parse((await mist("fit", ...hsb, ...more)).out).fixed.map((row: { term: string }) => row.term);
    expect(await terms()).toEqual(["(Intercept)", "sectorCatholic", "minrtyYes"]);
    expect(await terms("--contrasts", "sector=sum,minrty=helmert")).toEqual(["(Intercept)", "sector1", "minrty1"]);
  });

  test("tells in a note which rows it left out", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${Math.sin(i * i) + (i % 5)},${i === 3 ? "NA" : i % 7},g${i % 5}`);
    const { code, out } = await mist("fit", "--data", file(`y,x,g\n${rows.join("\n")}\n`), "--formula", "y ~ x + (1 | g)", "--json");
    expect(code).toBe(0);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ nobs: 39, droppedRows: 1 });
    expect(json.notes.map((note: { code: string }) => note.code)).toContain("dropped-rows");
  });
});

describe("how files are read", () => {
  const rows = Array.from(
    { length: 40 },
    (_, i) => `${Math.sin(i * i) + (i % 5)},${[-9, -8][i] ?? i % 7},${i % 2 === 0 ? "\xe9" : "e"}${i % 5}`,
  );
  const path = file(Buffer.from(`y,x,g\n${rows.join("\n")}\n`, "latin1"));
  const reading = ["--data", path, "--encoding", "windows-1252", "--missing", "-9, -8"];

  test("--encoding and --missing are heeded by each command", async () => {
    const fit = await mist("fit", ...reading, "--formula", "y ~ x + (1 | g)", "--json");
    expect(JSON.parse(fit.out)).toMatchObject({ nobs: 38, droppedRows: 2, groups: { g: 10 } });
    const compared = await mist("compare", ...reading, "--formula", "y ~ x + (1 | g)", "--formula", "y ~ 1 + x + I(x^2) + (1 | g)");
    expect([compared.code, compared.error]).toEqual([0, ""]);
    const { out } = await mist("describe", ...reading);
    expect(out).toContain("é0 4");
    expect(out).toMatch(/^x +38 +2 /m);
  });

  test("--encoding is heeded for the files of a directory", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mist-describe-"));
    writeFileSync(join(folder, "a.csv"), Buffer.from("g,x\n\xe9,1\n", "latin1"));
    expect((await mist("describe", "--data", folder)).code).toBe(2);
    expect((await mist("describe", "--data", folder, "--encoding", "latin1")).out).toContain("1: é 1");
  });
});

describe("mist compare", () => {
  test("compares saved fits", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mist-compare-"));
    const [a, b] = [join(folder, "a.json"), join(folder, "b.json")];
    const { out } = await mist("fit", ...sleep, "--formula", "Reaction ~ Days + (1 | Subject)", "--method", "ml", "--save", a);
    expect(out).toContain("maximum likelihood");
    await mist("fit", ...sleep, ...formula, "--method", "ml", "--save", b);
    const compared = await mist("compare", a, b);
    expect(compared.code).toBe(0);
    expect(compared.out).toContain("50:50 mixture of chi-square with 1 and 2 d.f.");
    const fresh = ["compare", ...sleep, "--formula", "Reaction ~ Days + (1 | Subject)", ...formula, "--json"];
    const rows = JSON.parse((await mist(...fresh)).out).rows;
    const saved = JSON.parse((await mist("compare", a, b, "--json")).out).rows;
    expect(saved.map((row: { chiSquare: number }) => row.chiSquare)).toEqual(rows.map((row: { chiSquare: number }) => row.chiSquare));
    expect(saved.map((row: { model: string }) => row.model)).toEqual([a, b]);
  });

  test("refuses REML fits with different fixed effects", async () => {
    const { code, out, error } = await mist(
      "compare",
      ...sleep,
      "--formula",
      "Reaction ~ 1 + (1 | Subject)",
      ...formula,
      "--method",
      "reml",
    );
    expect([code, out]).toEqual([2, ""]);
    expect(error).toContain('Refit both with method "ml" (--method ml)');
  });
});

describe("mist describe", () => {
  test("describes a file", async () => {
    const { code, out } = await mist("describe", "--data", data("sleepstudy.csv"));
    expect(code).toBe(0);
    expect(out).toContain("sleepstudy.csv: 180 rows");
    expect(out).toMatch(/^Reaction +180 +0 +298\.51/m);
  });

  test("shows identifiers in full and columns that are text by mistake", async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${299_940 + i},${i === 6 ? "1.003,50" : i / 2}`);
    const path = file(`id,x\n${rows.join("\n")}\n`.replace("1.003,50", '"1.003,50"'));
    const { out } = await mist("describe", "--data", path);
    expect(out).toMatch(/^id .* 299940 .* 299999$/m);
    expect(out).toMatch(/\n\nx: read as text because 1 of 60 values is not a number: "1\.003,50" in row 7\n$/);
    const { tables } = JSON.parse((await mist("describe", "--data", path, "--json")).out);
    expect(tables[0].columns[1].nearlyNumeric).toEqual({ value: "1.003,50", row: 7, count: 1, total: 60 });
  });

  test("describes the tables of a directory as JSON", async () => {
    const { tables } = JSON.parse((await mist("describe", "--data", data("."), "--json")).out);
    const names = tables.map(({ name }: { name: string }) => name);
    expect(names).toContain("hsb82.csv");
    const school = tables[names.indexOf("hsb82.csv")].columns.find(({ name }: { name: string }) => name === "school");
    expect(school.kind).toBe("factor");
    expect(school.levels).toHaveLength(160);
  });
});

test("the classic models print as they did", async () => {
  await expect(`${await classicModels(join(root, "data"))}\n`).toMatchFileSnapshot("printed/classic-models.txt");
});

// `npm test` builds before it tests; by itself vitest may find no build.
describe.runIf(existsSync(join(root, "dist", "esm", "cli", "mist.js")))("the built program", () => {
  const bin = join(root, "bin", "mist.js");

  test("writes the result to standard output and nothing else", async () => {
    const { stdout, stderr } = await run(process.execPath, [bin, "fit", ...sleep, ...formula, "--json"]);
    expect(JSON.parse(stdout).nobs).toBe(180);
    expect(stderr).toBe("");
  });

  test("ends with code 2 and one message on standard error", async () => {
    const failure = run(process.execPath, [bin, "fit", ...sleep, "--formula", "Reaction ~ Dys"]);
    await expect(failure).rejects.toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/^mist: .*Days/) });
  });

  test("ends quietly when its reader goes away", async () => {
    const { stdout, stderr } = await run("sh", [
      "-c",
      `"${process.execPath}" "${bin}" describe --data "${data("hsb82.csv")}" --json | head -c 10`,
    ]);
    expect([stdout.length, stderr]).toEqual([10, ""]);
  });
});
