/**
 * Maintained demand (A4) by adaptive quadrature, in a study without school effects, so that two nested factors are left. With two lessons
 * a teacher-year the Laplace approximation puts the variance between the years of a teacher at 0, and with it coefficients some 5 per cent
 * too near 0 (as Breslow & Lin 1995 describe): nothing beside the standard errors of a small study, but about half of one at scale 8.
 */
import { glmm } from "../../src/inference/glmm.js";
import { derive } from "../../src/mist/derive/derive.js";
import { simulate } from "../../src/mist/simulate/simulate.js";
import { type Finding, findings } from "./findings.js";
import { implied, testsRecovery } from "./recovery.js";

testsRecovery("maintained demand by quadrature", (seed, scale): Finding[] => {
  const { tables, truth } = simulate({ preset: "recovery", seed, scale, overrides: { var_u_school: 0 }, student: { include: false } });
  const { lessons } = derive(tables, { levels: ["lessons"] }).tables;
  const maintained = glmm("maintained ~ expl + adj + mkt + vision + district + (1 | teacher_id) + (1 | teacher_id:cycle)", lessons, {
    family: "binomial",
    agq: 7,
  });
  return findings("A4 by quadrature", maintained, implied(truth, "A4"));
});
