# How the optimum of a generalized or cumulative mixed model is found and checked; used by generalized-models.R.
#
# glmmTMB models and those of laplace.cpp have an exact gradient: Newton steps on it finish the fit, a second start must
# come to the same log-likelihood, and standard errors are from the inverse of the Hessian in all parameters (central
# differences of the exact gradient, extrapolated once). Quadrature is written out here for one grouping factor.

# ------------------------------------------------------------ optimum ----

# Jacobian of a gradient: central differences with steps h and h / 2, extrapolated; h is a fiftieth of the standard
# deviation that the curvature in the parameter alone would give.
hessian_of <- function(gradient, par) {
  H <- vapply(seq_along(par), function(j) {
    curvature <- (gradient(replace(par, j, par[j] + 1e-5)) - gradient(replace(par, j, par[j] - 1e-5)))[j] / 2e-5
    h <- min(0.02 / sqrt(abs(curvature)), 0.05)
    central <- function(d) (gradient(replace(par, j, par[j] + d)) - gradient(replace(par, j, par[j] - d))) / (2 * d)
    (4 * central(h / 2) - central(h)) / 3
  }, numeric(length(par)))
  H <- matrix(H, length(par))
  (H + t(H)) / 2
}

newton <- function(f, gradient, par) {
  best <- list(par = par, norm = Inf)
  for (step in 1:8) {
    g <- as.vector(gradient(par))
    H <- hessian_of(gradient, par)
    e <- eigen(H, symmetric = TRUE)
    size <- pmax(abs(e$values), 1e-6 * max(abs(e$values)))
    move <- -as.vector(e$vectors %*% (crossprod(e$vectors, g) / size))
    norm <- sqrt(abs(sum(move * g)))
    if (norm < best$norm) best <- list(par = par, norm = norm)
    if (norm < 1e-8) break
    value <- f(par); scale <- 1 # a step may raise f by no more than its rounding
    while (scale > 1e-4 && !isTRUE(f(par + scale * move) <= value + 1e-8)) scale <- scale / 2
    if (scale <= 1e-4) break
    par <- par + scale * move
  }
  best$par
}

# The lower of two starts, finished by Newton steps; the difference between the starts is kept.
optimum <- function(f, gradient, start, spread = 0.2, seed = 1) {
  finite <- function(p) { v <- as.numeric(f(p)); if (is.finite(v)) v else 1e10 }
  slope <- function(p) { g <- as.vector(gradient(p)); if (all(is.finite(g))) g else rep(0, length(p)) }
  run <- function(s) {
    r <- nlminb(s, finite, slope, control = list(iter.max = 2000, eval.max = 3000, rel.tol = 1e-13, x.tol = 1e-11))
    par <- newton(f, gradient, r$par)
    list(par = par, value = as.numeric(f(par)))
  }
  set.seed(seed)
  first <- run(start)
  second <- run(start + rnorm(length(start), sd = spread))
  best <- if (second$value < first$value) second else first
  g <- as.vector(gradient(best$par))
  H <- hessian_of(gradient, best$par)
  V <- try(solve(H), TRUE)
  list(par = best$par, value = best$value, starts_differ = abs(first$value - second$value), gradient_norm = sqrt(abs(sum(g * tryCatch(solve(H, g), error = function(e) g)))), hessian = H,
    covariance = if (inherits(V, "try-error")) matrix(NA, nrow(H), ncol(H)) else V)
}

se_of <- function(V) sqrt(ifelse(diag(V) > 0, diag(V), NA))
rows <- function(names, estimate, se) lapply(seq_along(names), function(i) list(term = names[i], estimate = unname(estimate[i]), se = unname(se[i])))

# Standard deviations and correlations of one term from a covariance matrix; no correlation with a zero standard deviation.
# `se`: standard errors of log(sd) for each term, then of atanh(correlation) for each pair.
components <- function(group, terms, S, se = NULL) {
  sd <- sqrt(diag(S)); sd[sd < 1e-5] <- 0
  n <- length(terms)
  with_se <- function(r, name, i, known) { if (!is.null(se)) r[name] <- list(if (known && is.finite(se[i])) unname(se[i]) else NULL); r }
  out <- lapply(seq_len(n), function(a) with_se(list(group = group, term = terms[a], sd = unname(sd[a])), "se_log_sd", a, sd[a] > 0))
  at <- n
  for (a in seq_len(n)) for (b in seq_len(n)) if (a < b) {
    at <- at + 1; known <- sd[a] > 0 && sd[b] > 0
    out <- c(out, list(with_se(list(group = group, term = terms[a], term2 = terms[b], correlation = if (known) unname(S[a, b] / sd[a] / sd[b]) else NA), "se_atanh_correlation", at, known)))
  }
  out
}

