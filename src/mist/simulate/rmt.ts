/**
 * The RMT network: 14 elementary schools, 112 people in network year 3, the same at every scale.
 *
 *   stage of leadership: ordered, eta = slope (year - 1) + person; in year 3 the four highest are network leaders and the next seven
 *   apprentice leaders (published counts)
 *   vision grows with the person and the year; practice follows the vision of the year before
 */
import type { Level } from "../codebook/category-sets.js";
import { design } from "../codebook/facts.js";
import { clipped, logisticNoise, ordered, rounded } from "./draws.js";
import { levels } from "./levels.js";
import type { StudyRowsByTable } from "./rows.js";
import type { Setting } from "./setting.js";

interface Person {
  readonly id: string;
  readonly role: Level<"rmt_role">;
  readonly joined: number;
  readonly inclination: number;
  readonly vision: number;
}

const YEARS = [1, 2, 3, 4] as const;
const models: readonly Level<"rmt_model">[] = ["experience", "teach", "lead", "scale_up"];
const EIGHT = 8;

export function pushRmt(setting: Setting, rows: StudyRowsByTable): void {
  const people: Person[] = [];
  for (let k = 0; k < design.rmtSchools; k++) {
    const school = String.fromCharCode(65 + k);
    const last = k === design.rmtSchools - 1;
    rows.rmt_schools.push({ rmt_school: school, disadvantaged: !last, university_assisted: last });
    for (let j = 0; j < EIGHT; j++) people.push(pushPerson(setting, rows, school, k * EIGHT + j + 1, j));
  }
  for (const year of YEARS)
    pushYear(
      setting,
      rows,
      people.filter(({ joined }) => joined <= year),
      year,
    );
}

/** Eight people a school: a school leader, a mathematics lead, six teachers; all are there by year 3. */
function pushPerson(setting: Setting, rows: StudyRowsByTable, school: string, number: number, place: number): Person {
  const id = `H${String(number).padStart(3, "0")}`;
  const stream = setting.stream("rmt_people", id);
  const role = place === 0 ? "school_leader" : place === 1 ? "math_lead" : "teacher";
  const joined = 1 + stream.categorical(place < 2 ? [0.8, 0.2, 0] : [0.4, 0.35, 0.25]);
  const inclination = setting.p.sd_rmt * stream.normal() + (place === 1 ? 0.5 : 0);
  const vision = 0.8 * stream.normal() + 0.4 * inclination;
  rows.rmt_people.push({ rmt_person_id: id, rmt_school: school, role, joined_year: joined });
  return { id, role, joined, inclination, vision };
}

function pushYear(setting: Setting, rows: StudyRowsByTable, people: readonly Person[], year: (typeof YEARS)[number]): void {
  const stages = year === 3 ? rankedStages(setting, people) : drawnStages(setting, people, year);
  for (const person of people) {
    const stream = setting.stream("rmt_years", person.id, year);
    const stage = stages.get(person.id)!;
    const latent = person.vision + 0.5 * (year - 1);
    const vision = (): Level<"rmt_level"> => levels("rmt_level")[ordered(stream, 1.3 * latent, [-1.5, 0.6, 2.6])]!;
    // The vision of the year before stands behind practice.
    const practice = (): Level<"rmt_level"> => levels("rmt_level")[ordered(stream, 1.1 * (latent - 0.5), [-0.8, 1.2, 3])]!;
    const [environment, task, teacherRole, experience, equity] = [vision(), vision(), vision(), vision(), vision()];
    const [adapting, sensemaking, struggle, discussion] = [practice(), practice(), practice(), practice()];
    const hours = rounded(clipped(18 + 4 * stage + 5 * stream.normal(), 2, 80), 1);
    const cycles = stream.poisson(year === 1 ? 0.5 : 2);
    const led = 1 + stream.poisson(stage === 3 ? 5 : 2);
    rows.rmt_years.push({
      rmt_person_id: person.id,
      rmt_year: year,
      model: models[year - 1]!,
      leadership_stage: levels("rmt_stage")[stage]!,
      vis_environment: environment,
      vis_task: task,
      vis_teacher_role: teacherRole,
      vis_student_experience: experience,
      vis_equity: equity,
      imp_adapting: year < 2 ? null : adapting,
      imp_sensemaking: year < 2 ? null : sensemaking,
      imp_productive_struggle: year < 2 ? null : struggle,
      imp_discussion: year < 2 ? null : discussion,
      pd_hours: hours,
      lesson_design_cycles: cycles,
      sessions_led: stage >= 2 ? led : 0,
    });
  }
}

function etaOf({ p }: Setting, { inclination }: Person, year: number): number {
  return p.rmt_slope * (year - 1) + inclination;
}

function drawnStages(setting: Setting, people: readonly Person[], year: number): Map<string, number> {
  return new Map(
    people.map((person) => {
      const stream = setting.stream("rmt_years.stage", person.id, year);
      return [person.id, ordered(stream, etaOf(setting, person, year), setting.thresholds.rmt_stage)];
    }),
  );
}

/** Year 3: the published numbers of leaders by rank, the others drawn below them. */
function rankedStages(setting: Setting, people: readonly Person[]): Map<string, number> {
  const { networkLeaders, apprenticeLeaders } = design.rmtThirdYear;
  const latent = people.map((person) => {
    const stream = setting.stream("rmt_years.stage", person.id, 3);
    return { id: person.id, value: etaOf(setting, person, 3) + logisticNoise(stream) };
  });
  latent.sort((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1));
  const [first] = setting.thresholds.rmt_stage;
  return new Map(
    latent.map(({ id, value }, k) => [id, k < networkLeaders ? 3 : k < networkLeaders + apprenticeLeaders ? 2 : value > first! ? 1 : 0]),
  );
}
