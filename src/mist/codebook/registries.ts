/**
 * Registries: the support structures that are hypothesised to carry improvement (Cobb & Smith, Table 1), the components of the theory
 * of action (Cobb & Jackson), the principles for teachers' learning, and the research areas that the field still had open, with
 * the analyses that speak to them. Analyses are named by their numbers in the catalogue of analyses.
 */
import { categoriesOf } from "./category-sets.js";

/** One support structure: what it should bring about, and the one coefficient that tests it. */
export interface SupportStructure {
  readonly number: number;
  readonly name: string;
  readonly type: "primary" | "facilitating";
  readonly consequence: string;
  /** The variable, or the variables, that stand for it. */
  readonly variables: readonly string[];
  readonly analyses: readonly string[];
  /** The term in whose coefficient the hypothesis shows, and its expected sign. */
  readonly term: string;
  readonly sign: 1 | -1;
}

const SOCIAL_SUPPORT = "Social support for ambitious practice";
const COHERENT_EFFORT = "A coherent effort to improve";
const LEADERSHIP = "Effective instructional leadership";
const OPPORTUNITIES = "Equity in students' opportunities to learn";

const structures: readonly Omit<SupportStructure, "number">[] = [
  {
    name: "Teacher networks",
    type: "primary",
    consequence: SOCIAL_SUPPORT,
    variables: ["deep_share", "n_alters"],
    analyses: ["A20"],
    term: "deep_share",
    sign: 1,
  },
  {
    name: "Time for collaboration",
    type: "facilitating",
    consequence: SOCIAL_SUPPORT,
    variables: ["collab_minutes_week"],
    analyses: ["A51"],
    term: "collab_minutes_week",
    sign: 1,
  },
  {
    name: "Access to expertise",
    type: "facilitating",
    consequence: SOCIAL_SUPPORT,
    variables: ["exposure_max"],
    analyses: ["A19", "A20"],
    term: "exposure_max",
    sign: 1,
  },
  {
    name: "Shared vision of instruction",
    type: "primary",
    consequence: COHERENT_EFFORT,
    variables: ["shared_vision", "vision"],
    analyses: ["A29"],
    term: "shared_vision",
    sign: 1,
  },
  {
    name: "Brokers",
    type: "facilitating",
    consequence: COHERENT_EFFORT,
    variables: ["n_brokers"],
    analyses: ["A42"],
    term: "n_brokers",
    sign: 1,
  },
  {
    name: "Negotiated boundary objects",
    type: "facilitating",
    consequence: COHERENT_EFFORT,
    variables: ["negotiated"],
    analyses: ["A43"],
    term: "negotiated",
    sign: 1,
  },
  {
    name: "Relations of accountability",
    type: "primary",
    consequence: LEADERSHIP,
    variables: ["press"],
    analyses: ["A44"],
    term: "press",
    sign: 1,
  },
  {
    name: "Relations of assistance",
    type: "primary",
    consequence: LEADERSHIP,
    variables: ["assist", "press"],
    analyses: ["A44"],
    term: "assist",
    sign: 1,
  },
  {
    name: "Leadership content knowledge, distributed",
    type: "facilitating",
    consequence: LEADERSHIP,
    variables: ["vision_level", "coach_expertise"],
    analyses: ["A27"],
    term: "vision_level:coach_expertise",
    sign: 1,
  },
  {
    name: "A de-tracked programme",
    type: "primary",
    consequence: OPPORTUNITIES,
    variables: ["tracking"],
    analyses: ["A34"],
    term: "tracking",
    sign: -1,
  },
  {
    name: "Categories of students tied to instruction",
    type: "facilitating",
    consequence: OPPORTUNITIES,
    variables: ["view_tracking", "explanation"],
    analyses: ["A34"],
    term: "view_tracking",
    sign: 1,
  },
];

/** The eleven support structures, in the order of the source's table. They are hypotheses: nothing here is a published effect. */
export const supportStructures: readonly SupportStructure[] = structures.map((structure, k) => ({ number: k + 1, ...structure }));

/** The components of the theory of action; the first has elements of its own. */
export const theoryComponents: readonly { readonly name: string; readonly elements: readonly string[] }[] = [
  {
    name: "A coherent instructional system",
    elements: [
      "Goals for students' learning",
      "A vision of high-quality instruction",
      "Materials and tools for instruction",
      "Professional development by the district",
      "Learning communities in schools",
      "Assessments in line with the goals",
      "Supports for students who struggle",
    ],
  },
  { name: "Teacher networks", elements: [] },
  { name: "Coaching", elements: [] },
  { name: "School leadership", elements: [] },
  { name: "District leadership", elements: [] },
];

/** The nodes of the backward map, in order: the categories of improvement_plan_nodes.node. */
export const backwardMap: readonly { readonly value: string; readonly label: string }[] = categoriesOf("plan_node");

/** Principles for supports of teachers' learning. */
export const learningPrinciples: readonly string[] = [
  "All supports work on one focal practice.",
  "The same colleagues work together over time.",
  "The work stays close to classroom practice.",
  "Practice is both investigated and enacted.",
  "A facilitator with expertise leads.",
];

/** Research areas that the theory of action leaves open, and the analyses that speak to them. */
export const openResearchAreas: readonly { readonly area: string; readonly analyses: readonly string[] }[] = [
  { area: "Equitable practices", analyses: ["A9", "A33"] },
  { area: "How curriculum frameworks are used", analyses: ["A41"] },
  { area: "How forms of professional development fit together", analyses: ["A45", "A46"] },
  { area: "Leading teachers' collaboration", analyses: ["A18"] },
  { area: "Supplemental supports for students", analyses: ["A41"] },
  { area: "Influence in teacher networks", analyses: ["A19", "A20"] },
  { area: "Coaching", analyses: ["A21", "A22", "A23"] },
  { area: "School leaders' practices", analyses: ["A24", "A25", "A27"] },
  { area: "Professional development for coaches and leaders", analyses: ["A26"] },
  { area: "Orientations of district leaders", analyses: ["A28"] },
];
