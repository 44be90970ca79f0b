import { describe, expect, test } from "vitest";
import { parseTable } from "../../../src/io/csv.js";
import { formatTable } from "../../../src/io/csv-write.js";
import { normalizeSchema } from "../../../src/io/schema.js";
import { columnsOf, declarationOf, type TableGroup, tableNames } from "../../../src/mist/codebook/codebook.js";
import { codebookHtml, escapeHtml } from "../../../src/mist/codebook/codebook-html.js";
import { codebookMarkdown, escapeMarkdown } from "../../../src/mist/codebook/codebook-markdown.js";
import { dataPackage } from "../../../src/mist/codebook/data-package.js";
import { printedCodebook } from "../../../src/mist/codebook/printed-codebook.js";
import { conformTable } from "../../../src/mist/codebook/study.js";
import { tableSchema } from "../../../src/mist/codebook/table-schema.js";

describe("Table Schemas", () => {
  test.each(tableNames)("%s: our reader takes it, with every column and the key", (name) => {
    const schema = tableSchema(name);
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    const normal = normalizeSchema(schema);
    expect(normal.fields.map((field) => field.name)).toEqual(columnsOf(name).map(([column]) => column));
    const keyed = name !== "role_relations";
    expect(normal.keys.filter(({ primary }) => primary).map(({ columns }) => columns)).toEqual(
      keyed ? [declarationOf(name).primaryKey] : [],
    );
  });

  test("say types, categories, bounds, patterns and null rules", () => {
    const fields = new Map(tableSchema("iqa_ratings").fields.map((field) => [field.name, field]));
    expect(fields.get("lesson_id")).toEqual({
      name: "lesson_id",
      type: "string",
      description: "The lesson.",
      constraints: { required: true, pattern: "^(V).+$" },
    });
    expect(fields.get("potential")).toMatchObject({ type: "integer", title: "Potential of the task", categoriesOrdered: true });
    expect(fields.get("potential")!.categories!.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]);
    expect(fields.get("potential")!.constraints).toBeUndefined();
    expect(fields.get("participation")).toMatchObject({
      type: "number",
      constraints: { minimum: 0, maximum: 1 },
      description: expect.stringMatching(/Empty if and only if the lesson had no concluding whole-class discussion\.$/),
    });
    expect(fields.get("rating_order")!.constraints).toEqual({ required: true, minimum: 1, maximum: 2 });
  });

  test("foreign keys lead to tables that are there", () => {
    expect(tableSchema("lessons").foreignKeys).toEqual([
      { fields: ["section_id"], reference: { resource: "sections", fields: ["section_id"] } },
      { fields: ["teacher_id", "cycle"], reference: { resource: "teacher_years", fields: ["teacher_id", "cycle"] } },
    ]);
    expect(tableSchema("lessons", ["lessons", "sections"]).foreignKeys).toHaveLength(1);
    expect(tableSchema("lessons", ["lessons"]).foreignKeys).toBeUndefined();
  });

  test("a table written and read with its schema is the same table", () => {
    const table = conformTable("vsmc_codes", [
      { interview_id: "I1", coder_id: "R1", coding_order: 1, explanation: "productive", adjustment: null, n_excerpts: 3 },
      { interview_id: "I2", coder_id: "R1", coding_order: 1, explanation: "mixed", adjustment: "unproductive", n_excerpts: 0 },
    ]);
    const back = conformTable(
      "vsmc_codes",
      parseTable(new TextEncoder().encode(formatTable(table)), { schema: tableSchema("vsmc_codes") }),
    );
    expect(back.columns).toEqual(table.columns);
  });

  test("a rubric written and read with its schema is the same column", () => {
    const text =
      "lesson_id,rater_id,rating_order,potential,implementation,discussion,questioning,teacher_linking,student_linking,teacher_press,student_press,participation\nV1,R1,1,3,2,0,,,,,,\n";
    const table = conformTable("iqa_ratings", parseTable(text, { schema: tableSchema("iqa_ratings") }));
    expect(table.column("potential")).toMatchObject({ kind: "factor", ordered: true, levels: ["0", "1", "2", "3", "4"] });
    expect(table.toRows()[0]).toMatchObject({ potential: "3", discussion: "0", participation: null });
    expect(() => parseTable(text.replace(",3,2,0", ",5,2,0"), { schema: tableSchema("iqa_ratings") })).toThrow(/potential/);
  });
});

describe("the data package", () => {
  test("names files, compression and schemas", () => {
    const description = dataPackage(
      [{ name: "schools" }, { name: "student_years", path: "student_years.csv.gz", bytes: 12, sha256: "ab" }],
      { version: "1" },
    );
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
    expect(description).toMatchObject({ name: "mist-study", version: "1" });
    expect(description.resources.map(({ path, compression }) => [path, compression])).toEqual([
      ["schools.csv", undefined],
      ["student_years.csv.gz", "gz"],
    ]);
    expect(description.resources[1]).toMatchObject({ bytes: 12, hash: "sha256:ab" });
    expect(description.resources[0]!.schema.foreignKeys).toBeUndefined();
  });
});

