/**
 * Random numbers in streams: each is named by a seed and a key of strings and numbers, and has nothing to do with any other. What is drawn
 * from one never changes what another gives, so tables, units and draws can be added, left out or computed in any order. The numbers
 * are the same on every machine and in every JavaScript engine.
 *
 * The bits are those of Threefry-4x32-20 (random-bits.ts), in draws of 64 bits. Every method says how many draws it takes.
 */
import { DataError, dataMessages } from "../messages.js";
import { keyOfSeed, takeUpPart, threefry } from "./random-bits.js";
import { drawBinomial, drawPoisson } from "./random-counts.js";
import { drawGamma, drawLogGamma } from "./random-gamma.js";
import { portableExp, portableLog } from "./random-math.js";
import { portableNormalQuantile } from "./random-normal.js";

/** Below this a log gamma variate could be infinite. */
const SMALLEST_SHAPE = 1e-300;
const TWO_26 = 67108864;
const TWO_52 = 4503599627370496;
const TWO_53 = 9007199254740992;

/** A key while it is computed, and a block of bits on its way into a stream. */
const words = new Int32Array(4);

/** A seed with the first parts of a key, from which streams and longer keys are made without hashing those again. Immutable. */
export class RandomKey {
  readonly #word0: number;
  readonly #word1: number;
  readonly #word2: number;
  readonly #word3: number;
  readonly #partCount: number;

  private constructor(key: Int32Array, partCount: number) {
    this.#word0 = key[0]!;
    this.#word1 = key[1]!;
    this.#word2 = key[2]!;
    this.#word3 = key[3]!;
    this.#partCount = partCount;
  }

  /** The key of a seed; see `randomKey`. */
  static ofSeed(seed: number | bigint): RandomKey {
    keyOfSeed(seed, words);
    return new RandomKey(words, 0);
  }

  /**
   * The key with further parts.
   * @throws DataError for a part that is neither a string nor a finite number
   */
  with(...parts: readonly (string | number)[]): RandomKey {
    this.#takeUp(parts);
    return new RandomKey(words, this.#partCount + parts.length);
  }

  /**
   * The stream of this key and further parts: `key.stream("a", 1)` is `key.with("a").stream(1)`.
   * @throws DataError for a part that is neither a string nor a finite number
   */
  stream(...parts: readonly (string | number)[]): RandomStream {
    this.#takeUp(parts);
    return new RandomStream(words[0]!, words[1]!, words[2]!, words[3]!);
  }

  #takeUp(parts: readonly (string | number)[]): void {
    words[0] = this.#word0;
    words[1] = this.#word1;
    words[2] = this.#word2;
    words[3] = this.#word3;
    for (let i = 0; i < parts.length; i++) takeUpPart(words, parts[i]!, this.#partCount + i + 1);
  }
}

/**
 * A sequence of random numbers, and where in it we are. Made by `randomStream` or `RandomKey.stream`.
 *
 * A draw is 64 bits. Methods that reject proposals take a random number of draws; the others always as many as they say.
 */
export class RandomStream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #key2: number;
  readonly #key3: number;
  /** Number of blocks taken, in two 32-bit words. */
  #low = 0;
  #high = 0;
  /** The second draw of the last block, if it is still to come. */
  #pending = false;
  #word2 = 0;
  #word3 = 0;

  /** The four words of a key, as signed 32-bit integers. */
  constructor(key0: number, key1: number, key2: number, key3: number) {
    this.#key0 = key0;
    this.#key1 = key1;
    this.#key2 = key2;
    this.#key3 = key3;
  }

  /** In [0, 1): a multiple of 2^-53. One draw. */
  uniform(): number {
    return this.#draw() / TWO_53;
  }

