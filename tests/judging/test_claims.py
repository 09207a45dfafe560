"""Records: each of the four questions answered once, from evidence that enters once."""

import dataclasses

import pandas as pd
import pytest

from helpers.evidence import sources
from helpers.judging import choices, claims, corrections, registry
from helpers.judging.claims import ClaimError, Count, Other, Stated

NUMBER = "citations-china-2023"
SOURCE = "research_cset_cat_research_yearly_articles"


@pytest.fixture
def known(monkeypatch):
    """Sources of our own: one of before the debate, one of after it, one read a second time."""
    made = {
        name: sources.Source(name, "", "", edition, "", "", "", "primary", "", "https://x")
        for name, edition in (("before", "2025-01-01"), ("second", "2025"), ("after", "2026-01-01"))
    }
    monkeypatch.setattr(sources, "get", made.__getitem__)


def answered(id_=NUMBER, **given):
    own = choices.defaults(claims.get(id_).notebook)
    given = {"count": "the rows are not published", "summary": "So it is."} | given
    return claims.answer(id_, choices=own, **given).record


def test_a_value_that_is_only_read_again_is_measured_nowhere(known):
    record = answered(stated=Stated({"China": 22.6}, ["before"]))
    assert record["values"] == [] and record["holds"] is None
    assert record["source"]["answer"] == "yes"
    assert record["count"] == {
        "answer": "not possible", "why": "the rows are not published", "holds": None,
    }  # fmt: skip


def test_the_measured_value_is_our_count_s_else_the_first_other_s(known):
    other = {"Somebody": Other({"China": 24.0}, ["second"])}
    counted = answered(count=Count({"China": 22.65}, ["before"], of="rows"), others=other)
    assert counted["values"][0]["value"] == 22.65 and counted["count"]["exact"] is True
    assert counted["count"]["answer"] == "recounted" and counted["others"]["answer"] == "agree"
    assert answered(others=other)["values"][0]["value"] == 24
    assert isinstance(answered(others=other)["values"][0]["value"], int)


@pytest.mark.parametrize(
    ("stated", "word"),
    [({"China": 22.6}, "yes"), ({"China": 22.63}, "yes, rounded"), ({"China": 23.6}, "no")],
)
def test_the_source_prints_the_digits_rounds_to_them_or_prints_something_else(known, stated, word):
    assert answered(stated=Stated(stated, ["before"]))["source"]["answer"] == word


def test_wording_wider_than_the_source_an_unseen_source_and_none(known, monkeypatch):
    def as_if(**fields):
        entry = dataclasses.replace(claims.load()[NUMBER], **fields)
        monkeypatch.setattr(claims, "get", lambda id_: entry)
        return answered(stated=Stated({"China": 22.6}, ["before"]))["source"]["answer"]

    assert as_if(wider="it counts AI papers alone") == "digits yes, wording wider"
    assert as_if(unseen="the passage is not open") == "cited source not seen"
    assert as_if(source="") == "none named"


def test_other_data_agree_agree_in_order_or_disagree(known, monkeypatch):
    entry = dataclasses.replace(
        claims.get(NUMBER), kind="ranking", entity=["China", "Europe"], printed=["22.6", "20.9"],
        holds_when="China > Europe",
    )  # fmt: skip
    monkeypatch.setattr(claims, "get", lambda id_: entry)

    def word(*pairs):
        named = {
            str(i): Other(dict(zip(entry.entity, pair, strict=True)), [])
            for i, pair in enumerate(pairs)
        }
        return answered(others=named)["others"]["answer"]

    assert word((22, 20)) == "agree" and word((40, 20)) == "agree in order"
    assert word((22, 20), (20, 22)) == "disagree" and word() == "none comparable"


def test_another_period_is_no_check(known):
    with pytest.raises(ClaimError, match="Somebody is of 2017, the claim of 2023"):
        answered(others={"Somebody": Other({"China@2017": 22.0}, ["second"])})
    with pytest.raises(ClaimError, match="our count is of 2024"):
        answered(count=Count({"China@2024": 22.0}, ["second"], of="rows"))


