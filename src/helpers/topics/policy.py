"""Policy measures: whether each tightens, loosens or only clarifies a rule, by one written rule."""

import pandas as pd

from ..evidence.cleaning.outlook import EFFECTS as EFFECTS
from ..project import FactcheckError
from ..text import nearest

BASELINES = ("before_proclamation", "day_before")
DIRECTIONS = ("tightening", "loosening", "clarification", "no measure")
RULES = {
    ("adds", "before_proclamation"): ("tightening", "adds a payment that nobody owed before"),
    ("adds", "day_before"): ("tightening", "adds a payment that nobody owed the day before"),
    ("removes", "before_proclamation"): ("loosening", "removes a condition that stood before"),
    ("removes", "day_before"): ("loosening", "removes a condition that stood the day before"),
    ("exempts", "before_proclamation"): (
        "clarification",
        "leaves a group where it was: narrower reach",
    ),
    ("exempts", "day_before"): ("loosening", "takes a group out of the reach of the day before"),
}


def classify(measures: pd.DataFrame, baseline: str = "before_proclamation") -> pd.DataFrame:
    """Return the measures by date with `direction` (one of `DIRECTIONS`) and `because`.

    Only steps of the administration are measures: lawsuits are none. `before_proclamation` compares
    with the rules before the first measure, `day_before` with those of the day before each step, as
    the DEMIG POLICY database codes changes within the existing system (de Haas, Natter and Vezzoli
    2015, Comparative Migration Studies 3:15).

    Raises FactcheckError for another baseline or an effect without a rule.
    """
    if baseline not in BASELINES:
        raise FactcheckError(f"{baseline!r} is no baseline: {nearest(baseline, BASELINES)}")
    found = []
    for row in measures.itertuples():
        if row.actor == "others" or row.effect == "none":
            found.append(("no measure", "no act of the administration"))
        elif (row.effect, baseline) in RULES:
            found.append(RULES[row.effect, baseline])
        else:
            raise FactcheckError(
                f"{row.act}, {row.step}: no rule for the effect {row.effect!r}. "
                "Add it to RULES in helpers/topics/policy.py."
            )
    return measures.assign(
        direction=[each[0] for each in found], because=[each[1] for each in found]
    ).sort_values(["date", "act", "step"], ignore_index=True)


def count(classified: pd.DataFrame) -> pd.DataFrame:
    """Return how many acts and how many dated steps stand in each of `DIRECTIONS`.

    An act counts once, whatever its steps.
    """
    acts = classified.groupby("direction")["act"].nunique()
    steps = classified.groupby("direction").size()
    return pd.DataFrame({"acts": acts, "dated steps": steps}).reindex(
        list(DIRECTIONS), fill_value=0
    )
