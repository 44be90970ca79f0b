# Reference values of generalized and cumulative mixed models: writes data/*.csv with their Table Schemas and fits/*.json
# of this folder. README.md explains the fields; fitters.R says how an optimum is found and checked.
#
# Run from the project's root (R 4.2.2, lme4 1.1-31, glmmTMB 1.1.5, ordinal 2022.11-16, TMB 1.9.2 with a C++ compiler,
# mlmRev 1.0-8, numDeriv, jsonlite):
#   Rscript tests/reference/generalized/generalized-models.R           everything, about fifteen minutes
#   Rscript tests/reference/generalized/generalized-models.R 'wine'    only the cases whose name matches
suppressPackageStartupMessages({
  library(lme4)
  library(glmmTMB)
  library(ordinal)
})
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
options(digits = 17, warn = 1)
only <- c(commandArgs(TRUE), ".")[1]
root <- "tests/reference/generalized"
# Reading and writing of tables is that of more-models.R.
shared <- c("shortest", "write_data", "read_data", "named", "pick", "normals", "covariance")
for (e in parse("tests/reference/more-models.R")) if (is.call(e) && identical(e[[1]], as.name("<-")) && is.name(e[[2]]) && as.character(e[[2]]) %in% shared) eval(e)
source(file.path(root, "fitters.R"))

# ---------------------------------------------------------------- data ----

from_package <- function(name, package) { e <- new.env(); data(list = name, package = package, envir = e); e[[name]] }
generate <- list()

generate$guimmun <- function() { d <- from_package("guImmun", "mlmRev"); d$kid <- NULL; d }
generate$guprenat <- function() { d <- from_package("guPrenat", "mlmRev"); d$kid <- NULL; d }
generate$contraception <- function() { d <- from_package("Contraception", "mlmRev"); d$woman <- NULL; d }
generate$grouseticks <- function() { d <- from_package("grouseticks", "lme4"); d[c("TICKS", "YEAR", "cHEIGHT", "BROOD", "LOCATION", "INDEX")] }
generate$salamanders <- function() { d <- from_package("Salamanders", "glmmTMB"); d$site <- factor(d$site, ordered = FALSE); d }
generate$owls <- function() {
  d <- from_package("Owls", "glmmTMB")
  d <- d[c("Nest", "FoodTreatment", "SexParent", "ArrivalTime", "SiblingNegotiation", "BroodSize")]
  d$Nest <- factor(d$Nest); d
}
generate$soup <- function() { d <- from_package("soup", "ordinal"); d$EASY <- NULL; d$LOCATION <- NULL; d }

# Pupils in three classes of each of 40 schools: x of the pupil, z of the class; the effect of x depends on z.
generate$classes <- function() {
  set.seed(201)
  g <- expand.grid(pupil = 1:10, class = 1:3, school = 1:40)
  g <- g[runif(nrow(g)) < 0.85, ]
  id <- (g$school - 1) * 3 + g$class
  x <- round(rnorm(nrow(g)), 2); z <- round(rnorm(120), 2)[id]
  b <- normals(40, covariance(c(0.8, 0.5), 0.4))
  eta <- -0.3 + 0.6 * x + 0.4 * z + 0.35 * x * z + b[g$school, 1] + b[g$school, 2] * x + rnorm(120, sd = 0.6)[id]
  data.frame(school = pick(named("s", 40), g$school), class = pick(named("c", 3), g$class), x = x, z = z, y = rbinom(nrow(g), 1, plogis(eta)))
}

# Shares of successes in a known number of trials.
generate$proportions <- function() {
  set.seed(202)
  m <- 30; g <- rep(1:m, each = 6); n <- length(g)
  trials <- sample(c(2, 4, 5, 8, 10, 20, 25), n, TRUE); x <- round(runif(n, -1, 1), 2); t <- rep_len(0:1, n)
  y <- rbinom(n, trials, plogis(-0.5 + x + 0.7 * t + rnorm(m, sd = 0.9)[g]))
  data.frame(g = pick(named("g", m), g), x = x, t = pick(factor(c("no", "yes")), t + 1), trials = trials, share = y / trials)
}

# Eggs hatched of a nest's clutches, more variable than binomial.
generate$hatching <- function() {
  set.seed(209)
  m <- 40; nest <- rep(1:m, each = 5); n <- length(nest)
  eggs <- sample(4:15, n, TRUE); warm <- sample(0:1, n, TRUE); day <- rep(-2:2, m)
  mu <- plogis(0.4 + 0.6 * warm - 0.2 * day + rnorm(m, sd = 0.8)[nest])
  hatched <- rbinom(n, eggs, rbeta(n, 6 * mu, 6 * (1 - mu)))
  data.frame(nest = pick(named("n", m), nest), day = day, warm = pick(factor(c("no", "yes")), warm + 1), hatched = hatched, failed = eggs - hatched)
}

