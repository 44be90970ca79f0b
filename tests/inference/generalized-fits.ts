/** The generalized and cumulative fits that the tests of this room share; each is made once. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { readTable } from "../../src/io/read-table.js";

const data = join(dirname(fileURLToPath(import.meta.url)), "..", "reference", "generalized", "data");
const table = (name: string): Promise<Table> => readTable(join(data, `${name}.csv`), { schema: join(data, `${name}.schema.json`) });

export const cbpp = await table("cbpp");
export const epil = await table("epil2");
export const salamanders = await table("salamanders");
export const wine = await table("wine");
export const responses = await table("responses");

export const incidence = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" });
export const seizures = glmm("y ~ Base * trt + Age + Visit + (1 | subject)", epil, { family: "nbinom2" });
export const inflated = glmm("count ~ mined + (1 | site)", salamanders, { family: "poisson", zi: "~ mined" });
export const hurdle = glmm("count ~ mined + (1 | site)", salamanders, { family: "nbinom2", hurdle: true, zi: "~ mined" });
export const ratings = clmm("rating ~ temp + contact + (1 | judge)", wine);
export const partial = clmm("rating ~ temp + (1 | judge)", wine, { nominal: "~ contact" });
export const scaled = clmm("rating ~ contact + (1 | judge)", wine, { link: "probit", scale: "~ temp" });
