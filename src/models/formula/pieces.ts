/**
 * Pieces of a text that know where they stand: lines, and parts between separators that stand outside parentheses and quotes.
 */

export interface Piece {
  readonly text: string;
  /** Offset in the whole text. */
  readonly start: number;
}

/**
 * Lines and what stands between semicolons, white space around them taken off; empty ones are left out.
 *
 * @example piecesOf("a; b\n\nc").map((piece) => piece.start) // => [0, 3, 6]
 */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const match of text.matchAll(/[^;\r\n]+/g)) {
    const trimmed = match[0].trim();
    if (trimmed !== "") pieces.push({ text: trimmed, start: match.index + match[0].indexOf(trimmed) });
  }
  return pieces;
}

/**
 * @param separator one sign; between `=` doubled signs (==, <=, >=, !=) do not count
 * @example splitAt({ text: "a*(b + c) + d", start: 0 }, "+").map((piece) => piece.text) // => ["a*(b + c) ", " d"]
 */
export function splitAt(piece: Piece, separator: string): readonly Piece[] {
  const parts: Piece[] = [];
  const { text, start } = piece;
  let from = 0;
  let depth = 0;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quote !== "") {
      if (sign === "\\") at++;
      else if (sign === quote) quote = "";
    } else if (sign === "`" || sign === '"' || sign === "'") quote = sign;
    else if (sign === "(") depth++;
    else if (sign === ")") depth--;
    else if (sign === separator && depth === 0 && !partOfComparison(text, at)) {
      parts.push({ text: text.slice(from, at), start: start + from });
      from = at + 1;
    }
  }
  parts.push({ text: text.slice(from), start: start + from });
  return parts;
}

const partOfComparison = (text: string, at: number): boolean =>
  text[at] === "=" && (text[at + 1] === "=" || "=<>!".includes(text[at - 1] ?? " "));
