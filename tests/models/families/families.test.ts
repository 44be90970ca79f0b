import { describe, expect, it } from "vitest";
import type { Family, LinkName, RandomSource } from "../../../src/models/families/family.js";
import { linkFunction } from "../../../src/models/families/links.js";
import { families, familyNamed } from "../../../src/models/families/registry.js";
import { numbersOf, responseOf, rowsOf } from "./rows.js";

describe("log-likelihoods are R's densities, constants included", () => {
  // [family, response, predictors under the default link (gaussian and t: identity), value, R's command]
  it.each<[string, number | [number, number], number[], number, string]>([
    ["binomial", [1, 0], [0.3], -0.554355244468527, "dbinom(1, 1, plogis(0.3), log = TRUE)"],
    ["binomial", [12, 8], [-0.8], -5.278214256609208, "dbinom(12, 20, plogis(-0.8), log = TRUE)"],
    [
      "betabinomial",
      [12, 8],
      [0.5, 1.2],
      -2.772176376705355,
      "lchoose(20, 12) + lbeta(12 + plogis(0.5) * exp(1.2), 8 + plogis(-0.5) * exp(1.2)) - lbeta(plogis(0.5) * exp(1.2), plogis(-0.5) * exp(1.2))",
    ],
    ["poisson", 7, [1.1], -3.829327385011847, "dpois(7, exp(1.1), log = TRUE)"],
    ["poisson", 300, [5.5], -9.59778220928837, "dpois(300, exp(5.5), log = TRUE)"],
    ["nbinom2", 7, [1.1, 0.4], -3.339908598471054, "dnbinom(7, size = exp(0.4), mu = exp(1.1), log = TRUE)"],
    ["nbinom2", 900, [6, -1], -8.578767265865729, "dnbinom(900, size = exp(-1), mu = exp(6), log = TRUE)"],
    ["nbinom1", 7, [1.1, 0.4], -3.326676683857227, "dnbinom(7, size = exp(1.1 - 0.4), mu = exp(1.1), log = TRUE)"],
    ["gamma", 2.5, [0.6, 1.3], -1.412405725652678, "dgamma(2.5, shape = exp(1.3), scale = exp(0.6 - 1.3), log = TRUE)"],
    [
      "inverse_gaussian",
      2.5,
      [0.6, -0.2],
      -2.134670022612704,
      "-log(2 * pi * 2.5^3 * exp(-0.4)) / 2 - (2.5 - exp(0.6))^2 / (2 * exp(-0.4) * exp(1.2) * 2.5)",
    ],
    ["beta", 0.85, [0.6, 1.3], 0.5116500271072365, "dbeta(0.85, plogis(0.6) * exp(1.3), plogis(-0.6) * exp(1.3), log = TRUE)"],
    ["student_t", 2.5, [0.6, 0.3, 1.4], -2.285505278824053, "dt((2.5 - 0.6) / exp(0.3), exp(1.4), log = TRUE) - 0.3"],
    ["gaussian", 2.5, [0.6, 0.3], -2.20954353635439, "dnorm(2.5, 0.6, exp(0.3), log = TRUE)"],
  ])("%s: %j at %j", (name, y, at, value) => {
    const family = familyNamed(name);
    // a few roundings of y log mu and log y!, which are of this size for the largest count
    const rounding = typeof y === "number" ? 1e-15 * y * Math.log1p(y) : 0;
    const l = numbersOf(rowsOf(family, family.defaultLink, y), at, 0)[0]!;
    expect(Math.abs(l - value)).toBeLessThan(1e-13 + rounding);
  });
});

/** glmmTMB 1.1.5 on ten rows: `glmmTMB(response ~ x, family = ...)`, its estimates, logLik and sigma(). */
const X = [0.1, 0.5, -0.3, 0.8, 1.2, -0.9, 0.4, 0.7, -0.2, 1.5];
const COUNT = [2, 0, 5, 1, 9, 0, 3, 4, 1, 12];
const POSITIVE = [0.4, 1.2, 0.3, 2.2, 5.1, 0.2, 1.9, 0.8, 1.1, 3.3];
const UNIT = [0.2, 0.5, 0.33, 0.71, 0.9, 0.15, 0.42, 0.6, 0.38, 0.77];
const SUCCESSES = [2, 0, 5, 1, 9, 0, 3, 4, 1, 8];
const FAILURES = [3, 5, 1, 4, 1, 6, 2, 5, 7, 2];
const REAL = [0.3, 1.1, -0.4, 0.9, 3.9, -1.3, 0.2, 1.3, 0.5, 2.2];