# Fish caught by anglers on lakes in a number of hours.
generate$fishing <- function() {
  set.seed(203)
  n <- 600; lake <- sample(24, n, TRUE); angler <- sample(60, n, TRUE)
  hours <- round(runif(n, 0.5, 8), 1); bait <- sample(3, n, TRUE); wind <- round(rnorm(n), 2)
  b <- normals(24, covariance(c(0.7, 0.3), -0.3))
  mu <- hours * exp(-1.2 + c(0, 0.4, 0.7)[bait] - 0.2 * wind + b[lake, 1] + b[lake, 2] * wind + rnorm(60, sd = 0.5)[angler])
  data.frame(lake = pick(named("l", 24), lake), angler = pick(named("a", 60), angler), bait = pick(factor(c("worm", "fly", "spoon")), bait),
    wind = wind, hours = hours, log_hours = log(hours), fish = rpois(n, mu))
}

# Responses of several families with the same predictors: (1 + x | g) and (1 | h).
generate$responses <- function() {
  set.seed(204)
  n <- 480; g <- rep(1:32, each = 15); h <- rep(1:15, 32)
  x <- round(rnorm(n), 2)
  b <- normals(32, covariance(c(0.6, 0.3), 0.3)); bh <- rnorm(15, sd = 0.4)
  eta <- 0.5 + 0.4 * x + b[g, 1] + b[g, 2] * x + bh[h]
  mu <- exp(eta)
  positive <- rgamma(n, shape = 3, scale = mu / 3)
  # Michael, Schucany & Haas (1976): inverse Gaussian with mean mu and shape 1 / phi.
  shape <- 4; v <- rnorm(n)^2
  small <- mu + mu^2 * v / (2 * shape) - mu / (2 * shape) * sqrt(4 * mu * shape * v + mu^2 * v^2)
  inverse <- ifelse(runif(n) <= mu / (mu + small), small, mu^2 / small)
  share <- rbeta(n, 8 * plogis(eta - 1), 8 * plogis(1 - eta))
  heavy <- 10 + 2 * eta + 0.7 * rt(n, 4)
  growth <- mu + rnorm(n, sd = 0.5)
  count <- rpois(n, (4 + eta)^2)
  data.frame(g = pick(named("g", 32), g), h = pick(named("h", 15), h), x = x, positive = signif(positive, 6), inverse = signif(inverse, 6),
    share = pmin(pmax(round(share, 5), 1e-5), 1 - 1e-5), heavy = round(heavy, 4), growth = round(growth, 4), count = count)
}

# Toenail-like: 150 patients, 5 visits, intercepts of standard deviation 4.
generate$clustered <- function() {
  set.seed(205)
  m <- 150; g <- rep(1:m, each = 5); month <- rep(c(0, 1, 3, 6, 12), m); treated <- rep(rep(0:1, m / 2), each = 5)
  eta <- -1 - 0.3 * month - 0.15 * treated * month + rnorm(m, sd = 4)[g]
  data.frame(patient = pick(named("p", m), g), treated = pick(factor(c("no", "yes")), treated + 1), month = month, y = rbinom(5 * m, 1, plogis(eta)))
}

# Groups without variance of their own: every group has close to the same share of successes.
generate$flat <- function() {
  set.seed(206)
  m <- 20; g <- rep(1:m, each = 12); x <- round(rep(seq(-1, 1, length.out = 12), m), 3)
  y <- as.integer(rep(c(0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1), m))
  swap <- sample(length(y), 30); y[swap] <- 1L - y[swap]
  data.frame(g = pick(named("g", m), g), h = pick(named("h", 12), rep(1:12, m)), x = x, y = y)
}

# Counts whose slopes are in exact proportion to the intercepts.
generate$proportional <- function() {
  set.seed(207)
  m <- 25; g <- rep(1:m, each = 8); x <- rep(seq(0, 1.4, by = 0.2), m)
  u <- rnorm(m)
  data.frame(g = pick(named("g", m), g), x = x, y = rpois(8 * m, exp(0.5 + 0.6 * x + u[g] * (0.5 + 0.6 * x))))
}

