# Reference values of linear mixed models beyond those in fits/: writes tests/reference/data/*.csv with their
# Table Schemas (generated data) and tests/reference/fits-more/*.json. README.md in this folder explains the fields.
#
# Run from the project's root (R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, numDeriv, minqa, jsonlite, splines):
#   Rscript tests/reference/more-models.R            everything, about a minute
#   Rscript tests/reference/more-models.R 'poly|ns'  only the cases whose name matches
#
# How a model is fitted: lme4's modular functions build the deviance function; bobyqa, Nelder-Mead and nlminb run from
# several starts with tight tolerances, the lowest value is kept, and Newton steps with Richardson-extrapolated
# derivatives finish the parameters that are not on a boundary. lmerTest's own code then gives Satterthwaite's degrees
# of freedom and the type III F tests at that optimum. `lmer_default_excess` in a file says how far a plain lmer() call
# with default settings stays above this optimum.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(splines)
})
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
options(digits = 17, warn = 1)
only <- c(commandArgs(TRUE), ".")[1]
root <- "tests/reference"
dir.create(file.path(root, "data"), FALSE)
dir.create(file.path(root, "fits-more"), FALSE)

# ---------------------------------------------------------------- data ----

# The shortest decimal text that reads back as the same double.
shortest <- function(x) {
  text <- formatC(x, digits = 15, width = 1, format = "g")
  for (d in 16:17) {
    again <- !is.na(x) & suppressWarnings(as.numeric(text)) != x
    text[again] <- formatC(x[again], digits = d, width = 1, format = "g")
  }
  ifelse(is.na(x), "", text)
}

write_data <- function(name, d) {
  quoted <- which(vapply(d, is.factor, NA))
  text <- as.data.frame(lapply(d, function(x) {
    if (is.factor(x)) as.character(x) else shortest(x)
  }), check.names = FALSE)
  write.table(text, file.path(root, "data", paste0(name, ".csv")), sep = ",", quote = quoted, na = "", row.names = FALSE,
    col.names = TRUE, qmethod = "double")
  csv <- file.path(root, "data", paste0(name, ".csv"))
  lines <- readLines(csv)
  lines[1] <- paste0('"', names(d), '"', collapse = ",")
  writeLines(lines, csv)
  fields <- lapply(names(d), function(v) {
    x <- d[[v]]
    if (!is.factor(x)) return(list(name = v, type = if (is.integer(x)) "integer" else "number"))
    field <- list(name = v, type = "string", categories = I(levels(x)))
    if (is.ordered(x)) field$categoriesOrdered <- TRUE
    field
  })
  schema <- list(fields = fields, missingValues = I(""))
  writeLines(jsonlite::toJSON(schema, auto_unbox = TRUE, pretty = TRUE), file.path(root, "data", paste0(name, ".schema.json")))
}

# Reads a CSV file and its Table Schema: categories are the factor's levels, in that order.
read_data <- function(csv, schema) {
  s <- jsonlite::fromJSON(schema, simplifyVector = FALSE)
  d <- read.csv(csv, colClasses = "character", na.strings = "", check.names = FALSE)
  for (f in s$fields) {
    d[[f$name]] <- if (is.null(f$categories)) as.numeric(d[[f$name]])
    else factor(d[[f$name]], levels = unlist(f$categories), ordered = isTRUE(f$categoriesOrdered))
  }
  d
}

named <- function(prefix, n) factor(sprintf(paste0(prefix, "%0", nchar(n), "d"), seq_len(n)))
pick <- function(f, i) factor(levels(f)[i], levels = levels(f))
normals <- function(n, covariance) matrix(rnorm(n * nrow(covariance)), n) %*% chol(covariance)
covariance <- function(sd, cor) {
  R <- diag(length(sd))
  R[lower.tri(R)] <- cor
  R <- t(R)
  R[lower.tri(R)] <- cor
  R * outer(sd, sd)
}

generate <- list()

# Teachers' rows in 12 schools in each of 4 districts; the district effects are set by hand so that four are enough.
generate[["three-level"]] <- function() {
  set.seed(101)
  g <- expand.grid(row = 1:9, school = 1:12, district = 1:4)
  d0 <- c(-2.1, 0.4, 2.6, -0.9); d1 <- c(-0.7, 0.8, 0.3, -0.4)
  s <- normals(48, covariance(c(1.4, 0.5), -0.3))
  id <- (g$district - 1) * 12 + g$school
  x <- round(rnorm(nrow(g)), 3)
  y <- 20 + d0[g$district] + s[id, 1] + (1.2 + d1[g$district] + s[id, 2]) * x + rnorm(nrow(g), sd = 2)
  data.frame(district = pick(factor(LETTERS[1:4]), g$district), school = pick(named("s", 12), g$school), x = x, y = round(y, 4))
}

# 60 subjects by 40 items, completely crossed; x varies within items over subjects, c within subjects over items.
generate[["crossed-slopes"]] <- function() {
  set.seed(102)
  g <- expand.grid(s = 1:60, i = 1:40)
  c <- round(rep_len(c(-0.5, 0.5), 40), 1)[g$i]
  x <- round(rnorm(60), 2)[g$s]
  bs <- normals(60, covariance(c(3, 1.2), 0.4)); bi <- normals(40, covariance(c(2, 0.6), -0.25))
  y <- 50 + bs[g$s, 1] + bi[g$i, 1] + (2 + bs[g$s, 2]) * c + (0.5 + bi[g$i, 2]) * x + rnorm(nrow(g), sd = 4)
  data.frame(s = pick(named("s", 60), g$s), i = pick(named("i", 40), g$i), c = c, x = x, y = round(y, 3))
}

