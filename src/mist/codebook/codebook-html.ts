/**
 * The printed codebook as one HTML page that needs nothing else: no script, no picture, no font, no address.
 */
import { mistMessages } from "../../messages.js";
import { type Grid, type PrintedCodebook, printedCodebook } from "./printed-codebook.js";

const words = mistMessages.codebook;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h2{margin-top:3rem;border-bottom:2px solid #ddd}h3{margin-top:2rem}code{font-family:ui-monospace,monospace}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem}th,td{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}td:first-child{font-family:ui-monospace,monospace;white-space:nowrap}nav ul{columns:3 16rem}`;

/**
 * The codebook as a page. All text is escaped.
 *
 * @param codebook default: all tables
 * @example codebookHtml().startsWith("<!DOCTYPE html>\n<html lang=\"en\">") // => true
 */
export function codebookHtml(codebook: PrintedCodebook = printedCodebook()): string {
  const { title, opening, sections, categories, sources } = codebook;
  const tables = sections.flatMap((section) => section.tables);
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    "<body>",
    `<h1>${escapeHtml(title)}</h1>`,
    `<p>${escapeHtml(opening)}</p>`,
    `<nav aria-label="${escapeHtml(words.contents)}"><ul>`,
    ...tables.map(({ name, title }) => `<li><a href="#table-${anchor(name)}">${escapeHtml(title)}</a></li>`),
    "</ul></nav>",
    ...sections.flatMap((section) => [
      `<h2>${escapeHtml(section.title)}</h2>`,
      ...section.tables.flatMap((table) => [
        `<h3 id="table-${anchor(table.name)}">${escapeHtml(table.title)} (<code>${escapeHtml(table.name)}</code>)</h3>`,
        `<p>${table.sentences.map(escapeHtml).join(" ")}</p>`,
        gridTable(table.grid),
      ]),
    ]),
    `<h2>${escapeHtml(words.categories)}</h2>`,
    ...categories.flatMap((set) => [
      `<h3 id="categories-${anchor(set.name)}"><code>${escapeHtml(set.name)}</code>: ${escapeHtml(set.title)}</h3>`,
      gridTable(set.grid),
    ]),
    `<h2>${escapeHtml(words.sources)}</h2>`,
    "<ul>",
    ...sources.map(({ tag, text }) => `<li><code>${escapeHtml(tag)}</code>: ${escapeHtml(text)}</li>`),
    "</ul>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function gridTable({ heads, rows }: Grid): string {
  const head = `<thead><tr>${heads.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join("")}</tr></thead>`;
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`).join("\n");
  return `<div class="wide"><table>${head}<tbody>\n${body}\n</tbody></table></div>`;
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/**
 * Text that HTML shows as it is, in content and in quoted attributes.
 *
 * @example escapeHtml("<b>\"&'") // => "&lt;b&gt;&quot;&amp;&#39;"
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES.get(character)!);
}

/** A name as part of an id and of the link to it. */
function anchor(name: string): string {
  return escapeHtml(encodeURIComponent(name));
}
