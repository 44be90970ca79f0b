/** Sets of numbers against the language's own, and short lists in order. */
import { expect, test } from "vitest";
import { numberSet, sortStretch } from "../../../src/models/blocks/distinct-numbers.js";
import { uniform } from "../linalg/naive.js";

test.each([10, 1000, 100_000])("%i numbers, some of them twice, come back once and in order", (count) => {
  const next = uniform(count);
  const set = numberSet();
  const same = new Set<number>();
  for (let i = 0; i < count; i++) {
    // Beyond 32 bits as well: pairs of nodes become one number.
    const key = Math.floor(next() * count) * (i % 3 === 0 ? 1 : 40_000_003);
    set.add(key);
    same.add(key);
  }
  expect(Array.from(set.sorted())).toEqual([...same].sort((a, b) => a - b));
});

test("neighbouring numbers, all multiples of a power of two, do not pile up", () => {
  const set = numberSet();
  for (let i = 0; i < 200_000; i++) set.add(i * 65536);
  expect(set.sorted()).toHaveLength(200_000);
});

test.each([0, 1, 2, 31, 32, 33, 100])("a stretch of %i numbers is sorted and the rest left alone", (length) => {
  const next = uniform(length);
  const list = Int32Array.from({ length: length + 4 }, () => Math.floor(next() * 50));
  const before = Array.from(list);
  sortStretch(list, 2, length + 2);
  expect(Array.from(list)).toEqual([
    ...before.slice(0, 2),
    ...before.slice(2, length + 2).sort((a, b) => a - b),
    ...before.slice(length + 2),
  ]);
});
