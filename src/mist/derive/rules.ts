/**
 * The printable statement of every rule and option that made the tables: one entry a measure, as a record, as text, and as Markdown.
 */
import { deriveMessages } from "../../messages.js";
import { type MeasureChoices, type MeasureOptionName, measureChoices } from "./options.js";
import { type Measure, type MeasureId, measureOf } from "./records.js";

/** One option as it stands in a statement. */
export interface RuleOption {
  readonly name: MeasureOptionName;
  readonly choice: string | number;
  readonly isDefault: boolean;
  /** What may be chosen instead. */
  readonly alternatives: readonly (string | number)[];
}

export interface Rule extends Measure {
  /** The rule in one sentence, with the choices made. */
  readonly sentence: string;
  readonly options: readonly RuleOption[];
}

/** The rules used, in order; `toString()` prints the text, so that a notebook and a console show it. */
export interface Rules {
  readonly list: readonly Rule[];
  text(): string;
  markdown(): string;
  toString(): string;
}

/** Names of the options that change a measure. */
function optionsOf(id: MeasureId): readonly MeasureOptionName[] {
  return (Object.keys(measureChoices) as MeasureOptionName[]).filter((name) => measureChoices[name].measure === id);
}

/**
 * One measure's rule with the choices made.
 *
 * @example ruleOf("V2", defaultChoices).sentence // => "A lesson's task has high potential where its potential is 3 or 4."
 */
export function ruleOf(id: MeasureId, choices: MeasureChoices): Rule {
  const options = optionsOf(id).map((name): RuleOption => {
    const known: readonly (string | number)[] = measureChoices[name].choices;
    const choice = choices[name];
    return { name, choice, isDefault: choice === known[0], alternatives: known.filter((one) => one !== choice) };
  });
  return { ...measureOf(id), sentence: sentenceOf(id, options), options };
}

function sentenceOf(id: MeasureId, options: readonly RuleOption[]): string {
  const words: RuleWords = deriveMessages.rules[id];
  const parts = options.map(({ name, choice }) => words.choices?.[name]?.[String(choice)] ?? "");
  return `${[words.rule, parts.join("; ")].filter((part) => part !== "").join(" ")}.`;
}

/** What messages.ts says of a measure. */
interface RuleWords {
  readonly rule: string;
  readonly choices?: Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
}

/** The statement of the measures `ids`, in the order of their numbers. */
export function rulesOf(ids: Iterable<MeasureId>, choices: MeasureChoices): Rules {
  const list = [...new Set(ids)].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))).map((id) => ruleOf(id, choices));
  const words = deriveMessages.statement;
  const text = (): string =>
    [
      words.title(list.length),
      ...list.map((rule) =>
        words.entry(rule.id, rule.names, rule.level, kindOf(rule), rule.sentence, deriveMessages.source(rule.source), optionWords(rule)),
      ),
    ].join("\n");
  const markdown = (): string =>
    [
      `# ${words.heading}`,
      "",
      words.title(list.length),
      "",
      `| ${words.heads.join(" | ")} |`,
      `|${words.heads.map(() => "---|").join("")}`,
      ...list.map(
        (rule) =>
          `| ${[
            rule.id,
            rule.names.map((name) => `\`${name}\``).join(", "),
            rule.level,
            kindOf(rule),
            rule.sentence,
            optionWords(rule),
            deriveMessages.source(rule.source),
          ]
            .map((cell) => cell.replaceAll("|", "\\|"))
            .join(" | ")} |`,
      ),
      "",
    ].join("\n");
  return { list, text, markdown, toString: text };
}

function kindOf({ type, unit }: Measure): string {
  return deriveMessages.statement.kind(type, unit);
}

function optionWords({ options }: Rule): string {
  return options
    .map(({ name, choice, isDefault, alternatives }) =>
      deriveMessages.statement.option(name, String(choice), isDefault, alternatives.map(String)),
    )
    .join("; ");
}
