/** Views of a study: who was observed when, how much there is, composition, and the rule of small cells. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Study } from "../../../src/mist/codebook/study.js";
import { composition } from "../../../src/mist/describe/composition.js";
import { countsByCycle } from "../../../src/mist/describe/counts.js";
import { inheritedColumn } from "../../../src/mist/describe/inherited.js";
import { presence, presencePatterns } from "../../../src/mist/describe/presence.js";
import { toldShares, wholePercents, withComplements } from "../../../src/mist/describe/small-cells.js";
import { compositionText, describeStudy, studyViewText } from "../../../src/mist/describe/study-view.js";
import { conformStudy } from "../../../src/mist/validate/check-study.js";
import { type Row, rawTables, smallStudy } from "../small-study.js";

function study(change: (rows: Map<string, Row[]>) => void = () => {}): Study {
  const rows = smallStudy();
  change(rows);
  return conformStudy(rawTables(rows)).study;
}

describe("presence", () => {
  test("tells units by cycle and their patterns", () => {
    const seen = presence(
      study((rows) => rows.get("teacher_years")!.splice(1, 1)),
      "teachers",
    )!;
    expect(seen.ids).toEqual(["T1", "T2", "T3", "T4", "T5"]);
    expect(seen.byCycle).toEqual([5, 4, 0, 0, 0, 0, 0, 0]);
    expect([...seen.observed.subarray(0, 10)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
    expect(presencePatterns(seen)).toEqual([
      { pattern: "xx......", count: 4 },
      { pattern: "x.......", count: 1 },
    ]);
  });

  test("counts only those whom it is about, and is null without the table", () => {
    expect(presence(study(), "focal_teachers")!.ids).toEqual(["T1", "T2", "T3", "T4"]);
    expect(presence(study(), "network")!.ids).toContain("L4");
    expect(
      presence(
        study((rows) => rows.delete("coach_years")),
        "coaches",
      ),
    ).toBeNull();
  });
});

describe("columns through foreign keys", () => {
  test("the district of a rating, the cycle of a code, the district of a person of any kind", () => {
    const ratings = inheritedColumn(study(), "iqa_ratings", "district_id")!;
    expect(ratings).toMatchObject({ kind: "factor" });
    expect(ratings.kind === "factor" && ratings.codes.map((code) => Number(ratings.levels[code]!.slice(1))).join("")).toBe(
      "1111111111112222",
    );
    expect(inheritedColumn(study(), "vsmc_codes", "cycle")).toMatchObject({ values: Float64Array.of(1, 2, 1, 2, 1, 2, 1, 2) });
    const people = inheritedColumn(study(), "network_roster", "district_id")!;
    expect(people).toMatchObject({ values: ["D1", "D1", "D1", "D1", "D1", "D1", "D2", "D2", "D1", "D1", "D1", "D1"] });
    expect(inheritedColumn(study(), "raters", "district_id")).toBeNull();
  });
});

test("counts rows by cycle, also of tables that have their cycle from others", () => {
  const counts = countsByCycle(study((rows) => rows.get("iqa_ratings")!.pop()));
  expect(counts.find(({ table }) => table === "iqa_ratings")).toEqual({
    table: "iqa_ratings",
    label: "IQA ratings",
    rows: 15,
    byCycle: [8, 7, 0, 0, 0, 0, 0, 0],
  });
  expect(counts.find(({ table }) => table === "districts")).toEqual({ table: "districts", label: "Districts", rows: 2, byCycle: null });
});

describe("composition", () => {
  test("gives the shares of categories by cycle, district or both; only records count", () => {
    const found = study((rows) => {
      rows.get("vsmc_codes")!.push({ ...rows.get("vsmc_codes")![0]!, coder_id: "R1", coding_order: 2, explanation: "unproductive" });
      rows.get("vsmc_codes")![2]!.explanation = null;
    });
    const byCycle = composition(found, "vsmc_codes", "explanation");
    expect(byCycle.groups[0]).toEqual({
      group: ["1"],
      n: 3,
      missing: 1,
      suppressed: false,
      shares: [
        { category: "unproductive", count: 0, share: 0, bound: null },
        { category: "mixed", count: 2, share: 2 / 3, bound: null },
        { category: "productive", count: 1, share: 1 / 3, bound: null },
      ],
    });
    const both = composition(found, "vsmc_codes", "explanation", { by: ["district", "cycle"] });
    expect(both.groups.map(({ group, n }) => [...group, n])).toEqual([
      ["D1", "1", 2],
      ["D1", "2", 3],
      ["D2", "1", 1],
      ["D2", "2", 1],
    ]);
    expect(compositionText(both).split("\n").slice(0, 3)).toEqual([
      "vsmc_codes.explanation: share of categories",
      " district  cycle  n  unproductive  mixed  productive",
      " D1        1      2            0%    50%         50%",
    ]);
  });

  test("says what has no composition and what does not break down", () => {
    expect(() => composition(study(), "lessons", "minutes")).toThrow('Column "minutes" of table lessons has no categories');
    expect(() => composition(study(), "raters", "certified")).toThrow("Table raters cannot be broken down by cycle");
    expect(() => composition({}, "raters", "certified")).toThrow('no table "raters"');
  });

  /** So many teachers in each of three schools a district, the first `productive` of them productive. */
  const views = (districts: readonly { readonly teachers: number; readonly productive: number }[]): Study =>
    study((rows) => {
      const teachers: Row[] = [];
      const interviews: Row[] = [];
      const codes: Row[] = [];
      districts.forEach((size, d) => {
        for (let k = 0; k < size.teachers; k++) {
          const id = `T${d}${k}`;
          teachers.push({ ...rows.get("teachers")![0]!, teacher_id: id, district_id: `D${d + 1}` });
          interviews.push({ ...rows.get("interviews")![0]!, interview_id: `I${id}`, person_id: id });
          codes.push({ ...rows.get("vsmc_codes")![0]!, interview_id: `I${id}`, explanation: k < size.productive ? "productive" : "mixed" });
        }
      });
      rows.set("teachers", teachers).set("interviews", interviews).set("vsmc_codes", codes);
    });

  test("the rule of small cells leaves out groups of fewer than 5 teachers, and the next smallest with one alone", () => {
    const found = composition(
      views([
        { teachers: 4, productive: 2 },
        { teachers: 10, productive: 4 },
        { teachers: 20, productive: 8 },
      ]),
      "vsmc_codes",
      "explanation",
      { by: ["district"], suppress: true },
    );
    expect(found.groups.map(({ group, n, suppressed }) => [group[0], n, suppressed])).toEqual([
      ["D1", null, true],
      ["D2", null, true],
      ["D3", 20, false],
    ]);
    expect(found.groups[0]!.shares.map(({ share, count }) => [share, count])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ]);
    // None of 20 is told as a bound, and then the smallest other share is not told.
    expect(found.groups[2]!.shares).toEqual([
      { category: "unproductive", count: null, share: 0.05, bound: "at most" },
      { category: "mixed", count: null, share: 0.6, bound: null },
      { category: "productive", count: null, share: null, bound: null },
    ]);
    expect(compositionText(found)).toContain(" D3             20           ≤5%    60%           -");
    const lenient = { by: ["district"], suppress: { teachers: 2 } } as const;
    expect(composition(views([{ teachers: 4, productive: 2 }]), "vsmc_codes", "explanation", lenient).groups[0]!.suppressed).toBe(false);
  });

  test("several rows of one person are one person", () => {
    const lessons = composition(study(), "lessons", "has_discussion", { by: [], suppress: { teachers: 4 } });
    expect(lessons.groups[0]).toMatchObject({ n: 16, suppressed: false });
    expect(composition(study(), "lessons", "has_discussion", { by: [], suppress: { teachers: 5 } }).groups[0]!.suppressed).toBe(true);
  });
});

