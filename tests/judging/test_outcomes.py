"""Outcomes: the one rule that reads the four answers together, and its reason."""

import dataclasses
import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.judging.outcomes import (
    AGREE,
    AMBIGUOUS,
    DEPENDS,
    DISAGREE,
    FALLS,
    FORECAST,
    IMPOSSIBLE,
    IN_ORDER,
    IN_PART,
    NO,
    NONE,
    ONE_REPORT,
    OUTCOMES,
    POPULATION,
    RECOUNTED,
    ROUNDED,
    STANDS,
    UNCHECKED,
    UNNAMED,
    UNSEEN,
    VIEW,
    WIDER,
    YES,
    Answers,
    of_parts,
    outcome,
    reason,
)  # fmt: skip

SOURCES = (YES, ROUNDED, WIDER, NO, UNSEEN, UNNAMED)
KINDS = ("number", "ranking", "trend", "comparison")
# How well a claim fares: contrary evidence may move it to the right, never to the left.
RANK = {STANDS: 0, IN_PART: 1, DEPENDS: 1, ONE_REPORT: 1, FALLS: 2, UNCHECKED: 1}


@st.composite
def found(draw):
    counted = draw(st.sampled_from([True, False, None]))
    others = draw(st.sampled_from([AGREE, IN_ORDER, DISAGREE, NONE]))
    n = draw(st.integers(0, 30)) if counted is not None or others != NONE else 0
    n_holds = draw(st.integers(0, n))
    deciding = draw(st.sampled_from(["", "counting"])) if 0 < n_holds < n else ""
    return Answers(
        kind=draw(st.sampled_from(KINDS)),
        source=draw(st.sampled_from(SOURCES)),
        count=IMPOSSIBLE if counted is None else RECOUNTED,
        counted=counted,
        others=others,
        n_effective=n,
        n_holds=n_holds,
        deciding=deciding,
        leaves_out=draw(st.sampled_from(["", "a cause"])),
    )


@given(found())
def test_every_outcome_is_one_of_the_words_and_carries_a_reason(answers):
    assert outcome(answers) in OUTCOMES
    assert reason(answers, "the rows are not open", "the source says less").strip()


@given(found())
def test_a_reason_names_no_year_and_no_value_of_its_own(answers):
    numbers = re.findall(r"\d+", reason(answers))
    assert set(numbers) <= {str(answers.n_effective), str(answers.n_holds)}


@given(found())
def test_contrary_evidence_never_improves_an_outcome(answers):
    worse = []
    if answers.others in (AGREE, IN_ORDER):
        worse.append(dataclasses.replace(answers, others=DISAGREE))
    if answers.counted:
        worse.append(dataclasses.replace(answers, counted=False))
    if answers.source in (YES, ROUNDED, WIDER):
        worse.append(dataclasses.replace(answers, source=NO))
    if answers.n_effective and not answers.deciding:
        worse.append(dataclasses.replace(answers, n_holds=0))
    if answers.source == YES:
        worse.append(dataclasses.replace(answers, source=WIDER))
    for each in worse:
        assert RANK[outcome(answers)] <= RANK[outcome(each)], each


@given(found())
def test_a_claim_that_nothing_answers_never_reads_as_wrong(answers):
    bare = dataclasses.replace(answers, counted=None, others=NONE, n_effective=0, n_holds=0)
    if answers.source in (UNSEEN, UNNAMED):
        assert outcome(bare) == UNCHECKED
    elif answers.source != NO:
        assert outcome(bare) == ONE_REPORT


@given(
    st.lists(
        st.sampled_from([STANDS, IN_PART, DEPENDS, ONE_REPORT, FALLS, UNCHECKED]),
        min_size=1,
        max_size=4,
    )
)
def test_the_order_of_parts_is_irrelevant(parts):
    assert {of_parts(tuple(each)) for each in itertools.permutations(parts)} == {
        of_parts(tuple(parts))
    }


def test_forecasts_and_views_are_never_judged():
    assert outcome(Answers("forecast", counted=False, n_effective=9)) == FORECAST
    assert outcome(Answers("opinion", source=NO)) == VIEW


