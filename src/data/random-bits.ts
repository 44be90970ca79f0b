/**
 * Random bits from a counter: Threefry-4x32 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as
 * 1, 2, 3", Proceedings of SC11), and the keys of its streams.
 *
 *   block j of a stream = E_key(j),   key and block of 128 bits
 *
 * E is a bijection for each key, made of additions, rotations and exclusive-ors of 32-bit words, which are the same in every engine.
 * It has no state but the counter, so that streams of different keys can be drawn in any order.
 *
 * A key is the hash of a seed and any number of parts, one E per part or more (the construction of Matyas, Meyer & Oseas 1985):
 *
 *   H_0 = (seed, "mist", "rand"),   H_i = E_{H_{i-1}}(M_i) xor M_i
 *
 * M_i codes a part without ambiguity: its last word names the kind, and for text the code units still to come, six to a block; the last
 * word of a stream's counters is zero, so that no counter is ever hashed. Two different keys among n agree with probability n^2 / 2^129:
 * 1e-20 for three thousand million streams.
 */
import { DataError, dataMessages } from "../messages.js";

/** The last word of a block that holds a number. */
const NUMBER = 0x80000000 | 0;
/** Added to the number of code units that remain, in the last word of a block that holds text. */
const TEXT = 0x40000000;
/** Skein's constant, which makes an all-zero key schedule impossible. */
const PARITY = 0x1bd11bda;
/** "mist" and "rand" in ASCII. */
const MIST = 0x6d697374;
const RAND = 0x72616e64;

const WORD = 4294967296;

const double = new Float64Array(1);
const doubleWords = new Uint32Array(double.buffer);
/** Where the sign and exponent of a double stand: 1 but on big-endian machines. */
const HIGH: number = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

/**
 * Threefry-4x32-20: the block `c0 ... c3` under the key `k0 ... k3`, all 32-bit words.
 *
 * @param out receives the four words, signed
 * @example
 * const out = new Int32Array(4);
 * threefry(0, 0, 0, 0, 0, 0, 0, 0, out);
 * out[0] >>> 0 // => 2624366954
 */
export function threefry(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  k2: number,
  k3: number,
  out: Int32Array,
): void {
  let k4 = PARITY ^ k0 ^ k1 ^ k2 ^ k3;
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  let x2 = (c2 + k2) | 0;
  let x3 = (c3 + k3) | 0;
  for (let injection = 1; ; injection++) {
    if ((injection & 1) === 1) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 10) | (x1 >>> 22)) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << 26) | (x3 >>> 6)) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << 11) | (x3 >>> 21)) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << 21) | (x1 >>> 11)) ^ x2;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << 27) | (x3 >>> 5)) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << 23) | (x3 >>> 9)) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << 5) | (x1 >>> 27)) ^ x2;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << 20) | (x3 >>> 12)) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << 17) | (x3 >>> 15)) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << 11) | (x1 >>> 21)) ^ x2;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 25) | (x1 >>> 7)) ^ x0;
      x2 = (x2 + x3) | 0;
      x3 = ((x3 << 10) | (x3 >>> 22)) ^ x2;
      x0 = (x0 + x3) | 0;
      x3 = ((x3 << 18) | (x3 >>> 14)) ^ x0;
      x2 = (x2 + x1) | 0;
      x1 = ((x1 << 20) | (x1 >>> 12)) ^ x2;
    }
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = k3;
    k3 = k4;
    k4 = first;
    x0 = (x0 + k0) | 0;
    x1 = (x1 + k1) | 0;
    x2 = (x2 + k2) | 0;
    x3 = (x3 + k3 + injection) | 0;
    if (injection === 5) break;
  }
  out[0] = x0;
  out[1] = x1;
  out[2] = x2;
  out[3] = x3;
}

/**
 * H_0 for a seed, into the four words of `key`.
 *
 * @param seed a whole number from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1; 7 and 7n are the same seed
 * @throws DataError for any other seed
 */
export function keyOfSeed(seed: number | bigint, key: Int32Array): void {
  if (typeof seed === "bigint") {
    if (seed < 0n || seed >= 0x10000000000000000n) throw new DataError(dataMessages.badSeed(String(seed)));
    key[0] = Number(seed & 0xffffffffn);
    key[1] = Number(seed >> 32n);
  } else {
    if (!Number.isSafeInteger(seed) || seed < 0) throw new DataError(dataMessages.badSeed(String(seed)));
    key[0] = seed >>> 0;
    key[1] = Math.floor(seed / WORD);
  }
  key[2] = MIST;
  key[3] = RAND;
}

/**
 * H_i from H_{i-1}, in the place of `key`: takes up one part. A number differs from its digits as text; 0 and -0 are the same.
 *
 * @param position of the part among those given, from 1, for the message
 * @throws DataError for what is neither a string nor a finite number
 */
export function takeUpPart(key: Int32Array, part: string | number, position: number): void {
  if (typeof part === "number") {
    if (!Number.isFinite(part)) throw new DataError(dataMessages.badKeyPart(position, String(part)));
    double[0] = part + 0;
    takeUpBlock(key, doubleWords[1 - HIGH]!, doubleWords[HIGH]!, 0, NUMBER);
    return;
  }
  if (typeof part !== "string") throw new DataError(dataMessages.badKeyPart(position, typeof part));
  const length = part.length;
  let at = 0;
  do {
    takeUpBlock(key, twoUnits(part, at), twoUnits(part, at + 2), twoUnits(part, at + 4), TEXT + length - at);
    at += 6;
  } while (at < length);
}

/** Two UTF-16 code units from `at` on as a word; zeros after the end. */
function twoUnits(text: string, at: number): number {
  if (at >= text.length) return 0;
  const first = text.charCodeAt(at);
  return at + 1 < text.length ? first | (text.charCodeAt(at + 1) << 16) : first;
}

function takeUpBlock(key: Int32Array, m0: number, m1: number, m2: number, m3: number): void {
  threefry(m0, m1, m2, m3, key[0]!, key[1]!, key[2]!, key[3]!, key);
  key[0]! ^= m0;
  key[1]! ^= m1;
  key[2]! ^= m2;
  key[3]! ^= m3;
}
