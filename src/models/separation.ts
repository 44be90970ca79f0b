/**
 * Separation: fixed effects that predict the response of some or all rows without error, so that the likelihood rises for ever along
 * some direction of the coefficients and has no maximum (Albert & Anderson 1984). Complete if every row's does, quasi-complete
 * otherwise; a level of a factor without a single success is the common case.
 *
 * Whatever the random effects are, given them the likelihood does not fall along such a direction, so the integral over them rises too.
 */
import { generalizedNoteMessages, type Note, type SeparatedCell } from "../messages.js";
import type { Family, LinkName, ResponseRows } from "./families/family.js";
import type { DesignMatrix } from "./frame/design.js";
import type { Predictor } from "./frame/design-matrix.js";
import type { ModelFrame } from "./frame/frame.js";
import type { LaplaceEstimate } from "./laplace/estimate.js";
import { fixedPredictors, rowDerivatives } from "./laplace/row-model.js";
import { directionProblem, type SeparatingDirection, separatingDirection } from "./separation-cone.js";
import {
  adjacentBlock,
  meanBlock,
  type SeparableBlock,
  thresholdBlock,
  unorderedBlock,
  type Zeros,
  zeroBlock,
} from "./separation-forms.js";
import { provenFinite } from "./separation-screen.js";

/** A fitted generalized or cumulative model, as far as its notes depend on it. */
export interface FittedModel {
  readonly frame: ModelFrame;
  readonly estimate: Pick<LaplaceEstimate, "problem" | "fixedOnly" | "point" | "effects" | "covariance" | "randomTerms" | "found">;
  readonly response: ResponseRows;
  readonly link: LinkName;
  readonly agq: number;
  /** null for models of categories. */
  readonly family: Family | null;
  readonly zeros: Zeros;
  /** Categories of the rows and what their predictors are; null for other models. */
  readonly categories: {
    readonly kind: "cumulative" | "adjacent" | "unordered";
    readonly category: Int32Array;
    readonly levels: readonly string[];
  } | null;
  /** Coefficients as users know them = transform x psi: names, and names x psiCount row-major. */
  readonly names: readonly string[];
  readonly transform: Float64Array;
}

/** A coefficient is moved by a direction where its parts do not cancel to this share. */
const CANCELLED = 1e-8;

/** Coefficients without a finite estimate, and what is said of them. */
export interface Separation {
  readonly notes: readonly Note[];
  /** Their places among the model's coefficients (`names`). */
  readonly coefficients: readonly number[];
}

/** One note a part of the model that is separated. Proven row by row; none where nothing could be proven. */
export function separation(model: FittedModel): Separation {
  const found = blocksOf(model).flatMap((block) => {
    const direction = separationOf(model, block);
    return direction === null ? [] : [blockSeparation(model, block, direction)];
  });
  return { notes: found.map(({ note }) => note), coefficients: found.flatMap(({ places }) => places) };
}

function blockSeparation(
  model: FittedModel,
  block: SeparableBlock,
  found: SeparatingDirection,
): { readonly note: Note; readonly places: readonly number[] } {
  const { frame, response } = model;
  const part = block.part === "zero" ? frame.further.find((own) => own.part === "zi") : undefined;
  const designs = part === undefined ? [frame] : [part];
  const cells = designs.flatMap(({ fixed, predictors }) => separatedCells(fixed, predictors, block, found));
  const nominal = frame.further.find((own) => own.part === "nominal");
  const missing = block.part !== "thresholds" || nominal === undefined ? [] : missingCategories(nominal, block, found);
  const coefficients = movedCoefficients(model, found.direction);
  const places = coefficients.map(({ place }) => place);
  if (cells.length === 0 && missing.length > 0) {
    return {
      note: { code: "threshold", message: generalizedNoteMessages.unidentifiedThreshold(response.name, coefficients, missing) },
      places,
    };
  }
  const message = generalizedNoteMessages.separation({
    pairs: !block.screened,
    response: response.name,
    part: block.part,
    complete: found.complete || (block.screened && !found.rising.includes(0)),
    rows: found.rising.reduce((sum, x) => sum + x, 0),
    total: frame.rows.length,
    coefficients,
    cells: [...cells, ...missing],
  });
  return { note: { code: "separation", message }, places };
}

const BLOCKS = { cumulative: thresholdBlock, adjacent: adjacentBlock, unordered: unorderedBlock };

function blocksOf({ family, link, response, zeros, categories, estimate }: FittedModel): SeparableBlock[] {
  if (categories !== null) return [BLOCKS[categories.kind](categories.category, categories.levels)];
  if (family === null) return [];
  const mean = meanBlock(family, link, response, zeros);
  const zero = zeros === "inflated" || zeros === "hurdle" ? zeroBlock(response, estimate.problem.model.predictors.length - 1) : null;
  return [...(mean === null ? [] : [mean]), ...(zero === null ? [] : [zero])];
}

