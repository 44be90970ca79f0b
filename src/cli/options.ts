/**
 * Options as they were typed, checked against what a command takes.
 */
import { parseArgs } from "node:util";
import { cliMessages, nearest } from "../messages.js";
import { UsageError } from "./usage-error.js";

/** What a command takes. */
export interface OptionRules {
  /** For messages: `mist fit`. */
  readonly command: string;
  readonly options: Readonly<Record<string, OptionRule>>;
  /** Whether words without a dash are taken (file names). */
  readonly positionals?: boolean;
}

/** value: takes one; values: may be given several times; flag: takes none; later: not in this version yet. */
export type OptionRule = "value" | "values" | "flag" | "later";

/** What was given. */
export interface GivenOptions {
  /** For messages: `mist fit`. */
  readonly command: string;
  /** The value of an option, null where it was not given. */
  value(name: string): string | null;
  /** All values of an option that may be given several times. */
  values(name: string): readonly string[];
  flag(name: string): boolean;
  readonly positionals: readonly string[];
}

/**
 * @throws UsageError for unknown options (with the nearest name), missing, empty or doubled values, and options of later versions
 */
export function readOptions(
  argv: readonly string[],
  { command, options, positionals: allowPositionals = false }: OptionRules,
): GivenOptions {
  const rules = new Map<string, OptionRule>([...Object.entries(options), ["help", "flag"]]);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries([...rules].map(([name, rule]) => [name, { type: rule === "flag" ? "boolean" : "string" } as const])),
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (!allowPositionals) throw new UsageError(cliMessages.unexpectedWord(command, token.value));
      positionals.push(token.value);
    }
    if (token.kind !== "option") continue;
    const rule = token.rawName.startsWith("--") ? rules.get(token.name) : undefined;
    if (rule === undefined) {
      const near = nearest(token.name, [...rules.keys()]);
      throw new UsageError(cliMessages.unknownOption(command, token.rawName, near === null ? null : `--${near}`));
    }
    if (rule === "later") throw new UsageError(cliMessages.notYet(token.rawName));
    const { value } = token;
    if (rule === "flag" && value !== undefined) throw new UsageError(cliMessages.takesNoValue(token.rawName));
    // `--data --json`: the value was forgotten. A value that begins with dashes can be given as --name=value.
    const forgotten = value === undefined || (token.inlineValue !== true && value.startsWith("--"));
    if (rule !== "flag" && (forgotten || value.trim() === "")) throw new UsageError(cliMessages.needsValue(token.rawName));
    const before = given.get(token.name) ?? [];
    if (before.length > 0 && rule === "value") throw new UsageError(cliMessages.givenTwice(token.rawName));
    given.set(token.name, [...before, value ?? ""]);
  }
  return {
    command,
    value: (name) => given.get(name)?.[0] ?? null,
    values: (name) => given.get(name) ?? [],
    flag: (name) => given.has(name),
    positionals,
  };
}
