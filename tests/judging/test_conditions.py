"""Conditions: what a claim asserts, met or not met by measured values."""

import dataclasses
import itertools

import pandas as pd
import pytest

from helpers.judging import claims, conditions
from helpers.judging.claims import ClaimError, holds


def other(id_="citations-china-2023", **fields):
    return dataclasses.replace(claims.get(id_), **fields)


def test_conditions_compare_chains_periods_trends_and_printed_values():
    order = other(holds_when="China > Europe > United States")
    assert holds(order, {"China": 3, "Europe": 2, "United States": 1}) is True
    assert holds(order, {"China": 3, "Europe": 1, "United States": 2}) is False
    assert holds(order, {"China": 3, "Europe": 1}) is None
    falls = other(holds_when="United States falls")
    assert holds(falls, {"United States@2021": 3, "United States@2022": 3}) is False
    assert holds(falls, {"United States@2021": 3}) is None
    number = other()
    assert holds(number, {"China": 24.8}) is True
    assert holds(number, {"China": 24.9}) is False


def test_where_a_range_is_known_agreement_means_within_it_and_no_longer_a_tenth():
    number = other()
    assert holds(number, {"China": (22.0, 21.0, 22.3)}) is False
    assert holds(number, {"China": (30.0, 22.6, 33.0)}) is True
    assert holds(number, {"China": (22.0, 21.0, 22.56)}) is True  # rounds to the printed digits
    assert holds(number, {"China": (24.8, None, None)}) is True


def test_an_ambiguous_term_is_an_error_and_not_a_guess():
    with pytest.raises(ClaimError, match="citations-china-2023.*name a period"):
        holds(other(), {"China@2022": 1, "China@2023": 2})
    with pytest.raises(ClaimError, match="not finite"):
        holds(other(), {"China": float("inf")})


def test_the_order_of_rows_does_not_matter():
    order = other(holds_when="China > Europe > United States")
    values = [("China", 3.0), ("Europe", 2.0), ("United States", 1.0)]
    assert {holds(order, dict(each)) for each in itertools.permutations(values)} == {True}
    falls = other(holds_when="United States falls")
    trend = [("United States@2021", 3.0), ("United States@2022", 2.0), ("United States@2023", 1.0)]
    assert {holds(falls, dict(each)) for each in itertools.permutations(trend)} == {True}


def test_a_rise_is_strict_and_several_clauses_must_all_hold():
    rises = other(holds_when="China rises", entity=["China"])
    assert holds(rises, {"China@2021": 1.0, "China@2022": 1.5}) is True
    assert holds(rises, {"China@2021": 1, "China@2022": 1}) is False
    both = other(holds_when="China > 1; China < 3")
    assert [holds(both, {"China": value}) for value in (2, 4, 1)] == [True, False, False]
    assert holds(both, {}) is None
    assert holds(other(holds_when="China > 1; Europe > 1"), {"China": 1}) is False


def test_a_printed_value_is_met_at_a_named_period_and_a_missing_one_cannot_be_said():
    near = other(holds_when="China@2023 ~ printed")
    columns = ["entity", "period", "value"]
    rows = [("China", "2022", 1.0), ("China", "2023", 22.6), ("Europe", "2023", None)]
    values = pd.DataFrame(rows, columns=columns)
    assert holds(near, values) is True and holds(near, values.head(1)) is None
    assert holds(other(holds_when="Europe > 1"), values) is None
    assert holds(other(holds_when="China@2023 > 22"), {"China": 22.6}) is True


@pytest.mark.parametrize(
    ("condition", "values", "margin"),
    [
        ("A > B", (10, 4), 6), ("A >= B", (10, 4), 6), ("A < B", (3, 7), 4), ("A <= B", (3, 7), 4),
        ("A > B; A > 1", (10, 0), 10), ("A = B", (1, 1), None), ("A > B", (4, None), None),
    ],
)  # fmt: skip
def test_a_margin_is_read_from_the_first_clause_in_every_direction(condition, values, margin):
    entry = other(holds_when=condition, entity=["A", "B"], printed=[])
    assert conditions.margin(entry, dict(zip("AB", values, strict=True))) == margin


def test_printed_values_match_to_half_a_unit_or_nearly_or_cannot_be_said():
    entry = other(entity=["China", "Europe"], printed=["22.6", "20.9"])
    assert conditions.matches(entry, {"China": 22.65, "Europe": 20.9}) is True
    assert conditions.matches(entry, {"China": 22.65, "Europe": 20.96}) is False
    assert conditions.matches(entry, {"China": 24.0, "Europe": 20.0}, near_enough=True) is True
    assert conditions.matches(entry, {"China": 22.6}) is None
    assert conditions.matches(other(printed=[]), {"China": 22.6}) is None
