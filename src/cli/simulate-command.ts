/**
 * `mist simulate`: a synthetic study with a known truth, written to a folder.
 */
import { writeSimulatedStudy } from "../io/write-simulated-study.js";
import type { WriteStudyOptions, WrittenStudy } from "../io/write-study.js";
import { counted, simulateMessages } from "../messages.js";
import {
  effectNames,
  type Missingness,
  missingness,
  normalOptions,
  type Preset,
  presets,
  type SimulateOptions,
} from "../mist/simulate/options.js";
import { type Choices, chosen } from "./choices.js";
import type { Command } from "./command.js";
import { required } from "./model-options.js";
import { type GivenOptions, readOptions } from "./options.js";
import { withProgress } from "./progress.js";
import { UsageError } from "./usage-error.js";

const PRESETS: Choices = { what: "preset", known: presets, later: [] };
const MISSING: Choices = { what: "missingness", known: missingness, later: [] };
const EFFECTS: Choices = { what: "effect", known: effectNames, later: [] };
const GZIP: Choices = { what: "choice for --gzip", known: ["large", "all", "none"], later: [] };

export const simulateCommand: Command = {
  read: (argv) => {
    const given = readOptions(argv, {
      command: "mist simulate",
      options: {
        out: "value",
        seed: "value",
        scale: "value",
        preset: "value",
        set: "values",
        without: "value",
        missing: "value",
        gzip: "value",
        "no-students": "flag",
        force: "flag",
        json: "flag",
      },
    });
    required(given, "out");
    // What cannot be used is told before any work.
    normalOptions(optionsOf(given));
    compressionOf(given);
    return given;
  },
  async run(given) {
    const folder = required(given, "out");
    const written = await withProgress(simulateMessages.progress, (run) =>
      writeSimulatedStudy(folder, { ...optionsOf(given), ...run }, { replace: given.flag("force"), compress: compressionOf(given) }),
    );
    return given.flag("json") ? JSON.stringify({ schemaVersion: 1, ...written }, null, 2) : writtenText(written);
  },
};

function compressionOf(given: GivenOptions): NonNullable<WriteStudyOptions["compress"]> {
  return chosen(given.value("gzip") ?? "large", GZIP) as NonNullable<WriteStudyOptions["compress"]>;
}

function optionsOf(given: GivenOptions): SimulateOptions {
  const seed = numberOf(given, "seed");
  const scale = numberOf(given, "scale");
  const preset = given.value("preset");
  const missing = given.value("missing");
  const without = given.value("without");
  const off = without === null ? [] : without.split(",").map((name) => chosen(name.trim(), EFFECTS));
  return {
    ...(seed === null ? {} : { seed }),
    ...(scale === null ? {} : { scale }),
    ...(preset === null ? {} : { preset: chosen(preset, PRESETS) as Preset }),
    ...(missing === null ? {} : { missing: chosen(missing, MISSING) as Missingness }),
    effects: Object.fromEntries(off.map((name) => [name, false])),
    overrides: overridesOf(given.values("set")),
    ...(given.flag("no-students") ? { student: { include: false } } : {}),
  };
}

function numberOf(given: GivenOptions, name: string): number | null {
  const text = given.value(name);
  if (text === null) return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new UsageError(simulateMessages.notANumber(`--${name}`, text));
  return value;
}

/** `name=number`, several times or with commas between. */
function overridesOf(texts: readonly string[]): Record<string, number> {
  const overrides = new Map<string, number>();
  for (const text of texts.flatMap((list) => list.split(","))) {
    const [name, number, ...more] = text.split("=").map((part) => part.trim());
    const value = number === undefined || number === "" ? Number.NaN : Number(number);
    if (name === undefined || name === "" || more.length > 0 || !Number.isFinite(value)) {
      throw new UsageError(simulateMessages.unreadableSet(text));
    }
    if (overrides.has(name)) throw new UsageError(simulateMessages.setTwice(name));
    overrides.set(name, value);
  }
  return Object.fromEntries(overrides);
}

/** One line for the study, one for each table. */
function writtenText({ folder, tables, bytes }: WrittenStudy): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const width = Math.max(...tables.map(({ path }) => path.length));
  const lines = tables.map(({ path, rows: own }) => `  ${path.padEnd(width)}  ${counted(own, "row")}`);
  return [simulateMessages.written(folder, tables.length, rows, bytes), "", ...lines].join("\n");
}
