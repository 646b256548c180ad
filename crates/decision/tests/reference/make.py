"""Computes the reference cases with libraries that share no code with the crate, and writes cases.json.

Run by hand (`pip install scipy==1.17.1 statsmodels==0.15.0 mpmath==1.4.1`); the tests only read what it wrote.
Closed forms of the always-valid numbers are evaluated in 40 digits with mpmath; the rest comes ready from the libraries.
"""

import json
import pathlib

import mpmath as mp
import numpy as np
from scipy import integrate, optimize, special, stats
from statsmodels.stats import proportion as sp
from statsmodels.stats.contingency_tables import StratifiedTable

mp.mp.dps = 40

PAIRS = [  # control visitors, control conversions, variant visitors, variant conversions
    (100, 10, 100, 18), (1000, 50, 1000, 70), (10000, 500, 10000, 580), (9000, 180, 1000, 31),
    (20, 3, 20, 1), (180, 0, 20, 0), (180, 4, 20, 0), (100, 0, 100, 5), (100, 100, 100, 95),
    (50, 49, 60, 60), (10**6, 50_000, 10**6, 50_900), (10**7, 100, 10**7, 150),
    (10**8, 5_000_000, 10**8, 5_003_000), (5, 1, 7, 3), (1, 0, 1, 1), (100_000, 30_000, 5_000, 1_600),
]
MOMENTS = [  # visitors, mean, sample variance: control, then variant
    ((30, 10.0, 4.0), (40, 11.0, 9.0)), ((500, 61.2, 4900.0), (480, 70.5, 6100.0)),
    ((100_000, 45.0, 2000.0), (100_000, 45.8, 2100.0)), ((12, -1.0, 2.0), (9, 0.5, 0.1)), ((2, 1.0, 1.0), (3, 2.0, 2.0)),
    ((3_000_000, 0.52, 0.08), (1_000, 0.55, 0.09)),
]


def wilson(n, k):
    low, high = sp.proportion_confint(k, n, method="wilson")
    return [max(float(low), 0.0), min(float(high), 1.0)]


def koopman(na, ka, nb, kb, alpha):
    if ka == 0 and kb == 0:
        return [None, None]
    limit = stats.norm.isf(alpha / 2)

    def z(log_ratio):
        with np.errstate(all="ignore"):
            test = sp.score_test_proportions_2indep(kb, nb, ka, na, value=np.exp(log_ratio), compare="ratio", correction=False)
        return float(test[0])

    def root(target, low, high):
        return float(np.expm1(optimize.brentq(lambda x: z(x) - target, low, high, xtol=1e-14, rtol=1e-14)))

    centre = np.log((kb / nb) / (ka / na)) if ka and kb else 0.0
    low = -1.0 if kb == 0 else root(limit, centre - 15 if ka else -18, centre + (1e-9 if ka else 18))
    high = None if ka == 0 else root(-limit, centre - (1e-9 if kb else 18), centre + 15)
    return [low, high]


def always_valid(xa, va, na, xb, vb, nb, pooled, tuning, alpha, share):
    xa, va, xb, vb, pooled = map(mp.mpf, (xa, va, xb, vb, pooled))
    n = mp.mpf(na + nb)
    v = max(va + vb, pooled)
    d = xb - xa
    if v == 0:
        return {"log_e": 0.0, "p": 1.0, "absolute": None, "relative": [None, None]}
    doubled = 2 * mp.log(20)
    rho = mp.mpf(tuning) / (doubled + mp.log(1 + doubled))
    log_e = mp.log(rho / (n + rho)) / 2 + d**2 * n / (2 * v * (n + rho))
    c = mp.sqrt((n + rho) / n * (mp.log((n + rho) / rho) + 2 * mp.log(1 / mp.mpf(alpha))))
    low, high = d - c * mp.sqrt(v), d + c * mp.sqrt(v)
    if share:
        low, high = max(low, -1), min(high, 1)
    e = v - va - vb
    a, b, cc = xa**2 - c**2 * va, xa * xb, xb**2 - c**2 * (vb + e)
    relative = [None, None]
    if a > 0 and xa > 0:
        spread = mp.sqrt(b**2 - a * cc)
        ends = sorted([(b - spread) / a - 1, (b + spread) / a - 1])
        relative = [float(max(ends[0], -1) if share else ends[0]), float(ends[1])]
    return {"log_e": float(log_e), "p": float(min(mp.mpf(1), mp.e**-log_e)), "absolute": [float(low), float(high)], "relative": relative}