# A three-level factor whose effects vary over 40 groups with different variances, unbalanced.
generate[["factor-slopes"]] <- function() {
  set.seed(103)
  g <- expand.grid(row = 1:4, f = 1:3, g = 1:40)
  g <- g[runif(nrow(g)) < 0.8, ]
  b <- cbind(rnorm(40, sd = 1), rnorm(40, sd = 2), rnorm(40, sd = 0.7), rnorm(40, sd = 0.8))
  y <- 10 + c(0, 1, 3)[g$f] + b[cbind(g$g, g$f)] + b[g$g, 4] + rnorm(nrow(g))
  data.frame(g = pick(named("g", 40), g$g), f = pick(factor(c("low", "middle", "high"), levels = c("low", "middle", "high")), g$f), y = round(y, 4))
}

# A curved covariate, for poly(), ns() and bs().
generate[["curve"]] <- function() {
  set.seed(104)
  m <- 30; g <- rep(1:m, each = 8)
  x <- round(runif(length(g), 0, 10), 2)
  b <- normals(m, covariance(c(1.5, 0.3), 0.2))
  y <- 3 + 4 * sin(x / 2) + 0.2 * x + b[g, 1] + b[g, 2] * x + rnorm(length(g), sd = 0.8)
  data.frame(g = pick(named("g", m), g), x = x, y = round(y, 4))
}

# Precision weights over five powers of ten, and an offset.
generate[["weights-offset"]] <- function() {
  set.seed(105)
  m <- 25; g <- rep(1:m, times = 4 + (1:m) %% 5)
  n <- length(g)
  x <- round(rnorm(n), 3); w <- signif(10^runif(n, -2, 2.5), 4); o <- round(rnorm(n, 5, 3), 2)
  b <- normals(m, covariance(c(1, 0.8), 0.5))
  y <- o + 2 + b[g, 1] + (1 + b[g, 2]) * x + rnorm(n, sd = 3 / sqrt(w))
  data.frame(g = pick(named("g", m), g), x = x, w = w, o = o, y = round(y, 5))
}

# Missing values in the response, a covariate, a factor, both grouping factors; one group and one level vanish with them.
generate[["missing"]] <- function() {
  set.seed(106)
  m <- 20; g <- rep(1:m, each = 9); n <- length(g); h <- sample(1:7, n, TRUE)
  x <- round(rnorm(n), 3); f <- sample(1:3, n, TRUE)
  y <- round(1 + x + c(0, 1, -1)[f] + rnorm(m)[g] + rnorm(7, sd = 0.7)[h] + rnorm(n), 4)
  d <- data.frame(g = pick(named("g", m), g), h = pick(named("h", 7), h), f = pick(factor(c("a", "b", "c")), f), x = x, y = y)
  for (v in names(d)) d[[v]][sample(n, 8)] <- NA
  d$y[d$g %in% "g03"] <- NA
  d$x[d$f %in% "c"] <- NA
  d
}

# Two factors with two empty cells and a column that repeats another.
generate[["rank-deficient"]] <- function() {
  set.seed(107)
  m <- 24; g <- rep(1:m, each = 8); n <- length(g)
  a <- sample(1:3, n, TRUE); b <- sample(1:4, n, TRUE)
  b[a == 2 & b == 3] <- 1; b[a == 3 & b == 4] <- 2
  x <- round(rnorm(n), 3)
  y <- 5 + a + 0.5 * b + x + rnorm(m)[g] + rnorm(n)
  data.frame(g = pick(named("g", m), g), a = pick(factor(c("a1", "a2", "a3")), a), b = pick(factor(paste0("b", 1:4)), b), x = x,
    twice = 2 * x, z = round(rnorm(n), 3), y = round(y, 4))
}

# Three unbalanced factors (one ordered) and a covariate.
generate[["factorial"]] <- function() {
  set.seed(108)
  m <- 36; g <- rep(1:m, times = 5 + (1:m) %% 6); n <- length(g)
  a <- sample(1:2, n, TRUE, c(0.35, 0.65)); b <- sample(1:3, n, TRUE, c(0.5, 0.2, 0.3)); o <- sample(1:4, n, TRUE, c(0.2, 0.3, 0.3, 0.2))
  treated <- (1:m %% 2 + 1)[g]
  x <- round(rnorm(n, 1), 3)
  y <- 10 + 0.8 * a + c(0, 1, -0.5)[b] + 0.4 * (a == 2) * (b == 3) + c(0, 0.5, 1.4, 1.6)[o] + 0.3 * x + 0.5 * treated + rnorm(m, sd = 0.9)[g] + rnorm(n, sd = 1.3)
  data.frame(g = pick(named("g", m), g), a = pick(factor(c("no", "yes")), a), b = pick(factor(c("p", "q", "r")), b),
    o = factor(c("none", "some", "much", "all")[o], levels = c("none", "some", "much", "all"), ordered = TRUE),
    treated = pick(factor(c("control", "treated")), treated), x = x, y = round(y, 4))
}

