/**
 * The classic models of High School & Beyond: 7185 students in 160 schools, mathematics achievement by socioeconomic
 * status and sector (Raudenbush & Bryk 2002, chapter 4), from the unconditional model to intercepts and slopes as outcomes.
 */
import { compare } from "../inference/compare.js";
import { lmm } from "../inference/lmm.js";
import { modelTable } from "../inference/summary/model-table.js";
import { summary } from "../inference/summary/summary.js";
import { readTable } from "../io/read-table.js";

/** A row of data/hsb82.csv. */
interface Student {
  readonly school: string;
  readonly minrty: string;
  readonly sx: string;
  readonly ses: number;
  readonly mAch: number;
  readonly meanses: number;
  readonly sector: string;
  readonly cses: number;
}

/** The models' printed tables. @param folder the folder of hsb82.csv and hsb82.schema.json */
export async function classicModels(folder: string): Promise<string> {
  const students = await readTable<Student>(`${folder}/hsb82.csv`, { schema: `${folder}/hsb82.schema.json` });
  const models = {
    Unconditional: lmm("mAch ~ 1 + (1 | school)", students),
    "Means as outcomes": lmm("mAch ~ meanses + (1 | school)", students),
    "Random coefficients": lmm("mAch ~ cses + (1 + cses | school)", students),
    "Intercepts and slopes": lmm("mAch ~ meanses * cses + sector * cses + (1 + cses | school)", students),
  };
  const titles = [
    "1. Unconditional model: how much of mathematics achievement lies between schools?",
    "2. Means as outcomes: does a school's mean SES explain its mean achievement?",
    "3. Random coefficients: does the effect of a student's SES differ between schools?",
    "4. Intercepts and slopes as outcomes: which schools achieve more, and which are more equitable?",
  ];
  const nested = compare({
    "random intercept": lmm("mAch ~ cses + (1 | school)", students),
    "random slope": models["Random coefficients"],
  });
  return [
    "High School & Beyond 1982: mathematics achievement (mAch) of students in schools.",
    "SES is centred around the school's mean (cses); meanses is that mean. Data and their source: data/README.md",
    "",
    ...Object.values(models).flatMap((fit, k) => [titles[k]!, "", summary(fit).text, ""]),
    "5. Does the slope of SES vary between schools?",
    "",
    String(nested),
    "",
    "6. The models side by side",
    "",
    String(modelTable(models)),
  ].join("\n");
}
