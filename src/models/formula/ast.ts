/**
 * A formula as it was understood: R's model formula (Wilkinson & Rogers 1973; Chambers & Hastie 1992) with lme4's
 * random terms (Bates, Maechler, Bolker & Walker 2015, section 2).
 */
import type { Span } from "../../messages.js";

/** An arithmetic expression over columns, as it stands inside a term: `x`, `log(x)`, `poly(x, 2)`, `I(x^2)`, `a == "b"`. */
export type Expression = NameExpression | NumberExpression | StringExpression | CallExpression | UnaryExpression | BinaryExpression;

/** How many pairs of parentheses stand around an expression as written; they change no value but belong to R's labels. */
interface Parenthesised {
  readonly parentheses?: number;
}

export interface NameExpression extends Parenthesised {
  readonly kind: "name";
  /** The column's name, without backticks. TRUE and FALSE are names too: the evaluator knows them. */
  readonly name: string;
  readonly span: Span;
}
export interface NumberExpression extends Parenthesised {
  readonly kind: "number";
  readonly value: number;
  readonly span: Span;
}
export interface StringExpression extends Parenthesised {
  readonly kind: "string";
  readonly value: string;
  readonly span: Span;
}
export interface CallExpression extends Parenthesised {
  readonly kind: "call";
  readonly callee: string;
  readonly args: readonly CallArgument[];
  readonly span: Span;
}
export interface CallArgument {
  /** `weights` in `mm(a, b, weights = w1 + w2)`, null for a positional argument. */
  readonly name: string | null;
  readonly value: Expression;
}
export interface UnaryExpression extends Parenthesised {
  readonly kind: "unary";
  readonly operator: "-" | "+" | "!";
  readonly operand: Expression;
  readonly span: Span;
}
export interface BinaryExpression extends Parenthesised {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}
export type BinaryOperator =
  | "+"
  | "-"
  | "*"
  | "/"
  | "^"
  | ":"
  | "%in%"
  | "%%"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "&"
  | "|"
  | "||"
  | "~";

/**
 * One term: the product of its variables. `sex`, `sex:ses`, `poly(x, 2):sex`.
 * Terms come in R's order: by number of variables, within that as first written.
 */
export interface Term {
  /** R's term label, deparsed as R does: `sex:ses`, `poly(x, 2)`, `I(x^2)`. */
  readonly label: string;
  readonly variables: readonly Variable[];
}

/** A variable of a model: an expression and its deparsed text, by which two occurrences are the same. */
export interface Variable {
  readonly text: string;
  readonly expression: Expression;
}

/** What a sum of terms means: `1 + a*b + offset(o)`. */
export interface TermSet {
  readonly intercept: boolean;
  readonly terms: readonly Term[];
  readonly offsets: readonly Variable[];
}

/**
 * The units of a random term.
 * factor: the levels of one variable or of the product of several (`g1:g2`); `label` as lme4 writes it, so that
 * `(1 | batch/cask)` gives `cask:batch` and `batch`.
 * membership: `mm(t1, t2, weights = w1 + w2)`, every row belongs to several units of one set with weights.
 */
export type Grouping =
  | { readonly kind: "factor"; readonly label: string; readonly variables: readonly Variable[] }
  | {
      readonly kind: "membership";
      readonly label: string;
      readonly members: readonly Variable[];
      /** One a member; null: equal weights, 1 / (number of members present in the row). */
      readonly weights: readonly Variable[] | null;
    };

/** `(effects | group)`, or with `||` a diagonal covariance matrix. `(x | a/b)` has become two random terms. */
export interface RandomTerm {
  /** As written, for messages: `(1 + x | g1/g2)`. */
  readonly text: string;
  readonly covariance: "unstructured" | "diagonal";
  readonly effects: TermSet;
  readonly group: Grouping;
  readonly span: Span;
}

export interface Formula {
  readonly text: string;
  /** null for a one-sided formula (`~ x`). */
  readonly response: Variable | null;
  readonly fixed: TermSet;
  readonly random: readonly RandomTerm[];
}
