"""Editions: what the data said when, from hand-made records, sources and sweeps."""

import pandas as pd
import pytest

from helpers.evidence import sources
from helpers.judging import editions, multiverse, records

CLAIM = "notable-models-us-leads"
EDITIONS = {"early": "2024-05", "late": "2025-10-31", "day": "2025-11-02", "after": "2026-01-01"}
SPECIFICATIONS = pd.DataFrame(
    [
        ("2024-05", "whole", "2020-01-01", 9.0, 4.0, True, True, ""),
        ("2024-05", "first", "2020-01-01", 8.0, 3.0, True, False, ""),
        ("2025-10-31", "whole", "2020-01-01", 5.0, 6.0, False, False, "edition"),
        ("2025-10-31", "whole", "2021-01-01", 7.0, 7.0, False, False, "edition"),
        ("2025-10-31", "first", "2020-01-01", 6.0, 6.0, False, False, "edition"),
        ("2026-01-01", "whole", "2020-01-01", 1.0, None, None, False, "edition"),
    ],
    columns=[
        "vintage", "counting", "hub_vintage", "United States", "China", "holds", "is_default",
        "apart",
    ],
)  # fmt: skip


@pytest.fixture
def told(monkeypatch):
    """Let a claim have a record, sources and a sweep of our own; return its history as rows."""

    def history(since=(), used=("early", "late"), swept=None):
        record = {
            "values": [
                {"entity": "United States", "value": 10},
                {"entity": "China", "value": 4},
                {"entity": "Somewhere else", "value": 7},
            ],
            "holds": True,
            "choices": {"vintage": "2024-05", "counting": "whole", "hub_vintage": "2020-01-01"},
            "sources": list(used),
            "since": {"entries": list(since)},
        }
        monkeypatch.setattr(records, "answers", lambda: {CLAIM: record})
        monkeypatch.setattr(sources, "get", made.__getitem__)
        rows = pd.DataFrame({"claim": ["another"] if swept is None else [CLAIM]})
        monkeypatch.setattr(multiverse, "load", lambda: rows)
        monkeypatch.setattr(
            multiverse, "specifications", lambda claim, change: {False: swept}[change]
        )
        table = editions.history(CLAIM)
        assert list(table) == ["date", "entity", "value", "holds", "after"]
        assert table.index.tolist() == list(range(len(table)))
        return list(table.itertuples(index=False, name=None))

    made = {
        name: sources.Source(name, "", "", edition, "", "", "", "primary", "", "https://x")
        for name, edition in EDITIONS.items()
    }
    made["ours"] = sources.Source("ours", "", "", "2025-11-01", "", "", "", "copy", "")
    return history


def later(label, values, holds=False, same=True):
    return {"label": label, "values": values, "holds": holds, "same": same}


def test_a_default_answer_stands_at_the_newest_source_that_was_out_by_the_debate(told):
    for used in (("early", "late"), ("late", "early", "after"), ("late", "ours")):
        assert told(used=used) == [
            ("2025-10-31", "China", 4, True, False),
            ("2025-10-31", "United States", 10, True, False),
        ]
    assert [row[0] for row in told(used=["early"])] == ["2024-05"] * 2
    assert [row[0] for row in told(used=["early", "day"])] == ["2025-11-02"] * 2


def test_without_a_dated_source_of_before_the_debate_it_stands_at_the_debate(told):
    for used in ([], ["ours"], ["after"]):
        assert [row[::4] for row in told(used=used)] == [("2025-11-02", False)] * 2


def test_later_editions_of_the_same_period_stand_at_their_own_date(told):
    since = [
        later("2026-04", {"United States@2024": 9, "China@2024": 5}),
        later("2026-05", {"China": 6}, holds=None),
        later("2026-06", {"China@2025": 99}, same=False),
    ]
    assert told(since)[2:] == [
        ("2026-04", "China", 5, False, True),
        ("2026-04", "United States", 9, False, True),
        ("2026-05", "China", 6, None, True),
    ]


def test_what_has_no_date_no_value_or_another_entity_is_left_out(told):
    since = [
        later("spring 2026", {"China": 1}),
        later("2026-04-011", {"China": 1}),
        later("2026", {"China": None, "Elsewhere": 3, "United States": 2}),
    ]
    assert told(since)[2:] == [("2026", "United States", 2, False, True)]


def test_of_two_values_of_one_day_the_last_counts(told):
    since = [later("2025-10-31", {"China": 5}, holds=None), later("2025-10-31", {"China": 6})]
    assert told(since) == [
        ("2025-10-31", "China", 6, False, False),
        ("2025-10-31", "United States", 10, True, False),
    ]


def test_where_the_edition_is_a_choice_each_stands_at_its_date_and_the_rest_at_its_default(told):
    assert told(swept=SPECIFICATIONS) == [
        ("2024-05", "China", 4, True, False),
        ("2024-05", "United States", 9, True, False),
        ("2025-10-31", "China", 6, False, False),
        ("2025-10-31", "United States", 5, False, False),
        ("2026-01-01", "United States", 1, None, True),
    ]


def test_where_the_edition_is_the_only_choice_all_rows_are_its(told):
    table = SPECIFICATIONS.iloc[[0, 2]].drop(columns=["counting", "hub_vintage"])
    assert [row[:3] for row in told(swept=table)] == [
        ("2024-05", "China", 4), ("2024-05", "United States", 9),
        ("2025-10-31", "China", 6), ("2025-10-31", "United States", 5),
    ]  # fmt: skip


def test_where_no_choice_is_an_edition_the_default_answer_is_all_there_is(told):
    table = SPECIFICATIONS.drop(columns=["vintage", "hub_vintage"])
    assert told(swept=table) == told()
