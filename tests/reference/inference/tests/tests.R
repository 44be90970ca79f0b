# Reference values for tests of coefficients, terms and hypotheses in linear models: writes tests.json beside this file.
#
# Run from the project's root (R 4.2.2, lme4 1.1-31, lmerTest 3.1-3, pbkrtest 0.5.2, nlme 3.1-162, emmeans 1.8.4-1, jsonlite):
#   Rscript tests/reference/inference/tests/tests.R
#
# Fields of a case: `coefficients` by method (lmerTest's summary: estimate, standard error, df, t, p); `anova` by method and type (lmerTest:
# NumDF, DenDF, F, p); `contest` by method (lmerTest's contestMD for the rows `hypothesis$rows` and right-hand sides `hypothesis$rhs`);
# `ranova` (chi-square and its plain degrees of freedom) and `drop1` (maximum likelihood, lme4) where asked for; `between_within`: the
# denominator's degrees of freedom of nlme's lme, for every coefficient but the intercept.
#
# Kenward-Roger's values are pbkrtest's, for lmerTest's own contrasts. pbkrtest ignores prior weights in the residual component (0.5.2), so a weighted fit has none of them: `dense` holds
# Kenward & Roger's formulas written over rows, V and its derivatives as n x n matrices.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
})
options(digits = 17, warn = 1)

read_data <- function(csv) {
  schema <- jsonlite::fromJSON(sub("\\.csv(\\.gz)?$", ".schema.json", csv), simplifyVector = FALSE)
  d <- read.csv(csv, stringsAsFactors = FALSE, na.strings = "", check.names = FALSE)
  for (field in schema$fields) {
    x <- field$name
    if (identical(field$type, "string")) {
      levels <- if (is.null(field$categories)) sort(unique(d[[x]]), method = "radix") else unlist(field$categories)
      d[[x]] <- factor(d[[x]], levels = levels, ordered = isTRUE(field$categoriesOrdered))
    }
  }
  d
}

tight <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE,
  check.conv.singular = "ignore", restart_edge = TRUE)

number <- function(x) as.numeric(unlist(x))

# Adjusted covariance once a fit: lmerTest asks pbkrtest for it again for every test, with the same numbers.
kenward_roger <- function(fit) list(adjusted = pbkrtest::vcovAdj(fit), phi = vcov(fit), beta = fixef(fit))

coefficient_table <- function(fit, kr = NULL) {
  if (is.null(kr)) {
    s <- coef(summary(fit, ddf = "Satterthwaite"))
    return(lapply(seq_len(nrow(s)), function(i) list(term = rownames(s)[i], estimate = s[i, 1], stdError = s[i, 2], df = s[i, 3], statistic = s[i, 4], pValue = s[i, 5])))
  }
  lapply(seq_along(kr$beta), function(j) {
    l <- replace(numeric(length(kr$beta)), j, 1)
    se <- sqrt(kr$adjusted[j, j])
    df <- pbkrtest::ddf_Lb(kr$adjusted, l, kr$phi)
    t <- unname(kr$beta[j]) / se
    list(term = names(kr$beta)[j], estimate = unname(kr$beta[j]), stdError = se, df = df, statistic = t, pValue = 2 * pt(-abs(t), df))
  })
}

kr_test <- function(kr, L, rhs = rep(0, nrow(L))) {
  a <- pbkrtest:::.KR_adjust(kr$adjusted, kr$phi, L, kr$beta, if (all(rhs == 0)) 0 else drop(MASS::ginv(L) %*% rhs))
  list(numDF = a$ndf, denDF = a$ddf, statistic = a$Fstat, pValue = a$p.value)
}

anova_table <- function(fit, type, kr = NULL) {
  a <- anova(fit, ddf = "Satterthwaite", type = type)
  terms <- rownames(a)
  if (is.null(kr)) {
    a <- as.data.frame(a)
    return(lapply(seq_len(nrow(a)), function(i) list(term = terms[i], numDF = a$NumDF[i], denDF = a$DenDF[i], statistic = a$`F value`[i], pValue = a$`Pr(>F)`[i])))
  }
  lapply(terms, function(term) c(list(term = term), kr_test(kr, attr(a, "hypotheses")[[term]])))
}

contest_row <- function(fit, h, kr = NULL) {
  if (!is.null(kr)) return(kr_test(kr, h$L, h$rhs))
  a <- contestMD(fit, h$L, rhs = h$rhs)
  list(numDF = a$NumDF, denDF = a$DenDF, statistic = a$`F value`, pValue = a$`Pr(>F)`)
}

