# Model matrices as R computes them: writes model-matrix.json beside this script.
#   Rscript model-matrix.R
# Every case is a right-hand side; the matrix is that of model.matrix(formula, model.frame(drop.unused.levels = TRUE)).
library(splines)
invisible(Sys.setlocale("LC_COLLATE", "C"))
RNGversion("4.2.0"); set.seed(20240607)
n <- 40
data <- data.frame(
  y = round(rnorm(n), 3),
  x = round(runif(n, 0, 10), 2),
  z = round(rnorm(n, 50, 12), 1),
  k = rep(1:5, 8),
  m = round(rnorm(n), 2),
  a = factor(sample(c("low", "mid", "high"), n, TRUE), levels = c("low", "mid", "high")),
  b = factor(sample(c("p", "q"), n, TRUE)),
  t = factor(sample(c("north", "East", "south west", "Süd"), n, TRUE)),
  u = factor(sample(c("one", "two"), n, TRUE), levels = c("one", "unused", "two")),
  o = factor(sample(c("never", "some", "often", "always"), n, TRUE), levels = c("never", "some", "often", "always"), ordered = TRUE),
  w = sample(c(TRUE, FALSE), n, TRUE)
)
data$v <- data$a; data$v[c(3, 17)] <- NA
data$l <- data$w; data$l[c(5, 17)] <- NA
data$m[c(2, 9)] <- NA

