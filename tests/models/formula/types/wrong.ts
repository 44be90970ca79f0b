import { glmm, lessons, lmm } from "./lessons.js";

lmm("score ~ mtk + (1 | school)", lessons);
lmm("scor ~ mkt", lessons);
lmm("score ~ mkt + (1 | schol)", lessons);
lmm("score ~ mkt * (visoin)", lessons);
lmm("score ~ log(mkt) + log(visoin + 1)", lessons);
lmm("score ~ `my vra`:mkt", lessons);
lmm("score ~ I(schol == 'b')", lessons);
lmm("score ~ I(mkt>=visoin)", lessons);
lmm("score ~ (1 | mm(t1, t2, weights = w1 + w3))", lessons);
lmm("score ~ mkt +\n\tvisoin", lessons);
lmm("score ~ C(school, smu)", lessons);
lmm("score ~ Mkt", lessons);
lmm("score ~ naive_2", lessons);
glmm("score ~ mkt", lessons, { zi: "~ mtk + (1 | school)" });
glmm("score ~ mkt", lessons, { zi: "~ 1", dispersion: "~ 0 + log(visoin)" });
glmm("score ~ mkt", lessons, { zi: "~ (1 | schol)" });
