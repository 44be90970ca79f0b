# Profile-likelihood intervals by lme4, on a fine grid so that its spline does not show: `Rscript profile.R` from this folder.
suppressMessages({ library(lme4); library(jsonlite) })
root <- file.path("..", "..", "..", "..", "data")
csv <- function(name) read.csv(file.path(root, paste0(name, ".csv")), stringsAsFactors = TRUE)
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5))
linear <- function(formula, table) lmer(formula, table, REML = FALSE, control = tight)
intervals <- function(fit, delta.cutoff = 1 / 24, ...) {
  began <- proc.time()[["elapsed"]]
  pr <- suppressWarnings(profile(fit, delta.cutoff = delta.cutoff, ...))
  seconds <- proc.time()[["elapsed"]] - began
  out <- lapply(c(0.95, 0.8), function(level) {
    ci <- suppressWarnings(confint(pr, level = level))
    list(level = level, term = rownames(ci), lower = unname(ci[, 1]), upper = unname(ci[, 2]))
  })
  coarse <- proc.time()[["elapsed"]]
  suppressWarnings(profile(fit))
  list(intervals = out, fineSeconds = seconds, defaultSeconds = proc.time()[["elapsed"]] - coarse)
}
sleepstudy <- csv("sleepstudy"); sleepstudy$Subject <- factor(sleepstudy$Subject)
data(cbpp, package = "lme4")
pastes <- csv("pastes"); penicillin <- csv("penicillin"); dyestuff <- csv("dyestuff"); dyestuff2 <- csv("dyestuff2")
out <- list(
  sleepstudy = intervals(linear(Reaction ~ Days + (Days | Subject), sleepstudy)),
  uncorrelated = intervals(linear(Reaction ~ Days + (1 | Subject) + (0 + Days | Subject), sleepstudy)),
  pastes = intervals(linear(strength ~ 1 + (1 | batch/cask), pastes)),
  penicillin = intervals(linear(diameter ~ 1 + (1 | plate) + (1 | sample), penicillin)),
  dyestuff = intervals(linear(Yield ~ 1 + (1 | Batch), dyestuff)),
  dyestuff2 = intervals(linear(Yield ~ 1 + (1 | Batch), dyestuff2)),
  cbpp = intervals(glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial,
    control = glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-9, maxfun = 1e5))), delta.cutoff = 1 / 12)
)
write_json(list(versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4"))), cases = out),
  "profile.json", auto_unbox = TRUE, digits = 12, pretty = TRUE)
