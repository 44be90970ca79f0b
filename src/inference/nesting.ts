/**
 * Whether one model lies within another, part by part.
 *
 * The mean's columns must be linear combinations of the larger model's, and so must those of the zero probability, the dispersion, the
 * scale and the nominal effects. In cumulative models the columns of the larger model's nominal effects count for its mean as well:
 * proportional odds are nominal effects that are alike at every threshold (Peterson & Harrell 1990). Threshold structures lie within
 * one another as their sets of thresholds do.
 */
import type { ModelPart } from "../messages.js";
import type { ThresholdStructure } from "../models/families/thresholds.js";
import { type Fingerprint, type PartFingerprint, spannedBy } from "./fingerprint.js";
import type { TermShape } from "./likelihood-ratio.js";

/** What nesting depends on. */
export interface ModelShape {
  /** Family, link, and whether zeros have a part of their own: models that differ here have no common form. */
  readonly distribution: string;
  readonly fixedTerms: readonly string[];
  /** Random terms of all parts. */
  readonly random: readonly TermShape[];
  readonly npar: number;
  /** Of models of ordered categories; null elsewhere. */
  readonly thresholds: ThresholdStructure | null;
  readonly data: Fingerprint;
}

/** Parameters of the larger model besides variances and covariances that the smaller one lacks; null where it does not lie within. */
export function furtherCoefficients(smaller: ModelShape, larger: ModelShape): number | null {
  if (smaller.distribution !== larger.distribution || smaller.data.offset !== larger.data.offset) return null;
  if (!thresholdsWithin(smaller.thresholds, larger.thresholds)) return null;
  const nominal = partOf(larger, "nominal");
  const mean = within(
    { terms: smaller.fixedTerms, projections: smaller.data.projections },
    {
      terms: [...larger.fixedTerms, ...(nominal?.terms ?? [])],
      projections: [...larger.data.projections, ...(nominal?.projections ?? [])],
    },
  );
  if (!mean || !PARTS.every((part) => partWithin(partOf(smaller, part), partOf(larger, part), part))) return null;
  const further = larger.npar - covarianceCount(larger.random) - (smaller.npar - covarianceCount(smaller.random));
  return further < 0 ? null : further;
}

const PARTS: readonly ModelPart[] = ["zi", "dispersion", "scale", "nominal"];

function partOf({ data }: ModelShape, part: ModelPart): PartFingerprint | null {
  return data.parts?.find((own) => own.part === part) ?? null;
}

function partWithin(smaller: PartFingerprint | null, larger: PartFingerprint | null, part: ModelPart): boolean {
  if (smaller === null) return larger === null || (part !== "zi" && larger.offset === null);
  return larger !== null && smaller.offset === larger.offset && within(smaller, larger);
}

type Columns = Pick<PartFingerprint, "terms" | "projections">;

/** By the terms' names where there are too many columns to tell. */
function within(smaller: Columns, larger: Columns): boolean {
  return spannedBy(smaller.projections, larger.projections) ?? smaller.terms.every((term) => larger.terms.includes(term));
}

function thresholdsWithin(smaller: ThresholdStructure | null, larger: ThresholdStructure | null): boolean {
  if (smaller === larger || larger === "flexible") return true;
  return larger === "symmetric" && (smaller === "equidistant" || smaller === "symmetric2");
}

/** Variances and covariances of random terms. */
function covarianceCount(terms: readonly TermShape[]): number {
  return terms.reduce(
    (sum, { covariance, effects: { length } }) => sum + (covariance === "diagonal" ? length : (length * (length + 1)) / 2),
    0,
  );
}
