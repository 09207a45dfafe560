"""Talent: which part of a conference's authors works in a country, under every reading of the
count."""

from collections.abc import Iterable
from functools import cache

import numpy as np
import pandas as pd

from ..evidence import store, tables
from ..evidence.places import EUROPE
from ..project import FactcheckError

GROUPS = ["United States", "China", "Hong Kong and Macau", "DeepMind", "Missing", "Other"]
PLACES = {
    "USA": "United States",
    "CHN": "China",
    "HKG": "Hong Kong and Macau",
    "MAC": "Hong Kong and Macau",
    "DeepMind": "DeepMind",
    "none": "Missing",
    "unmapped": "Missing",
    "doubtful": "Missing",
}
AMOUNT = {
    ("author_slot", "first_listed"): "slots", ("author_slot", "fractional"): "shared",
    ("unique_author", "first_listed"): "authors", ("unique_author", "fractional"): "shared_authors",
    ("paper_weighted", "first_listed"): "slots", ("paper_weighted", "fractional"): "shared",
}  # fmt: skip
WORK = "country of work (institution HQ)"


@cache
def _places() -> pd.DataFrame:
    rows = tables.load("neurips_places")
    return rows.assign(group=rows["place"].map(PLACES).fillna("Other"))


@store.once
def groups(
    year: int,
    track: str = "main",
    unit: str = "author_slot",
    affiliation_rule: str = "first_listed",
) -> pd.DataFrame:
    """Return one row per accepted paper of a NeurIPS year with the amount that each of `GROUPS`
    holds in it.

    `track` main leaves out datasets and replications where the list tells them apart (2022);
    all_posters keeps them. In the unit paper_weighted every paper adds up to one, in unique_author
    every author of the list does. Raises FactcheckError for a year or reading we do not hold.
    """
    rows = _places()
    rows = rows[rows["year"].eq(year) & (rows["track"].eq("main") | (track == "all_posters"))]
    if rows.empty or (unit, affiliation_rule) not in AMOUNT:
        raise FactcheckError(
            f"No count of NeurIPS {year} by {unit}, {affiliation_rule}: use 2019, 2020 or 2022 "
            "and the values of choices.toml."
        )
    wide = rows.pivot_table(
        index="paper",
        columns="group",
        values=AMOUNT[unit, affiliation_rule],
        aggfunc="sum",
        fill_value=0,
    )
    wide = wide.reindex(columns=GROUPS, fill_value=0.0)
    return wide.div(wide.sum(axis=1), axis=0) if unit == "paper_weighted" else wide


def shares(
    sums: pd.DataFrame,
    deepmind: str = "us",
    hong_kong_macau: str = "separate",
    missing_affiliation: str = "drop",
) -> pd.DataFrame:
    """Return the shares of the United States and China and their gap, per cent, for each row of
    sums over `GROUPS`.

    `missing_affiliation` drop takes authors without a mapped employer out of the base, all_china
    and all_us give them to one side.

    >>> papers = pd.DataFrame([[50, 20, 5, 5, 10, 10]], columns=GROUPS)
    >>> shares(papers, "uk", "in_china").round(2).iloc[0].tolist()
    [55.56, 27.78, 27.78]
    """
    us = [1, 0, 0, deepmind == "us", missing_affiliation == "all_us", 0]
    china = [0, 1, hong_kong_macau == "in_china", 0, missing_affiliation == "all_china", 0]
    base = [1, 1, 1, 1, missing_affiliation != "drop", 1]
    added = sums[GROUPS].to_numpy(dtype=float) @ np.array([us, china, base], dtype=float).T
    found = 100 * added[:, :2] / added[:, [2]]
    return pd.DataFrame(
        {"United States": found[:, 0], "China": found[:, 1], "Gap": found[:, 0] - found[:, 1]},
        index=sums.index,
    )


def printed_shares(tier: str = "top") -> pd.DataFrame:
    """Return MacroPolo's printed shares by country of work, one row per year and place."""
    rows = tables.load("talent_printed").query("tier == @tier and measure == @WORK")
    return rows[["edition", "year", "place", "value", "evidence", "locator"]].reset_index(drop=True)


