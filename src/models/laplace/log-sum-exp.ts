/** log sum exp(a_k) without overflow; -Infinity where every a_k is. */
export function logSumExp(a: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < a.length; k++) largest = Math.max(largest, a[k]!);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += Math.exp(a[k]! - largest);
  return largest + Math.log(sum);
}

/** a := softmax(a), zero where every a_k is -Infinity. @returns log sum exp(a_k) */
export function softmax(a: Float64Array): number {
  const total = logSumExp(a);
  for (let k = 0; k < a.length; k++) a[k] = total === Number.NEGATIVE_INFINITY ? 0 : Math.exp(a[k]! - total);
  return total;
}
