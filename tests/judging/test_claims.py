import dataclasses
import itertools

import pandas as pd
import pytest

from helpers.judging import choices, claims
from helpers.judging.claims import ClaimError


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
        (
            'holds_when = "China > Next largest"',
            'holds_when = "China leads"',
            "cannot read the condition",
        ),
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
    answer = claims.answer(
        "citations-china-2023",
        {"China": 22.7},
        choices=chosen,
        uses=[],
        summary="So it is.",
        stated={"China": 22.6},
    )
    record = answer._repr_mimebundle_()[claims.MIME]
    assert (
        record["holds"] is True
        and record["is_default"] is True
        and record["source_check"] == "quoted accurately"
    )
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
    assert {
        claims.holds(claims.get("top100-us-declining"), dict(order))
        for order in itertools.permutations(trend)
    } == {True}


def test_a_comparison_that_holds_later_by_less_than_half_its_margin_is_weaker():
    entry = claims.get("top100-us-lead")
    before = claims.as_frame({"United States": 50, "China": 34}, "2023")
    assert claims._weaker(entry, before, {"United States": 40, "China": 35}) is True
    assert claims._weaker(entry, before, {"United States": 45, "China": 35}) is False
    assert claims._weaker(entry, before, {"United States": 30, "China": 35}) is False


def test_a_missing_field_a_number_for_a_text_and_a_bad_tolerance_or_second_clause_are_named(
    checkout,
):
    for old, new, said in [
        (
            'id = "citations-china-2023"',
            'id = "Citations china"',
            "claim 2.*lower-case words joined by hyphens",
        ),
        (
            'because = "a count of papers is exact"',
            'because = "x"\nindirect = 3',
            "indirect = 3 must be a string",
        ),
        ('tolerance = "0"', 'tolerance = "none"', "'none' is not a plain number"),
        (
            'holds_when = "China > Next largest"',
            'holds_when = "China > Next largest; nonsense"',
            "claim 1.*cannot read the condition 'nonsense'",
        ),
    ]:
        text = (checkout / "data" / "claims.toml").read_text()
        edited(checkout, old, new)
        with pytest.raises(ClaimError, match=said):
            claims.load()
        (checkout / "data" / "claims.toml").write_text(text)
    edited(checkout, 'unit = "', 'locatr = "')
    with pytest.raises(ClaimError, match="unknown field 'locatr', did you mean 'locator'"):
        claims.load()


def test_missing_fields_are_listed_in_order(checkout):
    text = (checkout / "data" / "claims.toml").read_text()
    first = text.index("\nspeaker")
    (checkout / "data" / "claims.toml").write_text(
        text[:first] + text[text.index("\n", text.index("\nunit", first) + 1) :]
    )
    claims.load.cache_clear()
    with pytest.raises(
        ClaimError,
        match=r"claim 1 \(publications-china-leads\): missing speaker, statement, .*unit\. Add the field\.",
    ):
        claims.load()


def other(id_="citations-china-2023", **fields):
    return dataclasses.replace(claims.get(id_), **fields)


def test_a_rise_is_strict_and_several_clauses_must_all_hold():
    rises = other(holds_when="China rises", entity=["China"])
    assert claims.holds(rises, {"China@2021": 1.0, "China@2022": 1.5}) is True
    assert (
        claims.holds(rises, {"China@2021": 1, "China@2022": 1})
        is claims.holds(rises, {"China@2021": 2, "China@2022": 1})
        is False
    )
    both = other(holds_when="China > 1; China < 3")
    assert [claims.holds(both, {"China": value}) for value in (2, 4, 1)] == [True, False, False]
    assert (
        claims.holds(both, {}) is None
        and claims.holds(other(holds_when="China > 1; Europe > 1"), {"China": 1}) is False
    )


def test_a_printed_value_is_met_at_a_named_period_and_a_missing_one_cannot_be_said():
    near = other(holds_when="China@2023 ~ printed")
    values = pd.DataFrame(
        {
            "entity": ["China", "China", "Europe"],
            "period": ["2022", "2023", "2023"],
            "value": [1.0, 22.6, None],
        }
    )
    assert claims.holds(near, values) is True and claims.holds(near, values.head(1)) is None
    assert claims.holds(other(holds_when="Europe > 1"), values) is None
    assert (
        claims.holds(other(holds_when="China@2023 > 22"), {"China": 22.6}) is True
    )  # a value without a period is of the claim's own
    with pytest.raises(ClaimError, match="'China' fits 2 measured values"):
        claims.holds(other(holds_when="China > 1"), values)


