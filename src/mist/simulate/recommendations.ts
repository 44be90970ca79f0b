/**
 * Recommendations and what became of them.
 *
 *   uptake         : aligned + builds on + authorised + logistic noise, ranked within the block: of 162 the 73 highest complete, the
 *                    next 36 partial (published shares 45, 22, 33 per cent)
 *   implementation : senior leader + expertise + logistic noise, ranked among the 109: the 19 highest successful, the next 29 partly
 *   unit           : 13 of the 19 and 32 of the 48 are the mathematics department's, two thirds either way
 *
 * Without `exact` both are drawn from cumulative logit models with the same slopes. A block smaller than the study's has the same
 * shares, rounded.
 */
import type { Level } from "../codebook/category-sets.js";
import type { StudyRows } from "../codebook/codebook.js";
import { design } from "../codebook/facts.js";
import { logisticNoise, ordered } from "./draws.js";
import { cycleUnitId } from "./ids.js";
import { levels } from "./levels.js";
import type { Setting } from "./setting.js";

type Recommendation = StudyRows["recommendations"];

interface Draft {
  readonly row: Recommendation;
  readonly etaUptake: number;
  readonly latentUptake: number;
  readonly etaImplementation: number;
  readonly latentImplementation: number;
  readonly unitOrder: number;
  readonly senior: boolean;
  readonly expertise: boolean;
}

/** All recommendations of the block, district by district. */
export function blockRecommendations(setting: Setting, block: number): Recommendation[][] {
  const drafts = setting.block.map((district, position) => {
    const number = block * setting.block.length + position + 1;
    return district.recommendations.flatMap((count, k) => Array.from({ length: count }, (_, j) => draft(setting, number, k + 1, j + 1)));
  });
  const all = drafts.flat();
  if (setting.options.exact) decideExactly(all);
  else decideFreely(setting, all);
  chooseUnits(setting, all);
  return drafts.map((own) => own.map(({ row }) => row));
}

function draft(setting: Setting, district: number, cycle: number, number: number): Draft {
  const { p } = setting;
  const id = cycleUnitId("X", district, cycle, number, 2);
  const stream = setting.stream("recommendations", id);
  const element = levels("support_element")[stream.categorical([0.16, 0.14, 0.18, 0.06, 0.12, 0.08, 0.08, 0.12, 0.06])]!;
  const aligned = stream.bernoulli(0.6);
  const builds = stream.bernoulli(0.5);
  const authorised = stream.bernoulli(0.55);
  const senior = stream.bernoulli(0.4);
  const expertise = stream.bernoulli(0.4);
  const etaUptake = p.up_aligned * Number(aligned) + p.up_builds * Number(builds) + p.up_authorised * Number(authorised);
  const etaImplementation = p.impl_senior * Number(senior) + p.impl_expertise * Number(expertise);
  return {
    etaUptake,
    latentUptake: etaUptake + logisticNoise(stream),
    etaImplementation,
    latentImplementation: etaImplementation + logisticNoise(stream),
    unitOrder: stream.uniform(),
    senior,
    expertise,
    row: {
      rec_id: id,
      district_id: `D${district}`,
      cycle,
      element,
      uptake: "not",
      implementation: null,
      aligned_priorities: aligned,
      builds_on_initiative: builds,
      authorised_by_partner: authorised,
      senior_leader_active: null,
      implementer_expertise: null,
      implementing_unit: null,
    },
  };
}

const published = design.recommendations;

function share(count: number, of: number, total: number): number {
  return Math.round((count * total) / of);
}

function decideExactly(all: readonly Draft[]): void {
  const complete = share(published.complete, published.total, all.length);
  const partial = share(published.partial, published.total, all.length);
  for (const [k, { row }] of ranked(all, ({ latentUptake }) => latentUptake).entries()) {
    row.uptake = k < complete ? "complete" : k < complete + partial ? "partial" : "not";
  }
  const taken = all.filter(({ row }) => row.uptake !== "not");
  const takenUp = published.complete + published.partial;
  const successful = share(published.successful, takenUp, taken.length);
  const partly = share(published.partlySuccessful, takenUp, taken.length);
  for (const [k, item] of ranked(taken, ({ latentImplementation }) => latentImplementation).entries()) {
    implement(item, k < successful ? "successful" : k < successful + partly ? "partial" : "unsuccessful");
  }
}

function decideFreely(setting: Setting, all: readonly Draft[]): void {
  for (const item of all) {
    const stream = setting.stream("recommendations.free", item.row.rec_id);
    const uptake = ordered(stream, item.etaUptake, setting.thresholds.uptake);
    const implementation = ordered(stream, item.etaImplementation, setting.thresholds.implementation);
    item.row.uptake = levels("uptake")[uptake]!;
    if (uptake > 0) implement(item, levels("implementation_success")[implementation]!);
  }
}

function implement({ row, senior, expertise }: Draft, success: Level<"implementation_success">): void {
  row.implementation = success;
  row.senior_leader_active = senior;
  row.implementer_expertise = expertise;
}

/** Two thirds of the successes and of the partial ones are the mathematics department's: 13 of 19, 19 of 29. */
const DEPARTMENT = { successful: [13, 19], partial: [19, 29] } as const;
const OTHER_UNITS: readonly Level<"implementing_unit">[] = ["leadership_unit", "ell_unit", "sped_unit", "rea_unit", "schools", "other"];

function chooseUnits(setting: Setting, all: readonly Draft[]): void {
  for (const success of levels("implementation_success")) {
    const items = ranked(
      all.filter(({ row }) => row.implementation === success),
      ({ unitOrder }) => unitOrder,
    );
    const [count, of] = success === "unsuccessful" ? [1, 3] : DEPARTMENT[success];
    const department = share(count, of, items.length);
    for (const [k, { row }] of items.entries()) {
      const stream = setting.stream("recommendations.unit", row.rec_id);
      row.implementing_unit = k < department ? "math_department" : OTHER_UNITS[stream.categorical([0.25, 0.12, 0.08, 0.1, 0.35, 0.1])]!;
    }
  }
}

/** From the highest to the lowest; equal ones by identifier. */
function ranked(items: readonly Draft[], by: (item: Draft) => number): Draft[] {
  return [...items].sort((a, b) => by(b) - by(a) || (a.row.rec_id < b.row.rec_id ? -1 : 1));
}
