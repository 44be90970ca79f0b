/**
 * What is worth knowing about a fit, in words: rows and columns left out, estimates at the boundary.
 */
import { fitMessages, generalizedNoteMessages, listed, type Note } from "../messages.js";
import { type CovarianceParameter, partBlock } from "./blocks/covariance-parameters.js";
import type { GroupPart, RandomGroup } from "./blocks/random-groups.js";
import type { Structure } from "./blocks/structure.js";
import type { DroppedRows, ModelFrame } from "./frame/frame.js";
import { singularValues, symmetricEigen } from "./linalg/symmetric.js";

/** What a random term is called in notes. */
export interface TermNames {
  readonly group: string;
  readonly effects: { readonly names: readonly string[] };
}

/** Rows and columns that were not used. */
export function droppedNotes(frame: ModelFrame, columns: readonly string[]): Note[] {
  const notes: Note[] = [];
  const dropped = frame.tableRowCount - frame.rows.length;
  if (dropped > 0) {
    // Counts of successes and failures that are both zero.
    const withoutTrials = ({ reason, variable }: DroppedRows): boolean => reason === "zero-weight" && variable === frame.response.name;
    const where = frame.dropped.map((own) => {
      if (own.reason === "missing") return fitMessages.missingIn(own.count, own.variable);
      return withoutTrials(own)
        ? generalizedNoteMessages.withoutTrials(own.count, own.variable)
        : fitMessages.zeroWeightIn(own.count, own.variable);
    });
    const zeroWeight = frame.dropped.every((own) => own.reason === "zero-weight" && !withoutTrials(own));
    const code = zeroWeight ? "zero-weight" : "dropped-rows";
    notes.push({ code, message: fitMessages.droppedRows(dropped, frame.tableRowCount, listed(where, 10)) });
  }
  if (columns.length > 0) notes.push({ code: "rank-deficient", message: fitMessages.droppedColumns(columns) });
  return notes;
}

/**
 * A term is at the boundary where its whitened factor has a singular value of zero to four digits; which effects, and whether
 * a variance or only a direction is lost, goes into the note.
 */
export function boundaryNotes(
  random: readonly TermNames[],
  { groups }: Pick<Structure, "groups">,
  lambda: readonly Float64Array[],
  undetermined: readonly string[],
): { readonly singular: boolean; readonly notes: Note[] } {
  const messages: string[] = [];
  let singular = false;
  const zero = (x: number): boolean => Math.abs(x) < 1e-4;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const names = random[part.term]!.effects.names;
      const block = partBlock(lambda[k]!, group.size, part);
      const m = part.size;
      const alone = part.covariance === "diagonal" || m === 1;
      const rank = alone ? 0 : singularValues(block, m).s.filter((x) => !zero(x)).length;
      if (!alone && rank === m) continue;
      // An effect whose own variance is zero is named; otherwise the effects are tied together.
      const own = alone ? names.map((_, i) => block[i * m + i]!) : ownScales(group, part.start, block, m);
      const lost = names.flatMap((_, i) => (zero(own[i]!) ? [i] : []));
      for (const i of lost) {
        // Nothing is known of a variance that the data do not determine: zero is not a finding.
        if (!undetermined.includes(effectOf(random, part, part.start + i))) messages.push(fitMessages.zeroVariance(names[i]!, group.label));
      }
      const tied = !alone && m - lost.length > rank;
      if (tied) {
        const left = names.filter((_, i) => !lost.includes(i));
        messages.push(fitMessages.reducedRank(group.label, left.length, rank, listed(left, 10)));
      }
      if (tied || lost.length > 0) singular = true;
    }
  });
  return { singular, notes: messages.map((message) => ({ code: "boundary", message })) };
}

/** Size of each original effect's row of lambda = R^-1 lambda*, in units of its column's size. */
function ownScales(group: RandomGroup, start: number, block: Float64Array, m: number): number[] {
  const size = group.size;
  return Array.from({ length: m }, (_, i) => {
    let squares = 0;
    let unit = 0;
    for (let c = 0; c < m; c++) {
      let value = 0;
      for (let r = 0; r <= i; r++) value += group.whitening[(start + r) * size + start + i]! * block[c * m + r]!;
      squares += value * value;
      unit = Math.max(unit, c <= i ? Math.abs(group.whitening[(start + c) * size + start + i]!) : 0);
    }
    return Math.sqrt(squares) / unit;
  });
}

/** Of the largest eigenvalue of the information scaled to unit diagonal: determined parameters have 1e-2 and more, others 1e-6 and less. */
const NO_INFORMATION = 1e-5;
/** Of the largest diagonal element. */
const UNSEEN = 1e-10;
/** At zero the information is that of the derivative in the variance, known to 1e-8 of the rows. */
const UNSEEN_AT_ZERO = 1e-6;

/** Which covariance parameters move the criterion at all. */
function seenParameters(n: number, theta: Float64Array, information: Float64Array): boolean[] {
  const k = theta.length;
  const largest = theta.reduce((most, _, i) => Math.max(most, information[i * k + i]!), 0);
  return Array.from(theta, (value, i) => information[i * k + i]! > (value === 0 ? UNSEEN_AT_ZERO * n : UNSEEN * largest));
}

const effectOf = (random: readonly TermNames[], part: GroupPart, at: number): string => {
  const { effects, group } = random[part.term]!;
  return `${effects.names[at - part.start]!} between levels of ${group}`;
};

/**
 * Where the information about the covariance parameters has a null direction, the data do not determine them: a redundant random
 * column, the same effect twice, a variance that the fixed effects absorb. Names the effects that take part.
 */
export function undeterminedEffects(
  random: readonly TermNames[],
  { parameters, n }: { readonly parameters: readonly CovarianceParameter[]; readonly n: number },
  theta: Float64Array,
  information: Float64Array | null,
): string[] {
  if (information === null) return [];
  const k = parameters.length;
  const seen = seenParameters(n, theta, information);
  const scale = seen.map((known, i) => (known ? 1 / Math.sqrt(information[i * k + i]!) : 0));
  const scaled = information.map((x, at) => x * scale[at % k]! * scale[Math.floor(at / k)]!);
  const { values, vectors } = symmetricEigen(scaled, k);
  const involved = new Set(parameters.filter((_, i) => !seen[i]));
  for (let m = involved.size; m < k; m++) {
    if (values[m]! > NO_INFORMATION * values[k - 1]!) break;
    parameters.forEach((parameter, i) => {
      if (Math.abs(vectors[m * k + i]!) > 0.1) involved.add(parameter);
    });
  }
  return [...new Set([...involved].flatMap(({ part, row, column }) => [effectOf(random, part, row), effectOf(random, part, column)]))];
}
