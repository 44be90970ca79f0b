/** `npm start`: fits the classic models and prints them. */
import { DataError } from "../messages.js";
import { classicModels } from "./classic-models.js";
import { processOutput } from "./output.js";

const output = processOutput();
classicModels("data").then(
  (text) => output.out(text),
  (error: unknown) => {
    if (!(error instanceof DataError)) throw error;
    output.error(error.message);
    process.exitCode = 2;
  },
);
