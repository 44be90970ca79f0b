/** What the module offers. Addresses are bytes, leading dimensions numbers. */
import { choleskyWorkBytes } from "./cholesky";
import { inverseWorkBytes } from "./inverse";

export { cholesky } from "./cholesky";
export { inverse } from "./inverse";
export { productWorkBytes, subtractProduct } from "./product";

/** Bytes of work space for `cholesky` and `inverse` of an n x n matrix. */
export function workBytes(n: i32): usize {
  return max(choleskyWorkBytes(n), inverseWorkBytes(n));
}
