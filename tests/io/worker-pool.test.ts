/**
 * Worker threads. They load compiled files, so this file tests what `npm run build` made (`npm test` builds first).
 */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { createWorkerPool as uncompiledPool } from "../../src/io/worker-pool.js";
import { columnsOf } from "../models/blocks/designs.js";
import { normal } from "../models/linalg/naive.js";

type Package = typeof import("../../src/index.js");
type Io = typeof import("../../src/io/index.js");

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const built = (path: string): string => pathToFileURL(join(root, "dist", "esm", path)).href;
const { AbortError, coefficients, FitError, inlinePool, lmm, prepareDegreesOfFreedom, refitMany, Table } = (await import(
  built("index.js")
)) as Package;
const { createWorkerPool } = (await import(built("io/index.js"))) as Io;

const pools = [1, 2, 3].map((size) => createWorkerPool(size));
const [, pair, three] = pools;
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

// A root of more than 48 columns, so that the WebAssembly kernels are at work.
const formula: string = "y ~ x + (1 + x | a) + (1 | b) + (1 | c)";
const table = Table.from(columnsOf({ n: 900, first: 90, second: 60, third: 7, moves: 0 }, "crossed", 8));
const fit = lmm(formula, table);
const y = fit.frame.response.values;
const next = normal(2);
const replicates = Array.from({ length: 20 }, () => y.map((value) => value + next()));

describe("numbers", () => {
  test("of degrees of freedom are those of this thread, bit for bit, with 1, 2 or 3 workers", async () => {
    expect(fit.engine.problem.factor.dense.size).toBeGreaterThan(48);
    const plain = coefficients(lmm(formula, table));
    for (const pool of [inlinePool(), ...pools]) {
      const prepared = lmm(formula, table);
      await prepareDegreesOfFreedom(prepared, { pool });
      expect(coefficients(prepared)).toEqual(plain);
    }
  });

  test("of 20 refits are those of this thread, bit for bit and in order", async () => {
    const inline = await refitMany(fit, replicates);
    expect(new Set(inline.map(({ criterion }) => criterion)).size).toBe(20);
    for (const pool of pools) {
      const progress: number[] = [];
      const records = await refitMany(fit, replicates, { pool, onProgress: (done, total) => progress.push(done / total) });
      expect(records).toEqual(inline);
      expect(progress).toEqual(Array.from({ length: 20 }, (_, k) => (k + 1) / 20));
    }
  });

  test("of two runs asked for at once do not mix", async () => {
    const few = replicates.slice(0, 3);
    const [first, second, none] = await Promise.all([
      refitMany(fit, few, { pool: pair }),
      refitMany(fit, [...few].reverse(), { pool: pair }),
      refitMany(fit, [], { pool: pair }),
    ]);
    expect([...second!].reverse()).toEqual(first);
    expect(none).toEqual([]);
  });
});

