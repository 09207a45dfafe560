"""Indicators: what several measures say of one comparison or one trend, side by side and never averaged."""

from collections.abc import Iterable

import pandas as pd

from ..project import FactcheckError

COMPARED = [
    "indicator",
    "basis",
    "period",
    "China",
    "United States",
    "unit",
    "better",
    "publisher",
    "evidence",
]
FOLLOWED = [
    "indicator",
    "basis",
    "from",
    "to",
    "first",
    "last",
    "unit",
    "better",
    "publisher",
    "evidence",
]
BETTER = ("higher", "lower")


def compare(measured: Iterable[dict]) -> pd.DataFrame:
    """Return a table of indicators of two countries, one row each, with who is ahead.

    `measured` gives per indicator the columns `COMPARED`: both values in one unit and of one period, `better` higher or lower.
    Adds `ratio` (China over United States) and `ahead` (China, United States, level; empty where a value is missing).
    Raises FactcheckError for a missing column, an indicator that stands twice or a bad `better`.
    """
    table = _table(measured, COMPARED)
    lead = (table["China"] - table["United States"]).where(
        table["better"].eq("higher"), table["United States"] - table["China"]
    )
    table["ratio"] = (table["China"] / table["United States"]).round(2)
    table["ahead"] = lead.map(
        lambda gap: (
            "" if pd.isna(gap) else "China" if gap > 0 else "United States" if gap < 0 else "level"
        )
    )
    return table


def follow(measured: Iterable[dict]) -> pd.DataFrame:
    """Return a table of indicators of one country over time, one row each, with the direction.

    `measured` gives per indicator the columns `FOLLOWED`: the first and last value and their periods, `better` higher or lower.
    Adds `change` (last minus first) and `direction` (better, worse, level; empty where a value is missing).
    Raises FactcheckError as `compare` does.
    """
    table = _table(measured, FOLLOWED)
    table["change"] = (table["last"] - table["first"]).round(4)
    gain = table["change"].where(table["better"].eq("higher"), -table["change"])
    table["direction"] = gain.map(
        lambda change: (
            ""
            if pd.isna(change)
            else "better"
            if change > 0
            else "worse"
            if change < 0
            else "level"
        )
    )
    return table


def count(table: pd.DataFrame, words: dict[str, str]) -> dict[str, float]:
    """Return how many indicators of a table say each word: `words` maps the name of the count to the word in `ahead` or `direction`.

    >>> count(pd.DataFrame({"ahead": ["China", "China", ""]}), {"Indicators with China ahead": "China"})
    {'Indicators with China ahead': 2.0}
    """
    said = table["ahead" if "ahead" in table else "direction"]
    return {name: float(said.eq(word).sum()) for name, word in words.items()}


def _table(measured: Iterable[dict], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(list(measured))
    if missing := [column for column in columns if column not in table]:
        raise FactcheckError(
            f"The indicators lack {', '.join(missing)}: give every indicator all of {', '.join(columns)}."
        )
    if doubled := table.loc[table.duplicated(["indicator", "basis"]), "indicator"].tolist():
        raise FactcheckError(
            f"These indicators stand twice: {', '.join(doubled)}. Count each once."
        )
    if bad := sorted(set(table["better"]) - set(BETTER)):
        raise FactcheckError(f"better = {bad[0]!r}: write higher or lower.")
    return table[columns].reset_index(drop=True)
