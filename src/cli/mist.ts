/**
 * The command line: finds the command, runs it, and turns what goes wrong into one message and an exit code. Each command
 * is loaded only when it is called for.
 */
import { cliMessages, DataError, FitError, FormulaError, nearest } from "../messages.js";
import type { Answer, Command } from "./command.js";
import { type Output, processOutput } from "./output.js";
import { UsageError } from "./usage-error.js";

/** Exit codes: done (a command may answer with one of its own); the command or the data could not be used; a defect of this program. */
const DONE = 0;
const REFUSED = 2;
const DEFECT = 3;

/**
 * Runs the command line.
 *
 * @param argv what follows `mist`
 * @param output where to write, default the process's streams
 * @returns the exit code
 */
export async function main(argv: readonly string[], output: Output = processOutput()): Promise<number> {
  try {
    const result = await answer(argv);
    output.out(typeof result === "string" ? result : result.text);
    return typeof result === "string" ? DONE : result.exitCode;
  } catch (error) {
    if (error instanceof UsageError || error instanceof FormulaError || error instanceof DataError || error instanceof FitError) {
      // A sentence about a command begins with it: "mist power: ...".
      output.error(error.message.startsWith("mist ") ? error.message : `mist: ${error.message}`);
      return REFUSED;
    }
    output.error(`mist: ${cliMessages.defect(error instanceof Error ? error.message : String(error))}`);
    return DEFECT;
  }
}

async function answer(argv: readonly string[]): Promise<string | Answer> {
  const [name, ...rest] = argv;
  const { COMMAND_HELP, COMMANDS, GENERAL_HELP, LATER_COMMANDS } = await import("./help.js");
  if (name === undefined || name === "--help" || name === "-h" || (name === "help" && rest.length === 0)) return GENERAL_HELP;
  if (name === "--version" || name === "-v") return (await import("./version.js")).VERSION;
  const helped = name === "help" ? rest[0]! : name;
  if (LATER_COMMANDS.includes(helped)) throw new UsageError(cliMessages.notYet(`mist ${helped}`));
  if (!COMMANDS.includes(helped)) {
    if (helped.startsWith("-")) throw new UsageError(cliMessages.optionBeforeCommand(helped, COMMANDS));
    throw new UsageError(cliMessages.unknownCommand(helped, nearest(helped, [...COMMANDS, ...LATER_COMMANDS]), COMMANDS));
  }
  if (name === "help" || rest.includes("--help") || rest.includes("-h")) return COMMAND_HELP[helped]!;
  const command = await load(helped);
  return command.run(command.read(rest));
}

async function load(name: string): Promise<Command> {
  switch (name) {
    case "fit":
      return (await import("./fit-command.js")).fitCommand;
    case "compare":
      return (await import("./compare-command.js")).compareCommand;
    case "check-data":
      return (await import("./check-data-command.js")).checkDataCommand;
    case "means":
      return (await import("./means-command.js")).meansCommand;
    case "predict":
      return (await import("./predict-command.js")).predictCommand;
    case "check":
      return (await import("./check-command.js")).checkCommand;
    case "bootstrap":
      return (await import("./bootstrap-command.js")).bootstrapCommand;
    case "simulate":
      return (await import("./simulate-command.js")).simulateCommand;
    default:
      return (await import("./describe-command.js")).describeCommand;
  }
}
