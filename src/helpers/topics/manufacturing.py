"""Manufacturing: shares of the world's value added by industry, and since when an order lasts."""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from ..text import nearest

WORLD = "World (75 economies)"
SCOPES = {
    "all_manufacturing": ["All manufacturing"],
    "advanced": ["Knowledge-intensive manufacturing"],
    "electronics": ["Computers and electronics"],
    "machinery": ["Machinery"],
    "aircraft": ["Aircraft and spacecraft"],
    "services": ["Software publishing", "IT services"],
}
WORDS = {
    "all_manufacturing": "all manufacturing",
    "advanced": "knowledge-intensive manufacturing",
    "electronics": "electronics",
    "machinery": "machinery",
    "aircraft": "aircraft",
    "services": "software and IT services",
}
TOTALS = ("All manufacturing", "Knowledge-intensive manufacturing")
SERVING = ("Software publishing", "IT services", "Research services")


def shares(industries: list[str]) -> pd.DataFrame:
    """Return shares of the 75 economies' value added in some industries together, per cent.

    Years down, China, United States and EU across. Raises FactcheckError with the nearest name for
    an unknown industry.
    """
    return _shares(tables.load("value_added"), industries)


def _shares(table: pd.DataFrame, industries: list[str]) -> pd.DataFrame:
    for industry in industries:
        if industry not in set(table["industry"]):
            raise FactcheckError(
                f"Unknown industry {industry!r}: {nearest(industry, table['industry'].unique())}"
            )
    wide = table[table["industry"].isin(industries)].pivot_table(
        index="year", columns="entity", values="value_musd", aggfunc="sum"
    )
    return (
        (100 * wide.div(wide[WORLD], axis=0)).drop(columns=WORLD).round(3).rename_axis(None, axis=1)
    )


def of_scope(scope: str) -> pd.DataFrame:
    """Return `shares` of a scope of `SCOPES`.

    Services are software publishing and IT services together.
    """
    if scope not in SCOPES:
        raise FactcheckError(f"{scope!r} is no scope: {nearest(scope, SCOPES)}")
    return shares(SCOPES[scope])


def by_industry(year: int) -> pd.DataFrame:
    """Return every industry's shares in one year with who is ahead and since when.

    Totals first, then by China's lead.
    """
    rows, held = {}, tables.load("value_added")
    for industry in held["industry"].unique():
        series = _shares(held, [industry])
        if year not in series.index:
            raise FactcheckError(
                f"No value added for {year}: "
                f"the table holds {series.index.min()} to {series.index.max()}."
            )
        last = series.loc[year, ["China", "United States"]]
        ahead = last.idxmax()
        rows[industry] = last.round(1).to_dict() | {
            "ahead": ahead,
            "since": lasting(series.loc[:year], ahead),
        }
    table = pd.DataFrame(rows).T.rename_axis("industry").reset_index()
    order = [
        *TOTALS,
        *table[~table["industry"].isin(TOTALS)]
        .assign(gap=table["China"] - table["United States"])
        .sort_values("gap", ascending=False)["industry"],
    ]
    return table.set_index("industry").loc[order].reset_index()


def lasting(series: pd.DataFrame, leader: str) -> str:
    """Return the first year from which `leader` is ahead without a break, to the last year held.

    Ahead of the other of China and the United States; "never" where it is behind in the last year.
    The first year held may mean an earlier start. Years with a missing value are left out.

    >>> table = {"China": [1, 3, 2, 4], "United States": [2, 2, 3, 3]}
    >>> lasting(pd.DataFrame(table, index=[2001, 2002, 2003, 2004]), "China")
    '2004'
    """
    other = {"China": "United States", "United States": "China"}[leader]
    known = series.dropna(subset=["China", "United States"])
    ahead = (known[leader] > known[other])[::-1].cummin()[::-1]
    return str(ahead[ahead].index[0]) if ahead.any() else "never"


def export_shares() -> pd.DataFrame:
    """Return shares of the 75 economies' gross exports in the last year held, per cent.

    Goods down, economies across.
    """
    table = tables.load("goods_exports")
    wide = table[table["year"].eq(table["year"].max())].pivot(
        index="goods", columns="entity", values="value_musd"
    )
    return (
        (100 * wide.div(wide[WORLD], axis=0)).drop(columns=WORLD).round(1).rename_axis(None, axis=1)
    )


def in_gdp() -> pd.DataFrame:
    """Return manufacturing's share of each economy's own GDP, per cent.

    Years down, economies across.
    """
    return (
        tables.load("manufacturing_in_gdp")
        .pivot(index="year", columns="entity", values="share_pct")
        .rename_axis(None, axis=1)
    )
