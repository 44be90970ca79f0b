/** Distributions of the draws (fixed seeds), their exact values, and that streams have nothing to do with each other. */
import { describe, expect, test } from "vitest";
import { type RandomStream, randomKey, randomStream } from "../../src/data/random.js";
import { drawBinomial, drawPoisson, type UniformSource } from "../../src/data/random-counts.js";
import { drawGamma } from "../../src/data/random-gamma.js";
import { chiSquareUpper } from "../../src/inference/distributions/chi-square.js";
import { betaTails } from "../../src/inference/distributions/special/incomplete-beta.js";
import { gammaTails } from "../../src/inference/distributions/special/incomplete-gamma.js";
import { DataError, dataMessages } from "../../src/messages.js";
import type { RandomSource } from "../../src/models/families/family.js";
import { normalCdf } from "../../src/models/special/normal.js";

const DRAWS = 50_000;
/** sqrt(n) D of Kolmogorov and Smirnov exceeds this with probability 0.0005; the seeds are fixed, so the tests do not flicker. */
const KS_LIMIT = 2.04;

function draws(count: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: count }, draw);
}

/** sqrt(n) times the largest distance between the distribution of the values and the uniform one on [0, 1]. */
function distanceFromUniform(values: Float64Array): number {
  const sorted = values.slice().sort();
  const n = sorted.length;
  let distance = 0;
  sorted.forEach((u, i) => {
    distance = Math.max(distance, u - i / n, (i + 1) / n - u);
  });
  return Math.sqrt(n) * distance;
}

