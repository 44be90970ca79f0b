/**
 * What `--help` prints.
 */

import { BOOTSTRAP_HELP, CHECK_HELP, MEANS_HELP, PREDICT_HELP } from "./help-inference.js";

/** Commands of this version. */
export const COMMANDS: readonly string[] = [
  "fit",
  "compare",
  "means",
  "predict",
  "check",
  "bootstrap",
  "describe",
  "check-data",
  "simulate",
];

/** Commands of later versions. */
export const LATER_COMMANDS: readonly string[] = ["claims", "reproduce", "report", "power"];

export const GENERAL_HELP = `mist: multilevel (mixed-effects) models from the command line

Usage
  mist fit --data FILE --formula FORMULA [options]     fit a model and print a summary
  mist compare A.json B.json [...]                     compare saved fits
  mist means --data FILE --formula FORMULA --specs F   marginal means and contrasts of them
  mist predict --data FILE --formula FORMULA           predictions, also for new rows, with intervals
  mist check --data FILE --formula FORMULA             whether a model suits its data: residuals, influence, ...
  mist bootstrap --data FILE --formula FORMULA         bootstrap intervals; long runs go on from their file
  mist describe --data FILE|DIR                        what is in a table, or in a study
  mist check-data DIR                                  what is wrong with a study's data
  mist simulate --out DIR                              a synthetic study with a known truth
  mist COMMAND --help                                  options and examples of a command
  mist --version

Example
  mist fit --data lessons.csv --formula "score ~ mkt + (1 | school/teacher)"

Exit codes
  0  done (read the notes: a boundary estimate or dropped rows are notes, not failures)
  1  mist check-data found problems
  2  the command, the formula or the data could not be used: one message on standard error, nothing on standard output
  3  a defect of this program`;

const FIT_HELP = `mist fit: fit a linear, generalized or cumulative mixed model and print a summary

Usage
  mist fit --data FILE --formula FORMULA [options]

Data
  --data FILE           a CSV file with a header (comma, semicolon or tab; also .csv.gz)
  --schema FILE         a Frictionless Table Schema: types, levels and their order, missing values
  --encoding NAME       the file's encoding where it is not UTF-8: windows-1252, latin1, ...
  --missing LIST        more marks for missing values, with commas between: "-9,-8" (NA, N/A, NULL, NaN, . are known)

Model
  --formula FORMULA     R's formula with lme4's random terms: "y ~ x + (1 + x | school/class)"
  --family NAME         gaussian (default); binomial, betabinomial, poisson, nbinom1, nbinom2, gamma, inverse_gaussian, beta,
                        student_t; truncated_poisson, ...; cumulative or adjacent for ordered categories; multinomial
  --link NAME           default the family's: identity, logit, log; also probit, cloglog, loglog, cauchit, inverse, sqrt, 1/mu^2
  --weights COLUMN      gaussian: precision weights, a row of weight 2 has half the residual variance; proportions: numbers of
                        trials; else a row of weight 2 counts as two
  --offset EXPRESSION   "log(hours)"; may be given several times
  --contrasts LIST      by factor: sex=sum,grade=helmert (treatment, sum, helmert, poly)
  --method reml|ml      default reml; families other than gaussian have ml only
  --agq N               quadrature points: 1 (default) Laplace approximation, 0 the fast one, up to 100 for one grouping factor or two nested ones
  --zi "~ x"            counts: a formula for excess zeros, which may have random terms
  --hurdle              counts: zeros come from a part of their own (its formula is --zi), the others from the truncated family
  --dispersion "~ x"    a formula for the dispersion
  --threshold NAME      ordered categories: flexible (default), symmetric, symmetric2 or equidistant
  --nominal "~ x"       ordered categories: effects that differ by threshold (partial proportional odds)
  --scale "~ x"         cumulative: a formula for the latent scale

Tests and intervals
  --df METHOD           gaussian: satterthwaite (default), kenward-roger, between-within, containment, m-l-1, residual or none (z tests)
  --robust TYPE         cluster-robust standard errors: CR0, CR1, CR1p, CR1S or CR2 (best with few clusters); df, p values and
                        intervals are theirs. Generalized and cumulative models have CR0 and CR1
  --cluster NAME        what is independent: a factor of the model or a column of the data, default the model's top level
  --ci METHOD           print confidence intervals: wald (by standard errors), profile (profile likelihood; also of variances) or
                        bootstrap (parametric, percentiles)
  --conf P              their coverage, default 0.95
  --replicates N, --seed S     of --ci bootstrap, default 1000 and 1
  --workers N           threads for degrees of freedom of large crossed models and for --ci bootstrap, default 1; the numbers are the same

Output
  --style lme4|hlm      how the summary is printed, default lme4
  --exponentiate        also odds ratios (logit link) or rate ratios (log link) with their intervals
  --json                print one JSON object instead of the summary
  --save FILE           also save the fit, for mist compare

Examples
  mist fit --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)"
  mist fit --data data/hsb82.csv --formula "mAch ~ cses * sector + (cses | school)" --style hlm
  mist fit --data data/hsb82.csv --formula "minrty ~ sector + (1 | school)" --family binomial --exponentiate
  mist fit --data lessons.csv --schema lessons.schema.json --formula "rating ~ mkt + (1 | school/teacher)" --family cumulative
  mist fit --data visits.csv --formula "visits ~ role + (1 | school)" --family nbinom2 --zi "~ role" --offset "log(weeks)"
  mist fit --data data/sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)" --df kenward-roger --ci profile
  mist fit --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)" --robust CR2 --cluster school
  mist fit --data scores.csv --formula "score ~ cwc(ses, school) + (1 | school/class)" --method ml --json
  mist fit --data scores.csv --schema scores.schema.json --formula "score ~ grade + (1 | school)" --contrasts grade=sum --save m1.json`;

