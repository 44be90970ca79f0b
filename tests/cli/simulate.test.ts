/** `mist simulate`: what it writes, what it prints, and what it refuses. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mist } from "./run.js";

const home = mkdtempSync(join(tmpdir(), "mist-simulate-"));
const small = ["--preset", "tiny", "--no-students"];

describe("mist simulate", () => {
  test("writes a study and lists its tables", async () => {
    const out = join(home, "a");
    const { code, out: printed, error } = await mist("simulate", ...small, "--seed", "5", "--out", out);
    expect([code, error]).toEqual([0, ""]);
    expect(printed.split("\n")[0]).toMatch(/^.*: 4\d tables, \d+ rows, \d\.\d MB$/);
    expect(printed).toMatch(/^ {2}districts\.csv +2 rows$/m);
    expect(readdirSync(out)).toContain("truth.json");
    expect(JSON.parse(readFileSync(join(out, "truth.json"), "utf8")).seed).toBe(5);
  });

  test("takes parameters, switches and missingness", async () => {
    const out = join(home, "b");
    const set = ["--set", "beta_expl_prod=0.9,beta_mkt=0", "--set", "turnover=.3"];
    const { code } = await mist("simulate", ...small, ...set, "--without", "growth,pm", "--missing", "none", "--out", out);
    const { parameters } = JSON.parse(readFileSync(join(out, "truth.json"), "utf8")) as { parameters: { name: string; value: number }[] };
    const value = (name: string): number | undefined => parameters.find((parameter) => parameter.name === name)?.value;
    expect([code, value("beta_expl_prod"), value("beta_mkt"), value("turnover"), value("gamma_vis"), value("pm_step")]).toEqual([
      0, 0.9, 0, 0.3, 0, 0,
    ]);
    expect(readdirSync(out)).not.toContain("missing_log.csv");
  });

  test("prints JSON when asked", async () => {
    const out = join(home, "c");
    const { out: printed } = await mist("simulate", ...small, "--gzip", "all", "--json", "--out", out);
    const { schemaVersion, tables } = JSON.parse(printed);
    expect(schemaVersion).toBe(1);
    expect(tables[0]).toMatchObject({ name: "districts", path: "districts.csv.gz", rows: 2 });
  });

  test("writes the same files again only when told", async () => {
    const out = join(home, "d");
    await mist("simulate", ...small, "--out", out);
    const refused = await mist("simulate", ...small, "--out", out);
    expect([refused.code, refused.out]).toEqual([2, ""]);
    expect(refused.error).toContain("already holds boundary_encounters.csv");
    expect((await mist("simulate", ...small, "--out", out, "--force")).code).toBe(0);
  });

  test("has help", async () => {
    const { code, out } = await mist("simulate", "--help");
    expect(code).toBe(0);
    expect(out).toContain("mist simulate --preset tiny --seed 1 --out tiny-study");
  });
});

describe("refusals: exit code 2, one message, nothing written", () => {
  test.each([
    [[], "--out is missing"],
    [["--out", "x", "--sed", "1"], "There is no option --sed. Did you mean --seed?"],
    [["--out", "x", "--seed", "one"], '--seed "one" is not a number.'],
    [["--out", "x", "--seed", "1.5"], "The seed is 1.5, but must be a whole number"],
    [["--out", "x", "--scale", "0"], "The scale is 0, but must be a whole number"],
    [["--out", "x", "--scale", "tiny"], '--scale "tiny" is not a number.'],
    [["--out", "x", "--preset", "tinny"], 'There is no preset "tinny". Did you mean "tiny"?'],
    [["--out", "x", "--missing", "all"], 'There is no missingness "all".'],
    [["--out", "x", "--without", "growth,network,meeting"], 'There is no effect "meeting". Did you mean "meetings"?'],
    [["--out", "x", "--gzip", "some"], 'There is no choice for --gzip "some".'],
    [["--out", "x", "--set", "beta_expl_prod"], '--set "beta_expl_prod" cannot be read. Write name=number'],
    [["--out", "x", "--set", "beta_expl_prod=a"], "cannot be read"],
    [["--out", "x", "--set", "beta_mkt=1,beta_mkt=2"], "--set gives beta_mkt twice."],
    [["--out", "x", "--set", "beta_expl_prd=1"], 'There is no parameter "beta_expl_prd". Did you mean "beta_expl_prod"?'],
    [["--out", "x", "--set", "mobility=2"], "Parameter mobility is 2, but must be between 0 and 1."],
  ])("%j", async (argv, words) => {
    const { code, out, error } = await mist("simulate", ...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(error).toContain(words);
    expect(error.trim().split("\n")).toHaveLength(1);
  });

  test("a file in place of the folder", async () => {
    const path = join(home, "file");
    writeFileSync(path, "");
    expect((await mist("simulate", ...small, "--out", path)).error).toBe(`mist: ${path} is a file, not a folder. Choose another name.\n`);
  });
});
