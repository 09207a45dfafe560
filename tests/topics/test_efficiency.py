import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import project
from helpers.evidence import tables
from helpers.evidence.cleaning import efficiency as cleaning
from helpers.evidence.extracts import efficiency as extracts
from helpers.judging import claims
from helpers.project import FactcheckError
from helpers.topics import efficiency, lag, levels, uncertain

MODELS = pd.DataFrame(
    [
        ("cn-1", "Target", "China", "2025-01-01", 50.0, 4e24, "Confident"),
        ("us-1", "Small", "United States", "2025-01-01", 50.0, 1e24, "Confident"),
        ("us-2", "Small", "United States", "2025-03-01", 60.0, 1e24, "Confident"),
        ("us-3", "Big", "United States", "2024-06-01", 55.0, 8e24, "Speculative"),
        ("us-4", "Weak", "United States", "2024-06-01", 40.0, 1e23, "Confident"),
        ("fr-1", "Autre", "elsewhere", "2024-06-01", 70.0, 1e22, "Confident"),
    ],
    columns=["version", "model", "side", "released", "score", "flop", "confidence"],
).assign(low=np.nan, high=np.nan, accessibility="API access")


def test_a_model_dominates_with_no_less_capability_for_no_more_compute_and_counts_once():
    assert efficiency.dominating(MODELS, "Target")["version"].tolist() == ["us-2"]
    assert efficiency.count(efficiency.dominating(MODELS, "Target", None)) == 2
    equal = MODELS[MODELS["version"].isin(["cn-1", "us-1"])].assign(flop=4e24)
    assert efficiency.count(efficiency.dominating(equal, "Target")) == 1
    assert efficiency.count(efficiency.dominating(equal.assign(flop=[4e24, 4.1e24]), "Target")) == 0


def test_nothing_can_be_said_of_a_model_without_compute():
    assert efficiency.dominating(MODELS, "Qwen2.5-Max") is None and efficiency.count(None) is None
    assert uncertain.stays_on_frontier(MODELS, "Qwen2.5-Max", "eci").isna().all()
    assert efficiency.cheapest_equal(MODELS, "Qwen2.5-Max").empty
    assert lag.above_in_arena("2025-11-06", "Qwen2.5-Max", None) is None


def test_the_ratio_compares_the_least_compute_at_capabilities_that_both_reach():
    table = levels.at_equal_capability(MODELS)
    assert table["score"].tolist() == [40.0, 50.0] and table["ratio"].tolist() == [40.0, 4.0]
    one_side = levels.over_cheapest(MODELS, "United States", "China")
    assert one_side["us-4"] == pytest.approx(0.025) and np.isnan(one_side["us-2"])


@given(st.data(), st.integers(1, 3), st.lists(st.booleans(), max_size=8))
def test_least_compute_of_many_draws_is_that_of_each_draw_by_its_definition(data, count, chinese):
    versions = st.lists(
        st.tuples(st.integers(0, 4), st.integers(1, 4)),
        min_size=len(chinese),
        max_size=len(chinese),
    )
    draws, china = (
        data.draw(st.lists(versions, min_size=count, max_size=count)),
        np.array(chinese, dtype=bool),
    )
    numbers = np.array(draws, dtype=float).reshape(count, len(chinese), 2)
    found = levels.least_compute(numbers[:, :, 0], numbers[:, :, 1], china)
    for versions, *columns in zip(draws, *found, strict=True):
        sides = [
            [
                version
                for version, is_chinese in zip(versions, china, strict=True)
                if is_chinese == own
            ]
            for own in (True, False)
        ]
        marks = {
            score
            for own in sides
            for score, flop in own
            if not any(s >= score and f <= flop and (s, f) != (score, flop) for s, f in own)
        }
        needed = [
            (score, *(min((f for s, f in own if s >= score), default=None) for own in sides))
            for score in sorted(marks, reverse=True)
        ]
        assert [row for row in zip(*columns, strict=True) if not np.isnan(row).any()] == [
            row for row in needed if None not in row
        ]


def test_swapping_the_two_countries_turns_the_ratio_over():
    swapped = MODELS.assign(
        side=MODELS["side"].replace({"China": "United States", "United States": "China"})
    )
    assert levels.at_equal_capability(swapped)["ratio"].tolist() == pytest.approx([1 / 40, 1 / 4])


def test_no_spread_gives_the_plain_answer_in_every_draw_and_the_same_seed_the_same_draws():
    sure = MODELS.assign(confidence="Sure")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(uncertain.FACTOR, "Sure", 1)
        assert uncertain.stays_on_frontier(sure, "Target", "eci").tolist() == [0, 0, 1, 1]
    first, second = (uncertain.stays_on_frontier(MODELS, "Target", "eci") for _ in range(2))
    assert first.equals(second) and 0 < first.iloc[0] < 100


