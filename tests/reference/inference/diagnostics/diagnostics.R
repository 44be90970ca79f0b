# Reference values for diagnostics: lme4's hatvalues, residuals, cooks.distance and rePCA; deletion of rows and units with the variance
# parameters held, by generalized least squares with the dense covariance matrix; performance's variance inflation; Shapiro-Wilk and
# Kolmogorov-Smirnov of R's stats; DHARMa's definitions written out; likelihood-ratio tests of proportional odds with ordinal's clmm2.
# Run from this folder: Rscript diagnostics.R > diagnostics.json
suppressMessages({library(lme4); library(ordinal); library(performance); library(jsonlite); library(glmmTMB)})
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
read <- function(name, folder = "../../../../data") {
  schema <- fromJSON(file.path(folder, paste0(name, ".schema.json")), simplifyVector = FALSE)
  data <- read.csv(file.path(folder, paste0(name, ".csv")))
  for (f in schema$fields) if (!is.null(f$categories)) data[[f$name]] <- factor(data[[f$name]], levels = unlist(f$categories))
  data
}
generalized <- "../../generalized/data"

# Generalized least squares without some rows: V from the fit's variance parameters.
influence.by.hand <- function(m, units) {
  X <- getME(m, "X"); y <- getME(m, "y"); w <- weights(m, type = "prior"); p <- ncol(X)
  A <- getME(m, "Lambdat") %*% getME(m, "Zt"); V <- as.matrix(crossprod(A)) + diag(1 / w)
  beta <- fixef(m); inverse <- solve(as.matrix(vcov(m)))
  d <- t(sapply(units, function(out) {
    keep <- setdiff(seq_along(y), out); Vi <- solve(V[keep, keep]); Xk <- X[keep, , drop = FALSE]
    beta - as.vector(solve(t(Xk) %*% Vi %*% Xk, t(Xk) %*% Vi %*% y[keep]))
  }))
  if (p == 1) d <- t(d)
  list(dfbeta = unname(d), cooksDistance = unname(rowSums((d %*% inverse) * d) / p))
}
linear <- function(m) {
  groups <- getME(m, "flist")
  units <- lapply(groups, function(g) influence.by.hand(m, split(seq_along(g), g)))
  p <- ncol(getME(m, "X"))
  list(theta = unname(getME(m, "theta")), hat = unname(hatvalues(m)), lme4Cook = unname(cooks.distance(m)),
       pearson = unname(residuals(m, "pearson", scaled = TRUE)), rows = influence.by.hand(m, as.list(seq_len(nobs(m)))), units = units)
}
sleep <- read("sleepstudy"); weighted <- read("sleepstudy-weighted"); pastes <- read("pastes"); penicillin <- read("penicillin"); oats <- read("oats")
hsb <- read("hsb82")
slope <- lmer(Reaction ~ Days + (Days | Subject), sleep, control = tight)
models <- list(
  sleepstudy = slope,
  weighted = lmer(Reaction ~ Days + (Days | Subject), weighted, weights = w, control = tight),
  pastes = lmer(strength ~ 1 + (1 | batch/cask), pastes, control = tight),
  penicillin = lmer(diameter ~ 1 + (1 | plate) + (1 | sample), penicillin, control = tight),
  oats = lmer(yield ~ nitro + (1 | Block/Variety), oats, control = tight))
full <- lmer(mAch ~ meanses * cses + sector * cses + (1 + cses | school), hsb, control = tight)

# lme4's own residuals of generalized models.
cbpp <- read("cbpp", generalized); epil <- read("epil2", generalized); wine <- read("wine", generalized)
tighter <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
incidence <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, control = tighter)
poisson <- glmer(y ~ Base * trt + Age + (1 | subject), epil, poisson, control = tighter)
residuals.of <- function(m) list(deviance = unname(residuals(m, "deviance")), pearson = unname(residuals(m, "pearson")), response = unname(residuals(m, "response")))
# One step without a unit, at fixed variance: penalized iteratively reweighted least squares once from the estimates.
one.step <- function(m, out) {
  X <- getME(m, "X"); A <- t(as.matrix(getME(m, "Lambdat") %*% getME(m, "Zt"))); mu <- fitted(m); n <- if (isGLMM(m) && family(m)$family == "binomial") weights(m, "prior") else rep(1, nobs(m))
  W <- n * family(m)$variance(mu); g <- n * (getME(m, "y") - mu)
  J <- cbind(A, X); k <- ncol(A); keep <- setdiff(seq_along(mu), out)
  H <- t(J[keep, ]) %*% (W[keep] * J[keep, ]) + diag(c(rep(1, k), rep(0, ncol(X))))
  s <- t(J[out, , drop = FALSE]) %*% g[out]
  as.vector(solve(H, s))[-(1:k)]
}

# performance / car: generalized variance inflation.
inflation <- function(m) { v <- check_collinearity(m); list(term = v$Term, vif = v$VIF) }
gvif <- function(m) {
  a <- attr(model.matrix(m), "assign")[-1]; R <- cov2cor(as.matrix(vcov(m))[-1, -1])
  list(term = attr(terms(m), "term.labels"), df = as.vector(table(a)), gvif = sapply(unique(a), function(t) { s <- which(a == t); det(R[s, s, drop = FALSE]) * det(R[-s, -s, drop = FALSE]) / det(R) }))
}
curve <- lmer(yield ~ nitro * Variety + (1 | Block), oats, control = tight)

