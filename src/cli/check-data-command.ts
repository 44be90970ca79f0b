/**
 * `mist check-data`: what is wrong with a study's data. The report is the answer, so it goes to standard output whatever it says;
 * the exit code tells programs whether something has to be put right.
 */
import { SCHEMA_VERSION } from "../inference/json.js";
import { isDirectory } from "../io/files.js";
import { checkStudyFolder } from "../io/read-study.js";
import { cliMessages } from "../messages.js";
import type { Command } from "./command.js";
import { readOptions } from "./options.js";
import { UsageError } from "./usage-error.js";

/** Problems were found. */
const FOUND = 1;

export const checkDataCommand: Command = {
  read: (argv) => readOptions(argv, { command: "mist check-data", options: { json: "flag", encoding: "value" }, positionals: true }),
  async run(given) {
    const [path, ...others] = given.positionals;
    if (path === undefined || others.length > 0) throw new UsageError(cliMessages.oneFolder(given.command));
    if (!(await isDirectory(path)) && !path.endsWith(".json")) throw new UsageError(cliMessages.noFolder(path));
    const encoding = given.value("encoding");
    const report = await checkStudyFolder(path, encoding === null ? {} : { encoding });
    const text = given.flag("json") ? JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...report }, null, 2) : report.toString();
    return { text, exitCode: report.valid ? 0 : FOUND };
  },
};
