# Times one model in lme4 and prints lines of "key value ...". Started by run.mjs in a process of its own:
#
#   Rscript bench/reference.R DATA.csv LEVELS.tsv "formula" REML|ML SECONDS
#
# LEVELS.tsv has two columns without a header, a factor's name and one of its levels, in order. The data frame is in
# memory before the clock starts. lmer() runs with its defaults; two fits warm the process up (one, if it takes more
# than two seconds); then fits are timed until SECONDS have passed, at least 3 (1, if slow) and at most 100. Afterwards
# the same without the derivative checks that lmer() makes once the optimiser has stopped (calc.derivs = FALSE).
args <- commandArgs(TRUE)
if (!requireNamespace("lme4", quietly = TRUE)) quit(status = 3)
suppressPackageStartupMessages(library(lme4))

levels_of <- read.delim(args[2], header = FALSE, colClasses = "character", quote = "", na.strings = character(), encoding = "UTF-8")
d <- read.csv(args[1], colClasses = "character", na.strings = "", check.names = FALSE)
for (v in names(d)) {
  lv <- levels_of[levels_of[[1]] == v, 2]
  d[[v]] <- if (length(lv)) factor(d[[v]], levels = lv) else as.numeric(d[[v]])
}
f <- as.formula(args[3])
reml <- args[4] == "REML"
seconds <- as.numeric(args[5])

timed <- function(control) {
  once <- function() {
    start <- Sys.time()
    fit <- suppressWarnings(suppressMessages(lmer(f, d, REML = reml, control = control)))
    list(fit = fit, ms = 1000 * as.numeric(difftime(Sys.time(), start, units = "secs")))
  }
  r <- once()
  slow <- r$ms > 2000
  if (!slow) once()
  times <- numeric()
  begin <- Sys.time()
  while (length(times) < (if (slow) 1 else 3) || (length(times) < 100 && difftime(Sys.time(), begin, units = "secs") < seconds)) {
    r <- once()
    times <- c(times, r$ms)
  }
  list(fit = r$fit, times = times)
}

say <- function(key, ...) cat(key, ..., "\n")
a <- timed(lmerControl())
say("nobs", nobs(a$fit))
say("times", formatC(a$times, digits = 6, format = "f"))
say("criterion", formatC(-2 * as.numeric(logLik(a$fit)), digits = 17, format = "g"))
peak <- tryCatch(grep("^VmHWM", readLines("/proc/self/status"), value = TRUE), error = function(e) character(), warning = function(e) character())
if (length(peak)) say("peakMb", as.numeric(gsub("[^0-9]", "", peak)) / 1024)
b <- timed(lmerControl(calc.derivs = FALSE))
say("unchecked", formatC(b$times, digits = 6, format = "f"))
say("R", R.version.string)
say("lme4", as.character(packageVersion("lme4")))
blas <- sessionInfo()$BLAS
# Folder and file only: Debian's folder tells reference BLAS (blas), OpenBLAS (openblas-pthread) and ATLAS apart.
say("blas", if (length(blas) && nzchar(blas)) paste(tail(strsplit(blas, "/")[[1]], 2), collapse = "/") else "built into R")
