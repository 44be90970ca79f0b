// Measures what the generator gives beside what the specification wants: the figures of the data card.
// Usage: npm run build, then node synthetic-data/measure.mjs [scale, default 8] [folder of the compiled sources]
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const scale = Number(process.argv[2] ?? 8);
const build = resolve(process.argv[3] ?? join(here, "..", "dist", "esm"));
const { simulateDistricts } = await import(pathToFileURL(join(build, "mist", "simulate", "simulate.js")).href);

const rows = new Map();
for (const district of simulateDistricts({ scale, missing: "none" })) {
  for (const [name, own] of Object.entries(district.rows)) {
    const all = rows.get(name) ?? [];
    for (const row of own) all.push(row);
    rows.set(name, all);
  }
}
const of = (table) => rows.get(table);
const share = (items, holds) => (items.filter(holds).length / items.length).toFixed(3);
const moments = (values) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return `mean ${mean.toFixed(3)}, SD ${sd.toFixed(3)}`;
};
const tell = (what, measured, wanted = "") => console.log(`${what.padEnd(58)} ${String(measured).padEnd(26)} ${wanted}`);

tell(`scale ${scale}, nothing missing`, "measured", "specification");
const record = of("iqa_ratings").filter((row) => row.rating_order === 1);
const high = record.filter((row) => Number(row.potential) >= 3);
tell(
  "potential at least 3",
  share(record, (row) => Number(row.potential) >= 3),
  ".70",
);
tell(
  "demand maintained where potential is at least 3",
  share(high, (row) => Number(row.implementation) >= 3),
  ".46",
);
tell(
  "no concluding discussion",
  share(record, (row) => row.discussion === "0"),
  ".21",
);
tell(
  "discussion at least 3",
  share(record, (row) => Number(row.discussion) >= 3),
  ".22",
);

const interview = new Map(of("interviews").map((row) => [row.interview_id, row]));
const teachers = (table) => of(table).filter((row) => row.coding_order === 1 && interview.get(row.interview_id).role === "teacher");
const views = teachers("vsmc_codes");
for (const [column, wanted] of [
  ["explanation", [".28", ".55", ".17"]],
  ["adjustment", [".41", ".43", ".16"]],
]) {
  for (const [k, value] of ["unproductive", "mixed", "productive"].entries()) {
    tell(
      `${column} ${value}`,
      share(views, (row) => row[column] === value),
      wanted[k],
    );
  }
}
const visionOf = (row) => (Number(row.role_of_teacher) + Number(row.discourse) + Number(row.tasks)) / 3;
const first = teachers("vhqmi_codes").filter((row) => interview.get(row.interview_id).cycle === 1);
tell("vision in cycle 1 (constant of z)", moments(first.map(visionOf)));
const own = new Set(of("teachers").map((row) => row.teacher_id));
tell(
  "knowledge in cycle 1 (constant of z)",
  moments(
    of("mkt_scores")
      .filter((row) => own.has(row.person_id) && row.cycle === 1)
      .map((row) => row.mkt_z),
  ),
);
const lesson = new Map(of("lessons").map((row) => [row.lesson_id, row]));
const composites = new Map();
for (const row of record) {
  const { teacher_id, cycle } = lesson.get(row.lesson_id);
  if (cycle !== 1) continue;
  const value = (Number(row.potential) + Number(row.implementation) + Number(row.discussion)) / 6;
  composites.set(teacher_id, (composites.get(teacher_id) ?? 0) + value);
}
tell("IQA composite in cycle 1 (constant of z)", moments([...composites.values()]));
tell(
  "expertise of colleagues asked (constant of z)",
  moments(
    of("truth_effects")
      .filter((row) => row.effect === "exposure_mean")
      .map((row) => row.value),
  ),
);

const focal = of("teacher_years").filter((row) => row.focal && row.cycle <= 4);
tell("distinct focal teachers in phase 1, a block", (new Set(focal.map((row) => row.teacher_id)).size / scale).toFixed(1), "about 210");
const doses = new Map(of("teacher_years").map((row) => [`${row.teacher_id} ${row.cycle}`, { high: 0, observing: 0 }]));
for (const row of of("coaching_events")) {
  const dose = doses.get(`${row.teacher_id} ${row.cycle}`);
  if (row.activity === "co_teaching" || row.activity === "coaching_cycle") dose.high += row.hours;
  if (row.activity === "observe_feedback") dose.observing += row.hours;
}
tell("hours of co-teaching and cycles (constant of z)", moments([...doses.values()].map(({ high: hours }) => hours)));
tell("hours of observing (constant of z)", moments([...doses.values()].map(({ observing }) => observing)));
tell("principals' hours of observation a day", moments(of("principal_practices").map((row) => row.obs_hours_day)), "about 2");

const ties = new Set(of("network_edges").map((row) => `${row.ego_id} ${row.alter_id} ${row.cycle}`));
const roster = new Set(of("network_roster").map((row) => `${row.person_id} ${row.cycle}`));
const schools = new Map();
for (const row of of("network_roster")) {
  if (row.school_id !== null) schools.set(`${row.school_id} ${row.cycle}`, [...(schools.get(`${row.school_id} ${row.cycle}`) ?? []), row]);
}
const density = new Map();
const count = (name, tied) => {
  const [sum, n] = density.get(name) ?? [0, 0];
  density.set(name, [sum + (tied ? 1 : 0), n + 1]);
};
for (const people of schools.values()) {
  for (const ego of people) {
    if (ego.role !== "teacher") continue;
    for (const alter of people) {
      if (alter === ego) continue;
      const tied = ties.has(`${ego.person_id} ${alter.person_id} ${ego.cycle}`);
      count("all", tied);
      count(alter.role, tied);
      if (ego.cycle <= 4) count("phase 1", tied);
      const before = ego.cycle - 1;
      if (!roster.has(`${ego.person_id} ${before}`) || !roster.has(`${alter.person_id} ${before}`)) continue;
      count(ties.has(`${ego.person_id} ${alter.person_id} ${before}`) ? "after a tie" : "after none", tied);
    }
  }
}
for (const [name, wanted] of [
  ["all", ".17"],
  ["teacher", ".16"],
  ["coach", ".40"],
  ["administrator", ".05"],
  ["after a tie", ".58"],
  ["after none", ".09"],
]) {
  const [sum, n] = density.get(name);
  tell(`share of possible ties within schools: ${name}`, (sum / n).toFixed(3), wanted);
}
tell("possible ties within schools in phase 1, a block", Math.round(density.get("phase 1")[1] / scale), "about 13,000");

for (const grade of [6, 7, 8]) {
  const years = of("student_years").filter((row) => row.grade === grade);
  tell(`mathematics score in grade ${grade}`, moments(years.map((row) => row.math_z)), "mean 0, SD 1");
}
const seconds = of("iqa_ratings").filter((row) => row.rating_order === 2);
const firsts = new Map(record.map((row) => [row.lesson_id, row]));
for (const rubric of ["potential", "implementation", "discussion"]) {
  tell(
    `second rating equal to the record: ${rubric}`,
    share(seconds, (row) => row[rubric] === firsts.get(row.lesson_id)[rubric]),
    ".78 before clipping",
  );
}
