/**
 * What the recovery tests find and how it is judged and shown. For a term with true value b and estimate b' with standard error s
 *
 *   z = (b' - b) / s
 *
 * is close to a standard normal where the fitted model is the generating one: over independent studies its mean is near 0 (no bias worth
 * a standard error) and its variance near 1 (standard errors that say what they mean).
 */
import { appendFileSync } from "node:fs";
import type { FixedEffect } from "../../src/models/fit.js";

/** One term of one fit. */
export interface Finding {
  readonly analysis: string;
  readonly term: string;
  readonly truth: number;
  readonly estimate: number;
  readonly stdError: number;
  /** Standard error that the specification expects at scale 1 in the first four cycles; null where it names none. */
  readonly expected: number | null;
}

/** A term over several studies. */
export interface PooledFinding {
  readonly analysis: string;
  readonly term: string;
  readonly truth: number;
  readonly meanEstimate: number;
  readonly meanError: number;
  readonly expected: number | null;
  readonly meanZ: number;
  readonly varianceZ: number;
  readonly greatestZ: number;
}

/** Values by term. */
export type Terms = Readonly<Record<string, number>>;

/** The terms of a fit that have a true value. @throws Error for a term that the fit does not have */
export function findings(analysis: string, fit: { readonly fixed: readonly FixedEffect[] }, truth: Terms, expected: Terms = {}): Finding[] {
  return Object.entries(truth).map(([term, value]) => {
    const found = fit.fixed.find((effect) => effect.term === term);
    if (found === undefined) {
      throw new Error(`${analysis} has no term "${term}", only ${fit.fixed.map((effect) => effect.term).join(", ")}`);
    }
    const { estimate, stdError } = found;
    return { analysis, term, truth: value, estimate, stdError, expected: expected[term] ?? null };
  });
}

/** (estimate - truth) / standard error. */
export function zOf({ estimate, truth, stdError }: Finding): number {
  return (estimate - truth) / stdError;
}

/** Findings of several studies, each term by itself. */
export function pooled(studies: readonly (readonly Finding[])[]): PooledFinding[] {
  const byTerm = new Map<string, Finding[]>();
  for (const finding of studies.flat()) {
    const name = `${finding.analysis} | ${finding.term}`;
    byTerm.set(name, [...(byTerm.get(name) ?? []), finding]);
  }
  return Array.from(byTerm.values(), (all) => {
    const z = all.map(zOf);
    const { analysis, term, truth, expected } = all[0]!;
    return {
      analysis,
      term,
      truth,
      meanEstimate: meanOf(all.map(({ estimate }) => estimate)),
      meanError: meanOf(all.map(({ stdError }) => stdError)),
      expected,
      meanZ: meanOf(z),
      varianceZ: varianceOf(z),
      greatestZ: Math.max(...z.map(Math.abs)),
    };
  });
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The terms of one study as a Markdown table. */
export function findingsTable(all: readonly Finding[]): string {
  return markdown(
    ["analysis", "term", "true", "estimate", "SE", "z"],
    all.map((one) => [one.analysis, one.term, ...[one.truth, one.estimate, one.stdError].map(three), two(zOf(one))]),
  );
}

/** The terms of several studies as a Markdown table. */
export function pooledTable(all: readonly PooledFinding[]): string {
  return markdown(
    ["analysis", "term", "true", "mean estimate", "mean SE", "SE expected (phase 1)", "mean z", "variance of z", "greatest z"],
    all.map((one) => [
      one.analysis,
      one.term,
      ...[one.truth, one.meanEstimate, one.meanError].map(three),
      one.expected === null ? "" : three(one.expected),
      ...[one.meanZ, one.varianceZ, one.greatestZ].map(two),
    ]),
  );
}

function three(value: number): string {
  return value.toFixed(3);
}

function two(value: number): string {
  return value.toFixed(2);
}

/** A Markdown table; text columns (those of names) to the left, numbers to the right. */
export function markdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const numeric = header.map((_, k) => rows.every((row) => row[k] === "" || !Number.isNaN(Number(row[k]))));
  return [line(header), `|${numeric.map((right) => (right ? " ---: " : " --- ")).join("|")}|`, ...rows.map(line)].join("\n");
}

/** Prints a table with its title; where RECOVERY_FIGURES names a file the table is added to it as well. */
export function report(title: string, table: string): void {
  console.log(`\n${title}\n\n${table}\n`);
  const file = process.env.RECOVERY_FIGURES;
  if (file !== undefined && file !== "") appendFileSync(file, `### ${title}\n\n${table}\n\n`);
}
