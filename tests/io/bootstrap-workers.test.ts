/** Bootstraps on worker threads, which load what `npm run build` made: the record is that of one thread, whatever is drawn. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

type Package = typeof import("../../src/index.js");
type Io = typeof import("../../src/io/index.js");

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const built = (path: string): string => pathToFileURL(join(root, "dist", "esm", path)).href;
const { bootstrap, clmm, glmm, lmm, resumeBootstrap } = (await import(built("index.js"))) as Package;
const { createWorkerPool, readTable } = (await import(built("io/index.js"))) as Io;

const pool = createWorkerPool(2);
afterAll(() => pool.close());

const sleepstudy = await readTable(join(root, "data", "sleepstudy.csv"), { schema: join(root, "data", "sleepstudy.schema.json") });
const folder = join(root, "tests", "reference", "generalized", "data");
const [cbpp, wine] = await Promise.all(
  ["cbpp", "wine"].map((name) => readTable(join(folder, `${name}.csv`), { schema: join(folder, `${name}.schema.json`) })),
);
const slope = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy);
const incidence = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp!, { family: "binomial" });
const ratings = clmm("rating ~ temp + contact + (1 | judge)", wine!);

describe("with two workers the record is that of one thread", () => {
  test.each([
    ["parametric, linear", slope, { type: "parametric" }],
    ["residual", slope, { type: "residual" }],
    ["whole units, with the jackknife", slope, { type: "cluster", jackknife: true }],
    ["generalized", incidence, { type: "parametric" }],
    ["ordered categories", ratings, { type: "cluster" }],
  ] as const)("%s", async (_, fit, plan) => {
    const inline = await bootstrap(fit, { ...plan, replicates: 20, seed: 4 });
    expect(await bootstrap(fit, { ...plan, replicates: 20, seed: 4, pool })).toEqual(inline);
    const part = { ...inline, done: inline.done.filter(({ replicate }) => replicate % 3 === 0) };
    expect(await resumeBootstrap(fit, part, { pool })).toEqual(inline);
  });
});
