/**
 * Numbers for people: the cells of one column share their decimals, so that magnitudes can be compared by eye.
 *
 * The number of decimals is what the smallest cell needs for its significant digits, as R's `format` has it, as long as
 * the column stays narrow; cells that would then show nothing, or run off to the right, are written with an exponent.
 */

/** What stands in a cell that has no number. */
const NOTHING = "";

/** Above this magnitude a number is written with an exponent. */
const LARGEST_PLAIN = 1e9;

/** Decimals beyond this make a column too wide to read. */
const MOST_DECIMALS = 6;

/**
 * The cells of a column with common decimals.
 *
 * @param significant digits that the smallest cell keeps, default 4
 * @returns one string a value; null and NaN give an empty string
 * @example formatColumn([251.405, 10.467, null]) // => ["251.41", "10.47", ""]
 */
export function formatColumn(values: readonly (number | null)[], significant = 4): string[] {
  const decimals = commonDecimals(values, significant);
  return values.map((value) => (isNumber(value) ? cell(value, decimals, significant) : NOTHING));
}

/**
 * One number with the given significant digits, an exponent where it is very large or very small.
 *
 * @example formatNumber(0.0000123456) // => "1.235e-5"
 */
export function formatNumber(value: number, significant = 4): string {
  return formatColumn([value], significant)[0]!;
}

/**
 * A column with a fixed number of decimals.
 *
 * @example formatFixed([1.25, null, -3], 1) // => ["1.3", "", "-3.0"]
 */
export function formatFixed(values: readonly (number | null)[], decimals: number): string[] {
  return values.map((value) => {
    if (!isNumber(value)) return NOTHING;
    if (Math.abs(value) >= LARGEST_PLAIN) return cell(value, decimals, 4);
    const text = value.toFixed(decimals);
    return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
  });
}

/**
 * A number with a fixed number of decimals as long as these show at least three digits of it, else with an exponent.
 *
 * @example [formatLegible(39.148, 5), formatLegible(1.5e-10, 5)] // => ["39.14800", "1.5000e-10"]
 */
export function formatLegible(value: number, decimals: number): string {
  const magnitude = Math.abs(value);
  const small = magnitude > 0 && magnitude < 10 ** (2 - decimals);
  const large = magnitude >= LARGEST_PLAIN && Number.isFinite(magnitude);
  return small || large ? value.toExponential(4) : formatFixed([value], decimals)[0]!;
}

/**
 * An interval, each end with three significant digits.
 *
 * @example formatInterval(0.3717, 1.1082) // => "0.372 to 1.11"
 */
export function formatInterval(lower: number, upper: number): string {
  return isNumber(lower) && isNumber(upper) ? `${formatNumber(lower, 3)} to ${formatNumber(upper, 3)}` : NOTHING;
}

/**
 * A p value with three decimals, never as zero and never with stars.
 *
 * @example formatP(0.00002) // => "<0.001"
 */
export function formatP(p: number | null): string {
  if (!isNumber(p)) return NOTHING;
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

/** Degrees of freedom: one decimal below a thousand, none above. */
export function formatDf(df: number | null): string {
  if (df === null || Number.isNaN(df)) return NOTHING;
  if (!Number.isFinite(df)) return "Inf";
  return df < 1000 ? df.toFixed(1) : df.toFixed(0);
}

function isNumber(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

function commonDecimals(values: readonly (number | null)[], significant: number): number {
  const magnitudes = values
    .filter(isNumber)
    .map(Math.abs)
    .filter((x) => x > 0 && x < LARGEST_PLAIN);
  if (magnitudes.length === 0) return 0;
  const largest = Math.max(...magnitudes);
  // Cells ten thousand times smaller than the largest do not set the width of the column.
  const smallest = Math.min(...magnitudes.filter((x) => x >= largest * 1e-4));
  // A whole-number column needs no decimals.
  if (magnitudes.every(Number.isInteger)) return 0;
  const wanted = significant - 1 - Math.floor(Math.log10(smallest));
  return Math.min(MOST_DECIMALS, Math.max(0, Math.max(wanted, largest < 1e4 ? 1 : 0)));
}

function cell(value: number, decimals: number, significant: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Inf" : "-Inf";
  const magnitude = Math.abs(value);
  // Fewer than three digits would be left: first more decimals, then an exponent.
  const lost = (places: number): boolean => !Number.isInteger(value) && magnitude < 10 ** (2 - places);
  const more = Math.min(MOST_DECIMALS, decimals + 2);
  if (magnitude >= LARGEST_PLAIN || (lost(decimals) && lost(more))) return value.toExponential(significant - 1);
  return value.toFixed(lost(decimals) ? more : decimals);
}
