/**
 * What may be asked of the generator, with defaults, presets and checks: a misspelt name or a value out of range is told at once.
 */
import { DataError, didYouMean, simulateMessages } from "../../messages.js";
import {
  correlationNames,
  isParameterName,
  type ParameterName,
  type ParameterValues,
  parameterNames,
  parameters,
  probabilityNames,
  scaleNames,
  slopeNames,
  thresholdNames,
} from "./parameters.js";

export const presets = ["mist", "recovery", "tiny", "null", "hard"] as const;
/**
 * mist: the default. recovery: what analyses estimate is what was put in: no confounding, nothing missing, no growth, supports or
 * composition. tiny: two small districts, for tests. null: every slope is 0. hard: latent traits drive the outcomes, refusals
 * depend on practice, raters drift, a variance is 0.
 */
export type Preset = (typeof presets)[number];

export const missingness = ["default", "none", "mar", "mnar"] as const;
/** default: as the study's counts imply. mar: and teachers end their participation. mnar: and refusals depend on practice. */
export type Missingness = (typeof missingness)[number];

export const effectNames = ["growth", "network", "coaching", "principal", "meetings", "composition", "setup", "students", "pm"] as const;
/** A part of the data-generating model that can be switched off: its slopes become 0. */
export type EffectName = (typeof effectNames)[number];

export const measurements = ["observed", "latent"] as const;
/** Whether recorded scores or latent traits drive the outcomes. */
export type Measurement = (typeof measurements)[number];

export const studentModels = ["lagged", "growth"] as const;
/** lagged: achievement given prior achievement. growth: an intercept of the student and a slope over grades. */
export type StudentModel = (typeof studentModels)[number];

/** Students and their sections. */
export interface StudentOptions {
  /** Sections of each focal teacher, 1 to 6; default 3. */
  readonly sectionsPerTeacher?: number;
  /** Students of each section, 1 to 36; default 24. */
  readonly perSection?: number;
  /** Default "lagged". */
  readonly model?: StudentModel;
  /** Whether students are made at all; default true. */
  readonly include?: boolean;
}

/** What `simulate` takes; everything has a default. */
export interface SimulateOptions {
  /** A whole number from 0 to 4294967295; default 20071011. */
  readonly seed?: number;
  /** Blocks of four districts, a whole number from 1; default 1. A larger scale adds districts and changes none. */
  readonly scale?: number;
  /** Default "mist". */
  readonly preset?: Preset;
  /** Parts of the model to switch off (or on, against the preset); default: as the preset says. */
  readonly effects?: Readonly<Partial<Record<EffectName, boolean>>>;
  /** Default: as the preset says. */
  readonly missing?: Missingness;
  readonly student?: StudentOptions;
  /** Values of single parameters; they come last and overrule presets and switches. */
  readonly overrides?: Readonly<Partial<Record<ParameterName, number>>>;
  /** Whether recommendations have exactly the published counts; default: as the preset says. */
  readonly exact?: boolean;
  /** Default: as the preset says. */
  readonly measurement?: Measurement;
  /** Called after each district. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Stops the work between districts with an AbortError. */
  readonly signal?: AbortSignal;
}

/** The options with everything filled in. */
export interface NormalOptions {
  readonly seed: number;
  readonly scale: number;
  readonly preset: Preset;
  readonly effects: Readonly<Record<EffectName, boolean>>;
  readonly missing: Missingness;
  readonly student: Required<StudentOptions>;
  readonly exact: boolean;
  readonly measurement: Measurement;
  /** Every parameter as it is used. */
  readonly values: ParameterValues;
  /** The overrides as given. */
  readonly overrides: Readonly<Partial<Record<ParameterName, number>>>;
}

/** The default seed: the project's first October. */
export const DEFAULT_SEED = 20071011;

/** The slopes that a switch governs. */
const slopesOf: Readonly<Record<EffectName, readonly ParameterName[]>> = {
  growth: ["gamma_yr", "gamma_vis", "gamma_prod", "gamma_both", "gamma_mkt", "sd_slope"],
  network: ["gamma_net", "gamma_deep"],
  coaching: ["gamma_hl", "gamma_obs", "gamma_hlx", "gamma_hlc"],
  principal: ["gamma_plc", "gamma_hlc", "coach_diverted", "coach_time_coll", "coach_trust_coll"],
  meetings: ["gamma_mtg"],
  composition: ["b_blk", "b_ltx", "b_el"],
  setup: ["beta_context", "beta_math", "beta_demand_kept", "kappa_set"],
  students: ["beta_ctx", "beta_maint", "beta_pm", "beta_el", "beta_frl", "student_intercept"],
  pm: ["pm_slope", "pm_step"],
};

interface PresetSetting {
  readonly off: readonly EffectName[];
  readonly missing: Missingness;
  readonly exact: boolean;
  readonly measurement: Measurement;
  readonly perSection: number;
  readonly values: Readonly<Partial<Record<ParameterName, number>>>;
}

const ordinary: PresetSetting = { off: [], missing: "default", exact: true, measurement: "observed", perSection: 24, values: {} };

const presetSettings: Readonly<Record<Preset, PresetSetting>> = {
  mist: ordinary,
  recovery: {
    ...ordinary,
    off: ["growth", "network", "coaching", "principal", "meetings", "composition"],
    missing: "none",
    exact: false,
    values: { rho_PM: 0, kappa_set: 0, beta_pm: 0 },
  },
  tiny: { ...ordinary, perSection: 6 },
  null: { ...ordinary, exact: false, values: Object.fromEntries(slopeNames.map((name) => [name, 0])) },
  hard: { ...ordinary, missing: "mnar", measurement: "latent", values: { var_w: 0, rater_drift: 0.05 } },
};

