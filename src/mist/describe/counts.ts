/**
 * How much there is: rows of each table in all and by cycle, where the table or what it refers to has one.
 */
import { cellOf } from "../../data/column-values.js";
import { declarationOf, type TableName, tableNames } from "../codebook/codebook.js";
import { cycles } from "../codebook/facts.js";
import type { Study } from "../codebook/study.js";
import { inheritedColumn } from "./inherited.js";

export interface TableCount {
  readonly table: TableName;
  readonly label: string;
  readonly rows: number;
  /** One a cycle from 1 to 8; null for a table without cycles. */
  readonly byCycle: readonly number[] | null;
}

/**
 * One record a table of the study, in the codebook's order; what only a simulation knows is left out.
 *
 * @example countsByCycle(studyFrom({ pd_attendance: [{ pd_id: "P1", person_id: "T1", hours: 3 }] })) // => [{ table: "pd_attendance", label: "Attendance at professional development", rows: 1, byCycle: null }]
 */
export function countsByCycle(study: Study): readonly TableCount[] {
  return tableNames.flatMap((name): TableCount[] => {
    const { label, kind } = declarationOf(name);
    const rows = study[name]?.rowCount;
    if (rows === undefined || kind === "truth") return [];
    const cycle = name === "cycles" ? null : inheritedColumn(study, name, "cycle");
    if (cycle === null) return [{ table: name, label, rows, byCycle: null }];
    const counts = new Array<number>(cycles.length).fill(0);
    const first = cycles[0]!.cycle;
    for (let row = 0; row < rows; row++) {
      const at = Number(cellOf(cycle, row) ?? Number.NaN) - first;
      if (counts[at] !== undefined) counts[at]++;
    }
    return [{ table: name, label, rows, byCycle: counts }];
  });
}
