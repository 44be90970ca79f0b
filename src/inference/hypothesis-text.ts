/**
 * Linear hypotheses in words: "ses = 0", "a - b = 0.5", "2 * sectorCatholic + ses", "a = b = c", and a term's label for all its coefficients.
 *
 * Coefficients go by their own names, which may hold anything (`sexF:poly(x, 2)1`, `(Intercept)`): at every place the longest name that
 * fits is read. Each side is a sum of numbers and of coefficients, with a number times a coefficient or a coefficient divided by one.
 */
import { FitError, testMessages } from "../messages.js";

/** sum_j row_j beta_j = value. */
export interface LinearEquation {
  readonly text: string;
  readonly row: Float64Array;
  readonly value: number;
}

/** A linear form with a constant. */
interface LinearForm {
  readonly row: Float64Array;
  readonly constant: number;
}

/**
 * @param names the coefficients
 * @param terms coefficients by the label of their term: a label that is no coefficient's name stands for all of them being zero
 * @throws FitError for what cannot be read, with the place
 * @example equationsIn("b = 2 * a", ["a", "b"], new Map())[0].row // => [-2, 1]
 */
export function equationsIn(
  text: string,
  names: readonly string[],
  terms: ReadonlyMap<string, readonly number[]>,
): readonly LinearEquation[] {
  const whole = terms.get(text.trim());
  if (whole !== undefined && !names.includes(text.trim())) {
    return whole.map((j) => ({ text: `${names[j]} = 0`, row: Float64Array.from(names, (_, k) => Number(k === j)), value: 0 }));
  }
  const reader = new Reader(text, names);
  const sides: (LinearForm & { readonly words: string })[] = [];
  do {
    const from = reader.at;
    const form = reader.sum();
    sides.push({ ...form, words: text.slice(from, reader.at).trim() });
  } while (reader.take("="));
  if (reader.rest !== "") throw new FitError(testMessages.hypothesisUnread(text, reader.rest, names));
  if (sides.length === 1) sides.push({ row: new Float64Array(names.length), constant: 0, words: "0" });
  return sides.slice(1).map((right, k) => {
    const left = sides[k]!;
    const row = left.row.map((value, j) => value - right.row[j]!);
    if (row.every((value) => value === 0)) throw new FitError(testMessages.hypothesisWithoutCoefficient(text));
    return { text: `${left.words} = ${right.words}`, row, value: right.constant - left.constant };
  });
}

const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;

class Reader {
  readonly #text: string;
  readonly #names: readonly string[];
  at = 0;

  constructor(text: string, names: readonly string[]) {
    this.#text = text;
    this.#names = names;
  }

  get rest(): string {
    this.#skip();
    return this.#text.slice(this.at);
  }

  /** Reads the sign if it is next. */
  take(sign: string): boolean {
    if (!this.rest.startsWith(sign)) return false;
    this.at += sign.length;
    return true;
  }

  sum(): LinearForm {
    const row = new Float64Array(this.#names.length);
    let constant = 0;
    let sign = this.take("-") ? -1 : 1;
    if (sign === 1) this.take("+");
    for (;;) {
      const { factor, place } = this.#product();
      if (place === null) constant += sign * factor;
      else row[place]! += sign * factor;
      if (this.take("+")) sign = 1;
      else if (this.take("-")) sign = -1;
      else return { row, constant };
    }
  }

  /** A number, a coefficient, or one times (or divided by) the other. */
  #product(): { readonly factor: number; readonly place: number | null } {
    let { factor, place } = this.#item();
    for (;;) {
      if (this.take("*")) {
        const next = this.#item();
        if (place !== null && next.place !== null) throw new FitError(testMessages.hypothesisNotLinear(this.#text));
        factor *= next.factor;
        place ??= next.place;
      } else if (this.take("/")) {
        const next = this.#item();
        if (next.place !== null) throw new FitError(testMessages.hypothesisNotLinear(this.#text));
        factor /= next.factor;
      } else return { factor, place };
    }
  }

  #item(): { readonly factor: number; readonly place: number | null } {
    const { rest } = this;
    let place: number | null = null;
    this.#names.forEach((name, j) => {
      const longer = place === null || name.length > this.#names[place]!.length;
      if (rest.startsWith(name) && longer && !continues(name, rest.slice(name.length))) place = j;
    });
    if (place !== null) {
      this.at += this.#names[place]!.length;
      return { factor: 1, place };
    }
    const number = NUMBER.exec(rest)?.[0];
    if (number === undefined) throw new FitError(testMessages.hypothesisUnread(this.#text, rest, this.#names));
    this.at += number.length;
    return { factor: Number(number), place: null };
  }

  #skip(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) this.at++;
  }
}

/** Whether the name goes on: `ses` in `sesHigh` is not the coefficient `ses`. */
function continues(name: string, after: string): boolean {
  return /[\p{L}\p{N}_.]$/u.test(name) && /^[\p{L}\p{N}_.:]/u.test(after);
}