# Six ordered ratings of 60 texts by 12 raters: not every rater reads every text; wide raters.
generate$ratings <- function() {
  set.seed(208)
  d <- expand.grid(rater = 1:12, text = 1:60)
  d <- d[runif(nrow(d)) < 0.7, ]
  n <- nrow(d); length <- round(rnorm(60), 2)[d$text]; trained <- (d$rater > 6) + 0
  b <- normals(12, covariance(c(0.7, 0.4), 0.2))
  eta <- 0.8 * length + 0.3 * trained + rnorm(60, sd = 1.1)[d$text] + b[d$rater, 1] + b[d$rater, 2] * length
  latent <- eta + rlogis(n) * exp(-0.35 * trained)
  data.frame(rater = pick(named("r", 12), d$rater), text = pick(named("t", 60), d$text), length = length, trained = pick(factor(c("no", "yes")), trained + 1),
    weight = sample(c(0.5, 1, 2, 3), n, TRUE), score = factor(findInterval(latent, c(-2.5, -1, 0.6, 2.2)), levels = 0:4, ordered = TRUE))
}

compress <- function(name) {
  csv <- file.path(root, "data", paste0(name, ".csv"))
  if (file.size(csv) > 5e4) system2("gzip", c("-n", "-9", "-f", shQuote(csv)))
}
for (name in names(generate)) {
  file <- list.files(file.path(root, "data"), paste0("^", name, "\\.csv"))
  if (only == "." || length(file) == 0) { write_data(name, generate[[name]]()); compress(name) }
}

tables <- new.env()
table_of <- function(name) {
  if (is.null(tables[[name]])) {
    csv <- list.files(file.path(root, "data"), paste0("^", name, "\\.csv"), full.names = TRUE)
    assign(name, read_data(csv, file.path(root, "data", paste0(name, ".schema.json"))), tables)
  }
  tables[[name]]
}

# --------------------------------------------------------------- cases ----

wanted <- function(case) grepl(only, case, perl = TRUE)
write_case <- function(case, model, data, formula, call, r, family = NULL, link = NULL, agq = 1, zi = NULL, hurdle = FALSE, dispersion = NULL, scale = NULL, nominal = NULL,
                       structure = NULL, weights = NULL, offset = NULL, check = NULL, note = NULL) {
  csv <- list.files(file.path(root, "data"), paste0("^", data, "\\.csv"), full.names = TRUE)
  head <- list(case = case, model = model, data = data, data_file = csv, schema_file = file.path(root, "data", paste0(data, ".schema.json")),
    formula = formula, family = family, link = link, agq = agq, zi = zi, hurdle = hurdle, dispersion_formula = dispersion, scale = scale, nominal = nominal,
    threshold_structure = structure, weights = weights, offset = offset, software = r$software, r_call = call, note = note)
  body <- r[setdiff(names(r), c("software", "r_call"))]
  for (field in c("thresholds", "threshold_parameters", "scale_effects", "zeroInflation", "dispersion", "dispersion_log", "shape")) if (is.null(body[[field]])) body[field] <- list(NULL)
  body$BIC <- -2 * r$logLik + log(r$nobs) * r$npar
  order <- c("nobs", "groups", "logLik", "AIC", "BIC", "npar", "singular", "fixed", "thresholds", "threshold_parameters", "scale_effects", "random", "dispersion", "dispersion_log", "shape", "zeroInflation")
  body <- body[c(order, setdiff(names(body), order))]
  writeLines(jsonlite::toJSON(c(head, body, list(check = if (length(check)) check else NULL)), auto_unbox = TRUE, pretty = TRUE, digits = I(15), null = "null", na = "null"),
    file.path(root, "fits", paste0(case, ".json")))
  cat(sprintf("%-34s %-8s logLik %.8f npar %d gradient %.1e starts %.1e %s%s\n", case, sub(" .*", "", r$software), r$logLik, r$npar, r$gradient_norm,
    if (is.null(r$starts_differ)) NA else r$starts_differ, if (isTRUE(r$singular)) "singular " else "", paste(names(check), vapply(check, function(x) substr(gsub("\n", " ", format(x, digits = 12)[1]), 1, 60), ""), collapse = "; ")))
}
attempt <- function(case, code) if (wanted(case)) tryCatch(code, error = function(e) cat(sprintf("%-34s FAILED: %s\n", case, conditionMessage(e))))

