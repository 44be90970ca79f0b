/** Standard errors of dispersions, shapes and random effects of the zeros, in records, JSON, intervals and print. R: glmmTMB 1.1.5. */
import { describe, expect, test } from "vitest";
import { confint } from "../../src/inference/confint.js";
import { glmm } from "../../src/inference/glmm.js";
import { toJson } from "../../src/inference/json.js";
import { summary } from "../../src/inference/summary/summary.js";
import { responses } from "../inference/generalized-fits.js";
import { herds, salamanders } from "../inference/generalized-reference-fits.js";

// glmmTMB(count ~ mined + (1 | site), Salamanders, family = nbinom2): sqrt(diag(vcov(m, full = TRUE)))["d~(Intercept)"]
const counts = glmm("count ~ mined + (1 | site)", salamanders, { family: "nbinom2" });
// glmmTMB(count ~ spp + mined + (1 | site), zi = ~ mined + (1 | site), Salamanders, family = poisson): the second "theta_1|site.1"
const zeros = glmm("count ~ spp + mined + (1 | site)", salamanders, { family: "poisson", zi: "~ mined + (1 | site)" });

describe("the dispersion's standard error", () => {
  test("is glmmTMB's, of its logarithm", () => {
    expect(counts.dispersion).toBeCloseTo(0.639048206, 4);
    expect(counts.dispersionError!.stdError).toBeCloseTo(0.11769817, 4);
    expect(counts.shapeError).toBeNull();
    expect(herds.dispersionError).toBeNull();
  });

  test("makes the interval of confint, of JSON and of print", () => {
    const reach = Math.exp(1.959963985 * 0.11769817);
    const [interval] = confint(counts, { part: "dispersion" });
    expect(interval!.lower).toBeCloseTo(0.639048206 / reach, 3);
    expect(interval!.upper).toBeCloseTo(0.639048206 * reach, 3);
    expect(toJson(counts).dispersionStdErrorLog).toBe(counts.dispersionError!.stdError);
    expect(String(summary(counts))).toMatch(/poisson\), 95 % interval 0\.507 to\s+0\.805/);
  });

  test("of a standard deviation is half that of the dispersion; the t family has a shape with its own", () => {
    const gamma = glmm("positive ~ x + (1 | g)", responses, { family: "gamma" });
    const { problem, point, jointCovariance } = gamma.engine;
    const at = problem.parameters.length + problem.model.predictors[1]!.parameter[0]!;
    expect(gamma.dispersionError!.stdError).toBeCloseTo(Math.sqrt(jointCovariance![at * (point.length + 1)]!) / 2, 10);
    const heavy = glmm("heavy ~ x + (1 | g)", responses, { family: "t" });
    const shape = confint(heavy, { part: "all" }).find(({ term }) => term === "shape")!;
    expect(shape.upper / shape.estimate).toBeCloseTo(Math.exp(1.959963985 * heavy.shapeError!.stdError!), 6);
  });
});

test("random effects of the zeros have standard errors as those of the mean", () => {
  const [error] = zeros.zeroInflation!.randomErrors;
  expect(error!.stdError).toBeCloseTo(0.25125765, 3);
  expect(zeros.randomErrors[0]!.stdError).toBeCloseTo(0.26592572, 3);
  expect(toJson(zeros).zeroInflation!.random[0]).toMatchObject({ group: "site", stdErrorLog: error!.stdError });
  // exp(log 0.81729 -/+ 1.96 x 0.25126)
  expect(String(summary(zeros))).toMatch(
    /Random effects of the zeros\n Groups +Name +Variance +Std\.Dev\. +95 % interval\n site .* 0\.499 to 1\.34/,
  );
});
