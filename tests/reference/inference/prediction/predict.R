# Predictions with standard errors, population averages and average marginal effects, from definitions where R has no function:
# lme4 1.1-31 (whose predict has no se.fit yet), glmmTMB 1.1.5, numDeriv. Rscript predict.R   (from this folder; writes predict.json)
suppressMessages({library(lme4); library(glmmTMB); library(jsonlite); library(numDeriv)})
data_dir <- "../../../../data"
gdata <- "../../generalized/data"
read <- function(dir, name, factors) { d <- read.csv(file.path(dir, paste0(name, ".csv"))); for (f in factors) d[[f]] <- factor(d[[f]]); d }
out <- list()

# Columns of Z for new rows: units are matched by name, so that subsets of units are no trouble.
new_rows <- function(m, newdata) {
  X <- model.matrix(formula(m, fixed.only = TRUE)[-2], newdata)
  bars <- findbars(formula(m))
  Zs <- lapply(bars, function(b) {
    S <- model.matrix(as.formula(bquote(~ .(b[[2]]))), newdata)
    g <- as.character(eval(b[[3]], newdata))
    levels <- levels(getME(m, "flist")[[deparse(b[[3]])]])
    Z <- matrix(0, nrow(newdata), length(levels) * ncol(S))
    for (i in seq_len(nrow(newdata))) { k <- match(g[i], levels); if (!is.na(k)) Z[i, (k - 1) * ncol(S) + seq_len(ncol(S))] <- S[i, ] }
    list(Z = Z, group = deparse(b[[3]]), S = S)
  })
  order <- match(names(getME(m, "cnms")), vapply(Zs, `[[`, "", "group"))
  list(X = X, Z = do.call(cbind, lapply(Zs[order], `[[`, "Z")))
}
# Standard error of X beta + Z b by the dense mixed-model equations, variances known (Henderson 1975).
dense <- function(m, newdata) {
  X <- getME(m, "X"); Z <- as.matrix(getME(m, "Z")); L <- as.matrix(getME(m, "Lambda")); W <- diag(weights(m)); ZL <- Z %*% L
  C <- solve(rbind(cbind(t(ZL) %*% W %*% ZL + diag(ncol(ZL)), t(ZL) %*% W %*% X), cbind(t(X) %*% W %*% ZL, t(X) %*% W %*% X))) * sigma(m)^2
  r <- new_rows(m, newdata)
  w <- cbind(r$Z %*% L, r$X)
  list(fit = as.vector(r$X %*% fixef(m) + r$Z %*% as.vector(getME(m, "b"))), se = sqrt(rowSums((w %*% C) * w)), population = as.vector(r$X %*% fixef(m)), population_se = sqrt(rowSums((r$X %*% as.matrix(vcov(m))) * r$X)))
}
sleep <- read(data_dir, "sleepstudy", "Subject")
m <- lmer(Reaction ~ Days + (Days | Subject), sleep)
nd <- data.frame(Days = c(0, 5, 12, 3, 3), Subject = c("308", "372", "309", "335", "308"))
out$sleep <- dense(m, nd)
stopifnot(max(abs(out$sleep$fit - predict(m, nd))) < 1e-8)
out$sleep_sigma <- sigma(m); out$sleep_new_variance <- as.vector({ z <- cbind(1, nd$Days); rowSums((z %*% as.matrix(VarCorr(m)$Subject)) * z) })
pen <- read(data_dir, "penicillin", c("plate", "sample"))
m <- lmer(diameter ~ 1 + (1 | plate) + (1 | sample), pen)
nd <- data.frame(plate = c("a", "x", "c"), sample = c("F", "A", "C"))
out$penicillin <- dense(m, nd)
past <- read(data_dir, "pastes", c("batch", "cask"))
past$cask_batch <- factor(paste0(past$cask, ":", past$batch))
m <- lmer(strength ~ 1 + (1 | batch) + (1 | cask_batch), past)
nd <- data.frame(batch = c("A", "J", "D"), cask_batch = c("b:A", "a:J", "zz"))
out$pastes <- dense(m, nd)
weighted <- read(data_dir, "sleepstudy-weighted", "Subject")
m <- lmer(Reaction ~ Days + (Days | Subject), weighted, weights = w)
out$weighted <- dense(m, data.frame(Days = c(0, 9), Subject = c("308", "352")))

