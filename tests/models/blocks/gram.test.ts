/** Another response in blocks that stand. */
import { describe, expect, test } from "vitest";
import { Table } from "../../../src/data/table.js";
import { buildGram, replaceResponse } from "../../../src/models/blocks/gram.js";
import { gatherGroups } from "../../../src/models/blocks/random-groups.js";
import { buildStructure } from "../../../src/models/blocks/structure.js";
import { parseFormula } from "../../../src/models/formula/formula.js";
import { buildFrame } from "../../../src/models/frame/build-frame.js";
import { normal } from "../linalg/naive.js";
import { columnsOf } from "./designs.js";

describe("replaceResponse", () => {
  const columns = columnsOf({ n: 300, first: 20, second: 8, third: 3, moves: 0.2 }, "crossed", 5);
  test.each([
    ["y ~ x + (1 + x | a)", undefined],
    ["y ~ x + (1 + x | a) + (1 | b)", "w"],
    ["y ~ x + (1 | mm(t1, t2)) + (x || b)", "w"],
    ["y ~ 0 + (1 | a) + (1 | b)", undefined],
  ])("%s, weights %s: gives the blocks that are built from the new response, bit for bit", (formula, weights) => {
    const frame = buildFrame(parseFormula(formula), Table.from(columns), { weights: weights ?? null });
    const n = frame.rows.length;
    const x = Array.from({ length: frame.fixed.names.length }, (_, j) => frame.fixed.values.slice(j * n, (j + 1) * n));
    const structure = buildStructure(gatherGroups(frame.random, frame.weights), n, x.length);
    const next = normal(3);
    const y = Float64Array.from({ length: n }, next);
    const gram = buildGram(structure, [...x, frame.response.values], frame.weights);
    const fresh = buildGram(structure, [...x, y], frame.weights);
    expect(gram).not.toEqual(fresh);
    replaceResponse(structure, gram, [...x, y], frame.weights);
    expect(gram).toEqual(fresh);
  });
});