# One row a line of the rule: the answers, the outcome, a word of the reason.
RULE = [
    (dict(source=YES, counted=True, others=AGREE), STANDS, "our own count agrees"),
    (dict(source=YES, others=AGREE, n_effective=9, n_holds=9), STANDS, "9 of 9"),
    (dict(source=YES, others=IN_ORDER), STANDS, "agree in order"),
    (dict(counted=True, n_effective=9, n_holds=8), STANDS, "8 of 9"),
    (dict(source=YES), ONE_REPORT, "it stands in its source"),
    (dict(source=YES, others=DISAGREE, n_effective=9), ONE_REPORT, "other data differ"),
    (dict(source=NO, counted=True), FALLS, "prints something else"),
    (dict(counted=False, n_effective=9, n_holds=4), FALLS, "says otherwise"),
    (dict(counted=False), FALLS, "says otherwise"),
    (dict(source=YES, counted=False, n_effective=9, n_holds=5), DEPENDS, "5 of 9"),
    (dict(counted=True, n_effective=9, n_holds=4), DEPENDS, "4 of 9"),
    (dict(counted=True, others=DISAGREE), DEPENDS, "other data disagree"),
    (dict(counted=False, others=AGREE), DEPENDS, "other data agree"),
    (dict(counted=True, n_effective=9, n_holds=6, deciding="unit"), DEPENDS, "turns with unit"),
    (dict(source=WIDER, counted=True), IN_PART, "the source says less"),
    (dict(counted=True, leaves_out="a cause"), IN_PART, "leaves out a cause"),
    (dict(source=UNSEEN), UNCHECKED, "no open rows"),
    (dict(readings=(True, False)), AMBIGUOUS, "two readings"),
    (dict(readings=(True, True), counted=True), STANDS, "our own count agrees"),
    (dict(parts=(STANDS, UNCHECKED)), IN_PART, "stands: a; cannot be checked: b"),
]


@pytest.mark.parametrize(("answers", "wanted", "said"), RULE)
def test_the_rule_line_by_line(answers, wanted, said):
    count = POPULATION if answers.get("counted") is not None else IMPOSSIBLE
    found = Answers("number", count=count, **answers)
    assert outcome(found) == wanted
    assert said in reason(found, "", "the source says less", ("a", "b"))


def test_a_combination_that_changes_nothing_moves_no_outcome():
    for n in range(8, 30):
        alike = Answers("number", source=YES, counted=True, n_effective=n, n_holds=n)
        assert outcome(alike) == STANDS
        against = dataclasses.replace(alike, counted=False, n_holds=0)
        assert outcome(against) == FALLS


def test_a_single_combination_that_fails_turns_an_answer():
    assert outcome(Answers("number", counted=True, n_effective=1, n_holds=0)) == DEPENDS
    assert outcome(Answers("number", counted=True, n_effective=1, n_holds=1)) == STANDS


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ((FALLS, FALLS), FALLS),
        ((FALLS, UNCHECKED), FALLS),
        ((ONE_REPORT, DEPENDS), DEPENDS),
        ((AMBIGUOUS, ONE_REPORT), AMBIGUOUS),
        ((UNCHECKED, ONE_REPORT), ONE_REPORT),
        ((FALLS, STANDS), IN_PART),
        ((FALLS, IN_PART), IN_PART),
    ],
)
def test_of_parts_that_differ_one_that_stands_saves_a_part_else_the_worst_is_the_whole(
    parts, wanted
):
    assert of_parts(parts) == wanted


@pytest.mark.parametrize(
    ("answers", "why", "said"),
    [
        (dict(source=UNSEEN), "", "no open rows answer it"),
        (dict(source=UNSEEN), "nobody counts it", "nobody counts it"),
        (
            dict(source=YES),
            "",
            "it stands in its source; its rows are not open; no comparable data are open",
        ),
        (
            dict(source=YES, others=DISAGREE),
            "the list is closed",
            "it stands in its source; the list is closed; other data differ",
        ),
        (dict(source=NO, counted=True), "", "its source prints something else"),
        (dict(source=WIDER, counted=True), "", ""),
        (dict(readings=(True, False)), "", "the data answer its two readings differently"),
        (dict(source=NO, counted=False, leaves_out="x"), "", "its source prints something else"),
        (
            dict(source=YES, counted=False, n_effective=9, n_holds=5, deciding="unit"),
            "",
            "it turns with unit; our own count says otherwise; 5 of 9 careful combinations hold",
        ),
        (
            dict(counted=True, others=AGREE, n_effective=1, n_holds=1),
            "",
            "our own count agrees; other data agree; its one careful combination holds",
        ),
        (
            dict(source=YES, counted=False, n_effective=1, n_holds=0),
            "",
            "our own count says otherwise; its one careful combination fails",
        ),
    ],
)
def test_a_reason_is_made_of_these_words(answers, why, said):
    assert reason(Answers("number", **answers), why) == said


def test_the_names_of_parts_are_grouped_by_outcome_and_none_may_be_missing():
    found = Answers("number", parts=(STANDS, FALLS, STANDS))
    said = "of its parts, stands: a, c; does not stand: b"
    assert reason(found, parts=("a", "b", "c")) == said
    with pytest.raises(ValueError, match="longer"):
        reason(found, parts=("a", "b"))
    assert reason(Answers("forecast")) == "no data of today can settle it"
    assert reason(Answers("number")) == "no open rows answer it"
