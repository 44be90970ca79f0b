/**
 * Contrast matrices of a factor with L levels: L x (L - 1), column-major (Chambers & Hastie 1992, section 2.3.2).
 *
 *   treatment  column k is 1 at level k + 1: differences from the first level; named by the level
 *   sum        column k is 1 at level k and -1 at the last level; named 1, 2, ...
 *   helmert    column k is -1 at the first k levels and k at level k + 1; named 1, 2, ...
 *   poly       orthonormal polynomials in 1..L; named .L, .Q, .C, ^4, ...
 */
import { orthogonalColumns } from "./orthogonal-polynomials.js";

export type ContrastName = "treatment" | "sum" | "helmert" | "poly";

export const contrastNames: readonly ContrastName[] = ["treatment", "sum", "helmert", "poly"];

/** A coding of L levels in `columnNames.length` columns; values are column-major. */
export interface Coding {
  readonly columnNames: readonly string[];
  readonly values: Float64Array;
}

/** `sum` or R's `contr.sum`; null where it is neither. */
export function contrastNamed(name: string): ContrastName | null {
  const short = name.startsWith("contr.") ? name.slice("contr.".length) : name;
  return contrastNames.find((known) => known === short) ?? null;
}

/**
 * @param levels L >= 2 levels, the first the reference level
 * @example contrastMatrix("sum", ["a", "b", "c"]) // => { columnNames: ["1", "2"], values: Float64Array [1, 0, -1, 0, 1, -1] }
 */
export function contrastMatrix(name: ContrastName, levels: readonly string[]): Coding {
  const count = levels.length;
  const values = new Float64Array(count * (count - 1));
  const numbered = levels.slice(1).map((_, k) => String(k + 1));
  switch (name) {
    case "treatment":
      for (let k = 0; k + 1 < count; k++) values[k * count + k + 1] = 1;
      return { columnNames: levels.slice(1), values };
    case "sum":
      for (let k = 0; k + 1 < count; k++) {
        values[k * count + k] = 1;
        values[k * count + count - 1] = -1;
      }
      return { columnNames: numbered, values };
    case "helmert":
      for (let k = 0; k + 1 < count; k++) {
        values.fill(-1, k * count, k * count + k + 1);
        values[k * count + k + 1] = k + 1;
      }
      return { columnNames: numbered, values };
    case "poly":
      return { columnNames: numbered.map((_, k) => [".L", ".Q", ".C"][k] ?? `^${k + 1}`), values: orthogonalColumns(count) };
  }
}

/** One column a level: 1 where the level holds. Named by the levels. */
export function indicatorMatrix(levels: readonly string[]): Coding {
  const count = levels.length;
  const values = new Float64Array(count * count);
  for (let k = 0; k < count; k++) values[k * count + k] = 1;
  return { columnNames: levels, values };
}
