# Reference values for the inference room: robust covariance (clubSandwich), HLM's reliabilities and chi-square tests from
# ordinary regressions in each unit, Wald intervals and likelihood-ratio statistics (lme4).
# Run from this folder: Rscript reference.R > reference.json
suppressMessages({library(lme4); library(clubSandwich); library(jsonlite)})
tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5))
read <- function(name) {
  schema <- fromJSON(file.path("../../data", paste0(name, ".schema.json")), simplifyVector = FALSE)
  data <- read.csv(file.path("../../data", paste0(name, ".csv")))
  for (f in schema$fields) if (!is.null(f$categories)) data[[f$name]] <- factor(data[[f$name]], levels = unlist(f$categories))
  data
}
hsb <- read("hsb82"); sleep <- read("sleepstudy"); oats <- read("oats"); weighted <- read("sleepstudy-weighted")
cr0 <- function(m, cluster) list(terms = names(fixef(m)), stdErrors = unname(sqrt(diag(as.matrix(vcovCR(m, cluster = cluster, type = "CR0"))))))

full <- lmer(mAch ~ meanses * cses + sector * cses + (1 + cses | school), hsb, control = tight)
slope <- lmer(Reaction ~ Days + (Days | Subject), sleep, control = tight)
plot <- lmer(yield ~ nitro + (1 | Block/Variety), oats, control = tight)

# Deviation of each unit's own estimate from the fixed part, with its sampling variance, by hand.
units <- function(m, data, z, group) {
  r <- getME(m, "y") - as.vector(getME(m, "X") %*% fixef(m)); s2 <- sigma(m)^2
  per <- lapply(split(seq_along(r), data[[group]]), function(i) {
    Z <- z[i, , drop = FALSE]; A <- crossprod(Z)
    if (qr(Z)$rank < ncol(Z)) return(NULL)
    list(d = as.vector(solve(A, crossprod(Z, r[i]))), v = s2 * diag(solve(A)))
  })
  per <- Filter(Negate(is.null), per)
  d <- do.call(rbind, lapply(per, `[[`, "d")); v <- do.call(rbind, lapply(per, `[[`, "v"))
  tau <- diag(VarCorr(m)[[group]])
  list(units = nrow(d), chiSquare = unname(colSums(d^2 / v)), reliability = unname(colMeans(sweep(1 / sweep(v, 2, tau, "+"), 2, tau, "*"))))
}
ml <- function(f, data) lmer(f, data, REML = FALSE, control = tight)
slope.ml <- ml(Reaction ~ Days + (Days | Subject), sleep)
result <- list(
  software = paste("R", getRversion(), "lme4", packageVersion("lme4"), "clubSandwich", packageVersion("clubSandwich")),
  robust = list(hsb = cr0(full, hsb$school), sleepstudy = cr0(slope, sleep$Subject), oats = cr0(plot, oats$Block)),
  units = list(hsb = units(full, hsb, cbind(1, hsb$cses), "school"), sleepstudy = units(slope, sleep, cbind(1, sleep$Days), "Subject")),
  wald = unname(confint(slope, method = "Wald", parm = "beta_")),
  dfResidual = df.residual(slope),
  lrt = list(slope = as.data.frame(anova(ml(Reaction ~ Days + (1 | Subject), sleep), slope.ml))$Chisq[2],
             fixed = as.data.frame(anova(ml(Reaction ~ 1 + (Days | Subject), sleep), slope.ml))$Chisq[2]))
cat(toJSON(result, digits = 12, auto_unbox = TRUE, pretty = TRUE), "\n")
