/** What cannot be used ends with exit code 2, one message on standard error and nothing on standard output. */
import { describe, expect, test } from "vitest";
import { data, file, mist } from "./run.js";

const sleep = data("sleepstudy.csv");
const slope = "Reaction ~ Days + (Days | Subject)";

async function refused(...argv: string[]): Promise<string> {
  const { code, out, error } = await mist(...argv);
  expect(out).toBe("");
  expect(code).toBe(2);
  expect(error).toMatch(/^mist(: | [a-z-]+: )\S/);
  expect(error).not.toMatch(/\bE[A-Z]{3,}\b/);
  expect(error).not.toMatch(/\n\s+at /);
  return error.replace(/^mist: /, "").trimEnd();
}

describe("commands and options", () => {
  test.each([
    [
      ["fti"],
      'There is no command "fti". Did you mean "fit"? The commands are fit, compare, means, predict, check, bootstrap, describe, check-data and simulate; mist --help says more.',
    ],
    [["report"], "mist report: not in this version yet."],
    [["check-data", "x"], 'There is no folder "x".'],
    [["check-data"], "Name one folder: mist check-data DIR. mist check-data --help shows examples."],
    [["check-data", "a", "b"], "Name one folder: mist check-data DIR. mist check-data --help shows examples."],
    [
      ["describe", "a", "--data", "b"],
      "Name one file or directory: mist describe DIR, or mist describe --data FILE. mist describe --help shows examples.",
    ],
    [
      ["describe", data("."), "--by", "cycel"],
      '--by "cycel" is not a breakdown. Use cycle, district, school, or two of them with a comma between.',
    ],
    [["claims"], "mist claims: not in this version yet."],
    [["reproduce"], "mist reproduce: not in this version yet."],
    [["report", "--help"], "mist report: not in this version yet."],
    [["power"], "mist power: not in this version yet."],
    [
      ["--data", "x.csv"],
      '"--data" stands where a command should be. The commands are fit, compare, means, predict, check, bootstrap, describe, check-data and simulate; mist --help says more.',
    ],
    [["fit", "--dta", "x"], "There is no option --dta. Did you mean --data? mist fit --help lists the options."],
    [["fit", "-d", "x"], "There is no option -d. Did you mean --df? mist fit --help lists the options."],
    [["fit", "--formula", "y ~ x"], "--data is missing. mist fit --help shows examples."],
    [["fit", "--data", sleep], "--formula is missing. mist fit --help shows examples."],
    [["describe"], "--data is missing. mist describe --help shows examples."],
    [
      ["compare", "a.json", "b.json", "--encoding", "latin1"],
      "Saved fits and --encoding cannot go together: give saved fits, or --data with --formula twice or more.",
    ],
    [["fit", "--data", "--json"], "--data needs a value: --data VALUE. A value that begins with dashes is given as --data=VALUE."],
    [["fit", "--data", ""], "--data needs a value: --data VALUE. A value that begins with dashes is given as --data=VALUE."],
    [["fit", "--json=yes"], "--json takes no value."],
    [["fit", "--data", "a", "--data", "b"], "--data was given twice. Give it once."],
    [
      ["fit", "--data", sleep, "--formula", "Reaction", "~", "Days"],
      '"~" was not expected. If it belongs to a formula, put the whole formula in quotes. mist fit --help shows examples.',
    ],
    [["compare", "a.json"], "Give two or more saved fits (mist compare A.json B.json), or --data with --formula twice or more."],
    [
      ["compare", "a.json", "b.json", "--data", "x"],
      "Saved fits and --data cannot go together: give saved fits, or --data with --formula twice or more.",
    ],
  ] as const)("%j", async (argv, message) => {
    expect(await refused(...argv)).toBe(message);
  });

  test.each([
    [["--method", "rml"], 'There is no method "rml". Did you mean "reml"? Use reml or ml.'],
    [["--workers", "0"], '--workers "0" is not a whole number of workers: 1 (no workers besides the program itself) or more.'],
    [["--workers", "two"], '--workers "two" is not a whole number of workers: 1 (no workers besides the program itself) or more.'],
    [
      ["--df", "satterthwait"],
      'There is no method for degrees of freedom "satterthwait". Did you mean "satterthwaite"? Use satterthwaite, kenward-roger, between-within, containment, m-l-1, residual or none.',
    ],
    [["--style", "stata"], 'There is no style "stata". Use lme4 or hlm.'],
    [["--robust", "cr1x"], 'There is no robust covariance of type "cr1x". Did you mean "CR1"? Use CR0, CR1, CR1p, CR1S or CR2.'],
    [["--cluster", "Subject"], "--cluster says what is independent for robust standard errors. Add --robust CR2, or leave --cluster out."],
    [
      ["--robust", "CR2", "--cluster", "Subjct"],
      'There is no factor or column "Subjct" to cluster by. Did you mean "Subject"? There are Subject, Reaction and Days.',
    ],
    [
      ["--robust", "CR2", "--df", "kenward-roger"],
      'Robust errors have Satterthwaite\'s degrees of freedom of their own; df "kenward-roger" does not go with them. Leave df out, or say "none" for z tests.',
    ],
    [["--ci", "profil"], 'There is no method for confidence intervals "profil". Did you mean "profile"? Use wald, profile or bootstrap.'],
    [["--seed", "3"], "--seed belongs to a bootstrap. Add --ci bootstrap, or leave --seed out."],
    [["--ci", "bootstrap", "--replicates", "0"], '--replicates "0" is not a whole number of 1 or more.'],
    [["--ci", "bootstrap", "--seed", "-1"], '--seed "-1" is not a whole number of 0 or more.'],
    [["--conf", "95"], '--conf "95" is no coverage of intervals: it lies between 0 and 1, such as 0.95.'],
    [
      ["--ci", "profile", "--robust", "CR2"],
      "Intervals by profile likelihood do not use robust standard errors. Use --ci wald with --robust; or mist bootstrap --type cluster.",
    ],
    [
      ["--method", "ml", "--df", "kenward-roger"],
      'Kenward-Roger adjusts the covariance of a REML fit; this one was fitted by maximum likelihood. Fit it with method "reml" (--method reml), or use df "satterthwaite".',
    ],
    [["--contrasts", "sex=sum,grade=poly,sex=helmert"], '--contrasts gives "sex" two codings. Give it one.'],
    [["--contrasts", "sex"], '--contrasts "sex" cannot be read. Write factor=coding, with commas between: sex=sum,grade=helmert.'],
  ] as const)("mist fit %j", async (argv, message) => {
    expect(await refused("fit", "--data", sleep, "--formula", slope, ...argv)).toBe(message);
  });
});

