/** The graded-response model beside R: a Rasch model by lme4 and a pair of exchangeable ordered items by ordinal. */
import { expect, test } from "vitest";
import { gradedResponse } from "../../../src/mist/derive/measures/graded-response.js";
import { iqaComposite } from "../../../src/mist/derive/measures/iqa-composite.js";
import { perspIndex } from "../../../src/mist/derive/measures/perspectives.js";
import { vision } from "../../../src/mist/derive/measures/vision.js";

/** Items from answer patterns with counts. */
function itemsOf(patterns: readonly (readonly number[])[]): Float64Array[] {
  const rows = patterns.flatMap((pattern) => Array.from({ length: pattern.at(-1)! }, () => pattern.slice(0, -1)));
  return rows[0]!.map((_, j) => Float64Array.from(rows, (row) => row[j]!));
}

const binary = [
  [0, 0, 0, 0, 8],
  [1, 0, 0, 0, 6],
  [0, 1, 0, 0, 3],
  [1, 1, 0, 0, 7],
  [1, 0, 1, 0, 4],
  [1, 1, 1, 0, 6],
  [1, 1, 0, 1, 3],
  [1, 1, 1, 1, 9],
  [0, 0, 1, 1, 1],
];
const pairs = [
  [0, 0, 9],
  [0, 1, 4],
  [1, 0, 4],
  [1, 1, 8],
  [1, 2, 5],
  [2, 1, 5],
  [2, 2, 10],
  [0, 2, 1],
  [2, 0, 1],
];

test("one slope of binary items is the standard deviation of the Rasch model", () => {
  // glmer(y ~ 0 + item + (1 | id), binomial, nAGQ = 25): 2.189175393
  const { slopes } = gradedResponse(itemsOf(binary), { equalSlopes: true });
  for (const slope of slopes) expect(slope).toBeCloseTo(2.189175393, 3);
});

test("exchangeable ordered items have the slope of the cumulative model with a random intercept", () => {
  // clmm(y ~ 1 + (1 | id), nAGQ = 31): 2.50138329
  const { slopes, scores } = gradedResponse(itemsOf(pairs), { equalSlopes: true });
  for (const slope of slopes) expect(slope).toBeCloseTo(2.50138, 3);
  // (0, 1) and (1, 0) say the same; scores rise with the answers.
  expect(scores[9]).toBeCloseTo(scores[13]!, 6);
  expect(scores[0]!).toBeLessThan(scores[9]!);
  expect(scores[9]!).toBeLessThan(scores[17]!);
});

test("an item that says little has a small slope, a reversed one a negative slope", () => {
  const items = itemsOf(binary);
  const { slopes } = gradedResponse([...items.slice(0, 3), items[3]!.map((x) => 1 - x)]);
  expect(slopes[3]!).toBeLessThan(-0.5);
  expect(Math.min(...slopes.slice(0, 3))).toBeGreaterThan(0.5);
});

test("missing answers are skipped, too few give no score, and so does a single item that varies", () => {
  const [a, b] = itemsOf(pairs) as [Float64Array, Float64Array];
  a[0] = Number.NaN;
  const { scores } = gradedResponse([a, b], { equalSlopes: true, least: 1 });
  expect(scores[0]!).toBeGreaterThan(scores[1]!);
  expect(gradedResponse([a, b], { equalSlopes: true, least: 2 }).scores[0]).toBeNaN();
  expect(Array.from(gradedResponse([a, b.map(() => 1)]).scores)).toEqual(Array(47).fill(Number.NaN));
});

test("V8, V10 and V12 use it", () => {
  const [a, b] = itemsOf(pairs) as [Float64Array, Float64Array];
  const c = a.map((x, i) => Math.min(2, Math.max(x, b[i]!)));
  const codes = [a.map((x) => x - 1), b.map((x) => x - 1)] as const;
  expect(perspIndex(codes[0], codes[1], "latent")).toEqual(gradedResponse(codes, { equalSlopes: true, least: 2 }).scores);
  expect(vision([a, b, c], "graded_response")).toEqual(gradedResponse([a, b, c], { least: 2 }).scores);
  expect(iqaComposite([a, b, c], "graded_response")).toEqual(gradedResponse([a, b, c], { least: 3 }).scores);
});