# Three random columns (six variances and covariances) and four (ten).
generate[["many-slopes"]] <- function() {
  set.seed(109)
  m <- 120; g <- rep(1:m, each = 14); n <- length(g)
  x <- cbind(round(rnorm(n), 2), round(rnorm(n), 2), sample(0:1, n, TRUE))
  b <- normals(m, covariance(c(1.5, 0.9, 0.7, 1.1), c(0.3, -0.2, 0.1, 0.25, -0.3, 0.4)))
  y <- 4 + x %*% c(1, -0.5, 0.3) + rowSums(cbind(1, x) * b[g, ]) + rnorm(n)
  data.frame(g = pick(named("g", m), g), x1 = x[, 1], x2 = x[, 2], x3 = as.integer(x[, 3]), y = round(as.vector(y), 3))
}

# Pupils tested in four years; a third move to another school once.
generate[["movers"]] <- function() {
  set.seed(110)
  p <- 150; k <- 20
  first <- sample(k, p, TRUE); second <- ifelse(runif(p) < 0.35, sample(k, p, TRUE), first); moved <- sample(1:3, p, TRUE)
  g <- expand.grid(year = 0:3, pupil = 1:p)
  school <- ifelse(g$year >= moved[g$pupil], second[g$pupil], first[g$pupil])
  y <- 40 + 3 * g$year + rnorm(p, sd = 5)[g$pupil] + rnorm(k, sd = 3)[school] + rnorm(nrow(g), sd = 4)
  data.frame(pupil = pick(named("p", p), g$pupil), school = pick(named("k", k), school), year = g$year, y = round(y, 3))
}

# Pupils taught by two teachers with shares of time; t2 is missing for every fifth pupil in `t2m`.
generate[["two-teachers"]] <- function() {
  set.seed(111)
  n <- 400; k <- 30
  t1 <- c(1:k, sample(k, n - k, TRUE)); t2 <- vapply(t1, function(t) sample(setdiff(1:k, t), 1), 1L)
  w1 <- sample(c(0.25, 0.5, 0.625, 0.75), n, TRUE)
  x <- round(rnorm(n), 3); u <- rnorm(k, sd = 2)
  y <- 12 + 0.7 * x + w1 * u[t1] + (1 - w1) * u[t2] + rnorm(n, sd = 1.5)
  t2m <- t2; t2m[seq(5, n, 5)] <- NA
  teachers <- named("t", k)
  data.frame(t1 = pick(teachers, t1), t2 = pick(teachers, t2), t2m = pick(teachers, t2m), w1 = w1, w2 = 1 - w1, x = x, y = round(y, 4))
}

# Slopes in exact proportion to the intercepts (rank one), and factors without any variance of their own.
generate[["singular"]] <- function() {
  set.seed(112)
  m <- 18; g <- rep(1:m, each = 10); h <- rep(1:10, m); n <- length(g)
  x <- round(rep(seq(-1, 1, length.out = 10), m), 3)
  u <- rnorm(m); k <- sample(1:8, n, TRUE)
  e <- residuals(lm(rnorm(n) ~ factor(k) + factor(h) + factor(g) * x))
  y <- 2 + x + 1.5 * u[g] * (1 + 0.8 * x) + e
  data.frame(g = pick(named("g", m), g), h = pick(named("h", 10), h), k = pick(named("k", 8), k), x = x, y = round(y, 4))
}

# a/b/c with the lower labels repeated within the upper units; unbalanced.
generate[["nested"]] <- function() {
  set.seed(113)
  g <- expand.grid(row = 1:3, c = 1:3, b = 1:5, a = 1:10)
  g <- g[runif(nrow(g)) < 0.85, ]
  ib <- (g$a - 1) * 5 + g$b; ic <- (ib - 1) * 3 + g$c
  x <- round(rnorm(nrow(g)), 3)
  y <- 7 + 0.5 * x + rnorm(10, sd = 1.5)[g$a] + rnorm(50, sd = 1)[ib] + rnorm(150, sd = 0.8)[ic] + rnorm(nrow(g), sd = 0.9)
  data.frame(a = pick(named("a", 10), g$a), b = pick(named("b", 5), g$b), c = pick(named("c", 3), g$c), x = x, y = round(y, 4))
}

# 500 groups of 6: closed forms hold (sigma^2 = MSW, tau^2 = (MSB - MSW) / 6).
generate[["one-way"]] <- function() {
  set.seed(114)
  g <- rep(1:500, each = 6)
  data.frame(g = pick(named("g", 500), g), y = round(100 + rnorm(500, sd = 3)[g] + rnorm(3000, sd = 5), 3))
}

# Penicillin with a covariate of the plate by sample pairs.
generate[["penicillin-x"]] <- function() {
  set.seed(115)
  d <- read_data("data/penicillin.csv", "data/penicillin.schema.json")
  d$x <- round(rnorm(nrow(d), 5, 1.5), 2)
  d
}

