/**
 * What `--help` prints.
 */

/** Commands of this version. */
export const COMMANDS: readonly string[] = ["fit", "compare", "describe", "check-data"];

/** Commands of later versions. */
export const LATER_COMMANDS: readonly string[] = ["simulate", "claims", "reproduce", "report", "power"];

export const GENERAL_HELP = `mist: multilevel (mixed-effects) models from the command line

Usage
  mist fit --data FILE --formula FORMULA [options]     fit a model and print a summary
  mist compare A.json B.json [...]                     compare saved fits
  mist describe --data FILE|DIR                        what is in a table, or in a study
  mist check-data DIR                                  what is wrong with a study's data
  mist COMMAND --help                                  options and examples of a command
  mist --version

Example
  mist fit --data lessons.csv --formula "score ~ mkt + (1 | school/teacher)"

Exit codes
  0  done (read the notes: a boundary estimate or dropped rows are notes, not failures)
  1  mist check-data found problems
  2  the command, the formula or the data could not be used: one message on standard error, nothing on standard output
  3  a defect of this program`;

const FIT_HELP = `mist fit: fit a linear mixed model and print a summary

Usage
  mist fit --data FILE --formula FORMULA [options]

Options
  --data FILE           a CSV file with a header (comma, semicolon or tab; also .csv.gz)
  --formula FORMULA     R's formula with lme4's random terms: "y ~ x + (1 + x | school/class)"
  --schema FILE         a Frictionless Table Schema: types, levels and their order, missing values
  --encoding NAME       the file's encoding where it is not UTF-8: windows-1252, latin1, ...
  --missing LIST        more marks for missing values, with commas between: "-9,-8" (NA, N/A, NULL, NaN, . are known)
  --method reml|ml      default reml
  --weights COLUMN      precision weights: a row of weight 2 has half the residual variance
  --contrasts LIST      by factor: sex=sum,grade=helmert (treatment, sum, helmert, poly)
  --df METHOD           satterthwaite (default), residual or none (z tests)
  --workers N           threads for the degrees of freedom of large crossed models, default 1; the numbers are the same
  --style lme4|hlm      how the summary is printed, default lme4
  --json                print one JSON object instead of the summary
  --save FILE           also save the fit, for mist compare
  --family, --link      gaussian and identity in this version

Examples
  mist fit --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)"
  mist fit --data data/hsb82.csv --formula "mAch ~ cses * sector + (cses | school)" --style hlm
  mist fit --data scores.csv --formula "score ~ cwc(ses, school) + (1 | school/class)" --method ml --json
  mist fit --data scores.csv --schema scores.schema.json --formula "score ~ grade + (1 | school)" --contrasts grade=sum --save m1.json`;

const COMPARE_HELP = `mist compare: log-likelihood, AIC, BIC and likelihood-ratio tests

Usage
  mist compare A.json B.json [...]                             fits saved by mist fit --save
  mist compare --data FILE --formula F1 --formula F2 [...]     fit, then compare

Options
  --data, --schema, --encoding, --missing, --weights, --contrasts    as for mist fit
  --method reml|ml      for --formula, default ml: REML criteria of models with different fixed effects cannot be compared
  --json                print one JSON object instead of the table

Models are ordered by their number of parameters and each is tested against the one above it. A variance cannot be negative,
so tests of random terms use the mixture of chi-square distributions that belongs to them, and say which.

Examples
  mist compare m0.json m1.json
  mist compare --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)" --formula "mAch ~ ses + (ses | school)"`;

const DESCRIBE_HELP = `mist describe: what is in a table, or in a study

Usage
  mist describe --data FILE|DIR [options]
  mist describe DIR [options]

Options
  --data FILE|DIR       a CSV file; or a directory: its datapackage.json, or else all of its CSV files. Of a directory with the
                        study's tables: who was observed when, counts by cycle, and composition
  --schema FILE         a Frictionless Table Schema, for one file
  --by cycle|district|district,cycle    for a study: what composition is broken down by, default cycle
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

/** Help of a command. */
export const COMMAND_HELP: Readonly<Record<string, string>> = {
  fit: FIT_HELP,
  compare: COMPARE_HELP,
  describe: DESCRIBE_HELP,
  "check-data": CHECK_DATA_HELP,
};
