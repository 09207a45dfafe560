import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.evidence.extracts.outlook import h1b_petitions
from helpers.project import FactcheckError
from helpers.topics import outlook

NUMBERS = {"us": 42.0, "china": 28.0, "stock": 11.34, "base": 3.6, "arrivals": 3.6, "exempt": 50.0}
START = {
    "us": 42.0,
    "china": 28.0,
    "origin": {"printed_2019": 27.0, "most_2022": 44.0},
    "growth": 5.0,
}
START["exempt"] = {"nobody": 0.0, "extensions": 69.0, "everyone": 100.0}


@given(st.floats(0, 100), st.floats(1, 10), st.floats(0.1, 20))
def test_no_one_is_lost_or_made_and_the_ratio_falls_with_the_multiple(exempt, multiple, base):
    numbers = NUMBERS | {"exempt": exempt, "base": base, "arrivals": base}
    once, often = outlook.ratio_after(1, **numbers), outlook.ratio_after(multiple, **numbers)
    assert often <= once + 1e-9 and once <= 1.5 + 1e-9
    # All of the group together: the ratio can never pass below everyone's having left.
    assert often >= (42 - 11.34) / (28 + 11.34) - 1e-9


@given(st.floats(0, 70), st.floats(1.05, 1.4))
def test_at_the_break_even_rate_the_ratio_is_the_target(exempt, target):
    numbers = NUMBERS | {"exempt": exempt}
    rate = outlook.break_even(target, **numbers)
    if not math.isnan(rate) and rate > 0:
        assert outlook.ratio_after(rate / numbers["base"], **numbers) == pytest.approx(
            target, abs=1e-6
        )


def test_with_everyone_exempt_no_rate_brings_parity_and_none_is_needed_for_what_comes_anyway():
    assert math.isnan(outlook.break_even(1.0, **NUMBERS | {"exempt": 100.0}))
    assert outlook.break_even(1.49, **NUMBERS | {"exempt": 99.0, "arrivals": 0.0}) == 0


def test_scenarios_that_do_not_differ_stand_once():
    grid = outlook.scenarios(START, pd.Series({"ncses": 3.6, "carnegie": 1.7}))
    assert not grid.duplicated(["origin", "returns", "inflow", "exempt", "multiple"]).any()
    assert set(grid.query("exempt == 'everyone'")["multiple"]) == {1} and set(
        grid.query("exempt == 'nobody'")["inflow"]
    ) == {"replaces"}


TRACKER = pd.DataFrame(
    [
        (2019, "work", "United States", 60.0), (2019, "work", "China", 12.0),
        (2019, "authors sampled", "World", 600.0),
        (2022, "work", "United States", 40.0), (2022, "work", "China", 30.0),
        (2022, "authors sampled", "World", 800.0),
        (2019, "origin at US institutions", "China", 25.0),
        (2019, "origin at US institutions", "United States", 35.0),
        (2022, "American and Chinese origin at US institutions", "United States", 75.0),
        (2022, "origin", "United States", 18.0),
    ],
    columns=["year", "measure", "place", "value"],
).assign(tier="top")  # fmt: skip


def test_the_bounds_of_2022_come_from_what_is_printed():
    assert outlook.origin_shares(TRACKER).to_dict() == pytest.approx(
        {"printed_2019": 25, "least_2022": 30, "most_2022": 40}
    )
    assert outlook.growth(TRACKER)["most_2022"] == pytest.approx(
        100 * ((40 * 40 / (60 * 25)) ** (1 / 3) - 1)
    )


def test_swapped_countries_turn_the_ratio_over():
    swapped = TRACKER.assign(
        place=TRACKER["place"].replace({"China": "United States", "United States": "China"})
    )
    assert outlook.ratios(swapped).loc[2022, "ratio"] == pytest.approx(
        1 / outlook.ratios(TRACKER).loc[2022, "ratio"]
    )


def test_a_missing_printed_value_is_an_error():
    with pytest.raises(FactcheckError, match="0 printed values where one is wanted"):
        outlook.ratios(TRACKER.iloc[1:])


def test_a_total_split_in_its_note_becomes_two_more_rows_and_an_unknown_series_is_refused(tmp_path):
    header = (
        "fiscal_year,series,country_of_birth,value,share_pct,source,locator_url,evidence,note\n"
    )
    path = tmp_path / "petitions.csv"
    path.write_text(
        header
        + '2023,petitions approved,Total,386000,,x,y,secondary,"just over 386,000; about 119,000'
        ' new and 267,000 extensions"\n'
    )
    found = h1b_petitions(path).set_index("series")["petitions"].to_dict()
    assert found == {
        "approved, extensions": "267000",
        "approved, new": "119000",
        "approved, round total": "386000",
    }
    path.write_text(header + "2023,visas issued,Total,1,,x,y,secondary,\n")
    with pytest.raises(FactcheckError, match="unknown series"):
        h1b_petitions(path)
