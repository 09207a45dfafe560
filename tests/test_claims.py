import itertools

import pytest

from helpers import choices, claims
from helpers.claims import ClaimError


def edited(top, old, new):
    path = top / "data" / "claims.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    claims.load.cache_clear()


def test_the_registry_holds_every_claim_of_the_debate_once():
    assert len(claims.load()) == 51


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "ranking"', 'kind = "rankign"', "did you mean 'ranking'"),
        ('statement = "China publishes', 'statment = "China publishes', "did you mean 'statement'"),
        ('printed = ["22.6"]', 'printed = ["22,6"]', "citations-china-2023.*not a plain number"),
        ('printed = ["22.6"]', "printed = [22.6]", "must be a list of strings"),
        ('printed = ["22.6"]', 'printed = ["22.6", "1"]', "2 printed values for 1 entities"),
        ('id = "citations-china-2023"', 'id = "citations-us-2023"', "stands twice"),
        ('holds_when = "China ~ printed"', 'holds_when = ""', "needs `holds_when`"),
        ('holds_when = "China > Next largest"', 'holds_when = "China leads"', "cannot read the condition"),
        ('because = "a count of papers is exact"', "", "tolerance needs its `because`"),
        ("[[claim]]", "[[claim", "claims.toml"),
    ],
)
def test_a_broken_registry_is_refused_with_the_place_named(checkout, old, new, said):
    edited(checkout, old, new)
    with pytest.raises(ClaimError, match=said):
        claims.load()


def test_conditions_compare_chains_periods_trends_and_printed_values():
    order = claims.get("citations-order-2023")
    assert claims.holds(order, {"China": 3, "Europe": 2, "United States": 1}) is True
    assert claims.holds(order, {"China": 3, "Europe": 1, "United States": 2}) is False
    assert claims.holds(order, {"China": 3, "Europe": 1}) is None
    falls = claims.get("top100-us-declining")
    assert claims.holds(falls, {"United States@2021": 3, "United States@2022": 3}) is False
    assert claims.holds(falls, {"United States@2021": 3}) is None
    number = claims.get("citations-china-2023")
    assert claims.holds(number, {"China": 24.8}) is True
    assert claims.holds(number, {"China": 24.9}) is False


def test_an_ambiguous_term_is_an_error_and_not_a_guess():
    with pytest.raises(ClaimError, match="name a period"):
        claims.holds(claims.get("citations-china-2023"), {"China@2022": 1, "China@2023": 2})


def test_an_answer_shows_the_gap_and_emits_the_record():
    chosen = choices.defaults("01_research_output")
    answer = claims.answer("citations-china-2023", {"China": 22.7}, choices=chosen, uses=[], summary="So it is.", stated={"China": 22.6})
    record = answer._repr_mimebundle_()[claims.MIME]
    assert record["holds"] is True and record["is_default"] is True and record["source_check"] == "quoted accurately"
    assert answer.table()["gap"].tolist() == [0.1]


def test_an_answer_without_summary_or_with_an_unknown_claim_is_refused():
    with pytest.raises(ClaimError, match="summary is empty"):
        claims.answer("citations-china-2023", {}, choices={}, uses=[], summary=" ")
    with pytest.raises(ClaimError, match="did you mean 'citations-china-2023'"):
        claims.answer("citations-chna-2023", {}, choices={}, uses=[], summary="x")


def test_the_order_of_rows_does_not_matter():
    answer = claims.get("citations-order-2023")
    values = [("China", 3.0), ("Europe", 2.0), ("United States", 1.0)]
    assert {claims.holds(answer, dict(order)) for order in itertools.permutations(values)} == {True}
    trend = [("United States@2021", 3.0), ("United States@2022", 2.0), ("United States@2023", 1.0)]
    assert {claims.holds(claims.get("top100-us-declining"), dict(order)) for order in itertools.permutations(trend)} == {True}


def test_a_comparison_that_holds_later_by_less_than_half_its_margin_is_weaker():
    entry = claims.get("top100-us-lead")
    before = claims.as_frame({"United States": 50, "China": 34}, "2023")
    assert claims._weaker(entry, before, {"United States": 40, "China": 35}) is True
    assert claims._weaker(entry, before, {"United States": 45, "China": 35}) is False
    assert claims._weaker(entry, before, {"United States": 30, "China": 35}) is False
