"""Online retail: its share of retail sales, and the parcels sent, in China and the United States.

Each country's share stands on its own office's base.
"""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from . import indicators

CHINA = "online retail sales of physical goods, share of total retail sales of consumer goods"
QUARTERS = ("mean_of_quarters", "sales_over_retail")
ROUNDING = 0.05


def us_shares(us_quarters: str = "mean_of_quarters") -> pd.DataFrame:
    """Return US e-commerce in per cent of all retail sales: columns year, value, low, high.

    Complete years only. `mean_of_quarters` averages the printed quarters, `sales_over_retail`
    weights them by sales: each quarter's sales over its share give retail sales. `low` and `high`
    are what rounding to a tenth allows. Raises FactcheckError for another rule.
    """
    if us_quarters not in QUARTERS:
        raise FactcheckError(
            f"{us_quarters!r} is no rule for quarters: use one of {', '.join(QUARTERS)}."
        )
    table = tables.load("us_online_retail").assign(
        year=lambda rows: rows["quarter"].str[:4].astype(int)
    )
    table["retail_musd"] = 100 * table["sales_musd"] / table["share_pct"]
    years = table.groupby("year").agg(
        n=("quarter", "size"),
        mean=("share_pct", "mean"),
        sales=("sales_musd", "sum"),
        retail=("retail_musd", "sum"),
    )
    years = years[years["n"].eq(4)]
    value = (
        years["mean"]
        if us_quarters == "mean_of_quarters"
        else 100 * years["sales"] / years["retail"]
    )
    return pd.DataFrame(
        {
            "value": value.round(3),
            "low": (value - ROUNDING).round(3),
            "high": (value + ROUNDING).round(3),
        }
    ).reset_index()


def china_shares() -> pd.DataFrame:
    """Return Chinese online sales of goods in per cent of retail sales of consumer goods.

    Columns period, months, value, publisher, evidence. `months` is "year" or the part of a year
    that the publication names; the two are not one series.
    """
    rows = indicators.stated(CHINA)
    parts = rows["period"].str.fullmatch(r"\d{4}").map({True: "year", False: "part of a year"})
    return rows.assign(months=parts)[
        ["period", "months", "value", "publisher", "evidence"]
    ].sort_values("period", ignore_index=True)


def side_by_side(us_quarters: str = "mean_of_quarters") -> pd.DataFrame:
    """Return the years in which both offices print a share: columns year, China, United States.

    The two bases differ, so the columns are not one line.
    """
    china = (
        china_shares()
        .query("months == 'year'")
        .astype({"period": int})
        .rename(columns={"period": "year", "value": "China"})
    )
    both = china[["year", "China"]].merge(
        us_shares(us_quarters)[["year", "value"]].rename(columns={"value": "United States"}),
        on="year",
    )
    return both.sort_values("year", ignore_index=True)


def headline(both: pd.DataFrame) -> str:
    """Say in one line where the larger share of retail sales is online, from `side_by_side`.

    >>> headline(pd.DataFrame({"China": [20.7, 24.9], "United States": [10.6, 14.5]}))
    "A larger share of China's retail sales is online"
    """
    ahead = both["China"] > both["United States"]
    if ahead.nunique() > 1:
        return "The larger online share of retail changes with the year"
    whose = "China's" if ahead.all() else "American"
    return f"A larger share of {whose} retail sales is online"


def parcels() -> pd.DataFrame:
    """Return parcels in billions by year; the definitions of the two countries differ.

    Columns entity, period, value, publisher, evidence.
    """
    named = [indicators.stated("express parcels"), indicators.stated("parcels")]
    columns = ["entity", "period", "value", "publisher", "evidence"]
    return pd.concat(named)[columns].sort_values(["entity", "period"], ignore_index=True)


def per_adult() -> pd.DataFrame:
    """Return parcels per adult (15 and over) in the years of the World Bank's survey.

    The survey gives the number of adults.
    """
    adults = (
        tables.load("findex_items")
        .query("item == 'adults'")
        .assign(period=lambda rows: rows["year"].astype(str))
    )
    rows = parcels().merge(
        adults[["entity", "period", "value"]].rename(columns={"value": "adults"}),
        on=["entity", "period"],
    )
    return rows.assign(value=(rows["value"] * 1e9 / rows["adults"]).round(2)).drop(columns="adults")