# glmmTMB, with the Laplace value by hand beside it; `glmer`: also lme4's value at these estimates and its own fit.
tmb_case <- function(case, data, formula, family, link, zi = NULL, dispersion = NULL, weights = NULL, offset = NULL, hurdle = FALSE, glmer = FALSE, r_formula = formula, start = NULL, note = NULL) attempt(case, {
  d <- table_of(data)
  name <- switch(family, student_t = "t_family", beta = "beta_family", gamma = "Gamma", family)
  call_family <- call(if (hurdle) paste0("truncated_", name) else name, link = link)
  zi_formula <- if (is.null(zi)) "~0" else zi; dispersion_formula <- if (is.null(dispersion)) "~1" else dispersion
  r <- fit_glmmtmb(r_formula, d, call_family, zi_formula, dispersion_formula, weights, start)
  check <- if (glmer) check_glmer(r, r_formula, d, call_family, weights) else list()
  if (is.null(weights) && sum(unlist(r$groups)) < 400) {
    y <- model.response(model.frame(lme4::subbars(as.formula(r_formula)), d))
    check$laplace_by_hand <- laplace_by_hand(r, r_formula, d, log_density(family, link, y, !is.null(zi), hurdle, r$shape), zi_formula, dispersion_formula)
  }
  shown <- sprintf("glmmTMB(%s, data, family = %s%s%s%s)", r_formula, deparse(call_family), if (is.null(zi)) "" else paste0(", ziformula = ", zi),
    if (is.null(dispersion)) "" else paste0(", dispformula = ", dispersion), if (is.null(weights)) "" else paste0(", weights = ", weights))
  write_case(case, "glmm", data, formula, shown, r, family, link, zi = zi, hurdle = hurdle, dispersion = dispersion, weights = weights, offset = offset, check = check, note = note)
})

template_case <- function(case, data, formula, family, link = "log", glmer = FALSE, glmmtmb = FALSE, offset = NULL, note = NULL) attempt(case, {
  d <- table_of(data)
  r <- fit_template(formula, d, family, offset = offset)
  check <- if (glmer) check_glmer(r, formula, d, call(family, link = link)) else list()
  if (glmmtmb) {
    fit <- glmmTMB(as.formula(formula), d, family = family)
    check$glmmTMB_logLik <- as.numeric(logLik(fit))
    check$glmmTMB_estimates_differ_in_se <- max(abs(fixef(fit)$cond - vapply(r$fixed, function(x) x$estimate, 0)) / vapply(r$fixed, function(x) x$se, 0))
  }
  if (sum(unlist(r$groups)) < 400) check$laplace_by_hand <- laplace_by_hand(r, formula, d, log_density(family, link, model.response(model.frame(lme4::subbars(as.formula(formula)), d))))
  write_case(case, "glmm", data, formula, sprintf("fit_template(%s, family = %s)", formula, family), r, family, link, offset = offset, check = check, note = note)
})

# Ordered categories: laplace.cpp, with clmm (matrix path) beside it where it can fit the model.
ordinal_case <- function(case, data, formula, link = "logit", nominal = NULL, scale = NULL, structure = "flexible", weights = NULL, family = "cumulative", clmm = TRUE, note = NULL) attempt(case, {
  d <- table_of(data)
  r <- fit_template(formula, d, family, link, if (is.null(nominal)) "~1" else nominal, if (is.null(scale)) "~1" else scale, structure, weights)
  check <- if (clmm) check_clmm(r, formula, d, link, structure) else list()
  y <- model.response(model.frame(lme4::subbars(as.formula(formula)), d))
  check$laplace_by_hand <- laplace_by_hand(r, formula, d, ordinal_density(r, d, y, family, link, if (is.null(nominal)) "~1" else nominal, if (is.null(scale)) "~1" else scale, weights))
  write_case(case, "clmm", data, formula, sprintf("fit_template(%s, link = %s%s%s, structure = %s)", formula, link,
    if (is.null(nominal)) "" else paste0(", nominal = ", nominal), if (is.null(scale)) "" else paste0(", scale = ", scale), structure), r, family, link,
    scale = scale, nominal = nominal, structure = structure, weights = weights, check = check, note = note)
})

