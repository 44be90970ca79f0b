/** The sections of the report: a title, a table, what its figures mean. */
import { exponents } from "./growth.mjs";
import { exponent, markdownTable, milliseconds, ratio, whole } from "./table.mjs";

const memory = [
  { head: "R MB", r: true, cell: (row) => whole(row.rMb) },
  { head: "ours MB", cell: (row) => whole(row.oursMb) },
];

const evaluations = { head: "evaluations", cell: (row) => whole(row.evaluations) + (row.fault ? ` (${row.fault})` : "") };

const times = [
  { head: "R ms", r: true, cell: (row) => milliseconds(row.rMs) },
  { head: "ours ms", cell: (row) => milliseconds(row.oursMs) },
  { head: "ours/R", r: true, cell: (row) => ratio(row.oursMs, row.rMs) },
];

export function modelsSection(rows, { withR, runs }) {
  const variants = [...new Set(rows.flatMap((row) => Object.keys(row.variantMs ?? {})))];
  const columns = [
    { head: "model", cell: (row) => row.name },
    { head: "n", cell: (row) => String(row.nobs) },
    ...times,
    ...variants.flatMap((name) => [
      { head: `R ${name} ms`, r: true, cell: (row) => milliseconds(row.variantMs[name]) },
      { head: `ours/R ${name}`, r: true, cell: (row) => ratio(row.oursMs, row.variantMs[name]) },
    ]),
    evaluations,
    { head: "criterion, ours - R", r: true, cell: (row) => row.difference?.toExponential(1) ?? "-" },
    ...memory,
  ];
  const meaning = [
    `Milliseconds of one fit in a warm process: the median of ${runs === 1 ? "one process" : `the medians of ${runs} processes`}${withR ? ", ours and R's in turn" : ""}; a fit of more than 20 s is timed once.`,
    "MB: peak memory of the process, the runtime and the reading of the data included.",
    ...(withR
      ? [
          "R: lmer(), glmer(), clmm() or glmmTMB() with their defaults; unchecked: with calc.derivs = FALSE; bobyqa: with that optimiser for both of glmer's stages besides.",
          "satterthwaite, kenward-roger and bootstrap: what is concluded from a fit that stands (tests of coefficients and terms; of coefficients; 1,000 parametric refits with bootMer()); ours makes its fit anew each time, so that nothing is remembered.",
          "Criterion: the REML criterion or -2 log-likelihood (glmer, clmm, glmmTMB); negative where this library found the lower value.",
        ]
      : []),
  ];
  return { title: "Fits", table: markdownTable(columns, rows, withR), meaning };
}

export function wholeWaySection(rows, { withR }) {
  const columns = [{ head: "whole way", cell: (row) => row.name }, { head: "model", cell: (row) => row.model }, ...times, ...memory];
  const meaning = [
    "Milliseconds from the start of a process to its end, the table printed: `mist fit --data FILE --schema FILE --formula ...`, which includes Satterthwaite's degrees of freedom.",
    ...(withR
      ? [
          "R: `Rscript -e 'library(lme4); d <- read.csv(FILE, colClasses = ...); print(summary(lmer(..., d)))'`. Medians, ours and R's in turn; R's once where it takes more than 20 s.",
        ]
      : []),
  ];
  return {
    title: "Process start to printed table",
    table: markdownTable(columns, rows, withR),
    meaning,
  };
}

export function growthSection(growth, rows, { withR }) {
  const columns = [
    { head: growth.title, cell: (row) => String(row.size) },
    { head: "n", cell: (row) => String(row.nobs) },
    ...times,
    evaluations,
    ...memory,
  ];
  const line = (who, key) => {
    const { overall, last } = exponents(rows, key);
    return `Exponent of time on size, ${who}: ${exponent(overall)} over all sizes, ${exponent(last)} over the last two.`;
  };
  const meaning = [
    line("ours", "oursMs"),
    ...(withR ? [line("R", "rMs")] : []),
    `One process a size, but where it stands among the fits. Model: \`${growth.model(growth.sizes[0]).formula}\`.`,
  ];
  return { title: `How time grows: ${growth.title}`, table: markdownTable(columns, rows, withR), meaning };
}

export function kernelsSection(rows) {
  const rate = (head, key) => ({ head, cell: (row) => row[key].toFixed(1) });
  const columns = [
    { head: "kernels", cell: (row) => row.kernels },
    { head: "n", cell: (row) => String(row.n) },
    rate("gemm", "gemm"),
    rate("syrk", "syrk"),
    rate("Cholesky", "cholesky"),
    rate("inverse", "inverse"),
  ];
  const meaning = [
    "GFlop/s on one core, the best of many runs, counted as 2 n^3, n^3, n^3/3 and 2 n^3/3 operations; typescript: the fallback without WebAssembly.",
  ];
  return { title: "Dense kernels", table: markdownTable(columns, rows, false), meaning };
}

/** The faults of rows that were fitted: they are printed and make the exit code 1, as failures do. */
export const faultLines = (rows) => rows.flatMap((row) => ((row.error ?? row.fault) ? [`${row.name}: ${row.error ?? row.fault}`] : []));

export const plainText = (sections, machine) =>
  [...sections.flatMap(({ title, table, meaning }) => [`${title}\n`, table, "", ...meaning, "", ""]), ...machine, ""].join("\n");

export function markdown(sections, machine, command, formulas) {
  const body = sections.flatMap(({ title, table, meaning }) => [`## ${title}`, "", table, "", meaning.join("  \n"), ""]);
  const list = (lines) => lines.map((line) => `- ${line}`);
  const date = new Date().toISOString().slice(0, 10);
  return [
    "# Timings",
    "",
    `Written on ${date} by \`${command}\`.`,
    "",
    ...list(machine),
    "",
    ...body,
    "## Models",
    "",
    ...list(formulas),
    "",
  ].join("\n");
}
