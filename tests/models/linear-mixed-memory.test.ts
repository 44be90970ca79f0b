/** A dense block that memory cannot hold is an error that names the factor it comes from. */
import { expect, test, vi } from "vitest";
import { fitMessages } from "../../src/messages.js";
import { fitted } from "./simulated.js";

vi.mock("../../src/models/linalg/dense-workspace.js", () => ({
  createDenseWorkspace: () => {
    throw new RangeError("Array buffer allocation failed");
  },
}));

test("the error names the factor with most columns in the dense block", () => {
  const columns = { y: [] as number[], s: [] as string[], i: [] as string[] };
  for (let s = 0; s < 60; s++) {
    for (let i = 0; i < 50; i++) {
      columns.s.push(`s${s}`);
      columns.i.push(`i${i}`);
      columns.y.push(((s * 31 + i * 17) % 23) + (s % 5) + (i % 3));
    }
  }
  expect(() => fitted("y ~ 1 + (1 | s) + (1 | i)", columns)).toThrow(fitMessages.tooLarge("i", 50, (2 * 8 * 50 * 50) / 2 ** 30));
});
