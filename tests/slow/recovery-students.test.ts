/**
 * Achievement given prior achievement (A30), with what the generating model has besides A30's terms: the share of lessons with maintained
 * demand acts less on students whose prior score lies above their section's mean. Students have one teacher each: for those with two the
 * generating model weights both, and A30 takes the main one. Sections have 12 students, which is precise enough and takes half the time.
 */
import { lmm } from "../../src/inference/lmm.js";
import { derive } from "../../src/mist/derive/derive.js";
import { simulate } from "../../src/mist/simulate/simulate.js";
import { type Finding, findings } from "./findings.js";
import { implied, parameterOf, testsRecovery } from "./recovery.js";

testsRecovery("students", (seed, scale): Finding[] => {
  const { tables, truth } = simulate({ preset: "recovery", seed, scale, overrides: { multi_teacher: 0 }, student: { perSection: 12 } });
  const { student_years } = derive(tables, { levels: ["student_years"] }).tables;
  const achievement = lmm(
    "math_z ~ cwc(math_prior_z, section_id) * maint_share + prior_mean + race_eth + el + frl + grade + (1 | section_id) + (1 | teacher_id) + (1 | school_id)",
    student_years,
  );
  return findings("A30 achievement", achievement, {
    ...implied(truth, "A30"),
    "cwc(math_prior_z, section_id):maint_share": parameterOf(truth, "beta_pm"),
  });
});