# log(sd) and atanh(correlation) of a covariance matrix, and their standard errors when it is a function of parameters.
logs_of <- function(S) {
  sd <- sqrt(diag(S)); R <- S / outer(sd, sd)
  pairs <- which(upper.tri(R), arr.ind = TRUE)
  pairs <- pairs[order(pairs[, 1], pairs[, 2]), , drop = FALSE]
  c(log(sd), atanh(pmin(pmax(R[pairs], -1), 1)))
}
se_of_logs <- function(S_of, par, V) {
  if (any(diag(S_of(par)) < 1e-10)) return(NULL)
  e <- eigen(S_of(par), TRUE)$values
  if (min(e) < 1e-8 * max(e)) { # rank below full: only the standard deviations have standard errors
    G <- numDeriv::jacobian(function(p) 0.5 * log(diag(S_of(p))), par)
    return(c(se_of(G %*% V %*% t(G)), rep(NA, length(par))))
  }
  G <- numDeriv::jacobian(function(p) logs_of(S_of(p)), par)
  se_of(G %*% V %*% t(G))
}
base_group <- function(g) sub("\\.[0-9]+$", "", g)

# ------------------------------------------------------------ glmmTMB ----

fit_glmmtmb <- function(formula, data, family, zi = "~0", dispersion = "~1", weights = NULL, start = NULL) {
  call <- list(quote(glmmTMB), formula = as.formula(formula), data = quote(data), family = family, ziformula = as.formula(zi),
    dispformula = as.formula(dispersion))
  if (!is.null(weights)) call$weights <- as.name(weights)
  if (!is.null(start)) call$start <- start
  seconds <- system.time(fit <- suppressWarnings(eval(as.call(call))))[["elapsed"]]
  obj <- fit$obj
  first <- if (all(is.finite(fit$fit$par))) fit$fit$par else obj$par
  best <- optimum(obj$fn, obj$gr, first, spread = if (is.null(start)) 0.2 else 0.02)
  obj$fn(best$par)
  fit$fit$par <- best$par
  fit$fit$parfull <- obj$env$last.par
  se <- se_of(best$covariance)
  part <- names(obj$par)
  table <- function(name, terms) rows(terms, best$par[part == name], se[part == name])
  fe <- fixef(fit)
  # glmmTMB's unstructured covariance: log standard deviations, then the rows of a unit lower triangle, rescaled.
  covariance_of <- function(n) function(theta) {
    L <- diag(n)
    if (n > 1) L[upper.tri(L)] <- theta[-seq_len(n)]
    R <- cov2cor(crossprod(L)) * outer(exp(theta[seq_len(n)]), exp(theta[seq_len(n)]))
    R
  }
  random_of <- function(vc, name) {
    out <- list(); at <- 0
    for (k in seq_along(vc)) {
      terms <- rownames(vc[[k]]); n <- length(terms)
      if (identical(names(attr(vc[[k]], "blockCode")), "diag")) { # a term with || : as many terms of one effect
        index <- which(part == name)[at + seq_len(n)]; at <- at + n
        for (a in seq_len(n)) out <- c(out, list(list(group = base_group(names(vc)[k]), term = terms[a], sd = exp(unname(best$par[index[a]])), se_log_sd = unname(se[index[a]]))))
        next
      }
      index <- which(part == name)[at + seq_len(n * (n + 1) / 2)]
      S <- covariance_of(n)(best$par[index])
      stopifnot(max(abs(S - matrix(as.vector(vc[[k]])[seq_len(n * n)], n))) < 1e-6 * max(1, max(abs(S))))
      out <- c(out, components(base_group(names(vc)[k]), terms, S, se_of_logs(covariance_of(n), best$par[index], best$covariance[index, index, drop = FALSE])))
      at <- at + length(index)
    }
    out
  }
  vc <- VarCorr(fit)
  random <- random_of(vc$cond, "theta")
  zi_random <- random_of(vc$zi, "thetazi")
  disp <- fe$disp
  groups <- lapply(c(fit$modelInfo$reTrms$cond$flist, fit$modelInfo$reTrms$zi$flist), nlevels)
  ff <- fit$modelInfo$family$family
  log_dispersion <- if (any(part == "betad")) table("betad", names(disp)) else NULL
  # glmmTMB 1.1.5 has the variance of a Gaussian model here; reported is log sigma.
  if (ff == "gaussian") log_dispersion <- lapply(log_dispersion, function(x) list(term = x$term, estimate = x$estimate / 2, se = x$se / 2))
  list(software = paste("glmmTMB", packageVersion("glmmTMB")), nobs = nobs(fit), groups = groups[!duplicated(names(groups))], logLik = -best$value,
    fixed = table("beta", names(fe$cond)), random = random,
    dispersion = if (ff %in% c("binomial", "poisson", "truncated_poisson") || dispersion != "~1") NULL else sigma(fit),
    dispersion_log = log_dispersion,
    shape = if (ff == "t") unname(glmmTMB::family_params(fit)) else NULL,
    zeroInflation = if (any(part == "betazi")) list(fixed = table("betazi", names(fe$zi)), random = zi_random) else NULL,
    npar = length(best$par), AIC = 2 * best$value + 2 * length(best$par), singular = FALSE,
    gradient_norm = best$gradient_norm, starts_differ = best$starts_differ, r_seconds = seconds)
}

