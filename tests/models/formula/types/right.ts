import { glmm, type Lesson, lessons, lmm, type Table, text, unknownRows } from "./lessons.js";

lmm("score ~ mkt + (1 | school)", lessons);
lmm("score~mkt*vision+(1+mkt|school/teacher)", lessons, { method: "ML" });
lmm("score ~ `my var`:mkt + naïve_2 + .x - 1", lessons);
lmm("log(score + 1) ~ poly(mkt, degree = 2, raw = TRUE) + I(mkt^2 >= 1e-3) + ns (vision, df = 3) + 0.5*.5*1L", lessons);
lmm(
  `score ~ mkt
	+ vision + (1 | mm(t1, t2, weights = w1 + w2))`,
  lessons,
);
lmm("score ~ I(school == \"it's not\") + I(teacher != 'a `b` \"c\"') + I(school %in% c('x','y')) + mkt %in% vision", lessons);
lmm("score ~ C(school, sum) + C(teacher, contr.helmert) + relevel(school, ref = 'b') + . + (mkt || school)", lessons);
lmm("score ~ I(school == 'a \\'quoted\\' nmae')", lessons);

// What cannot be seen passes.
lmm(text, lessons);
lmm(`score ~ ${text}`, lessons);
lmm("anything ~ goes + (1 | here)", unknownRows);
lmm("anything ~ goes + (1 | here)", unknownRows as Table<object>);

// The formula keeps its literal type, and a function that knows only `string` may pass one on.
export const kept: "score ~ mkt" = lmm("score ~ mkt", lessons);
export function fitAny<Row extends object>(formula: string, table: Table<Row>): string {
  return lmm(formula, table);
}
export function fitBoth(formula: "score ~ mkt" | "score ~ vision", table: Table<Lesson>): string {
  return lmm(formula, table);
}

// 440 signs.
lmm(
  "score ~ mkt + vision + mkt:vision + log(mkt + 1) + log(vision + 1) + poly(mkt, 2) + poly(vision, 2) + I(mkt^2) + I(vision^2) + I(mkt * vision) + I(mkt / 2) + `my var` + `my var`:mkt + `my var`:vision + naïve_2 + naïve_2:mkt + naïve_2:vision + cwc(mkt, school) + cwc(vision, school) + groupMean(mkt, school) + groupMean(vision, school) + (1 + cwc(mkt, school) + cwc(vision, school) | school/teacher) + (1 | mm(t1, t2, weights = w1 + w2))",
  lessons,
);

// One-sided formulas in options.
glmm("score ~ mkt", lessons);
glmm("score ~ mkt", lessons, { family: "poisson" });
glmm("score ~ mkt", lessons, { zi: "~ 1" });
glmm("score ~ mkt", lessons, { zi: "~ 0 + vision + (1 | school/teacher)", dispersion: "~`my var`-1" });
glmm("score ~ mkt", lessons, { zi: text, dispersion: undefined });
glmm("score ~ mkt", unknownRows, { zi: "~ anything" });
export function fitZeros(zi: string): string {
  return glmm("score ~ mkt", lessons, { zi });
}