def prior(counts):
    k, n = sum(c[1] for c in counts), sum(c[0] for c in counts)
    q = (k + 0.5) / (n + 1)
    return (1.0, (1 - q) / q) if q <= 0.5 else (q / (1 - q), 1.0)


def bayes(counts):
    """Sums over the logit of the rate in 40 digits, each arm's chances by the regularised incomplete Beta function."""
    alpha, beta = prior(counts)
    shapes = [(alpha + k, beta + n - k) for n, k in counts]
    if max(a + b for a, b in shapes) > 3e4:
        return None  # out of reach for this slow way; the closed form below covers larger ones
    cdf = lambda i, x: special.betainc(*shapes[i], x)
    pdf = lambda i, x: stats.beta.pdf(x, *shapes[i])
    points = sorted({float(stats.beta.ppf(q, *s)) for s in shapes for q in (1e-12, 1e-6, 0.01, 0.2, 0.5, 0.8, 0.99, 1 - 1e-6, 1 - 1e-12)})
    edges = [0.0, *points, 1.0]

    def total(f):
        parts = [integrate.quad(f, a, b, epsabs=1e-14, epsrel=1e-12, limit=200)[0] for a, b in zip(edges, edges[1:]) if b > a]
        return float(sum(parts))

    m = range(len(counts))
    others = lambda i, x: np.prod([cdf(j, x) for j in m if j != i])
    best = [total(lambda x: pdf(i, x) * others(i, x)) for i in m]
    loss = [total(lambda x: cdf(i, x) * (1 - others(i, x))) for i in m]
    beats = [total(lambda x: pdf(i, x) * cdf(0, x)) for i in m]
    behind = [total(lambda x: cdf(i, x) * (1 - cdf(0, x))) for i in m]
    credible = [[float(stats.beta.ppf(q, *s)) for q in (0.025, 0.975)] for s in shapes]

    def lift_end(i, q):
        chance = lambda log_r: total(lambda x: pdf(0, x) * cdf(i, min(1.0, x * np.exp(log_r)))) - q
        return float(np.expm1(optimize.brentq(chance, -8, 8, xtol=1e-9)))

    lifts = [[lift_end(i, 0.025), lift_end(i, 0.975)] for i in m if i > 0]
    return {"best": best, "loss": loss, "beats": beats, "behind": behind, "credible": credible, "lifts": lifts}


def miller(counts):
    """Evan Miller's sum for whole shapes, prior Beta(1, 1): the chance that the second beats the first."""
    (na, ka), (nb, kb) = counts
    aa, ba, ab, bb = 1 + ka, 1 + na - ka, 1 + kb, 1 + nb - kb
    return float(mp.fsum(mp.beta(aa + i, bb + ba) / ((bb + i) * mp.beta(1 + i, bb) * mp.beta(aa, ba)) for i in range(ab)))


def log_e_traffic(visitors, shares, kappa=100):
    w = [mp.mpf(s) for s in shares]
    n = sum(visitors)
    terms = [mp.loggamma(kappa * s + v) - mp.loggamma(kappa * s) - v * mp.log(s) for v, s in zip(visitors, w)]
    return float(mp.loggamma(kappa) - mp.loggamma(kappa + n) + sum(terms))


def counts_case(na, ka, nb, kb):
    alpha = 0.05
    pa, pb, q = mp.mpf(ka) / na, mp.mpf(kb) / nb, mp.mpf(ka + kb) / (na + nb)
    pooled = q * (1 - q) * (mp.mpf(1) / na + mp.mpf(1) / nb)
    z, p = (0.0, 1.0) if q in (0, 1) else map(float, sp.proportions_ztest([kb, ka], [nb, na]))
    newcombe = [float(end) for end in sp.confint_proportions_2indep(kb, nb, ka, na, compare="diff", method="newcomb")]
    return {
        "counts": [na, ka, nb, kb], "wilson": wilson(nb, kb), "z": z, "p": p, "newcombe": newcombe,
        "koopman": koopman(na, ka, nb, kb, alpha),
        "always_valid": always_valid(pa, pa * (1 - pa) / na, na, pb, pb * (1 - pb) / nb, nb, pooled, 5000, alpha, True),
        "bayes": bayes([(na, ka), (nb, kb)]),
        "miller": miller([(na, ka), (nb, kb)]) if kb <= 20_000 else None,
    }


