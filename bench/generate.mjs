/**
 * Generated tables, the same on every machine, made once and kept as CSV in node_modules/.cache/mist-bench.
 *
 *   nested   y_ijk = 1 + 0.5 x + a_k + b_k x + c_jk + e    students i in classrooms j in schools k, sd(a, b, c, e) = .6, .3, .4, 1
 *   crossed  y = 2 + a_s + b_i + e                         subjects s and items i drawn at random, sd(a, b, e) = 1, .7, 1
 *   binary   logit P(y = 1) = 0.5 x - 0.3 z + a_g          ten rows a class g, sd(a) = 1
 *
 * Twenty students a classroom and ten classrooms a school on average, uneven as schools are, in the order of a
 * school register; classrooms have identifiers of their own. Crossed: twenty rows a level, each row a random pair.
 */
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";

/** Changed whenever a generator changes, so that no old file is taken for a new one. */
const edition = 1;

/** Uniform numbers in (0, 1): mulberry32 (Ettinger 2017), enough for data whose only task is to be fitted. */
function uniformFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32 + 2 ** -33;
  };
}

/** Standard normal numbers by the polar method (Marsaglia & Bray 1964): square roots and logarithms only. */
function normalFrom(uniform) {
  return () => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) return u * Math.sqrt((-2 * Math.log(s)) / s);
    }
  };
}

/** `total` things over `places`, at least `least` each, the rest at random. */
function spread(total, places, least, uniform) {
  const sizes = new Int32Array(places).fill(least);
  for (let rest = total - least * places; rest > 0; rest--) sizes[Math.floor(uniform() * places)]++;
  return sizes;
}

const label = (letter, index, count) => letter + String(index + 1).padStart(String(count).length, "0");

function* nestedRows(students) {
  const uniform = uniformFrom(students);
  const normal = normalFrom(uniform);
  const classrooms = students / 20;
  const schools = classrooms / 10;
  const classroomsOf = spread(classrooms, schools, 3, uniform);
  const studentsOf = spread(students, classrooms, 5, uniform);
  let classroom = 0;
  for (let school = 0; school < schools; school++) {
    const a = 0.6 * normal();
    const b = 0.3 * normal();
    for (const last = classroom + classroomsOf[school]; classroom < last; classroom++) {
      const c = 0.4 * normal();
      const identifiers = `${label("s", school, schools)},${label("c", classroom, classrooms)}`;
      for (let student = 0; student < studentsOf[classroom]; student++) {
        const x = normal();
        const y = 1 + 0.5 * x + a + b * x + c + normal();
        yield `${identifiers},${x.toFixed(4)},${y.toFixed(4)}\n`;
      }
    }
  }
}

function* crossedRows(levels) {
  const uniform = uniformFrom(levels);
  const normal = normalFrom(uniform);
  const a = Float64Array.from({ length: levels }, () => normal());
  const b = Float64Array.from({ length: levels }, () => 0.7 * normal());
  for (let row = 0; row < 20 * levels; row++) {
    const s = Math.floor(uniform() * levels);
    const i = Math.floor(uniform() * levels);
    yield `${label("s", s, levels)},${label("i", i, levels)},${(2 + a[s] + b[i] + normal()).toFixed(4)}\n`;
  }
}

function* binaryRows(rows) {
  const uniform = uniformFrom(rows);
  const normal = normalFrom(uniform);
  for (let row = 0, a = 0; row < rows; row++) {
    if (row % 10 === 0) a = normal();
    const x = normal();
    const z = normal();
    const y = uniform() * (1 + Math.exp(-(0.5 * x - 0.3 * z + a))) < 1 ? 1 : 0;
    yield `${label("g", Math.floor(row / 10), rows / 10)},${x.toFixed(4)},${z.toFixed(4)},${y}\n`;
  }
}

const factor = (name) => ({ name, type: "string" });
const number = (name) => ({ name, type: "number" });

const designs = {
  nested: { rows: nestedRows, fields: [factor("school"), factor("class"), number("x"), number("y")] },
  crossed: { rows: crossedRows, fields: [factor("s"), factor("i"), number("y")] },
  binary: { rows: binaryRows, fields: [factor("g"), number("x"), number("z"), number("y")] },
};

/**
 * The files of a generated table; made on the first call, found on the next.
 *
 * @param {"nested" | "crossed" | "binary"} design
 * @param {number} size students (a multiple of 200), levels of each crossed factor, or rows (a multiple of ten)
 * @param {string} cache the folder that keeps the files
 */
export function generate(design, size, cache) {
  const { rows, fields } = designs[design];
  const data = path.join(cache, `${design}-${size}-v${edition}.csv`);
  const schema = path.join(cache, `${design}-v${edition}.schema.json`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(schema, JSON.stringify({ fields }));
  if (!existsSync(data)) writeRows(data, `${fields.map((field) => field.name).join(",")}\n`, rows(size));
  return { data, schema };
}

/** Under another name until complete: an interrupted run leaves no half table behind. */
function writeRows(file, header, rows) {
  const unfinished = `${file}.${process.pid}`;
  const output = openSync(unfinished, "w");
  let text = header;
  for (const row of rows) {
    text += row;
    if (text.length > 1 << 20) {
      writeSync(output, text);
      text = "";
    }
  }
  writeSync(output, text);
  closeSync(output);
  renameSync(unfinished, file);
}
