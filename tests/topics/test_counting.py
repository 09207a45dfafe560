import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.project import FactcheckError
from helpers.topics.counting import credits, share_of

WORKS = st.lists(
    st.lists(st.sampled_from(["CHN", "USA", "FRA", "GBR"]), min_size=1, max_size=4),
    min_size=1,
    max_size=12,
)


def totals(works, rule):
    return credits(pd.Series(works), rule).groupby("country")["credit"].sum()


@given(WORKS)
def test_whole_counts_are_never_below_fractional_and_fractional_never_below_sole(works):
    whole, fractional, sole = (
        totals(works, rule).reindex(["CHN", "USA", "FRA", "GBR"], fill_value=0)
        for rule in ("whole", "fractional", "sole")
    )
    assert (whole >= fractional - 1e-9).all() and (fractional >= sole - 1e-9).all()


@given(WORKS)
def test_first_and_fractional_counts_sum_to_the_number_of_works(works):
    assert totals(works, "first").sum() == len(works)
    assert totals(works, "fractional").sum() == pytest.approx(len(works))


@given(st.lists(st.floats(0.1, 1e6), min_size=1, max_size=9))
def test_shares_sum_to_a_hundred(amounts):
    assert share_of(pd.Series(amounts)).sum() == pytest.approx(100)


def test_a_country_listed_twice_counts_once():
    assert totals([["USA", "USA", "CHN"]], "whole").to_dict() == {"CHN": 1, "USA": 1}


def test_without_a_rule_each_country_counts_whole():
    assert credits(pd.Series([["CHN", "USA"]]))["credit"].tolist() == [1, 1]


def test_an_unknown_rule_is_refused():
    with pytest.raises(FactcheckError) as caught:
        credits(pd.Series([["USA"]]), "halves")
    said = "'halves' is no counting rule: use one of whole, first, fractional, sole."
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("whole", [("a", "USA", 1), ("a", "CHN", 1), ("c", "FRA", 1), ("d", "GBR", 1)]),
        ("first", [("a", "USA", 1), ("c", "FRA", 1), ("d", "GBR", 1)]),
        ("fractional", [("a", "USA", 0.5), ("a", "CHN", 0.5), ("c", "FRA", 1), ("d", "GBR", 1)]),
        ("sole", [("c", "FRA", 1), ("d", "GBR", 1)]),
    ],
)
def test_each_rule_credits_the_countries_of_each_work_in_their_order(rule, wanted):
    works = [["USA", "CHN", "USA"], [], ["FRA"], ["GBR", "GBR"]]
    found = credits(pd.Series(works, index=list("abcd")), rule)
    assert list(found) == ["work", "country", "credit"]
    assert list(found.itertuples(index=False, name=None)) == wanted


def test_without_works_there_are_no_credits():
    assert list(credits(pd.Series([], dtype=object))) == ["work", "country", "credit"]


def test_shares_are_of_a_given_base_or_of_the_sum():
    amounts = pd.Series({"China": 3, "United States": 1})
    assert share_of(amounts).to_dict() == {"China": 75, "United States": 25}
    assert share_of(amounts, 8).to_dict() == {"China": 37.5, "United States": 12.5}
