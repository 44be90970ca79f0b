/**
 * Options that are lists: names with commas between, and values of a predictor.
 */
import type { Column } from "../data/column.js";
import type { Table } from "../data/table.js";
import type { GridValues } from "../inference/reference-grid.js";
import { cliMessages } from "../messages.js";
import { UsageError } from "./usage-error.js";

/**
 * The pieces between commas, except those within parentheses or double quotes, in which a doubled quote stands for one.
 *
 * @example pieces('cwc(ses, school),"a, b"') // => ["cwc(ses, school)", "a, b"]
 */
export function pieces(list: string): readonly string[] {
  const found = [""];
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < list.length; i++) {
    const character = list[i]!;
    if (character === '"') {
      if (quoted && list[i + 1] === '"') found[found.length - 1] += list[++i]!;
      else quoted = !quoted;
      continue;
    }
    if (!quoted && character === "(") depth++;
    if (!quoted && character === ")") depth--;
    if (!quoted && depth <= 0 && character === ",") found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((piece) => piece.trim());
}

/** The names of an option, each once. */
export function namesOf(option: string, list: string): readonly string[] {
  const names = pieces(list);
  if (names.includes("") || new Set(names).size < names.length) throw new UsageError(cliMessages.badNames(option, list));
  return names;
}

/** The name of a predictor and what was written after the equals sign. */
interface Assignment {
  readonly name: string;
  readonly values: readonly string[];
}

/** `ses=-1,0,1`; a name may hold comparisons: `I(x == 2)=0,1`. */
export function assignmentsOf(texts: readonly string[]): readonly Assignment[] {
  const found = texts.map((text): Assignment => {
    const parts = /^(.*?[^=<>!])=(?!=)(.*)$/su.exec(text);
    const name = parts?.[1]?.trim() ?? "";
    const values = parts === null ? [] : pieces(parts[2]!);
    if (name === "" || values.length === 0 || values.includes("")) throw new UsageError(cliMessages.badAt(text));
    return { name, values };
  });
  for (const { name } of found) {
    if (found.filter((other) => other.name === name).length > 1) throw new UsageError(cliMessages.atTwice(name));
  }
  return found;
}

/** The values as the table's column has them: levels, truth values or numbers; of an expression numbers where they are written as such. */
export function gridValues(assignments: readonly Assignment[], table: Table): GridValues {
  return Object.fromEntries(
    assignments.map(({ name, values }) => {
      const kind = table.has(name) ? table.column(name).kind : "expression";
      return [name, values.map((value) => cellOf(name, value, kind))];
    }),
  );
}

function cellOf(name: string, text: string, kind: Column["kind"] | "expression"): string | number | boolean {
  switch (kind) {
    case "factor":
    case "text":
      return text;
    case "expression":
      // "01" is a level, "1.50" a number.
      return Number.isFinite(Number(text)) && !/^0\d/.test(text) ? Number(text) : text;
    case "boolean": {
      const value = text.toLowerCase();
      if (value !== "true" && value !== "false") throw new UsageError(cliMessages.atNotTruth(name, text));
      return value === "true";
    }
    case "number": {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new UsageError(cliMessages.atNotNumber(name, text));
      return value;
    }
  }
}
