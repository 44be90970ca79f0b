/**
 * A column of cells as a dictionary: the distinct texts in order of first occurrence, and each row's code. Spaces around a cell
 * are no part of it unless it is quoted.
 *
 * Cells are hashed and compared as bytes. The distinct ones are copied into a pool, which stays in the processor's cache and
 * is decoded once at the end: no string is made for a row.
 */
import { decodeUtf8 } from "./csv-bytes.js";
import { type CellGrid, closingQuote } from "./csv-scan.js";

/** `texts[codes[i]]` is row i's cell. */
export interface CellDictionary {
  readonly codes: Int32Array;
  readonly texts: readonly string[];
}

const QUOTE = 34;

/** @param column 0-based */
export function dictionaryOf(grid: CellGrid, column: number): CellDictionary {
  const { bytes, ends, rowStarts, rowCount } = grid;
  const columns = grid.names.length;
  const codes = new Int32Array(rowCount);
  // Open addressing with linear probing; slot -> code + 1.
  let slots: Int32Array = new Int32Array(1024);
  let mask = slots.length - 1;
  let hashes: Int32Array = new Int32Array(512);
  let poolEnds: Int32Array = new Int32Array(512);
  let pool: Uint8Array = new Uint8Array(8192);
  let poolLength = 0;
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    let source = bytes;
    let start = column === 0 ? rowStarts[row]! : ends[row * columns + column - 1]! + 1;
    let end = ends[row * columns + column]!;
    if (bytes[start] === QUOTE && start < end) {
      end = closingQuote(bytes, end);
      start++;
      if (hasQuote(bytes, start, end)) {
        source = withoutDoubledQuotes(bytes, start, end);
        start = 0;
        end = source.length;
      }
    } else {
      while (start < end && (bytes[start] === 32 || bytes[start] === 9)) start++;
      while (end > start && (bytes[end - 1] === 32 || bytes[end - 1] === 9)) end--;
    }
    const hash = hashOf(source, start, end);
    let slot = hash & mask;
    let code = -1;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      const candidate = entry - 1;
      if (
        hashes[candidate] === hash &&
        isPooled(pool, candidate === 0 ? 0 : poolEnds[candidate - 1]!, poolEnds[candidate]!, source, start, end)
      ) {
        code = candidate;
        break;
      }
      slot = (slot + 1) & mask;
    }
    if (code < 0) {
      if (count === hashes.length) {
        hashes = larger(hashes);
        poolEnds = larger(poolEnds);
      }
      if (poolLength + end - start > pool.length) {
        const grown = new Uint8Array(Math.max(pool.length * 2, poolLength + end - start));
        grown.set(pool);
        pool = grown;
      }
      for (let i = start; i < end; i++) pool[poolLength++] = source[i]!;
      code = count++;
      poolEnds[code] = poolLength;
      hashes[code] = hash;
      slots[slot] = count;
      if (count * 2 > slots.length) {
        slots = rehashed(hashes, count, slots.length * 4);
        mask = slots.length - 1;
      }
    }
    codes[row] = code;
  }
  return { codes, texts: textsOf(grid, codes, pool.subarray(0, poolLength), poolEnds, count) };
}

function textsOf(grid: CellGrid, codes: Int32Array, pool: Uint8Array, poolEnds: Int32Array, count: number): string[] {
  const start = (code: number): number => (code === 0 ? 0 : poolEnds[code - 1]!);
  if (pool.every((byte) => byte < 128)) {
    const all = new TextDecoder().decode(pool);
    return Array.from({ length: count }, (_, code) => all.slice(start(code), poolEnds[code]!));
  }
  return Array.from({ length: count }, (_, code) =>
    decodeUtf8(pool, start(code), poolEnds[code]!, () => ({ bytes: grid.bytes, at: grid.rowStarts[codes.indexOf(code)]! })),
  );
}

/** FNV-1a with a final mix, since the table's size is a power of two. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

function isPooled(pool: Uint8Array, from: number, to: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (to - from !== end - start) return false;
  for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== pool[j]) return false;
  return true;
}

function hasQuote(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === QUOTE) return true;
  return false;
}

function withoutDoubledQuotes(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const result: number[] = [];
  for (let i = start; i < end; i++) {
    result.push(bytes[i]!);
    if (bytes[i] === QUOTE) i++;
  }
  return Uint8Array.from(result);
}

function larger(array: Int32Array): Int32Array {
  const result = new Int32Array(array.length * 2);
  result.set(array);
  return result;
}

function rehashed(hashes: Int32Array, count: number, size: number): Int32Array {
  const slots = new Int32Array(size);
  for (let code = 0; code < count; code++) {
    let slot = hashes[code]! & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = code + 1;
  }
  return slots;
}
