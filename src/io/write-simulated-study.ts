/**
 * A simulated study to a folder, district by district: memory holds one district at a time.
 */
import { simulateMessages } from "../messages.js";
import type { Study } from "../mist/codebook/study.js";
import { tablesOf } from "../mist/simulate/collect.js";
import { normalOptions, type SimulateOptions } from "../mist/simulate/options.js";
import { simulateDistricts, truthOf } from "../mist/simulate/simulate.js";
import { GENERATOR_VERSION } from "../mist/simulate/truth.js";
import { type WriteStudyOptions, type WrittenStudy, writeStudy } from "./write-study.js";

/**
 * Simulates a study and writes its tables, schemas, datapackage.json and truth.json.
 *
 * @throws DataError for options that cannot be used and a folder that cannot be written; AbortError where the signal was given
 * @example await writeSimulatedStudy("out", { preset: "tiny", seed: 1 })
 */
export function writeSimulatedStudy(
  folder: string,
  options: SimulateOptions = {},
  writing: Omit<WriteStudyOptions, "package" | "files"> = {},
): Promise<WrittenStudy> {
  const { seed, scale, preset } = normalOptions(options);
  return writeStudy(folder, partsOf(options), {
    ...writing,
    package: {
      name: "mist-synthetic",
      title: simulateMessages.packageTitle,
      description: simulateMessages.packageDescription(seed, scale, preset),
      version: GENERATOR_VERSION,
    },
    files: (counts) => ({ "truth.json": `${JSON.stringify(truthOf(options, counts), null, 2)}\n` }),
  });
}

function* partsOf(options: SimulateOptions): Generator<Study, void, undefined> {
  for (const { rows } of simulateDistricts(options)) yield tablesOf(rows);
}
