/**
 * The clusters of a robust covariance matrix: sets of rows that are taken as independent of each other.
 *
 * Random effects must not tie rows of different clusters together: every unit of every random term lies within one cluster. The default
 * is the model's own top level, the factor within whose units all others lie.
 */
import type { Column } from "../data/column.js";
import { cellOf, columnLength, isMissing } from "../data/column-values.js";
import { FitError, robustMessages } from "../messages.js";
import type { RandomFrame } from "../models/frame/frame.js";
import { isGeneralized, type MixedFit } from "./mixed-fit.js";

/** A factor of the model by its name (`school`, `class:school`), or a column of the table that the model was fitted to: `table.column("district")`. */
export type ClusterChoice = string | Column;

export interface Clusters {
  readonly name: string;
  /** J, those with rows. */
  readonly count: number;
  /** n: the cluster of each row used. */
  readonly of: Int32Array;
  /** For each of `randomFramesOf(fit)` the cluster of each of its units. */
  readonly home: readonly Int32Array[];
}

/**
 * @param choice null for the model's top level
 * @throws FitError for an unknown name, a column of other length or with missing values, units that lie in several clusters, a single
 *   cluster, and models without a top level
 */
export function clustersOf(fit: MixedFit, choice: ClusterChoice | null): Clusters {
  const frames = randomFramesOf(fit);
  if (choice === null) {
    const top = topLevelClusters(fit);
    if (top === null) throw new FitError(robustMessages.noTopLevel([...new Set(frames.map(({ group }) => group))]));
    return top;
  }
  const { name, labels } = typeof choice === "string" ? ofModel(fit, frames, choice) : ofColumn(fit, choice);
  const { of, count } = consecutive(labels);
  if (count < 2) throw new FitError(robustMessages.oneCluster(name));
  const home = frames.map((frame) => {
    const homes = homesWithin(frame, of);
    if (typeof homes === "string") throw new FitError(robustMessages.crossesClusters(name, frame.group, homes));
    return homes;
  });
  return { name, count, of, home };
}

/** The clusters of the factor within whose units all others lie; null where factors cross or there is multiple membership. */
export function topLevelClusters(fit: MixedFit): Clusters | null {
  const frames = randomFramesOf(fit);
  const candidates = frames.filter(({ membership }) => membership === null).sort((a, b) => a.levels.length - b.levels.length);
  for (const { group, levels, levelOf } of candidates) {
    const home = frames.map((frame) => homesWithin(frame, levelOf));
    if (home.every((homes) => typeof homes !== "string")) {
      return { name: group, count: levels.length, of: levelOf, home };
    }
  }
  return null;
}

/** The random terms of all parts of the model, those of the mean first: the order in which an engine counts them. */
export function randomFramesOf(fit: MixedFit): readonly RandomFrame[] {
  const { frame } = fit;
  return isGeneralized(fit) ? [...frame.random, ...frame.further.flatMap(({ random }) => random)] : frame.random;
}

/** The cluster of each unit; the name of a unit with rows in several. */
function homesWithin({ levels, levelOf, membership }: RandomFrame, clusterOf: Int32Array): Int32Array | string {
  const n = clusterOf.length;
  const home = new Int32Array(levels.length).fill(-1);
  const all = membership === null ? levelOf : membership.levelOf;
  for (let at = 0; at < all.length; at++) {
    const unit = all[at]!;
    if (unit < 0) continue;
    const cluster = clusterOf[at % n]!;
    if (home[unit] === -1) home[unit] = cluster;
    else if (home[unit] !== cluster) return levels[unit]!;
  }
  return home;
}

interface Labels {
  readonly name: string;
  /** n: equal for rows of one cluster. */
  readonly labels: ArrayLike<unknown>;
}

function ofModel(fit: MixedFit, frames: readonly RandomFrame[], name: string): Labels {
  const frame = frames.find(({ group, membership }) => group === name && membership === null);
  if (frame !== undefined) return { name, labels: frame.levelOf };
  const predictor = fit.frame.predictors.get(name);
  if (predictor?.kind === "factor") return { name, labels: predictor.codes };
  if (predictor?.kind === "numeric" && predictor.width === 1) return { name, labels: predictor.values };
  const known = [...frames.flatMap(({ group, membership }) => (membership === null ? [group] : [])), ...fit.frame.predictors.keys()];
  throw new FitError(robustMessages.unknownCluster(name, [...new Set(known)]));
}

function ofColumn({ frame }: MixedFit, column: Column): Labels {
  const { name } = column;
  const given = columnLength(column);
  if (given !== frame.tableRowCount) throw new FitError(robustMessages.otherTable(name, given, frame.tableRowCount));
  const missing = Array.from(frame.rows).filter((row) => isMissing(column, row));
  if (missing.length > 0) {
    throw new FitError(
      robustMessages.missingCluster(
        name,
        missing.map((row) => row + 1),
      ),
    );
  }
  return { name, labels: Array.from(frame.rows, (row) => cellOf(column, row)) };
}

/** Numbers from 0 on in the order in which labels appear. */
function consecutive(labels: ArrayLike<unknown>): { readonly of: Int32Array; readonly count: number } {
  const known = new Map<unknown, number>();
  const of = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    let cluster = known.get(labels[i]);
    if (cluster === undefined) {
      cluster = known.size;
      known.set(labels[i], cluster);
    }
    of[i] = cluster;
  }
  return { of, count: known.size };
}
