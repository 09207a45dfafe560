"""Uncertainty of efficiency: seeded draws of scores and of compute, and the regressions on both."""

from itertools import product

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS
from statsmodels.tools.tools import add_constant

from . import efficiency, levels

SEED, DRAWS = 20251031, 2000
Z90, Z95 = 1.645, 1.96
# Epoch's words for a compute estimate, as a factor either way that holds with 90 % (Epoch AI,
# documentation of the models data, confidence).
FACTOR = {"Confident": 3, "Likely": 10, "Speculative": 30, "Unknown": 30, "Unverified": 30}


def factors(confidence: pd.Series) -> pd.Series:
    """Return the factor of each of Epoch's words; no word counts as Unknown."""
    return confidence.map(FACTOR).fillna(FACTOR["Unknown"])


def draw(
    models: pd.DataFrame, capability: str, draws: int = DRAWS, seed: int = SEED
) -> tuple[np.ndarray, np.ndarray]:
    """Return drawn scores and base-10 logarithms of compute: a row a draw, a column a version.

    Scores are normal within their range (95 % for benchmarks, read as 90 % for the index; no range,
    no spread); compute is log-normal within Epoch's factor, drawn once a model, since its versions
    share one training run.
    """
    random = np.random.default_rng(seed)
    z = Z90 if capability == "eci" else Z95
    spread = ((models["high"] - models["low"]) / (2 * z)).fillna(0).to_numpy()
    score = models["score"].to_numpy() + spread * random.standard_normal((draws, len(models)))
    code, names = pd.factorize(models["model"])
    width = np.log10(factors(models["confidence"])).groupby(code).max().to_numpy() / Z90
    shift = width * random.standard_normal((draws, len(names)))
    return score, np.log10(models["flop"].to_numpy()) + shift[:, code]


def stays_on_frontier(
    models: pd.DataFrame, name: str, capability: str, draws: int = DRAWS, seed: int = SEED
) -> pd.Series:
    """Return how often no US model, and no model, dominates `name`, and the range of US ones.

    In per cent of draws; the range is from 5 to 95 %. All missing where `name` is not among
    `models`.
    """
    labels = [
        "no US model dominates, % of draws",
        "no model dominates, % of draws",
        "US models, 5 %",
        "US models, 95 %",
    ]
    target = efficiency.first_version(models, name)
    if target is None:
        return pd.Series(np.nan, index=labels)
    score, flop = draw(models, capability, draws, seed)
    own = models.index.get_loc(target.name)
    better = (
        (score >= score[:, [own]]) & (flop <= flop[:, [own]]) & models["model"].ne(name).to_numpy()
    )
    code, names = pd.factorize(models["model"])
    by_model = np.stack(
        [better[:, code == place].any(axis=1) for place in range(len(names))], axis=1
    )
    american = models.groupby(code)["side"].first().eq(efficiency.US).to_numpy()
    us = by_model[:, american].sum(axis=1)
    return pd.Series(
        [100 * (us == 0).mean(), 100 * (~by_model.any(axis=1)).mean(), *np.percentile(us, [5, 95])],
        index=labels,
    )


def ratio_range(
    models: pd.DataFrame,
    capability: str,
    floor: float = -np.inf,
    draws: int = DRAWS,
    seed: int = SEED,
) -> tuple[float, float]:
    """Return the 5 to 95 % range of the median ratio at equal capability, China over United States.

    Of drawn capabilities only those from the score `floor` up count.
    """
    both = models[models["side"].isin([efficiency.US, efficiency.CN])].reset_index(drop=True)
    score, flop = draw(both, capability, draws, seed)
    chinese = both["side"].eq(efficiency.CN).to_numpy()
    marks, china, american = levels.least_compute(score, 10**flop, chinese)
    ratios = pd.DataFrame(china / american).where(marks >= floor)
    medians = ratios.median(axis=1).dropna()
    return tuple(np.percentile(medians, [5, 95])) if len(medians) else (np.nan, np.nan)


def regressions(**choices) -> pd.DataFrame:
    """Fit capability on the logarithm of compute in every declared specification, one row each.

    Specifications: three measures, China and the United States or all countries, with or
    without the release date, compute from 0 or from 1e24 FLOP. Columns multiple (how many times
    its compute a Chinese model is worth, other things equal), low, high (95 %, from the China
    term, slope held), p (HC1) and models. Exploratory: many specifications, few models.
    """
    rows = []
    measured = {
        name: efficiency.universe(**choices | {"capability": name, "min_flop": 0.0})
        for name in ("eci", "gpqa", "math_l5")
    }
    for capability, sample, dated, floor in product(
        measured, ("two countries", "all"), (True, False), (0.0, 1e24)
    ):
        models = measured[capability][measured[capability]["flop"].ge(floor)]
        models = (
            models[models["side"].isin([efficiency.US, efficiency.CN])]
            if sample == "two countries"
            else models
        )
        x = pd.DataFrame(
            {
                "flop": np.log10(models["flop"]),
                "china": models["side"].eq(efficiency.CN).astype(float),
            }
        )
        if dated:
            x["date"] = (
                pd.to_datetime(models["released"]) - pd.Timestamp("2023-01-01")
            ).dt.days / 365.25
        if x["china"].sum() < 3 or len(x) < 10:
            rows.append((capability, sample, dated, floor, len(x), None, None, None, None))
            continue
        fit = OLS(models["score"], add_constant(x)).fit(cov_type="HC1")
        low, high = fit.conf_int().loc["china"]
        powers = [
            10 ** (value / fit.params["flop"]) if fit.params["flop"] > 0 else None
            for value in (fit.params["china"], low, high)
        ]
        rows.append((capability, sample, dated, floor, len(x), *powers, fit.pvalues["china"]))
    return pd.DataFrame(
        rows,
        columns=[
            "capability",
            "sample",
            "dated",
            "min_flop",
            "models",
            "multiple",
            "low",
            "high",
            "p",
        ],
    )