cases <- list(
  "1", "x", "0 + x", "x + z", "x * z", "I(x^2) + I(x > 2)", "I(x / z - 1)", "log(x) + sqrt(z)", "log(x, 2) + log10(z) + exp(-x)",
  "a", "0 + a", "a - 1 + x", "a + b", "a * b", "a:b", "a + a:b", "b + a:b", "0 + a:b", "0 + a + b", "0 + a * b", "a / b", "a %in% b", "a + b %in% a",
  "x:a", "x + x:a", "x * a", "0 + x + x:a", "0 + x:a", "0 + a + x:a", "a / x", "a * b * t", "(a + b + t)^2", "a:b:t", "a:t + b:t", "a:b + b:t + x:a", "x:z:a + b",
  "a * b * x - a:b:x", "a + b:x + a:b:x", "o", "0 + o", "o * b", "x:o", "w", "0 + w", "w * a", "w:x", "l", "v + m", "v * l", "u", "u * x", "t", "t * w",
  "poly(x, 1)", "poly(x, 2)", "poly(x, 3) + z", "poly(x, 3):a", "poly(x, 2) * b", "poly(x, 2, raw = TRUE)", "poly(z, 5)", "poly(k, degree = 4)", "poly(x, 2):poly(z, 2)",
  "ns(x)", "ns(x, 3)", "ns(x, df = 4) + a", "ns(x, df = 3):b", "ns(x, knots = c(3, 6))", "ns(x, df = 3, intercept = TRUE)", "ns(x, knots = 5, Boundary.knots = c(2, 8))",
  "bs(x)", "bs(x, df = 5)", "bs(x, df = 4, degree = 2)", "bs(x, knots = c(2.5, 5))", "bs(x, df = 6, intercept = TRUE)", "bs(x, degree = 1, knots = 4)", "bs(m, df = 4)", "ns(m, df = 3)",
  "scale(x)", "scale(m) + scale(x, scale = FALSE)", "scale(x, center = FALSE)", "scale(x, 5, 2)",
  "factor(k)", "0 + factor(k)", "factor(k) * b", "factor(round(z / 10))", "ordered(k)", "as.numeric(a) + as.numeric(o)", "I(a == \"mid\")", "I(as.numeric(a == \"mid\") * x)",
  "ifelse(x > 5, x - 5, 0)", "I(x > 5 & w) + I(!w | z < 40)", "relevel(a, ref = \"mid\")", "relevel(a, ref = \"high\") * x", "C(a, sum)", "C(a, helmert) * b", "C(o, treatment)",
  "offset(x) + z", "is.na(m)", "round(z / 7) + floor(x) + ceiling(x) + trunc(m) + sign(m) + abs(m)", "round(z / 7, 1)", "cbind(x, z)", "cbind(x, z):a", "cbind(log(x), z^2)",
  "factor(a, levels = c(\"high\", \"low\", \"mid\"))", "factor(k, labels = c(\"A\", \"B\", \"C\", \"D\", \"E\"))", "I(k %% 2) + x", "I(a %in% c(\"low\", \"mid\"))",
  "I(o > \"some\")", "as.factor(k):x", "sin(x) + cos(x) + tan(m) + atan(m) + tanh(m) + expm1(m) + log1p(x) + log2(x)", "I(-x) + I((x - 1) * (z + 2))",
  "I(k %in% c(1, 3))", "I(factor(k) == 3)", "I(a != relevel(a, ref = \"mid\"))", "I(w == TRUE)", "I(5 > x)", "I(2 + 3 * x - -1)", "I(\"mid\" == a)", "I(o <= \"often\")",
  "ifelse(x > 5, \"hi\", \"lo\")", "ifelse(w, x, z)", "ifelse(l, k > 2, 0)", "factor(k, levels = c(5, 3, 1))", "factor(a, exclude = \"mid\")", "relevel(factor(k), ref = \"3\")",
  "relevel(a, 2)", "C(a, contr.sum)", "C(a, \"contr.helmert\")", "scale(x, TRUE, FALSE)", "log(x, base = 3)", "I(x == 5 | z > 40)", "I(!is.na(m))", "I(pi * x)", "I(+x)", "I(2^x)",
  "poly(degree = 2, x)", "ns(knots = c(3, 5), x = x)", "I(5 %% k)", "I(-7 %% k)", "round(x, -1)", "as.numeric(w)", "I(w + 1)", "factor(w)", "factor(t):l", "as.factor(a)", "as.numeric(factor(t))",
  "factor(k, labels = c(\"A\", \"B\", \"A\", \"B\", \"C\"))", "factor(k, ordered = TRUE)", "ordered(a, levels = c(\"low\", \"mid\", \"high\"))", "I(b:a)", "interaction(a, b)", "interaction(b, a, w) + x", "as.character(a)", "as.character(o):x", "I(a)", "I(1 - w) * b",
  "cbind(first = x, second = log(z))", "bs(x, 5)", "I(x^2 / (1 + z)) + I(x / 2 * 3)", "asin(x / 10) + acos(x / 10) + sinh(m) + cosh(m)"
)
chosen <- list(
  list(rhs = "a", contrasts = list(a = "contr.sum")), list(rhs = "a * b", contrasts = list(a = "contr.sum", b = "contr.sum")),
  list(rhs = "a * x", contrasts = list(a = "contr.helmert")), list(rhs = "t", contrasts = list(t = "contr.poly")),
  list(rhs = "o", contrasts = list(o = "contr.treatment")), list(rhs = "a:b", contrasts = list(a = "contr.helmert", b = "contr.sum")),
  list(rhs = "0 + a + b", contrasts = list(b = "contr.sum")), list(rhs = "w * x", contrasts = list(w = "contr.sum")),
  list(rhs = "factor(k)", contrasts = list("factor(k)" = "contr.poly"))
)

