import fc from "fast-check";
import { expect, test } from "vitest";
import { parseNumber } from "../../src/io/csv-number.js";

const parse = (text: string, decimal = ".", leadingZeros = true): number => {
  const bytes = new TextEncoder().encode(text);
  return parseNumber(bytes, 0, bytes.length, decimal.charCodeAt(0), leadingZeros);
};

test("a number is rounded as Number rounds it", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 25 }), (value, digits) => {
      for (const text of [String(value), value.toPrecision(digits), value.toExponential(digits)]) expect(parse(text)).toBe(Number(text));
    }),
    { numRuns: 3000 },
  );
});

test("sixteen to nineteen digits are rounded as Number rounds them, also near ties", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 2n ** 52n, max: 10n ** 19n - 1n }), fc.integer({ min: 0, max: 24 }), (digits, places) => {
      const text = digits.toString().padStart(places + 1, "0");
      const cut = text.length - places;
      const decimal = `${text.slice(0, cut)}.${text.slice(cut)}`;
      expect(parse(decimal)).toBe(Number(decimal));
    }),
    { numRuns: 5000 },
  );
  for (const text of [
    "9007199254740993",
    "9007199254740993.0",
    "9007199254740992.5",
    "4503599627370497.5",
    "1.00000000000000011102230246251565",
    "5e-324",
    "2.2250738585072011e-308",
    "1.7976931348623159e308",
  ]) {
    expect(parse(text)).toBe(Number(text));
  }
});

test("the decimal mark is the one given, and zero keeps its sign", () => {
  expect(parse("-2,5e3", ",")).toBe(-2500);
  expect(parse("2.5", ",")).toBeNaN();
  expect(parse("-0")).toBe(-0);
  expect(parse("007")).toBe(7);
  expect(parse("007", ".", false)).toBeNaN();
  expect(parse("-01.5", ".", false)).toBeNaN();
  expect(parse("0.7", ".", false)).toBe(0.7);
});
