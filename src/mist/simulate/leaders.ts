/**
 * School and district leaders: posts over the cycles, views, and what principals do. One latent inclination to lead instruction stands
 * behind all of it; principals' collaboration with the coach is the count of three signs (V26).
 */

import { portableExp } from "../../data/random-math.js";
import type { Level } from "../codebook/category-sets.js";
import { experimentParticipants } from "./design.js";
import { clipped, logistic, ordered, rounded } from "./draws.js";
import { unitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";
import type { District, Leader, LeaderYear, School } from "./state.js";

interface Post {
  readonly role: Level<"leader_role">;
  readonly school: School | null;
}

/** Fills `district.leaderYears` and pushes the rows of leaders. */
export function makeLeaders(setting: Setting, district: District): void {
  const { p } = setting;
  const posts: Post[] = [
    ...district.schools.map((school): Post => ({ role: "principal", school })),
    ...district.schools.slice(0, district.design.assistantPrincipals).map((school): Post => ({ role: "assistant_principal", school })),
    ...district.design.districtRoles.map((role): Post => ({ role, school: null })),
  ];
  let count = 0;
  const appoint = (): Leader => {
    const id = unitId("L", district.number, ++count, 3);
    const stream = setting.stream("leaders.traits", id);
    district.rows.leaders.push({ leader_id: id, district_id: district.id });
    return { id, instruction: stream.normal(), vision: stream.normal(), receiver: p.sd_receiver * stream.normal() };
  };
  let holders = posts.map(appoint);
  for (const cycle of district.cycles) {
    if (cycle > 1) {
      holders = holders.map((leader, k) => {
        const rate = posts[k]!.school === null ? p.district_leader_turnover : p.principal_turnover;
        return setting.stream("leader_years.exit", leader.id, cycle - 1).bernoulli(rate) ? appoint() : leader;
      });
    }
    const years = holders.map((leader, k) => leaderYear(setting, leader, posts[k]!, cycle));
    district.leaderYears.push(years);
    for (const { row, practices } of years) {
      district.rows.leader_years.push(row);
      if (practices !== null) district.rows.principal_practices.push(practices);
    }
  }
}

/** How far units differ in their orientation: curriculum and instruction tends to improvement, the leadership unit to management. */
const unitOrientation = new Map<string, number>([
  ["c_and_i", 1],
  ["math_specialist", 0.9],
  ["leadership_unit", -0.8],
  ["superintendent", -0.3],
]);

function leaderYear(setting: Setting, leader: Leader, { role, school }: Post, cycle: number): LeaderYear {
  const stream = setting.stream("leader_years", leader.id, cycle);
  const z = leader.instruction;
  const orientation = ordered(stream, 0.9 * z + (unitOrientation.get(role) ?? 0), [-0.7, 0.9]);
  const perspective = ordered(stream, 0.7 * z, [-0.2, 1.6]);
  const demand = ordered(stream, 0.6 * z + 0.3 * leader.vision, [-0.5, 1.3]);
  const vision = clipped(1.9 + 0.6 * leader.vision + 0.2 * z + 0.3 * stream.normal(), 0, 4);
  const core = stream.bernoulli(role === "cao" || role === "c_and_i" || role === "math_specialist" ? 0.9 : 0.4);
  return {
    leader,
    cycle,
    role,
    school,
    row: {
      leader_id: leader.id,
      cycle,
      level: school === null ? "district" : "school",
      role,
      school_id: school?.id ?? null,
      orientation: levels("orientation")[orientation]!,
      learning_perspective: levels("learning_perspective")[perspective]!,
      understands_demand_of_change: levels("demand_of_change")[demand]!,
      vision_level: rounded(vision, 2),
      in_partnership_core: school === null ? core : null,
    },
    practices: school === null ? null : practicesOf(setting, leader, cycle),
  };
}

function practicesOf(setting: Setting, leader: Leader, cycle: number): NonNullable<LeaderYear["practices"]> {
  const stream = setting.stream("principal_practices", leader.id, cycle);
  const z = leader.instruction;
  const hours = clipped(2 + 0.2 * z + 0.7 * stream.normal(), 0, 6);
  const feedback = logistic(-0.3 + 0.4 * z + 0.8 * stream.normal());
  const specificity = ordered(stream, 0.6 * z, [-1.5, 0.3, 1.8]);
  const attendance = logistic(-0.45 + 0.4 * z + 0.7 * stream.normal());
  const takesOver = stream.bernoulli(0.25);
  const protects = stream.bernoulli(logistic(0.2 + 0.5 * z));
  const meetings = Math.min(20, stream.poisson(portableExp(0.5 + 0.3 * z)));
  const together = stream.bernoulli(logistic(-0.3 + 0.5 * z));
  const diverts = stream.bernoulli(logistic(-0.4 - 0.4 * z));
  const delegates = stream.bernoulli(logistic(-0.2 + 0.5 * z));
  return {
    leader_id: leader.id,
    cycle,
    obs_hours_day: rounded(hours, 2),
    feedback_share: rounded(feedback, 2),
    feedback_specificity: levels("feedback_specificity")[specificity]!,
    plc_attendance: rounded(attendance, 2),
    takes_over_plc: takesOver,
    protects_time: protects,
    coach_meetings_month: meetings,
    observes_with_coach: together,
    diverts_coach: diverts,
    delegates_to_experts: delegates,
    coach_collaboration: levels("coach_collaboration")[(meetings >= 2 ? 1 : 0) + (together ? 1 : 0) + (diverts ? 0 : 1)]!,
  };
}

/** The leadership experiment's cycle, its tasks, and those of high demand among them. */
const EXPERIMENT_CYCLE = 3;
const TASKS = 24;
const HIGH_TASKS = 12;

/** Who takes part in the leadership experiment: the sample's leaders and coaches, and others of the district's schools. */
export function experimentGroup(district: District): readonly string[] {
  if (!district.design.leaderExperiment || !district.cycles.includes(EXPERIMENT_CYCLE)) return [];
  const leaders = district.leaderYears[EXPERIMENT_CYCLE - 1]!.map(({ leader }) => leader.id);
  const coaches = district.coachYears[EXPERIMENT_CYCLE - 1]!.map(({ coach }) => coach.id);
  const sampled = [...leaders, ...coaches];
  const others = Array.from({ length: experimentParticipants - sampled.length }, (_, k) => unitId("L", district.number, 901 + k, 3));
  return [...sampled, ...others];
}

/**
 * Task sorts before and after the sessions: equal-variance signal detection with d' = 1 + ability before, and d' + the gain after.
 */
export function pushTaskSorts(setting: Setting, district: District): void {
  const { p } = setting;
  for (const person of experimentGroup(district)) {
    const own = setting.stream("leader_task_sorts.person", person);
    const ability = 0.5 * own.normal();
    const bias = 0.3 * own.normal();
    const features = 1.6 + 0.7 * own.normal();
    if (person.startsWith(`L${district.number}-9`)) district.rows.leaders.push({ leader_id: person, district_id: district.id });
    for (const [k, occasion] of levels("task_sort_occasion").entries()) {
      const stream = setting.stream("leader_task_sorts", person, occasion);
      const sensitivity = 1 + ability + k * p.leader_pd_discrimination;
      const count = (tasks: number, mean: number): number => {
        let called = 0;
        for (let task = 0; task < tasks; task++) if (mean + stream.normal() > bias) called++;
        return called;
      };
      const hits = count(HIGH_TASKS, sensitivity / 2);
      const alarms = count(TASKS - HIGH_TASKS, -sensitivity / 2);
      const recognised = clipped(features + k * 0.7 * p.leader_pd_features + 0.35 * stream.normal(), 0, 4);
      district.rows.leader_task_sorts.push({
        person_id: person,
        occasion,
        n_tasks: TASKS,
        n_high: HIGH_TASKS,
        hits,
        false_alarms: alarms,
        recognises_features: rounded(recognised, 2),
      });
    }
  }
}
