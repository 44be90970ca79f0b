/**
 * What the package offers. Files are read and written by `mist-models/io`.
 */
export { cgm, cwc, grandMean, groupMean } from "./data/centre.js";
export type { BooleanColumn, Column, ColumnKind, FactorColumn, NumberColumn, TextColumn } from "./data/column.js";
export { Table } from "./data/table.js";
export { type AnovaOptions, type AnovaType, anova, type TermTest } from "./inference/anova.js";
export { type AugmentedRow, augment } from "./inference/augment.js";
export { type AverageEffect, averageMarginalEffects, type PopulationAverage, populationAveraged } from "./inference/average-effects.js";
export {
  type BootstrapPlan,
  type BootstrapRun,
  type BootstrapStatistic,
  bootstrap,
  resumeBootstrap,
  startBootstrap,
} from "./inference/bootstrap.js";
export { type BootstrapInterval, type BootstrapIntervalOptions, bootstrapIntervals } from "./inference/bootstrap-intervals.js";
export {
  type BootstrapCounts,
  type BootstrapRecord,
  type BootstrapReplicate,
  type BootstrapTerm,
  type BootstrapType,
  bootstrapCounts,
  withReplicates,
} from "./inference/bootstrap-record.js";
export { type Check, type CheckItem, type CheckOptions, check, checkText, type Verdict } from "./inference/check.js";
export { type ClmmOptions, clmm, type OrdinalFamily } from "./inference/clmm.js";
export { type Coefficient, type CoefficientOptions, coefficients, type DfMethod } from "./inference/coefficients.js";
export { type Collinearity, type CollinearityOptions, collinearity } from "./inference/collinearity.js";
export { type AnyFit, type Comparison, type ComparisonRow, compare } from "./inference/compare.js";
export { type ConfintOptions, confint, type Interval } from "./inference/confint.js";
export {
  type ContrastMethod,
  type ContrastOptions,
  contrastsOfMeans,
  type MeanContrast,
  type MeanContrasts,
} from "./inference/contrasts-of-means.js";
export { type DesignEffect, type DesignEffectRow, designEffect } from "./inference/design-effect.js";
export { degreesOfFreedomNotes } from "./inference/df-notes.js";
export { type DropTests, dropFixed, type FixedTermTest, type RandomTermTest, testRandomTerms } from "./inference/drop-terms.js";
export { type EffectNormality, type EffectQuantile, effectsNormality } from "./inference/effects-normality.js";
export { type EquivalenceOptions, type EquivalenceRow, equivalenceTest } from "./inference/equivalence.js";
export { type CovarianceMatrix, fixef, ranef, type UnitEffects, vcov } from "./inference/extract.js";
export { type Glance, glance } from "./inference/glance.js";
export { type FamilyName, type GlmmOptions, glmm } from "./inference/glmm.js";
export { adjustedIcc, type IccOptions, type IccRow, icc, unadjustedIcc } from "./inference/icc.js";
export { type Influence, type InfluenceOptions, influence } from "./inference/influence.js";
export { type FitJson, type JsonOptions, type PartJson, type RandomJson, toJson } from "./inference/json.js";
export type { LatentApproximation, LatentOptions } from "./inference/latent-variance.js";
export { leverage } from "./inference/leverage.js";
export {
  type Hypothesis,
  type HypothesisOptions,
  type HypothesisRow,
  type HypothesisTest,
  linearHypothesis,
} from "./inference/linear-hypothesis.js";
export { type LmmOptions, lmm } from "./inference/lmm.js";
export {
  type CategoryMode,
  type MarginalMean,
  type MarginalMeans,
  type MarginalMeansOptions,
  type MeanWeights,
  marginalMeans,
} from "./inference/marginal-means.js";
export type { MixedFit } from "./inference/mixed-fit.js";
export {
  type AdjustedTest,
  type Adjustment,
  type AdjustOptions,
  adjustPValues,
  adjustTests,
  type SingleTest,
} from "./inference/multiplicity.js";
export { type NewUnits, type Predictions, type PredictOptions, predict } from "./inference/predict.js";
export { type PoolOptions, prepareDegreesOfFreedom } from "./inference/prepare-df.js";
export {
  type Profile,
  type ProfileCurve,
  type ProfileOptions,
  type ProfilePoint,
  profile,
  profileInTurns,
  profileIntervals,
  profileValue,
  profileZeta,
} from "./inference/profile.js";
export { type ProportionalOddsTest, proportionalOdds, type ThresholdEffect } from "./inference/proportional-odds.js";
export { type R2, r2 } from "./inference/r2.js";
export { type VarianceReduction, varianceReduction } from "./inference/r2-levels.js";
export {
  type RandomComponents,
  type RandomPrincipalComponent,
  randomPrincipalComponents,
} from "./inference/random-principal-components.js";
export { refit, refitMany } from "./inference/refit.js";
export { type Reliability, reliability } from "./inference/reliability.js";
export { type ResidualOptions, type ResidualType, residuals } from "./inference/residuals.js";
export { robustCovariance } from "./inference/robust.js";
export { type RobustHypothesis, type RobustTest, robustTest } from "./inference/robust-test.js";
export { ROBUST_TYPES, type RobustCovariance, type RobustName, type RobustOptions, type RobustType } from "./inference/robust-types.js";
export { loadFit, type SavedFit, saveFit } from "./inference/saved-fit.js";
export { type ScaledResidualOptions, type ScaledResiduals, scaledResiduals } from "./inference/scaled-residuals.js";
export { type RandomEffectsOf, type SimulateOptions, simulate } from "./inference/simulate.js";
export type { OutlierTest, RatioTest, UniformityTest } from "./inference/simulated-ranks.js";
export { type SlopeOptions, slopes } from "./inference/slopes.js";
export { type ModelTable, type ModelTableOptions, modelTable } from "./inference/summary/model-table.js";
export { type GeneralizedSummary, type Summary, type SummaryOptions, type SummaryStyle, summary } from "./inference/summary/summary.js";
export { type TidyEffects, type TidyOptions, type TidyRow, tidy } from "./inference/tidy.js";
export { type VarianceTest, varianceTests } from "./inference/variance-test.js";
export { AbortError, DataError, FitError, FormulaError, type Note, type Span } from "./messages.js";
export { conditionalModes } from "./models/conditional-modes.js";
export type {
  CovarianceComponent,
  FixedEffect,
  LinearMixedFit,
  RandomComponent,
  RandomTermFit,
  VarianceComponent,
} from "./models/fit.js";
export { fittedValues } from "./models/fitted.js";
export { levelEquations } from "./models/formula/level-equations.js";
export type { GeneralizedMixedFit, PartFit, RandomError } from "./models/generalized-fit.js";
export type { RefitRecord } from "./models/parallel/refit-task.js";
export type { TaskKind, TaskKinds } from "./models/parallel/tasks.js";
export { inlinePool, type RunOptions, type WorkerPool } from "./models/parallel/worker-pool.js";
