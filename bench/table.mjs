/** Numbers and tables of the report, in Markdown that reads as plain text. */

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const orDash = (write) => (x) => (x === null || x === undefined ? "-" : write(x));
export const milliseconds = orDash((x) => (x >= 100 ? x.toFixed(0) : x >= 10 ? x.toFixed(1) : x.toFixed(2)));
export const whole = orDash((x) => x.toFixed(0));
export const exponent = orDash((x) => x.toFixed(2));
/** Ours as a fraction of R's: 1/5 is five times as fast. */
export const ratio = (ours, reference) => (ours && reference ? `1/${(reference / ours).toPrecision(3)}` : "-");

/**
 * @param columns `{ head, cell, r }`: `cell` writes a row's entry; columns marked `r` are left out without R
 * @param rows records; one with `error` shows that instead of its cells
 */
export function markdownTable(columns, rows, withR) {
  const shown = columns.filter((column) => withR || !column.r);
  const lines = rows.filter((row) => !row.error).map((row) => shown.map((column) => column.cell(row)));
  const failed = rows.filter((row) => row.error).map((row) => `${row.name}: failed: ${row.error}`);
  const heads = shown.map((column) => column.head);
  const widths = heads.map((head, j) => Math.max(head.length, ...lines.map((line) => line[j].length)));
  const pad = (line) => `| ${line.map((cell, j) => (j ? cell.padStart(widths[j]) : cell.padEnd(widths[j]))).join(" | ")} |`;
  const rule = `|${widths.map((w, j) => (j ? `${"-".repeat(w + 1)}:` : "-".repeat(w + 2))).join("|")}|`;
  const table = lines.length ? [pad(heads), rule, ...lines.map(pad)] : [];
  return [...table, ...(failed.length && table.length ? [""] : []), ...failed].join("\n");
}
