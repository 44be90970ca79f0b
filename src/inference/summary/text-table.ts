/**
 * Columns of text that line up, whatever script the names are written in: wide characters (Chinese, Japanese, Korean,
 * emoji) count two cells, combining marks none (Unicode Standard Annex 11).
 */

/** A column of cells under a heading. */
export interface TextColumn {
  readonly heading: string;
  readonly cells: readonly string[];
  /** Default "right", for numbers. */
  readonly align?: "left" | "right";
}

const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Control characters would break a line or move the cursor. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/**
 * The cells a text takes in a terminal.
 *
 * @example displayWidth("数学") // => 4
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (ZERO_WIDTH.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** The text on one line: control characters become spaces. */
export function onOneLine(text: string): string {
  return text.replace(CONTROL, " ");
}

/**
 * Lines of a table, headings first. Columns whose cells and heading are all empty are left out.
 *
 * @param indent put before each line, default one space
 * @example textTable([{ heading: "term", cells: ["x", "long"], align: "left" }, { heading: "b", cells: ["1.5", "22.0"] }])
 * // => [" term     b", " x      1.5", " long  22.0"]
 */
export function textTable(columns: readonly TextColumn[], indent = " "): string[] {
  const shown = columns
    .map((column) => ({ ...column, heading: onOneLine(column.heading), cells: column.cells.map(onOneLine) }))
    .filter((column) => column.heading !== "" || column.cells.some((cell) => cell !== ""));
  const rowCount = Math.max(0, ...shown.map((column) => column.cells.length));
  const widths = shown.map((column) => Math.max(displayWidth(column.heading), ...column.cells.map(displayWidth)));
  const line = (texts: readonly string[]): string =>
    (indent + texts.map((text, k) => padded(text, widths[k]!, shown[k]!.align ?? "right")).join("  ")).trimEnd();
  return [
    line(shown.map((column) => column.heading)),
    ...Array.from({ length: rowCount }, (_, i) => line(shown.map((column) => column.cells[i] ?? ""))),
  ];
}

/**
 * The text broken at spaces into lines of at most `width` cells; the first begins with `first`, later ones with `hanging`.
 *
 * @example wrapped("one two three", 9, "- ", "  ") // => ["- one two", "  three"]
 */
export function wrapped(text: string, width: number, first: string, hanging: string): string[] {
  const lines: string[] = [];
  let current: string | null = null;
  for (const word of text.split(" ")) {
    const longer: string = current === null ? first + word : `${current} ${word}`;
    if (current !== null && displayWidth(longer) > width) {
      lines.push(current);
      current = hanging + word;
    } else {
      current = longer;
    }
  }
  return current === null ? lines : [...lines, current];
}

/** Formulas and equations are broken where a line would be longer. */
const LONGEST_SUM = 100;

/**
 * A formula or an equation broken after + and ~, so that a line that goes on ends with the sign.
 *
 * @example wrappedSum("y ~ a + b", " ", "   ") // => [" y ~ a + b"]
 */
export function wrappedSum(text: string, first: string, hanging: string, width: number = LONGEST_SUM): string[] {
  const lines: string[] = [];
  let current = first;
  let empty = true;
  for (const summand of text.split(/(?<=[+~]\s*)(?=[^\s+~])/u)) {
    if (!empty && displayWidth((current + summand).trimEnd()) > width) {
      lines.push(current.trimEnd());
      current = hanging;
    }
    current += summand;
    empty = false;
  }
  return [...lines, current.trimEnd()];
}

function padded(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "left" ? text + space : space + text;
}
