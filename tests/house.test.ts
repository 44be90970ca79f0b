/** The import rule of the house: which room may know which, and what runs in a browser. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "src");

/** From the top of the house down; a room may know itself and every room below it. */
const FLOORS = ["cli", "io", "mist", "plots", "inference", "models", "data", "messages"];
const BROWSER_ROOMS = ["data", "models", "inference", "plots", "mist", "messages", "index"];
const builtins = new Set(builtinModules);

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.split(sep).join("/"))
  .sort();
const imports = files.flatMap(importsOf);
const inside = imports.filter(({ to }) => to.startsWith("."));
const edges = inside.map((edge) => ({ ...edge, to: resolved(edge) }));

function importsOf(from: string): Import[] {
  const text = readFileSync(join(source, from), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found: Import[] = [];
  for (const [, keyword, names, to] of text.matchAll(/^\s*(import|export)\s+([^"';]*?from\s*)?["']([^"']+)["']/gm)) {
    if (keyword === "export" && names === undefined) continue;
    found.push({ from, to: to! });
  }
  for (const [, to] of text.matchAll(/\bimport\(\s*["']([^"']+)["']\s*\)/g)) found.push({ from, to: to! });
  return found;
}

function resolved({ from, to }: Import): string {
  const path = relative(source, join(source, dirname(from), to))
    .split(sep)
    .join("/");
  // AssemblyScript (models/linalg/assembly) names a file without its ending.
  return path.replace(/(\.js)?$/, ".ts");
}

function room(file: string): string {
  return file.includes("/") ? file.slice(0, file.indexOf("/")) : file.replace(/\.ts$/, "");
}

/** Strongly connected components with more than one file, or a file that imports itself (Tarjan 1972). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(node, Math.min(low.get(node)!, low.get(next)!));
      } else if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, index.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1 || (graph.get(node) ?? []).includes(node)) found.push(component.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

describe("the house", () => {
  test("has files to check, and their imports were found", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(edges.length).toBeGreaterThan(files.length);
  });

  test("every import leads to a file of the house", () => {
    expect(edges.filter(({ to }) => !files.includes(to))).toEqual([]);
  });

  test("every room is known to the rule", () => {
    expect(files.filter((file) => ![...FLOORS, "index"].includes(room(file)))).toEqual([]);
  });

  test("imports point down the house, never up", () => {
    const climbs = edges.filter(({ from, to }) => room(from) !== "index" && FLOORS.indexOf(room(to)) < FLOORS.indexOf(room(from)));
    expect(climbs).toEqual([]);
  });

  test("the package's index stands above inference and below io, and nobody imports it", () => {
    expect(edges.filter(({ from, to }) => from === "index.ts" && ["cli", "io"].includes(room(to)))).toEqual([]);
    expect(edges.filter(({ to }) => to === "index.ts")).toEqual([]);
  });

  test("nothing but the command line imports io", () => {
    expect(edges.filter(({ from, to }) => room(to) === "io" && !["io", "cli"].includes(room(from)))).toEqual([]);
  });

  test("no file imports itself through others", () => {
    const graph = new Map(files.map((file) => [file, edges.filter(({ from }) => from === file).map(({ to }) => to)]));
    expect(circles(graph)).toEqual([]);
  });

  test("what runs in a browser imports no Node built-in", () => {
    const isBuiltin = (to: string): boolean => to.startsWith("node:") || builtins.has(to.split("/")[0]!);
    expect(imports.filter(({ from, to }) => BROWSER_ROOMS.includes(room(from)) && isBuiltin(to))).toEqual([]);
  });

  test("a circle is found where there is one", () => {
    expect(
      circles(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
          ["d", ["a"]],
        ]),
      ),
    ).toEqual([["a", "b", "c"]]);
  });
});