# Kenward & Roger (1997) over rows: V = sum tau_r G_r, the last G the inverse weights.
dense_kr <- function(fit) {
  X <- getME(fit, "X"); n <- nrow(X)
  w <- weights(fit); if (is.null(w)) w <- rep(1, n)
  s2 <- sigma(fit)^2
  G <- list()
  tau <- c()
  Zt <- getME(fit, "Ztlist"); fl <- getME(fit, "flist"); vc <- VarCorr(fit); cn <- getME(fit, "cnms")
  at <- 0
  for (k in seq_along(cn)) {
    S <- length(cn[[k]])
    Zk <- lapply(seq_len(S), function(s) as.matrix(t(Zt[[at + s]])))
    at <- at + S
    V <- as.matrix(vc[[k]])
    for (a in seq_len(S)) for (b in seq_len(a)) {
      G[[length(G) + 1]] <- if (a == b) Zk[[a]] %*% t(Zk[[a]]) else Zk[[a]] %*% t(Zk[[b]]) + Zk[[b]] %*% t(Zk[[a]])
      tau <- c(tau, V[a, b])
    }
  }
  G[[length(G) + 1]] <- diag(1 / w)
  tau <- c(tau, s2)
  V <- Reduce(`+`, Map(`*`, G, tau))
  Vi <- solve(V)
  Phi <- solve(t(X) %*% Vi %*% X)
  R <- length(G)
  VG <- lapply(G, function(g) Vi %*% g)
  P <- lapply(VG, function(v) -t(X) %*% v %*% Vi %*% X)
  Q <- function(r, s) t(X) %*% VG[[r]] %*% VG[[s]] %*% Vi %*% X
  I <- matrix(0, R, R)
  for (r in 1:R) for (s in 1:R) I[r, s] <- sum(VG[[r]] * t(VG[[s]])) - 2 * sum(Phi * Q(r, s)) + sum((Phi %*% P[[r]]) * t(Phi %*% P[[s]]))
  W <- 2 * solve(I)
  inner <- 0
  for (r in 1:R) for (s in 1:R) inner <- inner + W[r, s] * (Q(r, s) - P[[r]] %*% Phi %*% P[[s]])
  PhiA <- Phi + 2 * Phi %*% inner %*% Phi
  lapply(seq_len(ncol(X)), function(j) {
    l <- replace(numeric(ncol(X)), j, 1)
    v <- sum(l * (Phi %*% l))
    d <- sapply(P, function(p) sum(l * (Phi %*% p %*% Phi %*% l))) / v
    A <- sum(W * outer(d, d))
    B <- 7 * A / 2; g <- -1; c1 <- g / 7; c2 <- 2 / 7; c3 <- 4 / 7
    rho <- ((1 - A) / (1 - c2 * B))^2 * (1 + c1 * B) / (1 - c3 * B)
    list(term = colnames(X)[j], stdError = sqrt(PhiA[j, j]), df = 4 + 3 / (rho - 1))
  })
}

between_within <- function(fixed, random, d) {
  f <- nlme::lme(fixed, random = random, data = d, control = nlme::lmeControl(opt = "optim", returnObject = TRUE))
  df <- f$fixDF$X
  lapply(setdiff(names(df), "(Intercept)"), function(term) list(term = term, df = unname(df[term])))
}

cases <- list(
  list(name = "sleepstudy", data = "data/sleepstudy.csv", formula = "Reaction ~ Days + (Days | Subject)", ranova = TRUE, drop1 = TRUE,
    L = rbind(c(1, 0), c(1, 9)), rhs = c(250, 300), lme = list(Reaction ~ Days, ~ Days | Subject)),
  list(name = "sleepstudy-diagonal", data = "data/sleepstudy.csv", formula = "Reaction ~ Days + (Days || Subject)", ranova = TRUE),
  list(name = "sleepstudy-unbalanced", data = "data/sleepstudy.csv", rows = "unbalanced", formula = "Reaction ~ Days + (Days | Subject)"),
  list(name = "cake", data = "data/cake.csv", formula = "angle ~ recipe * temperature + (1 | recipe:replicate)", drop1 = TRUE, ranova = TRUE,
    L = rbind(c(0, 1, 0, rep(0, 15)), c(0, 0, 1, rep(0, 15)), c(0, 1, 1, rep(0, 15))), rhs = c(0, 0, 0)),
  list(name = "cake-slope", data = "data/cake.csv", formula = "angle ~ recipe + temp + (1 | replicate) + (1 | recipe:replicate)"),
  list(name = "oats", data = "data/oats.csv", formula = "yield ~ Variety * nitro + (1 | Block/Variety)", drop1 = TRUE, ranova = TRUE,
    lme = list(yield ~ Variety * nitro, ~ 1 | Block / Variety)),
  list(name = "penicillin-x", data = "tests/reference/data/penicillin-x.csv", formula = "diameter ~ x + (1 | plate) + (1 | sample)", ranova = TRUE),
  list(name = "crossed-slopes", data = "tests/reference/data/crossed-slopes.csv", formula = "y ~ c + x + (1 + c | s) + (1 + x | i)", ranova = TRUE),
  list(name = "crossed-diagonal", data = "tests/reference/data/crossed-slopes.csv", formula = "y ~ c * x + (1 + c || s) + (1 + x || i)"),
  list(name = "three-level", data = "tests/reference/data/three-level.csv", formula = "y ~ x + (1 + x | district) + (1 + x | district:school)",
    lme = list(y ~ x, ~ 1 | district / school)),
  list(name = "factorial", data = "tests/reference/data/factorial.csv", formula = "y ~ a * b + treated * x + (1 | g)", drop1 = TRUE),
  list(name = "factorial-nested", data = "tests/reference/data/factorial.csv", formula = "y ~ a / b + o + (1 | g)"),
  list(name = "movers", data = "tests/reference/data/movers.csv", formula = "y ~ year + (1 | pupil) + (1 | school)"),
  list(name = "hsb82-part", data = "data/hsb82.csv", rows = "hsb", formula = "mAch ~ meanses * cses + sector * cses + (1 + cses | school)", drop1 = TRUE,
    lme = list(mAch ~ meanses * cses + sector * cses, ~ 1 + cses | school)),
  list(name = "dyestuff2", data = "data/dyestuff2.csv", formula = "Yield ~ 1 + (1 | Batch)", singular = TRUE),
  list(name = "singular-zero", data = "tests/reference/data/singular.csv", formula = "y ~ x + (1 | g) + (1 | h) + (1 | k)", singular = TRUE)
)

