/**
 * The models that are timed: the same formula here and in R. `data` and `schema` are paths from the project's root.
 * Another model: add a row.
 */

const shipped = (name, extension = ".csv") => ({ data: `data/${name}${extension}`, schema: `data/${name}.schema.json` });
const generated = (name) => ({ data: `tests/reference/data/${name}.csv`, schema: `tests/reference/data/${name}.schema.json` });

export const models = [
  { name: "sleepstudy", ...shipped("sleepstudy"), formula: "Reaction ~ 1 + Days + (1 + Days | Subject)", method: "REML" },
  {
    name: "hsb82",
    ...shipped("hsb82"),
    formula: "mAch ~ meanses * cses + sector * cses + (1 + cses | school)",
    method: "REML",
  },
  {
    name: "egsingle",
    ...shipped("egsingle"),
    formula: "math ~ year * black + year * hispanic + year * lowinc + (1 + year | childid) + (1 + year | schoolid)",
    method: "ML",
  },
  { name: "pastes", ...shipped("pastes"), formula: "strength ~ 1 + (1 | batch/cask)", method: "REML" },
  { name: "penicillin", ...shipped("penicillin"), formula: "diameter ~ 1 + (1 | plate) + (1 | sample)", method: "REML" },
  { name: "cake", ...shipped("cake"), formula: "angle ~ recipe * temperature + (1 | recipe:replicate)", method: "REML" },
  { name: "chem97", ...shipped("chem97", ".csv.gz"), formula: "score ~ gcsecnt + (1 | school) + (1 | lea)", method: "REML" },
  { name: "insteval", ...shipped("insteval", ".csv.gz"), formula: "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)", method: "ML" },
  { name: "crossed-slopes", ...generated("crossed-slopes"), formula: "y ~ c + x + (1 + c | s) + (1 + x | i)", method: "REML" },
];