text <- function(s) {
  if (length(s) == 0) return(character(0))
  s <- gsub("\\", "\\\\", s, fixed = TRUE)
  paste0("\"", gsub("\"", "\\\"", s, fixed = TRUE), "\"")
}
number <- function(v) ifelse(is.na(v), "null", sprintf("%.17g", v))
array <- function(items) paste0("[", paste(items, collapse = ","), "]")
column <- function(name) {
  v <- data[[name]]
  if (is.factor(v)) {
    kind <- sprintf("\"kind\":\"factor\",\"ordered\":%s,\"levels\":%s,\"codes\":%s", tolower(is.ordered(v)), array(text(levels(v))),
                    array(ifelse(is.na(v), -1L, as.integer(v) - 1L)))
  } else if (is.logical(v)) {
    kind <- sprintf("\"kind\":\"boolean\",\"values\":%s", array(ifelse(is.na(v), -1L, as.integer(v))))
  } else kind <- sprintf("\"kind\":\"number\",\"values\":%s", array(number(v)))
  sprintf("{\"name\":%s,%s}", text(name), kind)
}
case <- function(rhs, contrasts = NULL) {
  formula <- as.formula(paste("y ~", rhs))
  frame <- model.frame(formula, data, na.action = na.omit, drop.unused.levels = TRUE)
  matrix <- suppressWarnings(model.matrix(formula, frame, contrasts.arg = contrasts))
  pairs <- if (is.null(contrasts)) "null" else
    paste0("{", paste(sprintf("%s:%s", text(names(contrasts)), text(sub("contr.", "", unlist(contrasts), fixed = TRUE))), collapse = ","), "}")
  sprintf("{\"rhs\":%s,\"contrasts\":%s,\"rows\":%s,\"assign\":%s,\"labels\":%s,\"names\":%s,\"values\":%s}", text(rhs), pairs,
          array(as.integer(rownames(matrix)) - 1L), array(attr(matrix, "assign")), array(text(attr(terms(formula), "term.labels"))),
          array(text(colnames(matrix))), array(number(as.vector(matrix))))
}

# Bases at new points: predict() of the basis made on data$x. Terms beyond the boundary included.
newX <- c(-2, 0, 1.5, data$x[1:3], 9.9, 10, 13)
basis <- function(rhs) {
  made <- with(data, eval(parse(text = rhs)))
  at <- suppressWarnings(predict(made, newX))
  sprintf("{\"rhs\":%s,\"x\":%s,\"values\":%s}", text(rhs), array(number(newX)), array(number(as.vector(at))))
}
bases <- c("poly(x, 3)", "ns(x, df = 4)", "ns(x, knots = c(3, 6))", "ns(x, df = 3, intercept = TRUE)", "bs(x, df = 5)", "bs(x, df = 4, degree = 2)", "bs(x, degree = 1, knots = 4)")
numbers <- c(0, 1, -3, 0.1 + 0.2, 1 / 3, 1e-5, 1.5e-7, 123456.789, 0.0001, 1e15 + 0.5, 1.5e20, 2.5, 1234567.1234567891, 100.25)

# Units of random terms: lme4's grouping factors, codes from 0, over the complete rows.
data$id <- rep(c(101, 7, 33, 2.5, 1000), each = 8)
units <- function(bar) {
  formula <- as.formula(paste("y ~ 1 +", bar))
  made <- lme4::lFormula(formula, data, control = lme4::lmerControl(check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore"))$reTrms$flist
  one <- function(name) sprintf("{\"label\":%s,\"levels\":%s,\"codes\":%s}", text(name), array(text(levels(made[[name]]))), array(as.integer(made[[name]]) - 1L))
  sprintf("{\"bar\":%s,\"factors\":%s}", text(bar), array(sapply(names(made), one)))
}
bars <- c("(1 | a)", "(1 | k)", "(1 | id)", "(1 | a/b)", "(1 | a:b)", "(1 | v) + (1 | t)", "(1 | a/b/k)", "(1 | b:id)", "(1 | u/w)", "(1 | o:t:id)")

out <- c("{\"data\":", array(paste0("\n", sapply(names(data), column))),
         ",\"cases\":", array(paste0("\n", c(sapply(cases, case), sapply(chosen, function(k) case(k$rhs, k$contrasts))))),
         ",\"bases\":", array(paste0("\n", sapply(bases, basis))),
         ",\"units\":", array(paste0("\n", sapply(bars, units))), ",\"numbers\":", array(number(numbers)), ",\"labels\":", array(text(as.character(numbers))),
         ",\"polynomials\":", array(sapply(2:12, function(k) array(number(as.vector(contr.poly(k)))))),
         ",\"rounded\":", array(number(round(c(0.15, 0.25, 0.35, 2.675, 1.005, -0.45, 5.015, 1234.5678), 1))), "}")
arguments <- commandArgs(FALSE)
here <- dirname(sub("--file=", "", arguments[grep("--file=", arguments)]))
writeLines(paste(out, collapse = ""), file.path(here, "model-matrix.json"), useBytes = TRUE)