def test_a_margin_is_read_from_the_first_clause_in_every_direction():
    for condition, before, after, weaker in [
        ("A > B", (10, 0), (4, 0), True), ("A >= B", (10, 0), (5, 0), False),
        ("A >= B", (10, 0), (4, 0), True), ("A < B", (0, 10), (3, 7), True), ("A <= B", (0, 10), (1, 1), True),
        ("A > B; A > 1", (10, 0), (4, 0), True), ("A = B", (1, 1), (1, 1), False), ("A > B", (1, 0.5), (1, 0.9), True),
        ("A > B", (9, 0), (4, 0), True),
        ("A > B", (10, 2), (6, 2), False), ("A > B", (10, 0), (4, None), False),
    ]:  # fmt: skip
        entry = other(holds_when=condition, entity=["A", "B"], printed=[])
        first, later = (dict(zip("AB", values, strict=True)) for values in (before, after))
        assert claims._weaker(entry, first, later) is weaker, (condition, after)


def test_a_later_edition_that_restates_any_printed_number_is_seen():
    entry = other("citations-order-2023", entity=["China", "Europe"], printed=["22.6", "20.9"])
    later = {"China@2022": 1, "China@2023": 22.65, "Europe": 20.9}
    assert claims._unchanged(entry, later) is True
    assert (
        claims._unchanged(entry, later | {"Europe": 20.96})
        is claims._unchanged(entry, {"China": 22.6})
        is False
    )
    with pytest.raises(ValueError, match="zip"):
        claims._unchanged(other(entity=["China", "Europe"]), {"China": 22.6, "Europe": 1})


def answered(id_="top100-us-2023", values=None, **given):
    values = {"United States": 50} if values is None else values
    return claims.answer(
        id_,
        values,
        choices=choices.defaults("03_top_cited"),
        uses=[],
        **{"summary": "So. "} | given,
    ).record


def test_a_record_says_how_it_was_reproduced_by_the_claim_s_own_tolerance():
    assert answered(recount={"United States": 50})["reproducibility"] == "reproduced"
    assert answered(recount={"United States": 50.4})["reproducibility"] == "approximately"
    assert (
        answered(recount={"Europe": 1})["reproducibility"]
        == answered()["reproducibility"]
        == "not attempted"
    )
    wide = claims.answer("notable-models-us-2024", {"United States": 40}, choices=choices.defaults("06_notable_models"), uses=[], summary="x",
                         recount={"United States": 40.4})  # fmt: skip
    assert wide.record["reproducibility"] == (
        "reproduced"
        if claims.get("notable-models-us-2024").tolerances[0] >= 0.4
        else "approximately"
    )


def test_a_record_without_sources_is_second_hand_and_dateless():
    record = answered(later={"2026": {"United States": 40}})
    assert (record["evidence"], record["latest_vintage"], record["reason"]) == (
        "secondary",
        "2026",
        "",
    )
    assert (
        answered()["latest_vintage"] == ""
        and record["summary"] == "So. Evidence: secondary; vintage: none."
    )


def test_a_condition_in_words_is_quoted_accurately_wrongly_or_not_at_all():
    said = {
        True: {"China": 2, "United States": 1},
        False: {"China": 1, "United States": 2},
        None: {"China": 1},
    }
    entry = other(holds_when="China > United States", printed=[], entity=["China", "United States"])
    assert [claims._source_check(entry, said[holds]) for holds in (True, False, None)] == [
        "quoted accurately",
        "misquoted",
        "source not located",
    ]


def test_what_a_record_shows_is_text_and_never_markup(monkeypatch):
    html = claims.Answer(answered(summary="a < b & <script>alert(1)</script>"))._repr_mimebundle_()[
        "text/html"
    ]
    assert "a &lt; b &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in html and "<script" not in html
