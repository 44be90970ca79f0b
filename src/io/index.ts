/** What comes in from files and goes out to them: `import { readTable } from "mist-models/io"`. */
export { type ParseOptions, parseTable } from "./csv.js";
export { type FormatOptions, formatTable, schemaOf } from "./csv-write.js";
export { readDataPackage } from "./data-package.js";
export { readBytes, readJson, writeTextFile } from "./files.js";
export { checkStudyFolder, readStudy, readStudyTables, type StudyReading, type StudyTables } from "./read-study.js";
export { type ReadOptions, readSchema, readTable } from "./read-table.js";
export type { FieldsMatch, SchemaConstraints, SchemaField, TableSchema } from "./schema.js";
export { createWorkerPool } from "./worker-pool.js";
export { writeSimulatedStudy } from "./write-simulated-study.js";
export { type WriteStudyOptions, type WrittenStudy, type WrittenTable, writeStudy } from "./write-study.js";
export { type WriteOptions, writeTable } from "./write-table.js";