def moments_case(control, variant):
    (na, xa, sa), (nb, xb, sb) = control, variant
    t = stats.ttest_ind_from_stats(xb, sb**0.5, nb, xa, sa**0.5, na, equal_var=False)
    interval = t_interval(control, variant)
    mean = (na * xa + nb * xb) / (na + nb)
    both = ((na - 1) * sa + (nb - 1) * sb + na * (xa - mean) ** 2 + nb * (xb - mean) ** 2) / (na + nb - 1)
    half = stats.t.isf(0.025, nb - 1) * (sb / nb) ** 0.5
    return {
        "control": control, "variant": variant, "t": float(t.statistic), "p": float(t.pvalue), "absolute": interval,
        "mean": [float(xb - half), float(xb + half)],
        "always_valid": always_valid(xa, mp.mpf(sa) / na, na, xb, mp.mpf(sb) / nb, nb, mp.mpf(both) * (mp.mpf(1) / na + mp.mpf(1) / nb), 5000, 0.05, False),
        "chance": float(stats.norm.cdf((xb - xa) / (sa / na + sb / nb) ** 0.5)),
    }


def t_interval(control, variant):
    (na, xa, sa), (nb, xb, sb) = control, variant
    va, vb = sa / na, sb / nb
    df = (va + vb) ** 2 / (va**2 / (na - 1) + vb**2 / (nb - 1))
    half = stats.t.isf(0.025, df) * (va + vb) ** 0.5
    return [float(xb - xa - half), float(xb - xa + half)]


def strata_case(strata):
    tables = [np.array([[kb, nb - kb], [ka, na - ka]]) for na, ka, nb, kb in strata]
    pooled = StratifiedTable(tables)
    test = pooled.test_null_odds(correction=False)
    return {"strata": strata, "chi_square": float(test.statistic), "p": float(test.pvalue), "ratio": float(pooled.riskratio_pooled)}


def plan_case(rate, lift, power, ratio):
    variant = sp.samplesize_proportions_2indep_onetail(rate * lift, rate, power, ratio=ratio, alpha=0.05, alternative="two-sided")
    return {"rate": rate, "lift": lift, "power": power, "ratio": ratio, "variant": float(variant)}


cases = {
    "pairs": [counts_case(*pair) for pair in PAIRS],
    "moments": [moments_case(*pair) for pair in MOMENTS],
    "many": [
        {"counts": counts, "bayes": bayes(counts)}
        for counts in ([(1000, 50), (1000, 61), (900, 40)], [(300, 3), (310, 9), (305, 1), (290, 5), (310, 4)])
    ],
    "strata": [strata_case(s) for s in (
        [(9000, 1800, 1000, 200), (5000, 500, 5000, 500)], [(9000, 1800, 1000, 220), (5000, 500, 5000, 550)],
        [(950, 40, 50, 3), (800, 44, 200, 9), (500, 21, 500, 30)],
    )],
    "traffic": [
        {"visitors": v, "shares": s, "chi_square": float(c.statistic), "p": float(c.pvalue), "log_e": log_e_traffic(v, s)}
        for v, s in (
            ([500, 500], [0.5, 0.5]), ([5300, 4700], [0.5, 0.5]), ([905, 95], [0.9, 0.1]), ([330, 340, 335], [0.25, 0.25, 0.5]),
            ([10**6 + 3000, 10**6], [0.5, 0.5]), ([5 * 10**11 + 10**6, 5 * 10**11], [0.5, 0.5]), ([7, 3], [0.5, 0.5]),
        )
        for c in [stats.chisquare(v, [sum(v) * x for x in s])]
    ],
    "plans": [plan_case(*p) for p in ((0.05, 0.1, 0.8, 1.0), (0.01, 0.1, 0.8, 1.0), (0.3, 0.05, 0.9, 9.0), (0.5, -0.1, 0.8, 0.25))],
    "student": [
        {"df": df, "t": t, "two_sided": float(2 * stats.t.sf(t, df)), "quantile_975": float(stats.t.isf(0.025, df))}
        for df in (1.0, 2.5, 7.0, 40.0, 999.0, 1e5, 1e7) for t in (0.1, 1.0, 2.0, 6.0, 20.0)
    ],
}
path = pathlib.Path(__file__).with_name("cases.json")
path.write_text(json.dumps(cases, indent=1) + "\n")
print(f"{path.name}: {sum(len(v) for v in cases.values())} cases")
