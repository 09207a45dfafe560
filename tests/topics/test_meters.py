"""The debate's figure on two meters: its shares, what one model decides, words that stay true."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers import figures
from helpers.evidence import tables
from helpers.judging import choices
from helpers.topics import adoption_figure, adoption_marks, downloads, meters

NOTEBOOK = "08_open_models"
COMBINATIONS = [
    {name: each[name] for name in ("scope", "largest", "derivative_rule", "month_rule")}
    for each in choices.grid(NOTEBOOK)
    if each["share_base"] == "three_regions"
]
DISTINCT = [dict(pairs) for pairs in sorted({tuple(each.items()) for each in COMBINATIONS})]


def flow(rows):
    index = pd.MultiIndex.from_tuples([row[:3] for row in rows], names=downloads.INDEX)
    days = pd.to_datetime(["2025-01-31", "2025-02-28", "2025-03-31"])
    return pd.DataFrame([row[3:] for row in rows], index=index, columns=days, dtype=float)


@pytest.fixture
def small():
    return flow([
        ("a", "Qwen", "China", 1, 5, 4),
        ("b", "Qwen", "China", 1, 5, 4),
        ("c", "Meta", "United States", 6, 6, 6),
        ("d", "Mistral", "EU", 2, 2, 2),
    ])  # fmt: skip


def test_passing_for_good_is_not_passing_once(small):
    small.iloc[:2, 2] = 2
    table = downloads.shares(small)
    assert downloads.crossover(table, "first_window") == "2025-02-28"
    assert downloads.crossover(table) == downloads.NEVER


def test_a_model_left_out_moves_the_month_or_the_leader(small):
    alone = downloads.leave_one_out(small)
    assert alone["lead"].to_dict() == {"a": -16.7, "b": -16.7, "d": 14.3, "c": 80.0}
    assert alone["for good"].to_dict() == {
        "a": "never", "b": "never", "d": "2025-02-28", "c": "2025-01-31"}  # fmt: skip
    found = downloads.passing(small)
    assert (found["for good"], found["same month"], found["same leader"]) == ("2025-02-28", 1, 2)


def test_both_sides_are_left_out_alike(small):
    swapped = small.rename(index={"China": "United States", "United States": "China"}, level=2)
    one = downloads.leave_one_out(small)["lead"]
    other = downloads.leave_one_out(swapped)["lead"]
    assert one.sort_index().to_list() == (-other.sort_index()).to_list()


def test_redraws_are_the_same_each_time_and_add_up(small):
    first, again = downloads.redraws(small, 50), downloads.redraws(small, 50)
    assert first.equals(again)
    assert first.sum(axis=1).to_numpy() == pytest.approx(100)


def test_flows_are_the_rows_of_the_table_of_shares():
    for meter, reading, scopes in (
        ("hub", "counters", ("six_labs", "atom_list", "all_counted")),
        ("ollama", "pulls", ("six_labs", "all_labs")),
    ):
        for scope in scopes:
            table = downloads.shares(downloads.flows(meter, scope))
            name = "hub_counters" if meter == "hub" else meter
            rows = meters.rows(name, scope, reading=reading).set_index("ends")
            for day, row in table.iterrows():
                kept = rows.loc[day.date().isoformat(), "china_pct"]
                assert row["China"] == pytest.approx(kept, abs=1e-4)


def test_a_week_of_one_model_is_joined_to_august():
    joined, every = (downloads.flows("hub", "six_labs", rule) for rule in ("months", "windows"))
    assert len(every.columns) == len(joined.columns) + 1
    assert downloads.crossover(downloads.shares(joined)) == "2025-07-30"
    assert downloads.crossover(downloads.shares(every)) == "2025-09-03"


def test_counters_of_the_six_laboratories_are_those_of_atoms_list():
    """So `scope` atom_list is idle with counters, as choices.toml declares."""
    pd.testing.assert_frame_equal(
        downloads.flows("hub", "six_labs"), downloads.flows("hub", "atom_list")
    )


def test_other_regions_in_the_base_move_no_order():
    """So `share_base` is idle, as choices.toml declares."""
    for meter in meters.READINGS:
        for scope in ("six_labs", "all_labs", "everything"):
            narrow, wide = (
                meters.september(meter, scope, "with", "publisher", base)
                for base in ("three_regions", "plus_other")
            )
            for side in ("United States", meters.WEST):
                assert (narrow["China"] > narrow[side]) == (wide["China"] > wide[side])


def test_months_and_windows_end_september_alike():
    """So `month_rule` is idle, as choices.toml declares."""
    for name in ("hub_counters", "ollama"):
        one, other = (
            meters.rows(name, "six_labs", month_rule=rule).set_index("ends")
            for rule in ("months", "windows")
        )
        day = meters.SEPTEMBER[name]
        assert one.loc[day, "china_pct"] == other.loc[day, "china_pct"]


def test_two_readings_of_the_hub_are_one_witness():
    for meter in meters.READINGS:
        for scope in ("six_labs", "atom_list", "all_labs", "everything"):
            other = meters.witness(meter, scope)
            assert meters.METER[other] != meters.METER[meter]
            assert meters.METER[meters.witness(other, scope)] == meters.METER[meter]


@pytest.mark.parametrize("chosen", DISTINCT, ids=lambda chosen: "-".join(chosen.values()))
def test_the_figure_says_what_it_shows_under_every_choice(chosen):
    scope, largest, rule, months = chosen.values()
    hub = adoption_marks.hub(scope, largest, rule, months)
    library = adoption_marks.ollama(scope, largest, months)
    said = adoption_marks.restated(tables.load("adoption_printed"))
    wide = scope in ("all_labs", "everything")
    name = "hub_thirty_days" if wide else "hub_counters"
    ends = [meters.september(each, scope, largest, rule) for each in (name, "ollama")]
    texts = adoption_figure.texts(scope, largest, *ends)
    fig = adoption_figure.draw(hub, library, said, **texts)
    figures.check(fig, adoption_figure.data(hub, library, said))
    plt.close(fig)
    for rows, word in ((hub, "on the Hub"), (library, "Ollama")):
        last = rows[rows["x"].eq(rows["x"].max())].set_index("entity")["value"]
        leads = "China" if last["China"] > last["United States"] else "the US"
        before, _, after = texts["headline"].partition(" leads on the Hub")
        told = before.rpartition("2025 ")[2]
        if word == "Ollama" and ", " in after:
            told = after.removeprefix(", ").removesuffix(" on Ollama")
        assert told == leads
        alt = adoption_figure.alt(hub, library, scope)
        assert f"China {last['China']:.0f}" in alt


def test_nothing_is_drawn_on_the_hub_where_nobody_measured():
    hub = adoption_marks.hub("six_labs")
    starts = hub["start"].fillna(hub["x"] - adoption_figure.MONTH)
    assert starts.min() > pd.Timestamp("2024-08-01")
    assert not hub["x"].between("2024-12-01", "2025-03-15").any()


def test_a_headline_fits_whoever_leads():
    for on_hub in ({"China": 2, "United States": 1}, {"China": 1, "United States": 2}):
        for on_ollama in ({"China": 2, "United States": 1}, {"China": 1, "United States": 2}):
            told = adoption_figure.headline(on_hub, on_ollama)
            assert len(told) <= figures.HEADLINE_LENGTH
            both = (on_hub["China"] > 1) == (on_ollama["China"] > 1)
            assert both == told.endswith("and on Ollama")