# One model, the predictor in three units; x is a multiple of 1/8, so that 1e12 x is exact.
generate[["scales"]] <- function() {
  set.seed(116)
  m <- 30; g <- rep(1:m, each = 7); n <- length(g)
  x <- round(rnorm(n, 2, 2) * 8) / 8
  b <- normals(m, covariance(c(1, 0.5), 0.3))
  y <- 3 + b[g, 1] + (0.8 + b[g, 2]) * x + rnorm(n)
  data.frame(g = pick(named("g", m), g), x = x, huge = x * 1e12, tiny = x * 1e-12, y = round(y, 4))
}

# Calendar years 2001 to 2010, not centred.
generate[["calendar"]] <- function() {
  set.seed(117)
  m <- 40; g <- rep(1:m, each = 10); year <- rep(2001:2010, m)
  b <- normals(m, covariance(c(4, 0.6), -0.2))
  y <- 60 + b[g, 1] + (0.9 + b[g, 2]) * (year - 2005) + rnorm(length(g), sd = 2)
  keep <- runif(length(g)) < 0.9
  data.frame(g = pick(named("g", m), g), year = year, y = round(y, 3))[keep, ]
}

# ------------------------------------------------------------- fitting ----

# Only what the case needs is let through: lme4's checks that refuse or warn are off.
quiet <- function(...) lmerControl(check.nobs.vs.nRE = "ignore", check.rankX = "silent.drop.cols", check.scaleX = "ignore",
  check.conv.grad = "ignore", check.conv.singular = "ignore", check.conv.hess = "ignore", ...)

minimum <- function(f, start, lower) {
  starts <- list(start, ifelse(lower == 0, 0.3, 0.05), ifelse(lower == 0, 3, -0.3), ifelse(lower == 0, 0.1, 0.1))
  best <- list(par = start, value = f(start))
  better <- function(par, value) if (value < best$value) best <<- list(par = par, value = value)
  for (s in starts) {
    for (optimiser in c("bobyqa", "nlminb", "Nelder_Mead")) {
      r <- try(switch(optimiser,
        bobyqa = minqa::bobyqa(s, f, lower = lower, control = list(rhobeg = 0.2, rhoend = 1e-10, maxfun = 1e5)),
        nlminb = nlminb(s, f, lower = lower, control = list(abs.tol = 0, rel.tol = 1e-15, x.tol = 1e-12, iter.max = 1e4, eval.max = 1e5)),
        Nelder_Mead = Nelder_Mead(f, s, lower = lower, control = list(maxfun = 2e4, FtolAbs = 1e-12, FtolRel = 1e-15, XtolRel = 1e-12))), TRUE)
      if (!inherits(r, "try-error")) better(r$par, f(r$par))
    }
  }
  # A value within 1e-5 of a bound goes to the bound where that is no worse.
  at <- which(lower == 0 & best$par < 1e-5)
  if (length(at)) {
    p <- replace(best$par, at, 0)
    if (f(p) <= best$value + 1e-10) best <- list(par = p, value = f(p))
  }
  # Newton steps in the parameters off the boundary.
  free <- which(!(lower == 0 & best$par == 0))
  along <- function(q) f(replace(best$par, free, q))
  if (length(free)) for (step in 1:4) {
    q <- best$par[free]
    g <- numDeriv::grad(along, q)
    H <- numDeriv::hessian(along, q)
    e <- eigen(H, symmetric = TRUE)
    use <- e$values > 1e-6 * max(e$values)
    move <- -e$vectors[, use, drop = FALSE] %*% ((t(e$vectors[, use, drop = FALSE]) %*% g) / e$values[use])
    q1 <- q + as.vector(move)
    if (any(lower[free] == 0 & q1 < 0)) break
    if (along(q1) > best$value + 1e-9) break
    best <- list(par = replace(best$par, free, q1), value = along(q1))
    if (max(abs(move)) < 1e-9) break
  }
  best
}

fit_best <- function(formula, data, REML = TRUE, weights = NULL, contrasts = NULL, membership = NULL) {
  call <- list(quote(lFormula), formula = formula, data = quote(data), REML = REML, control = quote(quiet()))
  if (!is.null(weights)) call$weights <- as.name(weights)
  if (!is.null(contrasts)) call$contrasts <- quote(contrasts)
  parts <- suppressMessages(eval(as.call(call)))
  if (!is.null(membership)) parts$reTrms$Zt <- membership(parts$fr, parts$reTrms$Zt)
  f <- do.call(mkLmerDevfun, c(parts, list(control = quiet())))
  start <- parts$reTrms$theta
  best <- minimum(f, start, parts$reTrms$lower)
  f(best$par)
  fit <- mkMerMod(environment(f), list(par = best$par, fval = best$value, conv = 0, message = ""), parts$reTrms, parts$fr, as.call(call))
  excess <- NULL
  if (is.null(membership)) {
    call[[1]] <- quote(lme4::lmer)
    call$control <- NULL
    default <- suppressWarnings(suppressMessages(try(eval(as.call(call)), TRUE)))
    excess <- if (inherits(default, "try-error")) NULL else as.numeric(-2 * logLik(default)) - as.numeric(-2 * logLik(fit))
  }
  list(fit = fit, test = lmerTest:::as_lmerModLT(fit, f), excess = excess)
}

base_group <- function(g) sub("\\.[0-9]+$", "", g)

