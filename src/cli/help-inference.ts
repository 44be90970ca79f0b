/**
 * Help of the commands that say what is concluded from a fit.
 */

const MODEL = `Model
  --data, --schema, --encoding, --missing, --formula, --family, --link, --method, --agq, --zi, --hurdle, --dispersion, --threshold,
  --nominal, --scale, --weights, --offset     as for mist fit`;

export const BOOTSTRAP_HELP: string = `mist bootstrap: how the estimates of a model vary when the data are drawn again

Usage
  mist bootstrap --data FILE --formula FORMULA [options]

${MODEL}
  --contrasts LIST      as for mist fit

Bootstrap
  --type NAME           parametric (default): responses from the model; residual: from estimated effects and residuals drawn again,
                        linear models; cluster: whole units with replacement
  --replicates N        default 1000
  --seed S              a whole number, default 1; the same seed gives the same numbers, however many workers there are
  --cluster FACTOR      the units that are drawn (or left out for BCa); default the factor in which all others are nested
  --random-effects NAME parametric: of new units (new, the default) or those of the data (conditional)
  --workers N           threads, default 1

Output
  --interval NAME       percentile (default), basic or bca (which also leaves out each unit once)
  --conf P              coverage of the intervals, default 0.95
  --out FILE            save all replicates as JSON while they are done. Where the file exists the run goes on from there: one that was
                        killed half-way and started again gives what one that ran through gives; a larger --replicates adds to it
  --json                print one JSON object instead of the table

Examples
  mist bootstrap --data data/sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)" --seed 7
  mist bootstrap --data data/hsb82.csv --formula "mAch ~ ses + (1 | school)" --type cluster --replicates 2000 --out boot.json --workers 4
  mist bootstrap --data data/hsb82.csv --formula "minrty ~ sector + (1 | school)" --family binomial --agq 1 --interval bca --json`;

export const MEANS_HELP: string = `mist means: marginal means of a model's factors, and contrasts of them

Usage
  mist means --data FILE --formula FORMULA --specs LIST [options]

${MODEL}

Means
  --specs LIST          factors (or covariates with values in --at), with commas between: a mean for each combination of levels
  --by LIST             factors within whose levels contrasts are made
  --at "NAME=LIST"      values of a predictor, or some of a factor's levels: --at "ses=-1,0,1"; may be given several times. Numeric
                        predictors are otherwise at their means
  --average NAME        over the other factors: equal (default), proportional, outer, cells or flat
  --type link|response  of generalized models: the scale of the link (default) or of the response (probabilities, rates)
  --mode NAME           of ordered categories: latent (default), probabilities, cumulative, exceedance or mean-class
  --bias-adjust         with --type response: means over units rather than of the unit with random effects of zero
  --df METHOD           as for mist fit

Contrasts
  --contrasts NAME      pairwise, trt.vs.ctrl (each against the first), poly (polynomials), eff (each against the average) or consec
  --adjust NAME         for several tests: tukey (default of pairwise), holm (default of the others), bonferroni, bh or none (default of poly)

Output
  --conf P              coverage of the intervals, default 0.95
  --json                print one JSON object instead of the tables

Examples
  mist means --data data/hsb82.csv --formula "mAch ~ sector * ses + (1 | school)" --specs sector --contrasts pairwise
  mist means --data data/hsb82.csv --formula "mAch ~ sector * ses + (1 | school)" --specs "sector,ses" --at "ses=-1,1"
  mist means --data data/hsb82.csv --formula "minrty ~ sector + (1 | school)" --family binomial --specs sector --type response --json`;

export const PREDICT_HELP: string = `mist predict: predictions of a model, for its own rows or for new ones

Usage
  mist predict --data FILE --formula FORMULA [--newdata FILE] [options]

${MODEL}
  --contrasts LIST      as for mist fit

Prediction
  --newdata FILE        rows to predict for, with the columns of the model; default the rows of --data
  --level NAME          unit (default), with the effects of the units that rows name; population, with random effects of zero
  --new-units NAME      what a unit is taken for that the model has not seen: error (default), new (a draw of the distribution of
                        units) or unknown (a unit that is not identified: the mean over units)
  --type NAME           response (default), link, or probabilities of categories
  --interval NAME       none (default), confidence (of the mean) or prediction (of one new response)
  --trials N|COLUMN     of prediction intervals of proportions: trials of each new row, default 1
  --conf P              coverage of the intervals, default 0.95

Output
  --out FILE.csv        write the rows with the columns .predicted, .stdError, .lower and .upper, instead of printing predictions
  --json                print one JSON object

Examples
  mist predict --data data/sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)" --level population --interval confidence
  mist predict --data lessons.csv --formula "score ~ mkt + (1 | school)" --newdata next-year.csv --new-units new --out predicted.csv
  mist predict --data data/hsb82.csv --formula "minrty ~ sector + (1 | school)" --family binomial --json`;

export const CHECK_HELP: string = `mist check: whether a model suits its data

Usage
  mist check --data FILE --formula FORMULA [options]

${MODEL}
  --contrasts LIST      as for mist fit

Options
  --seed S              of simulated responses, a whole number, default 1
  --simulations N       how many of them, 20 or more, default 250
  --random-effects NAME their units: new (default), which tests the distribution of units too, or those of the data (conditional)
  --json                print one JSON object instead of text

Residuals, random effects, influence, collinearity and, for ordered categories, proportional odds: for each what was found, what it
means and what to do. The exit code is 0 whatever is found.

Examples
  mist check --data data/sleepstudy.csv --formula "Reaction ~ Days + (Days | Subject)"
  mist check --data data/hsb82.csv --formula "minrty ~ sector + (1 | school)" --family binomial --json`;