interface Fitted {
  readonly response: readonly number[];
  readonly link?: LinkName;
  readonly coefficients: readonly [number, number];
  readonly further: readonly number[];
  readonly logLik: number;
  readonly sigma: number | null;
}

const FITS: Readonly<Record<string, Fitted>> = {
  nbinom2: {
    response: COUNT,
    coefficients: [0.63870001867032, 1.05431303838883],
    further: [1.4696891991835],
    logLik: -21.4487557409,
    sigma: 4.3478836052698,
  },
  nbinom1: {
    response: COUNT,
    coefficients: [0.4890459329766, 1.2563678806292],
    further: [-0.21095464598],
    logLik: -20.7503297357,
    sigma: 0.80981079422336,
  },
  // Gamma("log")
  gamma: {
    response: POSITIVE,
    coefficients: [-0.30618545136791, 1.26310812265771],
    further: [1.4977010793728],
    logLik: -7.6506627133,
    sigma: 0.47290983152575,
  },
  beta: {
    response: UNIT,
    coefficients: [-0.57203872739309, 1.44679330516797],
    further: [3.0558010471486],
    logLik: 9.48083164684,
    sigma: 21.238191507456,
  },
  // cbind(s, f)
  betabinomial: {
    response: SUCCESSES,
    coefficients: [-0.80078000174389, 1.16318300777085],
    further: [1.3785776117649],
    logLik: -18.3100447139,
    sigma: 3.9692517932654,
  },
  // glmmTMB 1.1.5 has the logarithm of the variance, -0.82503192303634, here that of sigma
  gaussian: {
    response: REAL,
    coefficients: [0.21575166045643, 1.72170600197033],
    further: [-0.82503192303634 / 2],
    logLik: -10.0642241034,
    sigma: 0.66198263035872,
  },
  student_t: {
    response: REAL,
    coefficients: [0.09381552571919, 1.46015314092491],
    further: [-1.4135364039189, 0.3261263583619],
    logLik: -7.98973256779,
    sigma: 0.2432814187387,
  },
  // binomial("cloglog")
  binomial: {
    response: SUCCESSES,
    link: "cloglog",
    coefficients: [-0.98564723577743, 0.98230888112131],
    further: [],
    logLik: -20.4085102182,
    sigma: null,
  },
};

describe("parametrisations are glmmTMB's", () => {
  it.each(Object.entries(FITS))("%s: its log-likelihood, a gradient of zero, and sigma()", (name, fit) => {
    const family = familyNamed(name);
    const trials = fit.response === SUCCESSES ? Float64Array.from(SUCCESSES, (s, i) => s + FAILURES[i]!) : null;
    const rows = family.rows(responseOf(fit.response, { trials }), fit.link ?? family.defaultLink);
    const gradient = new Array<number>(2 + fit.further.length).fill(0);
    const out = new Float64Array(20);
    let logLik = 0;
    X.forEach((x, i) => {
      rows.row(i, Float64Array.of(fit.coefficients[0] + fit.coefficients[1] * x, ...fit.further), 1, out);
      logLik += out[0]!;
      gradient[0]! += out[1]!;
      gradient[1]! += out[1]! * x;
      fit.further.forEach((_, k) => {
        gradient[2 + k]! += out[2 + k]!;
      });
    });
    expect(logLik).toBeCloseTo(fit.logLik, 9);
    // glmmTMB stops at gradients of this size
    for (const part of gradient) expect(Math.abs(part)).toBeLessThan(2e-3);
    if (fit.sigma === null) expect(family.dispersion).toBeNull();
    else expect(family.dispersion!(fit.further[0]!)).toBeCloseTo(fit.sigma, 11);
  });
});

