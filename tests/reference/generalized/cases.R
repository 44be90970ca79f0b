# The models of generalized-models.R, which sources this file.

# ----------------------------------------------- binary and binomial ----
tmb_case("contraception-intercept", "contraception", "use ~ age + I(age^2) + urban + livch + (1 | district)", "binomial", "logit", glmer = TRUE)
tmb_case("contraception-slope", "contraception", "use ~ age + I(age^2) + urban + livch + (1 + urban | district)", "binomial", "logit", glmer = TRUE)
tmb_case("contraception-diagonal", "contraception", "use ~ age + I(age^2) + urban + (1 + age || district)", "binomial", "logit", glmer = TRUE, note = "two independent terms")
tmb_case("contraception-cloglog-slope", "contraception", "use ~ age + urban + livch + (1 + urban | district)", "binomial", "cloglog")
tmb_case("contraception-probit", "contraception", "use ~ age + urban + livch + (1 | district)", "binomial", "probit")
tmb_case("classes-cross-level", "classes", "y ~ x * z + (1 + x | school) + (1 | class:school)", "binomial", "logit", glmer = TRUE, note = "three levels; cross-level interaction")
tmb_case("classes-nested", "classes", "y ~ x * z + (1 | school/class)", "binomial", "logit", glmer = TRUE)
tmb_case("guimmun-cross-level", "guimmun", "immun ~ kid2p * pcInd81 + mom25p + ord + ethn + momEd + husEd + momWork + rural + (1 | comm/mom)", "binomial", "logit", glmer = TRUE,
  note = "three levels; cross-level interaction")
tmb_case("guprenat", "guprenat", "prenat ~ childAge + motherAge + birthOrd + indig + momEd + husEd + husEmpl + toilet + TV + pcInd81 + ssDist + (1 | cluster/mom)", "binomial", "logit",
  glmer = TRUE, note = "most mothers have one or two children: the variance between mothers is large and Laplace is far from the integral here")
