/**
 * Where the cells of a CSV file are (RFC 4180): one pass over the bytes notes where each field ends; nothing is copied.
 *
 * A field that begins with `"` runs to the next lone `"`; within it `""` is a quote, and delimiters and line breaks are text.
 * Lines end with LF, CRLF or CR. Empty lines are skipped, but where there is one column only, an empty line between others
 * is an empty cell.
 */
import { DataError, ioMessages } from "../messages.js";
import { decodeUtf8, lineAt } from "./csv-bytes.js";

/** The cells of a file: field j of row i spans `starts(i, j)` to `ends[i * names.length + j]`, quotes included. */
export interface CellGrid {
  readonly bytes: Uint8Array;
  readonly names: readonly string[];
  readonly rowCount: number;
  /** rowCount: where each row begins. */
  readonly rowStarts: Uint32Array;
  /** rowCount x columns, row-major: where each field ends (the offset of its delimiter or line end). */
  readonly ends: Uint32Array;
}

const QUOTE = 34;
const LF = 10;
const CR = 13;

/**
 * Finds the cells. The first record gives the names.
 *
 * @param from where the header begins
 * @throws DataError with the line: no header, no rows, ragged rows, unclosed quotes, text after a closing quote, empty or repeated names
 */
export function scanCells(bytes: Uint8Array, delimiter: number, from = 0): CellGrid {
  let at = afterBlankLines(bytes, from);
  if (at >= bytes.length) throw new DataError(ioMessages.emptyFile());
  const headerEnds: number[] = [];
  const headerStart = at;
  at = scanRecord(bytes, at, delimiter, headerEnds);
  const names = headerNames(bytes, headerStart, headerEnds);
  const columns = names.length;

  let room = expectedRows(bytes, at);
  let rowStarts: Uint32Array = new Uint32Array(room);
  let ends: Uint32Array = new Uint32Array(room * columns);
  let row = 0;
  const length = bytes.length;
  while (at < length) {
    if (bytes[at] === LF || bytes[at] === CR) {
      const next = afterBlankLines(bytes, at);
      if (columns > 1 || next === length) {
        at = next;
        continue;
      }
    }
    if (row === room) {
      room = Math.ceil(room * 1.5) + 16;
      rowStarts = larger(rowStarts, room);
      ends = larger(ends, room * columns);
    }
    rowStarts[row] = at;
    const base = row * columns;
    let column = 0;
    for (;;) {
      if (bytes[at] === QUOTE) at = afterQuoted(bytes, at, delimiter);
      else {
        let byte = bytes[at];
        while (at < length && byte !== delimiter && byte !== LF && byte !== CR) byte = bytes[++at];
      }
      if (column < columns) ends[base + column] = at;
      column++;
      if (at >= length || bytes[at] !== delimiter) break;
      at++;
    }
    if (column !== columns) throw ragged(bytes, rowStarts[row]!, column, columns, row);
    row++;
    if (at < length) at += bytes[at] === CR && bytes[at + 1] === LF ? 2 : 1;
  }
  if (row === 0) throw new DataError(ioMessages.headerOnly(columns));
  checkNames(names);
  return { bytes, names, rowCount: row, rowStarts: rowStarts.subarray(0, row), ends: ends.subarray(0, row * columns) };
}

/** Notes the ends of one record's fields; returns the offset after its line end. */
export function scanRecord(bytes: Uint8Array, at: number, delimiter: number, ends: number[]): number {
  for (;;) {
    if (bytes[at] === QUOTE) at = afterQuoted(bytes, at, delimiter);
    else while (at < bytes.length && bytes[at] !== delimiter && bytes[at] !== LF && bytes[at] !== CR) at++;
    ends.push(at);
    if (bytes[at] !== delimiter || at >= bytes.length) break;
    at++;
  }
  return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
}

/** Where field `column` of `row` begins. */
export function cellStart(grid: CellGrid, row: number, column: number): number {
  return column === 0 ? grid.rowStarts[row]! : grid.ends[row * grid.names.length + column - 1]! + 1;
}

/** The text of the field that spans `start` to `end`: quotes removed, `""` read as `"`. */
export function fieldText(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start] !== QUOTE || start >= end) return decodeUtf8(bytes, start, end);
  const text = decodeUtf8(bytes, start + 1, closingQuote(bytes, end));
  return text.includes('"') ? text.replaceAll('""', '"') : text;
}

/** The offset of the quote that closes a quoted field ending at `end` (blanks may stand between). */
export function closingQuote(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (bytes[at] !== QUOTE) at--;
  return at;
}

/** From an opening quote to the delimiter or line end after the closing one. */
function afterQuoted(bytes: Uint8Array, open: number, delimiter: number): number {
  let at = open + 1;
  for (;;) {
    while (at < bytes.length && bytes[at] !== QUOTE) at++;
    if (at >= bytes.length) throw new DataError(ioMessages.unclosedQuote(lineAt(bytes, open)));
    if (bytes[at + 1] !== QUOTE) break;
    at += 2;
  }
  at++;
  while (at < bytes.length && bytes[at] !== delimiter && (bytes[at] === 32 || bytes[at] === 9)) at++;
  if (at >= bytes.length || bytes[at] === delimiter || bytes[at] === LF || bytes[at] === CR) return at;
  throw new DataError(ioMessages.textAfterQuote(lineAt(bytes, at)));
}

function afterBlankLines(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && (bytes[at] === LF || bytes[at] === CR)) at++;
  return at;
}

function headerNames(bytes: Uint8Array, start: number, ends: readonly number[]): string[] {
  return ends.map((end, k) => fieldText(bytes, k === 0 ? start : ends[k - 1]! + 1, end).trim());
}

function checkNames(names: readonly string[]): void {
  const seen = new Map<string, number>();
  names.forEach((name, k) => {
    if (name === "") throw new DataError(ioMessages.emptyHeader(k + 1));
    const before = seen.get(name);
    if (before !== undefined) throw new DataError(ioMessages.duplicateHeader(name, before + 1, k + 1), { column: name });
    seen.set(name, k);
  });
}

function ragged(bytes: Uint8Array, start: number, fields: number, columns: number, row: number): DataError {
  const line = lineAt(bytes, start);
  const rowNames = row === 0 && fields === columns + 1;
  return new DataError(rowNames ? ioMessages.rowNames(line, fields, columns) : ioMessages.raggedRow(line, fields, columns), {
    rows: [row + 1],
  });
}

/** The rows there are if lines go on as in the first 64 KB, and some more. */
function expectedRows(bytes: Uint8Array, from: number): number {
  const sample = Math.min(bytes.length, from + 65_536);
  let lines = 1;
  for (let i = from; i < sample; i++) if (bytes[i] === LF || bytes[i] === CR) lines++;
  return sample === bytes.length ? lines : Math.ceil((lines / (sample - from)) * (bytes.length - from) * 1.05) + 16;
}

function larger(array: Uint32Array, length: number): Uint32Array {
  const result = new Uint32Array(length);
  result.set(array);
  return result;
}
