/**
 * What is timed: one record a model, the same fit here and in R. Another model, in whatever package, is another record.
 *
 *   name      what --only is matched with
 *   data      a CSV file of the project and its schema, or { design, size } of a generated table (generate.mjs)
 *   formula   as printed below the results
 *   engine    (library, table) => () => fit: what happens before the clock starts, and the function that is timed
 *   r         { package, before, fit, criterion, variants }: R expressions over the data frame `d`; `before` (optional)
 *             runs before the clock starts, `criterion` sees the result as `fit`, each variant is timed as well
 *   large     R takes a minute or more: --quick leaves R out
 */

const shipped = (name, extension = ".csv") => ({ data: `data/${name}${extension}`, schema: `data/${name}.schema.json` });
const stored = (name) => ({ data: `tests/reference/data/${name}.csv`, schema: `tests/reference/data/${name}.schema.json` });
const generated = (design, size) => ({ data: { design, size } });

/** A linear mixed model: lmm() against lmer(), the latter also without its derivative checks after the search. */
function linear(name, files, formula, method, more = {}) {
  const lmer = (control = "") => `lmer(${formula}, d, REML = ${method === "REML" ? "TRUE" : "FALSE"}${control})`;
  return {
    name,
    ...files,
    formula,
    method,
    engine: ({ lmm }, table) => {
      return () => lmm(formula, table, { method });
    },
    r: {
      package: "lme4",
      fit: lmer(),
      criterion: "-2 * as.numeric(logLik(fit))",
      variants: { unchecked: lmer(", control = lmerControl(calc.derivs = FALSE)") },
    },
    ...more,
  };
}

/** Students in classrooms in schools, a slope that varies between schools: 20 students a classroom, 10 classrooms a school. */
const nestedName = /^nested-(\d+)$/;
export const nested = (students) =>
  linear(`nested-${students}`, generated("nested", students), "y ~ x + (1 + x | school) + (1 | class)", "REML", {
    large: students >= 1e6,
  });

/** Two fully crossed factors of that many levels each: once one is eliminated, the other's factor is dense. */
const crossedName = /^crossed-(\d+)$/;
export const crossed = (levels) => linear(`crossed-${levels}`, generated("crossed", levels), "y ~ 1 + (1 | s) + (1 | i)", "REML");

/** Files of the reference fits of generalized models. */
const compared = (name, extension = ".csv") => ({
  data: `tests/reference/generalized/data/${name}${extension}`,
  schema: `tests/reference/generalized/data/${name}.schema.json`,
});

const deviance = "-2 * as.numeric(logLik(fit))";

/** A generalized model: glmm() against glmer(), the latter also without its derivative checks and with its bobyqa optimiser. */
function generalized(name, files, formula, family, more = {}) {
  const glmer = (control = "") => `glmer(${formula}, d, family = ${family}${control})`;
  return {
    name,
    ...files,
    formula,
    engine: ({ glmm }, table) => {
      return () => glmm(formula, table, { family });
    },
    r: {
      package: "lme4",
      fit: glmer(),
      criterion: deviance,
      variants: {
        unchecked: glmer(", control = glmerControl(calc.derivs = FALSE)"),
        bobyqa: glmer(', control = glmerControl(optimizer = "bobyqa", calc.derivs = FALSE)'),
      },
    },
    ...more,
  };
}

/** A cumulative link model: clmm() here and in ordinal. */
function ordinal(name, files, formula, more = {}) {
  return {
    name,
    ...files,
    formula,
    engine: ({ clmm }, table) => {
      return () => clmm(formula, table);
    },
    r: { package: "ordinal", fit: `clmm(${formula}, data = d)`, criterion: deviance },
    ...more,
  };
}

/** A family that lme4 does not have: glmm() against glmmTMB(). */
function counts(name, files, formula, family, more = {}) {
  return {
    name,
    ...files,
    formula,
    engine: ({ glmm }, table) => {
      return () => glmm(formula, table, { family });
    },
    r: { package: "glmmTMB", fit: `glmmTMB(${formula}, d, family = ${family})`, criterion: deviance },
    ...more,
  };
}

/** What is concluded from a linear fit that stands: `conclude(library, fit)` here, the expression over the fit `m` in R. */
function concluded(name, files, formula, conclude, expression, r = {}) {
  return {
    name,
    ...files,
    formula,
    engine: (library, table) => {
      const fit = library.lmm(formula, table);
      return async () => {
        await conclude(library, library.refit(fit, fit.frame.response.values), fit);
        return fit;
      };
    },
    r: { package: "lmerTest", before: `m <- lmer(${formula}, d)`, fit: expression, ...r },
  };
}

