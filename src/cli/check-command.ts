/**
 * `mist check`: whether a model suits its data: what was found, what it means and what to do.
 */
import { check, checkText } from "../inference/check.js";
import { noteLines } from "../inference/summary/comparison-text.js";
import { cliMessages } from "../messages.js";
import { type Choices, chosen } from "./choices.js";
import type { Command } from "./command.js";
import { checkModelOptions, givenFit, MODEL_OPTIONS } from "./model-options.js";
import { seedOf, simulationsOf } from "./numbers.js";
import { type GivenOptions, readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

const RANDOM_EFFECTS: Choices = { what: "choice for --random-effects", known: ["new", "conditional"], later: [] };

export const checkCommand: Command = {
  read: (argv) => {
    // A folder is meant for mist check-data.
    const given = readOptions(argv, {
      command: "mist check",
      options: { ...MODEL_OPTIONS, formula: "value", seed: "value", simulations: "value", "random-effects": "value", json: "flag" },
      positionals: true,
    });
    const [word] = given.positionals;
    if (word !== undefined) throw new UsageError(cliMessages.checkOfModel(word));
    checkModelOptions(given);
    optionsOf(given);
    return given;
  },
  async run(given) {
    const { fit } = await givenFit(given, "reml");
    const found = check(fit, optionsOf(given));
    const notes = fit.notes.map(({ code, message }) => ({ code, message }));
    return given.flag("json") ? JSON.stringify({ ...found, notes }, null, 2) : [checkText(found), ...noteLines(notes)].join("\n");
  },
};

function optionsOf(given: GivenOptions): {
  readonly seed: number;
  readonly simulations: number;
  readonly randomEffects: "new" | "conditional";
} {
  return {
    seed: seedOf(given),
    simulations: simulationsOf(given),
    randomEffects: chosen(given.value("random-effects") ?? "new", RANDOM_EFFECTS) as "new" | "conditional",
  };
}