def test_one_piece_of_evidence_enters_once(known):
    with pytest.raises(ClaimError, match="before stands behind our count and Somebody"):
        answered(
            count=Count({"China": 22.0}, ["before"], of="rows"),
            others={"Somebody": Other({"China": 22.0}, ["before"])},
        )
    with pytest.raises(ClaimError, match="reads the meter of our count, the Hub"):
        answered(
            count=Count({"China": 22.0}, ["before"], of="rows", meter="the Hub"),
            others={"Somebody": Other({"China": 22.0}, ["second"], meter="the Hub")},
        )


def test_nothing_newer_than_the_debate_judges_a_claim(known):
    with pytest.raises(ClaimError, match="after is of 2026-01-01, after the debate"):
        answered(others={"Somebody": Other({"China": 22.0}, ["after"])})


@pytest.mark.parametrize("period", ["2026", "to 2025-11", "2025-11-01", "2024-2026"])
def test_a_value_later_than_the_day_that_was_chosen_is_refused(known, period):
    given = {"choices": {"adoption_base": "people", "as_of": "2025-10-31"}, "summary": "So."}
    with pytest.raises(ClaimError, match="later than as_of=2025-10-31: cut its rows"):
        count = Count({f"China@{period}": 1.0}, ["before"], of="rows")
        claims.answer("china-well-placed", count=count, **given)


@pytest.mark.parametrize(
    ("since", "word"),
    [
        ({}, "open"),
        ({"2026-04": {"China": 22.61}}, "unchanged (2026-04)"),
        ({"2026-04": {"China": 20.6}}, "restated (2026-04)"),
        ({"2026-04": {"China@2024": 20.6}}, "next year: China 2024 20.6 (2026-04)"),
        ({"2026-01": {"China": 21.0}, "2026-04": {"China@2024": 20.6}}, "restated (2026-01)"),
    ],
)
def test_a_newer_edition_restates_its_own_year_and_never_by_another_year(known, since, word):
    assert answered(since=since)["since"]["answer"] == word


def test_a_ranking_is_reversed_or_weakened_by_a_newer_edition(known, monkeypatch):
    entry = dataclasses.replace(
        claims.get(NUMBER), kind="comparison", entity=["A", "B"], printed=[], holds_when="A > B"
    )
    monkeypatch.setattr(claims, "get", lambda id_: entry)
    count = Count({"A": 10, "B": 0}, ["before"], of="rows")
    for values, word in (({"A": 4, "B": 0}, "weakened"), ({"A": 1, "B": 2}, "reversed")):
        assert answered(count=count, since={"2026": values})["since"]["answer"] == f"{word} (2026)"


def test_the_grade_is_the_weakest_of_the_rows_relied_on(known):
    rows = pd.DataFrame({"evidence": ["copy", "secondary"]})
    graded = answered(stated=Stated({"China": 22.6}, ["before"], rows), others={})
    assert graded["grade"] == "secondary" and graded["sources"] == ["before"]
    assert answered()["grade"] == ""


def test_a_summary_a_reason_and_the_registry_s_readings_are_wanted(known, monkeypatch):
    with pytest.raises(ClaimError, match="summary is empty"):
        answered(summary=" ")
    with pytest.raises(ClaimError, match="why nobody outside can"):
        answered(count="")
    with pytest.raises(ClaimError, match="answer its readings"):
        answered(readings={"one": {"China": 1}})
    with pytest.raises(ClaimError, match="did you mean 'citations-china-2023'"):
        claims.answer("citations-chna-2023", choices={}, summary="x")


def test_an_answer_shows_the_gap_and_is_text_never_markup(known):
    count = Count({"China": 22.7}, ["before"], of="a < b & <script>alert(1)</script>")
    own = choices.defaults("01_research_output")
    shown = claims.answer(NUMBER, choices=own, count=count, summary="So.")
    assert shown.table()["gap"].tolist() == [0.1]
    html = shown._repr_mimebundle_()["text/html"]
    assert "a &lt; b &amp; &lt;script&gt;" in html and "<script" not in html


