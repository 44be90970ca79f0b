/** Generalized and cumulative fits that the tests share; each is made once. Data: tests/reference/generalized/data. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Table } from "../../src/data/table.js";
import { clmm } from "../../src/inference/clmm.js";
import { glmm } from "../../src/inference/glmm.js";
import { readTable } from "../../src/io/read-table.js";
import { parseFormula } from "../../src/models/formula/formula.js";
import { buildFrame } from "../../src/models/frame/build-frame.js";
import { fitMultinomialMixed } from "../../src/models/multinomial-mixed.js";

const data = join(dirname(fileURLToPath(import.meta.url)), "..", "reference", "generalized", "data");
const table = (name: string): Promise<Table> => readTable(join(data, `${name}.csv`), { schema: join(data, `${name}.schema.json`) });

export const cbpp = await table("cbpp");
export const wine = await table("wine");
export const salamanders = await table("salamanders");
export const epil = await table("epil2");
export const owls = await table("owls");
export const contraception = await table("contraception");
export const ticks = await table("grouseticks");

export const herds = glmm("cbind(incidence, size - incidence) ~ period + (1 | herd)", cbpp, { family: "binomial" });
export const herdsNull = glmm("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", cbpp, { family: "binomial" });
export const districts = glmm("use ~ age + urban + (1 + urban | district)", contraception, { family: "binomial" });
export const seizures = glmm("y ~ 1 + (1 | subject)", epil, { family: "poisson" });
export const overdispersed = glmm("y ~ 1 + (1 | subject)", epil, { family: "nbinom2" });

const sites = "count ~ spp + mined + (1 | site)";
export const inflated = glmm(sites, salamanders, { family: "poisson", zi: "~ mined" });
export const inflatedRandom = glmm(sites, salamanders, { family: "poisson", zi: "~ spp + (1 | site)" });
export const hurdle = glmm(sites, salamanders, { family: "poisson", zi: "~ spp + mined", hurdle: true });
export const zeros1 = glmm(sites, salamanders, { family: "nbinom2", zi: "~ 1" });
export const zerosMined = glmm(sites, salamanders, { family: "nbinom2", zi: "~ mined" });
export const dispersed = glmm(sites, salamanders, { family: "nbinom2", zi: "~ mined", dispersion: "~ DOY" });
export const counts = glmm(sites, salamanders, { family: "nbinom2" });

export const tempOnly = clmm("rating ~ temp + (1 | judge)", wine);
export const wines = clmm("rating ~ temp + contact + (1 | judge)", wine);
export const nominal = clmm("rating ~ temp + (1 | judge)", wine, { nominal: "~ contact" });
export const equidistant = clmm("rating ~ temp + contact + (1 | judge)", wine, { threshold: "equidistant" });
export const scaled = clmm("rating ~ temp + contact + (1 | judge)", wine, { scale: "~ contact" });
export const adjacent = clmm("rating ~ temp + contact + (1 | judge)", wine, { family: "adjacent" });

/** Made up: words that have no order. */
export const opinions = Table.from({
  opinion: Array.from({ length: wine.rowCount }, (_, i) => ["mild", "sour", "bitter"][(i * 7 + Math.floor(i / 8)) % 3]!),
  temp: Array.from({ length: wine.rowCount }, (_, i) => (i % 8 < 4 ? "cold" : "warm")),
  age: Array.from({ length: wine.rowCount }, (_, i) => ((i * 5) % 11) / 4),
  judge: Array.from({ length: wine.rowCount }, (_, i) => `j${Math.floor(i / 8)}`),
});
export const multinomial = fitMultinomialMixed(
  buildFrame(parseFormula("opinion ~ temp + age + (1 | judge)", { columns: opinions.columnNames }), opinions, { response: "any" }),
);
