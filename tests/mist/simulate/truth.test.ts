/** What the truth files say, and that nothing in the generator depends on the machine. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { normalOptions } from "../../../src/mist/simulate/options.js";
import { parameterNames, parameters } from "../../../src/mist/simulate/parameters.js";
import { simulate } from "../../../src/mist/simulate/simulate.js";
import { GENERATOR_VERSION, impliedCoefficients } from "../../../src/mist/simulate/truth.js";
import { rowsOf, shareOf } from "./studies.js";

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "src", "mist", "simulate");

describe("truth.json", () => {
  const { truth, tables } = simulate({ preset: "tiny", overrides: { beta_prior: 0.6, beta_ctx: 0.2 } });

  test("has every parameter as it was used, changed ones as assumptions", () => {
    expect(truth.parameters.map(({ name }) => name)).toEqual([...parameterNames]);
    expect(truth.parameters).toContainEqual({ name: "beta_prior", value: 0.6, basis: "assumption" });
    expect(truth.parameters).toContainEqual({ name: "miss_filmed", value: 0.05, basis: "derived" });
    expect([truth.version, truth.seed, truth.scale, truth.preset]).toEqual([GENERATOR_VERSION, 20071011, 1, "tiny"]);
  });

  test("has the counts of the tables", () => {
    for (const [name, table] of Object.entries(tables)) expect(truth.counts[name], name).toBe(table.rowCount);
  });

  test("has coefficients that follow from the parameters", () => {
    expect(truth.implied.A30).toEqual({
      kind: "values",
      terms: { "cwc(math_prior_z, section_id)": 0.6, prior_mean: 0.6 + 0.2, elTRUE: -0.05, frlTRUE: -0.08, maint_share: 0.08 },
    });
    expect(truth.implied.A18).toEqual({ kind: "sign", terms: { mtg_quality: 1, mtg_hours: 0 } });
  });

  test("has nothing but zeros under preset null", () => {
    for (const implied of Object.values(impliedCoefficients(normalOptions({ preset: "null" })))) {
      expect(new Set(Object.values(implied.terms))).toEqual(new Set([0]));
    }
  });
});

describe("truth tables", () => {
  test("have one row of true practice for each focal teacher-year", () => {
    const rows = rowsOf({ preset: "tiny" });
    const focal = rows.teacher_years.filter((row) => row.focal).map((row) => `${row.teacher_id} ${row.cycle}`);
    expect(rows.truth_teacher_years.map((row) => `${row.teacher_id} ${row.cycle}`)).toEqual(focal);
  });

  test("raters who drift give lower records than raters who do not, and never below 1", () => {
    const drift = rowsOf({ preset: "tiny", scale: 3, student: { include: false }, overrides: { rater_drift: 0.1 } });
    const none = rowsOf({ preset: "tiny", scale: 3, student: { include: false } });
    const before = new Map(none.iqa_ratings.map((row) => [`${row.lesson_id} ${row.rating_order}`, row]));
    const records = drift.iqa_ratings.filter((row) => row.rating_order === 1);
    const steps = records.map((row) => Number(before.get(`${row.lesson_id} 1`)!.implementation) - Number(row.implementation));
    expect(steps.every((step) => step === 0 || step === 1)).toBe(true);
    expect(shareOf(steps, (step) => step === 1)).toBeGreaterThan(0.1);
    expect(records.every((row) => row.potential === before.get(`${row.lesson_id} 1`)!.potential)).toBe(true);
  });
});

test("every parameter has a meaning, and a basis that the codebook knows", () => {
  for (const { meaning, basis, value } of Object.values(parameters)) {
    expect(meaning.length).toBeGreaterThan(10);
    expect(["published", "derived", "public", "assumption"]).toContain(basis);
    expect(Number.isFinite(value)).toBe(true);
  }
});

test("no function whose last digits an engine may choose makes a number, and no clock", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const used = files.flatMap((file) => {
    const text = readFileSync(join(source, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
    return [...text.matchAll(/\bMath\.(\w+)|\*\*|\bDate\b|localeCompare|toLocale/g)].map(([found]) => found);
  });
  expect(files.length).toBeGreaterThan(25);
  expect([...new Set(used)].sort()).toEqual(["Math.abs", "Math.floor", "Math.max", "Math.min", "Math.round", "Math.sqrt"]);
});
