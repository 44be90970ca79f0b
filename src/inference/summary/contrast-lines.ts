/**
 * How factors are coded where that is not by treatment contrasts, without which their coefficients cannot be read.
 */
import type { MixedFit } from "../mixed-fit.js";
import { onOneLine } from "./text-table.js";

/**
 * `Contrasts: sex sum, grade poly`; nothing where all factors have treatment contrasts or a column a level.
 *
 * @example contrastLines(lmm("mAch ~ sx + (1 | school)", hsb, { contrasts: { sx: "sum" } })) // => ["Contrasts: sx sum"]
 */
export function contrastLines(fit: MixedFit): string[] {
  const { fixed, random } = fit.frame;
  const terms = [fixed, ...random.map(({ effects }) => effects)].flatMap((design) => design.terms);
  const coded = terms.flatMap(({ variables, contrastCoded }) => variables.filter((_, v) => contrastCoded[v]));
  const named = coded.flatMap(({ text, contrasts }) =>
    contrasts === null || contrasts.name === "treatment" ? [] : [`${onOneLine(text)} ${contrasts.name}`],
  );
  return named.length === 0 ? [] : [`Contrasts: ${[...new Set(named)].join(", ")}`];
}
