/**
 * Sections of the focal teachers.
 *
 *   share of a section = share of the school + N(0, sd_section_share), clipped; those by race and ethnicity put back to a sum of 1
 *   composition of a teacher-year = mean over the sections; of a teacher who is not focal, the school's
 */
import { clipped, rounded, sharesOf } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import type { Setting } from "./setting.js";
import type { District } from "./state.js";

/** Sections of the focal teachers with their composition, and the composition that each teacher-year sees. */
export function makeSections(setting: Setting, district: District): void {
  const { p, options } = setting;
  const schoolYears = new Map(district.rows.school_years.map((row) => [`${row.school_id} ${row.cycle}`, row]));
  for (const years of district.years) {
    let number = 0;
    for (const year of years) {
      const own = schoolYears.get(`${year.school.id} ${year.cycle}`)!;
      year.composition = { black: own.p_black, latinx: own.p_latinx, el: own.p_el };
      if (!year.focal) continue;
      const count = options.student.sectionsPerTeacher;
      const filmed = setting.stream("sections.filmed", year.teacher.id, year.cycle).integer(count);
      for (let k = 0; k < count; k++) {
        number++;
        const id = cycleUnitId("G", district.number, year.cycle, number, 3);
        const stream = setting.stream("sections.composition", id);
        const near = (share: number): number => clipped(share + p.sd_section_share * stream.normal(), 0.001, 0.999);
        const [black, latinx, white, asian, other] = sharesOf([own.p_black, own.p_latinx, own.p_white, own.p_asian, own.p_other].map(near));
        const el = rounded(near(own.p_el));
        const frl = rounded(near(own.p_frl));
        const advanced = stream.bernoulli(year.school.tracking === "detracked" ? 0.02 : 0.15);
        const doubleDose = stream.bernoulli(0.12);
        year.sections.push({
          id,
          teacherYear: year,
          achievement: Math.sqrt(p.var_student_section) * stream.normal(),
          row: {
            section_id: id,
            teacher_id: year.teacher.id,
            school_id: year.school.id,
            cycle: year.cycle,
            grade: year.grade,
            course: advanced ? "advanced" : doubleDose ? "double_dose" : "mainstream",
            n_students: Math.max(8, options.student.perSection),
            p_black: black!,
            p_latinx: latinx!,
            p_white: white!,
            p_asian: asian!,
            p_other: other!,
            p_el: el,
            p_frl: frl,
            prior_mean: null,
            prior_sd: null,
            filmed: k === filmed,
          },
        });
      }
      // Sections are equally large, so the mean weighted by students is the plain one.
      const mean = (column: "p_black" | "p_latinx" | "p_el"): number =>
        year.sections.reduce((sum, { row }) => sum + (row[column] ?? 0), 0) / count;
      year.composition = { black: mean("p_black"), latinx: mean("p_latinx"), el: mean("p_el") };
      for (const { row } of year.sections) district.rows.sections.push(row);
    }
  }
}