# ---------------------------------------------- glmer at given values ----

strict <- function() glmerControl(optimizer = "bobyqa", tolPwrss = 1e-13, check.conv.grad = "ignore", check.conv.singular = "ignore", check.conv.hess = "ignore",
  check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nlev.gtr.1 = "ignore")

# -2 log-likelihood of lme4 as a function of (theta, beta), one evaluation after another.
glmer_deviance <- function(formula, data, family, agq = 1, weights = NULL) {
  call <- list(quote(glFormula), formula = as.formula(formula), data = quote(data), family = family, control = quote(strict()))
  if (!is.null(weights)) call$weights <- as.name(weights)
  parts <- suppressWarnings(eval(as.call(call)))
  f <- do.call(mkGlmerDevfun, c(parts, list(control = strict())))
  f(parts$reTrms$theta)
  f <- updateGlmerDevfun(f, parts$reTrms, nAGQ = agq)
  list(f = f, parts = parts)
}

# Cholesky factor of a positive semidefinite matrix; a pivot of zero gives a column of zeros.
lower_factor <- function(S) {
  n <- nrow(S); L <- matrix(0, n, n)
  for (j in seq_len(n)) {
    before <- seq_len(j - 1)
    pivot <- S[j, j] - sum(L[j, before]^2)
    if (pivot <= 1e-9 * max(diag(S))) next
    L[j, j] <- sqrt(pivot)
    for (i in seq_len(n)) if (i > j) L[i, j] <- (S[i, j] - sum(L[i, before] * L[j, before])) / L[j, j]
  }
  L
}

# lme4's theta of the standard deviations and correlations of a record.
theta_of <- function(random, reTrms) {
  unlist(lapply(seq_along(reTrms$cnms), function(k) {
    g <- base_group(names(reTrms$cnms)[k]); cols <- reTrms$cnms[[k]]
    L <- lower_factor(covariance_from(random, g, cols))
    L[lower.tri(L, TRUE)]
  }))
}

