/**
 * A model frame made of whole units of one grouping factor, drawn again: the cases bootstrap and the jackknife of clusters.
 *
 * A unit that is drawn twice is two units; so are the levels of factors nested in it. Levels of factors that are not nested in it (crossed
 * ones, multiple membership) stay what they are.
 */
import type { DesignMatrix } from "./design.js";
import type { FurtherFrame, ModelFrame, RandomFrame } from "./frame.js";

/** Rows by unit of a grouping factor. */
export interface ClusterRows {
  readonly group: string;
  readonly levels: readonly string[];
  /** By level the rows (of those used) in their order. */
  readonly rows: readonly Int32Array[];
}

/** The rows of each unit of a grouping factor; null where there is no such factor with one level a row. */
export function clusterRows(frame: ModelFrame, group: string): ClusterRows | null {
  const term = allTerms(frame).find((own) => own.group === group && own.membership === null);
  if (term === undefined) return null;
  const rows: number[][] = term.levels.map(() => []);
  term.levelOf.forEach((level, i) => {
    rows[level]?.push(i);
  });
  return { group, levels: term.levels, rows: rows.map((own) => Int32Array.from(own)) };
}

/** The factor in whose units all others lie; null where factors are crossed or a row has several units. */
export function topFactor(frame: ModelFrame): string | null {
  const terms = allTerms(frame);
  if (terms.some(({ membership }) => membership !== null)) return null;
  const top = terms.reduce((least, own) => (own.levels.length < least.levels.length ? own : least));
  return terms.every((own) => isNested(own, top.levelOf)) ? top.group : null;
}

function allTerms({ random, further }: ModelFrame): readonly RandomFrame[] {
  return [...random, ...further.flatMap((part) => part.random)];
}

/** Each level lies in one unit. */
function isNested({ levelOf, levels }: RandomFrame, unitOf: Int32Array): boolean {
  const first = new Int32Array(levels.length).fill(-1);
  for (let i = 0; i < levelOf.length; i++) {
    const level = levelOf[i]!;
    if (first[level] === -1) first[level] = unitOf[i]!;
    else if (first[level] !== unitOf[i]) return false;
  }
  return true;
}

/** @param draws units in the order in which they are drawn, any number of times */
export function resampledFrame(frame: ModelFrame, clusters: ClusterRows, draws: ArrayLike<number>): ModelFrame {
  const n = Array.from(draws).reduce((sum, unit) => sum + clusters.rows[unit]!.length, 0);
  const rows = new Int32Array(n);
  /** Which draw each row is of. */
  const drawOf = new Int32Array(n);
  const unitOf = new Int32Array(frame.rows.length);
  clusters.rows.forEach((own, unit) => {
    for (const i of own) unitOf[i] = unit;
  });
  let at = 0;
  for (let d = 0; d < draws.length; d++) {
    const own = clusters.rows[draws[d]!]!;
    rows.set(own, at);
    drawOf.fill(d, at, at + own.length);
    at += own.length;
  }
  const pick = (values: Float64Array): Float64Array => Float64Array.from(rows, (i) => values[i]!);
  const pickOrNull = (values: Float64Array | null): Float64Array | null => (values === null ? null : pick(values));
  const design = (matrix: DesignMatrix): DesignMatrix => {
    const { rowCount, names, values } = matrix;
    const own = new Float64Array(n * names.length);
    for (let j = 0; j < names.length; j++) for (let i = 0; i < n; i++) own[j * n + i] = values[j * rowCount + rows[i]!]!;
    return { ...matrix, rowCount: n, values: own };
  };
  // Terms on one factor share their levels: the same arrays.
  const made = new Map<object, Pick<RandomFrame, "levels" | "levelOf" | "membership">>();
  const term = (own: RandomFrame): RandomFrame => {
    const key = own.membership ?? own.levelOf;
    let units = made.get(key);
    if (units === undefined) {
      units = own.membership === null ? factorOf(own, own.levelOf) : membershipOf(own, own.membership);
      made.set(key, units);
    }
    return { ...own, ...units, effects: design(own.effects) };
  };
  const factorOf = (own: RandomFrame, levelOf: Int32Array): Pick<RandomFrame, "levels" | "levelOf" | "membership"> => {
    const nested = isNested(own, unitOf);
    const place = new Map<string, number>();
    const levels: string[] = [];
    const codes = Int32Array.from(rows, (i, at) => {
      const level = levelOf[i]!;
      const key = nested ? `${drawOf[at]} ${level}` : String(level);
      let code = place.get(key);
      if (code === undefined) {
        code = levels.length;
        place.set(key, code);
        levels.push(nested ? `${own.levels[level]} (${drawOf[at]! + 1})` : own.levels[level]!);
      }
      return code;
    });
    return { levels, levelOf: codes, membership: null };
  };
  const membershipOf = (
    own: RandomFrame,
    { count, levelOf, weights }: NonNullable<RandomFrame["membership"]>,
  ): Pick<RandomFrame, "levels" | "levelOf" | "membership"> => {
    const old = frame.rows.length;
    const place = new Map<number, number>();
    const levels: string[] = [];
    const codes = new Int32Array(n * count);
    const shares = new Float64Array(n * count);
    for (let m = 0; m < count; m++) {
      for (let i = 0; i < n; i++) {
        const level = levelOf[m * old + rows[i]!]!;
        shares[m * n + i] = weights[m * old + rows[i]!]!;
        codes[m * n + i] = -1;
        if (level < 0) continue;
        if (!place.has(level)) {
          place.set(level, levels.length);
          levels.push(own.levels[level]!);
        }
        codes[m * n + i] = place.get(level)!;
      }
    }
    return { levels, levelOf: new Int32Array(0), membership: { count, levelOf: codes, weights: shares } };
  };
  const further = frame.further.map(
    (part): FurtherFrame => ({ ...part, fixed: design(part.fixed), random: part.random.map(term), offset: pickOrNull(part.offset) }),
  );
  return {
    ...frame,
    tableRowCount: n,
    rows: Int32Array.from(rows, (i) => frame.rows[i]!),
    response: { ...frame.response, values: pick(frame.response.values), trials: pickOrNull(frame.response.trials) },
    weights: pickOrNull(frame.weights),
    offset: pickOrNull(frame.offset),
    fixed: design(frame.fixed),
    random: frame.random.map(term),
    further,
    dropped: [],
  };
}
