# bootMer by distribution, boot.ci from given replicates, and the time of 1,000 refits: `Rscript bootstrap.R` from this folder.
suppressMessages({ library(lme4); library(boot); library(jsonlite) })
root <- file.path("..", "..", "..", "..", "data")
sleepstudy <- read.csv(file.path(root, "sleepstudy.csv")); sleepstudy$Subject <- factor(sleepstudy$Subject)
statistic <- function(fit) {
  vc <- as.data.frame(VarCorr(fit))
  c(fixef(fit), sd_intercept = vc$sdcor[1], sd_days = vc$sdcor[2], cor = vc$sdcor[3], sigma = sigma(fit))
}
fit <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy)
seconds <- system.time(b <- bootMer(fit, statistic, nsim = 1000, seed = 20261122))[["elapsed"]]
moments <- function(t) {
  q <- apply(t, 2, quantile, c(.05, .25, .5, .75, .95), na.rm = TRUE)
  list(term = colnames(t), mean = unname(colMeans(t, na.rm = TRUE)), sd = unname(apply(t, 2, sd, na.rm = TRUE)), count = unname(colSums(!is.na(t))),
    quantiles = lapply(seq_len(ncol(t)), function(j) unname(q[, j])))
}
conditional <- bootMer(fit, statistic, nsim = 1000, seed = 20261123, use.u = TRUE)
data(cbpp)
g <- glmer(cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial)
gb <- bootMer(g, function(fit) c(fixef(fit), sd = unname(sqrt(unlist(VarCorr(fit))))), nsim = 300, seed = 20261124)

# Intervals from replicates and jackknife values that both sides have.
set.seed(1)
t0 <- 2.1; t <- exp(rnorm(499, log(2), .3)); left <- 2.1 + rnorm(18, 0, .05)^2
L <- mean(left) - left
obj <- structure(list(t0 = t0, t = matrix(t), R = 499, data = 1:18, sim = "parametric", call = quote(boot()), stype = "i"), class = "boot")
ci <- function(level) {
  p <- boot.ci(obj, conf = level, type = c("perc", "basic"), t0 = t0, t = t)
  a <- sum(L^3) / (6 * sum(L^2)^1.5); w <- qnorm(mean(t < t0)); z <- qnorm((1 + c(-1, 1) * level) / 2)
  bca <- boot:::bca.ci(obj, conf = level, index = 1, t0 = t0, t = t, L = L * 18)
  list(level = level, percentile = unname(p$percent[4:5]), basic = unname(p$basic[4:5]), bca = unname(bca[4:5]))
}
write_json(list(versions = list(R = R.version.string, lme4 = as.character(packageVersion("lme4")), boot = as.character(packageVersion("boot"))),
  secondsFor1000 = seconds, parametric = moments(b$t), conditional = moments(conditional$t), cbpp = moments(gb$t),
  intervals = list(estimate = t0, replicates = t, leftOut = left, cases = lapply(c(.95, .8), ci))),
  "bootstrap.json", auto_unbox = TRUE, digits = 12, pretty = TRUE)
