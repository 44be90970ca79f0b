"""Log-likelihoods of single rows and their derivatives, in as many digits as the tails need. Needs mpmath. Run in this folder:

    python3 derivatives.py | gzip -9n > derivatives.json.gz     (four minutes)

Each entry is [family, link, response, [predictors], [l and its derivatives]]: the first, second and third derivatives in the order of
src/models/families/row-likelihood.ts, third ones only where two of the three indices are the mean's. The densities are written as the
textbooks have them; only the tails of the links are written so that they keep their digits. A number too small for a double is 0.
"""
import json

from mpmath import atan2, diff, erfc, exp, expm1, log, log1p, loggamma, mp, mpf, pi, sqrt

MEANS = {  # log mu, log(1 - mu)
    "logit": (lambda e: -log1p(exp(-e)), lambda e: -log1p(exp(e))),
    "probit": (lambda e: log(erfc(-e / sqrt(2)) / 2), lambda e: log(erfc(e / sqrt(2)) / 2)),
    "cloglog": (lambda e: log(-expm1(-exp(e))), lambda e: -exp(e)),
    "loglog": (lambda e: -exp(-e), lambda e: log(-expm1(-exp(-e)))),
    "cauchit": (lambda e: log(atan2(1, -e) / pi), lambda e: log(atan2(1, e) / pi)),
    "log": (lambda e: e, lambda e: log(-expm1(e))),
    "identity": (lambda e: log(e), lambda e: log1p(-e)),
}
POSITIVE = {
    "log": exp,
    "identity": lambda e: e,
    "sqrt": lambda e: e**2,
    "inverse": lambda e: 1 / e,
    "1/mu^2": lambda e: 1 / sqrt(e),
}


def log_rising(a, y):
    """log of a (a + 1) ... (a + y - 1)"""
    return sum((log(a + k) for k in range(int(y))), mpf(0))


def log_choose(s, f):
    return loggamma(s + f + 1) - loggamma(s + 1) - loggamma(f + 1)


def binomial(link, y, e):
    m, n = MEANS[link]
    s, f = y
    return log_choose(s, f) + (s * m(e) if s else 0) + (f * n(e) if f else 0)


def betabinomial(link, y, e, L):
    m, n = MEANS[link]
    s, f = y
    return log_choose(s, f) + log_rising(exp(L + m(e)), s) + log_rising(exp(L + n(e)), f) - log_rising(exp(L), s + f)


def beta(link, y, e, L):
    m, n = MEANS[link]
    phi, a, b = exp(L), exp(L + m(e)), exp(L + n(e))
    return loggamma(phi) - loggamma(a) - loggamma(b) + (a - 1) * log(y) + (b - 1) * log(1 - y)


def poisson(link, y, e):
    mu = POSITIVE[link](e)
    return y * log(mu) - mu - loggamma(y + 1)


def nbinom2(link, y, e, L):
    mu, theta = POSITIVE[link](e), exp(L)
    return log_rising(theta, y) - loggamma(y + 1) + theta * log(theta / (theta + mu)) + y * log(mu / (theta + mu))


def nbinom1(link, y, e, L):
    mu, phi = POSITIVE[link](e), exp(L)
    return log_rising(mu / phi, y) - loggamma(y + 1) + y * log(phi) - (y + mu / phi) * log1p(phi)


def gamma(link, y, e, L):
    mu, a = POSITIVE[link](e), exp(L)
    return a * log(a / mu) - loggamma(a) + (a - 1) * log(y) - a * y / mu


def inverse_gaussian(link, y, e, L):
    mu, precision = POSITIVE[link](e), exp(-2 * L)
    return log(precision / (2 * pi * y**3)) / 2 - precision * (y - mu) ** 2 / (2 * mu**2 * y)


def gaussian(link, y, e, L):
    return -L - log(2 * pi) / 2 - ((y - POSITIVE[link](e)) / exp(L)) ** 2 / 2


def student_t(link, y, e, L, S):
    z, nu = (y - POSITIVE[link](e)) / exp(L), exp(S)
    return loggamma((nu + 1) / 2) - loggamma(nu / 2) - log(nu * pi) / 2 - L - (nu + 1) / 2 * log1p(z**2 / nu)


ORDERS = {
    1: [(0,), (1,), (2,), (3,)],
    2: [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2), (3, 0), (2, 1)],
    3: [
        (0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1),
        (2, 0, 0), (1, 1, 0), (0, 2, 0), (1, 0, 1), (0, 1, 1), (0, 0, 2),
        (3, 0, 0), (2, 1, 0), (2, 0, 1),
    ],
}


