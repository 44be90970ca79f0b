# R squared and intraclass correlations: performance::r2 and icc, the formulas of Nakagawa, Johnson & Schielzeth (2017) written out, and
# intraclass correlations of responses by numerical integration.
# Run from this folder: Rscript r2.R > r2.json
suppressMessages({library(lme4); library(glmmTMB); library(ordinal); library(performance); library(jsonlite)})
read <- function(folder, name) {
  schema <- fromJSON(file.path(folder, paste0(name, ".schema.json")), simplifyVector = FALSE)
  data <- read.csv(file.path(folder, paste0(name, ".csv")))
  for (f in schema$fields) if (!is.null(f$categories)) data[[f$name]] <- factor(data[[f$name]], levels = unlist(f$categories), ordered = identical(f$categoriesOrdered, TRUE))
  data
}
linear <- function(name) read("../../../../data", name)
general <- function(name) read("../../generalized/data", name)
hsb <- linear("hsb82"); sleep <- linear("sleepstudy"); oats <- linear("oats"); egsingle <- linear("egsingle"); penicillin <- linear("penicillin")
cbpp <- general("cbpp"); contraception <- general("contraception"); wine <- general("wine"); epil <- general("epil2"); salamanders <- general("salamanders")
ticks <- general("grouseticks")
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))

performance.of <- function(m) {
  r <- suppressWarnings(r2_nakagawa(m)); i <- suppressWarnings(icc(m)); g <- suppressWarnings(as.data.frame(icc(m, by_group = TRUE)))
  list(marginal = unname(r$R2_marginal), conditional = unname(r$R2_conditional), adjusted = i$ICC_adjusted, unadjusted = i$ICC_unadjusted,
       groups = setNames(as.list(g$ICC), g$Group))
}
lmm <- list(
  hsb = performance.of(lmer(mAch ~ meanses * cses + sector * cses + (1 + cses | school), hsb, control = tight)),
  sleepstudy = performance.of(lmer(Reaction ~ Days + (Days | Subject), sleep, control = tight)),
  oats = performance.of(lmer(yield ~ nitro + (1 | Block/Variety), oats, control = tight)),
  egsingle = performance.of(lmer(math ~ year + lowinc + (year | schoolid/childid), egsingle, control = tight)),
  penicillin = performance.of(lmer(diameter ~ 1 + (1 | plate) + (1 | sample), penicillin, control = tight)))

# Counts: performance takes the mean exp(b0) of the model without predictors; the paper exp(b0 + tau / 2).
counts <- function(formula, null, data, family) {
  # insight fits the null model anew from the call: it must be one that can be read outside of this function.
  fit <- function(formula) eval(bquote(glmmTMB(.(formula), data = .(data), family = .(family))), globalenv())
  m <- fit(formula); m0 <- fit(null)
  b0 <- unname(fixef(m0)$cond); tau0 <- sum(sapply(VarCorr(m0)$cond, function(v) v[1]))
  f <- var(as.vector(model.matrix(m) %*% fixef(m)$cond)); tau <- sum(sapply(VarCorr(m)$cond, function(v) v[1]))
  mu <- exp(b0 + tau0 / 2)
  cv2 <- switch(m$modelInfo$family$family, poisson = 1 / mu, nbinom2 = 1 / mu + 1 / sigma(m), nbinom1 = (1 + sigma(m)) / mu, Gamma = sigma(m)^2)
  shares <- function(e) list(marginal = f / (f + tau + e), conditional = (f + tau) / (f + tau + e), residual = e)
  list(logLik = as.numeric(logLik(m)), performance = performance.of(m), performanceMean = exp(b0), mean = mu, lognormal = shares(log1p(cv2)), delta = shares(cv2),
       trigamma = shares(trigamma(1 / cv2)))
}
tidy <- function(x) x[setdiff(names(x), c("performance", "performanceMean"))]
poisson.m <- counts(y ~ Base * trt + Age + (1 | subject), y ~ 1 + (1 | subject), quote(epil), quote(poisson))
nbinom2.m <- counts(y ~ Base * trt + Age + (1 | subject), y ~ 1 + (1 | subject), quote(epil), quote(nbinom2))
# insight 0.19 takes nbinom1's variance from nbinom2's formula, and Gamma's without the logarithm: only the paper's here.
nbinom1.m <- tidy(counts(count ~ mined + (1 | site), count ~ 1 + (1 | site), quote(salamanders), quote(nbinom1)))
gamma.m <- tidy(counts(Reaction ~ Days + (1 | Subject), Reaction ~ 1 + (1 | Subject), quote(sleep), quote(Gamma(link = "log"))))
# Effects of single rows count as variation of the distribution.
ticks.m <- glmer(TICKS ~ YEAR + (1 | INDEX) + (1 | BROOD), ticks, poisson, control = glmerControl(optimizer = "bobyqa"))
v <- VarCorr(ticks.m); f <- var(as.vector(model.matrix(ticks.m) %*% fixef(ticks.m)))
rows <- list(marginalOver = f, brood = v$BROOD[1], index = v$INDEX[1])

glmm <- list(
  cbpp = performance.of(glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial)),
  probit = performance.of(glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial("probit"))),
  contraception = performance.of(glmmTMB(use ~ age + urban + (1 + urban | district), contraception, family = binomial)))
w <- clmm(rating ~ temp + contact + (1 | judge), data = wine)
X <- model.matrix(~ temp + contact, wine)[, -1]; f <- var(as.vector(X %*% w$beta)); tau <- as.numeric(VarCorr(w)$judge)
# As performance::r2 has it, with the data at hand (its own reading of a clmm's model matrix needs the call's environment).
clmm.m <- list(marginal = f / (f + tau + pi^2 / 3), conditional = (f + tau) / (f + tau + pi^2 / 3), performance = performance.of(w))

# Responses themselves: probabilities integrated over the random effect, at each row's own fixed part.
observed <- function(m, link) {
  eta <- as.vector(model.matrix(m) %*% fixef(m)$cond); tau <- VarCorr(m)$cond[[1]][1]
  E <- function(g, e) integrate(function(z) g(e + sqrt(tau) * z) * dnorm(z), -Inf, Inf, rel.tol = 1e-11)$value
  first <- sapply(eta, function(e) E(link, e)); second <- sapply(eta, function(e) E(function(x) link(x)^2, e))
  list(variance = mean(second - first^2), share = mean(second - first^2) / mean(first * (1 - first)))
}
observation <- list(
  cbpp = observed(glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial), plogis),
  cloglog = observed(glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial("cloglog")), function(x) -expm1(-exp(x))))
m <- glmmTMB(TICKS ~ YEAR + (1 | LOCATION/BROOD), ticks, family = poisson)
eta <- as.vector(model.matrix(m) %*% fixef(m)$cond); t3 <- VarCorr(m)$cond$LOCATION[1]; t2 <- VarCorr(m)$cond$`BROOD:LOCATION`[1]
mu <- exp(eta + (t2 + t3) / 2); total <- mean(mu^2 * expm1(t2 + t3) + mu)
observation$poisson <- list(outer = mean(mu^2 * expm1(t3)) / total, inner = mean(mu^2 * exp(t3) * expm1(t2)) / total)
cat(toJSON(list(software = paste("R", getRversion(), "performance", packageVersion("performance"), "insight", packageVersion("insight")),
                lmm = lmm, poisson = poisson.m, nbinom2 = nbinom2.m, nbinom1 = nbinom1.m, gamma = gamma.m, rows = rows, glmm = glmm, clmm = clmm.m,
                observation = observation), digits = 12, auto_unbox = TRUE, pretty = TRUE), "\n")
