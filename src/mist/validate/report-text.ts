/**
 * A report as text: how much was checked and found, then problems and remarks by table, each with its first rows and what to do.
 */
import { validateMessages } from "../../messages.js";
import type { Problem, StudyReport } from "./problem.js";

/** Lines of text; the last one without a line break. */
export function reportText({ tables, problems, remarks }: Omit<StudyReport, "toString">): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const head = validateMessages.summary(tables.length, rows, problems.length, remarks.length);
  return [head, ...section(validateMessages.problems, problems), ...section(validateMessages.remarks, remarks)].join("\n\n");
}

function section(heading: string, problems: readonly Problem[]): string[] {
  if (problems.length === 0) return [];
  const byTable = new Map<string, Problem[]>();
  for (const problem of problems) byTable.set(problem.table, [...(byTable.get(problem.table) ?? []), problem]);
  const blocks = [...byTable].map(([table, found]) => {
    const title = table === "" ? [] : [onOneLine(table)];
    return [...title, ...found.flatMap(problemLines)].join("\n");
  });
  return [heading, ...blocks];
}

function problemLines({ columns, count, examples, message, remedy }: Problem): string[] {
  const where = columns.length === 0 ? "" : `${columns.join(", ")}: `;
  const lines = [`  ${onOneLine(`${where}${message}`)}`];
  for (const { row, key, value } of examples) {
    const own = columns.length === 1 && key === `${columns[0]} ${value}`;
    const parts = [own ? "" : key, value === "" ? "" : excerpt(value)].filter((part) => part !== "");
    lines.push(`    row ${row}${parts.length === 0 ? "" : `: ${onOneLine(parts.join(" -> "))}`}`);
  }
  if (count > examples.length && examples.length > 0) lines.push(`    ${validateMessages.more(count - examples.length)}`);
  lines.push(`    ${onOneLine(remedy)}`);
  return lines;
}

/** Control characters would break a line or move the cursor. */
function onOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, " ");
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
