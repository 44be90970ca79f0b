# Maximum likelihood of y ~ x * z + (1 | school/class), binomial, with the integral over the effects done by the trapezoidal rule:
# nothing adaptive, no mode, nothing approximated. Run from this folder; prints JSON.
data <- read.csv("../generalized/data/classes.csv")
X <- model.matrix(~ x * z, data)
class <- interaction(data$school, data$class, drop = TRUE)
school_of_class <- tapply(as.character(data$school), class, `[`, 1)
schools <- unique(school_of_class)
u <- seq(-7, 7, by = 0.25)
log_density <- dnorm(u, log = TRUE) + log(0.25)
log_sum_exp <- function(m) { top <- apply(m, 1, max); top + log(rowSums(exp(m - top))) }

# beta (4), log sd of classes, log sd of schools
log_likelihood <- function(parameters) {
  eta <- drop(X %*% parameters[1:4])
  sd_class <- exp(parameters[5])
  sd_school <- exp(parameters[6])
  # school effect x class effect, stretched out
  shift <- outer(sd_school * u, sd_class * u, `+`)
  by_class <- sapply(split(seq_along(eta), class), function(rows) {
    sum <- matrix(0, length(u), length(u))
    for (i in rows) sum <- sum + plogis((2 * data$y[i] - 1) * (eta[i] + shift), log.p = TRUE)
    log_sum_exp(sweep(sum, 2, log_density, `+`))
  })
  total <- 0
  for (s in schools) {
    a <- rowSums(by_class[, names(school_of_class)[school_of_class == s], drop = FALSE]) + log_density
    total <- total + max(a) + log(sum(exp(a - max(a))))
  }
  total
}

start <- c(-0.08, 0.86, 0.53, 0.53, log(0.65), log(0.7))
fit <- optim(start, function(p) -log_likelihood(p), method = "BFGS", control = list(reltol = 1e-13, ndeps = rep(1e-4, 6)), hessian = TRUE)
se <- sqrt(diag(solve(fit$hessian)))
cat(jsonlite::toJSON(list(
  formula = "y ~ x * z + (1 | school/class)", logLik = -fit$value,
  fixed = data.frame(term = colnames(X), estimate = fit$par[1:4], se = se[1:4]),
  sd = list(class = exp(fit$par[5]), school = exp(fit$par[6]))
), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
