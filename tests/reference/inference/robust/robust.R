# Cluster-robust covariance matrices, Satterthwaite degrees of freedom and HTZ tests from clubSandwich.
# Run from this folder: Rscript robust.R > robust.json
suppressMessages({library(lme4); library(clubSandwich); library(jsonlite)})
# lme4's optimisers stop at a relative distance of about 1e-5 in theta: two Newton steps with numerical derivatives go on from there.
refined <- function(fn, par, lower, upper, control = list(), ...) {
  found <- nloptwrap(par, fn, lower, upper, control = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-9, ftol_abs = 1e-11, maxeval = 1e5))
  for (step in 1:3) found$par <- found$par - solve(numDeriv::hessian(fn, found$par), numDeriv::grad(fn, found$par))
  list(par = found$par, fval = fn(found$par), conv = 0, message = "", feval = 0)
}
tight <- lmerControl(optimizer = "refined", calc.derivs = FALSE, restart_edge = FALSE)
read <- function(name) {
  schema <- fromJSON(file.path("../../../../data", paste0(name, ".schema.json")), simplifyVector = FALSE)
  data <- read.csv(file.path("../../../../data", paste0(name, ".csv")))
  for (f in schema$fields) if (!is.null(f$categories)) data[[f$name]] <- factor(data[[f$name]], levels = unlist(f$categories))
  data
}
hsb <- read("hsb82"); sleep <- read("sleepstudy"); oats <- read("oats"); pastes <- read("pastes"); egsingle <- read("egsingle")
subset.hsb <- droplevels(hsb[hsb$school %in% levels(hsb$school)[1:24], ])
subset.hsb$one <- as.numeric(subset.hsb$school == levels(subset.hsb$school)[1])
# A dozen children of each of the first twenty schools.
few <- droplevels(egsingle[egsingle$schoolid %in% levels(egsingle$schoolid)[1:20], ])
few <- droplevels(few[few$childid %in% unlist(lapply(split(as.character(few$childid), few$schoolid), function(x) head(unique(x), 12))), ])

TYPES <- c("CR0", "CR1", "CR1p", "CR1S", "CR2")
case <- function(name, m, data, cluster, tests = list(), types = TYPES) {
  g <- data[[cluster]]
  p <- length(fixef(m))
  one <- function(type) {
    v <- vcovCR(m, cluster = g, type = type)
    ct <- coef_test(m, vcov = v, test = "Satterthwaite")
    w <- lapply(tests, function(rows) {
      t <- Wald_test(m, constraints = constrain_zero(rows), vcov = v, test = "HTZ")
      list(rows = I(rows - 1), statistic = t$Fstat, numDF = t$df_num, denDF = t$df_denom, pValue = t$p_val)
    })
    list(type = type, vcov = as.vector(as.matrix(v)), df = ct$df_Satt, p = ct$p_Satt, tests = w)
  }
  message(name)
  list(name = name, terms = names(fixef(m)), cluster = cluster, criterion = as.numeric(-2 * logLik(m)), estimates = unname(fixef(m)),
       results = lapply(types, one))
}
cases <- list(
  case("hsb", lmer(mAch ~ meanses * cses + sector * cses + (1 + cses | school), hsb, control = tight), hsb, "school",
       list(2:3, 4:6, 2:6), c("CR0", "CR1S", "CR2")),
  case("hsb-24", lmer(mAch ~ meanses * cses + sector * cses + (1 + cses | school), subset.hsb, control = tight), subset.hsb, "school",
       list(2:3, 4:6, 2L)),
  case("hsb-24-ml", lmer(mAch ~ meanses + cses + (1 | school), subset.hsb, control = tight, REML = FALSE), subset.hsb, "school", list(2:3)),
  case("hsb-24-dummy", lmer(mAch ~ one + cses + (1 | school), subset.hsb, control = tight), subset.hsb, "school", list(3L)),
  case("sleepstudy", lmer(Reaction ~ Days + (Days | Subject), sleep, control = tight), sleep, "Subject", list(1:2, 2L)),
  case("oats", lmer(yield ~ nitro + Variety + (1 | Block/Variety), oats, control = tight), oats, "Block", list(3:4, 2:4)),
  case("pastes", lmer(strength ~ cask + (1 | batch/cask), pastes, control = tight), pastes, "batch", list(2:3)),
  case("egsingle", lmer(math ~ year + lowinc + female + (year | schoolid/childid), few, control = tight), few, "schoolid", list(2:4, 3:4)),
  # The cluster is a level above all random terms.
  case("egsingle-above", lmer(math ~ year + lowinc + (year | childid), few, control = tight), few, "schoolid", list(2:3)))
cat(toJSON(list(software = paste("R", getRversion(), "lme4", packageVersion("lme4"), "clubSandwich", packageVersion("clubSandwich")),
                cases = cases), digits = 14, auto_unbox = TRUE), "\n")