# The record written to JSON: a list in the shape of the files in fits/.
record <- function(b, kr = FALSE) {
  fit <- b$fit
  cf <- summary(b$test, ddf = "Satterthwaite")$coefficients
  fixed <- lapply(seq_len(nrow(cf)), function(i) list(term = rownames(cf)[i], estimate = cf[i, "Estimate"], se = cf[i, "Std. Error"],
    statistic = cf[i, "t value"], df_satterthwaite = cf[i, "df"], p_satterthwaite = cf[i, "Pr(>|t|)"]))
  if (kr) {
    va <- pbkrtest::vcovAdj(fit)
    for (i in seq_along(fixed)) {
      L <- replace(numeric(nrow(cf)), i, 1)
      se <- sqrt(va[i, i])
      df <- pbkrtest::ddf_Lb(va, L, vcov(fit))
      fixed[[i]] <- c(fixed[[i]], list(se_kr = se, df_kr = df, p_kr = 2 * pt(-abs(fixed[[i]]$estimate / se), df)))
    }
  }
  vc <- as.data.frame(VarCorr(fit))
  random <- lapply(seq_len(nrow(vc)), function(i) list(group = base_group(vc$grp[i]), term1 = if (is.na(vc$var1[i])) NULL else vc$var1[i],
    term2 = if (is.na(vc$var2[i])) NULL else vc$var2[i], vcov = vc$vcov[i], sdcor = if (is.finite(vc$sdcor[i])) vc$sdcor[i] else NULL))
  aov <- suppressMessages(tryCatch(anova(b$test, type = 3), error = function(e) { warning("anova: ", conditionMessage(e)); NULL }))
  aov <- aov[!is.na(aov$`F value`), ] # lmerTest prints an empty row for a term whose columns were all dropped
  anova <- if (is.null(aov) || !nrow(aov)) NULL else lapply(seq_len(nrow(aov)), function(i) list(term = rownames(aov)[i], numDF = aov$NumDF[i],
    denDF = aov$DenDF[i], F = aov$`F value`[i], p = aov$`Pr(>F)`[i]))
  re <- as.data.frame(ranef(fit, condVar = TRUE))
  modes <- lapply(unique(as.character(re$grpvar)), function(g) {
    x <- re[re$grpvar == g, ]
    terms <- unique(as.character(x$term))
    head5 <- head(unique(as.character(x$grp)), 5)
    grab <- function(column) lapply(head5, function(l) I(vapply(terms, function(t) x[[column]][x$grp == l & x$term == t], 0, USE.NAMES = FALSE)))
    list(group = g, levels = I(head5), terms = I(terms), values = grab("condval"), condsd = grab("condsd"))
  })
  dropped <- names(attr(getME(fit, "X"), "col.dropped"))
  list(nobs = nobs(fit), droppedRows = length(attr(fit@frame, "na.action")), droppedColumns = I(as.character(dropped)),
    groups = as.list(ngrps(fit)), fixed = fixed, random = random, sigma = sigma(fit),
    logLik = as.numeric(logLik(fit)), criterion = -2 * as.numeric(logLik(fit)), AIC = AIC(fit), BIC = BIC(fit),
    npar = attr(logLik(fit), "df"), theta = I(unname(getME(fit, "theta"))), singular = isSingular(fit), anova_type3 = anova, ranef_head = modes,
    fitted_head = I(unname(head(fitted(fit), 6))), lmer_default_excess = b$excess)
}

# ---------------------------------------------------------------- cases ----

shipped <- function(name) list(csv = sprintf("data/%s.csv", name), schema = sprintf("data/%s.schema.json", name))
made <- function(name) list(csv = sprintf("%s/data/%s.csv", root, name), schema = sprintf("%s/data/%s.schema.json", root, name))
wanted <- function(case) grepl(only, case, perl = TRUE)

write_case <- function(case, files, formula, method, r, note = NULL, weights = NULL, contrasts = NULL, r_formula = NULL) {
  head <- list(case = case, kind = "lmm", data = sub("\\.csv$", "", basename(files$csv)), data_file = files$csv, schema_file = files$schema,
    formula = formula, r_formula = r_formula, method = method, weights = weights, contrasts = contrasts,
    software = paste("lme4", packageVersion("lme4")), note = note)
  writeLines(jsonlite::toJSON(c(head, r), auto_unbox = TRUE, pretty = TRUE, digits = I(15), null = "null", na = "null"),
    file.path(root, "fits-more", paste0(case, ".json")))
  cat(sprintf("%-34s criterion %.9f  npar %d  %s  lmer() default + %s\n", case, r$criterion, r$npar, if (r$singular) "singular" else "regular ",
    if (is.null(r$lmer_default_excess)) "-" else format(r$lmer_default_excess, digits = 2)))
}

# formula: as our library takes it; r_formula (and prepare) where R needs another way to say it.
case <- function(case, files, formula, method = "REML", weights = NULL, contrasts = NULL, r_formula = NULL, prepare = identity, rename = identity,
                 membership = NULL, singular = FALSE, kr = FALSE, note = NULL, transform = identity) {
  if (!wanted(case)) return(invisible())
  d <- prepare(read_data(files$csv, files$schema))
  f <- as.formula(if (is.null(r_formula)) formula else r_formula)
  b <- fit_best(f, d, method == "REML", weights, contrasts, membership)
  r <- transform(rename(record(b, kr)), b)
  if (r$singular != singular) warning(case, ": singular is ", r$singular)
  write_case(case, files, formula, method, r, note, weights, contrasts, r_formula)
}
formals(case)$transform <- quote(function(r, b) r)

