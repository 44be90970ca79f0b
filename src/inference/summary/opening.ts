/**
 * The first sentence of a summary: how the model was fitted, to how much at each level, and whether that went well.
 */
import { counted } from "../../messages.js";
import type { GeneralizedMixedFit } from "../../models/generalized-fit.js";
import { isGeneralized, type MixedFit } from "../mixed-fit.js";
import { plainFamily } from "./family-words.js";
import { onOneLine, wrapped } from "./text-table.js";

/**
 * @example openingSentence(lmm("mAch ~ 1 + (1 | school)", hsb)) // => "Linear mixed model fitted by REML to 7185 rows: 160 levels of school; converged."
 */
export function openingSentence(fit: MixedFit): string {
  const levels = fit.groups.map(({ name, levels: count }) => `${count} levels of ${onOneLine(name)}`);
  const method = fit.method === "REML" ? "REML" : "maximum likelihood";
  const sizes = levels.length === 0 ? "" : `: ${levels.join(", ")}`;
  const integral = isGeneralized(fit) ? ` (${approximation(fit)})` : "";
  return `${modelName(fit)} fitted by ${method}${integral} to ${counted(fit.nobs, "row")}${sizes}; ${outcome(fit)}.`;
}

/** The sentence in lines of at most 120 characters. */
export function openingLines(fit: MixedFit): string[] {
  return wrapped(openingSentence(fit), 120, "", "  ");
}

/** How the random effects were integrated out, in words. */
export function approximation({ agq }: Pick<GeneralizedMixedFit, "agq">): string {
  if (agq === 1) return "Laplace approximation";
  return agq === 0 ? "fast approximation" : `adaptive quadrature, ${agq} points`;
}

function modelName(fit: MixedFit): string {
  if (!isGeneralized(fit)) return "Linear mixed model";
  if (fit.family === "cumulative") return `Cumulative link mixed model, ${fit.link} link,`;
  if (fit.family === "adjacent") return "Adjacent-category logit mixed model";
  if (fit.family === "multinomial") return "Multinomial logit mixed model";
  const family = plainFamily(fit).replaceAll("_", " ");
  return `Generalized linear mixed model, ${distributionName(fit, family)} with ${fit.link} link,`;
}

function distributionName(fit: GeneralizedMixedFit, family: string): string {
  if (fit.hurdle) return `${family} hurdle`;
  if (fit.zeroInflation !== null) return `zero-inflated ${family}`;
  return fit.family === plainFamily(fit) ? family : `truncated ${family}`;
}

function outcome({ converged, singular }: MixedFit): string {
  if (!converged) return "NOT converged (see the notes)";
  return singular ? "converged, at the boundary (see the notes)" : "converged";
}
