/**
 * The designed and the lived organisation: supports as planned and as enacted, groups and their members, boundary objects and
 * encounters, relations between roles. A reason is given if and only if less than half of the planned dose, or another function than
 * planned, was enacted.
 */
import { portableExp } from "../../data/random-math.js";
import type { Level } from "../codebook/category-sets.js";
import { ENACTED_SHARE } from "../codebook/facts.js";
import { logistic, ordered, rounded } from "./draws.js";
import { cycleUnitId, unitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import { coachesOf, type District, principalOf, type School } from "./state.js";

interface Plan {
  readonly unit: Level<"dose_unit">;
  readonly low: number;
  readonly high: number;
  readonly functions: readonly Level<"support_function">[];
}

const plans: Readonly<Record<Level<"support_element">, Plan>> = {
  pull_out_pd: { unit: "hours_per_teacher_year", low: 18, high: 36, functions: ["lead_groups"] },
  collaboration: { unit: "meetings_per_month", low: 2, high: 4, functions: ["lead_groups", "data_review"] },
  coaching: { unit: "hours_per_teacher_year", low: 8, high: 20, functions: ["co_teach", "observe_feedback"] },
  networks: { unit: "meetings_per_month", low: 1, high: 2, functions: ["lead_groups", "materials"] },
  curriculum: { unit: "hours_per_teacher_year", low: 4, high: 10, functions: ["materials"] },
  assessment: { unit: "sessions_per_year", low: 3, high: 6, functions: ["data_review"] },
  student_supports: { unit: "hours_per_week", low: 2, high: 5, functions: ["tutoring"] },
  school_leadership: { unit: "sessions_per_year", low: 3, high: 8, functions: ["observe_feedback", "lead_groups"] },
  district_leadership: { unit: "sessions_per_year", low: 2, high: 4, functions: ["other"] },
};

export function pushOrganisation(setting: Setting, district: District): void {
  const groups = pushGroups(district);
  for (const cycle of district.cycles) {
    pushPlans(setting, district, cycle);
    pushMemberships(setting, district, cycle, groups);
    pushObjects(setting, district, cycle, groups);
    pushEncounters(setting, district, cycle, groups);
    pushRelations(setting, district, cycle);
  }
}

function pushPlans(setting: Setting, district: District, cycle: number): void {
  const { rows } = district;
  for (const element of levels("support_element")) {
    const { unit, low, high, functions } = plans[element];
    const stream = setting.stream("support_plans", district.id, cycle, element);
    const dose = rounded(low + (high - low) * stream.uniform(), 1);
    const purpose = functions[stream.integer(functions.length)]!;
    const focus = levels("focal_practice")[stream.categorical([0.15, 0.2, 0.2, 0.2, 0.15, 0.1])]!;
    rows.support_plans.push({
      district_id: district.id,
      cycle,
      element,
      planned_dose: dose,
      dose_unit: unit,
      planned_function: purpose,
      planned_focus: focus,
    });
    for (const school of district.schools) pushEnactment(setting, district, cycle, school, element, dose, purpose);
  }
}

function pushEnactment(
  setting: Setting,
  district: District,
  cycle: number,
  school: School,
  element: Level<"support_element">,
  planned: number,
  purpose: Level<"support_function">,
): void {
  const { leader, practices } = principalOf(district, cycle, school);
  const stream = setting.stream("support_enactments", school.id, cycle, element);
  const dose = rounded(planned * portableExp(-0.25 + 0.15 * leader.instruction + 0.45 * stream.normal()), 1);
  const diverted = element === "coaching" && practices!.diverts_coach === true;
  const keeps = stream.bernoulli(diverted ? 0.45 : 0.82);
  const others = levels("support_function").filter((name) => name !== purpose);
  const other = diverted && purpose !== "tutoring" ? "tutoring" : others[stream.integer(others.length)]!;
  const used = keeps ? purpose : other;
  const quality = ordered(stream, 0.5 * leader.instruction + (keeps ? 0.3 : -0.4), [-2, 0, 1.8]);
  const reason = stream.categorical(used === purpose ? [0.1, 0.2, 0.3, 0.25, 0.05, 0.1] : [0.4, 0.2, 0.1, 0.15, 0.05, 0.1]);
  const gap = dose < ENACTED_SHARE * planned || used !== purpose;
  district.rows.support_enactments.push({
    school_id: school.id,
    cycle,
    element,
    enacted_dose: dose,
    enacted_function: used,
    enacted_quality: levels("enacted_quality")[quality]!,
    reason_code: gap ? levels("gap_reason")[reason]! : null,
  });
}

interface Groups {
  readonly teams: ReadonlyMap<School, string>;
  readonly admins: ReadonlyMap<School, string>;
  readonly units: ReadonlyMap<Level<"group_type">, string>;
}

const unitTypes: readonly Level<"group_type">[] = ["c_and_i", "leadership_unit", "ell_unit", "sped_unit", "rea_unit"];

function pushGroups({ rows, number, id: district_id, schools, design }: District): Groups {
  let count = 0;
  const add = (group_type: Level<"group_type">, school: School | null, formal: boolean): string => {
    const group_id = unitId("K", number, ++count, 2);
    rows.groups.push({ group_id, district_id, school_id: school?.id ?? null, group_type, formal });
    return group_id;
  };
  const teams = new Map(schools.map((school) => [school, add("math_team", school, true)]));
  const admins = new Map(schools.map((school) => [school, add("school_admin", school, true)]));
  const roles: readonly string[] = design.districtRoles;
  const units = new Map(unitTypes.filter((type) => roles.includes(type)).map((type) => [type, add(type, null, true)]));
  units.set("network", add("network", null, false));
  units.set("partnership", add("partnership", null, true));
  return { teams, admins, units };
}

function pushMemberships(setting: Setting, district: District, cycle: number, { teams, admins, units }: Groups): void {
  const add = (person_id: string, group_id: string | undefined, full: boolean): void => {
    if (group_id === undefined) return;
    const stream = setting.stream("group_memberships", person_id, group_id, cycle);
    const share = rounded(full ? 0.75 + 0.25 * stream.uniform() : 0.1 + 0.4 * stream.uniform(), 2);
    district.rows.group_memberships.push({ person_id, group_id, cycle, centrality: full ? "full" : "peripheral", share });
  };
  for (const { teacher, school } of district.years[cycle - 1]!) {
    add(teacher.id, teams.get(school), true);
    if (setting.stream("group_memberships.network", teacher.id, cycle).bernoulli(0.12)) add(teacher.id, units.get("network"), true);
  }
  for (const { coach, schools } of district.coachYears[cycle - 1]!) {
    for (const [k, school] of schools.entries()) add(coach.id, teams.get(school), k === 0);
    add(coach.id, units.get("c_and_i"), false);
    add(coach.id, units.get("network"), true);
  }
  for (const { leader, role, school, row } of district.leaderYears[cycle - 1]!) {
    if (school !== null) {
      add(leader.id, admins.get(school), true);
      if (role === "principal" && leader.instruction > 0.3) add(leader.id, teams.get(school), false);
      continue;
    }
    const unit = unitTypes.find((type) => type === role) ?? (role === "math_specialist" ? "c_and_i" : undefined);
    if (unit !== undefined) add(leader.id, units.get(unit), true);
    if (row.in_partnership_core === true) add(leader.id, units.get("partnership"), true);
  }
}

const objectTypes: readonly Level<"object_type">[] = ["curriculum_framework", "formative_assessment", "observation_form"];

function pushObjects(setting: Setting, district: District, cycle: number, { teams, units }: Groups): void {
  for (const [k, object_type] of objectTypes.entries()) {
    const object_id = unitId("O", district.number, k + 1, 1);
    const shared = setting.stream("boundary_objects.meaning", object_id, cycle).categorical([0.15, 0.2, 0.25, 0.2, 0.2]);
    const groups = [...teams.values(), units.get("c_and_i"), units.get("leadership_unit")].filter((group) => group !== undefined);
    for (const group_id of groups) {
      const stream = setting.stream("boundary_objects", object_id, group_id, cycle);
      const negotiated = stream.bernoulli(0.35);
      const agrees = stream.bernoulli(negotiated ? 0.75 : 0.35);
      const own = stream.integer(5);
      district.rows.boundary_objects.push({
        object_id,
        group_id,
        cycle,
        object_type,
        function: levels("object_function")[stream.categorical([0.4, 0.35, 0.25])]!,
        meaning: levels("object_meaning")[agrees ? shared : own]!,
        negotiated,
      });
    }
  }
}

function pushEncounters(setting: Setting, district: District, cycle: number, { teams, admins, units }: Groups): void {
  const center = units.get("c_and_i");
  const leadership = units.get("leadership_unit");
  const pairs: [string | undefined, string | undefined][] = [
    [center, leadership],
    ...[...teams.values()].map((team): [string | undefined, string] => [center, team]),
    ...[...admins.values()].map((admin): [string | undefined, string] => [leadership, admin]),
  ];
  let number = 0;
  for (const [group_a, group_b] of pairs) {
    if (group_a === undefined || group_b === undefined) continue;
    const stream = setting.stream("boundary_encounters", group_a, group_b, cycle);
    const meets = stream.bernoulli(0.8);
    const times = 1 + stream.poisson(3);
    const deep = stream.bernoulli(0.3);
    const activity = stream.categorical(deep ? [0.1, 0.05, 0.25, 0.3, 0.3, 0] : [0.35, 0.3, 0.15, 0.1, 0.05, 0.05]);
    if (!meets) continue;
    district.rows.boundary_encounters.push({
      encounter_id: cycleUnitId("N", district.number, cycle, ++number, 2),
      cycle,
      group_a,
      group_b,
      n_per_year: times,
      depth: deep ? "high" : "low",
      activity: levels("encounter_activity")[activity]!,
    });
  }
}

type Role = Level<"staff_role">;

function pushRelations(setting: Setting, district: District, cycle: number): void {
  const add = (school: School | null, from_role: Role, to_role: Role, relation: Level<"role_relation">, eta: number): void => {
    const stream = setting.stream("role_relations", district.id, school?.id ?? "", cycle, from_role, to_role, relation);
    const strength = ordered(stream, eta, [-1.8, 0, 1.6]);
    const ambitious = logistic(eta - 0.3);
    const routine = 1 - ambitious;
    const focus = stream.categorical(
      relation === "accountability"
        ? [0.5 * routine, 0.5 * routine, 0.6 * ambitious, 0.4 * ambitious, 0, 0]
        : [0, 0, 0.2 * ambitious, 0.5 * ambitious, 0.3 * ambitious, routine],
    );
    district.rows.role_relations.push({
      district_id: district.id,
      school_id: school?.id ?? null,
      cycle,
      from_role,
      to_role,
      relation,
      focus: levels("relation_focus")[focus]!,
      strength: levels("relation_strength")[strength]!,
    });
  };
  for (const school of district.schools) {
    const { leader } = principalOf(district, cycle, school);
    const [served] = coachesOf(district, cycle, school);
    for (const relation of levels("role_relation")) {
      add(school, "principal", "teacher", relation, 0.5 * leader.instruction);
      if (served !== undefined)
        add(school, "coach", "teacher", relation, 0.4 * served.year.coach.skill + (relation === "assistance" ? 0.6 : -0.8));
    }
  }
  const roles: readonly Role[] = district.design.districtRoles;
  for (const relation of levels("role_relation")) {
    if (roles.includes("leadership_unit")) add(null, "leadership_unit", "principal", relation, 0);
    if (roles.includes("c_and_i")) add(null, "c_and_i", "coach", relation, 0.3);
    if (roles.includes("cao") && roles.includes("c_and_i")) add(null, "cao", "c_and_i", relation, 0.2);
  }
}
