"""Both tails of the studentized range, where R's ptukey has few digits, by Gauss-Legendre quadrature in panels. Needs numpy and scipy. Run
in this folder:

    python3 studentized-range.py > studentized-range.json

Each entry is [q, means, df, lower, upper] (df "Infinity" for the range itself). The upper tail is integrated as such, not as 1 - lower.
"""
import json

import numpy as np
from scipy.special import gammaln, ndtr

nodes, weights = np.polynomial.legendre.leggauss(40)


def panels(points):
    points = np.asarray(points, dtype=float)
    half = np.diff(points) / 2
    x = (points[:-1] + half)[:, None] + half[:, None] * nodes
    return x.ravel(), (half[:, None] * weights).ravel()


def range_tails(w, r):
    z, dz = panels(np.linspace(-12, w / 2 + 14, 60))
    phi = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    below, whole = ndtr(z - w), ndtr(z)
    inside = np.where(2 * z > w, ndtr(w - z) - ndtr(-z), whole - below)
    ratio = np.where(whole > 0, below / np.where(whole > 0, whole, 1), 0)
    more = whole ** (r - 1) * -np.expm1((r - 1) * np.log1p(-np.minimum(ratio, 1 - 1e-16)))
    return r * np.sum(dz * phi * inside ** (r - 1)), r * np.sum(dz * phi * more)


def tails(q, r, df):
    if np.isinf(df):
        return range_tails(q, r)
    # x = log s; far to the left for small df, and where q s is of the size of a range
    x, dx = panels(np.linspace(-40 / df - np.log(1 + q), np.log1p(14 / np.sqrt(2 * df)), 160))
    log_weight = np.log(2) + (df / 2) * np.log(df / 2) - gammaln(df / 2) + df * x - df * np.exp(2 * x) / 2
    both = np.array([range_tails(q * np.exp(at), r) for at in x])
    # normalised, as the constant has fewer digits than the sums
    density = dx * np.exp(log_weight)
    assert abs(density.sum() - 1) < 1e-9, density.sum()
    return tuple(density @ both / density.sum())


rows = []
for q, r, df in [
    (0.01, 3, np.inf), (1, 3, np.inf), (3.5, 3, np.inf), (8, 4, np.inf), (12, 10, np.inf), (20, 3, np.inf), (6, 60, np.inf),
    (0.05, 4, 7), (1, 3, 5), (3.5, 3, 20), (12, 4, 10), (40, 3, 8), (30, 5, 2.5), (9, 20, 60), (25, 6, 400), (4, 3, 1e5),
    (3, 40, np.inf), (4.5, 12, 10), (1.5, 40, 60), (0.5, 2, 2),
]:
    lower, upper = tails(q, r, df)
    rows.append([q, r, "Infinity" if np.isinf(df) else df, float(lower), float(upper)])
print("[" + ",\n".join(json.dumps(row) for row in rows) + "]")
