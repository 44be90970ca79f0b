# Threshold structures as ordinal 2022.11-16 makes them: Rscript thresholds.R > thresholds.json
made <- list()
for (J in 2:7) for (structure in c("flexible", "symmetric", "symmetric2", "equidistant")) {
  t <- try(ordinal:::makeThresholds(as.character(1:J), structure), silent = TRUE)
  if (!inherits(t, "try-error"))
    made[[length(made) + 1]] <- list(
      categories = J, structure = structure, names = I(as.character(t$alpha.names)), jacobian = I(as.numeric(t$tJac) + 0)
    )
}
cat(jsonlite::toJSON(made, auto_unbox = TRUE), "\n")