# Quadrature by the code of fitters.R, with lme4's or ordinal's value at the same parameters beside it. `kind` says what y is.
quadrature_case <- function(case, data, formula, K, kind = "binomial", glmer = TRUE, note = NULL) attempt(case, {
  d <- table_of(data)
  f <- as.formula(formula)
  term <- random_terms(f, d)
  stopifnot(length(term) == 1)
  term <- term[[1]]; S <- ncol(term$Z)
  y <- model.response(model.frame(lme4::subbars(f), d))
  X <- model.matrix(lme4::nobars(f), d)
  ordinal <- kind == "cumulative"
  if (ordinal) X <- X[, -1, drop = FALSE]
  trials <- if (is.matrix(y)) rowSums(y) else rep(1, NROW(y))
  yy <- if (is.matrix(y)) y[, 1] else if (ordinal) as.integer(y) else if (is.factor(y)) as.integer(y) - 1 else as.numeric(y)
  J <- if (ordinal) nlevels(y) else 1
  p <- ncol(X); m <- S * (S + 1) / 2
  fixed <- J - 1 + seq_len(p); spread <- J - 1 + p + seq_len(m)
  lambda <- function(par) { l <- matrix(0, S, S); l[lower.tri(l, TRUE)] <- par[spread]; l }
  # parameters: thresholds, fixed effects, lower triangle of the factor
  value <- function(par) quadrature(as.vector(X %*% par[fixed]), term$Z, term$f, lambda(par), switch(kind, binomial = binomial_rows(yy, trials), poisson = poisson_rows(yy),
    cumulative = cumulative_rows(yy, c(-Inf, par[seq_len(J - 1)], Inf))), K)
  laplace <- fit_template(formula, d, kind)
  estimate <- function(x) vapply(x, function(r) r$estimate, 0)
  sds <- theta_of(laplace$random, list(cnms = setNames(list(colnames(term$Z)), term$group)))
  seconds <- system.time(best <- fit_quadrature(value, c(if (ordinal) estimate(laplace$thresholds), estimate(laplace$fixed), sds)))[["elapsed"]]
  se <- se_of(best$covariance); l <- lambda(best$par)
  r <- list(software = "quadrature() of fitters.R", nobs = nrow(X), groups = setNames(list(nlevels(term$f)), term$group), logLik = -best$value, fixed = rows(colnames(X), best$par[fixed], se[fixed]))
  if (ordinal) r$thresholds <- rows(paste(levels(y)[-J], levels(y)[-1], sep = "|"), best$par[seq_len(J - 1)], se)
  r <- c(r, list(random = components(term$group, colnames(term$Z), tcrossprod(l), se_of_logs(function(p) { l[lower.tri(l, TRUE)] <- p; tcrossprod(l) }, best$par[spread], best$covariance[spread, spread, drop = FALSE])), npar = length(best$par), AIC = 2 * best$value + 2 * length(best$par),
    singular = FALSE, gradient_norm = best$gradient_norm, laplace_logLik = laplace$logLik, more_nodes_logLik = {
      more <- switch(kind, binomial = binomial_rows(yy, trials), poisson = poisson_rows(yy), cumulative = cumulative_rows(yy, c(-Inf, best$par[seq_len(J - 1)], Inf)))
      -quadrature(as.vector(X %*% best$par[fixed]), term$Z, term$f, l, more, 2 * K + 1) / 2 }, quadrature_seconds = seconds))
  check <- NULL
  if (glmer && !ordinal) {
    at <- glmer_deviance(formula, d, kind, K)$f(c(l[lower.tri(l, TRUE)], best$par[fixed]))
    saturated <- if (kind == "poisson") sum(dpois(yy, yy, log = TRUE)) else sum(dbinom(yy, trials, yy / trials, log = TRUE))
    call <- list(quote(glmer), formula = f, data = quote(d), family = kind, nAGQ = K, control = quote(glmerControl(optimizer = "bobyqa")))
    time <- system.time(g <- suppressMessages(suppressWarnings(eval(as.call(call)))))[["elapsed"]]
    check <- list(glmer_deviance_at_estimates = as.numeric(at), saturated_logLik = saturated, glmer_logLik_at_estimates = -as.numeric(at) / 2 + saturated, glmer_logLik = as.numeric(logLik(g)) + saturated,
      glmer_estimates_differ_in_se = max(abs(fixef(g) - best$par[fixed]) / se[fixed]), glmer_seconds = time)
  } else if (ordinal) {
    call <- list(quote(clmm), formula = f, data = quote(d), nAGQ = K, control = quote(clmm.control(gradTol = 1e-9)))
    time <- system.time(g <- suppressWarnings(eval(as.call(call))))[["elapsed"]]
    check <- list(clmm_logLik = as.numeric(logLik(g)), clmm_estimates_differ_in_se = max(abs(c(g$alpha, g$beta) - best$par[c(seq_len(J - 1), fixed)]) / se[c(seq_len(J - 1), fixed)]), clmm_seconds = time)
  }
  write_case(case, if (ordinal) "clmm" else "glmm", data, formula, sprintf("fit_quadrature(%s, %s, %d nodes)", formula, kind, K), r, kind, if (kind == "poisson") "log" else "logit", agq = K,
    structure = if (ordinal) "flexible" else NULL, check = check, note = note)
})

source(file.path(root, "cases.R"))
