/**
 * Support elements: one row a row of the table support_enactments, beside what the district had planned, and what became of it (V33).
 *
 * Keys: school_id, cycle, element; the plan is the row of support_plans of the school's district. dose_ratio_log = log1p(enacted) - log1p(planned).
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable, plainFactor } from "../level-table.js";
import { enacted, gapClass, gapClasses, meanInterval } from "../measures/gap-class.js";
import { keyOf, rowsAt, type Sources, taken } from "../sources.js";
import { schoolDistricts } from "../values/person-values.js";
import { schoolValues } from "../values/school-values.js";

export const supportElementColumns = {
  school_id: { type: "id", from: "support_enactments.school_id" },
  cycle: { type: "number", from: "support_enactments.cycle" },
  element: { type: "category", from: "support_enactments.element" },
  district_id: { type: "id", needs: ["schools"] },
  district: { type: "id", needs: ["schools"] },
  planned_dose: { type: "number", from: "support_plans.planned_dose" },
  enacted_dose: { type: "number", from: "support_enactments.enacted_dose" },
  dose_unit: { type: "category", from: "support_plans.dose_unit" },
  planned_function: { type: "category", from: "support_plans.planned_function" },
  enacted_function: { type: "category", from: "support_enactments.enacted_function" },
  enacted_quality: { type: "ordered", from: "support_enactments.enacted_quality" },
  reason_code: { type: "category", from: "support_enactments.reason_code" },
  other_function: { type: "flag", measure: "V33", needs: ["support_plans", "schools"] },
  dose_ratio_log: { type: "number", needs: ["support_plans", "schools"] },
  enacted: { type: "flag", measure: "V33", needs: ["support_plans", "schools"] },
  growth: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  growth_lower: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  growth_upper: { type: "number", measure: "V31", needs: ["teacher_years", "lessons", "iqa_ratings"] },
  gap_class: { type: "category", measure: "V33", needs: ["support_plans", "schools"] },
} as const;

export type SupportElementRow = LevelRow<typeof supportElementColumns>;

export function supportElements(sources: Sources): Table<SupportElementRow> {
  const { choices } = sources;
  const cycles = sources.numbers("support_enactments", "cycle");
  const schools = sources.ids("support_enactments", "school_id");
  const districtOf = schoolDistricts(sources);
  const district = schools.map((school) => districtOf.get(school) ?? -1);
  const plan = planRows(sources, district, cycles);
  const school = schoolValues(sources);
  const schoolYear = rowsAt(
    Float64Array.from(schools, (code, i) => keyOf(code, cycles[i]!)),
    school.index,
  );
  const planned = taken(sources.numbers("support_plans", "planned_dose"), plan);
  const given = sources.numbers("support_enactments", "enacted_dose");
  const quality = sources.numbers("support_enactments", "enacted_quality");
  const [meant, used] = [sources.texts("support_plans", "planned_function"), sources.texts("support_enactments", "enacted_function")];
  const otherFunction = Float64Array.from(plan, (row, i) => {
    const [a, b] = [meant[row] ?? null, used[i] ?? null];
    return a === null || b === null ? Number.NaN : a === b ? 0 : 1;
  });
  const isEnacted = planned.map((dose, i) =>
    enacted(
      { plannedDose: dose, enactedDose: given[i]!, otherFunction: otherFunction[i]!, quality: quality[i]! },
      choices.enactedShare,
      choices.enactedQuality,
    ),
  );
  const growth = Array.from(schoolYear, (row) =>
    meanInterval(school.growth[row] ?? Number.NaN, school.growthSe[row] ?? Number.NaN, school.growthN[row] ?? 0),
  );
  return levelTable(
    supportElementColumns,
    sources,
    { support_enactments: null, support_plans: plan },
    {
      district_id: district,
      district,
      other_function: otherFunction,
      dose_ratio_log: given.map((dose, i) => Math.log1p(dose) - Math.log1p(planned[i]!)),
      enacted: isEnacted,
      growth: taken(school.growth, schoolYear),
      growth_lower: Float64Array.from(growth, ({ lower }) => lower),
      growth_upper: Float64Array.from(growth, ({ upper }) => upper),
      gap_class: plainFactor(
        "gap_class",
        Int32Array.from(isEnacted, (flag, i) => gapClass(flag, growth[i]!)),
        gapClasses,
      ),
    },
  );
}

/** Row of support_plans for each enactment. */
function planRows(sources: Sources, districts: Int32Array, cycles: Float64Array): Int32Array {
  const own = sources.texts("support_plans", "element");
  const plans = new Map<string, number>();
  sources.keys("support_plans", "district_id", "cycle").forEach((key, row) => {
    plans.set(`${key} ${own[row]}`, row);
  });
  const elements = sources.texts("support_enactments", "element");
  return Int32Array.from(districts, (district, i) => plans.get(`${keyOf(district, cycles[i]!)} ${elements[i]}`) ?? -1);
}
