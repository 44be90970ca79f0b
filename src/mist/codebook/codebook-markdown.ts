/**
 * The printed codebook as Markdown (with the tables of GitHub's dialect).
 */
import { mistMessages } from "../../messages.js";
import { type Grid, type PrintedCodebook, printedCodebook } from "./printed-codebook.js";

const words = mistMessages.codebook;

/**
 * The codebook as Markdown, ending in a line end.
 *
 * @param codebook default: all tables
 * @example codebookMarkdown().split("\n")[0] // => "# Codebook of the MIST study"
 */
export function codebookMarkdown(codebook: PrintedCodebook = printedCodebook()): string {
  const { title, opening, sections, categories, sources } = codebook;
  const blocks = [
    `# ${escapeMarkdown(title)}`,
    escapeMarkdown(opening),
    ...sections.flatMap((section) => [
      `## ${escapeMarkdown(section.title)}`,
      ...section.tables.flatMap((table) => [
        `### ${escapeMarkdown(table.title)} (\`${table.name}\`)`,
        table.sentences.map(escapeMarkdown).join(" "),
        gridLines(table.grid),
      ]),
    ]),
    `## ${words.categories}`,
    ...categories.flatMap((set) => [`### \`${set.name}\`: ${escapeMarkdown(set.title)}`, gridLines(set.grid)]),
    `## ${words.sources}`,
    sources.map(({ tag, text }) => `* \`${tag}\`: ${escapeMarkdown(text)}`).join("\n"),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function gridLines({ heads, rows }: Grid): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [line(heads), `|${heads.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}

/**
 * Text that Markdown shows as it is, on one line.
 *
 * @example escapeMarkdown("a|b_c") // => "a\\|b\\_c"
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").replace(/[\\`*_[\]<>|#&]/g, "\\$&");
}
