/**
 * Districts put together into one study: rows become typed columns as they come, so that a large study keeps no row objects. The
 * columns are what `conformTable` makes of the same rows.
 */
import { compareCodePoints } from "../../data/code-points.js";
import type { Column } from "../../data/column.js";
import { Table } from "../../data/table.js";
import { categoriesOf, categorySets } from "../codebook/category-sets.js";
import { columnsOf, type StudyRows, type TableName, tableNames } from "../codebook/codebook.js";
import type { ColumnDeclaration } from "../codebook/declaration.js";
import type { Study } from "../codebook/study.js";
import type { StudyRowsByTable } from "./rows.js";

/** Takes cells and becomes a column. */
interface ColumnBuilder {
  readonly add: (cell: unknown) => void;
  readonly finish: () => Column;
}

/** Takes the rows of districts and becomes a study. */
export interface StudyBuilder {
  readonly add: (rows: StudyRowsByTable) => void;
  readonly finish: () => Required<Study>;
}

export function studyBuilder(): StudyBuilder {
  const tables = new Map(
    tableNames.map((table) => [
      table,
      columnsOf(table).map(([name, declaration]) => ({ name, builder: columnBuilder(name, declaration) })),
    ]),
  );
  return {
    add: (rows) => {
      for (const [table, columns] of tables) {
        for (const { name, builder } of columns) {
          for (const row of rows[table]) builder.add((row as Readonly<Record<string, unknown>>)[name]);
        }
      }
    },
    finish: () => {
      const entries = [...tables].map(
        ([table, columns]) =>
          [
            table,
            tableOf(
              table,
              columns.map(({ builder }) => builder.finish()),
            ),
          ] as const,
      );
      return Object.freeze(Object.fromEntries(entries)) as unknown as Required<Study>;
    },
  };
}

/** The tables of one district's rows. */
export function tablesOf(rows: StudyRowsByTable): Required<Study> {
  const builder = studyBuilder();
  builder.add(rows);
  return builder.finish();
}

function tableOf<N extends TableName>(_table: N, columns: readonly Column[]): Table<StudyRows[N]> {
  return Table.ofColumns<StudyRows[N]>(columns);
}

function columnBuilder(name: string, declaration: ColumnDeclaration): ColumnBuilder {
  const named = declaration.label === undefined ? { name } : { name, label: declaration.label };
  switch (declaration.type) {
    case "integer":
    case "number": {
      const cells = growing((size) => new Float64Array(size));
      return {
        add: (cell) => cells.push(cell === null ? Number.NaN : Number(cell)),
        finish: () => ({ kind: "number", ...named, values: cells.finish() }),
      };
    }
    case "boolean": {
      const cells = growing((size) => new Int8Array(size));
      return {
        add: (cell) => cells.push(cell === null ? -1 : cell === true ? 1 : 0),
        finish: () => ({ kind: "boolean", ...named, values: cells.finish() }),
      };
    }
    case "text":
    case "date": {
      const values: (string | null)[] = [];
      return { add: (cell) => values.push(cell === null ? null : String(cell)), finish: () => ({ kind: "text", ...named, values }) };
    }
    case "nominal":
    case "ordered": {
      const categories = categoriesOf(declaration.categories);
      const levels = categories.map(({ value }) => value);
      const codes = growing((size) => new Int32Array(size));
      const codeOf = new Map(levels.map((level, code) => [level, code]));
      return {
        add: (cell) => codes.push(cell === null ? -1 : codeOf.get(String(cell))!),
        finish: () => ({
          kind: "factor",
          ...named,
          codes: codes.finish(),
          levels,
          levelLabels: categories.map(({ label }) => label),
          ordered: categorySets[declaration.categories].ordered,
        }),
      };
    }
    case "id":
      return identifiers(named);
  }
}

/** A factor whose levels are found on the way and sorted in the end. */
function identifiers(named: { readonly name: string; readonly label?: string }): ColumnBuilder {
  const codes = growing((size) => new Int32Array(size));
  const codeOf = new Map<string, number>();
  return {
    add: (cell) => {
      if (cell === null) return codes.push(-1);
      const level = String(cell);
      let code = codeOf.get(level);
      if (code === undefined) {
        code = codeOf.size;
        codeOf.set(level, code);
      }
      codes.push(code);
    },
    finish: () => {
      const found = [...codeOf.keys()];
      const levels = [...found].sort(compareCodePoints);
      const place = new Map(levels.map((level, k) => [level, k]));
      const sorted = Int32Array.from(found, (level) => place.get(level)!);
      return { kind: "factor", ...named, codes: codes.finish().map((code) => (code < 0 ? -1 : sorted[code]!)), levels, ordered: false };
    },
  };
}

interface Growing<A> {
  readonly push: (value: number) => void;
  readonly finish: () => A;
}

/** A typed array that doubles as it fills. */
function growing<A extends Float64Array | Int32Array | Int8Array>(make: (size: number) => A): Growing<A> {
  let cells = make(64);
  let count = 0;
  return {
    push: (value) => {
      if (count === cells.length) {
        const larger = make(2 * count);
        larger.set(cells);
        cells = larger;
      }
      cells[count++] = value;
    },
    finish: () => cells.slice(0, count) as A,
  };
}