const hostile: TableGroup = {
  label: "<script>alert(1)</script>",
  tables: {
    "a\"b'<i>": {
      label: "A & B",
      description: "One | two.",
      kind: "observable",
      primaryKey: ["x"],
      columns: { "<img src=x>": { type: "boolean", source: ["ours"], description: "`code` <b>bold</b> & more\nnext | line" } },
    },
  },
};

describe("the printed codebook", () => {
  const whole = printedCodebook();

  test("shows every table and every column once", () => {
    expect(whole.sections.flatMap(({ tables }) => tables.map(({ name }) => name))).toEqual([...tableNames]);
    for (const { tables } of whole.sections) {
      for (const { name, grid } of tables) {
        expect(grid.rows.map(([column]) => column)).toEqual(Object.keys(declarationOf(name as (typeof tableNames)[number]).columns));
        expect(grid.rows.every((row) => row.length === grid.heads.length)).toBe(true);
      }
    }
  });

  test("says a column's values, null rule, kind and meaning", () => {
    const lessons = whole.sections.flatMap(({ tables }) => tables).find(({ name }) => name === "lessons")!;
    expect(lessons.grid.rows.find(([name]) => name === "setup_demand_kept")).toEqual([
      "setup_demand_kept",
      "boolean",
      "true, false",
      "if and only if the score of record for the task's potential is below 3",
      "002",
      "observable",
      "Launch: demand kept. Whether the task's demand was still intact after the launch.",
    ]);
    expect(lessons.grid.rows.find(([name]) => name === "minutes")!.slice(2, 4)).toEqual([
      "30 to 110 min",
      "where not answered or not known",
    ]);
    expect(lessons.sentences).toContain("Primary key: lesson_id.");
    expect(lessons.sentences).toContain("teacher_id, cycle refers to teacher_years (teacher_id, cycle).");
    expect(lessons.sentences).toContain("Unique: teacher_id, cycle, day.");
  });

  test("tells what is plausible from what is possible", () => {
    const scores = whole.sections.flatMap(({ tables }) => tables).find(({ name }) => name === "mkt_scores")!;
    expect(scores.grid.rows.find(([name]) => name === "mkt_z")![2]).toBe("z (plausible: -3.5 to 3.5)");
    expect(tableSchema("mkt_scores").fields.find(({ name }) => name === "mkt_z")!.constraints).toBeUndefined();
  });

  test("says rules in words", () => {
    const sentences = whole.sections.flatMap(({ tables }) => tables.flatMap((table) => table.sentences));
    expect(sentences).toContain("p_black, p_latinx, p_white, p_asian and p_other sum to 1.");
    expect(sentences).toContain("first_cycle is at most last_cycle.");
    expect(sentences).toContain("weight sums to 1 over the rows of one student_id, cycle.");
    expect(sentences).toContain("share sums to coach_years.fte over the rows of one coach_id, cycle.");
    expect(sentences).toContain("discussion is 0 if and only if the lesson had no concluding whole-class discussion.");
    expect(sentences).toContain("In every row the school lies in the teacher's district.");
    expect(sentences).toContain("person_id refers to teachers (teacher_id), coaches (coach_id) or leaders (leader_id).");
    expect(sentences).toContain("A unit that was not observed that cycle has no row.");
  });

  test("lists categories with scores where they are ordered", () => {
    expect(whole.categories.find(({ name }) => name === "uptake")!.grid).toEqual({
      heads: ["Value", "Label", "Score"],
      rows: [
        ["not", "Not taken up", "0"],
        ["partial", "Some aspects", "1"],
        ["complete", "All aspects", "2"],
      ],
    });
    expect(whole.categories.find(({ name }) => name === "gender")!.grid.heads).toEqual(["Value", "Label"]);
  });

  test("as Markdown has a heading and a grid for every table", () => {
    const text = codebookMarkdown();
    for (const name of tableNames) expect(text).toContain(`(\`${name}\`)\n`);
    expect(text).toContain("| Column | Type | Values | Null | Source | Kind | Meaning |\n|---|---|---|---|---|---|---|\n");
    expect(text.endsWith("\n")).toBe(true);
  });

  test("as Markdown escapes what would be markup", () => {
    expect(escapeMarkdown("a|b\nc `d` <e> *f* \\g")).toBe("a\\|b c \\`d\\` \\<e\\> \\*f\\* \\\\g");
    const text = codebookMarkdown(printedCodebook([hostile]));
    expect(text).toContain("| \\<img src=x\\> | boolean |");
    expect(text).toContain("\\`code\\` \\<b\\>bold\\</b\\> \\& more next \\| line |");
  });

  test("as HTML is one page that needs nothing else, with an anchor for every link", () => {
    const page = codebookHtml();
    expect(page).not.toMatch(/<script|<link|<img|src=|https?:/);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links).toHaveLength(tableNames.length);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test("as HTML escapes text, names and attributes", () => {
    expect(escapeHtml(`<a href="x">&'`)).toBe("&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    const page = codebookHtml(printedCodebook([hostile]));
    expect(page).not.toMatch(/<script|<img|<i>|<b>/);
    expect(page).toContain("<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>");
    expect(page).toContain("<td>&lt;img src=x&gt;</td>");
    expect(page).toContain("A &amp; B");
  });
});
