// Whether what was put in comes out: logistic regression of maintained demand on views, knowledge and vision with the true level as offset,
// for eight seeds of preset recovery at scale 6; z = (estimate - declared) / standard error.
// Usage: npm run build, then node synthetic-data/recover.mjs [folder of the compiled sources]
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const build = resolve(process.argv[2] ?? join(here, "..", "dist", "esm"));
const load = (path) => import(pathToFileURL(join(build, path)).href);
const { simulateDistricts } = await load("mist/simulate/simulate.js");
const { parameters } = await load("mist/simulate/parameters.js");

const names = ["alpha_M", "beta_expl_prod", "beta_expl_unprod", "beta_adj_prod", "beta_adj_unprod", "beta_mkt", "beta_vis"];
const declared = names.map((name) => parameters[name].value);

function lessonsOf(seed) {
  const lessons = [];
  for (const { rows } of simulateDistricts({ preset: "recovery", scale: 6, seed, student: { include: false } })) {
    const person = new Map(rows.interviews.map((row) => [row.interview_id, `${row.person_id} ${row.cycle}`]));
    const first = (codes) => new Map(codes.filter((row) => row.coding_order === 1).map((row) => [person.get(row.interview_id), row]));
    const views = first(rows.vsmc_codes);
    const visions = first(rows.vhqmi_codes);
    const knowledge = new Map(rows.mkt_scores.map((row) => [`${row.person_id} ${row.cycle}`, row.mkt_z]));
    const level = new Map(rows.truth_teacher_years.map((row) => [`${row.teacher_id} ${row.cycle}`, row.q_M]));
    const delta = rows.truth_effects.find((row) => row.effect === "delta").value;
    const records = new Map(rows.iqa_ratings.filter((row) => row.rating_order === 1).map((row) => [row.lesson_id, row]));
    for (const { lesson_id, teacher_id, cycle } of rows.lessons) {
      const record = records.get(lesson_id);
      if (Number(record.potential) < 3) continue;
      const unit = `${teacher_id} ${cycle}`;
      const { explanation, adjustment } = views.get(unit);
      const { role_of_teacher, discourse, tasks } = visions.get(unit);
      const code = (view) => [view === "productive" ? 1 : 0, view === "unproductive" ? 1 : 0];
      const vision = (Number(role_of_teacher) + Number(discourse) + Number(tasks)) / 3 - 2;
      lessons.push({
        x: [1, ...code(explanation), ...code(adjustment), knowledge.get(unit), vision],
        y: Number(record.implementation) >= 3 ? 1 : 0,
        offset: level.get(unit) + delta,
      });
    }
  }
  return lessons;
}

/** Newton's method; the inverse information gives the standard errors. */
function zScores(lessons) {
  const d = names.length;
  const estimate = new Array(d).fill(0);
  for (;;) {
    // The information beside the score and the unit matrix, reduced by Gauss and Jordan.
    const system = Array.from({ length: d }, (_, j) => Array.from({ length: 2 * d + 1 }, (_, k) => (k === j + d + 1 ? 1 : 0)));
    for (const { x, y, offset } of lessons) {
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * estimate[j], offset)));
      for (let j = 0; j < d; j++) {
        system[j][d] += x[j] * (y - p);
        for (let k = 0; k < d; k++) system[j][k] += x[j] * x[k] * p * (1 - p);
      }
    }
    for (let c = 0; c < d; c++) {
      const pivot = system[c][c];
      system[c] = system[c].map((value) => value / pivot);
      for (let r = 0; r < d; r++) {
        const factor = system[r][c];
        if (r !== c) system[r] = system[r].map((value, k) => value - factor * system[c][k]);
      }
    }
    for (let j = 0; j < d; j++) estimate[j] += system[j][d];
    if (Math.max(...system.map((row) => Math.abs(row[d]))) < 1e-9)
      return estimate.map((value, j) => (value - declared[j]) / Math.sqrt(system[j][d + 1 + j]));
  }
}

const all = [20071011, 1, 2, 3, 4, 5, 6, 7].map((seed) => zScores(lessonsOf(seed)));
for (const [j, name] of names.entries()) {
  const own = all.map((z) => z[j]);
  console.log(
    `${name.padEnd(18)} mean z ${(own.reduce((sum, z) => sum + z, 0) / own.length).toFixed(2).padStart(5)}   ${own.map((z) => z.toFixed(1)).join("  ")}`,
  );
}
