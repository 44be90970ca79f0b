/** What the generator takes, and what it says to what it does not take. */
import { describe, expect, test } from "vitest";
import { AbortError, DataError } from "../../../src/messages.js";
import { calibrateThresholds, thresholdsFor } from "../../../src/mist/simulate/calibrate.js";
import { normalOptions, presets, type SimulateOptions } from "../../../src/mist/simulate/options.js";
import { parameterNames, parameters, slopeNames } from "../../../src/mist/simulate/parameters.js";
import { simulate, simulateDistricts } from "../../../src/mist/simulate/simulate.js";
import { rowsOf, shareOf, teacherViews } from "./studies.js";

/** Options as a JavaScript user may give them. */
function refusal(options: object): string {
  try {
    normalOptions(options as SimulateOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return (error as DataError).message;
  }
  return "accepted";
}

describe("wrong options", () => {
  test.each([
    [{ sead: 1 }, 'There is no option "sead". Did you mean "seed"?'],
    [{ seed: -1 }, "The seed is -1, but must be a whole number from 0 to 4294967295."],
    [{ seed: 2 ** 32 }, "The seed is 4294967296, but must be a whole number"],
    [
      { scale: 0.5 },
      'The scale is 0.5, but must be a whole number from 1 (four districts) to 100000. For a very small study use preset "tiny".',
    ],
    [{ preset: "Mist" }, '"Mist" is no value for preset. Did you mean "mist"? Use mist, recovery, tiny, null or hard.'],
    [{ effects: { netwrk: false } }, 'There is no effect "netwrk". Did you mean "network"?'],
    [{ effects: { growth: 0 } }, 'effects.growth is "0", but must be true or false.'],
    [{ missing: "nmar" }, '"nmar" is no value for missing. Did you mean "mar"? Use default, none, mar or mnar.'],
    [{ student: { perSections: 3 } }, 'There is no student option "perSections". Did you mean "perSection"?'],
    [{ student: { perSection: 40 } }, "student.perSection is 40, but must be a whole number from 1 to 36."],
    [{ student: { model: "lag" } }, '"lag" is no value for student.model.'],
    [{ overrides: { beta_expl_pord: 1 } }, 'There is no parameter "beta_expl_pord". Did you mean "beta_expl_prod"?'],
    [{ overrides: { beta_mkt: Number.NaN } }, "Parameter beta_mkt is NaN, but must be a number."],
    [{ overrides: { turnover: 1.2 } }, "Parameter turnover is 1.2, but must be between 0 and 1."],
    [{ overrides: { var_w: -1 } }, "Parameter var_w is -1, but must be 0 or more."],
    [{ overrides: { z_mkt_sd: 0 } }, "Parameter z_mkt_sd is 0, but must be more than 0."],
    [{ overrides: { rho_PM: 1.5 } }, "Parameter rho_PM is 1.5, but must be between -1 and 1."],
    [{ overrides: { theta_P2: 0 } }, "Parameter theta_P2 is 0 and theta_P3 is -1, but thresholds must rise: theta_P2 < theta_P3."],
    [{ overrides: { p_step1: 0.99 } }, "Parameter p_step1 + p_step2 is 1.01, but must be between 0 and 1."],
    [{ overrides: null }, "The parameters must be given as an object with names and values."],
    [{ measurement: "latnt" }, '"latnt" is no value for measurement. Did you mean "latent"?'],
    [{ overrides: JSON.parse('{"__proto__": 1}') }, 'There is no parameter "__proto__".'],
  ])("%j", (options, words) => {
    expect(refusal(options)).toContain(words);
  });

  test("are told before the first district is asked for", () => {
    expect(() => simulateDistricts({ scale: -1 })).toThrow(DataError);
  });
});

describe("presets", () => {
  test("have all parameters", () => {
    for (const preset of presets) expect(Object.keys(normalOptions({ preset }).values)).toEqual([...parameterNames]);
  });

  test("mist takes every parameter's default", () => {
    const { values } = normalOptions();
    for (const name of parameterNames) expect(values[name], name).toBe(parameters[name].value);
  });

  test("null sets every slope to 0 and leaves the rest", () => {
    const { values } = normalOptions({ preset: "null" });
    for (const name of parameterNames) expect(values[name], name).toBe(slopeNames.includes(name) ? 0 : parameters[name].value);
  });

  test("recovery is without confounding, growth, supports, composition and missing data", () => {
    const { values, missing, exact } = normalOptions({ preset: "recovery" });
    expect([values.rho_PM, values.kappa_set, values.gamma_yr, values.gamma_net, values.gamma_hl, values.b_blk, values.sd_slope]).toEqual([
      0, 0, 0, 0, 0, 0, 0,
    ]);
    expect([values.beta_expl_prod, values.beta_demand_kept, values.kappa_mtg]).toEqual([0.6, 0.7, 0.3]);
    expect([missing, exact]).toEqual(["none", false]);
  });

  test("hard has latent drivers, refusals that depend on practice, drift and a variance of 0", () => {
    const { values, missing, measurement } = normalOptions({ preset: "hard" });
    expect([values.var_w, values.rater_drift > 0, missing, measurement]).toEqual([0, true, "mnar", "latent"]);
  });

  test("tiny is made in less than a second or two", () => {
    const start = performance.now();
    simulate({ preset: "tiny", seed: 77 });
    // A second on a free machine; three leave room for a busy one.
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("a switch overrules the preset, and an override the switch", () => {
    expect(normalOptions({ preset: "recovery", effects: { growth: true } }).values.gamma_vis).toBe(0.12);
    expect(normalOptions({ effects: { growth: false } }).values.gamma_vis).toBe(0);
    expect(normalOptions({ effects: { growth: false }, overrides: { gamma_vis: 0.3 } }).values.gamma_vis).toBe(0.3);
  });
});

describe("long work", () => {
  test("tells how far it is, district by district", () => {
    const told: string[] = [];
    simulate({ preset: "tiny", scale: 2, student: { include: false }, onProgress: (done, total) => told.push(`${done}/${total}`) });
    expect(told).toEqual(["1/4", "2/4", "3/4", "4/4"]);
  });

  test("stops between districts when asked", () => {
    const stop = new AbortController();
    const onProgress = (done: number): void => {
      if (done === 2) stop.abort("enough");
    };
    let failure: unknown = null;
    try {
      simulate({ preset: "tiny", scale: 3, student: { include: false }, signal: stop.signal, onProgress });
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(AbortError);
    expect((failure as AbortError).message).toBe("Stopped as asked, after 2 of 6 districts.");
    expect((failure as AbortError).cause).toBe("enough");
  });
});

describe("thresholds", () => {
  test("of one linear predictor are logits", () => {
    const [low, high] = thresholdsFor([0.5], [0.2, 0.5, 0.3]);
    expect(low).toBeCloseTo(0.5 - Math.log(0.8 / 0.2), 12);
    expect(high).toBeCloseTo(0.5 - Math.log(0.3 / 0.7), 12);
  });

  test("put wanted shares back after slopes were changed", () => {
    const options = { student: { include: false }, missing: "none", scale: 4 } as const;
    const changed = { b_ev: 1, sd_a: 1.8 };
    const target = [0.28, 0.55, 0.17];
    const before = teacherViews(rowsOf({ ...options, overrides: changed }));
    const overrides = calibrateThresholds({ explanation: target }, { ...options, overrides: changed });
    const after = teacherViews(rowsOf({ ...options, overrides }));
    const share = (rows: typeof after): number => shareOf(rows, (row) => row.explanation === "productive");
    expect(share(before)).toBeGreaterThan(0.25);
    // 2,880 codes of some 1,000 teachers: three standard errors are about .03.
    expect(Math.abs(share(after) - 0.17)).toBeLessThan(0.03);
    expect(overrides.b_ev).toBe(1);
  }, 30_000);

  test("want shares that sum to 1, one a category", () => {
    expect(() => calibrateThresholds({ explanation: [0.5, 0.6, 0.1] })).toThrow(
      "The target shares of explanation are 0.5, 0.6 and 0.1, but must be 3 positive shares that sum to 1",
    );
    expect(() => calibrateThresholds({ potential: [0.5, 0.5] })).toThrow("must be 5 positive shares");
  });
});
