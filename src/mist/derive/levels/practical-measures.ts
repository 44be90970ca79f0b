/**
 * Practical measures: responses (one row a student's answer to an item, V37) and class-occasions (one row an administration, with the
 * class's mean and the signals of its run chart, V38; one chart a section and measure).
 *
 * Keys: admin_id, respondent, item_id; admin_id. post_change is true from the section's first administration on that follows a
 * change event (the one marked included), false before it and where there is none.
 */
import type { Table } from "../../../data/table.js";
import { type LevelRow, levelTable } from "../level-table.js";
import { meanPresent } from "../measures/arithmetic.js";
import { gradedResponse } from "../measures/graded-response.js";
import { codesOf, isFavourable, ordinalScore } from "../measures/practical-measure.js";
import { type RunChart, runChart } from "../measures/run-chart.js";
import { indexOf, rowsAt, rowsOf, type Sources, taken, takenIds } from "../sources.js";

export const responseColumns = {
  admin_id: { type: "id", from: "pm_responses.admin_id" },
  respondent: { type: "number", from: "pm_responses.respondent" },
  item_id: { type: "id", from: "pm_responses.item_id" },
  student_id: { type: "id", from: "pm_responses.student_id" },
  section_id: { type: "id", from: "pm_administrations.section_id" },
  teacher_id: { type: "id", from: "pm_administrations.teacher_id" },
  cycle: { type: "number", from: "pm_administrations.cycle" },
  occasion: { type: "number", from: "pm_administrations.occasion" },
  measure: { type: "category", from: "pm_administrations.measure" },
  class_occasion: { type: "id", needs: ["pm_administrations"] },
  favourable: { type: "flag", measure: "V37", needs: ["pm_items"] },
  pm_score: { type: "number", measure: "V37", needs: ["pm_items"] },
  change_event: { type: "flag", from: "pm_administrations.change_event" },
  post_change: { type: "flag", measure: "V43", needs: ["pm_administrations"] },
} as const;

export type ResponseRow = LevelRow<typeof responseColumns>;

export const classOccasionColumns = {
  admin_id: { type: "id", from: "pm_administrations.admin_id" },
  section_id: { type: "id", from: "pm_administrations.section_id" },
  teacher_id: { type: "id", from: "pm_administrations.teacher_id" },
  cycle: { type: "number", from: "pm_administrations.cycle" },
  occasion: { type: "number", from: "pm_administrations.occasion" },
  measure: { type: "category", from: "pm_administrations.measure" },
  minutes: { type: "number", from: "pm_administrations.minutes" },
  change_event: { type: "flag", from: "pm_administrations.change_event" },
  post_change: { type: "flag", measure: "V43" },
  n_answers: { type: "number", needs: ["pm_responses", "pm_items"] },
  favourable_share: { type: "number", measure: "V37", needs: ["pm_responses", "pm_items"] },
  pm_score: { type: "number", measure: "V37", needs: ["pm_responses", "pm_items"] },
  baseline_median: { type: "number", measure: "V38", needs: ["pm_responses", "pm_items"] },
  centre: { type: "number", measure: "V38", needs: ["pm_responses", "pm_items"] },
  lower_limit: { type: "number", measure: "V38", needs: ["pm_responses", "pm_items"] },
  upper_limit: { type: "number", measure: "V38", needs: ["pm_responses", "pm_items"] },
  shift: { type: "flag", measure: "V38", needs: ["pm_responses", "pm_items"] },
  trend: { type: "flag", measure: "V38", needs: ["pm_responses", "pm_items"] },
  beyond_limits: { type: "flag", measure: "V38", needs: ["pm_responses", "pm_items"] },
} as const;

export type ClassOccasionRow = LevelRow<typeof classOccasionColumns>;

interface Answers {
  /** Row of the administration of each answer. */
  readonly administration: Int32Array;
  readonly item: Int32Array;
  readonly favourable: Float64Array;
  /** V37 by the option. */
  readonly score: Float64Array;
}

function answers(sources: Sources): Answers {
  return sources.once("practical-measure answers", () => {
    const item = rowsAt(sources.ids("pm_responses", "item_id"), indexOf(sources.ids("pm_items", "item_id")));
    const administration = rowsAt(sources.ids("pm_responses", "admin_id"), indexOf(sources.ids("pm_administrations", "admin_id")));
    const options = sources.texts("pm_items", "options").map((cell) => codesOf(cell ?? ""));
    const good = sources.texts("pm_items", "favourable").map((cell) => codesOf(cell ?? ""));
    const responses = sources.texts("pm_responses", "response");
    const favourable = Float64Array.from(item, (k, row) => (k < 0 ? Number.NaN : isFavourable(responses[row]!, good[k]!)));
    const how = sources.choices.pmScore;
    const score =
      how === "favourable"
        ? favourable
        : how === "ordinal"
          ? Float64Array.from(item, (k, row) => (k < 0 ? Number.NaN : ordinalScore(responses[row]!, options[k]!, good[k]!)))
          : latentScores(sources, administration, item, favourable);
    return { administration, item, favourable, score };
  });
}

