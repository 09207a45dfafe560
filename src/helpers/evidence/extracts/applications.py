"""Extracts on online retail, payments and logistics: US Census, World Bank, and one order that a
publisher states."""

import re
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, date, number, schema, share, text, year

ECONOMIES = {"CHN": "China", "USA": "United States"}
# The World Bank's names of the items; the number of adults is a count, all else a share of adults.
FINDEX = {
    "pop_adult": "adults",
    "account_t_d": "account at an institution",
    "fin26a": "paid bills online",
    "fin26b": "bought online",
    "fin27a": "paid online for an online purchase",
}


def _quarters(path: Path, column: str, ours: str) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str)
    written = table["observation_date"]
    iso = written.str.fullmatch(r"\d{4}-\d\d-\d\d")
    days = pd.to_datetime(written.where(iso), format="%Y-%m-%d").fillna(
        pd.to_datetime(written.where(~iso), format="%m/%d/%y")
    )
    return pd.DataFrame({"quarter": days.dt.strftime("%Y-%m-%d"), ours: table[column]})


def census_share(path: Path) -> pd.DataFrame:
    """Keep US e-commerce in per cent of all retail sales, seasonally adjusted.

    Columns quarter (its first day), share_pct.
    """
    return _quarters(path, "ECOMPCTSA", "share_pct")


def census_sales(path: Path) -> pd.DataFrame:
    """Keep US e-commerce sales in millions of dollars, seasonally adjusted.

    Columns quarter (its first day), sales_musd.
    """
    return _quarters(path, "ECOMSA", "sales_musd")


def findex(path: Path) -> pd.DataFrame:
    """Keep the items of `FINDEX` for China and the United States, all adults.

    Columns entity, year, item, value.

    Shares are in per cent, `adults` a number of people; a question not asked (`NA` in the file)
    stays empty. Raises FactcheckError for an item that the file does not hold.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    if missing := sorted(set(FINDEX) - set(table)):
        raise FactcheckError(
            f"{path.name} lacks {', '.join(missing)}: another copy of the database? Look at its"
            " columns."
        )
    table = table[table["codewb"].isin(ECONOMIES) & table["group"].eq("all")]
    long = table.melt(["codewb", "year"], list(FINDEX), "item", "value")
    asked = pd.to_numeric(long["value"].replace("NA", None))
    value = asked.where(long["item"].eq("pop_adult"), (100 * asked).round(6))
    found = pd.DataFrame(
        {
            "entity": long["codewb"].map(ECONOMIES),
            "year": long["year"],
            "item": long["item"].map(FINDEX),
            "value": value,
        }
    )
    return found.sort_values(["item", "entity", "year"])


def logistics(path: Path) -> pd.DataFrame:
    """Cite the overall score and rank of China and the United States in four editions.

    Columns entity, year, score, rank.
    """
    table = pd.read_csv(path, dtype=str)
    table = table[table["Code"].isin(ECONOMIES)]
    columns = {"Year": "year", "Overall LPI Score": "score", "Overall LPI Rank": "rank"}
    return (
        table.assign(entity=table["Code"].map(ECONOMIES))
        .rename(columns=columns)[["entity", *columns.values()]]
        .sort_values(["entity", "year"])
    )


def stated_firsts(path: Path) -> pd.DataFrame:
    """Keep the values that a publication calls the highest among several markets.

    Columns indicator, entity, period, among, publisher, evidence.

    The others' values are not printed, so only the order is known.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    among = table["unit"].str.extract(r"\(highest of (\d+) markets\)")[0]
    found = table.assign(among=among, entity=table["entity"].replace("US", "United States"))[
        among.notna()
    ]
    if not re.fullmatch(r"(China|United States)?", "".join(found["entity"].unique())):
        raise FactcheckError(
            f"{path.name}: a highest value of {found['entity'].tolist()}: only China and the United"
            " States are compared here."
        )
    return found[["indicator", "entity", "period", "among", "publisher", "evidence"]].sort_values(
        ["indicator", "period"]
    )


SCHEMAS = {
    "census_share": schema(key=["quarter"], quarter=date(), share_pct=share()),
    "census_sales": schema(key=["quarter"], quarter=date(), sales_musd=number(least=0)),
    "findex": schema(key=["entity", "year", "item"], entity=text(list(ECONOMIES.values())),
        year=year(2011, 2024), item=text(list(FINDEX.values())),
                     value=number(least=0, nullable=True)),
    "logistics": schema(key=["entity", "year"], entity=text(list(ECONOMIES.values())),
        year=year(2007, 2023), score=number(least=1), rank=count()),
    "stated_firsts": schema(key=["indicator", "entity", "period"], indicator=text(),
        entity=text(list(ECONOMIES.values())), period=text(),
                            among=count(), publisher=text(),
                            evidence=text(["primary", "copy", "secondary"])),
}  # fmt: skip
