/**
 * Options that are numbers.
 */
import { cliMessages } from "../messages.js";
import type { GivenOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

/** The seed where none is given: the same numbers each time. */
const DEFAULT_SEED = 1;
const DEFAULT_REPLICATES = 1000;
const DEFAULT_SIMULATIONS = 250;
/** Fewer simulated data sets do not tell how unusual the observed one is. */
const LEAST_SIMULATIONS = 20;

/** The number after `--seed`, null where it was not given. */
export function givenSeed(given: GivenOptions): number | null {
  return wholeNumber(given, "seed", 0);
}

/** The number after `--replicates`, null where it was not given. */
export function givenReplicates(given: GivenOptions): number | null {
  return wholeNumber(given, "replicates", 1);
}

/** The seed given, or else the default. */
export function seedOf(given: GivenOptions): number {
  return givenSeed(given) ?? DEFAULT_SEED;
}

/** The number of replicates given, or else the default. */
export function replicatesOf(given: GivenOptions): number {
  return givenReplicates(given) ?? DEFAULT_REPLICATES;
}

/** The number of simulated data sets after `--simulations`, or else the default. */
export function simulationsOf(given: GivenOptions): number {
  return wholeNumber(given, "simulations", LEAST_SIMULATIONS) ?? DEFAULT_SIMULATIONS;
}

/** The coverage of intervals after `--conf`, default 0.95. */
export function coverageOf(given: GivenOptions): number {
  const text = given.value("conf");
  if (text === null) return 0.95;
  const level = Number(text);
  if (!(level > 0 && level < 1)) throw new UsageError(cliMessages.badCoverage(text));
  return level;
}

function wholeNumber(given: GivenOptions, name: string, least: number): number | null {
  const text = given.value(name);
  if (text === null) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(Number.isSafeInteger(value) && value >= least)) throw new UsageError(cliMessages.notWhole(`--${name}`, text, least));
  return value;
}
