/** mist bootstrap: what it prints, and that a run which was stopped and begun again is one that ran through. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bootstrap } from "../../src/inference/bootstrap.js";
import { bootstrapIntervals } from "../../src/inference/bootstrap-intervals.js";
import type { BootstrapRecord } from "../../src/inference/bootstrap-record.js";
import { lmm } from "../../src/inference/lmm.js";
import { readTable } from "../../src/io/read-table.js";
import { data, file, mist, root } from "./run.js";

const sleep = ["bootstrap", "--data", data("sleepstudy.csv"), "--formula", "Reaction ~ Days + (Days | Subject)"];
const sleepFit = async () => lmm("Reaction ~ Days + (Days | Subject)", await readTable(data("sleepstudy.csv")));

/** A name at which there is no file. */
function nothing(): string {
  const path = file("", "boot.json");
  rmSync(path);
  return path;
}

const sameBytes = (a: string, b: string): boolean => readFileSync(a).equals(readFileSync(b));

async function done(...argv: readonly string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect([code, error]).toEqual([0, ""]);
  return out;
}

async function refused(...argv: readonly string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect([code, out]).toEqual([2, ""]);
  return error.replace(/^mist: /, "").trimEnd();
}

describe("mist bootstrap", () => {
  test.each(["parametric", "residual", "cluster"] as const)("%s: intervals of the library's own record", async (type) => {
    const record = await bootstrap(await sleepFit(), { type, seed: 11, replicates: 25 });
    const json = JSON.parse(await done(...sleep, "--type", type, "--seed", "11", "--replicates", "25", "--json"));
    expect(json).toMatchObject({
      schemaVersion: 1,
      kind: "bootstrap",
      type,
      seed: 11,
      replicates: 25,
      randomEffects: type === "parametric" ? "new" : null,
      cluster: type === "cluster" ? "Subject" : null,
      interval: "percentile",
      level: 0.95,
      counts: { done: 25 },
    });
    expect(json.terms).toMatchObject(bootstrapIntervals(record).map(({ term, lower, upper }) => ({ term, lower, upper })));
    const days = record.done.map(({ values }) => values![5]!);
    const mean = days.reduce((sum, value) => sum + value, 0) / 25;
    expect(json.terms[5]).toMatchObject({ term: "Days", part: "mean", group: null });
    expect(json.terms[5].bias).toBeCloseTo(mean - record.estimate[5]!, 10);
    expect(json.terms[5].stdError ** 2).toBeCloseTo(days.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 24, 8);
  });

  test("prints a table", async () => {
    const out = await done(...sleep, "--replicates", "20", "--interval", "basic", "--conf", "0.9");
    expect(out).toMatch(/^Parametric bootstrap, 20 replicates, seed 1\.\nReaction ~ Days/);
    expect(out).toContain("90 % confidence intervals (basic bootstrap)");
    expect(out).toMatch(/^ sd__Days +Subject +5\.9\d+ /m);
    expect(out).toMatch(/^20 replicates: \d+ failed, \d+ at the boundary, \d+ not converged\.$/m);
  });

  test("BCa intervals leave out each unit once", async () => {
    const path = nothing();
    const json = JSON.parse(await done(...sleep, "--replicates", "25", "--interval", "bca", "--out", path, "--json"));
    const record = await bootstrap(await sleepFit(), { type: "parametric", seed: 1, replicates: 25, jackknife: true });
    expect(json.terms).toMatchObject(bootstrapIntervals(record, { kind: "bca" }).map(({ lower, upper }) => ({ lower, upper })));
    expect(JSON.parse(readFileSync(path, "utf8")).jackknife).toHaveLength(18);
  });
});