# Calls every string of a record through `f`: for columns that R needed under another name.
rename_terms <- function(pattern, replacement) function(r) {
  names(r$groups) <- gsub(pattern, replacement, names(r$groups), fixed = TRUE)
  rapply(r, function(s) gsub(pattern, replacement, s, fixed = TRUE), "character", how = "replace")
}

for (name in names(generate)) write_data(name, generate[[name]]())

case("three-level-slopes-reml", made("three-level"), "y ~ x + (1 + x | district/school)", kr = TRUE, note = "random slopes at both upper levels, four districts")
case("three-level-slopes-ml", made("three-level"), "y ~ x + (1 + x | district/school)", "ML")
case("crossed-slopes-reml", made("crossed-slopes"), "y ~ c + x + (1 + c | s) + (1 + x | i)")
case("crossed-slopes-ml", made("crossed-slopes"), "y ~ c + x + (1 + c | s) + (1 + x | i)", "ML")

dummies <- function(d) { for (l in levels(d$f)) d[[paste0("f", l)]] <- as.numeric(d$f == l); d }
case("diagonal-factor-cell-reml", made("factor-slopes"), "y ~ f + (0 + f || g)", prepare = dummies,
  r_formula = "y ~ f + (0 + flow | g) + (0 + fmiddle | g) + (0 + fhigh | g)", note = "indicator columns of the factor, one variance each: a true diagonal")
case("diagonal-factor-treatment-reml", made("factor-slopes"), "y ~ f + (1 + f || g)", prepare = dummies,
  r_formula = "y ~ f + (1 | g) + (0 + fmiddle | g) + (0 + fhigh | g)", note = "intercept and treatment-contrast columns of the factor, one variance each")
case("factor-slopes-unstructured-ml", made("factor-slopes"), "y ~ f + (0 + f | g)", "ML")

case("poly-slope-reml", made("curve"), "y ~ poly(x, 2) + (1 + x | g)")
case("poly-random-reml", made("curve"), "y ~ poly(x, 3) + (1 + poly(x, 2) | g)", singular = TRUE)
case("ns-reml", made("curve"), "y ~ ns(x, df = 3) + (1 | g)", kr = TRUE)
case("bs-ml", made("curve"), "y ~ bs(x, df = 5) + (1 + x | g)", "ML")
case("power-slope-reml", made("curve"), "y ~ x + I(x^2) + log(x + 1) + (1 + x | g)")

case("weights-slope-reml", made("weights-offset"), "y ~ x + offset(o) + (1 + x | g)", weights = "w", note = "precision weights from 0.01 to 300, and an offset")
case("weights-slope-ml", made("weights-offset"), "y ~ x + o + (1 + x | g)", "ML", weights = "w")
case("offset-reml", made("weights-offset"), "y ~ x + offset(o) + (1 | g)", kr = TRUE)
case("missing-reml", made("missing"), "y ~ f + x + (1 | g) + (1 | h)", note = "missing values in every column; level c and group g03 have no complete row")
case("rank-duplicate-reml", made("rank-deficient"), "y ~ x + twice + z + (1 | g)", note = "twice = 2 x: lme4 drops it")
case("rank-empty-cells-reml", made("rank-deficient"), "y ~ a * b + x + (1 | g)",
  note = "two empty cells in a by b; anova_type3 is what lmerTest prints, whose hypotheses depend on the level order when cells are empty")

case("sum-contrasts-reml", made("factorial"), "y ~ a * b + x + (1 | g)", contrasts = list(a = "contr.sum", b = "contr.sum"), kr = TRUE)
case("treatment-contrasts-reml", made("factorial"), "y ~ a * b + x + (1 | g)", note = "same model as sum-contrasts-reml: the F tests agree")
case("helmert-reml", made("factorial"), "y ~ b + o + (1 | g)", contrasts = list(b = "contr.helmert", o = "contr.helmert"))
case("ordered-poly-ml", made("factorial"), "y ~ o * a + (1 | g)", "ML")
case("no-intercept-reml", made("factorial"), "y ~ 0 + b + x + (1 | g)")
case("no-intercept-slope-reml", made("factorial"), "y ~ b - 1 + b:x + (1 | g)")
case("three-way-reml", made("factorial"), "y ~ a * b * treated + x + (1 | g)")
case("three-way-ml", made("factorial"), "y ~ a * b * x + treated + (1 | g)", "ML")
case("ordered-slope-reml", made("factorial"), "y ~ o + x + (1 | g) + (0 + x | g)", singular = TRUE, note = "two terms on one factor, the slope's variance zero")

