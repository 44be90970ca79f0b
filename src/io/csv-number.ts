/**
 * A decimal number straight from bytes, correctly rounded: the double that `Number(text)` gives.
 *
 *   value = M 10^e
 *
 * M of at most 15 digits and |e| <= 22: M and 10^|e| are doubles, so that one multiplication or division rounds once
 * (Clinger 1990). M of 16 to 19 digits and -22 <= e <= 0: M as an unevaluated sum of two doubles (Dekker 1971), divided in
 * double-double arithmetic; where the error bound leaves the last bit open, and for everything else, `Number(text)` decides.
 */

const POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const POINT = 46;
const ZERO = 48;

/**
 * @param end exclusive; spaces around the number are allowed
 * @param decimal the decimal mark's byte, 46 "." or 44 ","
 * @param leadingZeros whether "007" is a number (else it is an identifier, not a number)
 * @returns NaN where the bytes are not a number; Inf, inf, Infinity (with a sign) are infinite; hexadecimal is no number
 * @example parseNumber(new TextEncoder().encode("-2.5e3"), 0, 6, 46, false) // => -2500
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number, decimal: number, leadingZeros: boolean): number {
  while (start < end && isSpace(bytes[start]!)) start++;
  while (end > start && isSpace(bytes[end - 1]!)) end--;
  const from = start;
  let i = start;
  let negative = false;
  if (i < end && (bytes[i] === 45 || bytes[i] === 43)) negative = bytes[i++] === 45;
  const firstDigit = i;
  let head = 0; // the first 15 significant digits
  let tail = 0; // the next ones, at most 4
  let significant = 0;
  let digits = 0;
  let exponent = 0;
  let pointSeen = false;
  for (; i < end; i++) {
    const byte = bytes[i]!;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      digits++;
      if (pointSeen) exponent--;
      if (digit === 0 && significant === 0) continue;
      significant++;
      if (significant <= 15) head = head * 10 + digit;
      else if (significant <= 19) tail = tail * 10 + digit;
    } else if (byte === decimal && !pointSeen) {
      pointSeen = true;
    } else break;
  }
  if (digits === 0) return i < end ? infinity(bytes, firstDigit, end, negative) : Number.NaN;
  if (!leadingZeros && bytes[firstDigit] === ZERO) {
    const next = bytes[firstDigit + 1]! - ZERO;
    if (firstDigit + 1 < end && next >= 0 && next <= 9) return Number.NaN;
  }
  if (i < end) {
    if ((bytes[i]! | 32) !== 101) return Number.NaN;
    i++;
    let exponentNegative = false;
    if (i < end && (bytes[i] === 45 || bytes[i] === 43)) exponentNegative = bytes[i++] === 45;
    if (i >= end) return Number.NaN;
    let power = 0;
    for (; i < end; i++) {
      const digit = bytes[i]! - ZERO;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      if (power < 10000) power = power * 10 + digit;
    }
    exponent += exponentNegative ? -power : power;
  }
  let value: number;
  if (significant === 0) value = 0;
  else if (significant <= 15 && exponent >= -22 && exponent <= 22)
    value = exponent < 0 ? head / POWERS[-exponent]! : head * POWERS[exponent]!;
  else {
    value =
      significant > 15 && significant <= 19 && exponent >= -22 && exponent <= 0
        ? longQuotient(head, tail, significant - 15, exponent)
        : Number.NaN;
    if (Number.isNaN(value)) return Number(asciiText(bytes, from, end, decimal));
  }
  return negative ? -value : value;
}

/** (head 10^k + tail) / 10^-exponent, or NaN where the rounding of the last bit is not certain. */
function longQuotient(head: number, tail: number, k: number, exponent: number): number {
  const scale = POWERS[k]!;
  const product = head * scale;
  const productError = productRest(head, scale, product);
  const high = product + tail;
  const low = product - high + tail + productError; // exact: |tail| < |product|
  if (exponent === 0) return certain(high, low);
  const divisor = POWERS[-exponent]!;
  const quotient = high / divisor;
  const back = quotient * divisor;
  const rest = high - back - productRest(quotient, divisor, back) + low;
  return certain(quotient, rest / divisor);
}

/** high + low rounded, if a relative error of 2^-48 in low cannot change the result. */
function certain(high: number, low: number): number {
  const slack = Math.abs(low) * 2 ** -48 + high * 2 ** -100;
  const up = high + (low + slack);
  return up === high + (low - slack) ? up : Number.NaN;
}

/** a b - fl(a b), exactly (Dekker's product with Veltkamp's split). */
function productRest(a: number, b: number, product: number): number {
  const ca = 134217729 * a;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = 134217729 * b;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

function infinity(bytes: Uint8Array, start: number, end: number, negative: boolean): number {
  const length = end - start;
  if (length !== 3 && length !== 8) return Number.NaN;
  const text = asciiText(bytes, start, end, POINT).toLowerCase();
  if (text !== "inf" && text !== "infinity") return Number.NaN;
  return negative ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function asciiText(bytes: Uint8Array, start: number, end: number, decimal: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += bytes[i] === decimal ? "." : String.fromCharCode(bytes[i]!);
  return text;
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 9;
}
