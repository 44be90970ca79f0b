/**
 * Every example in the documentation is true: each `@example` in src and each ts block in the README is run, and what stands
 * behind `// =>` is compared with what comes out.
 *
 * An example is statements; one whose line ends in `// => value`, or is followed by a line `// => value`, is compared. Numbers
 * agree to the digits that are shown; `Float64Array [1, 2]` stands for any typed array; `...` before a closing bracket stands
 * for more of the same. Names come from the file itself, the package, and the rest of the house; `hsb`, `sleepstudy`, `cbpp`,
 * `wine`, `table` and `fit` are given.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { transformWithOxc } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import * as mist from "../src/index.js";
import * as io from "../src/io/index.js";
import * as study from "../src/mist/index.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src");

type Names = Record<string, unknown>;

interface Example {
  /** Where it stands: `inference/icc.ts:23`. */
  readonly place: string;
  readonly file: string | null;
  readonly text: string;
}

interface Statement {
  readonly code: string;
  readonly expected: string | null;
}

/** Stands for `...` in an expected value. */
const REST = Symbol("...");

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts") && file !== "cli/start.ts")
  .sort();

const examples = files.flatMap(examplesOf).filter(({ text }) => text.includes("// =>"));
const readme = readmeExample();

function examplesOf(file: string): Example[] {
  const text = readFileSync(join(source, file), "utf8");
  const found: Example[] = [];
  for (const comment of text.matchAll(/\/\*\*[\s\S]*?\*\//g)) {
    for (const match of comment[0].matchAll(/@example[ \t]*([\s\S]*?)(?=\n\s*\*\s*@|\*\/)/g)) {
      const line = text.slice(0, comment.index + match.index).split("\n").length;
      const lines = match[1]!.split("\n").map((part, k) => (k === 0 ? part : part.replace(/^\s*\* ?/, "")));
      const code = lines
        .filter((part) => !part.startsWith("```"))
        .join("\n")
        .trim();
      // A type alias is an example for the compiler.
      if (!code.startsWith("type ")) found.push({ place: `${file}:${line}`, file, text: code });
    }
  }
  return found;
}

function readmeExample(): Example {
  const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block!);
  const text = blocks.join("\n").replace(/^import [^;]*;$/gm, "");
  return { place: "README.md", file: null, text };
}

/** Statements end with a line that ends in `;` outside of brackets, or with a result. */
function statementsOf(text: string): Statement[] {
  const statements: Statement[] = [];
  let pending: string[] = [];
  const finish = (expected: string | null): void => {
    const code = pending.join("\n").trim().replace(/;$/, "");
    pending = [];
    if (code === "" && expected !== null) {
      const last = statements.pop()!;
      statements.push({ code: last.code, expected });
    } else if (code !== "") statements.push({ code, expected });
  };
  for (const line of text.split("\n")) {
    const at = line.indexOf("// =>");
    if (at >= 0) {
      if (line.slice(0, at).trim() !== "") pending.push(line.slice(0, at));
      finish(line.slice(at + 5).trim());
      continue;
    }
    const bare = line.replace(/\s+\/\/ .*$/, "");
    if (/^\s*\/\//.test(line)) continue;
    pending.push(bare);
    if (/[;}]\s*$/.test(bare) && balanced(pending.join("\n"))) finish(null);
  }
  finish(null);
  return statements;
}

function balanced(text: string): boolean {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "");
  return (plain.match(/[([{]/g)?.length ?? 0) === (plain.match(/[)\]}]/g)?.length ?? 0);
}

