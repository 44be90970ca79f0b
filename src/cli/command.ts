/** What a command file exports. */
import type { GivenOptions } from "./options.js";

/** Options first, so that a mistyped command fails before any work; then the text for standard output. */
export interface Command {
  readonly read: (argv: readonly string[]) => GivenOptions;
  readonly run: (given: GivenOptions) => Promise<string | Answer>;
}

/** Text for standard output with another exit code than 0. */
export interface Answer {
  readonly text: string;
  readonly exitCode: number;
}
