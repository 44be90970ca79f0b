/** Every function that the package exports stands in docs/functions.md, and nothing stands there that is not exported. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as mist from "../src/index.js";

const page = readFileSync(new URL("../docs/functions.md", import.meta.url), "utf8");
const own = page
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => [...line.split("|")[1]!.matchAll(/`([A-Za-z0-9]+)/g)].map(([, name]) => name!));
const named = new Set(own);

test("every exported function is on the page", () => {
  const functions = Object.entries(mist).flatMap(([name, value]) =>
    typeof value === "function" && !/Error$/.test(name) && name !== "inlinePool" ? [name] : [],
  );
  expect(functions.filter((name) => !named.has(name))).toEqual([]);
});

test("every function on the page is exported", () => {
  expect([...named].filter((name) => !(name in mist))).toEqual([]);
});
