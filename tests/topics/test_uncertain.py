"""Draws and regressions worked out a second time by plain numpy, on a few hand-made models."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest

from helpers.topics import efficiency, uncertain

MODELS = pd.DataFrame(
    [
        ("Target", "China", "2025-01-01", 50.0, 4e24, "Confident", 40.0, 60.0),
        ("Small", "United States", "2025-01-01", 50.0, 1e24, "Likely", np.nan, np.nan),
        ("Small", "United States", "2025-03-01", 60.0, 1e24, "Speculative", 58.0, 61.0),
        ("Big", "United States", "2024-06-01", 55.0, 8e24, None, 50.0, 58.0),
        ("Autre", "elsewhere", "2024-06-01", 70.0, 1e22, "Confident", 60.0, np.nan),
    ],
    columns=["model", "side", "released", "score", "flop", "confidence", "low", "high"],
)


@pytest.mark.parametrize(
    ("capability", "z", "given", "draws", "seed"),
    [("eci", 1.645, {}, 2000, 20251031), ("gpqa", 1.96, {"draws": 3, "seed": 7}, 3, 7)],
)
def test_scores_are_drawn_a_version_and_compute_a_model(capability, z, given, draws, seed):
    random = np.random.default_rng(seed)
    spread = np.array([20, 0, 3, 8, 0]) / (2 * z)
    score = MODELS["score"].to_numpy() + spread * random.standard_normal((draws, 5))
    width = np.log10([3, 30, 30, 3]) / 1.645  # a factor either way with 90 %, the widest of a model
    shift = width * random.standard_normal((draws, 4))
    flop = np.log10(MODELS["flop"].to_numpy()) + shift[:, [0, 1, 1, 2, 3]]
    found = uncertain.draw(MODELS, capability, **given)
    assert np.allclose(found[0], score, rtol=1e-12) and np.allclose(found[1], flop, rtol=1e-12)


@pytest.fixture
def fixed(monkeypatch):
    """Let draws be these: a column a version; return what was asked for."""
    asked = []

    def fix(score, flop):
        def draw(models, capability, draws, seed):
            assert list(models) == list(MODELS)
            asked.append((models["model"].tolist(), list(models.index), capability, draws, seed))
            return np.array(score, dtype=float), np.array(flop, dtype=float)

        monkeypatch.setattr(uncertain, "draw", draw)
        return asked

    return fix


def test_a_model_dominates_in_a_draw_with_no_lower_score_for_no_more_compute(fixed):
    score = [
        [50, 50, 40, 40, 40],  # Small equals the target
        [50, 49, 60, 50, 40],  # Small and Big
        [50, 60, 60, 60, 60],  # more compute: none
        [50, 40, 40, 40, 60],  # Autre, which is not American
        [50, 40, 40, 40, 40],
    ]
    flop = [[24] * 5, [24] * 5, [24, 25, 25, 25, 25], [24, 20, 20, 20, 24], [24] * 5]
    asked = fixed(score, flop)
    found = uncertain.stays_on_frontier(MODELS, "Target", "gpqa", 5, 3)
    assert found.to_dict() == {
        "no US model dominates, % of draws": 60.0,
        "no model dominates, % of draws": 40.0,
        "US models, 5 %": 0.0,
        "US models, 95 %": pytest.approx(1.8),
    }
    assert asked == [(MODELS["model"].tolist(), [0, 1, 2, 3, 4], "gpqa", 5, 3)]
    uncertain.stays_on_frontier(MODELS, "Target", "eci")
    assert asked[1][2:] == ("eci", 2000, 20251031)
    low = [[50, 60, 0, 60, 0]] * 4 + [[50, 60, 0, 0, 0]]
    fixed(low, [[24] * 5] * 5)
    counts = uncertain.stays_on_frontier(MODELS, "Target", "eci").tolist()
    assert counts == [0, 0, pytest.approx(1.2), 2]


def test_an_index_that_is_not_the_place_leads_to_the_same_version(fixed):
    moved = MODELS.iloc[[3, 1, 0, 2, 4]].set_index(pd.Index(list("abcde")))
    fixed([[0, 40, 50, 0, 60]], [[24] * 5])
    assert uncertain.stays_on_frontier(moved, "Target", "eci").tolist() == [100, 0, 0, 0]


def test_a_model_that_is_not_there_has_four_answers_that_are_missing_numbers():
    found = uncertain.stays_on_frontier(MODELS, "Nobody", "eci")
    assert found.isna().all() and found.dtype == float and list(found.index) == [
        "no US model dominates, % of draws", "no model dominates, % of draws",
        "US models, 5 %", "US models, 95 %",
    ]  # fmt: skip


def test_the_ratio_s_range_is_that_of_each_draw_s_median_from_the_floor_up(fixed):
    score = [[50, 40, 50, 30]] * 5
    flop = [[24 + shift, 23, 23, 22] for shift in np.log10([1, 2, 3, 4, 5])]
    asked = fixed(score, flop)
    low, high = uncertain.ratio_range(MODELS.iloc[::-1], "gpqa", 50.0, 5, 3)
    models = ["Big", "Small", "Small", "Target"]
    assert asked == [(models, [0, 1, 2, 3], "gpqa", 5, 3)]
    fixed([each[::-1] for each in score], [each[::-1] for each in flop])
    low, high = uncertain.ratio_range(MODELS.iloc[::-1], "gpqa", 50.0)
    assert (low, high) == (pytest.approx(12), pytest.approx(48))
    assert asked[1][2:] == ("gpqa", 2000, 20251031)
    whole = uncertain.ratio_range(MODELS.iloc[::-1], "eci")
    assert whole[1] > 48 and np.isnan(uncertain.ratio_range(MODELS, "eci", 50.1)).all()


def fitted(table, dated, floor):
    """The China term in units of compute, its 95 % range and p, by numpy with HC1 errors."""
    table = table[table["flop"] >= floor]
    columns = [np.ones(len(table)), np.log10(table["flop"]), table["side"].eq("China")]
    if dated:
        columns.append((pd.to_datetime(table["released"]) - pd.Timestamp("2023-01-01")).dt.days)
    x, y = np.column_stack(columns).astype(float), table["score"].to_numpy()
    inverse = np.linalg.inv(x.T @ x)
    slope = inverse @ x.T @ y
    meat = (x * ((y - x @ slope) ** 2)[:, None]).T @ x
    covered = inverse @ meat @ inverse * len(x) / (len(x) - x.shape[1])
    own, error = slope[2], np.sqrt(covered[2, 2])
    z = NormalDist().inv_cdf(0.975)
    powers = [10 ** (value / slope[1]) for value in (own, own - z * error, own + z * error)]
    return [*powers, 2 * (1 - NormalDist().cdf(abs(own / error)))]


def hand_made(many):
    place = np.arange(many)
    chinese, elsewhere = place % 3 == 0, place % 5 == 1
    return pd.DataFrame(
        {
            "side": np.select([chinese, elsewhere], ["China", "elsewhere"], "United States"),
            "flop": 10.0 ** (23 + place / 8),
            "released": [f"2024-{1 + each % 12:02}-{1 + each % 28:02}" for each in place * 7],
            "score": place * 0.3 + (place * 7) % 5 - chinese * 0.8,
        }
    )  # fmt: skip


def test_every_declared_regression_is_least_squares_with_errors_that_may_differ(monkeypatch):
    asked, table = [], hand_made(40)
    monkeypatch.setattr(efficiency, "universe", lambda **given: asked.append(given) or table)
    found = uncertain.regressions(as_of="x", min_flop=9.0)
    names = ["eci", "gpqa", "math_l5"]
    assert asked == [{"as_of": "x", "min_flop": 0.0, "capability": name} for name in names]
    wanted = [
        (name, sample, dated, floor)
        for name in names
        for sample in ("two countries", "all")
        for dated in (True, False)
        for floor in (0.0, 1e24)
    ]
    keys = ["capability", "sample", "dated", "min_flop"]
    assert list(found[keys].itertuples(index=False, name=None)) == wanted
    for row in found.to_dict("records"):
        own = table if row["sample"] == "all" else table[table["side"].ne("elsewhere")]
        assert row["models"] == (own["flop"] >= row["min_flop"]).sum()
        assert [row[name] for name in ("multiple", "low", "high", "p")] == pytest.approx(
            fitted(own, row["dated"], row["min_flop"]), rel=1e-6
        )


def test_a_multiple_is_the_same_whatever_the_scores_are_measured_in(monkeypatch):
    columns, table = ["multiple", "low", "high", "p"], hand_made(40)
    found = []
    for unit in (1, 1000):
        own = table.assign(score=table["score"] / unit)
        monkeypatch.setattr(efficiency, "universe", lambda own=own, **given: own)
        found.append(uncertain.regressions()[columns].to_numpy().tolist())
    assert found[1] == [pytest.approx(row, rel=1e-6) for row in found[0]]


@pytest.mark.parametrize(("slope", "worth"), [(0.0, None), (0.5, 100.0)])
def test_a_regression_is_given_compute_side_and_years_and_without_a_slope_has_no_multiple(
    monkeypatch, slope, worth
):
    given = []

    class Fit:
        def __init__(self, score, x):
            given.append(x)

        def fit(self, cov_type):
            assert cov_type == "HC1"
            self.params = pd.Series({"flop": slope, "china": 1.0})
            self.pvalues = pd.Series({"china": 0.25})
            return self

        def conf_int(self):
            return pd.DataFrame([[1.0, 1.0]], index=["china"])

    monkeypatch.setattr(uncertain, "OLS", Fit)
    monkeypatch.setattr(efficiency, "universe", lambda **given: hand_made(40))
    found = uncertain.regressions()
    assert set(found["multiple"]) == {worth} and set(found["p"]) == {0.25}
    assert list(given[0]) == ["const", "flop", "china", "date"]
    first = given[0].iloc[0]
    days = pd.Timestamp("2024-01-01") - pd.Timestamp("2023-01-01")
    assert first.tolist() == [1, 23, 1, days.days / 365.25]
    assert list(given[2]) == ["const", "flop", "china"]


def test_too_few_models_are_counted_and_not_fitted(monkeypatch):
    monkeypatch.setattr(efficiency, "universe", lambda **given: hand_made(9))
    found = uncertain.regressions()
    assert found["models"].tolist() == [8, 1, 8, 1, 9, 1, 9, 1] * 3
    assert found[["multiple", "low", "high", "p"]].isna().all(axis=None)
