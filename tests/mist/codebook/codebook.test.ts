import { describe, expect, expectTypeOf, test } from "vitest";
import {
  categoriesOf,
  categorySets,
  isCategorySet,
  type Level,
  levelsOf,
  scoreOf,
  scoresOf,
  scoreValues,
} from "../../../src/mist/codebook/category-sets.js";
import {
  type Codebook,
  codebook,
  columnOf,
  columnsOf,
  declarationOf,
  isTableName,
  type StudyRows,
  tableGroups,
  tableNames,
} from "../../../src/mist/codebook/codebook.js";
import { conditionWords } from "../../../src/mist/codebook/condition-words.js";
import { conditions } from "../../../src/mist/codebook/conditions.js";
import type { ColumnDeclaration, RowOf } from "../../../src/mist/codebook/declaration.js";
import { cycleFacts, cycles, design, grades } from "../../../src/mist/codebook/facts.js";
import { rangeOf, ranges } from "../../../src/mist/codebook/ranges.js";
import { backwardMap, supportStructures, theoryComponents } from "../../../src/mist/codebook/registries.js";
import { entities, sources } from "../../../src/mist/codebook/sources.js";
import { expectedTables } from "./expected-tables.js";

const everyColumn = tableNames.flatMap((table) => columnsOf(table).map(([name, column]) => ({ table, name, column })));

describe("the codebook", () => {
  test("has the tables of the specification in its order, no others", () => {
    expect([...tableNames]).toEqual(expectedTables.map(({ name }) => name));
    expect(tableGroups.flatMap(({ tables }) => Object.keys(tables))).toEqual([...tableNames]);
  });

  test.each(expectedTables)("$name has the columns of the specification in order", ({ name, columns }) => {
    if (!isTableName(name)) throw new Error(name);
    expect(columnsOf(name).map(([column]) => column)).toEqual(columns);
  });

  test("declares nothing that the declaration's type does not know", () => {
    const tableKeys = ["label", "description", "kind", "presence", "primaryKey", "uniqueKeys", "foreignKeys", "rules", "columns"];
    const shared = ["type", "description", "label", "null", "source", "kind"];
    const own: Readonly<Record<ColumnDeclaration["type"], readonly string[]>> = {
      id: ["entity"],
      text: ["maxLength", "pattern"],
      boolean: [],
      date: [],
      integer: ["unit", "range", "plausible"],
      number: ["unit", "range", "plausible"],
      nominal: ["categories"],
      ordered: ["categories"],
    };
    expect(tableNames.flatMap((name) => Object.keys(declarationOf(name)).filter((key) => !tableKeys.includes(key)))).toEqual([]);
    expect(
      everyColumn.flatMap(({ column }) => Object.keys(column).filter((key) => ![...shared, ...own[column.type]].includes(key))),
    ).toEqual([]);
  });

  test("every column has a sentence, a source, and names that exist", () => {
    for (const { table, name, column } of everyColumn) {
      const where = `${table}.${name}`;
      expect(column.description, where).toMatch(/^[A-Z1].*\.$/);
      expect(column.source.length, where).toBeGreaterThan(0);
      for (const tag of column.source) expect(Object.hasOwn(sources, tag), where).toBe(true);
      if ("categories" in column) {
        expect(isCategorySet(column.categories), where).toBe(true);
        expect(categorySets[column.categories].ordered, where).toBe(column.type === "ordered");
      }
      if (column.type === "id") expect(Object.hasOwn(entities, column.entity), where).toBe(true);
      if ("range" in column && typeof column.range === "string") expect(Object.hasOwn(ranges, column.range), where).toBe(true);
    }
  });

  test("keys refer to columns of the table and are never null but where the codebook says so", () => {
    const nullable: string[] = [];
    for (const table of tableNames) {
      const { primaryKey, uniqueKeys = [], columns } = declarationOf(table);
      for (const key of [primaryKey, ...uniqueKeys]) {
        expect(new Set(key).size).toBe(key.length);
        for (const column of key) {
          expect(columns[column], `${table}.${column}`).toBeDefined();
          if (columns[column]?.null !== undefined) nullable.push(`${table}.${column}`);
        }
      }
    }
    expect(nullable).toEqual(["role_relations.school_id"]);
  });

  test("foreign keys lead to unique columns of a table, of the same type and the same kind of identifier", () => {
    let count = 0;
    for (const table of tableNames) {
      for (const { columns, references } of declarationOf(table).foreignKeys ?? []) {
        for (const reference of references) {
          const where = `${table}(${columns}) -> ${reference.table}`;
          if (!isTableName(reference.table)) throw new Error(where);
          const target = declarationOf(reference.table);
          expect([...target.primaryKey].sort(), where).toEqual([...reference.columns].sort());
          expect(reference.columns.length, where).toBe(columns.length);
          columns.forEach((name, k) => {
            const [from, to] = [declarationOf(table).columns[name]!, target.columns[reference.columns[k]!]!];
            expect(to.type, where).toBe(from.type);
            if (from.type === "id" && to.type === "id") {
              const [wider, narrower]: (readonly string[])[] = [entities[from.entity].prefixes, entities[to.entity].prefixes];
              expect(
                narrower!.every((prefix) => wider!.includes(prefix)),
                where,
              ).toBe(true);
            }
            if ("range" in from && "range" in to) expect(rangeOf(from.range!), where).toEqual(rangeOf(to.range!));
          });
          count++;
        }
      }
    }
    expect(count).toBeGreaterThan(80);
  });

  test("every identifier that is not a key of its own leads somewhere", () => {
    const loose = everyColumn.filter(({ table, name, column }) => {
      if (column.type !== "id") return false;
      const { primaryKey, foreignKeys = [] } = declarationOf(table);
      return primaryKey[0] !== name && !foreignKeys.some(({ columns }) => columns.includes(name));
    });
    expect(loose.map(({ table, name }) => `${table}.${name}`)).toEqual([]);
  });

  test("rules and null rules name columns and conditions that exist and are about the same table", () => {
    for (const table of tableNames) {
      const { rules = [], columns } = declarationOf(table);
      const has = (name: string): void => expect(Object.hasOwn(columns, name), `${table}.${name}`).toBe(true);
      for (const rule of rules) {
        if (rule.rule === "sum") rule.columns.forEach(has);
        else if (rule.rule === "order") [rule.low, rule.high].forEach(has);
        else if (rule.rule === "sum_by") {
          [...rule.by, rule.column].forEach(has);
          if (typeof rule.total === "object") {
            if (!isTableName(rule.total.table)) throw new Error(table);
            expect([...declarationOf(rule.total.table).primaryKey]).toEqual([...rule.by]);
            expect(Object.hasOwn(declarationOf(rule.total.table).columns, rule.total.column)).toBe(true);
          }
        } else if (rule.rule === "value_when") {
          has(rule.column);
          expect(conditionWords[rule.when].table).toBe(table);
        } else expect(conditionWords[rule.condition].table).toBe(table);
      }
    }
    for (const { table, name, column } of everyColumn) {
      if (typeof column.null === "object") expect(conditionWords[column.null.when].table, `${table}.${name}`).toBe(table);
    }
  });

  test("every condition is a predicate and is used", () => {
    expect(Object.keys(conditions).sort()).toEqual(Object.keys(conditionWords).sort());
    const used = new Set([
      ...everyColumn.flatMap(({ column }) => (typeof column.null === "object" ? [column.null.when] : [])),
      ...tableNames.flatMap((table) =>
        (declarationOf(table).rules ?? []).flatMap((rule) =>
          rule.rule === "holds" ? [rule.condition] : rule.rule === "value_when" ? [rule.when] : [],
        ),
      ),
    ]);
    expect([...used].sort()).toEqual(Object.keys(conditionWords).sort());
  });

  test("every category set, entity and range is used", () => {
    const sets = new Set(everyColumn.flatMap(({ column }) => ("categories" in column ? [column.categories] : [])));
    const included = Object.values(categorySets).flatMap(({ includes = [] }) => includes);
    expect(Object.keys(categorySets).filter((set) => isCategorySet(set) && !sets.has(set) && !included.includes(set))).toEqual([]);
    const named = new Set(
      everyColumn.flatMap(({ column }) => ("range" in column && typeof column.range === "string" ? [column.range] : [])),
    );
    expect(Object.keys(ranges).filter((range) => !named.has(range as keyof typeof ranges))).toEqual([]);
    const entitiesUsed = new Set(everyColumn.flatMap(({ column }) => (column.type === "id" ? [column.entity] : [])));
    expect(Object.keys(entities).filter((entity) => !entitiesUsed.has(entity as keyof typeof entities))).toEqual([]);
  });
});