def test_a_table_has_the_gap_of_what_was_printed_and_leaves_blank_what_is_not_known():
    values = [
        {"entity": "China", "period": "2023", "value": 22.70004},
        {"entity": "China", "period": "2024", "value": None},
        {"entity": "Europe", "period": "2023", "value": 20.0},
    ]
    table = claims.Answer({"claim": NUMBER, "values": values}).table()
    assert table.to_dict("list") == {
        "entity": ["China", "China", "Europe"], "period": ["2023", "2024", "2023"],
        "printed": ["22.6", "22.6", ""], "found": [22.70004, "", 20.0], "gap": [0.1, "", ""],
    }  # fmt: skip


def test_a_summary_ends_in_one_full_stop():
    assert answered(summary="It is GPU-X.")["summary"] == "It is GPU-X."
    for summary in ("So it is", "So it is. ", "So it is . ."):
        assert answered(summary=summary)["summary"] == "So it is."
    assert answered(summary="... and so it is.")["summary"] == "... and so it is."


def edited(top, old, new):
    path = top / "data" / "claims.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    registry.load.cache_clear()


def test_the_registry_keeps_every_claim_of_the_debate():
    log = corrections.load()
    first = set(log.loc[log["from"].ne(""), "claim"])
    assert len(first) >= 51 and first <= set(claims.load())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "ranking"', 'kind = "rankign"', "did you mean 'ranking'"),
        ('statement = "China publishes', 'statment = "China publishes', "did you mean 'statement'"),
        ('printed = ["22.6"]', 'printed = ["22,6"]', "citations-china-2023.*not a plain number"),
        ('printed = ["22.6"]', "printed = [22.6]", "must be a list of strings"),
        ('printed = ["22.6"]', 'printed = ["22.6", "1"]', "2 printed values for 1 entities"),
        ('id = "citations-china-2023"', 'id = "citations-us-2023"', "stands twice"),
        ('id = "citations-china-2023"', 'id = "Citations china"', "lower-case words joined"),
        ('holds_when = "China ~ printed"', 'holds_when = ""', "needs `holds_when`"),
        ('holds_when = "China > Next largest"', 'holds_when = "China leads"', "cannot read"),
        ('because = "a count of papers is exact"', "", "tolerance needs its `because`"),
        ('tolerance = "0"', 'tolerance = "none"', "'none' is not a plain number"),
        ('unit = "', 'locatr = "', "unknown field 'locatr', did you mean 'locator'"),
        ('dimension = "research"', 'dimension = "research"\nindirect = 3', "must be a string"),
        (
            'dimension = "research"',
            'dimension = "research"\nreadings = ["one"]',
            "one reading is none",
        ),
        (
            'dimension = "research"',
            'dimension = "research"\nparts = ["no-such"]',
            "no single claim",
        ),
        ("[[claim]]", "[[claim", "claims.toml"),
    ],
)
def test_a_broken_registry_is_refused_with_the_place_named(checkout, old, new, said):
    edited(checkout, old, new)
    with pytest.raises(ClaimError, match=said):
        claims.load()


def test_missing_fields_are_listed_in_order(checkout):
    path = checkout / "data" / "claims.toml"
    text = path.read_text()
    first = text.index("\nspeaker")
    path.write_text(text[:first] + text[text.index("\n", text.index("\nunit", first) + 1) :])
    registry.load.cache_clear()
    with pytest.raises(ClaimError, match=r"claim 1 .*missing speaker, statement, .*unit\. Add"):
        claims.load()


def test_every_claim_says_in_plain_words_what_comes_out():
    for claim in claims.load().values():
        assert claim.plain != claim.statement, f"{claim.id}: write what comes out"
        assert len(claim.plain.split()) <= 25, claim.id