describe("--out", () => {
  const asked = ["--replicates", "60", "--seed", "7", "--interval", "bca"];

  test("a run that goes on from any part of its file gives the same bytes and the same output", async () => {
    const [whole, part] = [nothing(), nothing()];
    const printed = await done(...sleep, ...asked, "--out", whole);
    const record: BootstrapRecord = JSON.parse(readFileSync(whole, "utf8"));
    for (const kept of [0, 1, 59]) {
      const jackknife = record.jackknife.slice(0, kept === 59 ? 5 : 0);
      // Also replicates that are out of order: workers finish when they finish.
      writeFileSync(part, JSON.stringify({ ...record, done: record.done.slice(60 - kept), jackknife }));
      expect(await done(...sleep, ...asked, "--out", part)).toBe(printed.replace(whole, part));
      expect(sameBytes(part, whole)).toBe(true);
    }
  });

  test("what is not said is as in the file, and more replicates are added to it", async () => {
    const [whole, part] = [nothing(), nothing()];
    await done(...sleep, "--type", "residual", "--seed", "3", "--replicates", "30", "--out", whole);
    await done(...sleep, "--type", "residual", "--seed", "3", "--replicates", "12", "--out", part);
    expect(await done(...sleep, "--out", part)).toContain("Residual bootstrap, 12 replicates, seed 3.");
    await done(...sleep, "--replicates", "30", "--out", part);
    expect(sameBytes(part, whole)).toBe(true);
  });

  test("Ctrl-C keeps what was done, says so, and the same command goes on", async () => {
    const [whole, part] = [nothing(), nothing()];
    const long = ["--replicates", "1500", "--seed", "2"];
    const running = mist(...sleep, ...long, "--out", part);
    while (!existsSync(part)) await new Promise((resolve) => setTimeout(resolve, 5));
    process.emit("SIGINT");
    const { code, out, error } = await running;
    expect([code, out]).toEqual([2, ""]);
    expect(error).toBe(`mist: The bootstrap was stopped; what was done is in ${part}. The same command goes on from there.\n`);
    const kept: BootstrapRecord = JSON.parse(readFileSync(part, "utf8"));
    expect(kept.done.length).toBeLessThan(1500);
    expect(kept.done.filter(({ values }) => values === null)).toEqual([]);
    await done(...sleep, ...long, "--out", part);
    await done(...sleep, ...long, "--out", whole);
    expect(sameBytes(part, whole)).toBe(true);
  });

  test("refuses a file of another bootstrap, and what is none", async () => {
    const path = nothing();
    await done(...sleep, "--replicates", "5", "--out", path);
    expect(await refused(...sleep, "--seed", "2", "--out", path)).toBe(
      `"${path}" holds a bootstrap with --seed 1, not 2. Leave --seed out to go on with it, or name another file for --out.`,
    );
    expect(await refused(...sleep, "--type", "cluster", "--out", path)).toContain("holds a bootstrap with --type parametric, not cluster.");
    expect(await refused(...sleep, "--random-effects", "conditional", "--out", path)).toContain("--random-effects new, not conditional.");
    expect(await refused(...sleep, "--replicates", "4", "--out", path)).toContain("holds a bootstrap of 5 replicates, more than 4.");
    const other = ["bootstrap", "--data", data("sleepstudy.csv"), "--formula", "Reaction ~ Days + (1 | Subject)", "--out", path];
    expect(await refused(...other)).toContain("holds a bootstrap of Reaction ~ Days + (Days | Subject) with other data,");
    for (const text of ["{}", "null", "[1]", '{"kind":"bootstrap","schemaVersion":1}']) {
      const strange = file(text, "strange.json");
      expect(await refused(...sleep, "--out", strange)).toContain("exists and is not the record of a bootstrap.");
      expect(readFileSync(strange, "utf8")).toBe(text);
    }
    expect(await refused(...sleep, "--out", file("not JSON", "text.json"))).toContain("text.json");
    expect(await refused(...sleep, "--out", "/nowhere/at/all/boot.json")).toContain("boot.json");
    expect(await refused(...sleep, "--out", data("."))).toContain("is a directory");
  });
});

test.each([
  [["--type", "parametrc"], 'There is no type of bootstrap "parametrc". Did you mean "parametric"? Use parametric, residual or cluster.'],
  [["--interval", "bcaa"], 'There is no bootstrap interval "bcaa". Did you mean "bca"? Use percentile, basic or bca.'],
  [["--replicates", "1e3"], '--replicates "1e3" is not a whole number of 1 or more.'],
  [["--seed", "1.5"], '--seed "1.5" is not a whole number of 0 or more.'],
  [["--workers", "0"], '--workers "0" is not a whole number of workers'],
  [["--type", "residual", "--random-effects", "new"], "--random-effects is for --type parametric, which draws them"],
  [
    ["--type", "residual", "--cluster", "Subject"],
    "it goes with --type cluster, or with --interval bca, not with a residual bootstrap alone.",
  ],
  [["--type", "cluster", "--cluster", "Days"], '"Days" is not a grouping factor of this model'],
] as const)("mist bootstrap refuses %j", async (argv, message) => {
  expect(await refused(...sleep, ...argv)).toContain(message);
});

test("a residual bootstrap is of linear models", async () => {
  const model = ["--data", data("hsb82.csv"), "--schema", data("hsb82.schema.json"), "--formula", "minrty ~ sector + (1 | school)"];
  expect(await refused("bootstrap", ...model, "--family", "binomial", "--type", "residual")).toContain("is for linear models");
});

// `npm test` builds before it tests; by itself vitest may find no build.
describe.runIf(existsSync(join(root, "dist", "esm", "cli", "bootstrap-command.js")))("the built program", () => {
  const run = (path: string): ChildProcess =>
    spawn(process.execPath, [join(root, "bin", "mist.js"), ...sleep, "--replicates", "20000", "--workers", "2", "--out", path], {
      stdio: "ignore",
    });
  const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once("exit", resolve));
  const replicates = (path: string): number =>
    existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as BootstrapRecord).done.length : 0;

  test("killed half-way, it leaves a file that the same command goes on from", { timeout: 120_000 }, async () => {
    const path = nothing();
    const child = run(path);
    while (replicates(path) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill("SIGKILL");
    await ended(child);
    const kept = replicates(path);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(20000);
    const record: BootstrapRecord = JSON.parse(readFileSync(path, "utf8"));
    // The rest of 20,000 would take long: what was kept is what a run through to the first of them would have.
    const through = await bootstrap(await sleepFit(), { type: "parametric", seed: 1, replicates: 40 });
    expect(record.done.slice(0, 40)).toEqual(through.done.slice(0, Math.min(40, kept)));
    writeFileSync(path, JSON.stringify({ ...record, replicates: 400, done: record.done.filter(({ replicate }) => replicate < 250) }));
    await done(...sleep, "--out", path);
    const whole = nothing();
    await done(...sleep, "--replicates", "400", "--out", whole);
    expect(sameBytes(path, whole)).toBe(true);
  });
});
