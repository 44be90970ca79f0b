/**
 * Whether one grouping factor lies within another: every level of the inner one in rows of a single level of the outer one. It is read
 * off the rows, so that classes numbered anew in every school and written `school/class` are found as those with names of their own.
 */

/** The rows' side of a grouping factor. */
export interface GroupLevels {
  /** n: the level of each row. */
  readonly levelOf: Int32Array;
  readonly levelCount: number;
}

export interface Nesting {
  /** Which of the two is the inner factor. */
  readonly inner: 0 | 1;
  readonly outer: 0 | 1;
  /** By level of the inner factor: the level of the outer one that it lies in; -1 for a level without rows. */
  readonly parent: Int32Array;
}

/** null where neither factor lies within the other. */
export function nestingOf(first: GroupLevels, second: GroupLevels): Nesting | null {
  // The inner factor has at least as many levels.
  const inner = second.levelCount > first.levelCount ? 1 : 0;
  const [within, around] = inner === 0 ? [first, second] : [second, first];
  const parent = new Int32Array(within.levelCount).fill(-1);
  for (let i = 0; i < within.levelOf.length; i++) {
    const level = within.levelOf[i]!;
    const own = around.levelOf[i]!;
    if (parent[level] === -1) parent[level] = own;
    else if (parent[level] !== own) return null;
  }
  return { inner, outer: inner === 0 ? 1 : 0, parent };
}