def test_versions_of_a_model_share_one_drawn_training_run():
    _, flop = uncertain.draw(MODELS, "eci", draws=5)
    assert (flop[:, 1] == flop[:, 2]).all() and not (flop[:, 1] == flop[:, 3]).any()


def lagged(*rows):
    return pd.DataFrame(rows, columns=["side", "released", "score"]).assign(
        version=[str(place) for place in range(len(rows))]
    )


def test_the_lag_counts_from_the_day_the_leader_first_had_the_score():
    models = lagged(
        ("United States", "2023-07-01", 10),
        ("China", "2024-01-01", 9),
        ("United States", "2023-09-01", 20),
    )
    assert lag.months(models, "at_release", "2024-07-01") == pytest.approx(184 / lag.DAYS_PER_MONTH)
    assert lag.months(models, "on_day", "2024-07-01") == pytest.approx(366 / lag.DAYS_PER_MONTH)
    assert len(lag.daily(models, "2024-07-01")) == 183


def test_a_leader_that_has_not_reached_the_score_has_no_lead():
    models = lagged(
        ("United States", "2023-07-01", 10),
        ("China", "2024-01-01", 11),
        ("United States", "2024-02-01", 12),
    )
    assert lag.months(models, "on_day", "2024-01-15") == 0
    assert lag.at_release(models, "2024-03-01")["months"].iloc[0] < 0


def test_one_side_alone_has_no_lag_and_another_rule_is_refused():
    assert lag.months(lagged(("China", "2024-01-01", 9)), "daily_mean", "2024-07-01") is None
    with pytest.raises(FactcheckError, match="use one of daily_mean"):
        lag.months(MODELS, "elo_percent", "2024-07-01")


def test_a_vintage_that_is_not_held_is_refused():
    with pytest.raises(FactcheckError, match="No gpqa scores of 2026-08-22"):
        efficiency.scored("gpqa", "2026-08-22")


def test_a_blank_compute_stays_blank_unless_the_outsiders_estimate_is_asked_for():
    plain, filled = (
        efficiency.scored("eci", third_party_flop=asked).set_index("version")["flop"]
        for asked in (False, True)
    )
    assert np.isnan(plain["qwen-max-2025-01-25"]) and filled["qwen-max-2025-01-25"] == 6.84e24
    assert plain.drop("qwen-max-2025-01-25").equals(filled.drop("qwen-max-2025-01-25"))


def test_compute_guessed_from_scores_is_left_out_by_default():
    models = efficiency.universe(exclude_benchmark_based=False)
    assert "GPT-4.5" in set(models["model"]) and "GPT-4.5" not in set(
        efficiency.universe()["model"]
    )
    assert (
        "Claude 3.5 Sonnet" in efficiency.circular("2025-03-11")
        and "Claude 3.5 Sonnet" not in efficiency.circular()
    )


def test_scores_of_one_edition_keep_their_own_compute_and_an_older_list_brings_the_older_one():
    old = efficiency.first_version(efficiency.scored(flop_vintage="2025-03-11"), "DeepSeek-V3")
    new = efficiency.first_version(efficiency.scored(), "DeepSeek-V3")
    assert old["flop"] == 4.56e24 and new["flop"] == 3.4078e24


def test_all_declared_regressions_are_run_and_counted():
    fits = uncertain.regressions()
    assert len(fits) == 24 and fits["multiple"].notna().all()
    early = uncertain.regressions(as_of="2023-06-30")
    assert len(early.dropna()) < len(early) == 24
    assert list(fits) == [
        "capability",
        "sample",
        "dated",
        "min_flop",
        "models",
        "multiple",
        "low",
        "high",
        "p",
    ]


def worth(models, dated):
    """What a Chinese model's compute is worth, by least squares without a statistics library."""
    date = (pd.to_datetime(models["released"]) - pd.Timestamp("2023-01-01")).dt.days / 365.25
    columns = [
        np.ones(len(models)),
        np.log10(models["flop"]),
        models["side"].eq("China"),
        *([date] if dated else []),
    ]
    slope = np.linalg.lstsq(
        np.column_stack(columns).astype(float), models["score"].to_numpy(), rcond=None
    )[0]
    return 10 ** (slope[2] / slope[1])


def test_a_regression_is_least_squares_on_the_models_that_it_names():
    fits = uncertain.regressions().set_index(["capability", "sample", "dated", "min_flop"])
    for capability, sample, dated, floor in fits.index:
        models = efficiency.universe(capability=capability, min_flop=floor)
        models = (
            models[models["side"].isin(["China", "United States"])]
            if sample == "two countries"
            else models
        )
        found = fits.loc[(capability, sample, dated, floor)]
        assert found["models"] == len(models) and found["multiple"] == pytest.approx(
            worth(models, dated)
        )
        assert found["low"] < found["multiple"] < found["high"]
    assert set(fits.index.get_level_values("sample")) == {"two countries", "all"}