/** A score per respondent of an administration, from the favourable answers to the items; the same in all of a respondent's rows. */
function latentScores(sources: Sources, administration: Int32Array, item: Int32Array, favourable: Float64Array): Float64Array {
  const respondents = sources.numbers("pm_responses", "respondent");
  const most = respondents.reduce((a, b) => Math.max(a, b), 0) + 1;
  const keys = Float64Array.from(administration, (row, k) => (row < 0 ? -1 : row * most + respondents[k]!));
  const people = [...rowsOf(keys).values()];
  const items = Array.from({ length: sources.rowCount("pm_items") }, () => new Float64Array(people.length).fill(Number.NaN));
  people.forEach((rows, person) => {
    for (const row of rows) if (item[row]! >= 0) items[item[row]!]![person] = favourable[row]!;
  });
  const result = new Float64Array(keys.length).fill(Number.NaN);
  if (items.length === 0) return result;
  const { scores } = gradedResponse(items, { equalSlopes: true });
  people.forEach((rows, person) => {
    for (const row of rows) result[row] = scores[person]!;
  });
  return result;
}

/** One value a row of pm_administrations. */
function postChange(sources: Sources): Float64Array {
  const sections = rowsOf(sources.ids("pm_administrations", "section_id"));
  const occasions = sources.numbers("pm_administrations", "occasion");
  const events = sources.numbers("pm_administrations", "change_event");
  const result = new Float64Array(occasions.length).fill(Number.NaN);
  for (const rows of sections.values()) {
    const first = Math.min(...rows.filter((row) => events[row] === 1).map((row) => occasions[row]!));
    for (const row of rows) result[row] = occasions[row]! >= first ? 1 : 0;
  }
  return result;
}

export function responses(sources: Sources): Table<ResponseRow> {
  const { administration, item, favourable, score } = answers(sources);
  const rows = { pm_responses: null, pm_administrations: administration, pm_items: item };
  return levelTable(responseColumns, sources, rows, {
    favourable,
    pm_score: score,
    class_occasion: takenIds(sources.ids("pm_administrations", "admin_id"), administration),
    post_change: taken(postChange(sources), administration),
  });
}

export function classOccasions(sources: Sources): Table<ClassOccasionRow> {
  const { administration, favourable, score } = answers(sources);
  const given = rowsOf(administration);
  const n = sources.rowCount("pm_administrations");
  const own = Array.from({ length: n }, (_, row) => given.get(row) ?? []);
  const answered = (column: Float64Array, rows: readonly number[]): number[] =>
    rows.map((row) => column[row]!).filter((value) => !Number.isNaN(value));
  const share = Float64Array.from(own, (rows) => meanPresent(answered(favourable, rows)));
  const count = Float64Array.from(own, (rows) => answered(favourable, rows).length);
  const charts = chartsOf(sources, share, count);
  return levelTable(
    classOccasionColumns,
    sources,
    { pm_administrations: null },
    {
      n_answers: count,
      favourable_share: share,
      pm_score: Float64Array.from(own, (rows) => meanPresent(answered(score, rows))),
      post_change: postChange(sources),
      ...charts,
    },
  );
}

type Charts = Record<"baseline_median" | "centre" | "lower_limit" | "upper_limit" | "shift" | "trend" | "beyond_limits", Float64Array>;

/** Run charts of each section and measure over the occasions with answers. */
function chartsOf(sources: Sources, share: Float64Array, count: Float64Array): Charts {
  const { runChartBaseline, runChartShift, runChartLimits } = sources.choices;
  const rules = { baseline: runChartBaseline, shift: runChartShift, limits: runChartLimits };
  const { codes } = sources.factor("pm_administrations", "measure");
  const occasions = sources.numbers("pm_administrations", "occasion");
  const measures = codes.reduce((a, b) => Math.max(a, b), 0) + 1;
  const sections = sources.ids("pm_administrations", "section_id");
  const empty = (): Float64Array => new Float64Array(share.length).fill(Number.NaN);
  const made: Charts = {
    baseline_median: empty(),
    centre: empty(),
    lower_limit: empty(),
    upper_limit: empty(),
    shift: empty(),
    trend: empty(),
    beyond_limits: empty(),
  };
  for (const rows of rowsOf(
    sections.map((section, row) => (section < 0 || codes[row]! < 0 ? -1 : section * measures + codes[row]!)),
  ).values()) {
    const used = rows.filter((row) => !Number.isNaN(share[row]!)).sort((a, b) => occasions[a]! - occasions[b]!);
    const chart: RunChart = runChart(
      used.map((row) => share[row]!),
      used.map((row) => count[row]!),
      rules,
    );
    used.forEach((row, k) => {
      made.baseline_median[row] = chart.median;
      made.centre[row] = chart.centre;
      made.lower_limit[row] = chart.lower[k]!;
      made.upper_limit[row] = chart.upper[k]!;
      made.shift[row] = chart.shift[k]!;
      made.trend[row] = chart.trend[k]!;
      made.beyond_limits[row] = chart.beyond[k]!;
    });
  }
  return made;
}
