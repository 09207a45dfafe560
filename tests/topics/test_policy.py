import pandas as pd
import pytest

from helpers.evidence.cleaning.outlook import code_measures
from helpers.project import FactcheckError
from helpers.topics import policy

COLUMNS = ["date", "actor", "act", "step", "effect"]
MEASURES = pd.DataFrame(
    [
        ("2025-09-19", "president", "fee", "signed", "adds"),
        ("2025-09-21", "president", "fee", "in force", "adds"),
        ("2025-10-20", "agency", "guidance", "published", "exempts"),
        ("2025-10-20", "others", "lawsuits", "filed", "none"),
    ],
    columns=COLUMNS,
)


def direction(effect, baseline, actor="agency"):
    row = pd.DataFrame([("2025-01-01", actor, "act", "step", effect)], columns=COLUMNS)
    return policy.classify(row, baseline)["direction"].item()


def test_an_exemption_clarifies_against_the_old_rules_and_loosens_against_the_day_before():
    assert [direction("exempts", baseline) for baseline in policy.BASELINES] == [
        "clarification",
        "loosening",
    ]


def test_an_added_burden_tightens_and_a_removed_one_loosens_under_every_baseline():
    assert {direction("adds", baseline) for baseline in policy.BASELINES} == {"tightening"}
    assert {direction("removes", baseline) for baseline in policy.BASELINES} == {"loosening"}


def test_what_others_do_is_no_measure_of_the_administration():
    assert direction("adds", "day_before", actor="others") == "no measure"


def test_an_act_with_two_steps_counts_once_as_an_act_and_twice_as_steps():
    counted = policy.count(policy.classify(MEASURES))
    assert counted.loc["tightening"].to_dict() == {"acts": 1, "dated steps": 2}
    assert counted["dated steps"].sum() == len(MEASURES) and counted.loc["loosening", "acts"] == 0


def test_a_measure_more_moves_the_count():
    more = pd.concat([MEASURES, MEASURES.iloc[[2]].assign(act="repeal", effect="removes")])
    assert policy.count(policy.classify(more)).loc["loosening", "acts"] == 1


def test_an_unknown_baseline_and_an_effect_without_a_rule_are_refused():
    with pytest.raises(FactcheckError, match="no baseline"):
        policy.classify(MEASURES, "yesterday")
    with pytest.raises(FactcheckError, match="no rule for the effect 'hints'"):
        policy.classify(MEASURES.assign(effect="hints"))


def test_a_fact_that_nobody_has_coded_is_refused_by_name():
    fact = {
        "date": "2025-10-31",
        "fact": "A new rule appears",
        "publisher": "x",
        "address": "y",
        "evidence": "secondary",
    }
    with pytest.raises(FactcheckError, match="'A new rule appears' fits 0 codes"):
        code_measures(pd.DataFrame([fact]))