@pytest.mark.parametrize(
    ("chinese", "models", "fitted"), [(3, 10, True), (2, 10, False), (3, 9, False)]
)
def test_a_regression_needs_three_chinese_models_and_ten_in_all(
    monkeypatch, chinese, models, fitted
):
    place = np.arange(models)
    table = pd.DataFrame({"side": np.where(place < chinese, "China", "United States"),
        "flop": 10.0 ** (24 + place), "released": "2024-01-01",
                          "score": place * 2.0 + place % 3})  # fmt: skip
    monkeypatch.setattr(efficiency, "universe", lambda **_: table)
    fits = uncertain.regressions()
    assert (
        fits.query("not dated")["multiple"].notna().all()
        == fitted
        == fits.query("not dated")["multiple"].notna().any()
    )


def test_more_compute_for_less_capability_gives_no_multiple(monkeypatch):
    place = np.arange(12)
    table = pd.DataFrame({"side": np.where(place % 3, "China", "United States"),
        "flop": 10.0 ** (24 + place), "released": "2024-01-01",
                          "score": -2.0 * place + place % 5})  # fmt: skip
    monkeypatch.setattr(efficiency, "universe", lambda **_: table)
    fits = uncertain.regressions().query("not dated")
    assert fits["multiple"].isna().all() and fits["p"].notna().all()


def test_a_model_that_is_not_there_has_four_missing_answers():
    missing = uncertain.stays_on_frontier(MODELS, "Qwen2.5-Max", "eci")
    assert (
        len(missing) == 4
        and missing.index[0] == "no US model dominates, % of draws"
        and missing.dtype == float
    )


def test_without_a_common_capability_the_ratio_has_no_range():
    apart = MODELS[MODELS["side"].eq("China")]
    assert np.isnan(uncertain.ratio_range(apart, "eci")).all()


def test_ranges_are_read_as_ninety_per_cent_for_the_index_and_ninety_five_for_benchmarks():
    wide = MODELS.assign(low=MODELS["score"] - 10, high=MODELS["score"] + 10)
    spread = {
        capability: uncertain.draw(wide, capability)[0].std(axis=0).mean()
        for capability in ("eci", "gpqa")
    }
    assert spread["eci"] == pytest.approx(10 / 1.645, rel=0.05) and spread["gpqa"] == pytest.approx(
        10 / 1.96, rel=0.05
    )


def test_no_word_of_confidence_is_read_as_unknown():
    assert uncertain.factors(pd.Series(["Confident", None, "Unverified"])).tolist() == [3, 30, 30]


def test_a_country_entry_that_nobody_placed_is_refused_and_a_blank_one_is_kept():
    assert cleaning.side(pd.Series(["China", np.nan])).tolist() == ["China", "not stated"]
    with pytest.raises(FactcheckError, match="'Atlantis' is not placed"):
        cleaning.side(pd.Series(["Atlantis"]))


def test_a_wrong_day_that_was_mended_upstream_is_noticed(monkeypatch):
    monkeypatch.setattr(
        cleaning, "WRONG_DAYS", {("2026-01-20", "Kimi-K2-Instruct-0905"): "2024-09-06"}
    )
    with pytest.raises(FactcheckError, match="take it out of WRONG_DAYS"):
        cleaning.clean_capabilities()


def test_a_highly_rated_model_that_the_table_does_not_place_is_refused(tmp_path):
    path = tmp_path / "export.json"
    rating = {"rating": 1500.0, "rating_q025": 1490.0, "rating_q975": 1510.0}
    path.write_text(json.dumps({"full": {"brand-new": rating}}))
    with pytest.raises(FactcheckError, match="does not place 'brand-new'"):
        extracts.arena(path)


def test_an_edition_without_a_known_column_is_refused(tmp_path):
    path = tmp_path / "index.csv"
    path.write_text("Model version,Score\na,1\n")
    with pytest.raises(FactcheckError, match="index.csv has none of the columns"):
        extracts.capabilities(path)


def test_the_arena_table_holds_no_rating_beyond_the_four_cited_ones():
    for _, rows in tables.load("arena_leads").groupby("vintage"):
        assert rows["rating"].notna().sum() <= 5 and len(rows) <= 15


