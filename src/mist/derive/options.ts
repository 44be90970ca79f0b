/**
 * Options of the derived measures: for each the choices that there are, the default first, and the measure whose rule it changes.
 */
import { DataError, deriveMessages } from "../../messages.js";
import type { ExpertiseStandards } from "./measures/expertise.js";

/** Every option with its choices, the default first. */
export const measureChoices = {
  scoreOfRecord: { measure: "V1", choices: ["first", "mean", "consensus"] },
  highPotential: { measure: "V2", choices: [3, 4, "teacher_year_mean"] },
  maintained: { measure: "V3", choices: ["at_least_3", "no_drop"] },
  maintainedAll: { measure: "V4", choices: ["zero", "conditional"] },
  maintShare: { measure: "V5", choices: ["mean", "conditional", "any", "both", "empirical_bayes"] },
  demandDrop: { measure: "V6", choices: ["all", "high_potential"] },
  discussionQuality: { measure: "V7", choices: ["with_zeros", "drop_zeros", "mean_with_linking"] },
  iqaComposite: { measure: "V8", choices: ["mean", "principal_component", "graded_response", "potential", "implementation", "discussion"] },
  perspectiveReference: { measure: "V9", choices: ["mixed", "unproductive"] },
  perspIndex: { measure: "V10", choices: ["mean", "count_productive", "latent"] },
  productive0: { measure: "V11", choices: ["either", "both", "index", "previous_cycle"] },
  vision: { measure: "V12", choices: ["mean", "minimum", "graded_response", "role_of_teacher", "discourse", "tasks"] },
  visionHigh: { measure: "V13", choices: [3, 2.5, "top_tercile"] },
  mkt: { measure: "V14", choices: ["norm", "within_cycle", "person_mean", "reliability_corrected"] },
  base: { measure: "V15", choices: ["first", "previous_cycle", "person_mean"] },
  time: { measure: "V16", choices: ["first_focal", "cycle", "phase"] },
  composition: { measure: "V17", choices: ["sections", "filmed"] },
  expertise: { measure: "V18", choices: ["composite", "iqa", "mkt"] },
  exposureWeights: { measure: "V19", choices: ["equal", "frequency"] },
  exposureOfIsolates: { measure: "V19", choices: ["missing", "zero"] },
  exposureAlters: { measure: "V19", choices: ["current", "previous_cycle"] },
  exposureGap: { measure: "V20", choices: ["mean", "max", "share_above"] },
  meetingQuality: { measure: "V21", choices: ["strands", "raw_count", "expert_for_highest"] },
  meetingsOfTeacher: { measure: "V22", choices: ["attended", "school_mean", "maximum", "share_high"] },
  degreeWeights: { measure: "V23", choices: ["count", "frequency"] },
  degreeRiskSet: { measure: "V23", choices: ["school", "district"] },
  coachingCycles: { measure: "V24", choices: ["all", "complete"] },
  coachAccomplished: { measure: "V25", choices: ["three_facets", "expertise", "with_mkt"] },
  coachCollaboration: { measure: "V26", choices: ["three_signs", "meetings"] },
  orientationMatch: { measure: "V27", choices: ["distance", "same_category"] },
  discrimination: { measure: "V28", choices: ["d_prime", "proportion_correct"] },
  sharedVision: { measure: "V29", choices: ["variance", "r_wg", "icc", "survey"] },
  retained: { measure: "V30", choices: ["school", "district"] },
  growth: { measure: "V31", choices: ["last_minus_first", "yearly_difference", "residual_change", "empirical_bayes_slope"] },
  achievement: { measure: "V32", choices: ["given_prior", "gain", "proficiency"] },
  enactedShare: { measure: "V33", choices: [0.5, 0.75] },
  enactedQuality: { measure: "V33", choices: ["any", "at_least_2"] },
  brokerScore: { measure: "V34", choices: ["betweenness", "constraint", "participation", "bimodal_betweenness"] },
  boCompatible: { measure: "V35", choices: ["pairs", "weighted", "improvement"] },
  mutual: { measure: "V36", choices: ["minimum", "product"] },
  pmScore: { measure: "V37", choices: ["favourable", "ordinal", "irt"] },
  runChartBaseline: { measure: "V38", choices: [8, 5, 12] },
  runChartShift: { measure: "V38", choices: [6, 8] },
  runChartLimits: { measure: "V38", choices: ["normal", "binomial"] },
  takenUp: { measure: "V39", choices: ["partial", "complete"] },
  success: { measure: "V39", choices: ["successful", "partial"] },
  opportunityGap: { measure: "V40", choices: ["median_split", "between_variance"] },
  dyadRiskSet: { measure: "V42", choices: ["school", "district"] },
  dyadMeetings: { measure: "V42", choices: ["ego", "shared"] },
  coachHours: { measure: "V43", choices: ["coach_year", "by_share"] },
  lessonComposition: { measure: "V17", choices: ["section", "teacher_year"] },
} as const;

export type MeasureOptionName = keyof typeof measureChoices;

/** Every option with the choice made. */
export type MeasureChoices = { readonly [K in MeasureOptionName]: (typeof measureChoices)[K]["choices"][number] };

/** What a user may give: any of the options, and means and standard deviations for V18 in place of the data's own. */
export type MeasureOptions = Partial<MeasureChoices> & {
  /** Default: mean and standard deviation of the persons' first observed values. */
  readonly expertiseStandards?: ExpertiseStandards;
};

/** The default of every option. */
export const defaultChoices: MeasureChoices = Object.fromEntries(
  Object.entries(measureChoices).map(([name, { choices }]) => [name, choices[0]]),
) as { [K in MeasureOptionName]: (typeof measureChoices)[K]["choices"][0] };

/**
 * The choices made: those given, the defaults for the rest. `also` names keys that other readers of the options know.
 *
 * @throws DataError for an option or a choice that does not exist, with the nearest name
 * @example chosen({ vision: "minimum" }).vision // => "minimum"
 */
export function chosen(options: MeasureOptions, also: readonly string[] = []): MeasureChoices {
  const choices: Record<string, string | number> = { ...defaultChoices };
  for (const [name, choice] of Object.entries(options)) {
    if (name === "expertiseStandards" || also.includes(name) || choice === undefined) continue;
    if (!isOption(name))
      throw new DataError(deriveMessages.unknownOption(name, [...Object.keys(measureChoices), "expertiseStandards", ...also]));
    const known: readonly (string | number)[] = measureChoices[name].choices;
    if (!known.some((one) => one === choice)) throw new DataError(deriveMessages.unknownChoice(name, String(choice), known));
    choices[name] = choice as string | number;
  }
  return choices as MeasureChoices;
}

function isOption(name: string): name is MeasureOptionName {
  return Object.hasOwn(measureChoices, name);
}
