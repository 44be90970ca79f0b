/**
 * Long work: a bar on standard error where that is a terminal, and Ctrl-C, which stops the work in order.
 */

/** What long work takes. */
export interface LongRun {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * @param words what the line says
 * @throws AbortError after Ctrl-C, and whatever the work throws
 */
export async function withProgress<Result>(
  words: (done: number, total: number) => string,
  work: (run: LongRun) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once("SIGINT", interrupt);
  const line = progressLine(words);
  try {
    return await work({ signal: stop.signal, onProgress: line.show });
  } finally {
    line.clear();
    process.removeListener("SIGINT", interrupt);
  }
}

interface ProgressLine {
  readonly show: (done: number, total: number) => void;
  readonly clear: () => void;
}

/** Milliseconds between two drawings of the line. */
const REDRAWN = 50;
/** Cells of the bar. */
const WIDTH = 24;

/** A line that is written over; nothing where standard error is no terminal. */
function progressLine(words: (done: number, total: number) => string): ProgressLine {
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} };
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    show: (done, total) => {
      const now = performance.now();
      if (done < total && now - drawn < REDRAWN) return;
      drawn = now;
      stderr.write(`\r${bar(done, total)} ${words(done, total)}`);
    },
    clear: () => void stderr.write("\r\u001b[K"),
  };
}

/** As many cells filled as are done. */
export function bar(done: number, total: number): string {
  const filled = total > 0 ? Math.floor((WIDTH * Math.min(done, total)) / total) : 0;
  return `[${"=".repeat(filled)}${" ".repeat(WIDTH - filled)}]`;
}