def test_the_range_of_dominators_is_from_the_5th_to_the_95th_of_a_hundred():
    wide = MODELS.assign(low=MODELS["score"] - 30, high=MODELS["score"] + 30)
    score, flop = uncertain.draw(wide, "eci")
    target = MODELS["version"].eq(efficiency.first_version(MODELS, "Target")["version"]).to_numpy()
    better = (
        (score >= score[:, target])
        & (flop <= flop[:, target])
        & MODELS["model"].ne("Target").to_numpy()
    )
    american = MODELS[MODELS["side"].eq("United States")].groupby("model").indices
    us = np.sum([better[:, MODELS["model"].eq(model)].any(axis=1) for model in american], axis=0)
    found = uncertain.stays_on_frontier(wide, "Target", "eci")
    assert (
        found.tolist()[2:] == np.percentile(us, [5, 95]).tolist()
        and found.iloc[0] == 100 * (us == 0).mean()
    )


def test_the_range_of_the_ratio_follows_the_spread_of_its_measure():
    wide = MODELS.assign(low=MODELS["score"] - 10, high=MODELS["score"] + 10)
    assert (
        uncertain.ratio_range(wide, "eci")
        != uncertain.ratio_range(wide, "gpqa")
        == uncertain.ratio_range(wide, "gpqa")
    )


def test_seven_to_nine_of_the_ten_best_american_models_have_no_usable_compute_and_none_dominates():
    for measure, known in {"eci": 2, "gpqa": 3, "math_l5": 1}.items():
        best = efficiency.best("DeepSeek-V3", capability=measure)
        assert len(best) == 10 and best["score"].is_monotonic_decreasing
        assert best["compared"].sum() == known and not best["dominates"].any()
        assert "Llama 4 Maverick" not in set(best["model"])
    early = efficiency.best("DeepSeek-V3", capability="math_l5", as_of="2025-02-28")
    assert early.loc[early["dominates"], "model"].tolist() == ["Phi-4"]


def test_the_ratio_turns_at_deepseeks_level_and_the_two_halves_add_up():
    models = efficiency.universe()
    score = efficiency.first_version(models, "DeepSeek-V3")["score"]
    every, top = levels.at_equal_capability(models), levels.at_equal_capability(models, score)
    below = every[every["score"].lt(score)]
    assert len(top) == 7 and len(below) == 11 and len(every) == 18
    medians = [rows["ratio"].median() for rows in (every, top, below)]
    assert medians == pytest.approx([2.716, 0.110, 4.449], abs=0.001)


def test_the_range_of_the_ratio_at_the_top_leaves_out_what_lies_below():
    whole = uncertain.ratio_range(MODELS, "eci")
    assert uncertain.ratio_range(MODELS, "eci", floor=45.0) != whole
    assert np.isnan(uncertain.ratio_range(MODELS, "eci", floor=99.0)).all()
    assert len(levels.at_equal_capability(MODELS, 45.0)) == 1


def test_the_lag_of_the_eve_runs_from_three_and_a_half_to_ten_and_a_half_months():
    rules = [lag.published(measure, "2025-10-31") for measure in ("eci", "gpqa", "math_l5")]
    table = pd.DataFrame(rules)
    assert table.min(axis=None) == pytest.approx(3.57, abs=0.01)
    assert table.max(axis=None) == pytest.approx(10.45, abs=0.01)
    assert rules[0]["daily_mean"] == pytest.approx(6.48, abs=0.01)


def test_compute_guessed_from_scores_sets_no_least_compute_by_the_exchange():
    for measure in ("eci", "gpqa", "math_l5"):
        every = efficiency.universe(capability=measure, exclude_benchmark_based=False)
        guessed = every[every["model"].isin(efficiency.circular())]
        for _, model in guessed[guessed["side"].isin(["China", "United States"])].iterrows():
            own = every[every["side"].eq(model["side"])].drop(guessed.index, errors="ignore")
            better = own["score"].ge(model["score"]) & own["flop"].lt(model["flop"])
            assert better.any(), model["version"]
    assert "GPT-4.5" in set(guessed["model"])


def recorded(claim):
    """Return a claim's record as the committed notebook holds it."""
    path = project.notebooks() / "07_algorithmic_efficiency.ipynb"
    for cell in json.loads(path.read_text())["cells"]:
        for output in cell.get("outputs", []):
            record = output.get("data", {}).get(claims.MIME, {})
            if record.get("claim") == claim:
                return record
    raise AssertionError(f"no record of {claim}")


def test_later_editions_restate_the_lag_of_the_eve_and_never_one_of_a_later_day():
    entries = recorded("us-leads-frontier")["since"]["entries"]
    assert len(entries) == 5 and all(entry["same"] for entry in entries)
    for entry in entries:
        restated = lag.published("eci", "2025-10-31", entry["label"])["daily_mean"]
        assert entry["values"] == {"Chinese lag@2025-10": pytest.approx(restated, abs=1e-4)}
    last = lag.published("eci", "2026-08-22", "2026-08-22")["daily_mean"]
    assert entries[-1]["values"]["Chinese lag@2025-10"] != pytest.approx(last, abs=0.01)
