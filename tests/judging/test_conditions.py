"""Conditions: what a claim asserts, met or not met by measured values."""

import dataclasses
import itertools
import re

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


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        ("China ~ 22", ["22.6"]), ("Europe ~ printed", ["22.6"]), ("China ~ printed", []),
        ("China ~ printed > 1", ["22.6"]), ("China > 1; Europe ~ printed", ["22.6"]),
        ("China ~ Europe; China > 1", ["22.6"]), ("Europe@2023 ~ printed", ["22.6"]),
    ],
)  # fmt: skip
def test_only_a_printed_value_of_the_claim_itself_is_compared_with_what_was_printed(
    condition, printed
):
    clause = next(part.strip() for part in condition.split(";") if "~" in part)
    said = f"'{clause}' must be an entity of the claim, ~ and the word printed, and a value be"
    with pytest.raises(ValueError, match=f"^{re.escape(said)} printed\\.$"):
        conditions.check(other(holds_when=condition, printed=printed))


@pytest.mark.parametrize(
    "condition", ["", "China ~ printed", "China@2023 ~ printed; China > 1", "China falls; A = B"]
)
def test_a_condition_of_the_right_form_passes(condition):
    assert conditions.check(other(holds_when=condition)) is None


@pytest.mark.parametrize("clause", ["China", "China >", "> 1", "China leads", "A > > B", ""])
def test_what_is_no_comparison_is_refused_with_a_hint(clause):
    said = f"cannot read the condition {clause!r}. Compare entities with > >= < <= = or ~, or"
    with pytest.raises(ValueError, match=f"^{re.escape(said)} write 'X falls'\\.$"):
        conditions.check(other(holds_when=f"China > 1; {clause} "))


@pytest.mark.parametrize(
    ("condition", "met"),
    [("A >= B", True), ("A > B", False), ("A <= B", True), ("A < B", False), ("A = B", True)],
)
def test_each_sign_takes_equal_values_in_its_own_way(condition, met):
    assert holds(other(holds_when=condition), {"A": 2.0, "B": 2.0}) is met
    assert holds(other(holds_when=f"{condition} > 1"), {"A": 2.0, "B": 2.0}) is met


def test_a_printed_value_may_lie_half_a_unit_outside_the_range_and_no_more():
    number = other(printed=["0"])
    gap = 0.5 + 1e-9  # what adding floats may lose
    assert holds(number, {"China": (9.0, 0.5, 9.0)}) and holds(number, {"China": (9.0, gap, 9.0)})
    assert holds(number, {"China": (-9.0, -9.0, -0.5)})
    assert holds(number, {"China": (-9.0, -9.0, -gap)})
    assert holds(number, {"China": (9.0, 0.51, 9.0)}) is False
    assert holds(number, {"China": (-9.0, -9.0, -0.51)}) is False
    for half_known in ((22.0, 30.0, None), (22.0, None, 1.0)):
        assert holds(other(), {"China": half_known}) is True


def test_two_values_of_one_period_stay_in_the_order_in_which_they_came():
    falls = other(holds_when="China falls")
    values = pd.DataFrame(
        {"entity": "China", "period": ["2023", "2022", "2022"], "value": [1.0, 3.0, 2.0]}
    )
    assert holds(falls, values) is True and holds(falls, values[::-1]) is False


@pytest.mark.parametrize(
    ("period", "claimed", "inside"),
    [
        ("2023", "2023", True), ("2024", "2023", False), ("2022", "2023", False),
        ("2021", "2019-2022", True), ("2018", "2019-2022", False), ("2023", "2019-2022", False),
        ("2018-2020", "2019-2022", False), ("2020-2023", "2019-2022", False),
        ("2025-09", "2025", True), ("2025", "2025-09", True), ("2025-10", "2025-09", False),
        ("2020", "to 2025-10", True), ("2025-09", "to 2025-10", True),
        ("2025-12", "to 2025-10", False), ("2024", "after 2020", True),
        ("2020-05", "after 2020", True), ("2019", "after 2020", False),
        ("2023", "some day", True), ("some day", "2023", True),
    ],
)  # fmt: skip
def test_a_period_lies_within_the_claimed_one_to_the_digits_that_both_have(period, claimed, inside):
    assert conditions.within(period, claimed) is inside


@pytest.mark.parametrize(
    ("period", "day", "after"),
    [
        ("2024-2026", "2025-10-31", True), ("to 2025-10", "2025-10-31", False),
        ("2025-11", "2025-10-31", True), ("2025-11-01", "2025-10-31", True),
        ("2025", "2025-10-31", False), ("2026", "", False), ("some day", "2025-10-31", False),
    ],
)  # fmt: skip
def test_a_period_is_later_than_a_day_by_its_end(period, day, after):
    assert conditions.later(period, day) is after
