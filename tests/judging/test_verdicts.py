"""Verdicts: each answer by itself, and the rule that reads them together."""

import pytest
from conftest import TOP
from hypothesis import given
from hypothesis import strategies as st

from helpers.judging import verdicts
from helpers.judging.verdicts import LADDER, decide

SOURCE = ("quoted accurately", "quoted with rounding", "source not located", "misquoted")
REPRODUCED = ("reproduced", "approximately", "not reproduced")
REPLICATED = ("replicated", "partly", "not replicated")
ROBUST = ("robust", "mixed", "not robust")
KINDS = st.sampled_from(["number", "ranking", "trend", "comparison"])


SCALES = (SOURCE, REPRODUCED, REPLICATED, ROBUST)
PAIRS = st.tuples(*(st.tuples(st.sampled_from(scale), st.sampled_from(scale)) for scale in SCALES))


@given(KINDS, st.booleans(), PAIRS)
def test_more_contrary_evidence_never_improves_a_verdict(kind, holds, pairs):
    better = [min(pair, key=scale.index) for pair, scale in zip(pairs, SCALES, strict=True)]
    worse = [max(pair, key=scale.index) for pair, scale in zip(pairs, SCALES, strict=True)]
    assert LADDER.index(decide(kind, holds, *better)) <= LADDER.index(decide(kind, holds, *worse))
    assert LADDER.index(decide(kind, True, *better)) <= LADDER.index(decide(kind, False, *better))


@given(KINDS, st.tuples(*map(st.sampled_from, (SOURCE[:3], REPRODUCED, REPLICATED, ROBUST))))
def test_an_unverifiable_claim_never_reads_as_false(kind, answers):
    assert decide(kind, None, *answers) == "unverifiable"


def test_forecasts_and_opinions_are_never_judged():
    assert decide("forecast", False, *[""] * 4) == "forecast"
    assert decide("opinion", True, *[""] * 4) == "opinion"


def test_a_claim_its_own_source_supports_falls_a_step_without_any_other_test():
    assert (
        decide(
            "number",
            True,
            "quoted accurately",
            "not attempted",
            "no independent data",
            verdicts.PENDING,
        )
        == "mostly true"
    )
    assert (
        decide(
            "number",
            True,
            "quoted accurately",
            "reproduced",
            "no independent data",
            verdicts.PENDING,
        )
        == "true"
    )


def test_tolerances_decide_between_reproduced_approximate_and_not():
    assert verdicts.reproducibility(["22.6"], [22.649], None) == "reproduced"
    assert verdicts.reproducibility(["22.6"], [22.7], None) == "approximately"
    assert verdicts.reproducibility(["22.6"], [30.0], None) == "not reproduced"
    assert verdicts.reproducibility(["40"], [40.4], 0.0) == "approximately"
    assert verdicts.reproducibility(["40"], [None], None) == "not attempted"


def test_replicability_does_not_count_sources_that_cannot_answer():
    assert verdicts.replicability([True, None]) == "replicated"
    assert verdicts.replicability([True, False]) == "partly"
    assert verdicts.replicability([None]) == "no independent data"


def test_robustness_has_its_two_thresholds():
    assert [verdicts.robustness(n, 100) for n in (95, 94, 51, 50)] == [
        "robust",
        "mixed",
        "mixed",
        "not robust",
    ]
    assert (verdicts.robustness(None, None), verdicts.robustness(0, 0)) == (
        "no choices",
        "cannot be said",
    )


def test_currency_reads_the_newest_edition_that_can_answer():
    assert (
        verdicts.currency(
            "number", True, [("2026-01", True, True, False), ("2026-04", True, False, False)]
        )
        == "superseded (2026-04)"
    )
    assert (
        verdicts.currency(
            "ranking", True, [("2026-04", False, True, False), ("2026-05", None, True, False)]
        )
        == "reversed (2026-04)"
    )
    assert (
        verdicts.currency(
            "ranking", True, [("2026-01", True, True, True), ("2026-04", True, True, True)]
        )
        == "weakened (2026-01)"
    )
    assert verdicts.currency("trend", True, []) == "no later data"


@given(KINDS, st.booleans(), st.tuples(*map(st.sampled_from, SCALES)))
def test_an_indirect_measure_neither_proves_nor_refutes(kind, holds, answers):
    direct, indirect = decide(kind, holds, *answers), decide(kind, holds, *answers, indirect=True)
    assert indirect in ("half true", "mostly false")
    assert indirect == (
        direct
        if direct in ("half true", "mostly false")
        else "half true"
        if holds
        else "mostly false"
    )


def test_where_the_default_and_most_specifications_disagree_a_claim_is_half_true():
    assert (
        decide(
            "trend",
            True,
            "source not located",
            "not attempted",
            "no independent data",
            "not robust",
        )
        == "half true"
    )
    assert (
        decide(
            "trend", False, "source not located", "not attempted", "no independent data", "mixed"
        )
        == "half true"
    )


def test_a_claim_that_never_held_is_not_called_reversed():
    assert (
        verdicts.currency("comparison", False, [("2026-08", False, True, False)])
        == "still fails (2026-08)"
    )
    assert (
        verdicts.currency("comparison", False, [("2026-08", True, True, False)])
        == "reversed (2026-08)"
    )


