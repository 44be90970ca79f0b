/** Design effects: the variance of a mean against the dense covariance matrix of the rows. */
import { describe, expect, test } from "vitest";
import { takeRows } from "../../src/data/column-values.js";
import { Table } from "../../src/data/table.js";
import { designEffect } from "../../src/inference/design-effect.js";
import { icc } from "../../src/inference/icc.js";
import { lmm } from "../../src/inference/lmm.js";
import type { LinearMixedFit } from "../../src/models/fit.js";
import { crossed, hsb, hsbNull, oats, sleepstudy, slope, splitPlot } from "./fits.js";
import { herds } from "./generalized-reference-fits.js";

/** (1'V1 / n) / mean(diag V), V = sigma^2 I + Z Sigma Z' with every entry formed. */
function dense(fit: LinearMixedFit): number {
  const n = fit.nobs;
  let whole = n * fit.sigma ** 2;
  let diagonal = n * fit.sigma ** 2;
  for (const { index, effects, sigma } of fit.randomTerms) {
    const { effects: z, levelOf, membership } = fit.frame.random[index]!;
    const m = effects.length;
    const weight = (i: number, unit: number): number => {
      if (membership === null) return levelOf[i] === unit ? 1 : 0;
      let sum = 0;
      for (let k = 0; k < membership.count; k++) if (membership.levelOf[k * n + i] === unit) sum += membership.weights[k * n + i]!;
      return sum;
    };
    for (let unit = 0; unit < fit.frame.random[index]!.levels.length; unit++) {
      const rows = Array.from({ length: n }, (_, i) => i).filter((i) => weight(i, unit) !== 0);
      for (const i of rows) {
        for (const j of rows) {
          let value = 0;
          for (let b = 0; b < m; b++) for (let a = 0; a < m; a++) value += z.values[a * n + i]! * sigma[b * m + a]! * z.values[b * n + j]!;
          value *= weight(i, unit) * weight(j, unit);
          whole += value;
          if (i === j) diagonal += value;
        }
      }
    }
  }
  return whole / diagonal;
}

/** The first rows of each kind, so that units are of unequal sizes. */
const unequal = Table.ofColumns(
  sleepstudy.columns.map((column) =>
    takeRows(
      column,
      Array.from({ length: 180 }, (_, i) => i).filter((i) => (i * 7) % 11 < 3 + (i % 5)),
    ),
  ),
);
const teachers = Table.from(
  Array.from({ length: 90 }, (_, i) => ({ y: Math.sin(i * i) + (i % 4), t1: `t${i % 9}`, t2: `t${(i * 5) % 11}`, w1: 0.3, w2: 0.7 })),
);

describe("a design effect", () => {
  test.each([
    ["of balanced units", lmm("Reaction ~ 1 + (1 | Subject)", sleepstudy)],
    ["of unequal units", lmm("Reaction ~ 1 + (1 | Subject)", unequal)],
    ["with slopes", slope],
    ["with slopes and unequal units", lmm("Reaction ~ Days + (Days | Subject)", unequal)],
    ["of nested factors", splitPlot],
    ["of crossed factors", crossed],
    ["of two terms on one factor", lmm("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", unequal)],
    ["of multiple membership", lmm("y ~ 1 + (1 | mm(t1, t2, weights = w1 + w2))", teachers)],
  ] as const)("is the ratio of the variances of a mean: %s", (_, fit) => {
    const own = designEffect(fit);
    expect(own.designEffect / dense(fit)).toBeCloseTo(1, 9);
    expect(own.effectiveSize).toBeCloseTo(fit.nobs / own.designEffect, 9);
  });

  test("is 1 + (m - 1) ICC for balanced units", () => {
    const fit = lmm("Reaction ~ 1 + (1 | Subject)", sleepstudy);
    const { groups } = designEffect(fit);
    const { share } = icc(fit)[0]!;
    expect(groups).toEqual([
      {
        group: "Subject",
        units: 18,
        meanSize: 10,
        size: expect.closeTo(10, 10),
        icc: share,
        designEffect: expect.closeTo(1 + 9 * share, 10),
      },
    ]);
  });

  test("counts a unit by its size: sum n^2 / sum n", () => {
    const sizes = new Map<unknown, number>();
    for (const { school } of hsb.toRows()) sizes.set(school, (sizes.get(school) ?? 0) + 1);
    const squares = [...sizes.values()].reduce((sum, size) => sum + size * size, 0);
    const [row] = designEffect(hsbNull).groups;
    expect(row!.size).toBeCloseTo(squares / 7185, 9);
    expect(row!.meanSize).toBeCloseTo(7185 / 160, 12);
  });

  test("of a variance of zero is 1, with the units' sizes", () => {
    const none = lmm("yield ~ nitro + Variety + (1 | Variety)", oats);
    const { groups, designEffect: all } = designEffect(none);
    expect(all).toBeCloseTo(1, 12);
    expect(groups[0]).toMatchObject({ icc: 0, size: 24 });
  });

  test("of a generalized model is on the latent scale", () => {
    const { groups } = designEffect(herds);
    expect(groups[0]).toMatchObject({ group: "herd", units: 15, icc: icc(herds)[0]!.share });
  });
});