# DHARMa's definitions.
set.seed(20260722)
n <- 60; nSim <- 40; mu <- exp(rnorm(n, 1, 0.7))
simulated <- matrix(rpois(n * nSim, mu), n, nSim); observed <- rnbinom(n, mu = mu, size = 1); predicted <- mu
below <- rowMeans(simulated < observed); upTo <- rowMeans(simulated <= observed)
two.sided <- function(sim, obs) min(2 * min(mean(sim <= obs), mean(sim >= obs)), 1)
spread <- function(x) var(x - predicted)
zeros <- colSums(simulated == 0)
continuous <- matrix(rnorm(n * nSim), n, nSim); y <- rnorm(n, 0, 1.6)
outliers <- sum(rowMeans(continuous < y) == 0) + sum(rowMeans(continuous <= y) == 1)
uniform <- runif(40)^1.3; many <- runif(400)^1.1
dharma <- list(observed = observed, simulated = simulated, predicted = predicted, lower = below, upper = upTo,
  dispersion = list(statistic = spread(observed) / mean(apply(simulated, 2, spread)), pValue = two.sided(apply(simulated, 2, spread), spread(observed))),
  zeros = list(observed = sum(observed == 0), expected = mean(zeros), ratio = sum(observed == 0) / mean(zeros), pValue = two.sided(zeros, sum(observed == 0))),
  outliers = list(observed = y, simulated = continuous, count = outliers, pValue = binom.test(outliers, n, 2 / (nSim + 1))$p.value))
ks <- list(small = list(x = uniform, statistic = unname(ks.test(uniform, "punif", exact = TRUE)$statistic), pValue = ks.test(uniform, "punif", exact = TRUE)$p.value),
           large = list(x = many, statistic = unname(ks.test(many, "punif", exact = FALSE)$statistic), pValue = ks.test(many, "punif", exact = FALSE)$p.value))
binomial.tests <- lapply(list(c(0, 60, 2 / 41), c(7, 60, 2 / 41), c(3, 500, 2 / 251), c(12, 500, 2 / 251)), function(x) list(x = x, pValue = binom.test(x[1], x[2], x[3])$p.value))

# Normality of modes, each by the standard deviation that it has under the model.
modes <- function(m, group) {
  r <- ranef(m, condVar = TRUE)[[group]]; v <- attr(r, "postVar"); S <- VarCorr(m)[[group]]
  lapply(setNames(seq_along(r), names(r)), function(k) {
    z <- r[[k]] / sqrt(S[k, k] - v[k, k, ]); t <- shapiro.test(z)
    list(standardized = z, statistic = unname(t$statistic), pValue = t$p.value, raw = unname(shapiro.test(r[[k]])$statistic), quantiles = qnorm(ppoints(length(z))))
  })
}
samples <- list(c(2, 7, 1), c(1.2, 0.3, -0.8, 2.2, 0.1), rexp(11), rnorm(12), rt(200, 3), rnorm(4000))
shapiro <- lapply(samples, function(x) { t <- shapiro.test(x); list(x = x, statistic = unname(t$statistic), pValue = t$p.value) })

# Principal components of the random effects.
pca <- function(m) lapply(rePCA(m), function(x) list(sdev = x$sdev, rotation = x$rotation))

# Proportional odds: each term's effect free at every threshold against one effect.
loose <- clmm2(rating ~ temp + contact, random = judge, data = wine, Hess = TRUE)
ratio <- function(m, free, column) {
  at <- names(free$Theta)
  list(statistic = -2 * (m$logLik - free$logLik), df = free$edf - m$edf)
}
nominal <- list(temp = clmm2(rating ~ contact, nominal = ~ temp, random = judge, data = wine, Hess = TRUE),
                contact = clmm2(rating ~ temp, nominal = ~ contact, random = judge, data = wine, Hess = TRUE))

result <- list(
  software = paste("R", getRversion(), "lme4", packageVersion("lme4"), "ordinal", packageVersion("ordinal"), "performance", packageVersion("performance")),
  linear = lapply(models, linear),
  residuals = list(incidence = residuals.of(incidence), poisson = residuals.of(poisson)),
  oneStep = list(incidence = t(sapply(split(seq_len(nobs(incidence)), cbpp$herd), function(o) one.step(incidence, o))),
                 rows = t(sapply(1:10, function(o) one.step(poisson, o)))),
  collinearity = list(hsb = inflation(full), hsbByFormula = gvif(full), oats = gvif(curve)),
  dharma = dharma, ks = ks, binomial = binomial.tests,
  modes = list(sleepstudy = modes(slope, "Subject"), hsb = modes(full, "school")), shapiro = shapiro,
  pca = list(sleepstudy = pca(slope), hsb = pca(full)), sigma = list(sleepstudy = sigma(slope), hsb = sigma(full)),
  proportionalOdds = lapply(nominal, function(f) c(ratio(loose, f), list(thresholds = as.list(f$coefficients[1:8])))))
cat(toJSON(result, digits = 12, auto_unbox = TRUE, pretty = FALSE, na = "null"), "\n")