describe("limits", () => {
  it("nbinom2, nbinom1 and betabinomial are Poisson and binomial where the dispersion vanishes, without loss", () => {
    const poisson = numbersOf(rowsOf(familyNamed("poisson"), "log", 60), [3.7]);
    for (const [name, at] of [
      ["nbinom2", [3.7, 60]],
      ["nbinom1", [3.7, -60]],
    ] as const) {
      const out = numbersOf(rowsOf(familyNamed(name), "log", 60), at);
      [0, 1, 3, 6].forEach((place, k) => {
        expect(out[place]! / poisson[k]!).toBeCloseTo(1, 13);
      });
      expect(Math.abs(out[2]!) + Math.abs(out[5]!)).toBeLessThan(1e-20);
    }
    const binomial = numbersOf(rowsOf(familyNamed("binomial"), "probit", [12, 8]), [-0.4]);
    const wide = numbersOf(rowsOf(familyNamed("betabinomial"), "probit", [12, 8]), [-0.4, 60]);
    [0, 1, 3, 6].forEach((place, k) => {
      expect(wide[place]! / binomial[k]!).toBeCloseTo(1, 13);
    });
  });

  it("t with many degrees of freedom is normal", () => {
    const normal = numbersOf(rowsOf(familyNamed("gaussian"), "identity", 2), [0.7, 0.2]);
    const t = numbersOf(rowsOf(familyNamed("student_t"), "identity", 2), [0.7, 0.2, 700]);
    expect(t[0]).toBeCloseTo(normal[0]!, 14);
    expect(t[1]).toBeCloseTo(normal[1]!, 14);
    expect(t[4]).toBeCloseTo(normal[3]!, 14);
  });

  it("cloglog of successes is loglog of failures", () => {
    const family = familyNamed("binomial");
    for (const eta of [-30, -2, 0.4, 6, 30]) {
      const one = numbersOf(rowsOf(family, "cloglog", [4, 9]), [eta]);
      const other = numbersOf(rowsOf(family, "loglog", [9, 4]), [-eta]);
      [1, -1, 1, -1].forEach((sign, k) => {
        // the sum is taken in the other order
        expect(Math.abs(other[k]! - sign * one[k]!)).toBeLessThanOrEqual(4e-16 * Math.abs(one[k]!));
      });
    }
  });
});

