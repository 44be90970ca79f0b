/**
 * What is worth knowing about a fit, in words: rows and columns left out, estimates at the boundary.
 */
import { fitMessages, listed, type Note } from "../messages.js";
import { type CovarianceParameter, partBlock } from "./blocks/covariance-parameters.js";
import type { RandomGroup } from "./blocks/random-groups.js";
import type { ModelFrame } from "./frame/frame.js";
import { singularValues, symmetricEigen } from "./linalg/symmetric.js";

/** Rows and columns that were not used. */
export function droppedNotes(frame: ModelFrame, columns: readonly string[]): Note[] {
  const notes: Note[] = [];
  const dropped = frame.tableRowCount - frame.rows.length;
  if (dropped > 0) {
    const where = frame.dropped.map(({ reason, variable, count }) =>
      reason === "missing" ? fitMessages.missingIn(count, variable) : fitMessages.zeroWeightIn(count, variable),
    );
    const code = frame.dropped.every(({ reason }) => reason === "zero-weight") ? "zero-weight" : "dropped-rows";
    notes.push({ code, message: fitMessages.droppedRows(dropped, frame.tableRowCount, listed(where, 10)) });
  }
  if (columns.length > 0) notes.push({ code: "rank-deficient", message: fitMessages.droppedColumns(columns) });
  return notes;
}

/**
 * A term is at the boundary where its whitened factor has a singular value of zero to four digits; which effects, and whether
 * a variance or only a direction is lost, goes into the note.
 */
export function boundaryNotes(frame: ModelFrame, groups: readonly RandomGroup[], lambda: readonly Float64Array[]): Note[] {
  const notes: Note[] = [];
  const zero = (x: number): boolean => Math.abs(x) < 1e-4;
  groups.forEach((group, k) => {
    for (const part of group.parts) {
      const names = frame.random[part.term]!.effects.names;
      const block = partBlock(lambda[k]!, group.size, part);
      const m = part.size;
      if (part.covariance === "diagonal" || m === 1) {
        for (let i = 0; i < m; i++)
          if (zero(block[i * m + i]!)) notes.push({ code: "boundary", message: fitMessages.zeroVariance(names[i]!, group.label) });
        continue;
      }
      const { s } = singularValues(block, m);
      const rank = s.filter((x) => !zero(x)).length;
      if (rank === m) continue;
      if (rank === 0) {
        for (const name of names) notes.push({ code: "boundary", message: fitMessages.zeroVariance(name, group.label) });
        continue;
      }
      // An effect whose own variance is zero is named; otherwise the effects are tied together.
      const own = ownScales(group, part.start, block, m);
      const lost = names.filter((_, i) => zero(own[i]!));
      for (const name of lost) notes.push({ code: "boundary", message: fitMessages.zeroVariance(name, group.label) });
      if (m - lost.length > rank) {
        const left = names.filter((name) => !lost.includes(name));
        notes.push({ code: "boundary", message: fitMessages.reducedRank(group.label, left.length, rank, listed(left, 10)) });
      }
    }
  });
  return notes;
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

/** Of the largest eigenvalue of the information scaled to unit diagonal; rounding leaves about 1e-13. */
const NO_INFORMATION = 1e-10;

/**
 * Where the information about the covariance parameters has a null direction, the data do not determine them: a redundant random
 * column, the same effect twice, a variance that the fixed effects absorb. The note names the effects that take part.
 */
export function identificationNotes(
  frame: ModelFrame,
  parameters: readonly CovarianceParameter[],
  information: Float64Array | null,
): Note[] {
  if (information === null) return [];
  const n = parameters.length;
  const largest = parameters.reduce((most, _, i) => Math.max(most, information[i * n + i]!), 0);
  const unseen = parameters.map((_, i) => !(information[i * n + i]! > NO_INFORMATION * largest));
  const scale = parameters.map((_, i) => (unseen[i] ? 0 : 1 / Math.sqrt(information[i * n + i]!)));
  const scaled = information.map((x, at) => x * scale[at % n]! * scale[Math.floor(at / n)]!);
  const { values, vectors } = symmetricEigen(scaled, n);
  const involved = new Set(parameters.filter((_, i) => unseen[i]));
  const seen = n - involved.size;
  for (let m = n - seen; m < n; m++) {
    if (values[m]! > NO_INFORMATION * values[n - 1]!) continue;
    parameters.forEach((parameter, i) => {
      if (Math.abs(vectors[m * n + i]!) > 0.1) involved.add(parameter);
    });
  }
  if (involved.size === 0) return [];
  const effects = new Set<string>();
  for (const { part, row, column } of involved) {
    const { effects: design, group } = frame.random[part.term]!;
    for (const at of [row, column]) effects.add(`${design.names[at - part.start]!} between levels of ${group}`);
  }
  return [{ code: "unidentified", message: fitMessages.unidentified([...effects]) }];
}