describe("categories", () => {
  test("are distinct within a set, and included sets exist", () => {
    for (const [name, set] of Object.entries(categorySets)) {
      if (!isCategorySet(name)) throw new Error(name);
      const levels: readonly string[] = levelsOf(name);
      expect(new Set(levels).size, name).toBe(levels.length);
      expect(levels.length, name).toBeGreaterThan(1);
      for (const included of set.includes ?? []) expect(isCategorySet(included)).toBe(true);
      expect(categoriesOf(name).every(({ label }) => label !== "")).toBe(true);
    }
  });

  test("stand in the specification's order", () => {
    expect(levelsOf("rubric")).toEqual(["0", "1", "2", "3", "4"]);
    expect(levelsOf("perspective")).toEqual(["unproductive", "mixed", "productive"]);
    expect(levelsOf("meeting_quality")).toEqual(["logistics", "sharing", "one_strand", "two_strands", "connected"]);
    expect(levelsOf("coaching_activity")).toEqual([...levelsOf("one_on_one_activity"), ...levelsOf("group_activity")]);
    expect(levelsOf("coach_design")).toEqual(["school_half_time", "cadre_full_time", "mixed", "none"]);
    expect(levelsOf("pedagogy")).toEqual(["investigation", "enactment", "both", "neither"]);
    expect(levelsOf("gap_reason")).toEqual(["role_understanding", "capacity", "time", "competing_demand", "selection", "pd_quality"]);
    expect(levelsOf("staff_role").slice(-2)).toEqual(["teacher", "coach"]);
  });

  test("of ordered sets have scores", () => {
    expect(scoresOf("rubric")).toEqual([0, 1, 2, 3, 4]);
    expect(scoresOf("tie_frequency")).toEqual([1, 2, 3, 4, 5]);
    expect(scoresOf("gender")).toBeNull();
    expect(scoreOf("perspective", "unproductive")).toBe(-1);
    expect(scoreOf("perspective", null)).toBeNull();
    const factor = {
      kind: "factor",
      name: "x",
      codes: Int32Array.of(0, 1, -1, 2),
      levels: ["productive", "mixed", "other"],
      ordered: true,
    } as const;
    expect(scoreValues(factor, "perspective")).toEqual(Float64Array.of(1, 0, Number.NaN, Number.NaN));
    expect(scoreValues(factor, "gender")).toEqual(new Float64Array(4).fill(Number.NaN));
  });
});

