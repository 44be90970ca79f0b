/**
 * Column names in a formula, checked by the compiler: a formula whose type is a literal is read by template literal types, and a
 * name that is no key of the table's row type turns the parameter's type into `no column named "mtk"`:
 *
 *   export function lmm<const Text extends string, Row extends object>(formula: CheckedFormula<Text, Row>, table: Table<Row>): Fit
 *
 *   lmm("score ~ mtk + (1 | school)", lessons)
 *   //  Argument of type '"score ~ mtk + (1 | school)"' is not assignable to parameter of type '"no column named \"mtk\""'.
 *
 * One-sided formulas in options are checked by the same type, one type parameter each:
 *
 *   options: { readonly zi?: CheckedFormula<Zi, Row> }      with      const Zi extends string = string
 *
 * It is a first look only; what it cannot see passes, and parseFormula and the model frame check everything at run time. Not
 * checked are formulas of type `string` or `y ~ ${string}`, rows with an index signature (`Record<string, unknown>`), texts with a backslash, and texts
 * of more than some thousand signs.
 *
 * Method: operators and parentheses are set apart one after the other, then the words are walked. Every type recurses in tail
 * position, one step for a delimiter or word and not for a character, so that long formulas stay within the compiler's 1,000 steps.
 */

/**
 * `Text` itself where every name in it is a column of `Row` (or cannot be checked), else the literal type `no column named "..."`.
 *
 * @example type Right = CheckedFormula<"y ~ x + (1 | g)", { y: number; x: number; g: string }> // => "y ~ x + (1 | g)"
 */
export type CheckedFormula<Text extends string, Row> =
  // Without a key known to the last sign, as with `string` and `y ~ ${string}`, a record has no property that the empty one lacks.
  Record<never, never> extends Record<Text, 0>
    ? Text
    : [string extends keyof Row ? never : keyof Row] extends [never]
      ? Text
      : Text extends `${string}\\${string}`
        ? Text
        : Verdict<Unquoted<Text, "", keyof Row & string, []>, keyof Row & string> extends infer Bad extends string
          ? [Bad] extends [never]
            ? Text
            : Bad
          : Text;

/** never: nothing wrong was found. */
type Verdict<Text, Columns extends string> =
  Text extends Misnamed<infer Name>
    ? NoColumn<Name>
    : Text extends string
      ? Walk<Collapsed<Apart<Text>>, Columns, Text extends `${string}C(${string}` ? Contrast : never, []>
      : never;

type NoColumn<Name extends string> = `no column named "${Name}"`;

/** A name in backticks that is no column; a record, so that it cannot be taken for a text. */
interface Misnamed<Name extends string> {
  readonly misnamed: Name;
}

/** The text with quoted parts replaced by 0: texts are no names, and a name in backticks is checked as a whole. */
type Unquoted<Rest extends string, Done extends string, Columns extends string, Steps extends 0[]> = Steps["length"] extends MostSteps
  ? never
  : FirstQuote<Rest> extends infer Quote extends string
    ? [Quote] extends [never]
      ? `${Done}${Rest}`
      : Rest extends `${infer Before}${Quote}${infer Inside}${Quote}${infer After}`
        ? Quote extends "`"
          ? Inside extends Columns
            ? Unquoted<After, `${Done}${Before}0`, Columns, [...Steps, 0]>
            : Misnamed<Inside>
          : Unquoted<After, `${Done}${Before}0`, Columns, [...Steps, 0]>
        : never
    : never;

/** The quote that comes first in the text; never for a text without quotes. */
type FirstQuote<Text extends string> = Text extends `${infer Before}"${string}`
  ? Before extends `${string}'${string}` | `${string}\`${string}`
    ? FirstOfOther<Before>
    : '"'
  : FirstOfOther<Text>;
type FirstOfOther<Text extends string> = Text extends `${infer Before}'${string}`
  ? Before extends `${string}\`${string}`
    ? "`"
    : "'"
  : Text extends `${string}\`${string}`
    ? "`"
    : never;

/** Operators, commas and closing parentheses as `+`, opening parentheses and the `=` of a named argument as words of their own. */
type Apart<Text extends string> = EachReplaced<
  Replace<Replace<EachReplaced<Text, ["==", "!=", "<=", ">=", "%in%"], " + ">, "=", " = ">, "(", " ( ">,
  ["+", "-", "*", "/", "^", ":", "~", "|", ")", ",", "<", ">", "&", "!", "%"],
  " + "
>;
type Collapsed<Text extends string> = EachReplaced<Text, ["\n", "\r", "\t", "    ", "  ", "  "], " ">;

type EachReplaced<Text extends string, From extends string[], To extends string> = From extends [
  infer First extends string,
  ...infer Others extends string[],
]
  ? EachReplaced<Replace<Text, First, To>, Others, To>
  : Text;

/** All `From` replaced by `To`, three a step; never where there are too many. */
type Replace<Rest extends string, From extends string, To extends string, Done extends string = "", Steps extends 0[] = []> = [
  Rest,
] extends [never]
  ? never
  : Steps["length"] extends MostSteps
    ? never
    : Rest extends `${infer A}${From}${infer B}${From}${infer C}${From}${infer After}`
      ? Replace<After, From, To, `${Done}${A}${To}${B}${To}${C}${To}`, [...Steps, 0]>
      : Rest extends `${infer A}${From}${infer After}`
        ? Replace<After, From, To, `${Done}${A}${To}`, [...Steps, 0]>
        : `${Done}${Rest}`;

/** The first word that is neither a column nor a function, an argument's name, a number or a constant. */
type Walk<Rest extends string, Columns extends string, Words extends string, Steps extends 0[]> = [Rest] extends [never]
  ? never
  : Steps["length"] extends MostSteps
    ? never
    : Rest extends `${infer Word} ${infer After}`
      ? Word extends Columns | Words | Meaningless
        ? Walk<After, Columns, Words, [...Steps, 0]>
        : After extends `( ${string}` | `= ${string}`
          ? Walk<After, Columns, Words, [...Steps, 0]>
          : NoColumn<Word>
      : Rest extends Columns | Words | Meaningless
        ? never
        : NoColumn<Rest>;

type MostSteps = 950;
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type Meaningless =
  | ""
  | "+"
  | "("
  | "="
  | "."
  | "TRUE"
  | "FALSE"
  | "NA"
  | "NULL"
  | "Inf"
  | "NaN"
  | `${Digit}${string}`
  | `.${Digit}${string}`;
/** Contrasts are named in `C(x, sum)`. */
type Contrast = "sum" | "treatment" | "helmert" | "poly" | "sdif" | `contr.${string}`;
