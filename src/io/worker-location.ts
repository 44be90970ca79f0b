/**
 * Where the compiled worker stands. This is the version for ECMAScript modules; the CommonJS build puts
 * scripts/commonjs/worker-location.ts in its place, because `import.meta` does not exist there.
 */
export function workerLocation(): URL {
  return new URL("./worker.js", import.meta.url);
}
