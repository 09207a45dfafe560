"""Corrections: no outcome changes without an entry."""

import pandas as pd
import pytest

from helpers.judging import claims, corrections, scorecard
from helpers.project import FactcheckError


def test_the_log_ends_in_the_outcome_of_every_claim():
    found = scorecard.load()
    assert corrections.problems(found) == []
    assert set(found["claim"]) == set(corrections.load()["claim"]) == set(claims.load())


def test_each_entry_goes_on_where_the_last_one_ended():
    for _, entries in corrections.load().groupby("claim"):
        assert entries["from"].iloc[1:].tolist() == entries["to"].iloc[:-1].tolist()


def test_an_outcome_that_changes_without_an_entry_is_seen():
    found = pd.DataFrame({"claim": ["patents-china-2023"], "outcome": ["ambiguous"]})
    (problem,) = corrections.problems(found)
    assert "patents-china-2023" in problem and "add an entry" in problem


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('date = "', 'date = "on ', "a date is YYYY-MM-DD"),
        ('to = "', 'to = "perhaps ', "one of the outcomes"),
        ("why = ", "because = ", "entry 1: needs"),
    ],
)
def test_an_entry_out_of_shape_is_named(checkout, old, new, said):
    path = checkout / "data" / "corrections.toml"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(FactcheckError, match=said):
        corrections.load()
