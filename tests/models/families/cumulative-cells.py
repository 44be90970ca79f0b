"""
Reference values of cumulative-cells.json: l = log(F(z1) - F(z2)) and its derivatives, from the definitions in arithmetic of 1000 digits.

python3 cumulative-cells.py > cumulative-cells.json            (mpmath 1.3.0)

A case is [z1, z2, width, l, l_1, l_2, g, l_11, l_12, l_22, g_1, g_2, w, w_1, w_2]; null stands for an infinite end. All z are dyadic,
so that width = z1 - z2 holds exactly in binary numbers.
"""
import json
from mpmath import atan, cosh, diff, erfc, exp, log, mp, mpf, pi, sqrt

mp.dps = 1000


def normal(z):
    f = exp(-z * z / 2) / sqrt(2 * pi)
    return f, -z * f, (z * z - 1) * f


def logistic(z):
    f = 1 / (4 * cosh(z / 2) ** 2)
    s = (1 - exp(-z)) / (1 + exp(-z))
    return f, -s * f, f * (s * s - 2 * f)


def gumbel(z):
    a = exp(z)
    f = exp(z - a)
    return f, f * (1 - a), f * ((1 - a) ** 2 - a)


def cauchy(z):
    u = 1 / (1 + z * z)
    return u / pi, -2 * z * u * u / pi, (6 * z * z - 2) * u**3 / pi


def mirrored(density):
    def of(z):
        f, f1, f2 = density(-z)
        return f, -f1, f2

    return of


# log of the probability of (z2, z1): as upper tails, as lower tails
UPPER = {
    "logit": lambda z: 1 / (1 + exp(z)),
    "probit": lambda z: erfc(z / sqrt(mpf(2))) / 2,
    "cloglog": lambda z: exp(-exp(z)),
    "loglog": lambda z: -mp.expm1(-exp(-z)),
    "cauchit": lambda z: mpf(1) / 2 - atan(z) / pi,
}
LOWER = {
    "logit": lambda z: 1 / (1 + exp(-z)),
    "probit": lambda z: erfc(-z / sqrt(mpf(2))) / 2,
    "cloglog": lambda z: -mp.expm1(-exp(z)),
    "loglog": lambda z: exp(-exp(-z)),
    "cauchit": lambda z: mpf(1) / 2 + atan(z) / pi,
}
DENSITY = {"logit": logistic, "probit": normal, "cloglog": gumbel, "loglog": mirrored(gumbel), "cauchit": cauchy}


def case(link, z1, z2):
    if z1 is None:
        p = UPPER[link](mpf(z2))
    elif z2 is None:
        p = LOWER[link](mpf(z1))
    elif z1 + z2 > 0:
        p = UPPER[link](mpf(z2)) - UPPER[link](mpf(z1))
    else:
        p = LOWER[link](mpf(z1)) - LOWER[link](mpf(z2))
    zero = (mpf(0), mpf(0), mpf(0))
    a, a1, a2 = zero if z1 is None else (x / p for x in DENSITY[link](mpf(z1)))
    b, b1, b2 = zero if z2 is None else (x / p for x in DENSITY[link](mpf(z2)))
    l1, l2 = a, -b
    l11, l12, l22 = a1 - a * a, a * b, -b1 - b * b
    l111 = a2 - 3 * a * a1 + 2 * a**3
    l112 = a1 * b - 2 * a * a * b
    l122 = a * b1 + 2 * a * b * b
    l222 = -b2 - 3 * b * b1 - 2 * b**3
    values = [log(p), l1, l2, -(l1 + l2), l11, l12, l22, -(l11 + l12), -(l12 + l22)]
    values += [-(l11 + 2 * l12 + l22), -(l111 + 2 * l112 + l122), -(l112 + 2 * l122 + l222)]
    width = None if z1 is None or z2 is None else z1 - z2
    return [z1, z2, width] + [float(mp.nstr(x, 17)) for x in values]


CENTRES = [-700, -45.5, -12, -5.75, -2.25, -0.625, 0, 0.25, 1.5, 3.125, 6.5, 20, 150.25, 700]
WIDTHS = [2.0**-30, 2.0**-14, 0.0625, 0.25, 0.5, 0.875, 2, 4.5, 40]


def cases(link):
    made = []
    for z in CENTRES:
        made.append(case(link, None, z))
        made.append(case(link, z, None))
        for width in WIDTHS:
            made.append(case(link, z + width, z))
    return made


print(json.dumps({link: cases(link) for link in UPPER}, separators=(",", ":")).replace("],[", "],\n["))
