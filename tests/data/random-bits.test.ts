/** The generator against the published vectors, and the keys of streams: unambiguous, well mixed, without collisions. */
import { describe, expect, test } from "vitest";
import { randomKey, randomStream } from "../../src/data/random.js";
import { keyOfSeed, takeUpPart, threefry } from "../../src/data/random-bits.js";
import { dataMessages } from "../../src/messages.js";

function hex(words: Int32Array): string {
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join(" ");
}

function keyWords(seed: number | bigint, ...parts: (string | number)[]): Int32Array {
  const key = new Int32Array(4);
  keyOfSeed(seed, key);
  parts.forEach((part, i) => {
    takeUpPart(key, part, i + 1);
  });
  return key;
}

function bitCount(word: number): number {
  let count = 0;
  for (let bits = word; bits !== 0; bits &= bits - 1) count++;
  return count;
}

describe("Threefry-4x32-20", () => {
  // Counter words, key words, and the answer, from the file kat_vectors of Random123 (Salmon, Moraes, Dror & Shaw 2011).
  test.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000 00000000 00000000", "9c6ca96a e17eae66 fc10ecd4 5256a7d8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff ffffffff ffffffff", "2a881696 57012287 f6c7446e a16a6732"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0 082efa98 ec4e6c89", "59cd1dbb b8879579 86b5d00c ac8b6d84"],
  ])("gives the published answer for the block %s and the key %s", (block, key, answer) => {
    const out = new Int32Array(4);
    const [c0, c1, c2, c3] = block.split(" ").map((word) => Number.parseInt(word, 16));
    const [k0, k1, k2, k3] = key.split(" ").map((word) => Number.parseInt(word, 16));
    threefry(c0!, c1!, c2!, c3!, k0!, k1!, k2!, k3!, out);
    expect(hex(out)).toBe(answer);
  });
});

describe("a stream's numbers follow from the seed and the key", () => {
  // From a second implementation, in Python, written from the description in random-bits.ts.
  test.each([
    [20071011, ["lesson", "V12", "rating"], [0.9405065243696069]],
    [20071011, ["lesson", 12, -0.5, "observations of él\u{1F600}ves"], [0.24527297321575203, 0.08557790886315209, 0.19522500026029832]],
    [2n ** 64n - 1n, [], [0.696505380118058, 0.3592108229066838, 0.6386441132782708]],
  ] as const)("%s %j", (seed, parts, numbers) => {
    const stream = randomStream(seed, ...parts);
    expect(numbers.map(() => stream.uniform())).toEqual(numbers);
  });

  test("a key may be taken up in pieces", () => {
    const whole = randomStream(5, "lesson", 12, "rating").uniform();
    expect(randomKey(5).stream("lesson", 12, "rating").uniform()).toBe(whole);
    expect(randomKey(5, "lesson").stream(12, "rating").uniform()).toBe(whole);
    expect(randomKey(5, "lesson").with(12).with("rating").stream().uniform()).toBe(whole);
  });

  test("a key is not changed by what is made from it", () => {
    const key = randomKey(5, "lesson");
    const first = key.stream(1).uniform();
    key.with("other");
    key.stream(2).uniform();
    expect(key.stream(1).uniform()).toBe(first);
  });

  test("a number and a bigint are the same seed, 0 and -0 the same part", () => {
    expect(hex(keyWords(7))).toBe(hex(keyWords(7n)));
    expect(hex(keyWords(2 ** 52 + 1))).toBe(hex(keyWords(2n ** 52n + 1n)));
    expect(hex(keyWords(7, 0))).toBe(hex(keyWords(7, -0)));
  });
});

describe("keys", () => {
  test("are unambiguous", () => {
    const parts: (string | number)[][] = [
      [],
      [""],
      ["", ""],
      ["a", "b"],
      ["ab"],
      ["b", "a"],
      ["a"],
      ["a\0"],
      ["a\0\0"],
      ["\0"],
      [1],
      ["1"],
      [1, 1],
      [-1],
      [0],
      ["0"],
      [0.5],
      [2 ** 32],
      [2 ** 32 + 1],
      [5e-324],
      ["abcdef"],
      ["abcdef", ""],
      ["abcdefg"],
      ["abcdef", "g"],
      ["abcdefghijklm"],
      ["\ud800"],
      ["\udc00"],
      ["é"],
      ["e\u0301"],
      ["__proto__"],
    ];
    const keys = new Set(parts.flatMap((each) => [1, 2 ** 32 + 1, 2n ** 63n].map((seed) => hex(keyWords(seed, ...each)))));
    expect(keys.size).toBe(3 * parts.length);
  });

  test("of 200,000 neighbouring units differ in their first 64 bits", () => {
    const seen = new Set<string>();
    for (let unit = 0; unit < 50_000; unit++) {
      for (const key of [keyWords(1, unit), keyWords(1, `V${unit}`), keyWords(1, "rating", unit), keyWords(unit + 2)])
        seen.add(hex(key.subarray(0, 2)));
    }
    expect(seen.size).toBe(200_000);
  });

  test("differ in half of their bits when one bit of a part or of a hashed seed differs", () => {
    let different = 0;
    let pairs = 0;
    for (let unit = 0; unit < 500; unit++) {
      for (let bit = 0; bit < 20; bit++) {
        for (const [a, b] of [
          [keyWords(1, unit), keyWords(1, unit ^ (1 << bit))],
          [keyWords(unit, "x"), keyWords(unit ^ (1 << bit), "x")],
        ] as const) {
          for (let word = 0; word < 4; word++) different += bitCount(a[word]! ^ b[word]!);
          pairs++;
        }
      }
    }
    // Binomial with 128 bits a pair: four standard deviations.
    expect(Math.abs(different / (128 * pairs) - 0.5)).toBeLessThan(4 * 0.5 * Math.sqrt(1 / (128 * pairs)));
  });

  test("refuse what is not a seed or a part", () => {
    for (const seed of [-1, 1.5, 2 ** 53, Number.NaN, -1n, 2n ** 64n])
      expect(() => randomStream(seed)).toThrow(dataMessages.badSeed(String(seed)));
    expect(() => randomKey(1, "a", Number.NaN)).toThrow(
      "Part 2 of the key of random numbers must be a string or a finite number, not NaN.",
    );
    expect(() => randomKey(1, "a", "b").stream("c", Number.POSITIVE_INFINITY)).toThrow(dataMessages.badKeyPart(4, "Infinity"));
    // A program without types may hand in anything.
    const missing: unknown = [undefined];
    expect(() => randomStream(1, ...(missing as string[]))).toThrow(dataMessages.badKeyPart(1, "undefined"));
  });
});