# lme4's own value at the estimates of a record, and its plain fit for comparison.
check_glmer <- function(r, formula, data, family, weights = NULL, time = TRUE, limit = 200) {
  d <- glmer_deviance(formula, data, family, 1, weights)
  at <- d$f(c(theta_of(r$random, d$parts$reTrms), vapply(r$fixed, function(x) x$estimate, 0)))
  out <- list(glmer_logLik_at_estimates = -as.numeric(at) / 2)
  if (time) {
    call <- list(quote(glmer), formula = as.formula(formula), data = quote(data), family = family, control = quote(glmerControl(optimizer = "bobyqa")))
    if (!is.null(weights)) call$weights <- as.name(weights)
    said <- character()
    setTimeLimit(elapsed = limit, transient = TRUE)
    seconds <- system.time(fit <- withCallingHandlers(try(eval(as.call(call)), TRUE), warning = function(w) { said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning") },
      message = function(m) { said <<- c(said, conditionMessage(m)); invokeRestart("muffleMessage") }))[["elapsed"]]
    setTimeLimit()
    out$glmer_seconds <- seconds
    if (inherits(fit, "try-error")) out$glmer_error <- trimws(conditionMessage(attr(fit, "condition")))
    else out$glmer_logLik <- as.numeric(logLik(fit))
    if (length(said)) out$glmer_says <- I(unique(trimws(said)))
  }
  out
}

# -------------------------------------------------------- laplace.cpp ----

compiled <- new.env()
load_template <- function() {
  if (isTRUE(compiled$done)) return(invisible())
  folder <- tempfile("laplace"); dir.create(folder)
  file.copy(file.path(root, "laplace.cpp"), folder)
  old <- setwd(folder); on.exit(setwd(old))
  system2(file.path(R.home("bin"), "Rscript"), c("-e", shQuote("TMB::compile('laplace.cpp', '-O1 -w')")), stdout = FALSE, stderr = FALSE)
  dyn.load(TMB::dynlib("laplace"))
  compiled$done <- TRUE
}

random_terms <- function(formula, data) {
  lapply(lme4::findbars(as.formula(formula)), function(bar) {
    Z <- model.matrix(as.formula(call("~", bar[[2]])), data)
    g <- bar[[3]]
    f <- if (length(g) == 1) factor(data[[deparse(g)]]) else factor(interaction(lapply(all.vars(g), function(v) data[[v]]), drop = TRUE, sep = ":"))
    list(group = gsub(" ", "", deparse(g)), Z = Z, f = f)
  })
}

# How the J - 1 thresholds depend on the parameters psi, as in ordinal (Christensen 2019).
threshold_structure <- function(structure, J, categories) {
  n <- J - 1; labels <- paste(categories[-J], categories[-1], sep = "|")
  switch(structure,
    flexible = list(A = diag(n), names = labels),
    equidistant = list(A = cbind(1, seq_len(n) - 1), names = c("threshold.1", "spacing")),
    symmetric = if (n %% 2) { # odd number of thresholds: a centre and distances from it
      k <- (n - 1) / 2
      list(A = cbind(1, rbind(-diag(k)[k:1, , drop = FALSE], 0, diag(k))), names = c("central", paste0("spacing.", seq_len(k))))
    } else { # two centres; the others at the same distance outside either
      k <- n / 2 - 1
      D <- diag(k)
      list(A = cbind(c(rep(1, k + 1), rep(0, k + 1)), c(rep(0, k + 1), rep(1, k + 1)), rbind(-D[rev(seq_len(k)), , drop = FALSE], 0, 0, D)),
        names = c("central.1", "central.2", if (k) paste0("spacing.", seq_len(k))))
    })
}

fit_template <- function(formula, data, family = "cumulative", link = "logit", nominal = "~1", scale = "~1", structure = "flexible", weights = NULL, offset = NULL) {
  load_template()
  f <- as.formula(formula)
  terms <- random_terms(f, data)
  frame <- model.frame(lme4::subbars(f), data)
  y <- model.response(frame); n <- NROW(y)
  X <- model.matrix(lme4::nobars(f), data)
  ordinal <- family %in% c("cumulative", "adjacent")
  dispersed <- family %in% c("inverse_gaussian", "betabinomial", "nbinom2")
  trials <- rep(1, n); J <- 2; structured <- NULL
  P <- matrix(0, n, 0); Xs <- matrix(0, n, 0)
  if (ordinal) {
    categories <- levels(y); J <- nlevels(y)
    X <- X[, colnames(X) != "(Intercept)", drop = FALSE]
    structured <- threshold_structure(structure, J, categories)
    Xn <- model.matrix(as.formula(nominal), data)
    # psi: for every column of the nominal matrix one set of threshold parameters.
    P <- do.call(cbind, lapply(seq_len(ncol(Xn)), function(v) kronecker(Xn[, v], structured$A)))
    psi_names <- if (ncol(Xn) == 1) structured$names else as.vector(outer(structured$names, colnames(Xn), paste, sep = "."))
    Xs <- model.matrix(as.formula(scale), data)[, -1, drop = FALSE]
    yy <- as.integer(y)
  } else if (is.matrix(y)) { trials <- rowSums(y); yy <- y[, 1] }
  else yy <- if (is.factor(y)) as.integer(y) - 1 else as.numeric(y)
  S <- vapply(terms, function(t) ncol(t$Z), 0L)
  L <- vapply(terms, function(t) nlevels(t$f), 0L)
  start_theta <- unlist(lapply(S, function(s) diag(0.7, s)[lower.tri(diag(s), TRUE)]))
  start_psi <- if (ordinal) {
    share <- (cumsum(table(yy)) / n)[-J]
    base <- as.vector(qr.solve(structured$A, qlogis(share)))
    c(base, rep(0, ncol(P) - length(base)))
  } else numeric()
  start_beta <- rep(0, ncol(X))
  if (family %in% c("poisson", "nbinom2", "inverse_gaussian")) start_beta[1] <- log(mean(yy))
  parameters <- list(beta = start_beta, psi = start_psi, zeta = rep(0, ncol(Xs)), theta = start_theta, logphi = 0, u = rep(0, sum(S * L)))
  d <- list(family = match(family, c("cumulative", "adjacent", "binomial", "poisson", "inverse_gaussian", "betabinomial", "nbinom2")) - 1L,
    link = match(link, c("logit", "probit", "cloglog", "loglog", "cauchit"), 1) - 1L, categories = J, y = as.numeric(yy), trials = as.numeric(trials),
    weights = if (is.null(weights)) rep(1, n) else data[[weights]], offset = if (is.null(offset)) rep(0, n) else data[[offset]], X = X,
    Z = do.call(cbind, lapply(terms, function(t) t$Z)), level = vapply(terms, function(t) as.integer(t$f) - 1L, integer(n)), columns = S, levels = L,
    threshold = P, scale = Xs)
  obj <- TMB::MakeADFun(d, parameters, random = "u", map = if (dispersed) list() else list(logphi = factor(NA)), DLL = "laplace", silent = TRUE)
  seconds <- system.time(best <- optimum(obj$fn, function(p) as.vector(obj$gr(p)), obj$par, spread = 0.1))[["elapsed"]]
  part <- names(obj$par); V <- best$covariance; se <- se_of(V); par <- best$par
  table <- function(name, terms) rows(terms, par[part == name], se[part == name])
  random <- list(); at <- 0; theta <- par[part == "theta"]; singular <- FALSE
  for (k in seq_along(terms)) {
    s <- S[k]; m <- s * (s + 1) / 2
    one <- function(th) { l <- matrix(0, s, s); l[lower.tri(l, TRUE)] <- th; l }
    th <- theta[at + seq_len(m)]; index <- which(part == "theta")[at + seq_len(m)]
    Sigma <- tcrossprod(one(th))
    random <- c(random, components(terms[[k]]$group, colnames(terms[[k]]$Z), Sigma, se_of_logs(function(p) tcrossprod(one(p)), th, V[index, index, drop = FALSE])))
    e <- eigen(Sigma, TRUE)$values
    singular <- singular || min(e) < 1e-8 * max(e, 1e-4)
    at <- at + m
  }
  out <- list(software = paste("TMB", packageVersion("TMB"), "(laplace.cpp)"), nobs = n, groups = setNames(lapply(terms, function(t) nlevels(t$f)), vapply(terms, function(t) t$group, "")),
    logLik = -best$value, fixed = table("beta", colnames(X)))
  out$groups <- out$groups[!duplicated(names(out$groups))]
  if (ordinal) {
    own <- which(part == "psi")
    if (ncol(Xn) == 1) {
      B <- structured$A
      out$thresholds <- rows(paste(categories[-J], categories[-1], sep = "|"), as.vector(B %*% par[own]), se_of(B %*% V[own, own] %*% t(B)))
      if (structure != "flexible") out$threshold_parameters <- table("psi", psi_names)
    } else out$thresholds <- table("psi", psi_names)
    if (ncol(Xs)) out$scale_effects <- table("zeta", colnames(Xs))
  }
  c(out, list(random = random, dispersion = if (dispersed) unname(exp(par[part == "logphi"] * if (family == "inverse_gaussian") 0.5 else 1)) else NULL,
    dispersion_log = if (dispersed) table("logphi", "(Intercept)") else NULL,
    npar = length(par), AIC = 2 * best$value + 2 * length(par), singular = singular, gradient_norm = best$gradient_norm, starts_differ = best$starts_differ, template_seconds = seconds))
}

# clmm's own fit by its matrix path, beside the template's.
check_clmm <- function(r, formula, data, link = "logit", structure = "flexible", matrix = TRUE) {
  call <- list(quote(clmm), formula = as.formula(formula), data = quote(data), link = link, threshold = structure,
    control = if (matrix) quote(clmm.control(useMatrix = TRUE, gradTol = 1e-9)) else quote(clmm.control(gradTol = 1e-9)))
  said <- character()
  seconds <- system.time(fit <- withCallingHandlers(try(eval(as.call(call)), TRUE), warning = function(w) { said <<- c(said, conditionMessage(w)); invokeRestart("muffleWarning") }))[["elapsed"]]
  out <- list(clmm_call = paste(deparse(as.call(call), 500), collapse = ""), clmm_seconds = seconds)
  if (inherits(fit, "try-error") && matrix) return(c(list(clmm_matrix_path_error = trimws(conditionMessage(attr(fit, "condition")))), check_clmm(r, formula, data, link, structure, FALSE)))
  if (inherits(fit, "try-error")) out$clmm_error <- trimws(conditionMessage(attr(fit, "condition")))
  else {
    beta <- vapply(r$fixed, function(x) x$estimate, 0); se <- vapply(r$fixed, function(x) x$se, 0)
    out$clmm_logLik <- as.numeric(logLik(fit))
    out$clmm_estimates_differ_in_se <- max(abs(fit$beta - beta) / se)
    own <- try(suppressWarnings(sqrt(diag(vcov(fit)))[names(fit$beta)]), TRUE)
    out["clmm_se_differ_relative"] <- list(if (inherits(own, "try-error") || anyNA(own)) NULL else max(abs(own / se - 1)))
  }
  if (length(said)) out$clmm_says <- I(unique(gsub("\\s+", " ", sub("at iteration.*", "", said))))
  out
}

# --------------------------------------------------- Laplace, by hand ----

# The Laplace value from R's own densities, with numerical derivatives of every row's log-density: a check on the software
# that gave the estimates. `density(eta, zeta, log_dispersion)`: log-densities of all rows, zeta the zero part's predictor.
laplace_by_hand <- function(r, formula, data, density, zi = "~0", dispersion = "~1") {
  estimate <- function(x) vapply(x, function(v) v$estimate, 0)
  part <- function(formula, fixed, random) {
    f <- as.formula(formula)
    A <- do.call(cbind, lapply(random_terms(formula, data), function(t) {
      L <- lower_factor(covariance_from(random, t$group, colnames(t$Z)))
      ZL <- t$Z %*% L
      J <- model.matrix(~ 0 + f, data.frame(f = t$f))
      do.call(cbind, lapply(seq_len(ncol(ZL)), function(s) J * ZL[, s]))
    }))
    X <- model.matrix(lme4::nobars(f), data)[, vapply(fixed, function(v) v$term, ""), drop = FALSE]
    offset <- model.offset(model.frame(lme4::nobars(f), data))
    list(A = A, base = as.vector(X %*% estimate(fixed)) + if (is.null(offset)) 0 else offset)
  }
  main <- part(formula, r$fixed, r$random)
  n <- length(main$base)
  zero <- if (is.null(r$zeroInflation)) list(A = NULL, base = rep(0, n)) else part(zi, r$zeroInflation$fixed, r$zeroInflation$random)
  k1 <- ncol(main$A); k2 <- if (is.null(zero$A)) 0 else ncol(zero$A)
  B1 <- cbind(main$A, matrix(0, n, k2)); B2 <- cbind(matrix(0, n, k1), zero$A)
  logd <- if (is.null(r$dispersion_log)) rep(0, n) else as.vector(model.matrix(as.formula(dispersion), data) %*% estimate(r$dispersion_log))
  l <- function(a, b) density(a, b, logd)
  h <- 2e-3; two <- k2 > 0
  derivatives <- function(a, b) {
    f0 <- l(a, b)
    first <- function(d1, d2) (8 * (l(a + h * d1, b + h * d2) - l(a - h * d1, b - h * d2)) - (l(a + 2 * h * d1, b + 2 * h * d2) - l(a - 2 * h * d1, b - 2 * h * d2))) / (12 * h)
    second <- function(d1, d2) (16 * (l(a + h * d1, b + h * d2) + l(a - h * d1, b - h * d2)) - 30 * f0 - (l(a + 2 * h * d1, b + 2 * h * d2) + l(a - 2 * h * d1, b - 2 * h * d2))) / (12 * h^2)
    aa <- second(1, 0); bb <- if (two) second(0, 1) else 0
    list(f = f0, g1 = first(1, 0), g2 = if (two) first(0, 1) else rep(0, n), aa = aa, bb = bb, ab = if (two) (second(1, 1) - aa - bb) / 2 else 0)
  }
  u <- rep(0, k1 + k2)
  at <- function(u) list(a = main$base + as.vector(B1 %*% u), b = zero$base + as.vector(B2 %*% u))
  J <- function(u) { e <- at(u); v <- -sum(l(e$a, e$b)) + sum(u^2) / 2; if (is.finite(v)) v else Inf }
  for (step in 1:100) {
    e <- at(u); d <- derivatives(e$a, e$b)
    information <- function(d) -(crossprod(B1, B1 * d$aa) + if (two) crossprod(B1, B2 * d$ab) + crossprod(B2, B1 * d$ab) + crossprod(B2, B2 * d$bb) else 0) + diag(k1 + k2)
    H <- information(d)
    # Where H is not positive definite yet, rows without negative curvature and without cross terms give a direction of descent.
    if (inherits(try(chol(H), TRUE), "try-error")) H <- information(list(aa = pmin(d$aa, 0), bb = pmin(d$bb, 0), ab = 0))
    gradient <- u - as.vector(crossprod(B1, d$g1) + crossprod(B2, d$g2))
    move <- -as.vector(solve(H, gradient)); s <- 1
    if (abs(sum(move * gradient)) < 1e-16) break
    while (s > 1e-6 && !(J(u + s * move) <= J(u) + 1e-11)) s <- s / 2
    u <- u + s * move
  }
  -J(u) - 0.5 * as.numeric(determinant(H)$modulus)
}

covariance_from <- function(random, group, columns) {
  mine <- Filter(function(r) r$group == group && r$term %in% columns && (is.null(r$term2) || r$term2 %in% columns), random)
  S <- diag(length(columns)); sd <- numeric(length(columns))
  for (r in mine) if (is.null(r$term2)) sd[match(r$term, columns)] <- r$sd else if (!is.na(r$correlation)) {
    i <- match(r$term, columns); j <- match(r$term2, columns)
    S[i, j] <- S[j, i] <- r$correlation
  }
  S * outer(sd, sd)
}

# Log-densities in R's own functions. y: the response (two columns for successes and failures).
log_density <- function(family, link, y, zero = FALSE, hurdle = FALSE, shape = NULL) {
  inverse <- switch(link, cloglog = function(e) -expm1(-exp(e)), probit = pnorm, make.link(link)$linkinv)
  if (is.factor(y)) y <- as.integer(y) - 1
  base <- function(y) function(eta, logd) {
    mu <- inverse(eta); phi <- exp(logd)
    switch(family,
      binomial = if (is.matrix(y)) dbinom(y[, 1], rowSums(y), mu, log = TRUE) else dbinom(y, 1, mu, log = TRUE),
      betabinomial = { m <- rowSums(y); lchoose(m, y[, 1]) + lbeta(y[, 1] + mu * phi, y[, 2] + (1 - mu) * phi) - lbeta(mu * phi, (1 - mu) * phi) },
      poisson = dpois(y, mu, log = TRUE),
      nbinom2 = dnbinom(y, size = phi, mu = mu, log = TRUE),
      nbinom1 = dnbinom(y, size = mu / phi, mu = mu, log = TRUE),
      gamma = dgamma(y, shape = phi, scale = mu / phi, log = TRUE),
      inverse_gaussian = 0.5 * (-log(2 * pi * phi) - 3 * log(y)) - (y - mu)^2 / (2 * phi * mu^2 * y),
      beta = dbeta(y, mu * phi, (1 - mu) * phi, log = TRUE),
      student_t = dt((y - mu) / phi, shape, log = TRUE) - logd,
      gaussian = dnorm(y, mu, phi, log = TRUE))
  }
  if (!zero) return(function(eta, zeta, logd) base(y)(eta, logd))
  at_zero <- base(0 * y)
  function(eta, zeta, logd) {
    p <- plogis(zeta); f <- base(y)(eta, logd); f0 <- at_zero(eta, logd)
    if (hurdle) ifelse(y == 0, plogis(zeta, log.p = TRUE), plogis(-zeta, log.p = TRUE) + f - log1p(-exp(f0)))
    else ifelse(y == 0, log(p + (1 - p) * exp(f0)), plogis(-zeta, log.p = TRUE) + f)
  }
}

# The same for ordered categories, from the thresholds and scale effects of a record.
ordinal_density <- function(r, data, y, family, link, nominal = "~1", scale = "~1", weights = NULL) {
  estimate <- function(x) vapply(x, function(v) v$estimate, 0)
  J <- nlevels(y); n <- length(y); j <- as.integer(y)
  thresholds <- model.matrix(as.formula(nominal), data) %*% t(matrix(estimate(r$thresholds), J - 1))
  spread <- if (is.null(r$scale_effects)) rep(1, n) else exp(as.vector(model.matrix(as.formula(scale), data)[, -1, drop = FALSE] %*% estimate(r$scale_effects)))
  weight <- if (is.null(weights)) rep(1, n) else data[[weights]]
  F <- switch(link, logit = plogis, probit = pnorm, cloglog = function(x) -expm1(-exp(x)), loglog = function(x) exp(-exp(-x)), cauchit = pcauchy)
  if (family == "adjacent") return(function(eta, zeta, logd) {
    # log P(y = j) up to a constant: the sum of t_k - eta over k = j, ..., J - 1
    sums <- cbind(t(apply(thresholds - eta, 1, function(x) rev(cumsum(rev(x))))), 0)
    weight * (sums[cbind(seq_len(n), j)] - log(rowSums(exp(sums))))
  })
  bounds <- cbind(-Inf, thresholds, Inf)
  function(eta, zeta, logd) weight * log(F((bounds[cbind(seq_len(n), j + 1)] - eta) / spread) - F((bounds[cbind(seq_len(n), j)] - eta) / spread))
}

# ---------------------------------------------------------- quadrature ----

# Adaptive Gauss-Hermite quadrature for one grouping factor with S random columns: -2 log L with all constants.
# Around the mode u of every group, nodes u + R'^-1 z with R R' = Z'WZ + I (Pinheiro & Bates 1995). `row(eta)` gives log
# density l, gradient g and weight w of each row at eta (a matrix: rows by nodes).
gauss_hermite <- function(K) {
  e <- eigen(diag(0, K) + (abs(row(diag(K)) - col(diag(K))) == 1) * sqrt(pmin(row(diag(K)), col(diag(K))) / 2), symmetric = TRUE)
  list(z = sqrt(2) * e$values, logw = log(e$vectors[1, ]^2))
}

quadrature <- function(eta0, Z, f, lambda, row, K) {
  S <- ncol(Z); nodes <- gauss_hermite(K)
  grid <- as.matrix(expand.grid(rep(list(nodes$z), S)))
  logw <- rowSums(as.matrix(expand.grid(rep(list(nodes$logw), S)))) + 0.5 * rowSums(grid^2)
  total <- 0
  A <- Z %*% lambda
  for (i in split(seq_along(eta0), f)) {
    a <- A[i, , drop = FALSE]; u <- rep(0, S)
    at <- function(u) row(eta0[i] + as.vector(a %*% u), i)
    penalised <- function(u) sum(at(u)$l) - sum(u^2) / 2
    for (step in 1:100) {
      r <- at(u)
      H <- crossprod(a, a * r$w) + diag(S)
      gradient <- as.vector(crossprod(a, r$g)) - u
      move <- as.vector(solve(H, gradient)); value <- penalised(u); s <- 1
      if (sum(move * gradient) < 1e-22) break
      while (s > 1e-6 && penalised(u + s * move) < value - 1e-12) s <- s / 2
      u <- u + s * move
    }
    r <- at(u); R <- chol(crossprod(a, a * r$w) + diag(S))
    points <- u + backsolve(R, t(grid))
    l <- vapply(seq_len(ncol(points)), function(k) sum(row(eta0[i] + as.vector(a %*% points[, k]), i)$l) - sum(points[, k]^2) / 2, 0) + logw
    total <- total - sum(log(diag(R))) + max(l) + log(sum(exp(l - max(l))))
  }
  -2 * total
}

binomial_rows <- function(y, trials) function(eta, i) {
  p <- plogis(eta)
  list(l = lchoose(trials[i], y[i]) + y[i] * plogis(eta, log.p = TRUE) + (trials[i] - y[i]) * plogis(-eta, log.p = TRUE), g = y[i] - trials[i] * p, w = trials[i] * p * (1 - p))
}
poisson_rows <- function(y) function(eta, i) list(l = dpois(y[i], exp(eta), log = TRUE), g = y[i] - exp(eta), w = exp(eta))
# Cumulative logit model: `thresholds` are c(-Inf, t_1, ..., Inf), subtracted from by eta.
cumulative_rows <- function(y, thresholds) function(eta, i) {
  F1 <- plogis(thresholds[y[i] + 1] - eta); F2 <- plogis(thresholds[y[i]] - eta)
  list(l = log(F1 - F2), g = F1 + F2 - 1, w = F1 * (1 - F1) + F2 * (1 - F2))
}

# Fits by quadrature: `value(par)` is -2 log L; derivatives are Richardson-extrapolated differences.
fit_quadrature <- function(value, start) {
  half <- function(p) { v <- value(p) / 2; if (is.finite(v)) v else 1e10 }
  r <- nlminb(start, half, control = list(rel.tol = 1e-14, x.tol = 1e-10, eval.max = 5000, iter.max = 1000))
  par <- r$par
  for (step in 1:3) {
    g <- numDeriv::grad(half, par); H <- numDeriv::hessian(half, par)
    move <- -solve(H, g)
    if (!(half(par + move) <= half(par) + 1e-9)) break
    par <- par + move
    if (max(abs(move)) < 1e-8) break
  }
  g <- numDeriv::grad(half, par); V <- solve(numDeriv::hessian(half, par))
  list(par = par, value = half(par), gradient_norm = sqrt(abs(sum(g * (V %*% g)))), covariance = V)
}
