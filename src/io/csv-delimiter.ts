/**
 * Which delimiter a file has: comma, semicolon, tab or bar, judged outside quotes on its first records. The one that gives
 * every record the same number of fields wins, the largest number among several; a file with none of them has one column.
 */
import { DataError } from "../messages.js";
import { scanRecord } from "./csv-scan.js";

const CANDIDATES = [",", ";", "\t", "|"] as const;
const RECORDS = 50;

/**
 * @example sniffDelimiter(new TextEncoder().encode("a;b\n1,5;2\n")) // => ";"
 */
export function sniffDelimiter(bytes: Uint8Array, from = 0): string {
  let best = ",";
  let bestScore = 0;
  for (const candidate of CANDIDATES) {
    const score = fieldScore(bytes, from, candidate.charCodeAt(0));
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** Excel's first line `sep=;`: the delimiter and where the header begins. */
export function declaredDelimiter(bytes: Uint8Array): { readonly delimiter: string; readonly from: number } | null {
  const line = new TextDecoder().decode(bytes.subarray(0, 8));
  const found = /^sep=(.)(\r\n|\n|\r)/.exec(line);
  return found === null ? null : { delimiter: found[1]!, from: found[0].length };
}

/** Delimiters in the header; below 1 where the first records disagree with it. */
function fieldScore(bytes: Uint8Array, from: number, delimiter: number): number {
  let header = 0;
  let at = from;
  for (let record = 0; record < RECORDS && at < bytes.length; record++) {
    const ends: number[] = [];
    const start = at;
    try {
      at = scanRecord(bytes, at, delimiter, ends);
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      return header / 1e6;
    }
    const count = ends.length - 1;
    if (count === 0 && ends[0] === start) continue;
    if (header === 0) {
      header = count;
      if (count === 0) return 0;
    } else if (count !== header) return header / 1e6;
  }
  return header;
}