describe("errors", () => {
  test("of a task arrive as what they are: the first one in the order of the tasks", async () => {
    const bad = [...replicates];
    bad[5] = y.map(() => 1);
    bad[3] = y.map((_, i) => (i % 10) * 1e160);
    const alone = await refitMany(fit, bad).catch((error: unknown) => error);
    expect(alone).toBeInstanceOf(FitError);
    for (const pool of pools) {
      const error = await refitMany(fit, bad, { pool }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(FitError);
      expect((error as Error).message).toBe((alone as Error).message);
      expect(await refitMany(fit, replicates.slice(0, 2), { pool })).toHaveLength(2);
    }
  });

  test("of the caller's own progress function end the run", async () => {
    const onProgress = (): never => {
      throw new TypeError("no bar");
    };
    await expect(refitMany(fit, replicates, { pool: three, onProgress })).rejects.toThrow(new TypeError("no bar"));
  });

  test("of a worker that cannot be started or dies say so", async () => {
    // Beside the sources there is no compiled worker.
    const pool = uncompiledPool(2);
    const words = /^A worker stopped before its task was done \(Cannot find module .*\)\. Use fewer workers if memory ran out/s;
    await expect(refitMany(fit, replicates, { pool })).rejects.toThrow(words);
    await expect(refitMany(fit, replicates, { pool })).rejects.toThrow(words);
    await pool.close();
  });

  test("a size that is not a whole number of workers is refused", () => {
    for (const size of [0, -1, 1.5, Number.NaN]) expect(() => createWorkerPool(size)).toThrow(FitError);
    expect(() => createWorkerPool(0)).toThrow("A pool has a whole number of workers, 1 or more; 0 is not one.");
    expect(createWorkerPool().size).toBeGreaterThan(0);
  });

  test("a closed pool says so, and closing ends what is under way", async () => {
    const pool = createWorkerPool(2);
    const words = "This pool of workers has been closed. Make another with createWorkerPool().";
    const started = refitMany(fit, replicates, { pool, onProgress: () => void pool.close() });
    await expect(started).rejects.toThrow(new FitError(words));
    await expect(refitMany(fit, replicates, { pool })).rejects.toThrow(new FitError(words));
  });
});

describe("an AbortSignal", () => {
  test("stops a run at once, and the pool goes on with the next", async () => {
    const controller = new AbortController();
    const many = Array.from({ length: 2000 }, (_, k) => replicates[k % 20]!);
    const error = await refitMany(fit, many, {
      pool: pair,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 4) controller.abort("enough");
      },
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: "enough", message: "Stopped as asked, after 4 of 2000 tasks." });
    expect(await refitMany(fit, replicates.slice(0, 4), { pool: pair })).toEqual(await refitMany(fit, replicates.slice(0, 4)));
  });

  test("given while another run is under way stops only its own", async () => {
    const controller = new AbortController();
    const first = refitMany(fit, replicates, { pool: pair });
    const waiting = refitMany(fit, replicates, { pool: pair, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toThrow("Stopped as asked, after 0 of 20 tasks.");
    expect(await first).toHaveLength(20);
  });

  test("given before does not start anything", async () => {
    const pool = createWorkerPool(1);
    await expect(refitMany(fit, replicates, { pool, signal: AbortSignal.abort() })).rejects.toThrow(AbortError);
  });
});

describe("in a program", () => {
  const program = (load: string): string => `${load}
    const rows = Array.from({ length: 60 }, (_, i) => ({ y: Math.sin(i * i) + (i % 6), g: "g" + (i % 6) }));
    const fit = lmm("y ~ 1 + (1 | g)", Table.from(rows));
    refitMany(fit, [fit.frame.response.values], { pool: createWorkerPool(2) }).then(([record]) => console.log(record.sigma === fit.sigma || record.sigma.toFixed(6) === fit.sigma.toFixed(6)));`;
  const names = "{ lmm, refitMany, Table }";

  test("a forgotten pool does not keep it alive, and a run under way does", async () => {
    const load = `import ${names} from ${JSON.stringify(built("index.js"))}; import { createWorkerPool } from ${JSON.stringify(built("io/index.js"))};`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program(load)], { timeout: 20_000 });
    expect(stdout).toBe("true\n");
  });

  test("the CommonJS build finds its worker", async () => {
    const path = (file: string): string => JSON.stringify(join(root, "dist", "cjs", file));
    const load = `const ${names} = require(${path("index.js")}); const { createWorkerPool } = require(${path("io/index.js")});`;
    const { stdout } = await run(process.execPath, ["-e", program(load)], { timeout: 20_000 });
    expect(stdout).toBe("true\n");
    expect(Object.keys(createRequire(import.meta.url)(join(root, "dist", "cjs", "io", "index.js")) as object)).toContain(
      "createWorkerPool",
    );
  });

  test("mist fit --workers prints what it prints without", async () => {
    const mist = async (...more: string[]): Promise<string> => {
      const argv = [
        "fit",
        "--data",
        join(root, "data", "penicillin.csv"),
        "--formula",
        "diameter ~ 1 + (1 | plate) + (1 | sample)",
        ...more,
      ];
      return (await run(process.execPath, [join(root, "bin", "mist.js"), ...argv], { timeout: 20_000 })).stdout;
    };
    expect(await mist("--workers", "2")).toBe(await mist());
  });
});