const COMPARE_HELP = `mist compare: log-likelihood, AIC, BIC and likelihood-ratio tests

Usage
  mist compare A.json B.json [...]                             fits saved by mist fit --save
  mist compare --data FILE --formula F1 --formula F2 [...]     fit, then compare

Options
  --data, --schema, --encoding, --missing, --family, --link, --agq, --zi, --hurdle, --dispersion, --threshold, --nominal, --scale,
  --weights, --offset, --contrasts     as for mist fit, the same for all formulas
  --method reml|ml      for --formula, default ml: REML criteria of models with different fixed effects cannot be compared
  --json                print one JSON object instead of the table

Models are ordered by their number of parameters; where one lies within the next, they are tested against each other.
A variance cannot be negative, so tests of random terms use the mixture of chi-square distributions that belongs to them, and say which.

Examples
  mist compare m0.json m1.json
  mist compare --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)" --formula "mAch ~ ses + (ses | school)"
  mist compare --data data/hsb82.csv --formula "minrty ~ 1 + (1 | school)" --formula "minrty ~ sector + (1 | school)" --family binomial`;

const DESCRIBE_HELP = `mist describe: what is in a table, or in a study

Usage
  mist describe --data FILE|DIR [options]
  mist describe DIR [options]

Options
  --data FILE|DIR       a CSV file; or a directory: its datapackage.json, or else all of its CSV files. Of a directory with the
                        study's tables: who was observed when, counts by cycle, and composition
  --schema FILE         a Frictionless Table Schema, for one file
  --by LIST             for a study: what composition is broken down by: cycle (default), district, school, or district,cycle
  --suppress            for a study: leave out shares that rest on fewer than 5 teachers, 10 students or 3 schools
  --encoding, --missing as for mist fit
  --json                print JSON instead of tables

Examples
  mist describe --data data/hsb82.csv
  mist describe --data synthetic-data --json
  mist describe synthetic-data --by district --suppress`;

const CHECK_DATA_HELP = `mist check-data: what is wrong with a study's data

Usage
  mist check-data DIR [options]

Options
  DIR                   a folder of the study's CSV files (also .csv.gz), with or without datapackage.json
  --encoding NAME       the files' encoding where it is not UTF-8: windows-1252, latin1, ...
  --json                print one JSON object instead of text

All problems are told at once, by table and column, with the first rows and what to do. The exit code is 1 where something has to
be put right; remarks alone leave it at 0.

Examples
  mist check-data synthetic-data
  mist check-data collected-2011 --json`;

const SIMULATE_HELP = `mist simulate: a synthetic study with a known truth

Usage
  mist simulate --out DIR [options]

Options
  --out DIR             a new or an empty folder
  --seed N              a whole number, default 20071011; the same seed gives the same bytes on every machine
  --scale K             blocks of four districts, default 1 (52,000 student-years); 20 gives a million
  --preset NAME         mist (default), recovery, tiny, null or hard
  --set NAME=NUMBER     a parameter of the model; several times, or with commas between
  --without LIST        parts of the model to switch off: growth, network, coaching, principal, meetings, composition, setup, students, pm
  --missing NAME        default, none, mar or mnar
  --no-students         leave out students and their links
  --gzip large|all|none which tables are compressed, default those of half a megabyte or more
  --force               write into a folder that holds other files; files of the same names are replaced
  --json                print one JSON object instead of the list of tables

All data are simulated. truth.json says what they were made from; a larger scale adds districts and changes none.

Examples
  mist simulate --out study
  mist simulate --preset tiny --seed 1 --out tiny-study
  mist simulate --scale 8 --preset recovery --set beta_expl_prod=0.9 --out recovery`;

/** Help of a command. */
export const COMMAND_HELP: Readonly<Record<string, string>> = {
  fit: FIT_HELP,
  compare: COMPARE_HELP,
  means: MEANS_HELP,
  predict: PREDICT_HELP,
  check: CHECK_HELP,
  bootstrap: BOOTSTRAP_HELP,
  describe: DESCRIBE_HELP,
  "check-data": CHECK_DATA_HELP,
  simulate: SIMULATE_HELP,
};
