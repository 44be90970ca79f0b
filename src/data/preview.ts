/**
 * What a table shows of itself: its size, each column's name and kind, and its first rows, in aligned columns.
 */
import { counted } from "../messages.js";
import type { Column } from "./column.js";
import { cellOf, isMissing } from "./column-values.js";

const ROWS_SHOWN = 6;
const COLUMNS_SHOWN = 10;
const WIDTH = 24;

/**
 * A few lines of text; at most 6 rows and 10 columns.
 *
 * @example previewOf([], 0) // => "0 rows, 0 columns"
 */
export function previewOf(columns: readonly Column[], rowCount: number): string {
  const title = `${counted(rowCount, "row")}, ${counted(columns.length, "column")}`;
  if (columns.length === 0) return title;
  const rows = Math.min(rowCount, ROWS_SHOWN);
  const shown = columns.slice(0, COLUMNS_SHOWN).map((column) => {
    const cells = [column.name, kindOf(column), ...Array.from({ length: rows }, (_, i) => cellText(column, i))].map(shortened);
    const width = Math.max(...cells.map((cell) => cell.length));
    const right = column.kind === "number";
    return cells.map((cell) => (right ? cell.padStart(width) : cell.padEnd(width)));
  });
  const margin = ["", "", ...Array.from({ length: rows }, (_, i) => String(i + 1))];
  const marginWidth = String(rows).length;
  const lines = margin.map((label, i) => [label.padEnd(marginWidth), ...shown.map((cells) => cells[i]!)].join("  ").trimEnd());
  const moreRows = rowCount > rows ? [`... ${counted(rowCount - rows, "more row")}`] : [];
  const hidden = columns.slice(COLUMNS_SHOWN).map(({ name }) => name);
  const moreColumns = hidden.length === 0 ? [] : [`... ${counted(hidden.length, "more column")}`];
  return [title, ...lines, ...moreRows, ...moreColumns].join("\n");
}

function kindOf(column: Column): string {
  if (column.kind !== "factor") return column.kind;
  return `${column.ordered ? "ordered" : "factor"} (${column.levels.length})`;
}

function cellText(column: Column, row: number): string {
  if (isMissing(column, row)) return "NA";
  const cell = cellOf(column, row);
  return typeof cell === "number" ? String(Number(cell.toPrecision(7))) : String(cell);
}

/** One line, at most 24 characters. */
function shortened(text: string): string {
  const flat = text.replace(/\s+/g, " ");
  return flat.length <= WIDTH ? flat : `${flat.slice(0, WIDTH - 1)}…`;
}