describe("small cells", () => {
  const counts = fc
    .array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 6 })
    .filter((list) => list.some((count) => count > 0));

  test("whole percents add up to 100 and are off by less than one", () => {
    fc.assert(
      fc.property(counts, (list) => {
        const total = list.reduce((sum, count) => sum + count, 0);
        const percents = wholePercents(list);
        expect(percents.reduce((sum, percent) => sum + percent, 0)).toBe(100);
        list.forEach((count, k) => {
          expect(Math.abs(percents[k]! - (100 * count) / total)).toBeLessThan(1);
        });
      }),
    );
    expect(wholePercents([0, 0])).toEqual([0, 0]);
  });

  test("none and one, all and all but one are told alike; bounds hold; no bound can be found from the rest", () => {
    fc.assert(
      fc.property(counts, (list) => {
        const total = list.reduce((sum, count) => sum + count, 0);
        const told = toldShares(
          list,
          list,
          list.map((count) => total - count),
        );
        list.forEach((count, k) => {
          const { percent, bound } = told[k]!;
          const share = (100 * count) / total;
          if (bound === "at most") expect(percent).toBeGreaterThanOrEqual(share);
          if (bound === "at least") expect(percent).toBeLessThanOrEqual(share);
          if (count <= 1 && total - count > 1) expect(bound).toBe("at most");
          if (percent !== null && bound === null) expect(count).toBeGreaterThan(1);
        });
        const exact = told.filter(({ percent, bound }) => percent !== null && bound === null).length;
        if (told.some(({ bound }) => bound === "at most"))
          expect(exact).toBeLessThan(Math.max(1, list.filter((count) => count > 1).length));
      }),
    );
    expect(toldShares([0, 12, 8], [0, 12, 8], [20, 8, 12])[0]).toEqual(toldShares([1, 11, 8], [1, 11, 8], [19, 9, 12])[0]);
    expect(toldShares([20, 0], [20, 0], [0, 20])).toEqual([
      { percent: 95, bound: "at least" },
      { percent: 5, bound: "at most" },
    ]);
  });

  test("in a table of two ways no line has just one group left out", () => {
    const cell = fc.record({ size: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 9, maxLength: 9 }), (cells) => {
        const sizes = cells.map(({ size }) => size);
        const small = sizes.map((size) => size < 5);
        const margins = [sizes.map((_, k) => String(k % 3)), sizes.map((_, k) => String(Math.floor(k / 3)))];
        const left = withComplements(sizes, small, margins);
        small.forEach((is, k) => {
          if (is) expect(left[k]).toBe(true);
        });
        for (const line of margins) {
          for (const value of ["0", "1", "2"]) expect(left.filter((out, k) => out && line[k] === value)).not.toHaveLength(1);
        }
      }),
    );
    expect(withComplements([3], [true], [["1"]])).toEqual([true]);
  });
});

test("a study in one record and as text", () => {
  const view = describeStudy(study());
  expect(view.presence.map(({ unit, units }) => [unit, units])).toContainEqual(["teachers", 5]);
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
  const text = studyViewText(view);
  expect(text).toContain(" Focal teachers                     4  4  4  0  0  0  0  0  0\n");
  expect(text).toContain(" Teachers on rosters: xx...... 5\n");
  expect(text).toMatch(/^ lessons +16 {2}8 {2}8( {2}0){6}$/m);
  expect(text).toContain("lessons.has_discussion: share of categories\n cycle  n  false  true\n 1      8    50%   50%\n");
  expect(text).not.toContain("left out");
  expect(studyViewText(describeStudy(study(), { suppress: true }))).toMatch(/Groups that rest on too few units are left out.*\.$/);
});