case("three-slopes-reml", made("many-slopes"), "y ~ x1 + x2 + (1 + x1 + x2 | g)")
case("four-columns-reml", made("many-slopes"), "y ~ x1 + x2 + x3 + (1 + x1 + x2 + x3 | g)")
case("four-columns-ml", made("many-slopes"), "y ~ x1 + x2 + x3 + (1 + x1 + x2 + x3 | g)", "ML")
case("four-columns-diagonal-reml", made("many-slopes"), "y ~ x1 + x2 + x3 + (1 + x1 + x2 + x3 || g)")
case("movers-reml", made("movers"), "y ~ year + (1 | pupil) + (1 | school)")
case("movers-slope-ml", made("movers"), "y ~ year + (1 + year | pupil) + (1 | school)", "ML")

# Multiple membership: the rows of Z' become weighted sums of two indicator matrices over the same units.
indicators <- function(f, w) Matrix::sparseMatrix(i = as.integer(f)[!is.na(f)], j = which(!is.na(f)), x = w[!is.na(f)], dims = c(nlevels(f), length(f)))
mm_data <- read_data(made("two-teachers")$csv, made("two-teachers")$schema)
case("membership-weighted-reml", made("two-teachers"), "y ~ x + (1 | mm(t1, t2, weights = w1 + w2))", r_formula = "y ~ x + (1 | t1)",
  membership = function(fr, Zt) { Z <- indicators(mm_data$t1, mm_data$w1) + indicators(mm_data$t2, mm_data$w2); dimnames(Z) <- dimnames(Zt); Z },
  rename = rename_terms("t1", "mm(t1, t2)"), note = "Z' of lme4's modular functions replaced by the weighted membership matrix")
case("membership-missing-ml", made("two-teachers"), "y ~ x + (1 | mm(t1, t2m))", "ML", r_formula = "y ~ x + (1 | t1)",
  membership = function(fr, Zt) { one <- is.na(mm_data$t2m); Z <- indicators(mm_data$t1, ifelse(one, 1, 0.5)) + indicators(mm_data$t2m, rep(0.5, nrow(mm_data)))
    dimnames(Z) <- dimnames(Zt); Z },
  rename = rename_terms("t1", "mm(t1, t2m)"), note = "equal weights, 1 / (number of members present); every fifth row has one member")

case("singular-rank1-reml", made("singular"), "y ~ x + (1 + x | g)", singular = TRUE)
case("singular-rank1-ml", made("singular"), "y ~ x + (1 + x | g)", "ML", singular = TRUE)
case("singular-zero-terms-reml", made("singular"), "y ~ x + (1 | g) + (1 | h) + (1 | k)", singular = TRUE, note = "two of three variances are zero")
case("singular-diagonal-reml", made("singular"), "y ~ x + (1 + x || g) + (1 | k)", singular = TRUE)
case("nested-three-reml", made("nested"), "y ~ x + (1 | a/b/c)")
case("nested-three-ml", made("nested"), "y ~ x + (1 | a/b/c)", "ML")
case("interaction-group-reml", made("nested"), "y ~ x + (1 | a:b)")
case("one-way-balanced-reml", made("one-way"), "y ~ 1 + (1 | g)", note = "balanced: sigma^2 = MSW and tau^2 = (MSB - MSW) / 6 exactly")
case("one-way-balanced-ml", made("one-way"), "y ~ 1 + (1 | g)", "ML")
case("penicillin-covariate-reml", made("penicillin-x"), "diameter ~ x + (1 | plate) + (1 | sample)", kr = TRUE)
case("penicillin-ml", shipped("penicillin"), "diameter ~ 1 + (1 | plate) + (1 | sample)", "ML", note = "published: 332.1883")
case("pastes-ml", shipped("pastes"), "strength ~ 1 + (1 | batch/cask)", "ML", note = "published: 247.9945")
case("dyestuff2-singular-ml", shipped("dyestuff2"), "Yield ~ 1 + (1 | Batch)", "ML", singular = TRUE, note = "published: 162.8730")
case("egsingle-unconditional-reml", shipped("egsingle"), "math ~ year + (1 + year | schoolid/childid)")
case("egsingle-unconditional-ml", shipped("egsingle"), "math ~ year + (1 + year | schoolid/childid)", "ML",
  note = "Raudenbush & Bryk's three-level growth model without predictors; published deviance 16326.23")

# Centring inside the formula; R gets the computed columns. Published for these data: 12.128, 5.333, 1.227, 2.945, 1.039, -1.643; criterion 46504.
centred <- function(d) { d$GROUPMEAN <- ave(d$ses, d$school); d$WITHIN <- d$ses - d$GROUPMEAN; d }
case("hsb82-centring-reml", shipped("hsb82"), "mAch ~ (groupMean(ses, school) + sector) * cwc(ses, school) + (1 + cwc(ses, school) | school)", prepare = centred,
  r_formula = "mAch ~ (GROUPMEAN + sector) * WITHIN + (1 + WITHIN | school)",
  rename = function(r) rename_terms("WITHIN", "cwc(ses, school)")(rename_terms("GROUPMEAN", "groupMean(ses, school)")(r)),
  note = "columns centred by R before the fit")

