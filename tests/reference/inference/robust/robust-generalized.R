# Cluster-robust covariance of generalized and cumulative models by brute force: the Laplace criterion of TMB (glmmTMB), or ordinal's
# likelihood, with all weights zero but those of one cluster, is that cluster's own; its gradient by automatic (TMB) or numerical (clmm)
# differentiation is the cluster's score. Sandwiched between the inverse of the Hessian of all rows.
# Run from this folder: Rscript robust-generalized.R > robust-generalized.json
suppressMessages({library(glmmTMB); library(TMB); library(jsonlite); library(numDeriv)})
read <- function(name) {
  folder <- "../../generalized/data"
  schema <- fromJSON(file.path(folder, paste0(name, ".schema.json")), simplifyVector = FALSE)
  data <- read.csv(file.path(folder, paste0(name, ".csv")))
  for (f in schema$fields) if (!is.null(f$categories)) data[[f$name]] <- factor(data[[f$name]], levels = unlist(f$categories))
  data
}
sandwich <- function(name, formula, data, family, cluster, zi = ~0) {
  message(name)
  m <- glmmTMB(formula, data, family = family, ziformula = zi)
  obj <- m$obj
  # Newton steps to the optimum of TMB's own criterion.
  par <- unname(m$fit$par)
  for (k in 1:4) { H <- jacobian(obj$gr, par, method.args = list(r = 6)); H <- (H + t(H)) / 2; par <- par - as.vector(solve(H, as.vector(obj$gr(par)))) }
  H <- jacobian(obj$gr, par, method.args = list(r = 6)); H <- (H + t(H)) / 2
  d <- obj$env$data
  g <- factor(data[[cluster]])
  scores <- sapply(levels(g), function(l) {
    own <- d; own$weights <- as.numeric(g == l)
    o <- MakeADFun(own, m$obj$env$parameters, map = m$modelInfo$map, random = "b", DLL = "glmmTMB", silent = TRUE)
    as.vector(o$gr(par))
  })
  V <- solve(H) %*% tcrossprod(scores) %*% solve(H)
  names <- names(m$fit$par)
  pick <- function(what) { i <- which(names == what); list(estimates = par[i], vcov = as.vector(V[i, i, drop = FALSE]), model = as.vector(solve(H)[i, i, drop = FALSE])) }
  out <- list(name = name, cluster = cluster, clusters = nlevels(g), logLik = -obj$fn(par), sum = max(abs(rowSums(scores))), mean = pick("beta"))
  if ("betazi" %in% names) out$zi <- pick("betazi")
  out
}
cbpp <- read("cbpp"); contraception <- read("contraception"); epil <- read("epil2"); salamanders <- read("salamanders")
cases <- list(
  sandwich("cbpp", cbind(incidence, size - incidence) ~ period + (1 | herd), cbpp, binomial, "herd"),
  sandwich("contraception", use ~ age + urban + (1 + urban | district), contraception, binomial, "district"),
  sandwich("epil", y ~ Base * trt + Age + Visit + (Visit | subject), epil, nbinom2, "subject"),
  sandwich("salamanders", count ~ mined + spp + (1 | site), salamanders, poisson, "site", zi = ~ mined))
cat(toJSON(list(software = paste("R", getRversion(), "glmmTMB", packageVersion("glmmTMB")), cases = cases), digits = 14, auto_unbox = TRUE), "\n")
