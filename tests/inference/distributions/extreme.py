"""Both tails where R 4.2 is inaccurate: extreme degrees of freedom and far tails, by 40-digit quadrature. Needs mpmath. Run in this folder:

    python3 extreme.py > extreme.json

Each entry of a family is [x, df..., lower, upper]. The density of log x is log-concave for all three families (t through t^2, which is F
with 1 and df degrees of freedom); it is integrated outwards from log x in panels of a few units of its exponent until that has fallen by
100. Both tails are integrated independently, and their sum is checked against 1.
"""
import re

from mpmath import exp, log, log1p, loggamma, mp, mpf, quad, sqrt

mp.dps = 40


def tail(log_density, slope, curvature, start, sign):
    points, height = [start], log_density(start)
    while height - log_density(points[-1]) < 100:
        at = points[-1]
        points.append(at + sign * 4 / (abs(slope(at)) + sqrt(curvature(at))))
        height = max(height, log_density(points[-1]))
    # relative to the height, because quad's own tolerance is absolute
    return exp(height) * sum(abs(quad(lambda s: exp(log_density(s) - height), panel)) for panel in zip(points, points[1:]))


def both(*density):
    if density[0](density[-1]) < -690:
        return [0, 0]
    lower, upper = tail(*density, -1), tail(*density, 1)
    assert abs(lower + upper - 1) < 1e-15, (lower, upper)
    return [float(lower), float(upper)]


def f_tails(f, df1, df2):
    a, b = mpf(df1) / 2, mpf(df2) / 2
    constant = loggamma(a + b) - loggamma(a) - loggamma(b)
    x = lambda s: 1 / (1 + exp(-s))
    y = lambda s: 1 / (1 + exp(s))
    return both(
        lambda s: constant - a * log1p(exp(-s)) - b * log1p(exp(s)),
        lambda s: a * y(s) - b * x(s),
        lambda s: (a + b) * x(s) * y(s),
        log(mpf(f) * a / b),
    )


def chi_square_tails(x, df):
    a = mpf(df) / 2
    return both(lambda s: a * s - exp(s) - loggamma(a), lambda s: a - exp(s), lambda s: exp(s), log(mpf(x) / 2))


def rounded(x):
    return float("%.6g" % x)


def keep(rows):
    """What a double can hold."""
    return [row for row in rows if min(row[-2:]) > 1e-300]


def number_text(x):
    return re.sub(r"e\+?(-?)0*", r"e\1", "%.17g" % x)


deviations = [-37, -30, -12, -3, -0.5, -1e-5, 0, 1e-3, 0.5, 4, 12, 30, 37]
pairs = [(0.5, 0.5), (0.5, 1e8), (1e8, 0.5), (1e8, 1e8), (1e6, 1e7), (17.2, 1e4), (199, 201), (400, 400), (401, 399), (3, 1e6)]
shapes = [0.5, 3, 399, 401, 1e5, 1e8]
statistics = [1e-12, 0.3, 1, 1.5, 3, 12, 36, 1e6, 1e20, 1e100]

families = {
    "f": keep([f, d1, d2, *f_tails(f, d1, d2)] for d1, d2 in pairs for f in [rounded(exp(z * sqrt(2 / d1 + 2 / d2))) for z in deviations]),
    "chiSquare": keep([x, df, *chi_square_tails(x, df)] for df in shapes for x in [rounded(df * exp(z * sqrt(2 / df))) for z in deviations]),
    "studentT": keep([t, df, *f_tails(mpf(t) ** 2, 1, df)] for df in [0.5, 1.5, 30, 1e4, 1e6, 1e8] for t in statistics),
}
entries = {name: ",\n".join("    [%s]" % ", ".join(number_text(number) for number in row) for row in rows) for name, rows in families.items()}
print("{\n%s\n}" % ",\n".join('  "%s": [\n%s\n  ]' % entry for entry in entries.items()))
