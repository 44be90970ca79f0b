# Marginal means, contrasts and slopes with emmeans 1.8.4, of lme4 1.1-31, lmerTest, ordinal 2022.11-16 and glmmTMB 1.1.5 fits.
# Rscript means.R   (from this folder; writes means.json)
suppressMessages({library(lme4); library(lmerTest); library(ordinal); library(glmmTMB); library(emmeans); library(splines); library(jsonlite)})
emm_options(cov.keep = character(0), lmer.df = "satterthwaite")
data_dir <- "../../../../data"
gdata <- "../../generalized/data"
read <- function(dir, name, factors) { d <- read.csv(file.path(dir, paste0(name, ".csv"))); for (f in factors) d[[f]] <- factor(d[[f]]); d }
frame <- function(e, ..., adjusted = "none") { s <- as.data.frame(summary(e, infer = c(TRUE, TRUE), adjust = adjusted, ...)); names(s) <- gsub("asymp\\.", "", names(s)); s }
out <- list()

sleep <- read(data_dir, "sleepstudy", "Subject")
oats <- read(data_dir, "oats", c("Block", "Variety"))
oats$nitro <- factor(oats$nitro)
m <- lmer(yield ~ Variety * nitro + (1 | Block/Variety), oats)
e <- emmeans(m, "nitro")
out$oats_nitro <- frame(e)
out$oats_variety_by_nitro <- frame(emmeans(m, ~ Variety | nitro))
out$oats_pairs <- frame(pairs(e))
out$oats_tukey <- frame(pairs(e), adjusted = "tukey")
out$oats_tukey_by <- frame(pairs(emmeans(m, ~ Variety | nitro)), adjusted = "tukey")
for (a in c("holm", "bonferroni", "bh")) out[[paste0("oats_", a)]] <- frame(contrast(e, "trt.vs.ctrl"), adjusted = a)
out$oats_treatment <- frame(contrast(e, "trt.vs.ctrl", ref = 2))
out$oats_poly <- frame(contrast(e, "poly"))
out$oats_effects <- frame(contrast(e, "eff"))
out$oats_custom <- frame(contrast(e, list(half = c(-1, -1, 1, 1) / 2)))
out$oats_pairs_by <- frame(pairs(emmeans(m, ~ Variety | nitro)))
out$oats_kr <- frame(emmeans(m, "nitro", lmer.df = "kenward-roger"))
out$oats_kr_pairs <- frame(pairs(emmeans(m, "nitro", lmer.df = "kenward-roger")))

m <- lmer(Reaction ~ poly(Days, 2) + (Days | Subject), sleep)
out$sleep_poly <- frame(emmeans(m, "Days", at = list(Days = c(0, 3.5, 9))))
out$sleep_poly_mean <- frame(emmeans(m, ~ 1))
out$sleep_trend <- frame(emtrends(m, ~ Days, var = "Days", at = list(Days = c(1, 8)), delta.var = 1e-6))

hsb <- read(data_dir, "hsb82", c("school", "minrty", "sx"))
hsb$sx <- relevel(hsb$sx, "Male")
hsb$sector <- factor(hsb$sector, c("Public", "Catholic"))
m <- lmer(mAch ~ sector * minrty + sx * ns(ses, 3) + log(meanses + 2) + (1 | school), hsb)
for (w in c("equal", "proportional", "outer", "cells", "flat")) out[[paste0("hsb_", w)]] <- frame(emmeans(m, "sector", weights = w, data = hsb))
m <- lmer(mAch ~ sector * cses + meanses * sx + (1 + cses | school), hsb)
out$hsb_slopes <- frame(emtrends(m, ~ sector, var = "cses"))
out$hsb_slopes_pairs <- frame(pairs(emtrends(m, ~ sector, var = "cses")))