describe("files", () => {
  const rows = "y,x,g\n1,2,a\n2,3,b\n3,1,a\n4,4,b\n";
  test.each([
    ["missing", (): string => "nowhere.csv"],
    ["empty", (): string => file("")],
    ["header only", (): string => file("y,x,g\n")],
    ["ragged", (): string => file("y,x,g\n1,2\n")],
    ["unclosed quote", (): string => file('y,x,g\n1,"2,a\n')],
    ["duplicate column", (): string => file("y,y,g\n1,2,a\n")],
    ["empty column name", (): string => file("y,,g\n1,2,a\n")],
    ["not text", (): string => file("\u0000\u0001\u0002")],
  ] as const)("%s", async (_, path) => {
    expect((await refused("fit", "--data", path(), "--formula", "y ~ x + (1 | g)")).length).toBeGreaterThan(20);
  });

  test("a schema that does not exist, a fit that is none, a place that cannot be written", async () => {
    expect(await refused("fit", "--data", file(rows), "--schema", "no.json", "--formula", "y ~ x + (1 | g)")).toContain("no.json");
    expect(await refused("compare", file("{}", "a.json"), file("{}", "b.json"))).toContain("is not a saved fit");
    expect(await refused("fit", "--data", sleep, "--formula", slope, "--save", "/nowhere/at/all/fit.json")).toContain("fit.json");
    expect(await refused("describe", "--data", "nowhere")).toContain("nowhere");
  });
});

