/**
 * The study layer, `mist-models/study`: the codebook, checking and describing a study, its derived measures, and simulated studies whose
 * truth is known. Studies are read and written by `mist-models/io`.
 */
export { type CategorySetName, categoriesOf, type Level, levelsOf, scoreOf, scoresOf, scoreValues } from "./codebook/category-sets.js";
export {
  type Codebook,
  type ColumnName,
  codebook,
  columnOf,
  columnsOf,
  declarationOf,
  isTableName,
  type StudyRows,
  type TableName,
  tableNames,
} from "./codebook/codebook.js";
export { codebookHtml } from "./codebook/codebook-html.js";
export { codebookMarkdown } from "./codebook/codebook-markdown.js";
export { type DataPackage, dataPackage } from "./codebook/data-package.js";
export type { ColumnDeclaration, TableDeclaration } from "./codebook/declaration.js";
export { conformTable, type Study, type StudySource, type StudyWith, studyFrom, studyTable } from "./codebook/study.js";
export { type CodebookSchema, tableSchema } from "./codebook/table-schema.js";
export type { TruthFile } from "./codebook/truth-file.js";
export { type DerivedTables, type DeriveOptions, derive } from "./derive/derive.js";
export { type LevelName, type LevelRows, levelNames } from "./derive/levels.js";
export { type MeasureOptions, measureChoices } from "./derive/options.js";
export { measureOf, measures } from "./derive/records.js";
export type { Rule, Rules } from "./derive/rules.js";
export { type Composition, type CompositionOptions, composition } from "./describe/composition.js";
export { countsByCycle } from "./describe/counts.js";
export { type Presence, type PresencePattern, type PresenceUnit, presence, presencePatterns } from "./describe/presence.js";
export { compositionText, describeStudy, type StudyView, studyViewText } from "./describe/study-view.js";
export { calibrateThresholds } from "./simulate/calibrate.js";
export { type Preset, presets, type SimulateOptions } from "./simulate/options.js";
export { type SimulatedDistrict, type SimulatedStudy, simulate, simulateDistricts } from "./simulate/simulate.js";
export { type CheckOptions, checkStudy } from "./validate/check-study.js";
export type { Problem, StudyReport } from "./validate/problem.js";
