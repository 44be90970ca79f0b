/** The fits that the tests of this room share; each is made once. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Table } from "../../src/data/table.js";
import { lmm } from "../../src/inference/lmm.js";
import { readTable } from "../../src/io/read-table.js";

const data = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "data");
const table = (name: string): Promise<Table> => readTable(join(data, `${name}.csv`), { schema: join(data, `${name}.schema.json`) });

export const hsb = await table("hsb82");
export const sleepstudy = await table("sleepstudy");
export const oats = await table("oats");
export const pastes = await table("pastes");
export const penicillin = await table("penicillin");
export const dyestuff2 = await table("dyestuff2");
export const egsingle = await table("egsingle");

export const hsbNull = lmm("mAch ~ 1 + (1 | school)", hsb);
export const hsbFull = lmm("mAch ~ meanses * cses + sector * cses + (1 + cses | school)", hsb);
export const slope = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy);
export const slopeMl = lmm("Reaction ~ Days + (Days | Subject)", sleepstudy, { method: "ml" });
export const intercept = lmm("Reaction ~ Days + (1 | Subject)", sleepstudy);
export const interceptMl = lmm("Reaction ~ Days + (1 | Subject)", sleepstudy, { method: "ml" });
export const splitPlot = lmm("yield ~ nitro + (1 | Block/Variety)", oats);
export const crossed = lmm("diameter ~ 1 + (1 | plate) + (1 | sample)", penicillin);
export const boundary = lmm("Yield ~ 1 + (1 | Batch)", dyestuff2);