tmb_case("cbpp-probit", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial", "probit")
tmb_case("cbpp-cloglog", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial", "cloglog")
tmb_case("cbpp-betabinomial", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "betabinomial", "logit")
tmb_case("proportions-trials", "proportions", "share ~ x + t + (1 | g)", "binomial", "logit", weights = "trials", glmer = TRUE)
tmb_case("flat-small", "flat", "y ~ x + (1 | h)", "binomial", "logit", glmer = TRUE)
template_case("flat-zero-variance", "flat", "y ~ x + (1 | g)", "binomial", "logit", glmer = TRUE)
template_case("flat-zero-slope", "flat", "y ~ x + (1 + x | g)", "binomial", "logit", glmer = TRUE)
template_case("flat-crossed-slope", "flat", "y ~ x + (1 + x | g) + (1 | h)", "binomial", "logit", glmer = TRUE)

# -------------------------------------------------------------- counts ----
tmb_case("fishing-offset", "fishing", "fish ~ bait + wind + offset(log(hours)) + (1 + wind | lake) + (1 | angler)", "poisson", "log", glmer = TRUE, note = "crossed, with a slope and an offset in the formula")
tmb_case("fishing-offset-column", "fishing", "fish ~ bait + wind + (1 | lake)", "poisson", "log", offset = "log_hours", r_formula = "fish ~ bait + wind + offset(log_hours) + (1 | lake)", glmer = TRUE,
  note = "offset given as a column")
tmb_case("grouseticks", "grouseticks", "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)", "poisson", "log", glmer = TRUE, note = "observation-level random effect")
template_case("proportional-rank-one", "proportional", "y ~ x + (1 + x | g)", "poisson", "log", glmer = TRUE)
tmb_case("epil-nbinom2-slope", "epil2", "y ~ Base * trt + Age + Visit + (Visit | subject)", "nbinom2", "log")
tmb_case("epil-nbinom1-slope", "epil2", "y ~ Base * trt + Age + Visit + (Visit | subject)", "nbinom1", "log")
tmb_case("salamanders-nbinom2", "salamanders", "count ~ mined + spp + (1 | site)", "nbinom2", "log")
tmb_case("salamanders-nbinom1", "salamanders", "count ~ mined + spp + (1 | site)", "nbinom1", "log")
tmb_case("salamanders-dispersion", "salamanders", "count ~ mined + spp + (1 | site)", "nbinom2", "log", dispersion = "~ DOY", note = "dispersion_log: log phi by the dispersion formula")
tmb_case("salamanders-zip", "salamanders", "count ~ mined + spp + (1 | site)", "poisson", "log", zi = "~ mined")
tmb_case("salamanders-zinb2", "salamanders", "count ~ spp + mined + (1 | site)", "nbinom2", "log", zi = "~ mined")
tmb_case("salamanders-zip-random", "salamanders", "count ~ spp + mined + (1 | site)", "poisson", "log", zi = "~ spp + (1 | site)")
tmb_case("salamanders-zinb2-random", "salamanders", "count ~ spp + mined + (1 | site)", "nbinom2", "log", zi = "~ spp + (1 | site)")
tmb_case("salamanders-hurdle-poisson", "salamanders", "count ~ spp + mined + (1 | site)", "truncated_poisson", "log", zi = "~ spp + mined")
tmb_case("salamanders-hurdle-nbinom2", "salamanders", "count ~ spp + mined + (1 | site)", "truncated_nbinom2", "log", zi = "~ spp + mined + (1 | site)")
tmb_case("salamanders-hurdle-nbinom1", "salamanders", "count ~ spp + mined + (1 | site)", "truncated_nbinom1", "log", zi = "~ mined")
tmb_case("owls-zip-offset", "owls", "SiblingNegotiation ~ FoodTreatment * SexParent + offset(log(BroodSize)) + (1 | Nest)", "poisson", "log", zi = "~ 1")
tmb_case("owls-zinb1-slope", "owls", "SiblingNegotiation ~ FoodTreatment + SexParent + offset(log(BroodSize)) + (1 + FoodTreatment | Nest)", "nbinom1", "log", zi = "~ FoodTreatment")

# ------------------------------------------------ continuous responses ----
tmb_case("responses-gamma", "responses", "positive ~ x + (1 + x | g) + (1 | h)", "Gamma", "log", note = "dispersion is glmmTMB's sigma(): 1 / sqrt(shape)")
tmb_case("responses-gamma-inverse", "responses", "positive ~ x + (1 | h)", "Gamma", "inverse", start = list(beta = c(0.4, -0.02), theta = -3), note = "dispersion is glmmTMB's sigma(): 1 / sqrt(shape)")
template_case("responses-inverse-gaussian", "responses", "inverse ~ x + (1 + x | g) + (1 | h)", "inverse.gaussian", "log",
  note = "glmmTMB 1.1.5 has no inverse Gaussian; lme4 leaves the dispersion out of its likelihood. dispersion is sqrt(phi), var = phi mu^3; dispersion_log is log phi")
tmb_case("responses-beta", "responses", "share ~ x + (1 + x | g) + (1 | h)", "beta", "logit")
tmb_case("responses-t", "responses", "heavy ~ x + (1 + x | g) + (1 | h)", "t", "identity", note = "dispersion is the scale sigma, shape the degrees of freedom")
tmb_case("responses-gaussian-log", "responses", "growth ~ x + (1 | g) + (1 | h)", "gaussian", "log", start = list(beta = c(0.6, 0.3)))
tmb_case("responses-gaussian-dispersion", "responses", "growth ~ x + (1 + x | g)", "gaussian", "identity", dispersion = "~ x", note = "dispersion_log is glmmTMB 1.1.5's: log of the variance, not of the standard deviation")

# ------------------------------------------------- persons and items ----
tmb_case("verbagg-slope", "verbagg", "r2b ~ Anger + Gender + btype + situ + (1 + btype | id) + (1 | item)", "binomial", "logit", glmer = TRUE)
tmb_case("verbagg-two-slopes", "verbagg", "r2b ~ Anger + Gender + btype + situ + (1 + btype + situ | id) + (1 | item)", "binomial", "logit", glmer = TRUE)

# ------------------------------------------------------------- ordinal ----
for (link in c("logit", "probit", "cloglog", "loglog", "cauchit"))
  ordinal_case(paste0("wine-", link), "wine", "rating ~ temp + contact + (1 | judge)", link)
ordinal_case("wine-slope-logit", "wine", "rating ~ temp + contact + (1 + contact | judge)", "logit")
ordinal_case("wine-slope-probit", "wine", "rating ~ temp + contact + (1 + contact | judge)", "probit")
ordinal_case("wine-symmetric", "wine", "rating ~ temp + contact + (1 | judge)", structure = "symmetric")
ordinal_case("wine-equidistant", "wine", "rating ~ temp + contact + (1 | judge)", structure = "equidistant")
ordinal_case("wine-crossed", "wine", "rating ~ temp * contact + (1 | judge) + (1 | bottle)")
ordinal_case("wine-nominal", "wine", "rating ~ temp + (1 | judge)", nominal = "~ contact", clmm = FALSE, note = "P(y <= j) = F(t_j + contact t_j.contact - eta)")
ordinal_case("wine-scale", "wine", "rating ~ temp + contact + (1 | judge)", scale = "~ temp", clmm = FALSE,
  note = "P(y <= j) = F((t_j - eta) / s), log s = scale effects, random effect inside eta; clmm2 takes w s for w in log|H| and is no reference")
ordinal_case("wine-adjacent", "wine", "rating ~ temp + contact + (1 | judge)", family = "adjacent", clmm = FALSE, note = "log P(y = j) / P(y = j + 1) = t_j - eta")
ordinal_case("soup-crossed-logit", "soup", "SURENESS ~ PROD + DAY + SOUPFREQ + (1 | RESP) + (1 | PRODID)", "logit")
ordinal_case("soup-crossed-probit", "soup", "SURENESS ~ PROD + (1 | RESP) + (1 | PRODID)", "probit")
ordinal_case("soup-crossed-slope", "soup", "SURENESS ~ PROD + (1 + PROD | RESP) + (1 | PRODID)", "logit")
ordinal_case("soup-symmetric", "soup", "SURENESS ~ PROD + COLD + (1 | RESP)", "probit", structure = "symmetric")
ordinal_case("soup-scale", "soup", "SURENESS ~ PROD + (1 | RESP)", "probit", scale = "~ PROD + COLD", clmm = FALSE)
ordinal_case("ratings-crossed-slope", "ratings", "score ~ length + trained + (1 + length | rater) + (1 | text)", "logit")
ordinal_case("ratings-cloglog", "ratings", "score ~ length + trained + (1 | rater) + (1 | text)", "cloglog")
ordinal_case("ratings-nominal-scale", "ratings", "score ~ length + (1 | rater) + (1 | text)", "logit", nominal = "~ trained", scale = "~ trained", clmm = FALSE)
ordinal_case("ratings-weights", "ratings", "score ~ length * trained + (1 | text)", "logit", weights = "weight", clmm = FALSE, note = "a row's log-density is multiplied by its weight")

# ---------------------------------------------------------- quadrature ----
quadrature_case("cbpp-agq5", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", 5)
quadrature_case("cbpp-agq25", "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", 25)
quadrature_case("clustered-agq15", "clustered", "y ~ treated * month + (1 | patient)", 15, note = "strongly clustered: Laplace and quadrature differ")
quadrature_case("clustered-agq25", "clustered", "y ~ treated * month + (1 | patient)", 25)
tmb_case("clustered-laplace", "clustered", "y ~ treated * month + (1 | patient)", "binomial", "logit", glmer = TRUE, note = "Laplace is poor here: see clustered-agq25")
quadrature_case("epil-poisson-agq9", "epil2", "y ~ Base * trt + Age + Visit + (1 | subject)", 9, "poisson")
quadrature_case("contraception-agq7", "contraception", "use ~ age + urban + (1 | district)", 7)
quadrature_case("contraception-vector-agq9", "contraception", "use ~ age + urban + (1 + urban | district)", 9, glmer = FALSE, note = "two random columns: lme4 has no quadrature for these")
quadrature_case("fishing-vector-agq9", "fishing", "fish ~ bait + wind + hours + (1 + wind | lake)", 9, "poisson", glmer = FALSE, note = "two random columns: lme4 has no quadrature for these")
quadrature_case("wine-agq10", "wine", "rating ~ temp + contact + (1 | judge)", 10, "cumulative")
quadrature_case("ratings-agq15", "ratings", "score ~ length + trained + (1 | text)", 15, "cumulative")