/** A count as a number that is uniform on [0, 1] if the counts have this distribution function: between F(k - 1) and F(k) by chance. */
function uniformOf(cdf: (k: number) => number, chance: RandomStream): (k: number) => number {
  return (k) => {
    const below = k === 0 ? 0 : cdf(k - 1);
    return below + chance.uniform() * (cdf(k) - below);
  };
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(x: Float64Array, y: Float64Array): number {
  const mx = mean(x);
  const my = mean(y);
  const cross = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  return cross / Math.sqrt(mean(x.map((value) => (value - mx) ** 2)) * mean(y.map((value) => (value - my) ** 2)));
}

/** p value of Pearson's test that the counts have these probabilities. */
function fitOf(counts: readonly number[], probabilities: readonly number[]): number {
  const n = counts.reduce((a, b) => a + b, 0);
  const statistic = counts.reduce((sum, count, i) => sum + (count - n * probabilities[i]!) ** 2 / (n * probabilities[i]!), 0);
  return chiSquareUpper(statistic, counts.length - 1);
}

describe("uniform numbers", () => {
  test("are uniform, within a stream and over streams of neighbouring units", () => {
    const stream = randomStream(2, "uniform");
    const key = randomKey(2, "units");
    const within = draws(200_000, () => stream.uniform());
    const over = Float64Array.from({ length: 200_000 }, (_, unit) => key.stream(unit).uniform());
    const overSeeds = Float64Array.from({ length: 200_000 }, (_, seed) => randomStream(seed).uniform());
    for (const values of [within, over, overSeeds]) {
      expect(distanceFromUniform(values)).toBeLessThan(KS_LIMIT);
      // Serial correlation has standard deviation 1 / sqrt(n).
      for (const lag of [1, 2, 3, 4]) expect(Math.abs(correlation(values.subarray(lag), values.slice(0, -lag)))).toBeLessThan(4 / 447);
      const pairs = new Array<number>(256).fill(0);
      for (let i = 0; i < values.length; i += 2) pairs[Math.floor(16 * values[i]!) * 16 + Math.floor(16 * values[i + 1]!)]!++;
      expect(fitOf(pairs, new Array<number>(256).fill(1 / 256))).toBeGreaterThan(0.001);
    }
  });

  test("have 53 bits, each set half the time", () => {
    const stream = randomStream(2, "bits");
    const set = new Float64Array(53);
    for (let i = 0; i < 20_000; i++) {
      let value = stream.uniform();
      for (let bit = 0; bit < 53; bit++) {
        value *= 2;
        if (value >= 1) {
          set[bit]!++;
          value -= 1;
        }
      }
      expect(value).toBe(0);
    }
    // Five standard deviations of a binomial share.
    for (const count of set) expect(Math.abs(count / 20_000 - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 20_000));
  });

  test("of the open interval are the same draws, moved off 0", () => {
    const open = randomStream(2, "open");
    const closed = randomStream(2, "open");
    for (let i = 0; i < 1000; i++) expect(Math.abs(open.uniformOpen() - closed.uniform())).toBeLessThanOrEqual(2 ** -53);
  });
});

describe("streams", () => {
  test("are not changed by draws from others or by longer keys", () => {
    const alone = randomStream(3, "lesson", 7);
    const expected = Array.from({ length: 10 }, () => alone.normal());
    const again = randomStream(3, "lesson", 7);
    const others = [randomStream(3, "lesson", 7, "rating"), randomStream(3, "lesson"), randomStream(3, "lesson", 8), randomStream(4)];
    const values = expected.map(() => {
      for (const other of others) other.gamma(0.5);
      return again.normal();
    });
    expect(values).toEqual(expected);
    for (const other of others) expect(expected).not.toContain(other.normal());
  });

  test("of one unit for two purposes are not correlated", () => {
    const key = randomKey(3);
    const pick = (...tail: string[]): Float64Array =>
      Float64Array.from({ length: 100_000 }, (_, unit) => key.stream(unit, ...tail).uniform());
    const columns = [pick(), pick("a"), pick("b"), pick("a", "b")];
    for (const [i, x] of columns.entries())
      for (const y of columns.slice(i + 1)) expect(Math.abs(correlation(x, y))).toBeLessThan(4 / Math.sqrt(100_000));
  });

  test("are what families draw from", () => {
    const source: RandomSource = randomStream(3);
    expect(source.binomial(1, 1)).toBe(1);
  });
});

describe("continuous distributions", () => {
  const beta = (a: number, b: number) => (x: number) => (x === 1 ? 1 : betaTails(a, b, x / (1 - x) / (a / b)).lower);
  const gamma = (shape: number) => (x: number) => gammaTails(shape, x).lower;
  const standardized = (shape: number) => (x: number) => normalCdf((x - shape) / Math.sqrt(shape));
  test.each<[string, (random: RandomStream) => number, (x: number) => number]>([
    ["normal", (random) => random.normal(), normalCdf],
    ["exponential", (random) => random.exponential(), (x) => -Math.expm1(-x)],
    ["gamma 0.01", (random) => random.gamma(0.01), gamma(0.01)],
    ["gamma 0.5", (random) => random.gamma(0.5), gamma(0.5)],
    ["gamma 1", (random) => random.gamma(1), gamma(1)],
    ["gamma 4.5", (random) => random.gamma(4.5), gamma(4.5)],
    ["gamma 1000", (random) => random.gamma(1000), gamma(1000)],
    // The limit: the skewness is 2e-6 and less.
    ["gamma 1e12", (random) => random.gamma(1e12), standardized(1e12)],
    ["gamma 1e24", (random) => random.gamma(1e24), standardized(1e24)],
    ["beta 2, 5", (random) => random.beta(2, 5), beta(2, 5)],
    ["beta 0.5, 0.5", (random) => random.beta(0.5, 0.5), beta(0.5, 0.5)],
    ["beta 0.2, 30", (random) => random.beta(0.2, 30), beta(0.2, 30)],
    ["beta 500, 300", (random) => random.beta(500, 300), beta(500, 300)],
  ])("%s", (name, draw, cdf) => {
    const random = randomStream(4, name);
    expect(distanceFromUniform(draws(DRAWS, () => cdf(draw(random))))).toBeLessThan(KS_LIMIT);
  });

  test("normals have the moments and tails of a normal distribution", () => {
    const random = randomStream(4, "moments");
    const n = 400_000;
    const z = draws(n, () => random.normal());
    // Variances of z, z^2, z^3 and z^4: 1, 2, 15, 96; four standard deviations.
    [0, 1, 0, 3].forEach((moment, i) => {
      expect(Math.abs(mean(z.map((value) => value ** (i + 1))) - moment)).toBeLessThan(4 * Math.sqrt([1, 2, 15, 96][i]! / n));
    });
    const far = z.filter((value) => Math.abs(value) > 3.5).length;
    const expected = 2 * n * normalCdf(-3.5);
    expect(Math.abs(far - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test("gamma 0.01 is below the smallest double as often as it should be", () => {
    const random = randomStream(4, "underflow");
    const n = 200_000;
    const zeros = draws(n, () => random.gamma(0.01)).filter((value) => value === 0).length;
    // Half the smallest double is rounded to it; P(X < x) is proportional to x^0.01 there.
    const expected = n * gammaTails(0.01, Number.MIN_VALUE).lower * 2 ** -0.01;
    expect(Math.abs(zeros - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  test("beta with tiny shapes is 0 or 1, in the proportion of the shapes", () => {
    const random = randomStream(4, "ends");
    const values = draws(20_000, () => random.beta(1e-5, 3e-5));
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(Math.abs(mean(values) - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / 20_000));
    expect(random.beta(1e-300, 1e-300)).toBeLessThanOrEqual(1);
  });
});

describe("counts", () => {
  const poisson = (m: number) => (k: number) => gammaTails(k + 1, m).upper;
  const binomial = (n: number, p: number) => (k: number) =>
    k >= n ? 1 : betaTails(n - k, k + 1, ((1 - p) / p) * ((k + 1) / (n - k))).lower;
  const negative = (m: number, size: number) => (k: number) => betaTails(size, k + 1, (k + 1) / m).lower;
  test.each<readonly [string, (random: RandomStream) => number, (k: number) => number]>([
    ...[1e-3, 0.7, 9.99, 10, 11.5, 40, 333.3, 1e6, 1e12].map(
      (m) => [`Poisson ${m}`, (random: RandomStream) => random.poisson(m), poisson(m)] as const,
    ),
    ...(
      [
        [1, 0.3],
        [20, 0.1],
        [20, 0.5],
        [21, 0.5],
        [40, 0.26],
        [40, 0.74],
        [300, 0.9],
        [1e6, 1e-7],
        [1e6, 1e-5],
        [1e6, 1.1e-5],
        [1e6, 0.4],
        [1e6, 1 - 1e-6],
        [1e12, 0.3],
      ] as const
    ).map(([n, p]) => [`binomial ${n}, ${p}`, (random: RandomStream) => random.binomial(n, p), binomial(n, p)] as const),
    ...(
      [
        [0.2, 3],
        [4, 0.1],
        [50, 2],
        [1e4, 500],
      ] as const
    ).map(
      ([m, size]) =>
        [`negative binomial ${m}, ${size}`, (random: RandomStream) => random.negativeBinomial(m, size), negative(m, size)] as const,
    ),
  ])("%s", (name, draw, cdf) => {
    const random = randomStream(5, name);
    const values = draws(DRAWS, () => draw(random));
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    expect(distanceFromUniform(values.map(uniformOf(cdf, randomStream(5, name, "chance"))))).toBeLessThan(KS_LIMIT);
  });

  test("Poisson 12 and binomial 40, 0.3 have every probability right, by rejection", () => {
    for (const [draw, cdf] of [
      [(random: RandomStream) => random.poisson(12), poisson(12)],
      [(random: RandomStream) => random.binomial(40, 0.3), binomial(40, 0.3)],
    ] as const) {
      const random = randomStream(5, "each");
      const counts = new Array<number>(18).fill(0);
      for (let i = 0; i < 400_000; i++) counts[Math.min(Math.max(draw(random) - 3, 0), 17)]!++;
      const probabilities = counts.map((_, i) => (i === 17 ? 1 : cdf(i + 3)) - (i === 0 ? 0 : cdf(i + 2)));
      expect(fitOf(counts, probabilities)).toBeGreaterThan(0.001);
    }
  });

  test("whole numbers below a bound are equally likely, also where 2^53 is no multiple of it", () => {
    const random = randomStream(5, "integer");
    for (const below of [2, 6, 1000]) {
      const counts = new Array<number>(below).fill(0);
      for (let i = 0; i < DRAWS; i++) counts[random.integer(below)]!++;
      expect(fitOf(counts, new Array<number>(below).fill(1 / below))).toBeGreaterThan(0.001);
    }
    // Without rejection a half instead of a third would lie in the first third.
    const bound = 3 * 2 ** 51;
    const thirds = [0, 0, 0];
    for (let i = 0; i < DRAWS; i++) thirds[Math.floor(random.integer(bound) / 2 ** 51)]!++;
    expect(fitOf(thirds, [1 / 3, 1 / 3, 1 / 3])).toBeGreaterThan(0.001);
    expect(random.integer(1)).toBe(0);
  });

  test("categories and truths come in proportion", () => {
    const random = randomStream(5, "categorical");
    const weights = Float64Array.of(0, 2, 0, 1, 5, 0);
    const counts = new Array<number>(6).fill(0);
    let truths = 0;
    for (let i = 0; i < DRAWS; i++) {
      counts[random.categorical(weights)]!++;
      if (random.bernoulli(0.2)) truths++;
    }
    expect([counts[0], counts[2], counts[5]]).toEqual([0, 0, 0]);
    expect(fitOf([counts[1]!, counts[3]!, counts[4]!], [2 / 8, 1 / 8, 5 / 8])).toBeGreaterThan(0.001);
    expect(fitOf([truths, DRAWS - truths], [0.2, 0.8])).toBeGreaterThan(0.001);
  });
});

describe("extreme draws", () => {
  /** Gives these numbers in turn. */
  function scripted(numbers: readonly number[]): UniformSource {
    let at = 0;
    return {
      uniform: () => {
        if (at === numbers.length) throw new Error("more draws than expected");
        return numbers[at++]!;
      },
    };
  }
  const last = 1 - 2 ** -53;

  test("inversion ends also for the largest uniform number", () => {
    for (let m = 0.1; m < 10; m += 0.1) {
      expect(drawPoisson(scripted([last, 0]), m)).toBeLessThanOrEqual(110);
      expect(drawBinomial(scripted([last, 0]), 20, m / 20.5)).toBeLessThanOrEqual(20);
    }
    expect(drawPoisson(scripted([0]), 9)).toBe(0);
  });

  test("rejection survives a uniform number of 0", () => {
    expect(drawPoisson(scripted([0, 0.5, 0.5, 0.1]), 100)).toBe(100);
    expect(drawBinomial(scripted([0, 0.5, 0.5, 0.1]), 1000, 0.1)).toBe(100);
  });

  test("a normal number out of a gamma's range is drawn anew", () => {
    const normals = [-8, 0];
    expect(drawGamma({ normal: () => normals.shift()!, uniformOpen: () => 0.5 }, 1)).toBe(1 - 1 / 3);
    expect(normals).toEqual([]);
  });

  test("certain results", () => {
    const random = randomStream(6);
    expect([random.poisson(0), random.binomial(0, 0.5), random.binomial(9, 0), random.binomial(9, 1)]).toEqual([0, 0, 0, 9]);
    expect([random.negativeBinomial(0, 1), random.bernoulli(0), random.bernoulli(1)]).toEqual([0, false, true]);
    expect(random.poisson(1e300) / 1e300).toBeCloseTo(1, 12);
  });
});

describe("orders and samples", () => {
  test("each order of four is equally likely, and the items given are left alone", () => {
    const random = randomStream(7, "shuffle");
    const items = Object.freeze(["a", "b", "c", "d"]);
    const counts = new Map<string, number>();
    for (let i = 0; i < DRAWS; i++) {
      const order = random.shuffle(items).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(fitOf([...counts.values()], new Array<number>(24).fill(1 / 24))).toBeGreaterThan(0.001);
  });

  test("a sample is the beginning of the shuffle", () => {
    const items = Array.from({ length: 30 }, (_, i) => i);
    const order = randomStream(7, "sample").shuffle(items);
    for (const size of [0, 1, 12, 29, 30]) expect(randomStream(7, "sample").sample(items, size)).toEqual(order.slice(0, size));
    expect(order.slice().sort((a, b) => a - b)).toEqual(items);
    expect(randomStream(7).shuffle([])).toEqual([]);
  });
});

describe("multivariate normal numbers", () => {
  test("are L z of the stream's normals, whatever stands above the diagonal", () => {
    const z = randomStream(8);
    const [z1, z2, z3] = [z.normal(), z.normal(), z.normal()];
    const value = randomStream(8).multivariateNormal([2, 1, 0.5, 99, 3, -1, 99, 99, 0.25]);
    expect(Array.from(value)).toEqual([2 * z1, z1 + 3 * z2, 0.5 * z1 - z2 + 0.25 * z3]);
    expect(randomStream(8).multivariateNormal([]).length).toBe(0);
  });
});

describe("the same numbers on every machine", () => {
  // The first, second and thousandth of a thousand draws, their sum in order, and the uniform number that follows.
  type Draw = Exclude<keyof RandomStream, "shuffle" | "sample" | "multivariateNormal" | "bernoulli">;
  test.each<[Draw, readonly (number | number[])[], readonly number[], number, number]>([
    ["uniform", [], [0.5724583859081839, 0.808906389998687, 0.5744218065012359], 513.9401465142801, 0.6196321638153353],
    ["uniformOpen", [], [0.971069605886104, 0.7577208895087754, 0.06607450248828639], 482.3083944294298, 0.9789312001088829],
    ["normal", [], [-1.8020362560773098, -0.3236184777820908, -1.5808665525312353], 10.632592793990371, 0.07296556717728597],
    ["exponential", [], [3.7833354174253735, 0.7206578190622759, 2.8608194325902634], 1056.4020586577485, 0.6224426621922284],
    ["integer", [1000003], [957172, 351081, 428395], 499423739, 0.5538881075409752],
    ["integer", [9007199254740991], [322455554320930, 4306225490988797, 1401825155891245], 4451546415307608000, 0.5538881075409752],
    ["gamma", [0.01], [2.665729057189272e-32, 0.000006426099484487598, 1.4171103276195361e-114], 9.998810423576389, 0.8272950752152379],
    ["gamma", [0.5], [0.6256142373151057, 4.2591931523040625, 0.8150237899744937], 471.2224629316693, 0.43284702682876175],
    ["gamma", [3], [4.7831052987756335, 2.585965615657189, 3.2232318421017583], 2995.310150288351, 0.2669205728569217],
    ["gamma", [1000000000000], [1000001053337.1652, 999999950073.4922, 1000001038040.6638], 999999999269412.4, 0.5553051402046273],
    ["beta", [0.02, 0.03], [7.305238590014317e-16, 4.1882509435265176e-19, 0.9962771325044324], 390.2393663920464, 0.7750886520670184],
    ["beta", [2, 5], [0.43471717938964244, 0.38142845082017873, 0.07362589370159547], 280.595553036315, 0.7431896284425182],
    ["poisson", [0.3], [0, 0, 0], 285, 0.3908062816940606],
    ["poisson", [9.5], [5, 9, 9], 9437, 0.3908062816940606],
    ["poisson", [30], [19, 27, 29], 29749, 0.5003639562706177],
    ["poisson", [1000000], [997990, 999400, 1000358], 999952223, 0.02946507019146727],
    ["poisson", [100000000000000], [99999979903055, 99999993999021, 100000003575853], 99999999523130430, 0.02946507019146727],
    ["binomial", [20, 0.3], [5, 6, 7], 5986, 0.8681385153108488],
    ["binomial", [100, 0.93], [95, 93, 92], 93034, 0.8681385153108488],
    ["binomial", [1000000, 0.00001], [8, 9, 9], 9887, 0.31198121234453147],
    ["binomial", [1000000, 0.4], [399686, 399801, 400217], 399998319, 0.2539260906837837],
    ["binomial", [1000000000000, 0.75], [750000277449, 750000175624, 749999808203], 750000001490971, 0.2539260906837837],
    ["negativeBinomial", [4, 0.7], [0, 3, 7], 4030, 0.9686875546447297],
    ["negativeBinomial", [1000000, 3], [1215247, 1925948, 972779], 992234751, 0.31778673918232836],
    ["categorical", [[1, 2, 3, 4]], [2, 0, 2], 1944, 0.7637017597579319],
  ])("%s(%j)", (method, args, [first, second, thousandth], sum, next) => {
    const random = randomStream(20071011, "golden", method);
    // The table pairs each method with its own arguments.
    const draw = (): number => (random[method] as (...given: unknown[]) => number).apply(random, args as unknown[]);
    const values = draws(1000, draw);
    expect([values[0], values[1], values[999]]).toEqual([first, second, thousandth]);
    expect(values.reduce((total, value) => total + value, 0)).toBe(sum);
    expect(random.uniform()).toBe(next);
  });
});

describe("wrong arguments", () => {
  const random = randomStream(9);
  const { NaN: nan, POSITIVE_INFINITY: infinite } = Number;
  test.each<[string, () => unknown, string]>([
    ["integer", () => random.integer(0), "integer(): below must be a whole number from 1 to 2^53 - 1, not 0."],
    ["integer", () => random.integer(2.5), dataMessages.badRandomArgument("integer", "below", "wholePositive", 2.5)],
    ["bernoulli", () => random.bernoulli(nan), "bernoulli(): probability must be from 0 to 1, not NaN."],
    ["gamma", () => random.gamma(0), "gamma(): shape must be positive (at least 1e-300) and finite, not 0."],
    ["gamma", () => random.gamma(infinite), dataMessages.badRandomArgument("gamma", "shape", "positive", infinite)],
    ["beta", () => random.beta(-1, 1), dataMessages.badRandomArgument("beta", "a", "positive", -1)],
    ["beta", () => random.beta(1, nan), dataMessages.badRandomArgument("beta", "b", "positive", nan)],
    ["poisson", () => random.poisson(-1), "poisson(): mean must be finite and at least 0, not -1."],
    ["poisson", () => random.poisson(infinite), dataMessages.badRandomArgument("poisson", "mean", "notNegative", infinite)],
    ["binomial", () => random.binomial(1.5, 0.5), "binomial(): size must be a whole number from 0 to 2^53 - 1, not 1.5."],
    ["binomial", () => random.binomial(3, 1.01), dataMessages.badRandomArgument("binomial", "probability", "probability", 1.01)],
    [
      "negativeBinomial",
      () => random.negativeBinomial(nan, 1),
      dataMessages.badRandomArgument("negativeBinomial", "mean", "notNegative", nan),
    ],
    ["negativeBinomial", () => random.negativeBinomial(1, 0), dataMessages.badRandomArgument("negativeBinomial", "size", "positive", 0)],
    ["categorical", () => random.categorical([1, -2]), "categorical(): weight 2 must be finite and at least 0, not -2."],
    [
      "categorical",
      () => random.categorical([0, 0]),
      dataMessages.badRandomArgument("categorical", "the sum of the weights", "positive", 0),
    ],
    ["sample", () => random.sample([1], -1), dataMessages.badRandomArgument("sample", "size", "whole", -1)],
    ["sample", () => random.sample([1, 2], 3), "sample(): 3 cannot be drawn from 2 items without replacement. Draw at most 2."],
    [
      "multivariateNormal",
      () => random.multivariateNormal([1, 2, 3]),
      "multivariateNormal(): the factor must be a square matrix by columns (1, 4, 9, ... numbers), but has 3 numbers.",
    ],
  ])("%s says which and what to give", (_, attempt, message) => {
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(message);
  });
});
