/**
 * The functions of one number that formulas know, by R's names: `log`, `sqrt`, `round`, ...
 *
 * A function outside its domain gives NaN (missing); infinite results are found when the rows are chosen.
 */

/**
 * Rounds half to even at `digits` decimals, as R's `round`.
 *
 * @example [0.5, 1.5, 2.5, -1.5].map((x) => roundHalfEven(x, 0)) // => [0, 2, 2, -2]
 */
export function roundHalfEven(x: number, digits: number): number {
  if (!Number.isFinite(x)) return x;
  if (digits === 0) {
    const low = Math.floor(x);
    const rest = x - low;
    if (rest !== 0.5) return rest < 0.5 ? low : low + 1;
    return low % 2 === 0 ? low : low + 1;
  }
  const scale = 10 ** Math.abs(digits);
  if (digits < 0) return roundHalfEven(x / scale, 0) * scale;
  if (digits > 15) return x;
  // Of the two neighbours with that many decimals the one nearer to x; the even one where both are equally near (R 4).
  const low = Math.floor(x * scale) / scale;
  const high = Math.ceil(x * scale) / scale;
  const below = x - low;
  const above = high - x;
  if (below !== above) return below < above ? low : high;
  return Math.floor(x * scale) % 2 === 0 ? low : high;
}

export const functionsOfOneNumber: ReadonlyMap<string, (x: number) => number> = new Map([
  ["log", Math.log],
  ["log2", Math.log2],
  ["log10", Math.log10],
  ["log1p", Math.log1p],
  ["exp", Math.exp],
  ["expm1", Math.expm1],
  ["sqrt", Math.sqrt],
  ["abs", Math.abs],
  ["sin", Math.sin],
  ["cos", Math.cos],
  ["tan", Math.tan],
  ["asin", Math.asin],
  ["acos", Math.acos],
  ["atan", Math.atan],
  ["sinh", Math.sinh],
  ["cosh", Math.cosh],
  ["tanh", Math.tanh],
  ["floor", Math.floor],
  ["ceiling", Math.ceil],
  ["trunc", Math.trunc],
  ["sign", Math.sign],
  ["round", (x: number): number => roundHalfEven(x, 0)],
]);

/** Arithmetic and comparison of two numbers; comparisons give 1, 0 or (where a side is missing) NaN. */
export const arithmetic: ReadonlyMap<string, (a: number, b: number) => number> = new Map([
  ["+", (a: number, b: number): number => a + b],
  ["-", (a: number, b: number): number => a - b],
  ["*", (a: number, b: number): number => a * b],
  ["/", (a: number, b: number): number => a / b],
  ["^", (a: number, b: number): number => a ** b],
  ["%%", (a: number, b: number): number => (Number.isFinite(b) || a < 0 !== b < 0 ? a - Math.floor(a / b) * b : a)],
]);

export const comparisons: ReadonlyMap<string, (a: number, b: number) => boolean> = new Map([
  ["==", (a: number, b: number): boolean => a === b],
  ["!=", (a: number, b: number): boolean => a !== b],
  ["<", (a: number, b: number): boolean => a < b],
  ["<=", (a: number, b: number): boolean => a <= b],
  [">", (a: number, b: number): boolean => a > b],
  [">=", (a: number, b: number): boolean => a >= b],
]);
