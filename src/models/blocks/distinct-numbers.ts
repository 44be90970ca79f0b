/**
 * Sets of whole numbers without objects: hashed with open addressing (Knuth, vol. 3, 6.4), and short lists in order.
 */

/** Adds numbers from 0 to 2^53; `sorted` gives each once, ascending. */
export interface NumberSet {
  add(key: number): void;
  sorted(): Float64Array;
}

export function numberSet(): NumberSet {
  let table = new Float64Array(1024).fill(-1);
  let count = 0;
  const insert = (into: Float64Array, key: number): boolean => {
    const mask = into.length - 1;
    // Both halves of the number, mixed by Knuth's multiplicative constant.
    const hash = Math.imul((key / 65536) ^ Math.imul(key | 0, 0x9e3779b1), 0x85ebca6b);
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (; into[slot]! >= 0; slot = (slot + 1) & mask) if (into[slot] === key) return false;
    into[slot] = key;
    return true;
  };
  return {
    add: (key) => {
      if (!insert(table, key)) return;
      if (++count * 2 <= table.length) return;
      const larger = new Float64Array(table.length * 4).fill(-1);
      for (let x = 0; x < table.length; x++) if (table[x]! >= 0) insert(larger, table[x]!);
      table = larger;
    },
    sorted: () => table.filter((key) => key >= 0).sort(),
  };
}

/** Sorts list[from] ... list[to - 1]; short stretches by insertion, without a view of their own. */
export function sortStretch(list: Int32Array, from: number, to: number): void {
  if (to - from > 32) {
    list.subarray(from, to).sort();
    return;
  }
  for (let x = from + 1; x < to; x++) {
    const value = list[x]!;
    let y = x;
    for (; y > from && list[y - 1]! > value; y--) list[y] = list[y - 1]!;
    list[y] = value;
  }
}