const optionNames: readonly string[] = [
  "seed",
  "scale",
  "preset",
  "effects",
  "missing",
  "student",
  "overrides",
  "exact",
  "measurement",
  "onProgress",
  "signal",
];
const studentOptionNames: readonly string[] = ["sectionsPerTeacher", "perSection", "model", "include"];

/**
 * The options with defaults filled in.
 *
 * @throws DataError for unknown names (with the nearest) and values that cannot be used
 * @example normalOptions({ overrides: { beta_expl_prod: 0.9 } }).values.beta_expl_prod // => 0.9
 */
export function normalOptions(options: SimulateOptions = {}): NormalOptions {
  onlyKnown("option", options, optionNames);
  const { seed = DEFAULT_SEED, scale = 1, effects = {}, student = {}, overrides = {} } = options;
  if (!Number.isInteger(seed) || seed < 0 || seed > 4294967295) throw new DataError(simulateMessages.badSeed(seed));
  if (!Number.isSafeInteger(scale) || scale < 1 || scale > 100000) throw new DataError(simulateMessages.badScale(scale));
  const preset = choice("preset", options.preset ?? "mist", presets);
  const setting = presetSettings[preset];
  onlyKnown("effect", effects, effectNames);
  onlyKnown("student option", student, studentOptionNames);
  onlyKnown("parameter", overrides, parameterNames);
  const on = Object.fromEntries(
    effectNames.map((name) => [name, boolean(`effects.${name}`, effects[name] ?? !setting.off.includes(name))]),
  ) as Record<EffectName, boolean>;
  return {
    seed,
    scale,
    preset,
    effects: on,
    missing: choice("missing", options.missing ?? setting.missing, missingness),
    student: {
      sectionsPerTeacher: whole("student.sectionsPerTeacher", student.sectionsPerTeacher ?? 3, 1, 6),
      perSection: whole("student.perSection", student.perSection ?? setting.perSection, 1, 36),
      model: choice("student.model", student.model ?? "lagged", studentModels),
      include: boolean("student.include", student.include ?? true),
    },
    exact: boolean("exact", options.exact ?? setting.exact),
    measurement: choice("measurement", options.measurement ?? setting.measurement, measurements),
    values: valuesOf(setting, on, overrides),
    overrides,
  };
}

/** Defaults, then the preset, then the switches, then the overrides. */
function valuesOf(
  setting: PresetSetting,
  on: Readonly<Record<EffectName, boolean>>,
  overrides: Readonly<Partial<Record<ParameterName, number>>>,
): ParameterValues {
  const values = Object.fromEntries(parameterNames.map((name) => [name, parameters[name].value])) as Record<ParameterName, number>;
  Object.assign(values, setting.values);
  for (const effect of effectNames) if (!on[effect]) for (const name of slopesOf[effect]) values[name] = 0;
  for (const [name, value] of Object.entries(overrides)) {
    if (!isParameterName(name) || value === undefined) continue;
    if (typeof value !== "number" || !Number.isFinite(value)) throw new DataError(simulateMessages.badParameter(name, value, "any"));
    values[name] = value;
  }
  for (const name of probabilityNames) inRange(name, values[name], 0, 1, "probability");
  for (const name of correlationNames) inRange(name, values[name], -1, 1, "correlation");
  for (const name of scaleNames) {
    const positive = /precision$|_se$|_sd$|^mix_/.test(name);
    if (!(values[name] >= 0) || (positive && values[name] === 0)) {
      throw new DataError(simulateMessages.badParameter(name, values[name], positive ? "positive" : "notNegative"));
    }
  }
  for (const names of Object.values(thresholdNames)) {
    for (let k = 1; k < names.length; k++) {
      const [low, high] = [names[k - 1]!, names[k]!];
      if (!(values[low] < values[high])) throw new DataError(simulateMessages.thresholdOrder(low, values[low], high, values[high]));
    }
  }
  const steps = values.p_step1 + values.p_step2;
  if (steps > 1) throw new DataError(simulateMessages.badParameter("p_step1 + p_step2", steps, "probability"));
  return values;
}

function inRange(name: string, value: number, low: number, high: number, kind: "probability" | "correlation"): void {
  if (!(value >= low && value <= high)) throw new DataError(simulateMessages.badParameter(name, value, kind));
}

/** @throws DataError for the first name that is not among the known ones */
function onlyKnown(what: string, given: object, known: readonly string[]): void {
  if (given === null || typeof given !== "object") throw new DataError(simulateMessages.notAnObject(what));
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw new DataError(simulateMessages.unknownName(what, name, didYouMean(name, known), known));
  }
}

function choice<const T extends string>(what: string, given: string, known: readonly T[]): T {
  const found = known.find((name) => name === given);
  if (found === undefined) throw new DataError(simulateMessages.unknownValue(what, String(given), didYouMean(String(given), known), known));
  return found;
}

function whole(what: string, given: number, low: number, high: number): number {
  if (!Number.isInteger(given) || given < low || given > high) throw new DataError(simulateMessages.notWhole(what, given, low, high));
  return given;
}

function boolean(what: string, given: unknown): boolean {
  if (typeof given !== "boolean") throw new DataError(simulateMessages.notBoolean(what, String(given)));
  return given;
}