  /** In (0, 1): an odd multiple of 2^-53, symmetric about 1/2. One draw. */
  uniformOpen(): number {
    return (Math.floor(this.#draw() / 2) + 0.5) / TWO_52;
  }

  /**
   * 0, 1, ..., below - 1, each exactly as likely. One draw, and another one with probability less than below / 2^53.
   * @throws DataError unless `below` is a whole number from 1 to 2^53 - 1
   * @example randomStream(1, "die").integer(6) + 1 // => 5
   */
  integer(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1) throw wrong("integer", "below", "wholePositive", below);
    const last = TWO_53 - (TWO_53 % below);
    let value = this.#draw();
    while (value >= last) value = this.#draw();
    return value % below;
  }

  /**
   * True with a probability. One draw, also for 0 and 1.
   * @throws DataError unless the probability is in [0, 1]
   */
  bernoulli(probability: number): boolean {
    if (!(probability >= 0 && probability <= 1)) throw wrong("bernoulli", "probability", "probability", probability);
    return this.uniform() < probability;
  }

  /** Standard normal: the quantile of one uniform number (|z| at most 8.2). One draw. */
  normal(): number {
    return portableNormalQuantile(this.uniformOpen());
  }

  /** Exponential with mean 1. One draw. */
  exponential(): number {
    return -portableLog(this.uniformOpen());
  }

  /**
   * Gamma with mean `shape` and scale 1. Two draws a proposal (one where the normal among them is out of range), 1.05 proposals at most on
   * average; one draw more for shapes below 1.
   * @throws DataError unless the shape is positive and finite
   */
  gamma(shape: number): number {
    if (!isShape(shape)) throw wrong("gamma", "shape", "positive", shape);
    return drawGamma(this, shape);
  }

  /**
   * Beta with mean a / (a + b): X / (X + Y) of two gamma variates. The draws of gamma(a), then those of gamma(b). 0 and 1 can occur where
   * the variate is nearer to them than doubles are.
   * @throws DataError unless both shapes are positive and finite
   */
  beta(a: number, b: number): number {
    if (!isShape(a)) throw wrong("beta", "a", "positive", a);
    if (!isShape(b)) throw wrong("beta", "b", "positive", b);
    const x = drawLogGamma(this, a);
    const y = drawLogGamma(this, b);
    return 1 / (1 + portableExp(y - x));
  }

  /**
   * Poisson. No draw for mean 0, one draw for means below 10, two draws a proposal from there on (1.1 to 1.3 proposals on average).
   * Counts above 2^53 are rounded to doubles.
   * @throws DataError unless the mean is finite and not negative
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < Number.POSITIVE_INFINITY)) throw wrong("poisson", "mean", "notNegative", mean);
    return drawPoisson(this, mean);
  }

  /**
   * Successes out of `size` trials. No draw for size 0 or probability 0 or 1; one draw where the expected number of the rarer of success
   * and failure is below 10; two draws a proposal from there on (1.1 to 1.4 proposals on average).
   * @throws DataError unless the size is a whole number from 0 to 2^53 - 1 and the probability in [0, 1]
   */
  binomial(size: number, probability: number): number {
    if (!Number.isSafeInteger(size) || size < 0) throw wrong("binomial", "size", "whole", size);
    if (!(probability >= 0 && probability <= 1)) throw wrong("binomial", "probability", "probability", probability);
    return drawBinomial(this, size, probability);
  }

  /**
   * Negative binomial with variance mean + mean^2 / size: Poisson with mean gamma(size) mean / size. The draws of the gamma, then those of
   * the Poisson; none for mean 0.
   * @throws DataError unless the mean is finite and not negative and the size positive and finite
   */
  negativeBinomial(mean: number, size: number): number {
    if (!(mean >= 0 && mean < Number.POSITIVE_INFINITY)) throw wrong("negativeBinomial", "mean", "notNegative", mean);
    if (!isShape(size)) throw wrong("negativeBinomial", "size", "positive", size);
    if (mean === 0) return 0;
    return drawPoisson(this, Math.min(drawGamma(this, size) * (mean / size), Number.MAX_VALUE));
  }

  /**
   * An index of `weights`, with probabilities proportional to them. One draw.
   * @throws DataError for a weight that is negative or not finite, or where none is positive
   * @example randomStream(1).categorical([0, 0, 3]) // => 2
   */
  categorical(weights: ArrayLike<number>): number {
    let total = 0;
    let last = -1;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) throw wrong("categorical", `weight ${i + 1}`, "notNegative", weight);
      total += weight;
      if (weight > 0) last = i;
    }
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) throw wrong("categorical", "the sum of the weights", "positive", total);
    const target = this.uniform() * total;
    let sum = 0;
    for (let i = 0; i < last; i++) {
      sum += weights[i]!;
      if (target < sum) return i;
    }
    // Also where rounding of the sums has left the target above all of them.
    return last;
  }

  /**
   * The items in random order, each order equally likely, as a new array (Fisher & Yates). n - 1 draws of `integer`.
   * @example randomStream(1).shuffle(["a", "b", "c"]) // => ["c", "b", "a"]
   */
  shuffle<T>(items: readonly T[]): T[] {
    return this.#choose(items, items.length);
  }

  /**
   * `size` of the items without replacement, in random order, as a new array: the beginning of what `shuffle` would give. `size` draws of
   * `integer` (one less for all items).
   * @throws DataError unless `size` is a whole number from 0 to the number of items
   * @example randomStream(1).sample(["a", "b", "c"], 2) // => ["c", "b"]
   */
  sample<T>(items: readonly T[], size: number): T[] {
    if (!Number.isSafeInteger(size) || size < 0) throw wrong("sample", "size", "whole", size);
    if (size > items.length) throw new DataError(dataMessages.sampleTooLarge(size, items.length));
    return this.#choose(items, size);
  }

  /**
   * Multivariate normal with mean 0 and covariance L L': L z with z standard normal. d draws.
   *
   * @param factor d x d, L by columns; what stands above the diagonal is not read
   * @throws DataError where the length of the factor is not a square
   * @example randomStream(1).multivariateNormal([1, 0.5, 0, 2]) // => Float64Array [-0.47323988564904473, 1.5462030173447923]
   */
  multivariateNormal(factor: ArrayLike<number>): Float64Array {
    const d = Math.round(Math.sqrt(factor.length));
    if (d * d !== factor.length) throw new DataError(dataMessages.factorNotSquare(factor.length));
    const value = new Float64Array(d);
    for (let j = 0; j < d; j++) {
      const z = this.normal();
      for (let i = j; i < d; i++) value[i]! += factor[j * d + i]! * z;
    }
    return value;
  }

  #choose<T>(items: readonly T[], size: number): T[] {
    const chosen = items.slice();
    const steps = Math.min(size, items.length - 1);
    for (let i = 0; i < steps; i++) {
      const j = i + this.integer(items.length - i);
      const item = chosen[j]!;
      chosen[j] = chosen[i]!;
      chosen[i] = item;
    }
    chosen.length = size;
    return chosen;
  }

  /** 53 bits as a whole number: the first word of the draw's two, without its 5 lowest bits, above the second, without its 6 lowest. */
  #draw(): number {
    if (this.#pending) {
      this.#pending = false;
      return (this.#word2 >>> 5) * TWO_26 + (this.#word3 >>> 6);
    }
    threefry(this.#low, this.#high, 0, 0, this.#key0, this.#key1, this.#key2, this.#key3, words);
    this.#low = (this.#low + 1) | 0;
    if (this.#low === 0) this.#high = (this.#high + 1) | 0;
    this.#word2 = words[2]!;
    this.#word3 = words[3]!;
    this.#pending = true;
    return (words[0]! >>> 5) * TWO_26 + (words[1]! >>> 6);
  }
}

/**
 * A key to make streams from.
 *
 * @param seed a whole number from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1
 * @param parts any number of strings and finite numbers: a table, a unit, a purpose. 1 and "1" differ, as do ("a", "b") and ("ab")
 * @throws DataError for another seed or part
 * @example randomKey(7, "lesson").stream("V12").uniform() === randomStream(7, "lesson", "V12").uniform() // => true
 */
export function randomKey(seed: number | bigint, ...parts: readonly (string | number)[]): RandomKey {
  const key = RandomKey.ofSeed(seed);
  return parts.length === 0 ? key : key.with(...parts);
}

/**
 * The stream of a seed and a key; see `randomKey`. To make many streams with the same first parts, keep their `randomKey`.
 *
 * @throws DataError for a seed or part that cannot be used
 * @example randomStream(20071011, "lesson", "V12", "rating").uniform() // => 0.9405065243696069
 */
export function randomStream(seed: number | bigint, ...parts: readonly (string | number)[]): RandomStream {
  keyOfSeed(seed, words);
  for (let i = 0; i < parts.length; i++) takeUpPart(words, parts[i]!, i + 1);
  return new RandomStream(words[0]!, words[1]!, words[2]!, words[3]!);
}

function isShape(value: number): boolean {
  return value >= SMALLEST_SHAPE && value < Number.POSITIVE_INFINITY;
}

function wrong(
  method: string,
  argument: string,
  wanted: "positive" | "notNegative" | "probability" | "whole" | "wholePositive",
  value: number,
): DataError {
  return new DataError(dataMessages.badRandomArgument(method, argument, wanted, value));
}
