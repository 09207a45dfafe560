"""Indicators: what publications state, and what several measures say of one comparison or trend.

Measures stand side by side and are never averaged.
"""

from collections.abc import Iterable

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from ..text import nearest

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
THE = {"China": "China", "United States": "The United States"}  # as a sentence begins


def stated(indicator: str) -> pd.DataFrame:
    """Return what publications state of an indicator, one row per entity, period and part.

    Columns entity, period, part, value, qualifier, unit, publisher, locator, address, evidence.
    Raises FactcheckError with the nearest name.
    """
    table = tables.load("stated_values")
    if indicator not in set(table["indicator"]):
        hint = nearest(indicator, table["indicator"].unique())
        raise FactcheckError(f"No stated value of {indicator!r}: {hint}")
    found = table[table["indicator"].eq(indicator)].drop(columns=["topic", "indicator"])
    return found.fillna({"part": "", "qualifier": "", "locator": ""}).reset_index(drop=True)


def compare(measured: Iterable[dict]) -> pd.DataFrame:
    """Return a table of indicators of two countries, one row each, with who is ahead.

    `measured` gives per indicator the columns `COMPARED`: both values in one unit and of one
    period, `better` higher or lower. Adds `ratio` (China over United States) and `ahead` (China,
    United States, level; empty where a value is missing). Raises FactcheckError for a missing
    column, an indicator that stands twice or a bad `better`.
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

    `measured` gives per indicator the columns `FOLLOWED`: the first and last value and their
    periods, `better` higher or lower. Adds `change` (last minus first) and `direction` (better,
    worse, level; empty where a value is missing). Raises FactcheckError as `compare` does.
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
    """Return how many indicators of a table say each word.

    `words` maps the name of the count to the word in `ahead` or `direction`.

    >>> count(pd.DataFrame({"ahead": ["China", "China", ""]}), {"China ahead": "China"})
    {'China ahead': 2.0}
    """
    said = table["ahead" if "ahead" in table else "direction"]
    return {name: float(said.eq(word).sum()) for name, word in words.items()}


def moves(first: float, last: float) -> str:
    """Say in words how a value goes from a first to a last one, at whole numbers.

    >>> moves(7.9, 16.1), moves(13.8, 6.3), moves(7.2, 6.9)
    ('rises from 8 to 16', 'falls from 14 to 6', 'stays at 7')
    """
    start, end = f"{first:.0f}", f"{last:.0f}"
    if start == end:
        return f"stays at {start}"
    return f"{'rises' if last > first else 'falls'} from {start} to {end}"


def listed(names: Iterable[str]) -> str:
    """Write names as a sentence lists them; "none" for no name.

    >>> listed(["aircraft", "software"]), listed([])
    ('aircraft and software', 'none')
    """
    *others, last = list(names) or ["none"]
    return f"{', '.join(others)} and {last}" if others else last


def _table(measured: Iterable[dict], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(list(measured))
    if missing := [column for column in columns if column not in table]:
        raise FactcheckError(
            f"The indicators lack {', '.join(missing)}: "
            f"give every indicator all of {', '.join(columns)}."
        )
    if doubled := table.loc[table.duplicated(["indicator", "basis"]), "indicator"].tolist():
        raise FactcheckError(
            f"These indicators stand twice: {', '.join(doubled)}. Count each once."
        )
    if bad := sorted(set(table["better"]) - set(BETTER)):
        raise FactcheckError(f"better = {bad[0]!r}: write higher or lower.")
    return table[columns].reset_index(drop=True)
