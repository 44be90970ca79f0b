# Reference values for several tests at once, equivalence, and terms left out of generalized models: writes several.json beside this file.
#
# Run from the project's root (R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, emmeans 1.8.4-1, ordinal 2022.11-16, glmmTMB 1.1.5, jsonlite):
#   Rscript tests/reference/inference/tests/several.R
#
# `adjusted`: R's p.adjust of `p`. `tukey`: pairwise comparisons of emmeans with Tukey's p values and intervals. `qtukey`, `ptukey`:
# [q or p, means, df, value]; R's own ptukey is good to about 1e-10 in the middle, and not in the tails (see
# tests/inference/distributions/studentized-range.py). `equivalence`: emmeans' test(delta, side = "equivalence").
# `generalized`: log-likelihoods of models with and without terms.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(emmeans)
})
options(digits = 17)
p <- c(0.012, 0.0004, 0.3, 0.04, 0.04, 0.9, 0.021)
adjusted <- list(p = p, holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni"), bh = p.adjust(p, "BH"))

grid <- expand.grid(means = c(2, 3, 5, 12, 40), df = c(2, 3.7, 10, 60, 1000, Inf))
ptukey_rows <- do.call(rbind, lapply(seq_len(nrow(grid)), function(i) {
  q <- c(0.5, 1.5, 3, 4.5)
  cbind(q, grid$means[i], grid$df[i], ptukey(q, grid$means[i], grid$df[i]))
}))
qtukey_rows <- do.call(rbind, lapply(seq_len(nrow(grid)), function(i) {
  p <- c(0.1, 0.5, 0.95)
  q <- suppressWarnings(qtukey(p, grid$means[i], grid$df[i]))
  # qtukey stops short where its secant does not converge
  back <- abs(ptukey(q, grid$means[i], grid$df[i]) - p) < 1e-9
  cbind(p, grid$means[i], grid$df[i], q)[is.finite(q) & back, , drop = FALSE]
}))

d <- read.csv("data/oats.csv", stringsAsFactors = TRUE)
d$Variety <- factor(d$Variety, levels = unlist(jsonlite::fromJSON("data/oats.schema.json", simplifyVector = FALSE)$fields[[2]]$categories))
fit <- lmer(yield ~ Variety + nitro + (1 | Block/Variety), d, control = lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10)))
means <- emmeans(fit, "Variety", lmer.df = "kenward-roger")
both <- as.data.frame(summary(pairs(means), infer = c(TRUE, TRUE)))
tukey <- lapply(seq_len(nrow(both)), function(i) as.list(both[i, ]))
plain <- as.data.frame(summary(pairs(means, adjust = "none"), infer = c(TRUE, TRUE)))
single <- lapply(seq_len(nrow(plain)), function(i) as.list(plain[i, ]))
tost <- as.data.frame(test(pairs(means), delta = 25, side = "equivalence", adjust = "none"))
equivalence <- list(delta = 25, p = tost$p.value)

at <- "tests/reference/generalized/data"
cbpp <- read.csv(file.path(at, "cbpp.csv"))
cbpp$period <- factor(cbpp$period)
g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, control = glmerControl(optCtrl = list(maxfun = 1e5), tolPwrss = 1e-12))
wine <- read.csv(file.path(at, "wine.csv"))
wine$rating <- factor(wine$rating, ordered = TRUE)
cl <- ordinal::clmm(rating ~ temp + contact + (1 | judge), wine, control = ordinal::clmm.control(gradTol = 1e-7))
salamanders <- read.csv(file.path(at, "salamanders.csv"))
zip <- function(f) as.numeric(logLik(glmmTMB::glmmTMB(f, ziformula = ~mined, salamanders, family = poisson)))
generalized <- list(
  cbpp = list(full = as.numeric(logLik(g)), `(1 | herd)` = as.numeric(logLik(glm(cbind(incidence, size - incidence) ~ period, binomial, cbpp))),
    period = as.numeric(logLik(update(g, . ~ . - period)))),
  wine = list(full = as.numeric(logLik(cl)), `(1 | judge)` = as.numeric(logLik(ordinal::clm(rating ~ temp + contact, data = wine))),
    temp = as.numeric(logLik(ordinal::clmm(rating ~ contact + (1 | judge), wine))), contact = as.numeric(logLik(ordinal::clmm(rating ~ temp + (1 | judge), wine)))),
  salamanders = list(full = zip(count ~ mined + (1 | site)), `(1 | site)` = zip(count ~ mined), mined = zip(count ~ 1 + (1 | site)))
)

result <- list(adjusted = adjusted, ptukey = ptukey_rows, qtukey = qtukey_rows, tukey = tukey, single = single, equivalence = equivalence, generalized = generalized)
text <- jsonlite::toJSON(result, auto_unbox = TRUE, digits = NA, pretty = TRUE)
writeLines(text, "tests/reference/inference/tests/several.json")