part_of <- function(d, rows) {
  if (is.null(rows)) return(d)
  if (rows == "unbalanced") return(droplevels(d[(seq_len(nrow(d)) * 7) %% 11 > 3, ]))
  droplevels(d[d$school %in% levels(d$school)[seq(1, nlevels(d$school), by = 4)], ])
}

result <- lapply(cases, function(case) {
  began <- proc.time()[3]
  d <- part_of(read_data(case$data), case$rows)
  fit <- lmer(as.formula(case$formula), d, control = tight)
  out <- case[c("name", "data", "rows", "formula", "singular")]
  out <- out[!sapply(out, is.null)]
  out$isSingular <- isSingular(fit)
  ddfs <- list(satterthwaite = NULL, `kenward-roger` = kenward_roger(fit))
  out$coefficients <- lapply(ddfs, function(kr) coefficient_table(fit, kr))
  if (length(fixef(fit)) > 1) {
    out$anova <- lapply(ddfs, function(kr) lapply(c(I = 1, II = 2, III = 3), function(type) anova_table(fit, type, kr)))
  }
  if (!is.null(case$L)) {
    h <- list(L = case$L, rhs = case$rhs)
    out$contest <- c(list(rows = lapply(seq_len(nrow(case$L)), function(i) case$L[i, ]), rhs = case$rhs), lapply(ddfs, function(kr) contest_row(fit, h, kr)))
  }
  if (isTRUE(case$ranova)) {
    r <- as.data.frame(ranova(do.call(lmer, list(as.formula(case$formula), d, control = tight))))
    out$ranova <- lapply(seq_len(nrow(r))[-1], function(i) list(what = rownames(r)[i], chiSquare = r$LRT[i], df = r$Df[i], pValue = r$`Pr(>Chisq)`[i]))
  }
  if (isTRUE(case$drop1)) {
    m <- do.call(lme4::lmer, list(as.formula(case$formula), d, REML = FALSE, control = tight))
    r <- as.data.frame(drop1(m, test = "Chisq"))
    out$drop1 <- lapply(seq_len(nrow(r))[-1], function(i) list(term = rownames(r)[i], df = r$npar[i], chiSquare = r$LRT[i], pValue = r$`Pr(Chi)`[i]))
  }
  if (!is.null(case$lme)) out$between_within <- between_within(case$lme[[1]], case$lme[[2]], d)
  message(case$name, ": ", nrow(d), " rows, ", round(proc.time()[3] - began, 1), " s")
  out
})

weighted <- read_data("data/sleepstudy-weighted.csv")
w <- names(weighted)[4]
fit <- do.call(lmer, list(Reaction ~ Days + (Days | Subject), weighted, weights = weighted[[w]], control = tight))
dense <- list(name = "sleepstudy-weighted", data = "data/sleepstudy-weighted.csv", weights = w, formula = "Reaction ~ Days + (Days | Subject)",
  satterthwaite = coefficient_table(fit), `kenward-roger` = dense_kr(fit))
plain <- lmer(Reaction ~ Days + (Days | Subject), read_data("data/sleepstudy.csv"), control = tight)
same <- max(abs(sapply(dense_kr(plain), `[[`, "df") / sapply(coefficient_table(plain, kenward_roger(plain)), `[[`, "df") - 1))
stopifnot(same < 1e-6)

writeLines(jsonlite::toJSON(list(cases = result, dense = dense), auto_unbox = TRUE, digits = NA, pretty = TRUE), "tests/reference/inference/tests/tests.json")
