# Times one model in R and prints lines of "key value ...". Started by measure.mjs in a process of its own:
#
#   Rscript bench/reference.R data=x.csv columns=x.tsv seconds=2 package=lme4 fit="lmer(y ~ x + (1 | g), d)" \
#     criterion="-2 * as.numeric(logLik(fit))" before="..." variant:unchecked="lmer(...)"
#
# columns: a tab-separated file without a header; a line "name number", or for a factor one line "name factor level" a
# level, in order, or one line with an empty level where the levels are those found. The data frame `d` is in memory and
# `before` (optional) has run before the clock starts. Two fits warm the process up (one, if it takes more than 2 s);
# then fits are timed until `seconds` have passed, at least 3 (1, if slow) and at most 100. Where the first fit takes
# more than 20 s it is the only one, and counts. Afterwards the same for each variant. ours.mjs does the same.
arguments <- commandArgs(TRUE)
given <- as.list(sub("^[^=]*=", "", arguments))
names(given) <- sub("=.*", "", arguments)
suppressPackageStartupMessages(library(given$package, character.only = TRUE))

columns <- read.delim(given$columns, header = FALSE, colClasses = "character", quote = "", na.strings = character(), encoding = "UTF-8")
numeric_columns <- columns[columns[[2]] == "number", 1]
header <- names(read.csv(given$data, nrows = 1, check.names = FALSE))
d <- read.csv(given$data, colClasses = ifelse(header %in% numeric_columns, "numeric", "character"), na.strings = "", check.names = FALSE)
for (v in setdiff(names(d), numeric_columns)) {
  lv <- columns[columns[[1]] == v, 3]
  d[[v]] <- if (any(nzchar(lv))) factor(d[[v]], levels = lv) else factor(d[[v]])
}
invisible(gc())
if (!is.null(given$before)) eval(parse(text = given$before))
seconds <- as.numeric(given$seconds)

timed <- function(text) {
  call <- parse(text = text)[[1]]
  once <- function() {
    start <- Sys.time()
    fit <- suppressWarnings(suppressMessages(eval(call, globalenv())))
    list(fit = fit, ms = 1000 * as.numeric(difftime(Sys.time(), start, units = "secs")))
  }
  r <- once()
  if (r$ms > 20000) return(list(fit = r$fit, times = r$ms))
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
result <- timed(given$fit)
fit <- result$fit
say("times", formatC(result$times, digits = 6, format = "f"))
if (!is.null(given$criterion)) say("criterion", formatC(eval(parse(text = given$criterion)), digits = 17, format = "g"))
peak <- tryCatch(grep("^VmHWM", readLines("/proc/self/status"), value = TRUE), error = function(e) character(), warning = function(e) character())
if (length(peak)) say("peakMb", as.numeric(gsub("[^0-9]", "", peak)) / 1024)
rm(fit, result)
for (variant in grep("^variant:", names(given), value = TRUE)) {
  say(variant, formatC(timed(given[[variant]])$times, digits = 6, format = "f"))
}
say("R", R.version.string)
say("package", given$package, as.character(packageVersion(given$package)))
blas <- sessionInfo()$BLAS
# Folder and file only: Debian's folder tells reference BLAS (blas), OpenBLAS (openblas-pthread) and ATLAS apart.
say("blas", if (length(blas) && nzchar(blas)) paste(tail(strsplit(blas, "/")[[1]], 2), collapse = "/") else "built into R")