cbpp <- read(gdata, "cbpp", c("herd", "period"))
m <- glmmTMB(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial)
nd <- data.frame(period = factor(c(1, 2, 4, 1)), herd = c("1", "15", "7", "new"), incidence = 1, size = 10)
p <- predict(m, nd, type = "link", se.fit = TRUE, allow.new.levels = TRUE)
out$cbpp_link <- list(fit = as.vector(p$fit), se = as.vector(p$se.fit))
p <- predict(m, nd, type = "response", se.fit = TRUE, allow.new.levels = TRUE)
out$cbpp_response <- list(fit = as.vector(p$fit), se = as.vector(p$se.fit))
p <- predict(m, nd[1:3, ], type = "link", se.fit = TRUE, re.form = NA)
out$cbpp_population <- list(fit = as.vector(p$fit), se = as.vector(p$se.fit))

# All parameters of a glmmTMB fit with their covariance: conditional and zero-inflation coefficients, log dispersion, log sd.
average <- function(m, value) {
  par <- m$fit$par; V <- m$sdr$cov.fixed
  g <- grad(value, par, method.args = list(r = 6))
  list(estimate = value(par), se = sqrt(sum(g * (V %*% g))))
}
X <- model.matrix(~ period, cbpp)
population <- function(eta, v) vapply(eta, function(e) integrate(function(z) plogis(e + sqrt(v) * z) * dnorm(z), -9, 9, rel.tol = 1e-12)$value, 0)
rows <- function(par, X) population(as.vector(X %*% par[1:4]), exp(2 * par[5]))
out$cbpp_average <- average(m, function(par) mean(rows(par, X)))
out$cbpp_rows <- rows(m$fit$par, X)[1:4]
with_period <- function(k) model.matrix(~ period, transform(cbpp, period = factor(k, levels = 1:4)))
out$cbpp_effects <- lapply(2:4, function(k) average(m, function(par) mean(rows(par, with_period(k)) - rows(par, with_period(1)))))
out$cbpp_effects_zero <- lapply(2:4, function(k) average(m, function(par) mean(plogis(with_period(k) %*% par[1:4]) - plogis(with_period(1) %*% par[1:4]))))

salamanders <- read(gdata, "salamanders", c("site", "mined", "spp"))
salamanders$mined <- relevel(salamanders$mined, "yes")
m <- glmmTMB(count ~ mined + cover + (1 | site), ziformula = ~ mined, family = nbinom2, salamanders)
nd <- salamanders[c(1, 50, 300), ]
p <- predict(m, nd, type = "response", se.fit = TRUE)
out$salamanders_response <- list(fit = as.vector(p$fit), se = as.vector(p$se.fit), rows = c(1, 50, 300))
p <- predict(m, nd, type = "link", se.fit = TRUE)
out$salamanders_link <- list(fit = as.vector(p$fit), se = as.vector(p$se.fit))
# slope of cover in the mean, integrated over sites: exp(v / 2)
par_names <- names(m$fit$par)
mean_slope <- function(par) {
  b <- par[par_names == "beta"]; z <- par[par_names == "betazi"]; v <- exp(2 * par[par_names == "theta"])
  X <- model.matrix(~ mined + cover, salamanders); Z <- model.matrix(~ mined, salamanders)
  mean(plogis(-(Z %*% z)) * exp(X %*% b + v / 2)) * b[3]
}
out$salamanders_slope <- average(m, mean_slope)

# Limits of a new count: the normal mixture of negative binomial distributions.
limit <- function(p, eta, s, theta, zero) {
  z <- seq(-8, 8, length.out = 2001); w <- dnorm(z) / sum(dnorm(z))
  F <- function(y) zero + (1 - zero) * sum(w * pnbinom(y, mu = exp(eta + s * z), size = theta))
  y <- 0; while (F(y) < p) y <- y + 1; y
}
zero <- plogis(as.vector(model.matrix(~ mined, nd) %*% fixef(m)$zi))
out$salamanders_limits <- lapply(1:3, function(i) c(limit(0.025, p$fit[i], p$se.fit[i], sigma(m), zero[i]), limit(0.975, p$fit[i], p$se.fit[i], sigma(m), zero[i])))

writeLines(toJSON(out, digits = NA, pretty = TRUE, na = "null", auto_unbox = TRUE), "predict.json")