describe("directories and encodings", () => {
  const formula = ["--formula", "y ~ x + (1 | g)"];

  test("a command that has no command before it is not named twice", async () => {
    expect((await mist("report")).error).toBe("mist report: not in this version yet.\n");
  });

  test("a directory in place of a file is answered with what to do here", async () => {
    expect(await refused("fit", "--data", data("."), ...formula)).toBe(
      `"${data(".")}" is a directory. Name one of its CSV files; mist describe --data ${data(".")} shows what is in it.`,
    );
    expect(await refused("fit", "--data", sleep, "--schema", data("."), ...formula)).toBe(
      `"${data(".")}" is a directory. Name a file in it.`,
    );
    expect(await refused("compare", data("."), sleep)).toContain("is a directory. Name a file in it.");
  });

  test.each([
    [".", '"." cannot be written: it is a directory.'],
    [data("."), `"${data(".")}" cannot be written: it is a directory.`],
    [`${sleep}/fit.json`, `"${sleep}/fit.json" cannot be written: a part of its path is a file, not a directory.`],
    [`/${"n".repeat(300)}/fit.json`, `"/${"n".repeat(300)}/fit.json" cannot be written: its name is too long.`],
  ])("--save %s", async (path, message) => {
    expect(await refused("fit", "--data", sleep, "--formula", slope, "--save", path)).toBe(message);
  });

  test("bytes that are not UTF-8 are answered with the option and the flag", async () => {
    const path = file(Buffer.from("y,x,g\n1,2,\xe9\n", "latin1"));
    const message = await refused("describe", "--data", path);
    expect(message).toContain('{ encoding: "windows-1252" } in readTable, --encoding windows-1252 on the command line.');
    expect(await refused("describe", "--data", path, "--encoding", "utf-8")).toBe(message);
    expect(await refused("fit", "--data", path, ...formula, "--encoding", "utf-9")).toContain('There is no encoding "utf-9".');
  });
});

describe("formulas and data", () => {
  const many = Array.from({ length: 24 }, (_, i) => `${(i * 7) % 11},${i % 3},g${i % 4},${i},5,${i % 2 === 0 ? -1 : 1},1`).join("\n");
  const path = file(`y,x,g,id,constant,w,one\n${many}\n`);
  test.each([
    ["y ~ x + ", "formula"],
    ["y ~ x + * g", "operators"],
    ["y ~ z + (1 | g)", "z"],
    ["y ~ foo(x) + (1 | g)", "foo"],
    ["y ~ x + (1 | one)", "one"],
    ["y ~ x + (1 | id)", "id"],
    ["constant ~ x + (1 | g)", "constant"],
    ["y ~ x + (1 + x + I(x^2) + w + I(x * w) + id + I(id^2) | g)", "g"],
  ] as const)("%s", async (formula, named) => {
    const message = await refused("fit", "--data", path, "--formula", formula);
    if (named !== "formula" && named !== "operators") expect(message).toContain(named);
  });

  test("negative weights, and a contrast that does not exist", async () => {
    expect(await refused("fit", "--data", path, "--formula", "y ~ x + (1 | g)", "--weights", "w")).toContain("w");
    expect(await refused("fit", "--data", path, "--formula", "y ~ g + (1 | x)", "--contrasts", "g=sums")).toContain("sums");
    expect(await refused("fit", "--data", path, "--formula", "y ~ x + (1 | g)", "--contrasts", "h=sum")).toContain("h");
  });
});