def digits(link, e):
    """How many digits l needs so that what the far tail adds to it is seen."""
    size = abs(e)
    if link in ("cloglog", "loglog"):
        toward_one = e if link == "cloglog" else -e
        size = min(exp(toward_one), 450) if toward_one > 0 else size
    if link == "probit":
        size = min(e * e / 2, 1000)
    return 50 + int((min(size, 40) if link in ("cauchit", "identity", "sqrt", "inverse", "1/mu^2") else size) / 2.3)


def entry(f, link, y, at):
    mp.dps = digits(link, at[0])
    y_mp = tuple(mpf(v) for v in y) if isinstance(y, tuple) else mpf(y)
    at_mp = [mpf(v) for v in at]
    values = []
    for orders in ORDERS[len(at)]:
        if sum(orders) == 0:
            value = f(link, y_mp, *at_mp)
        elif len(at) == 1:
            value = diff(lambda e: f(link, y_mp, e), at_mp[0], orders[0])
        else:
            value = diff(lambda *x: f(link, y_mp, *x), tuple(at_mp), orders)
        values.append(float(value))
    return [f.__name__, link, list(y) if isinstance(y, tuple) else y, at, values]


WIDE = [-700.0, -30.0, -4.5, -0.7, 0.3, 1.1, 6.0, 30.0, 700.0]
UNIT = {"log": [-700.0, -30.0, -3.0, -0.2, -1e-5], "identity": [1e-9, 0.1, 0.45, 0.98]}
POSITIVE_AT = [0.02, 0.3, 4.0, 90.0]


def rows():
    for link in MEANS:
        for e in UNIT.get(link, WIDE):
            for y in [(0, 1), (1, 0), (3, 2), (40, 7)]:
                yield entry(binomial, link, y, [e])
    for link in ["logit", "probit", "cloglog", "loglog", "cauchit"]:
        for e in [-30.0, -4.5, 0.3, 2.2, 6.0, 30.0]:
            for y in [(3, 2), (40, 7)]:
                for L in [-3.0, 0.7, 9.0]:
                    yield entry(betabinomial, link, y, [e, L])
            # beyond 6 the shapes of the double exponential underflow, and with them every digit of the textbook's form
            if abs(e) < 7 or link == "logit":
                for y in [1e-5, 0.3, 0.92]:
                    for L in [-2.0, 1.5, 6.0]:
                        yield entry(beta, link, y, [e, L])
    for link in ["log", "sqrt", "identity"]:
        for e in WIDE if link == "log" else POSITIVE_AT:
            for y in [0, 1, 7, 60]:
                yield entry(poisson, link, y, [e])
                for L in [-4.0, 0.5, 5.0, 12.0]:
                    yield entry(nbinom2, link, y, [e, L])
                    yield entry(nbinom1, link, y, [e, -L])
    for link in ["log", "inverse", "identity"]:
        for e in [-30.0, -4.5, 0.3, 6.0, 30.0, 200.0] if link == "log" else POSITIVE_AT:
            for y in [1e-3, 1.7, 800.0]:
                for L in [-3.0, 0.5, 4.0, 9.0]:
                    yield entry(gamma, link, y, [e, L])
    for link in ["log", "1/mu^2", "inverse", "identity"]:
        for e in [-30.0, -4.5, 0.3, 6.0, 30.0, 200.0] if link == "log" else POSITIVE_AT:
            for y in [0.02, 1.7, 30.0]:
                for L in [-3.0, 0.5, 2.0]:
                    yield entry(inverse_gaussian, link, y, [e, L])
    for link in ["identity", "log", "inverse"]:
        for e in [-700.0, -4.5, 0.3, 6.0, 100.0]:
            for y in [-3.0, 0.4, 20.0]:
                for L in [-2.0, 1.0]:
                    yield entry(gaussian, link, y, [e, L])
    for link in ["identity", "log"]:
        for e in [-700.0, -4.5, 0.3, 6.0, 30.0, 700.0]:
            for y in [-3.0, 0.4, 20.0]:
                for L in [-2.0, 1.0]:
                    for S in [-3.0, 1.2, 5.0, 14.0]:
                        yield entry(student_t, link, y, [e, L, S])


print("[\n" + ",\n".join(json.dumps(row) for row in rows()) + "\n]")
