/**
 * The eight-point Gauss-Legendre rule on (-1, 1), for means over a narrow cell of the latent scale: exact for polynomials of degree 15
 * (Abramowitz & Stegun 1964, table 25.4). Weights sum to 2.
 */
const POSITIVE_NODES: readonly number[] = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const POSITIVE_WEIGHTS: readonly number[] = [0.362683783378362, 0.31370664587788727, 0.22238103445337448, 0.10122853629037626];

export const LEGENDRE_NODES: Float64Array = Float64Array.of(...POSITIVE_NODES.map((x) => -x), ...POSITIVE_NODES);
export const LEGENDRE_WEIGHTS: Float64Array = Float64Array.of(...POSITIVE_WEIGHTS, ...POSITIVE_WEIGHTS);
