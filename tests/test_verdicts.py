from hypothesis import given
from hypothesis import strategies as st

from helpers import verdicts
from helpers.verdicts import LADDER, decide

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
    assert decide("number", True, "quoted accurately", "not attempted", "no independent data", verdicts.PENDING) == "mostly true"
    assert decide("number", True, "quoted accurately", "reproduced", "no independent data", verdicts.PENDING) == "true"


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
    assert [verdicts.robustness(n, 100) for n in (95, 94, 51, 50)] == ["robust", "mixed", "mixed", "not robust"]
    assert (verdicts.robustness(None, None), verdicts.robustness(0, 0)) == ("no choices", "cannot be said")


def test_currency_reads_the_newest_edition_that_can_answer():
    assert verdicts.currency("number", True, [("2026-01", True, True, False), ("2026-04", True, False, False)]) == "superseded (2026-04)"
    assert verdicts.currency("ranking", True, [("2026-04", False, True, False), ("2026-05", None, True, False)]) == "reversed (2026-04)"
    assert verdicts.currency("ranking", True, [("2026-01", True, True, True), ("2026-04", True, True, True)]) == "weakened (2026-01)"
    assert verdicts.currency("trend", True, []) == "no later data"


@given(KINDS, st.booleans(), st.tuples(*map(st.sampled_from, SCALES)))
def test_an_indirect_measure_neither_proves_nor_refutes(kind, holds, answers):
    direct, indirect = decide(kind, holds, *answers), decide(kind, holds, *answers, indirect=True)
    assert indirect in ("half true", "mostly false")
    assert indirect == (direct if direct in ("half true", "mostly false") else "half true" if holds else "mostly false")


def test_where_the_default_and_most_specifications_disagree_a_claim_is_half_true():
    assert decide("trend", True, "source not located", "not attempted", "no independent data", "not robust") == "half true"
    assert decide("trend", False, "source not located", "not attempted", "no independent data", "mixed") == "half true"


def test_a_claim_that_never_held_is_not_called_reversed():
    assert verdicts.currency("comparison", False, [("2026-08", False, True, False)]) == "still fails (2026-08)"
    assert verdicts.currency("comparison", False, [("2026-08", True, True, False)]) == "reversed (2026-08)"
