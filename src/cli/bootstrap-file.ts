/**
 * The record of a bootstrap in a file that is written while it runs: what was done is never lost, whatever ends the program, and a run that
 * goes on from its file gives the bytes of one that was never interrupted.
 */
import { stat } from "node:fs/promises";
import type { BootstrapRecord, BootstrapReplicate } from "../inference/bootstrap-record.js";
import { withReplicates } from "../inference/bootstrap-record.js";
import { readJson, writeTextFile } from "../io/files.js";
import { cliMessages, DataError } from "../messages.js";

/** Milliseconds between two savings; each also waits ten times as long as the one before took. */
const SAVED_EVERY = 1000;
const PATIENCE = 10;

/**
 * The record that a file holds; null where there is no such file.
 *
 * @throws DataError where the file cannot be read or holds something else
 */
export async function bootstrapIn(path: string): Promise<BootstrapRecord | null> {
  const exists = await stat(path).then(
    () => true,
    () => false,
  );
  if (!exists) return null;
  const found = await readJson(path);
  if (!isRecord(found)) throw new DataError(cliMessages.notABootstrap(path));
  return found;
}

/** Enough to go on with; whose model and data it is of is checked where it is gone on with. */
function isRecord(value: unknown): value is BootstrapRecord {
  if (typeof value !== "object" || value === null) return false;
  const own = value as Partial<Record<keyof BootstrapRecord, unknown>>;
  return (
    own.kind === "bootstrap" &&
    own.schemaVersion === 1 &&
    typeof own.type === "string" &&
    Number.isInteger(own.seed) &&
    Number.isInteger(own.replicates) &&
    Array.isArray(own.terms) &&
    isReplicates(own.done, own.terms.length) &&
    isReplicates(own.jackknife, own.terms.length)
  );
}

function isReplicates(value: unknown, terms: number): value is readonly BootstrapReplicate[] {
  return (
    Array.isArray(value) &&
    value.every((one: unknown) => {
      if (typeof one !== "object" || one === null) return false;
      const { replicate, values } = one as Partial<Record<keyof BootstrapReplicate, unknown>>;
      return Number.isInteger(replicate) && (values === null || (Array.isArray(values) && values.length === terms));
    })
  );
}

/** A file that follows a bootstrap. */
export interface BootstrapFile {
  readonly add: (replicates: readonly BootstrapReplicate[], of: "done" | "jackknife") => void;
  /** Writes all that was added. @throws DataError where the file cannot be written */
  readonly finish: () => Promise<void>;
}

/**
 * Writes the record at once, so that a place that cannot be written is told before any work.
 *
 * @throws DataError where the file cannot be written
 */
export async function bootstrapFile(path: string, begun: BootstrapRecord): Promise<BootstrapFile> {
  let record = begun;
  let saved: BootstrapRecord | null = null;
  let next = 0;
  let writing: Promise<void> | null = null;
  const write = async (): Promise<void> => {
    const start = performance.now();
    const own = record;
    await writeTextFile(path, `${JSON.stringify(own)}\n`);
    saved = own;
    next = performance.now() + Math.max(SAVED_EVERY, PATIENCE * (performance.now() - start));
  };
  await write();
  return {
    add: (replicates, of) => {
      record = withReplicates(record, replicates, of);
      if (writing !== null || performance.now() < next) return;
      // A disk that is full for a moment is tried again; the last saving tells what is wrong.
      writing = write()
        .catch(() => {})
        .finally(() => {
          writing = null;
        });
    },
    finish: async () => {
      await writing;
      if (saved !== record) await write();
    },
  };
}