/** Leaves the problem's rows at the fit without random effects. */
function separationOf({ estimate }: FittedModel, block: SeparableBlock): SeparatingDirection | null {
  const { model, predictors, rows } = estimate.problem;
  const problem = directionProblem(model, block.forms);
  fixedPredictors(model, estimate.fixedOnly.psi, predictors);
  const finite = Number.isFinite(rowDerivatives(model, predictors, 1, rows));
  if (block.screened && finite && provenFinite(problem, model, rows.first)) return null;
  return separatingDirection(problem);
}

/** Coefficients that the direction moves, and whether upwards. */
function movedCoefficients(
  { names, transform, estimate }: FittedModel,
  direction: Float64Array,
): { readonly name: string; readonly up: boolean; readonly place: number }[] {
  const { psiCount } = estimate.problem.model;
  return names.flatMap((name, i) => {
    let sum = 0;
    let size = 0;
    for (let j = 0; j < psiCount; j++) {
      const own = transform[i * psiCount + j]! * direction[j]!;
      sum += own;
      size += Math.abs(own);
    }
    return Math.abs(sum) > CANCELLED * size ? [{ name, up: sum > 0, place: i }] : [];
  });
}

/** The rows of a term of factors, by combination of levels. */
interface Cells {
  readonly label: string;
  /** n */
  readonly cell: Int32Array;
  readonly names: readonly string[];
}

/** Terms whose variables are all factors, with not more cells than rows. */
function factorCells(fixed: DesignMatrix, predictors: ReadonlyMap<string, Predictor>): Cells[] {
  const n = fixed.rowCount;
  return fixed.terms.flatMap(({ variables }) => {
    const factors = variables.flatMap(({ text }) => {
      const own = predictors.get(text);
      return own !== undefined && own.kind === "factor" ? [{ text, ...own }] : [];
    });
    const count = factors.reduce((product, { levels }) => product * levels.length, 1);
    if (factors.length === 0 || factors.length < variables.length || count > n) return [];
    const cell = new Int32Array(n);
    let names = [""];
    for (const { codes, levels } of factors) {
      for (let i = 0; i < n; i++) cell[i] = cell[i]! * levels.length + codes[i]!;
      names = names.flatMap((name) => levels.map((level) => (name === "" ? level : `${name}:${level}`)));
    }
    return [{ label: factors.map(({ text }) => text).join(":"), cell, names }];
  });
}

/** Cells whose rows all have the same outcome and are all separated; a cell within one already named is not named again. */
function separatedCells(
  fixed: DesignMatrix,
  predictors: ReadonlyMap<string, Predictor>,
  { outcome, outcomes }: SeparableBlock,
  { rising }: SeparatingDirection,
): SeparatedCell[] {
  const n = fixed.rowCount;
  const named = new Uint8Array(n);
  return factorCells(fixed, predictors).flatMap(({ label, cell, names }) => {
    const common = new Int32Array(names.length).fill(-2);
    const rows = new Int32Array(names.length);
    const fresh = new Uint8Array(names.length);
    for (let i = 0; i < n; i++) {
      const c = cell[i]!;
      const own = rising[i] === 1 ? outcome[i]! : -1;
      common[c] = rows[c] === 0 || common[c] === own ? own : -1;
      rows[c] = rows[c]! + 1;
      if (named[i] === 0) fresh[c] = 1;
    }
    const found = names.flatMap((level, c): SeparatedCell[] => {
      const shared = common[c]! >= 0 && fresh[c] === 1 ? outcomes[common[c]!] : undefined;
      return shared === undefined ? [] : [{ term: label, level, rows: rows[c]!, outcome: shared }];
    });
    for (let i = 0; i < n; i++) if (common[cell[i]!]! >= 0) named[i] = 1;
    return found;
  });
}

/** Cells of the nominal effects that lack a category: their thresholds on either side of it cannot be told apart or run off. */
function missingCategories(
  { fixed, predictors }: { readonly fixed: DesignMatrix; readonly predictors: ReadonlyMap<string, Predictor> },
  { outcome, outcomes }: SeparableBlock,
  { rising }: SeparatingDirection,
): SeparatedCell[] {
  return factorCells(fixed, predictors).flatMap(({ label, cell, names }) =>
    names.flatMap((level, c): SeparatedCell[] => {
      const seen = new Uint8Array(outcomes.length);
      let rows = 0;
      let separated = false;
      for (let i = 0; i < cell.length; i++) {
        if (cell[i] !== c) continue;
        rows++;
        seen[outcome[i]!] = 1;
        if (rising[i] === 1) separated = true;
      }
      if (!separated) return [];
      return outcomes.flatMap((own, j) => (seen[j] === 1 || own.kind !== "value" ? [] : [{ term: label, level, rows, absent: own.value }]));
    }),
  );
}
