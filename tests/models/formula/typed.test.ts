import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const compiler = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const fixtures = fileURLToPath(new URL("types", import.meta.url));

/** The compiler's diagnostics, one a line, files without their folder. */
function diagnostics(project: string): readonly string[] {
  try {
    return execFileSync(process.execPath, [compiler, "-p", project, "--pretty", "false"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).split("\n");
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    return stdout
      .trim()
      .split("\n")
      .map((line) => line.replace(/^.*[\\/](?=[^\\/(]+\()/, ""));
  }
}

const refused = (line: number, text: string, name: string): string =>
  `wrong.ts(${line},5): error TS2345: Argument of type '"${text}"' is not assignable to parameter of type '"no column named \\"${name}\\""'.`;

const refusedOption = (line: number, column: number, text: string, name: string): string =>
  `wrong.ts(${line},${column}): error TS2322: Type '"${text}"' is not assignable to type '"no column named \\"${name}\\""'.`;

describe("column names in a formula are checked by the compiler", () => {
  test("each wrong formula is refused with the name that is wrong, and every right one passes", () => {
    expect(diagnostics(fixtures)).toEqual([
      refused(3, "score ~ mtk + (1 | school)", "mtk"),
      refused(4, "scor ~ mkt", "scor"),
      refused(5, "score ~ mkt + (1 | schol)", "schol"),
      refused(6, "score ~ mkt * (visoin)", "visoin"),
      refused(7, "score ~ log(mkt) + log(visoin + 1)", "visoin"),
      refused(8, "score ~ `my vra`:mkt", "my vra"),
      refused(9, "score ~ I(schol == 'b')", "schol"),
      refused(10, "score ~ I(mkt>=visoin)", "visoin"),
      refused(11, "score ~ (1 | mm(t1, t2, weights = w1 + w3))", "w3"),
      refused(12, "score ~ mkt +\\n\\tvisoin", "visoin"),
      refused(13, "score ~ C(school, smu)", "smu"),
      refused(14, "score ~ Mkt", "Mkt"),
      refused(15, "score ~ naive_2", "naive_2"),
      refusedOption(16, 32, "~ mtk + (1 | school)", "mtk"),
      refusedOption(17, 43, "~ 0 + log(visoin)", "visoin"),
      refusedOption(18, 32, "~ (1 | schol)", "schol"),
    ]);
  });

  test("long formulas are checked to the end, and those beyond what the compiler can follow pass", () => {
    const folder = mkdtempSync(join(tmpdir(), "typed-formula-"));
    try {
      const library = join(fixtures, "lessons.js").replaceAll("\\", "/");
      const sum = (count: number): string =>
        `score ~ ${Array.from({ length: count }, (_, i) => (i % 3 === 0 ? "log(mkt + 1)" : "vision")).join(" + ")} + (1 | school)`;
      const call = (text: string): string => `lmm(${JSON.stringify(text)}, lessons);`;
      const checked = sum(100);
      expect(checked.length).toBeGreaterThan(1_000);
      writeFileSync(
        join(folder, "long.ts"),
        [`import { lessons, lmm } from "${library}";`, call(checked), call(`${checked} + oops`), call(`${sum(3_000)} + oops`)].join("\n"),
      );
      const options = { noEmit: true, strict: true, target: "ES2022", module: "nodenext", moduleResolution: "nodenext", types: [] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["long.ts"] }));
      const found = diagnostics(folder);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(
        /^long\.ts\(3,5\): error TS2345: .* is not assignable to parameter of type '"no column named \\"oops\\""'\.$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
