/**
 * Where the command line writes. A reader that goes away (`mist fit ... | head`) ends the program quietly.
 */

/** Standard output and standard error as functions; tests give their own. */
export interface Output {
  /** The result, ended by a line break. */
  readonly out: (text: string) => void;
  /** The one message of a failure. */
  readonly error: (text: string) => void;
}

/** The process's own streams. */
export function processOutput(): Output {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endQuietly);
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    error: (text) => void process.stderr.write(`${text}\n`),
  };
}

function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
}
