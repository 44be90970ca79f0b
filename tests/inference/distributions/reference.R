# Reference values for the distribution tests, by R's own functions (base R, no packages). Run in this folder:
#   Rscript reference.R > reference.json
# Each entry of a function is [arguments..., value], 17 significant digits. Arguments in the tails are quantiles rounded to 6 digits, so
# that they do not depend on R's inverses. Left out is what R 4.2 itself gets wrong by more than 1e-11 (told by 40-digit quadrature, with
# which extreme.py covers these places): F probabilities below 1e-295, and quantiles from which R's own distribution function does not
# lead back (qf near 0 and with df beyond 4e5, qt far out: `returns`).
rows <- list()
add <- function(name, x, ...) if (length(x) > 0) rows[[name]] <<- unique(rbind(rows[[name]], cbind(x, ..., deparse.level = 0)))
lower <- c(1e-290, 1e-150, 1e-50, 1e-20, 1e-10, 1e-5, 0.001, 0.025, 0.2, 0.45)
probabilities <- c(lower, 0.5, 1 - c(0.4, 0.1, 0.01, 1e-4, 1e-7))
usable <- function(x, value) is.finite(x) & x > 1e-280 & x < 1e280 & value > 1e-295
returns <- function(q, p, cdf, ...) {
  error <- ifelse(p <= 0.5, cdf(q, ...) / p, cdf(q, ..., lower.tail = FALSE) / (1 - p)) - 1
  is.finite(q) & (q == 0 | abs(q) > 1e-280) & abs(error) < 2e-12
}

z <- c(seq(-37.5, 37.5, by = 0.5), 1e-10, 1e-3, 0.6744, 0.6746, 5.656, 5.658)
add("normalUpper", z, pnorm(z, lower.tail = FALSE))
z <- c(-z, 40, 100, 1e3, 1e5, 1e10)
add("normalLogUpper", z, pnorm(z, lower.tail = FALSE, log.p = TRUE))
p <- c(probabilities, seq(0.02, 0.98, by = 0.03))
add("normalQuantile", p, qnorm(p))

dfs <- c(0.5, 0.8, 1, 1.5, 2, 3, 4.7, 10, 29.3, 100, 398.2, 1000, 1e4, 1e5, 1e6, 1e7, 1e8)
for (df in dfs) {
  t <- c(1e-8, 0.01, 0.3, 1, 1.7, 2.5, 6, signif(abs(qt(lower, df)), 6))
  v <- pt(t, df, lower.tail = FALSE)
  keep <- usable(t, v)
  add("studentTUpper", c(t, -t)[c(keep, keep)], df, c(v, pt(-t, df, lower.tail = FALSE))[c(keep, keep)])
  add("studentTTwoSided", t[keep], df, 2 * v[keep])
  p <- c(lower, 0.3, 0.7, 0.975, 0.9999)
  v <- qt(p, df)
  keep <- returns(v, p, pt, df)
  add("studentTQuantile", p[keep], df, v[keep])
}

dfs <- c(0.5, 1, 2, 3.3, 7, 25.4, 99, 399, 401, 1e4, 1e5, 1e6, 1e8)
for (df in dfs) {
  x <- signif(c(qchisq(probabilities, df), qchisq(lower, df, lower.tail = FALSE)), 6)
  v <- pchisq(x, df)
  keep <- usable(x, v)
  add("chiSquareCdf", x[keep], df, v[keep])
  v <- pchisq(x, df, lower.tail = FALSE)
  keep <- usable(x, v)
  add("chiSquareUpper", x[keep], df, v[keep])
  v <- qchisq(probabilities, df)
  keep <- returns(v, probabilities, pchisq, df)
  add("chiSquareQuantile", probabilities[keep], df, v[keep])
}

numerators <- c(0.5, 1, 2, 3.3, 12, 99, 401, 1e4, 1e6, 1e8)
denominators <- c(0.5, 1, 2.6, 5, 17.2, 120, 399, 1e3, 1e5, 1e7, Inf)
for (df1 in numerators) for (df2 in denominators) {
  x <- signif(c(qf(probabilities, df1, df2), qf(lower, df1, df2, lower.tail = FALSE)), 6)
  v <- pf(x, df1, df2)
  keep <- usable(x, v)
  add("fCdf", x[keep], df1, df2, v[keep])
  v <- pf(x, df1, df2, lower.tail = FALSE)
  keep <- usable(x, v)
  add("fUpper", x[keep], df1, df2, v[keep])
  v <- qf(probabilities, df1, df2)
  keep <- returns(v, probabilities, pf, df1, df2)
  add("fQuantile", probabilities[keep], df1, df2, v[keep])
}

number <- function(x) {
  short <- sprintf("%.15g", x)
  digits <- gsub("e\\+?(-?)0*", "e\\1", ifelse(as.numeric(short) == x, short, sprintf("%.17g", x)))
  ifelse(is.finite(x), digits, sprintf("\"%sInfinity\"", ifelse(x < 0, "-", "")))
}
entry <- function(row) paste0("    [", paste(number(row), collapse = ", "), "]")
entries <- function(m) paste(apply(m, 1, entry), collapse = ",\n")
cat("{\n", paste(sprintf("  \"%s\": [\n%s\n  ]", names(rows), vapply(rows, entries, "")), collapse = ",\n"), "\n}\n", sep = "")