describe("facts of the study", () => {
  test("cycles have their school years and phases", () => {
    expect(cycles.map(({ academicYear }) => academicYear)).toEqual([
      "2007-08",
      "2008-09",
      "2009-10",
      "2010-11",
      "2011-12",
      "2012-13",
      "2013-14",
      "2014-15",
    ]);
    expect(cycles.map(({ phase }) => phase)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(cycleFacts(4)).toEqual({ cycle: 4, academicYear: "2010-11", phase: 1, autumn: 2010, spring: 2011 });
    expect(() => cycleFacts(9)).toThrow(RangeError);
    expect([...grades]).toEqual(Array.from({ length: 3 }, (_, k) => ranges.grade.minimum + k));
  });

  test("counts of recommendations add up", () => {
    const { total, complete, partial, not, successful, partlySuccessful, unsuccessful } = design.recommendations;
    expect(complete + partial + not).toBe(total);
    expect(successful + partlySuccessful + unsuccessful).toBe(complete + partial);
  });

  test("eleven support structures, five of them primary; five components; eight nodes", () => {
    expect(supportStructures.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(supportStructures.filter(({ type }) => type === "primary")).toHaveLength(5);
    expect(theoryComponents).toHaveLength(5);
    expect(theoryComponents[0]!.elements).toHaveLength(7);
    expect(backwardMap).toHaveLength(8);
  });
});

describe("row types", () => {
  test("follow from the declarations", () => {
    type Lesson = StudyRows["lessons"];
    expectTypeOf<Lesson["lesson_id"]>().toEqualTypeOf<string>();
    expectTypeOf<Lesson["day"]>().toEqualTypeOf<number>();
    expectTypeOf<Lesson["minutes"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Lesson["has_discussion"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Lesson["setup_demand_kept"]>().toEqualTypeOf<boolean | null>();
    expectTypeOf<RowOf<Codebook["lessons"]>>().toEqualTypeOf<Lesson>();
    expectTypeOf<StudyRows["iqa_ratings"]["potential"]>().toEqualTypeOf<"0" | "1" | "2" | "3" | "4" | null>();
    expectTypeOf<StudyRows["recommendations"]["uptake"]>().toEqualTypeOf<"not" | "partial" | "complete">();
    expectTypeOf<StudyRows["vsmc_codes"]["explanation"]>().toEqualTypeOf<"unproductive" | "mixed" | "productive" | null>();
    expectTypeOf<StudyRows["coaching_events"]["teacher_id"]>().toEqualTypeOf<string | null>();
    expectTypeOf<StudyRows["cycles"]["october_start"]>().toEqualTypeOf<string>();
    expectTypeOf<keyof StudyRows["pd_attendance"]>().toEqualTypeOf<"pd_id" | "person_id" | "hours">();
  });

  test("include the values of included category sets", () => {
    expectTypeOf<StudyRows["coaching_events"]["activity"]>().toEqualTypeOf<
      "modelling" | "co_teaching" | "observe_feedback" | "coaching_cycle" | "doing_math" | "student_work" | "video" | "lesson_study"
    >();
    expectTypeOf<"teacher" | "principal">().toExtend<Level<"staff_role">>();
    expectTypeOf<"janitor">().not.toExtend<Level<"staff_role">>();
  });

  test("declarations keep their literal types", () => {
    expectTypeOf(codebook.lessons.columns.day.type).toEqualTypeOf<"integer">();
    expectTypeOf(codebook.iqa_ratings.columns.potential.categories).toEqualTypeOf<"rubric">();
    expect(columnOf("lessons", "day")).toBe(codebook.lessons.columns.day);
  });

  test("a misspelt column, a misspelt category and a null where none may be are type errors", () => {
    // @ts-expect-error no such column
    expect(columnOf("lessons", "minuts")).toBeUndefined();
    // @ts-expect-error no such category
    const uptake: StudyRows["recommendations"]["uptake"] = "complet";
    // @ts-expect-error never null
    const day: StudyRows["lessons"]["day"] = null;
    expect([uptake, day]).toEqual(["complet", null]);
  });
});