def test_a_quotation_is_accurate_rounded_wrong_or_not_found():
    assert verdicts.source_check(["22.6", "13"], [22.6, 13.0]) == "quoted accurately"
    assert (
        verdicts.source_check(["22.6"], [22.55])
        == verdicts.source_check(["22.6"], [22.65])
        == "quoted with rounding"
    )
    assert verdicts.source_check(["22.6", "13"], [22.649, 13.4]) == "quoted with rounding"
    assert (
        verdicts.source_check(["22.6"], [22.66])
        == verdicts.source_check(["22.6", "13"], [22.6, 14])
        == "misquoted"
    )
    assert (
        verdicts.source_check(["22.6"], [])
        == verdicts.source_check(["22.6", "13"], [22.6, None])
        == "source not located"
    )


@pytest.mark.parametrize(
    "compare",
    [verdicts.source_check, lambda printed, found: verdicts.reproducibility(printed, found, None)],
)
def test_a_printed_value_without_a_counterpart_is_an_error(compare):
    with pytest.raises(ValueError, match="zip"):
        compare(["22.6", "13"], [22.6])


def test_a_tenth_and_half_a_unit_are_still_within():
    assert (
        verdicts.near("10", 11.0)
        and verdicts.near("0.3", 0.33)
        and not verdicts.near("10", 11.001)
        and verdicts.near("-10", -9.0)
    )
    assert (
        verdicts.reproducibility(["22.6"], [22.65], None)
        == verdicts.reproducibility(["40"], [42.0], 2.0)
        == "reproduced"
    )
    assert verdicts.reproducibility(["22.6"], [22.6501], None) == "approximately"


def test_data_that_all_contradict_are_no_replication():
    assert verdicts.replicability([False, None, False]) == "not replicated"
    assert verdicts.replicability([]) == "no independent data"


def test_a_later_edition_leaves_a_claim_standing_restates_it_or_turns_it_round():
    assert verdicts.currency("number", True, [("2026-01", True, True, False)]) == "holds (2026-01)"
    assert (
        verdicts.currency("number", True, [("2026-01", False, True, False)])
        == "superseded (2026-01)"
    )
    assert (
        verdicts.currency("number", False, [("2026-01", False, True, False)])
        == "superseded (2026-01)"
    )
    assert (
        verdicts.currency("trend", True, [("2026-01", True, False, True)]) == "superseded (2026-01)"
    )
    mixed = [
        ("2025-12", True, True, False),
        ("2026-01", True, True, True),
        ("2026-02", None, True, False),
        ("2026-03", True, True, False),
    ]
    assert verdicts.currency("trend", None, mixed) == "holds (2026-03)"


QUOTED, AGAIN, ELSEWHERE = "quoted accurately", "reproduced", "replicated"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (("number", True, QUOTED, AGAIN, ELSEWHERE, "robust"), "true"),
        (
            ("number", True, "quoted with rounding", "approximately", ELSEWHERE, "no choices"),
            "true",
        ),
        (("number", True, "source not located", "not attempted", ELSEWHERE, "robust"), "true"),
        (("number", True, "misquoted", AGAIN, ELSEWHERE, "robust"), "mostly true"),
        (("number", True, QUOTED, "not reproduced", ELSEWHERE, "robust"), "mostly true"),
        (("number", True, QUOTED, "not attempted", "no independent data", "robust"), "mostly true"),
        (("number", True, QUOTED, AGAIN, "partly", "robust"), "mostly true"),
        (("number", True, QUOTED, AGAIN, ELSEWHERE, "mixed"), "mostly true"),
        (("number", True, QUOTED, AGAIN, "partly", "mixed"), "half true"),
        (("number", True, QUOTED, AGAIN, "not replicated", "robust"), "half true"),
        (("number", True, QUOTED, AGAIN, ELSEWHERE, "not robust"), "half true"),
        (
            ("number", True, "misquoted", "not reproduced", "not replicated", "not robust"),
            "half true",
        ),
        (("number", False, QUOTED, AGAIN, "partly", "not robust"), "false"),
        (("number", False, "misquoted", "not attempted", "not replicated", "no choices"), "false"),
        (("number", False, QUOTED, AGAIN, ELSEWHERE, "not robust"), "mostly false"),
        (("number", False, QUOTED, AGAIN, "partly", "mixed"), "half true"),
        (("number", False, QUOTED, AGAIN, "partly", "robust"), "half true"),
        (("number", False, QUOTED, "not attempted", "partly", "not robust"), "half true"),
        (
            ("number", False, "quoted with rounding", "not attempted", "partly", "not robust"),
            "half true",
        ),
        (
            ("number", False, "quoted with rounding", "not attempted", ELSEWHERE, "robust"),
            "half true",
        ),
        (("number", None, "misquoted", AGAIN, ELSEWHERE, "robust"), "false"),
        (("number", None, QUOTED, AGAIN, ELSEWHERE, "robust"), "unverifiable"),
    ],
)
def test_the_rule_takes_and_gives_the_steps_that_its_text_names(answers, expected):
    assert decide(*answers) == expected


README = {
    "NEAR": "*approximately* within {}.",
    "ROBUST": "*robust* when it holds in at least {} of the specifications",
    "NOT_ROBUST": "*not robust* in {} or fewer.",
}


def unsaid():
    """The thresholds that README.md does not say."""
    text = " ".join((TOP / "README.md").read_text(encoding="utf-8").split())
    return [
        name
        for name, words in README.items()
        if words.format(verdicts.in_words(getattr(verdicts, name))) not in text
    ]


def test_the_readme_says_the_thresholds():
    assert unsaid() == []


@pytest.mark.parametrize("name", README)
def test_a_threshold_that_moves_without_the_readme_is_seen(monkeypatch, name):
    monkeypatch.setattr(verdicts, name, 0.8)
    assert unsaid() == [name]
