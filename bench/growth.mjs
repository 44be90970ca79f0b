/**
 * How the time of a fit grows with the size of the problem: exponents of log time on log size. Ours runs at every size,
 * R while it can be expected to take less than 20 s; one process a size, R's defaults only.
 */
import { longFit, measureFit } from "./measure.mjs";

/**
 * @param growth a record of `growths`
 * @param {{ seconds: number, withR: boolean, quick: boolean }} options quick: ours, too, stops at 20 s
 * @param {readonly object[]} measured rows that stand already, taken as they are
 * @param {(row: object) => void} tell called with each row as it comes
 */
export async function measureGrowth(growth, options, measured, tell) {
  const rows = [];
  for (const size of growth.sizes) {
    const model = growth.model(size);
    const expected = (key) => expectedMs(points(rows, key), size);
    if (options.quick && expected("oursMs") > longFit) break;
    const withR = options.withR && !model.large && expected("rMs") < longFit && rows.every((row) => row.rMs !== null);
    const row = measured.find(({ name }) => name === model.name) ?? (await measureFit(defaultsOnly(model), { ...options, runs: 1, withR }));
    rows.push({ ...row, size });
    tell(row);
    if (row.error) break;
  }
  return rows;
}

const defaultsOnly = (model) => ({ ...model, r: { ...model.r, variants: {} } });

/** The exponents over all sizes and over the last two: `null` where there are fewer than two. */
export function exponents(rows, key) {
  const known = points(rows, key);
  return { overall: slope(known), last: slope(known.slice(-2)) };
}

const points = (rows, key) => rows.filter((row) => row[key] > 0).map((row) => ({ x: Math.log(row.size), y: Math.log(row[key]) }));

/** As the last two sizes grew, at least in proportion to the size; 0 where nothing is known. */
function expectedMs(known, size) {
  const last = known.at(-1);
  if (!last) return 0;
  return Math.exp(last.y + Math.max(1, slope(known.slice(-2)) ?? 1) * (Math.log(size) - last.x));
}

/** Least squares. */
function slope(known) {
  if (known.length < 2) return null;
  const mean = (pick) => known.reduce((sum, point) => sum + pick(point), 0) / known.length;
  const x = mean((point) => point.x);
  const y = mean((point) => point.y);
  const products = known.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0);
  const squares = known.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return products / squares;
}
