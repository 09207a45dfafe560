import pytest

from helpers.project import FactcheckError
from helpers.topics import indicators

ROW = {"indicator": "a", "basis": "volume", "period": "2023", "China": 3.0, "United States": 2.0,
    "unit": "bn", "better": "higher",
       "publisher": "p", "evidence": "copy"}  # fmt: skip


def test_the_sign_follows_what_is_better_and_a_missing_value_counts_for_nobody():
    rows = [
        ROW,
        ROW | {"indicator": "b", "better": "lower"},
        ROW | {"indicator": "c", "China": None},
        ROW | {"indicator": "d", "China": 2.0},
    ]
    table = indicators.compare(rows)
    assert table["ahead"].tolist() == ["China", "United States", "", "level"]
    assert indicators.count(table, {"n": "China", "m": "United States"}) == {"n": 1.0, "m": 1.0}


def test_the_direction_follows_what_is_better():
    row = {
        name: ROW[name]
        for name in ("indicator", "basis", "unit", "better", "publisher", "evidence")
    } | {"from": "2013", "to": "2024"}
    table = indicators.follow(
        [
            row | {"first": 10, "last": 9},
            row | {"indicator": "b", "better": "lower", "first": 10, "last": 9},
        ]
    )
    assert table["direction"].tolist() == ["worse", "better"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW, ROW], "stand twice: a"),
        ([ROW | {"better": "more"}], "write higher or lower"),
        ([{name: ROW[name] for name in ROW if name != "unit"}], "lack unit"),
    ],
)
def test_a_bad_indicator_is_named(rows, said):
    with pytest.raises(FactcheckError, match=said):
        indicators.compare(rows)


def test_a_stated_value_that_nobody_states_is_answered_with_the_nearest_name():
    with pytest.raises(FactcheckError, match="did you mean 'express parcels'"):
        indicators.stated("express parcel")