def elsewhere(year: int, affiliation_rule: str = "first_listed") -> pd.Series:
    """Return shares of a NeurIPS main track's mapped author slots, per cent: United Kingdom with
    and without DeepMind, Europe without it, Canada."""
    rows = _places()[
        lambda rows: rows["year"].eq(year) & rows["track"].eq("main") & rows["group"].ne("Missing")
    ]
    slots = rows.groupby("place")[AMOUNT["author_slot", affiliation_rule]].sum()
    found = {
        "Canada": slots["CAN"],
        "United Kingdom without DeepMind": slots["GBR"],
        "United Kingdom with DeepMind": slots["GBR"] + slots["DeepMind"],
        "Europe without the United Kingdom": slots[
            slots.index.isin(EUROPE["un_list"] - {"GBR"})
        ].sum(),
    }
    return (100 * pd.Series(found) / slots.sum()).round(1)


@store.once
def venues(**rule: str) -> pd.DataFrame:
    """Return the shares at other venues and years, per cent of their own unit, with the part whose
    place is missing (`missing`)."""
    rows = tables.load("venue_places")
    keyed = rows.assign(group=rows["place"].map(PLACES).fillna("Other"))
    return shares_by(keyed, ["venue", "unit", "year"], "amount", rule)


def institutions(column: str, **rule: str) -> pd.DataFrame:
    """Return the shares of NeurIPS institution-papers by year, from the `published` or the
    `audited` place."""
    rows = tables.load("neurips_institution_papers")
    return shares_by(
        rows.assign(group=rows[column].map(PLACES).fillna("Other")), ["year"], "papers", rule
    )


@store.once
def institution_ranges(**rule: str) -> pd.DataFrame:
    """Return the audited shares with the bounds that unplaced papers leave: columns year, entity,
    value, low, high."""
    value, *ends = (
        institutions("audited", **rule | given)
        for given in ({}, {"missing_affiliation": "all_us"}, {"missing_affiliation": "all_china"})
    )
    rows = [
        (year, place, value.loc[year, place], *sorted(end.loc[year, place] for end in ends))
        for place in GROUPS[:2]
        for year in value.index
    ]
    return pd.DataFrame(rows, columns=["year", "entity", "value", "low", "high"])


def leaders(ranges: pd.DataFrame) -> pd.Series:
    """Return by year who is ahead wherever the unplaced papers may belong: United States, China or
    "not clear".

    >>> rows = [(1, "United States", 9, 8, 10), (1, "China", 5, 4, 9)]
    >>> leaders(pd.DataFrame(rows, columns=["year", "entity", "value", "low", "high"]))[1]
    'not clear'
    """
    low, high = (
        ranges.pivot(index="year", columns="entity", values=end) for end in ("low", "high")
    )
    found = pd.Series("not clear", index=low.index, name="ahead")
    found[low["United States"] > high["China"]] = "United States"
    found[low["China"] > high["United States"]] = "China"
    return found


def moved() -> pd.DataFrame:
    """Return by year how many institution-papers our audit moved: papers, to another country, to
    doubtful, and both in per cent."""
    rows = tables.load("neurips_institution_papers")
    differ, doubtful = rows["published"].ne(rows["audited"]), rows["audited"].eq("doubtful")
    parts = {
        "papers": rows["papers"],
        "to another country": rows["papers"] * (differ & ~doubtful),
        "to doubtful": rows["papers"] * doubtful,
    }
    found = pd.DataFrame(parts).groupby(rows["year"]).sum()
    return found.assign(moved_pct=(100 * found.iloc[:, 1:].sum(axis=1) / found["papers"]).round(1))


def shares_by(
    rows: pd.DataFrame, keys: Iterable[str], amount: str, rule: dict[str, str]
) -> pd.DataFrame:
    """Return shares by `keys` of an amount in rows with a `group`, and what is `missing`, per
    cent."""
    sums = rows.pivot_table(
        index=list(keys), columns="group", values=amount, aggfunc="sum", fill_value=0
    ).reindex(columns=GROUPS, fill_value=0)
    return shares(sums, **rule).assign(missing=100 * sums["Missing"] / sums.sum(axis=1)).round(2)
