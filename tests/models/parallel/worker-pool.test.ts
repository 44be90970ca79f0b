/** Tasks performed in this thread. */
import { describe, expect, test } from "vitest";
import { AbortError, FitError } from "../../../src/messages.js";
import { gradientShared } from "../../../src/models/parallel/gradient-task.js";
import { refitRecord, refitShared } from "../../../src/models/parallel/refit-task.js";
import { performTask } from "../../../src/models/parallel/tasks.js";
import { inlinePool } from "../../../src/models/parallel/worker-pool.js";
import { fitted, units } from "../simulated.js";

const fit = fitted("y ~ x + (1 + x | g) + (1 | f)", units(30, 6, 4));
const { problem, optimum } = fit.engine;
const points = [0.9, 1, 1.2].map((by) => optimum.theta.map((x) => x * by));
const y = fit.frame.response.values;

describe("performTask", () => {
  test("gives the same numbers for data that were sent, bit for bit", () => {
    const shared = gradientShared(problem, optimum.s);
    const sent = structuredClone(shared);
    for (const theta of points) expect(performTask("gradient", sent, theta)).toEqual(performTask("gradient", shared, theta));
    const refits = refitShared(fit);
    const sentRefits = structuredClone(refits);
    const other = y.map((value, i) => value + Math.sin(i));
    expect(performTask("refit", sentRefits, other)).toEqual(performTask("refit", refits, other));
  });

  test("does not depend on the tasks before", () => {
    const shared = refitShared(fit);
    const other = y.map((value, i) => value + Math.sin(i));
    const first = refitRecord(shared, other);
    refitRecord(shared, y);
    expect(refitRecord(shared, other)).toEqual(first);
  });

  test("sends nothing of n rows with gradients", () => {
    const { groups } = gradientShared(problem, optimum.s).structure;
    expect(groups.map(({ levels, levelOf, columns }) => levels.length + levelOf.length + columns.length)).toEqual([0, 0]);
  });
});

describe("inlinePool", () => {
  const shared = gradientShared(problem, optimum.s);

  test("gives results in the order of the tasks and says how far it is", async () => {
    const progress: number[][] = [];
    const results = await inlinePool().run("gradient", shared, points, { onProgress: (...at) => progress.push(at) });
    expect(results).toEqual(points.map((theta) => performTask("gradient", shared, theta)));
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(await inlinePool().run("gradient", shared, [])).toEqual([]);
  });

  test("stops when asked, with an error that says so", async () => {
    const controller = new AbortController();
    const run = inlinePool().run("gradient", shared, points, { signal: controller.signal, onProgress: () => controller.abort("enough") });
    const error = await run.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toBeInstanceOf(FitError);
    expect(error).toMatchObject({ name: "AbortError", cause: "enough", message: "Stopped as asked, after 1 of 3 tasks." });
  });

  test("lets other things have their turn in long runs", async () => {
    const signal = AbortSignal.timeout(20);
    const many = Array.from({ length: 100_000 }, () => points[0]!);
    await expect(inlinePool().run("gradient", shared, many, { signal })).rejects.toThrow(/^Stopped as asked/);
  });
});
