import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { studentTTwoSided } from "../../../src/inference/distributions/student-t.js";
import {
  studentizedRangeCdf,
  studentizedRangeQuantile,
  studentizedRangeTails,
  studentizedRangeUpper,
} from "../../../src/inference/distributions/studentized-range.js";
import { relative } from "./reference.js";

type Rows = readonly (readonly (number | string)[])[];

const tails: Rows = JSON.parse(readFileSync(new URL("studentized-range.json", import.meta.url), "utf8"));
const r: { readonly ptukey: Rows; readonly qtukey: Rows } = JSON.parse(
  readFileSync(new URL("../../reference/inference/tests/several.json", import.meta.url), "utf8"),
);
const numbers = (row: readonly (number | string)[]): number[] =>
  row.map((value) => (value === "Inf" ? Number.POSITIVE_INFINITY : Number(value)));

describe("the studentized range agrees with outside values", () => {
  it.each(tails.map((row) => [row.slice(0, 3).join(", "), numbers(row)] as const))("quadrature, both tails: %s", (_, row) => {
    const [q, means, df, lower, upper] = row as [number, number, number, number, number];
    // The quadrature that these values come from has twelve digits.
    expect(relative(studentizedRangeCdf(q, means, df), lower)).toBeLessThan(1e-11);
    expect(relative(studentizedRangeUpper(q, means, df), upper)).toBeLessThan(1e-11);
  });

  // R's ptukey(q, 2, df) differs from its own pt by 6e-5 with 2 df, and by 5e-8 in the range of 40 means from the quadrature above.
  const middle = (row: readonly number[]): boolean => row[2]! >= 10;

  it("R's ptukey with 10 df and more, to the seven digits that it has", () => {
    const rows = r.ptukey.map(numbers).filter(middle);
    expect(rows.length).toBeGreaterThan(60);
    for (const [q, means, df, value] of rows) {
      expect(Math.abs(studentizedRangeCdf(q!, means!, df!) - value!), `${q} ${means} ${df}`).toBeLessThan(2e-7);
    }
  });

  it("R's qtukey with 10 df and more", () => {
    const rows = r.qtukey.map(numbers).filter(middle);
    expect(rows.length).toBeGreaterThan(20);
    for (const [p, means, df, value] of rows) {
      expect(Math.abs(studentizedRangeQuantile(p!, means!, df!) - value!), `${p} ${means} ${df}`).toBeLessThan(1e-6);
    }
  });

  it("the range of two means is Student's t times the root of two, far into the tail", () => {
    for (const df of [0.7, 1, 2, 5, 20, 300, 1e5, Number.POSITIVE_INFINITY]) {
      for (const q of [0.01, 1, 3, 6, 10, 25]) {
        const upper = studentizedRangeUpper(q, 2, df);
        expect(relative(upper, studentTTwoSided(q / Math.SQRT2, df)), `${q} ${df}`).toBeLessThan(1e-10);
      }
    }
  });
});

describe("the studentized range", () => {
  it("leads back from a quantile to its probability, in either tail", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -30, max: Math.log(0.999), noNaN: true }),
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        (logP, means, exponent) => {
          const p = Math.exp(logP);
          const df = 10 ** exponent;
          expect(relative(studentizedRangeUpper(studentizedRangeQuantile(p, means, df, "upper"), means, df), p)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("has tails that sum to one, and a slope that is their derivative", () => {
    for (const [q, means, df] of [
      [2.2, 4, 9],
      [5, 30, 3],
      [1, 3, Number.POSITIVE_INFINITY],
    ] as const) {
      const { lower, upper, slope } = studentizedRangeTails(q, means, df);
      expect(lower + upper).toBeCloseTo(1, 13);
      const h = 1e-5;
      const difference = (studentizedRangeCdf(q * (1 + h), means, df) - studentizedRangeCdf(q * (1 - h), means, df)) / (2 * h);
      expect(relative(slope, difference)).toBeLessThan(1e-8);
    }
  });

  it("is not defined for one mean, half a mean, or no degrees of freedom", () => {
    for (const [means, df] of [
      [1, 5],
      [2.5, 5],
      [3, 0],
      [3, Number.NaN],
    ] as const)
      expect(studentizedRangeCdf(2, means, df)).toBeNaN();
    expect(studentizedRangeUpper(-1, 3, 5)).toBe(1);
    expect(studentizedRangeQuantile(1, 3, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(studentizedRangeQuantile(0, 3, 5)).toBe(0);
    expect(studentizedRangeQuantile(1.5, 3, 5)).toBeNaN();
  });
});