cbpp <- read(gdata, "cbpp", c("herd", "period"))
m <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, family = binomial, control = glmerControl(tolPwrss = 1e-12, optimizer = "nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-12, xtol_rel = 1e-12, ftol_rel = 1e-12)))
e <- emmeans(m, "period")
out$cbpp_link <- frame(e)
out$cbpp_response <- frame(emmeans(m, "period", type = "response"))
out$cbpp_bias <- frame(emmeans(m, "period"), type = "response", bias.adjust = TRUE, sigma = 0.6420699)
out$cbpp_tukey <- frame(pairs(e, type = "response"), adjusted = "tukey")
out$cbpp_odds <- frame(pairs(e, type = "response"))

wine <- read(gdata, "wine", c("judge", "temp", "contact"))
wine$rating <- factor(wine$rating, ordered = TRUE)
m <- clmm(rating ~ temp + contact + (1 | judge), wine, control = clmm.control(gradTol = 1e-9))
# clmm's Hessian is good to two or three digits: estimates and Hessian are replaced by those of the same Laplace approximation,
# written out and differentiated by numDeriv.
laplace <- function(par) {
  alpha <- c(-Inf, par[1:4], Inf); sd <- exp(par[7])
  eta <- par[5] * (wine$temp == "warm") + par[6] * (wine$contact == "yes")
  y <- as.integer(wine$rating)
  -sum(vapply(levels(wine$judge), function(j) {
    i <- wine$judge == j
    upper <- alpha[y[i] + 1] - eta[i]; lower <- alpha[y[i]] - eta[i]
    u <- 0
    for (step in 1:50) {
      F1 <- plogis(upper - sd * u); F2 <- plogis(lower - sd * u); f1 <- F1 * (1 - F1); f2 <- F2 * (1 - F2)
      move <- (sd * sum(F1 + F2 - 1) - u) / (1 + sd^2 * sum(f1 + f2))
      u <- u + move
      if (abs(move) < 1e-14) break
    }
    F1 <- plogis(upper - sd * u); F2 <- plogis(lower - sd * u)
    sum(log(F1 - F2)) - u^2 / 2 - log(1 + sd^2 * sum(F1 * (1 - F1) + F2 * (1 - F2))) / 2
  }, 0))
}
start <- c(coef(m)[1:6], log(m$ST[[1]][1]))
best <- nlminb(start, laplace, function(p) numDeriv::grad(laplace, p), control = list(rel.tol = 1e-15, x.tol = 1e-12))$par
H <- numDeriv::hessian(laplace, best)
m$coefficients[1:6] <- best[1:6]; m$alpha[] <- best[1:4]; m$beta[] <- best[5:6]
m$Hessian[] <- H
stopifnot(max(abs(best - start)) < 1e-4, abs(laplace(best) + m$logLik) < 1e-6)
for (mode in c("latent", "prob", "cum.prob", "exc.prob", "mean.class")) {
  specs <- switch(mode, prob = ~ rating | temp, cum.prob = ~ cut | temp, exc.prob = ~ cut | temp, ~ temp)
  out[[paste0("wine_", sub("\\.", "_", mode))]] <- frame(emmeans(m, specs, mode = mode))
}
out$wine_prob_pairs <- frame(pairs(emmeans(m, ~ temp | rating, mode = "prob")))

sal <- read(gdata, "salamanders", c("site", "mined", "spp", "sample"))
sal$mined <- relevel(sal$mined, "yes")
m <- glmmTMB(count ~ mined + spp + (1 | site), ziformula = ~ mined, family = nbinom2, sal)
out$salamanders_rates <- frame(emmeans(m, "mined", type = "response", df = Inf))
out$salamanders_ratio <- frame(pairs(emmeans(m, "mined", df = Inf), type = "response"))

# A rank-deficient design: one cell without rows.
d <- subset(oats, !(Variety == "Victory" & nitro == "0.6"))
d$Variety <- factor(d$Variety)
m <- suppressMessages(lmer(yield ~ Variety * nitro + (1 | Block), d))
out$deficient <- frame(emmeans(m, ~ Variety))
out$deficient_cells <- frame(emmeans(m, ~ Variety | nitro))

writeLines(toJSON(out, digits = NA, pretty = TRUE, na = "null", auto_unbox = TRUE), "means.json")
