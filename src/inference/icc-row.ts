/** Shares of variance by grouping factor. */

/** One row a grouping factor; `share` lies in [0, 1] and the shares sum to at most 1. */
export interface IccRow {
  readonly group: string;
  readonly variance: number;
  readonly share: number;
}