# Another unit of x: estimates, standard errors and standard deviations of x divide by the scale; each fixed column of x adds log(scale^2) to the REML criterion.
rescaled <- function(to, scale) function(r, b) {
  for (i in seq_along(r$fixed)) if (r$fixed[[i]]$term == "x") {
    r$fixed[[i]]$term <- to
    for (v in intersect(c("estimate", "se", "se_kr"), names(r$fixed[[i]]))) r$fixed[[i]][[v]] <- r$fixed[[i]][[v]] / scale
  }
  for (i in seq_along(r$random)) {
    # A variance has the unit of its column twice, a covariance that of both columns.
    both <- c(r$random[[i]]$term1, if (is.null(r$random[[i]]$term2)) r$random[[i]]$term1 else r$random[[i]]$term2)
    k <- sum(both == "x")
    if (k) r$random[[i]]$vcov <- r$random[[i]]$vcov / scale^k
    if (identical(r$random[[i]]$term1, "x")) { r$random[[i]]$term1 <- to; r$random[[i]]$sdcor <- r$random[[i]]$sdcor / scale }
    if (identical(r$random[[i]]$term2, "x")) r$random[[i]]$term2 <- to
  }
  for (i in seq_along(r$anova_type3)) if (r$anova_type3[[i]]$term == "x") r$anova_type3[[i]]$term <- to
  for (g in seq_along(r$ranef_head)) {
    at <- r$ranef_head[[g]]$terms == "x"
    r$ranef_head[[g]]$terms[at] <- to
    for (v in c("values", "condsd")) r$ranef_head[[g]][[v]] <- lapply(r$ranef_head[[g]][[v]], function(x) I(ifelse(at, x / scale, x)))
  }
  if (getME(b$fit, "is_REML")) {
    add <- 2 * log(scale)
    for (v in c("criterion", "AIC", "BIC")) r[[v]] <- r[[v]] + add
    r$logLik <- r$logLik - add / 2
  }
  r[c("lmer_default_excess", "theta")] <- list(NULL)
  r
}
scale_note <- "fitted to x and rescaled analytically to the column in the formula, not fitted by lme4 in these units"
case("scale-one-reml", made("scales"), "y ~ x + (1 + x | g)")
case("scale-huge-reml", made("scales"), "y ~ huge + (1 | g)", r_formula = "y ~ x + (1 | g)", transform = rescaled("huge", 1e12), note = scale_note)
case("scale-huge-slope-reml", made("scales"), "y ~ huge + (1 + huge | g)", r_formula = "y ~ x + (1 + x | g)", transform = rescaled("huge", 1e12), note = scale_note)
case("scale-tiny-slope-reml", made("scales"), "y ~ tiny + (1 + tiny | g)", r_formula = "y ~ x + (1 + x | g)", transform = rescaled("tiny", 1e-12), note = scale_note)
case("scale-tiny-slope-ml", made("scales"), "y ~ tiny + (1 + tiny | g)", "ML", r_formula = "y ~ x + (1 + x | g)", transform = rescaled("tiny", 1e-12), note = scale_note)

# Years not centred: fitted with year - 2005 and carried over by T = [1 -2005; 0 1], whose determinant is one (the criterion stays).
uncentred <- function(r, b) {
  T <- rbind(c(1, -2005), c(0, 1))
  ct <- lmerTest::contest1D(b$test, c(1, -2005), ddf = "Satterthwaite")
  r$fixed[[1]] <- list(term = "(Intercept)", estimate = ct$Estimate, se = ct$`Std. Error`, statistic = ct$`t value`, df_satterthwaite = ct$df, p_satterthwaite = ct$`Pr(>|t|)`)
  r$fixed[[2]]$term <- "year"
  r["theta"] <- list(NULL)
  S <- T %*% VarCorr(b$fit)$g %*% t(T)
  sd <- sqrt(diag(S))
  r$random <- list(list(group = "g", term1 = "(Intercept)", term2 = NULL, vcov = S[1, 1], sdcor = sd[1]), list(group = "g", term1 = "year", term2 = NULL, vcov = S[2, 2], sdcor = sd[2]),
    list(group = "g", term1 = "(Intercept)", term2 = "year", vcov = S[1, 2], sdcor = S[1, 2] / prod(sd)), r$random[[4]])
  r$anova_type3[[1]]$term <- "year"
  u <- ranef(b$fit, condVar = TRUE)$g
  pv <- attr(u, "postVar")
  r$ranef_head[[1]]$terms <- I(c("(Intercept)", "year"))
  r$ranef_head[[1]]$values <- lapply(1:5, function(i) I(as.vector(T %*% unlist(u[i, ]))))
  r$ranef_head[[1]]$condsd <- lapply(1:5, function(i) I(sqrt(diag(T %*% pv[, , i] %*% t(T)))))
  direct <- suppressWarnings(suppressMessages(lme4::lmer(y ~ year + (1 + year | g), read_data(made("calendar")$csv, made("calendar")$schema),
    REML = getME(b$fit, "is_REML"))))
  r$lmer_default_excess <- as.numeric(-2 * logLik(direct)) - r$criterion
  r
}
since <- function(d) { d$since <- d$year - 2005; d }
for (m in c("REML", "ML")) case(paste0("calendar-slope-", tolower(m)), made("calendar"), "y ~ year + (1 + year | g)", m, prepare = since,
  r_formula = "y ~ since + (1 + since | g)", transform = uncentred,
  note = "fitted with year - 2005 and carried over analytically; lmer_default_excess is lmer's own fit with year as it stands")
