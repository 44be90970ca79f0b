"""The special functions below the families, in 60 digits. Needs mpmath. Run in this folder:

    python3 special.py > special.json

stirling: [A, s, s', s'', s'''], derivatives in A = log a; rising: [A, y, E, E', E'', E''']; normal: [z, log Phi, ', '', '''].
"""
import json

from mpmath import diff, erfc, exp, log, loggamma, mp, mpf, pi, sqrt

mp.dps = 60


def stirling(A):
    a = exp(A)
    return loggamma(a) - (a - mpf(1) / 2) * A + a - log(2 * pi) / 2


def rising(A, y):
    return sum((log(1 + k / exp(A)) for k in range(1, y)), mpf(0))


def log_phi(z):
    return log(erfc(-z / sqrt(2)) / 2)


def derivatives(f, at):
    return [float(f(mpf(at)))] + [float(diff(f, mpf(at), k)) for k in (1, 2, 3)]


found = {"stirling": [], "rising": [], "normal": []}
for A in [-60.0, -12.0, -3.0, -0.4, -1e-9, 0.0, 0.3, 1.1, 2.2, 2.31, 4.0, 9.0, 25.0]:
    found["stirling"].append([A] + derivatives(stirling, A))
for A in [-50.0, -3.0, -0.2, 0.1, 1.5, 3.3, 3.45, 7.0, 20.0, 60.0]:
    for y in [2, 3, 17, 32, 33, 60, 400]:
        found["rising"].append([A, y] + derivatives(lambda at: rising(at, y), A))
for z in [-700.0, -60.0, -20.0, -9.0, -5.0, -4.1, -4.0, -3.9, -2.0, -0.8, -0.6, 0.0, 0.9, 2.0, 5.0, 9.0, 20.0]:
    mp.dps = 60 + int(z * z / 4) if z > 0 else 60
    found["normal"].append([z] + derivatives(log_phi, z))
print(json.dumps(found).replace("], [", "],\n["))
