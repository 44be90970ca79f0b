/**
 * `--robust TYPE --cluster NAME`: cluster-robust standard errors.
 */
import type { Table } from "../data/table.js";
import type { MixedFit } from "../inference/mixed-fit.js";
import type { RobustOptions } from "../inference/robust-types.js";
import { cliMessages, robustMessages } from "../messages.js";
import { chosen, DF, ROBUST } from "./choices.js";
import type { GivenOptions, OptionRule } from "./options.js";
import { UsageError } from "./usage-error.js";

export const ROBUST_OPTIONS: Readonly<Record<string, OptionRule>> = { robust: "value", cluster: "value" };

/** What can be refused without the data. */
export function checkRobust(given: GivenOptions): void {
  const type = given.value("robust");
  if (type === null) {
    if (given.value("cluster") !== null) throw new UsageError(cliMessages.clusterWithoutRobust);
    return;
  }
  chosen(type, ROBUST);
  const df = given.value("df");
  if (df === null) return;
  const method = chosen(df, DF);
  if (method !== "satterthwaite" && method !== "none") throw new UsageError(robustMessages.otherDf(method));
}

/** What was asked for: the cluster is a factor of the model, or else a column of the table. */
export function robustOf(given: GivenOptions, fit: MixedFit, table: Table): RobustOptions | null {
  const type = given.value("robust");
  if (type === null) return null;
  const cluster = given.value("cluster");
  if (cluster === null) return { type: chosen(type, ROBUST) };
  const ofModel = fit.groups.some(({ name }) => name === cluster);
  if (!ofModel && !table.has(cluster)) {
    const known = [...new Set([...fit.groups.map(({ name }) => name), ...table.columnNames])];
    throw new UsageError(cliMessages.unknownCluster(cluster, known));
  }
  return { type: chosen(type, ROBUST), cluster: ofModel ? cluster : table.column(cluster) };
}