describe("links", () => {
  const LINKS: readonly LinkName[] = ["identity", "log", "logit", "probit", "cloglog", "loglog", "cauchit", "inverse", "sqrt", "1/mu^2"];

  it.each(LINKS)("%s leads to the mean and back, with derivatives that are those of finite differences", (name) => {
    const link = linkFunction(name);
    const out = new Float64Array(4);
    const near = new Float64Array(4);
    for (const eta of [0.05, 0.3, 0.8, 1.6, 2.4]) {
      link.derivatives(eta, out);
      expect(link.mean(eta)).toBe(out[0]);
      expect(link.inside(eta)).toBe(true);
      expect(link.predictor(out[0]!)).toBeCloseTo(eta, 12);
      const h = 1e-3 * eta;
      for (let k = 1; k <= 3; k++) {
        const at = (x: number): number => {
          link.derivatives(x, near);
          return near[k - 1]!;
        };
        const wide = (at(eta + h) - at(eta - h)) / (2 * h);
        const narrow = (at(eta + h / 2) - at(eta - h / 2)) / h;
        expect(Math.abs(out[k]! - (4 * narrow - wide) / 3)).toBeLessThan(1e-8 * Math.max(1, Math.abs(out[k]!)));
      }
    }
  });

  it("keep a probability near 0 and give no NaN at the ends", () => {
    expect(linkFunction("cauchit").mean(-1e10) * Math.PI * 1e10).toBeCloseTo(1, 12);
    expect(linkFunction("probit").mean(-10) / 7.619853024160527e-24).toBeCloseTo(1, 12);
    const out = new Float64Array(4);
    for (const name of ["logit", "probit", "cloglog", "loglog", "cauchit"] as const) {
      for (const eta of [-800, -700, -40, 40, 700, 800]) {
        linkFunction(name).derivatives(eta, out);
        for (const value of out) expect(value).not.toBeNaN();
        expect(out[0]).toBeGreaterThanOrEqual(0);
        expect(out[0]).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe("starts", () => {
  it.each(families.flatMap((family) => family.links.map((link): [string, LinkName, Family] => [family.name, link, family])))(
    "%s, %s: every row starts inside the domain, with a finite log-likelihood",
    (name, link, family) => {
      const trials = SUCCESSES.map((s, i) => s + FAILURES[i]!);
      const response =
        name === "beta"
          ? responseOf(UNIT)
          : name === "binomial" || name === "betabinomial"
            ? responseOf(SUCCESSES, { trials: Float64Array.from(trials) })
            : family.counts
              ? responseOf(COUNT)
              : responseOf(POSITIVE);
      const start = family.start(response, link);
      const further = family.furtherStart(response);
      expect(further.length).toBe(family.further.length);
      const rows = family.rows(response, link);
      const out = new Float64Array(20);
      start.forEach((eta, i) => {
        rows.row(i, Float64Array.of(eta, ...further), 0, out);
        expect(Number.isFinite(out[0]!), `row ${i}`).toBe(true);
        expect(family.mean(link, eta)).toBe(linkFunction(link).mean(eta));
      });
    },
  );
});

/** Park & Miller's generator (1988) with the plainest of methods: independent of what the house draws with. */
function source(seed: number): RandomSource {
  let state = seed;
  const uniform = (): number => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * (1 - uniform()) ** (1 / shape);
    // Marsaglia & Tsang (2000)
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    let count = -1;
    for (let sum = 0; sum <= mean; count++) sum -= Math.log(1 - uniform());
    return count;
  };
  const binomial = (size: number, probability: number): number => {
    let count = 0;
    for (let k = 0; k < size; k++) if (uniform() < probability) count++;
    return count;
  };
  return { uniform, normal, gamma, poisson, binomial };
}

describe("simulated responses have the family's mean and variance", () => {
  // [family, mean, further, size]
  it.each<[string, number, number[], number]>([
    ["gaussian", 1.3, [0.4], 1],
    ["binomial", 0.3, [], 12],
    ["betabinomial", 0.3, [0.8], 12],
    ["poisson", 4.2, [], 1],
    ["nbinom1", 4.2, [0.3], 1],
    ["nbinom2", 4.2, [0.9], 1],
    ["gamma", 2.1, [1.1], 1],
    ["inverse_gaussian", 1.4, [-0.6], 1],
    ["beta", 0.3, [1.2], 1],
    ["student_t", 1.3, [0.2, 2.5], 1],
  ])("%s", (name, mean, further, size) => {
    const family = familyNamed(name);
    const random = source(20261);
    const draws = 40_000;
    const values = Float64Array.from({ length: draws }, () => family.simulate(random, mean, further, size) / size);
    const average = values.reduce((sum, value) => sum + value, 0) / draws;
    const squares = values.map((value) => (value - average) ** 2);
    const variance = squares.reduce((sum, value) => sum + value, 0) / draws;
    const spread = squares.reduce((sum, value) => sum + (value - variance) ** 2, 0) / draws;
    // four standard errors: the seed is fixed
    expect(Math.abs(average - mean)).toBeLessThan(4 * Math.sqrt(variance / draws));
    expect(Math.abs(variance - family.variance(mean, further, size))).toBeLessThan(4 * Math.sqrt(spread / draws));
  });

  it("a t with 2 degrees of freedom or fewer has no finite variance", () => {
    expect(familyNamed("t").variance(0, [0, Math.log(2)], 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it("draws stay inside the range of the family, whatever the dispersion", () => {
    const random = source(3);
    for (let k = 0; k < 300; k++) {
      const share = familyNamed("beta").simulate(random, 0.2, [-9], 1);
      expect(share > 0 && share < 1).toBe(true);
      expect(familyNamed("gamma").simulate(random, 2, [-9], 1)).toBeGreaterThan(0);
    }
  });
});
