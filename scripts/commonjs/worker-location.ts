/** Where the compiled worker stands: what the CommonJS build puts in the place of src/io/worker-location.ts. */
import { pathToFileURL } from "node:url";

export function workerLocation(): URL {
  return new URL("./worker.js", pathToFileURL(__filename));
}
