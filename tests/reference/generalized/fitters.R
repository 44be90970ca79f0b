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
  for (step in 1:15) {
    g <- as.vector(gradient(par))
    H <- hessian_of(gradient, par)
    e <- eigen(H, symmetric = TRUE)
    size <- pmax(abs(e$values), 1e-6 * max(abs(e$values)))
    move <- -as.vector(e$vectors %*% (crossprod(e$vectors, g) / size))
    if (sqrt(abs(sum(move * g))) < 1e-8) break
    value <- f(par); scale <- 1
    while (scale > 1e-4 && !isTRUE(f(par + scale * move) <= value + 1e-8)) scale <- scale / 2
    if (scale <= 1e-4) break
    par <- par + scale * move
  }
  par
}

# The lower of two starts, finished by Newton steps; the difference between the starts is kept.
optimum <- function(f, gradient, start, spread = 0.2, seed = 1) {
  run <- function(s) {
    r <- nlminb(s, f, gradient, control = list(iter.max = 2000, eval.max = 3000, rel.tol = 1e-13, x.tol = 1e-11))
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
components <- function(group, terms, S, correlated = TRUE, se_log = NULL) {
  sd <- sqrt(diag(S)); sd[sd < 1e-5] <- 0
  out <- lapply(seq_along(terms), function(a) {
    r <- list(group = group, term = terms[a], sd = unname(sd[a]))
    if (!is.null(se_log)) r["se_log_sd"] <- list(if (sd[a] > 0) unname(se_log[a]) else NULL)
    r
  })
  if (correlated) for (a in seq_along(terms)) for (b in seq_along(terms)) if (a < b)
    out <- c(out, list(list(group = group, term = terms[a], term2 = terms[b],
      correlation = if (sd[a] > 0 && sd[b] > 0) unname(S[a, b] / sd[a] / sd[b]) else NA)))
  out
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
  start <- if (all(is.finite(fit$fit$par))) fit$fit$par else obj$par
  best <- optimum(obj$fn, obj$gr, start)
  obj$fn(best$par)
  fit$fit$par <- best$par
  fit$fit$parfull <- obj$env$last.par
  se <- se_of(best$covariance)
  part <- names(obj$par)
  table <- function(name, terms) rows(terms, best$par[part == name], se[part == name])
  fe <- fixef(fit)
  theta_at <- 0; all_theta <- se[part == "theta"]
  random_of <- function(vc, structure) {
    out <- list()
    for (k in seq_along(vc)) {
      S <- unclass(vc[[k]]); terms <- rownames(vc[[k]]); n <- length(terms)
      S <- matrix(as.vector(S)[seq_len(n * n)], n)
      out <- c(out, components(base_group(names(vc)[k]), terms, S, TRUE, all_theta[theta_at + seq_len(n)]))
      theta_at <<- theta_at + n + n * (n - 1) / 2
    }
    out
  }
  vc <- VarCorr(fit)
  random <- random_of(vc$cond)
  zi_random <- random_of(vc$zi)
  disp <- fe$disp
  groups <- lapply(c(fit$modelInfo$reTrms$cond$flist, fit$modelInfo$reTrms$zi$flist), nlevels)
  ff <- fit$modelInfo$family$family
  list(software = paste("glmmTMB", packageVersion("glmmTMB")), nobs = nobs(fit), groups = groups[!duplicated(names(groups))], logLik = -best$value,
    fixed = table("beta", names(fe$cond)), random = random,
    dispersion = if (ff %in% c("binomial", "poisson", "truncated_poisson") || dispersion != "~1") NULL else sigma(fit),
    dispersion_log = if (any(part == "betad")) table("betad", names(disp)) else NULL,
    shape = if (ff == "t") unname(glmmTMB::family_params(fit)) else NULL,
    zeroInflation = if (any(part == "betazi")) list(fixed = table("betazi", names(fe$zi)), random = zi_random) else NULL,
    npar = length(best$par), AIC = 2 * best$value + 2 * length(best$par), singular = FALSE,
    gradient_norm = best$gradient_norm, starts_differ = best$starts_differ, r_seconds = seconds, condition = kappa(best$hessian, exact = TRUE))
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
    mine <- Filter(function(r) r$group == g, random)
    sd <- vapply(cols, function(t) Filter(function(r) is.null(r$term2) && r$term == t, mine)[[1]]$sd, 0)
    R <- diag(length(cols))
    for (r in mine) if (!is.null(r$term2) && r$term %in% cols && r$term2 %in% cols && !is.na(r$correlation)) {
      R[match(r$term, cols), match(r$term2, cols)] <- R[match(r$term2, cols), match(r$term, cols)] <- r$correlation
    }
    S <- R * outer(sd, sd)
    L <- lower_factor(S)
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
  if (family == "poisson") start_beta[1] <- log(mean(yy)) else if (family == "inverse.gaussian") start_beta[1] <- log(mean(yy))
  parameters <- list(beta = start_beta, psi = start_psi, zeta = rep(0, ncol(Xs)), theta = start_theta, logphi = 0, u = rep(0, sum(S * L)))
  d <- list(family = match(family, c("cumulative", "adjacent", "binomial", "poisson", "inverse.gaussian")) - 1L,
    link = match(link, c("logit", "probit", "cloglog", "loglog", "cauchit"), 1) - 1L, categories = J, y = as.numeric(yy), trials = as.numeric(trials),
    weights = if (is.null(weights)) rep(1, n) else data[[weights]], offset = if (is.null(offset)) rep(0, n) else data[[offset]], X = X,
    Z = do.call(cbind, lapply(terms, function(t) t$Z)), level = vapply(terms, function(t) as.integer(t$f) - 1L, integer(n)), columns = S, levels = L,
    threshold = P, scale = Xs)
  obj <- TMB::MakeADFun(d, parameters, random = "u", map = if (family == "inverse.gaussian") list() else list(logphi = factor(NA)), DLL = "laplace", silent = TRUE)
  seconds <- system.time(best <- optimum(obj$fn, function(p) as.vector(obj$gr(p)), obj$par, spread = 0.1))[["elapsed"]]
  part <- names(obj$par); V <- best$covariance; se <- se_of(V); par <- best$par
  table <- function(name, terms) rows(terms, par[part == name], se[part == name])
  random <- list(); at <- 0; theta <- par[part == "theta"]; singular <- FALSE
  for (k in seq_along(terms)) {
    s <- S[k]; m <- s * (s + 1) / 2
    one <- function(th) { l <- matrix(0, s, s); l[lower.tri(l, TRUE)] <- th; l }
    th <- theta[at + seq_len(m)]; index <- which(part == "theta")[at + seq_len(m)]
    Sigma <- tcrossprod(one(th))
    log_sd <- function(th) 0.5 * log(diag(tcrossprod(one(th))))
    J_sd <- if (all(diag(Sigma) > 1e-10)) numDeriv::jacobian(log_sd, th) else NULL
    random <- c(random, components(terms[[k]]$group, colnames(terms[[k]]$Z), Sigma, TRUE, if (is.null(J_sd)) NULL else sqrt(diag(J_sd %*% V[index, index] %*% t(J_sd)))))
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
  c(out, list(random = random, dispersion = if (family == "inverse.gaussian") unname(sqrt(exp(par[part == "logphi"]))) else NULL,
    dispersion_log = if (family == "inverse.gaussian") table("logphi", "(Intercept)") else NULL,
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
  if (length(said)) out$clmm_says <- I(unique(said))
  out
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
