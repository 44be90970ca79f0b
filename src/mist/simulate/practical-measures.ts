/**
 * Practical measures in phase 2: two sections of some focal teachers answer two questions on every occasion.
 *
 *   logit P(favourable) = item + class + occasion of the class + slope (occasion - 1) + step [after the section's first change]
 */
import { cycleFacts } from "../codebook/facts.js";
import { isoDate, logistic, rounded } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import type { StudyRowsByTable } from "./rows.js";
import type { Setting } from "./setting.js";
import type { District, Section } from "./state.js";

/** Teachers of a district and cycle, sections of each, occasions of a section. */
const TEACHERS = 4;
const SECTIONS = 2;
const OCCASIONS = 14;
/** The change comes after the eighth occasion, or one of the next two: eight make the baseline of a run chart. */
const FIRST_CHANGE = 9;
const FIRST_CYCLE = 5;

/** The items: two are known from the sources, the others are placeholders. */
export function pushItems(rows: StudyRowsByTable): void {
  rows.pm_items.push(
    {
      item_id: "success_today",
      measure: "whole_class",
      response_type: "single",
      options: "make_sense_of_others|follow_shown_steps|finish_work",
      favourable: "make_sense_of_others",
      invented: false,
    },
    {
      item_id: "trouble_understanding_peers",
      measure: "whole_class",
      response_type: "binary",
      options: "yes|no",
      favourable: "no",
      invented: false,
    },
    {
      item_id: "talked_about_thinking",
      measure: "small_group",
      response_type: "ord4",
      options: "never|once|sometimes|often",
      favourable: "sometimes|often",
      invented: true,
    },
    {
      item_id: "clear_what_task_asks",
      measure: "launch",
      response_type: "ord4",
      options: "not_at_all|a_little|mostly|completely",
      favourable: "mostly|completely",
      invented: true,
    },
    {
      item_id: "had_to_figure_out",
      measure: "task_rigor",
      response_type: "binary",
      options: "yes|no",
      favourable: "yes",
      invented: true,
    },
  );
}

export function pushPracticalMeasures(setting: Setting, district: District): void {
  for (const cycle of district.cycles) {
    if (cycle < FIRST_CYCLE) continue;
    const focal = district.years[cycle - 1]!.filter((year) => year.focal && year.sections.length >= SECTIONS);
    const chosen = setting.stream("pm_administrations.teachers", district.id, cycle).sample(focal, Math.min(TEACHERS, focal.length));
    let number = 0;
    for (const year of chosen.sort((a, b) => (a.teacher.id < b.teacher.id ? -1 : 1))) {
      for (const section of year.sections.slice(0, SECTIONS)) {
        pushSection(setting, district, section, (occasion) => cycleUnitId("A", district.number, cycle, number * OCCASIONS + occasion, 3));
        number++;
      }
    }
  }
}

const MONTHS: readonly number[] = [9, 10, 11, 12, 1, 2, 3];

function pushSection(setting: Setting, { rows }: District, { row }: Section, idOf: (occasion: number) => string): void {
  const { p } = setting;
  const own = setting.stream("pm_administrations.section", row.section_id);
  const level = Math.sqrt(p.pm_var_class) * own.normal();
  const change = FIRST_CHANGE + own.integer(3);
  for (let occasion = 1; occasion <= OCCASIONS; occasion++) {
    const id = idOf(occasion);
    const stream = setting.stream("pm_administrations", id);
    const month = MONTHS[Math.floor((occasion - 1) / 2)]!;
    const { autumn, spring } = cycleFacts(row.cycle);
    const present = stream.binomial(row.n_students, 0.92);
    const eta = level + Math.sqrt(p.pm_var_occasion) * stream.normal() + p.pm_slope * (occasion - 1) + (occasion >= change ? p.pm_step : 0);
    rows.pm_administrations.push({
      admin_id: id,
      section_id: row.section_id,
      teacher_id: row.teacher_id,
      cycle: row.cycle,
      date: isoDate(month >= 8 ? autumn : spring, month, ((occasion - 1) % 2) * 14 + 3 + stream.integer(10)),
      occasion,
      measure: "whole_class",
      minutes: rounded(1.2 + 1.6 * stream.uniform(), 1),
      change_event: occasion === change,
    });
    for (let respondent = 1; respondent <= present; respondent++) {
      const answers = setting.stream("pm_responses", id, respondent);
      const success = answers.bernoulli(logistic(eta + p.pm_item1));
      const other = answers.bernoulli(0.6);
      const easy = answers.bernoulli(logistic(eta + p.pm_item2));
      const first = success ? "make_sense_of_others" : other ? "follow_shown_steps" : "finish_work";
      rows.pm_responses.push(
        { admin_id: id, respondent, item_id: "success_today", response: first, student_id: null },
        { admin_id: id, respondent, item_id: "trouble_understanding_peers", response: easy ? "no" : "yes", student_id: null },
      );
    }
  }
}