const hsbSlopes = "mAch ~ meanses * cses + sector * cses + (1 + cses | school)";

/** Ten pupils a class, a binary outcome. */
const binaryName = /^binary-(\d+)$/;
export const binary = (rows) =>
  generalized(`binary-${rows}`, generated("binary", rows), "y ~ x + z + (1 | g)", "binomial", { large: rows >= 1e5 });

export const models = [
  linear("sleepstudy", shipped("sleepstudy"), "Reaction ~ Days + (1 + Days | Subject)", "REML"),
  linear("hsb82", shipped("hsb82"), "mAch ~ meanses * cses + sector * cses + (1 + cses | school)", "REML"),
  linear(
    "egsingle",
    shipped("egsingle"),
    "math ~ year * black + year * hispanic + year * lowinc + (1 + year | childid) + (1 + year | schoolid)",
    "ML",
  ),
  linear("pastes", shipped("pastes"), "strength ~ 1 + (1 | batch/cask)", "REML"),
  linear("penicillin", shipped("penicillin"), "diameter ~ 1 + (1 | plate) + (1 | sample)", "REML"),
  linear("cake", shipped("cake"), "angle ~ recipe * temperature + (1 | recipe:replicate)", "REML"),
  linear("chem97", shipped("chem97", ".csv.gz"), "score ~ gcsecnt + (1 | school) + (1 | lea)", "REML"),
  linear("insteval", shipped("insteval", ".csv.gz"), "y ~ 1 + service + (1 | s) + (1 | d) + (1 | dept)", "ML"),
  linear("crossed-slopes", stored("crossed-slopes"), "y ~ c + x + (1 + c | s) + (1 + x | i)", "REML"),
  nested(1e6),
  generalized("verbagg", compared("verbagg", ".csv.gz"), "r2b ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)", "binomial"),
  generalized(
    "verbagg-slopes",
    compared("verbagg", ".csv.gz"),
    "r2b ~ Anger + Gender + btype + situ + (1 + btype | id) + (1 | item)",
    "binomial",
  ),
  generalized(
    "immunization",
    compared("guimmun", ".csv.gz"),
    "immun ~ kid2p * pcInd81 + mom25p + ord + ethn + momEd + husEd + momWork + rural + (1 | comm/mom)",
    "binomial",
  ),
  generalized("ticks", compared("grouseticks"), "TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | INDEX) + (1 | LOCATION)", "poisson"),
  binary(1e5),
  ordinal("soup", compared("soup", ".csv.gz"), "SURENESS ~ PROD + (1 | RESP) + (1 | PRODID)"),
  concluded(
    "satterthwaite",
    shipped("hsb82"),
    hsbSlopes,
    ({ coefficients, anova }, fit) => [coefficients(fit), anova(fit)],
    "list(summary(m), anova(m))",
  ),
  concluded(
    "kenward-roger",
    shipped("hsb82"),
    hsbSlopes,
    ({ coefficients }, fit) => coefficients(fit, { df: "kenward-roger" }),
    'summary(m, ddf = "Kenward-Roger")',
  ),
  concluded(
    "bootstrap",
    shipped("sleepstudy"),
    "Reaction ~ Days + (1 + Days | Subject)",
    ({ bootstrap }, _, fit) => bootstrap(fit, { type: "parametric", replicates: 1000, seed: 1 }),
    "bootMer(m, function(x) c(fixef(x), x@theta, sigma(x)), nsim = 1000, seed = 1)",
    { package: "lme4" },
  ),
  counts("salamanders", compared("salamanders"), "count ~ mined + spp + (1 | site)", "nbinom2"),
];

/**
 * The whole way of a user: a new process reads the CSV, fits, prints the table and ends.
 * `turns` counts the processes of each kind; a first pair, not counted, brings the files into memory.
 */
export const wholeWays = [
  { name: "cold-start", model: "hsb82", turns: 9 },
  { name: "million-students", model: "nested-1000000", turns: 3 },
];

/** How time grows. Ours runs at every size, R where it can be expected to take less than 20 s. */
export const growths = [
  { name: "nested-growth", title: "rows", model: nested, sizes: [1e4, 1e5, 1e6] },
  { name: "crossed-growth", title: "levels of each crossed factor", model: crossed, sizes: [100, 250, 500, 1000, 2000, 4000] },
];

/** A record by its name, those of the growth series included. */
export function findModel(name) {
  const [, students] = nestedName.exec(name) ?? [];
  const [, levels] = crossedName.exec(name) ?? [];
  const [, rows] = binaryName.exec(name) ?? [];
  if (rows) return binary(Number(rows));
  if (students) return nested(Number(students));
  if (levels) return crossed(Number(levels));
  return models.find((model) => model.name === name);
}
