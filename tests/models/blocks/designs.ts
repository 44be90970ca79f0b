/** Random designs of every kind the engine orders differently: data from a seed, one formula each. */
import { normal, uniform } from "../linalg/naive.js";
import type { Columns } from "./dense.js";

export interface RandomDesign {
  readonly kind: string;
  readonly formula: string;
  readonly weights: string | undefined;
  readonly columns: Columns;
}

export interface Shape {
  readonly n: number;
  readonly first: number;
  readonly second: number;
  readonly third: number;
  /** Share of rows that move to a random level of the second factor. */
  readonly moves: number;
}

/** What is drawn for every design: predictors, three factors related as `relation` says, members, weights, a response. */
export function columnsOf(shape: Shape, relation: "nested" | "crossed" | "moving", seed: number): Columns {
  const { n, first, second, third, moves } = shape;
  const next = uniform(seed);
  const gauss = normal(seed + 1);
  const pick = (count: number): number => Math.floor(next() * count);
  const a: string[] = [];
  const b: string[] = [];
  const c: string[] = [];
  const t1: string[] = [];
  const t2: string[] = [];
  for (let i = 0; i < n; i++) {
    // Every level occurs; the rest is drawn.
    const l = i < first ? i : pick(first);
    const related = relation === "crossed" ? pick(second) : l % second;
    const m = relation === "moving" && next() < moves ? pick(second) : related;
    a.push(`a${l}`);
    b.push(`b${m}`);
    c.push(`c${relation === "nested" ? m % third : pick(third)}`);
    t1.push(`t${pick(first)}`);
    t2.push(`t${pick(first)}`);
  }
  const draw = (): number[] => Array.from({ length: n }, gauss);
  const positive = (): number[] => Array.from({ length: n }, () => 0.2 + next());
  // An effect a unit, so that the response is not noise alone.
  const effect = new Map<string, number>();
  const effectOf = (unit: string): number => {
    if (!effect.has(unit)) effect.set(unit, gauss());
    return effect.get(unit)!;
  };
  const x = draw();
  const y = x.map((value, i) => 1 + 0.5 * value + effectOf(a[i]!) + effectOf(b[i]!) + gauss());
  return { y, x, z: draw(), a, b, c, t1, t2, m1: positive(), m2: positive(), w: positive() };
}

interface Kind {
  readonly name: string;
  readonly random: string;
  readonly relation: "nested" | "crossed" | "moving";
  readonly weights?: string;
}

export const KINDS: readonly Kind[] = [
  { name: "one factor", random: "(1 | a)", relation: "nested" },
  { name: "nested factors", random: "(1 | a) + (1 | b) + (1 | c)", relation: "nested" },
  { name: "nested factors with weights", random: "(1 | b/a)", relation: "nested", weights: "w" },
  { name: "crossed factors", random: "(1 | a) + (1 | b)", relation: "crossed" },
  { name: "partially crossed factors", random: "(1 | a) + (1 | b)", relation: "moving" },
  { name: "three crossed factors with weights", random: "(1 | a) + (1 | b) + (1 | c)", relation: "crossed", weights: "w" },
  { name: "a slope", random: "(1 + x | a)", relation: "nested" },
  { name: "nested slopes", random: "(1 + x | a) + (1 + x | b)", relation: "nested" },
  { name: "crossed slopes with weights", random: "(1 + x | a) + (1 + z | b)", relation: "crossed", weights: "w" },
  { name: "three columns and a crossed factor", random: "(1 + x + z | b) + (1 | a)", relation: "moving" },
  { name: "a diagonal term", random: "(1 + x + z || a)", relation: "nested" },
  { name: "a diagonal and a full term, crossed", random: "(1 + x || a) + (1 + z | b)", relation: "crossed" },
  { name: "two terms on one factor", random: "(1 | a) + (0 + x + z | a) + (1 | b)", relation: "moving" },
  { name: "multiple membership", random: "(1 | mm(t1, t2))", relation: "nested" },
  { name: "weighted multiple membership with slopes", random: "(1 + x | mm(t1, t2, weights = m1 + m2))", relation: "nested", weights: "w" },
  { name: "multiple membership and a crossed factor", random: "(1 | mm(t1, t2)) + (1 + z | b)", relation: "crossed" },
  { name: "multiple membership and nested factors", random: "(1 | mm(t1, t2)) + (1 | a) + (1 | b)", relation: "nested" },
];

export function randomDesign(kind: Kind, shape: Shape, seed: number): RandomDesign {
  const { name, random, relation, weights } = kind;
  return { kind: name, formula: `y ~ x + ${random}`, weights, columns: columnsOf(shape, relation, seed) };
}

/** Entries of the whitened factors, diagonals between 0.2 and 1.7. */
export function randomTheta(count: number, onDiagonal: (j: number) => boolean, seed: number): Float64Array {
  const next = uniform(seed);
  return Float64Array.from({ length: count }, (_, j) => (onDiagonal(j) ? 0.2 + 1.5 * next() : 2 * next() - 1));
}
