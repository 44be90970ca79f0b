import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { logFactorial, stirlingOnLogScale } from "../../../src/models/special/log-gamma.js";
import { logNormalCdf } from "../../../src/models/special/log-normal-cdf.js";
import { risingFactorial, risingTable } from "../../../src/models/special/rising-factorial.js";

/** From mpmath (`special.py`). */
const reference = JSON.parse(readFileSync(new URL("special.json", import.meta.url), "utf8")) as Record<string, number[][]>;

function worst(entries: readonly number[][], errorOf: (entry: number[]) => number): { error: number; entry: string } {
  let found = { error: -1, entry: "" };
  for (const entry of entries) {
    const error = errorOf(entry);
    if (!(error <= found.error)) found = { error: Number.isNaN(error) ? Number.POSITIVE_INFINITY : error, entry: entry.join(", ") };
  }
  return found;
}

const out = new Float64Array(4);

describe("what Stirling's formula leaves out of log Gamma", () => {
  it("agrees with 60 digits in value and derivatives, from a = 1e-26 to 1e11", () => {
    const { error, entry } = worst(reference.stirling!, ([at, ...expected]) => {
      stirlingOnLogScale(at!, 3, out);
      // absolute: s stands in log-likelihoods beside numbers of the size of 1; it is relative where s itself is large
      return Math.max(...expected.map((value, k) => Math.abs(out[k]! - value) / Math.max(1, Math.abs(value))));
    });
    expect(error, entry).toBeLessThan(2e-15);
  });

  it("agrees to relative accuracy above a = 10, and has its limit where a underflows", () => {
    const { error, entry } = worst(
      reference.stirling!.filter(([at]) => at! >= 2.31),
      ([at, ...expected]) => {
        stirlingOnLogScale(at!, 3, out);
        return Math.max(...expected.map((value, k) => Math.abs(out[k]! / value - 1)));
      },
    );
    expect(error, entry).toBeLessThan(1e-14);
    stirlingOnLogScale(-1e300, 3, out);
    expect([...out]).toEqual([5e299, -0.5, 0, 0]);
    stirlingOnLogScale(1e300, 3, out);
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(1e-290);
  });

  it("gives back factorials", () => {
    expect(logFactorial(0)).toBe(0);
    expect(logFactorial(1)).toBe(0);
    let sum = 0;
    for (let n = 2; n <= 400; n++) {
      sum += Math.log(n);
      expect(Math.abs(logFactorial(n) / sum - 1)).toBeLessThan(1e-14);
    }
  });
});

describe("the rising factorial beside the power", () => {
  it("agrees with 60 digits, relatively, on every branch", () => {
    const { error, entry } = worst(reference.rising!, ([at, y, ...expected]) => {
      risingFactorial(at!, y!, 3, out);
      return Math.max(...expected.map((value, k) => Math.abs(out[k]! - value) / Math.abs(value)).slice(0, 3));
    });
    expect(error, entry).toBeLessThan(1e-13);
    const third = worst(reference.rising!, ([at, y, ...expected]) => {
      risingFactorial(at!, y!, 3, out);
      // the third derivative passes through zero near a = y: relative to the second
      return Math.abs(out[3]! - expected[3]!) / Math.max(Math.abs(expected[3]!), Math.abs(expected[2]!));
    });
    expect(third.error, third.entry).toBeLessThan(1e-13);
  });

  it("is nothing for one factor, and has its limits at both ends", () => {
    risingFactorial(0.3, 1, 3, out);
    expect([...out]).toEqual([0, 0, 0, 0]);
    risingFactorial(1e6, 40, 3, out);
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(1e-290);
    risingFactorial(-1e6, 40, 3, out);
    expect(out[0]).toBeCloseTo(39e6 + logFactorial(39), 6);
    expect([out[1], out[2], out[3]].map((value) => value! + 0)).toEqual([-39, 0, 0]);
  });

  it("is the same from the table, in any order of asking", () => {
    const table = risingTable();
    const other = new Float64Array(4);
    for (const at of [-20, -1, 2, 2, 15, 400]) {
      for (const y of [5, 0, 1, 100, 7, 128, 129, 2000, 2]) {
        table.at(at, y, 2, out);
        risingFactorial(at, y, 2, other);
        if (y === 7) expect([...out.slice(0, 3)]).toEqual(alone(at, y));
        for (let k = 0; k < 3; k++) expect(Math.abs(out[k]! - other[k]!)).toBeLessThanOrEqual(1e-13 * Math.abs(other[k]!));
      }
    }
  });
});

/** From a table that was asked nothing before. */
function alone(at: number, y: number): number[] {
  const numbers = new Float64Array(4);
  risingTable().at(at, y, 2, numbers);
  return [...numbers.slice(0, 3)];
}

describe("log Phi", () => {
  it("agrees with its derivatives in both tails", () => {
    const { error, entry } = worst(reference.normal!, ([z, ...expected]) => {
      logNormalCdf(z!, 3, out);
      return Math.max(...expected.map((value, k) => Math.abs(out[k]! - value) / Math.abs(value)));
    });
    // next to the seam at -4 three digits of the third derivative cancel
    expect(error, entry).toBeLessThan(3e-12);
    const others = worst(
      reference.normal!.filter(([z]) => z! <= -4 || z! > -2),
      ([z, ...expected]) => {
        logNormalCdf(z!, 3, out);
        return Math.max(...expected.map((value, k) => Math.abs(out[k]! - value) / Math.abs(value)));
      },
    );
    expect(others.error, others.entry).toBeLessThan(2e-14);
  });
});