/** A program that calls `__check(actual, expected)` for each result. */
function programOf(text: string): string {
  const lines = statementsOf(text).map(({ code, expected }) => {
    if (expected === null) return `${code};`;
    const value = expected
      .replace(/\b(?:Float64|Float32|Int32|Int8|Uint8|Uint16|Uint32)Array(?:\(\d+\))? (?=\[)/g, "")
      .replace(/,?\s*\.\.\.\s*\]/g, ", __rest]")
      .replace(/,?\s*\.\.\.\s*\}/g, ", [__rest]: true }")
      .replace(/([[{])\s*,/g, "$1");
    const declared = /^(?:const|let)\s+(\w+)\s*=/.exec(code)?.[1];
    return declared === undefined ? `__check(${code}, (${value}));` : `${code};\n__check(${declared}, (${value}));`;
  });
  return `export default async function () {\n${lines.join("\n")}\n}`;
}

async function run(text: string, names: Names): Promise<number> {
  const { code } = await transformWithOxc(programOf(text), "example.ts", { target: "es2022" });
  let checks = 0;
  const check = (actual: unknown, expected: unknown): void => {
    checks++;
    const difference = differs(actual, expected, "");
    if (difference !== null) throw new Error(difference);
  };
  const all: Names = { ...names, __check: check, __rest: REST };
  const body = code.replace(/export default async function\s*\(\)\s*\{/, "return (async function () {").replace(/\}\s*;?\s*$/, "})();");
  await new Function(...Object.keys(all), body)(...Object.values(all));
  return checks;
}

/** null where they agree, else where and how they differ. */
function differs(actual: unknown, expected: unknown, path: string): string | null {
  const say = (): string => `${path === "" ? "the result" : path} is ${show(actual)}, the example says ${show(expected)}`;
  if (typeof expected === "number") return typeof actual === "number" && near(actual, expected) ? null : say();
  if (typeof expected !== "object" || expected === null) return actual === expected ? null : say();
  const given = ArrayBuffer.isView(actual) ? Array.from(actual as unknown as ArrayLike<unknown>) : actual;
  if (Array.isArray(expected)) {
    if (!Array.isArray(given)) return say();
    const open = expected.at(-1) === REST;
    const wanted = open ? expected.slice(0, -1) : expected;
    if (open ? given.length < wanted.length : given.length !== wanted.length) return say();
    return first(wanted.map((item, k) => differs(given[k], item, `${path}[${k}]`)));
  }
  if (typeof given !== "object" || given === null || Array.isArray(given)) return say();
  const keys = Object.keys(expected);
  const open = REST in expected;
  if (!open && Object.keys(given).length !== keys.length) return say();
  return first(keys.map((key) => differs((given as Names)[key], (expected as Names)[key], `${path}.${key}`)));
}

function first(found: readonly (string | null)[]): string | null {
  return found.find((item) => item !== null) ?? null;
}

/** Equal to the decimals shown. Whole numbers are exact but for rounding. */
function near(actual: number, expected: number): boolean {
  if (Object.is(actual, expected)) return true;
  const [mantissa, exponent] = String(expected).split("e");
  const decimals = (mantissa!.split(".")[1]?.length ?? 0) - Number(exponent ?? 0);
  const shown = decimals > 0 ? 0.5000001 * 10 ** -decimals : 0;
  return Math.abs(actual - expected) <= Math.max(shown, 1e-12 * Math.abs(expected), decimals > 0 ? 0 : 1e-9);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    ArrayBuffer.isView(part) ? Array.from(part as unknown as ArrayLike<number>) : part === undefined ? "undefined" : part,
  );
}

const given: Names = {};
const everything: Names = {};

beforeAll(async () => {
  for (const file of files) Object.assign(everything, await import(pathToFileURL(join(source, file)).href));
  const table = (name: string): Promise<mist.Table> =>
    io.readTable(join(root, "data", `${name}.csv`), { schema: join(root, "data", `${name}.schema.json`) });
  given.hsb = await table("hsb82");
  given.sleepstudy = await table("sleepstudy");
  const generalized = join(root, "tests", "reference", "generalized", "data");
  for (const name of ["cbpp", "wine"])
    given[name] = await io.readTable(join(generalized, `${name}.csv`), { schema: join(generalized, `${name}.schema.json`) });
  const rows = Array.from({ length: 24 }, (_, i) => ({
    y: [3, 5, 4, 8, 6, 9, 2, 7][i % 8]! + Math.floor(i / 4) + 0.5 * ((i * 7) % 5),
    x: (i * 5) % 11,
    f: "abc"[i % 3]!,
    g: `g${Math.floor(i / 4)}`,
  }));
  given.table = mist.Table.from(rows);
  given.fit = mist.lmm("y ~ f + (1 | g)", given.table as mist.Table);
});

describe("the examples of the documentation are true", () => {
  test("there are examples to run", () => {
    expect(examples.length).toBeGreaterThan(60);
  });

  test.each(examples.map((example) => [example.place, example] as const))("%s", async (_, { file, text }) => {
    const own = (await import(pathToFileURL(join(source, file!)).href)) as Names;
    expect(await run(text, { ...everything, ...io, ...mist, ...given, ...own })).toBeGreaterThan(0);
  });

  test("README.md", async () => {
    const here = process.cwd();
    process.chdir(root);
    try {
      expect(await run(readme.text, { ...study, ...io, ...mist })).toBeGreaterThan(2);
    } finally {
      process.chdir(here);
    }
  });
});

describe("the runner", () => {
  test("sees a wrong number, a missing key and a longer list", async () => {
    await expect(run("1 + 1 // => 3", {})).rejects.toThrow("the result is 2, the example says 3");
    await expect(run("({ a: 1, b: 2 }) // => { a: 1 }", {})).rejects.toThrow("the example says");
    await expect(run("[1, 2] // => [1]", {})).rejects.toThrow("the example says [1]");
    await expect(run("1.2349 // => 1.23", {})).resolves.toBe(1);
    await expect(run("1.2351 // => 1.23", {})).rejects.toThrow();
  });

  test("takes several statements, results on a line of their own, and open ends", async () => {
    const text =
      "const a = [1,\n  2, 3];\na; // => [1, ...]\na.map((x) => x * 2);\n// => [2, 4, 6]\nconst o = { x: 1, y: 2 }; // => { x: 1, ... }";
    await expect(run(text, {})).resolves.toBe(3);
  });
});
