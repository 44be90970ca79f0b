/**
 * V36, mutual accountability between two roles (Elmore 2004; Cobb & Smith): being held to account is matched by help.
 *
 *   mutual = min(accountability, assistance);   imbalance = accountability - assistance
 */

export type Mutual = "minimum" | "product";

/** @param accountability 0-3 @param assistance 0-3 @example [mutual(3, 1), mutual(3, 2, "product")] // => [1, 6] */
export function mutual(accountability: number, assistance: number, how: Mutual = "minimum"): number {
  return how === "product" ? accountability * assistance : Math.min(accountability, assistance);
}

/** @example imbalance(3, 1) // => 2 */
export function imbalance(accountability: number, assistance: number): number {
  return accountability - assistance;
}
