"""Applications: indicators of fintech, online retail and logistics in China and the United States.

An indicator counts if it measures the size, the use or the quality of one of the three sectors, in
both countries, in one year and one unit; the last such year is taken. Where a publisher prints only
who is first, the order counts and the ratio stays missing.
"""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from . import indicators, retail

SECTORS = {"fintech": "Fintech", "online_retail": "Online retail", "logistics": "Logistics"}
SOURCES = [
    "diffusion_us_census_ecommerce_share",
    "diffusion_us_census_ecommerce_sales",
    "diffusion_global_findex_2025",
    "diffusion_world_bank_lpi_2010_2016",
    "facts_diffusion_firsts",
    "facts_diffusion_quoted",
]
# Indicator, sector, basis, who publishes it, and the stated indicators of both countries.
STATED = [
    ("Online adults who use fintech", "fintech", "penetration", "market research",
     "FinTech adoption (digitally active consumers)"),
    ("Phone users who pay in shops by it", "fintech", "penetration", "market research",
     "proximity mobile payment users, share of smartphone users 14+"),
    ("Spent by phone in shops, per user", "fintech", "value", "market research",
     "POS mobile-payment spend per user"),
]  # fmt: skip
SURVEYED = [
    ("Adults who pay bills online", "fintech", "paid bills online"),
    ("Adults who buy online", "online_retail", "bought online"),
]


def indicator_table(us_quarters: str = "mean_of_quarters") -> pd.DataFrame:
    """Return every indicator once, with its last year common to both countries.

    Columns of `indicators.compare`, then `sector`, `group` (World Bank, offices and carriers,
    market research) and `order_only`.
    """
    made = [*_surveyed(), *_stated(), _retail(us_quarters), *_parcels(), _logistics(), *_firsts()]
    table = indicators.compare(made)
    extra = pd.DataFrame(made)[["sector", "group", "first"]]
    table["order_only"] = table["ahead"].eq("") & extra["first"].ne("")
    table["ahead"] = table["ahead"].where(~table["order_only"], extra["first"])
    table[["sector", "group"]] = extra[["sector", "group"]]
    return table.sort_values(["sector", "basis", "indicator"], ignore_index=True)


def not_compared() -> pd.DataFrame:
    """Return the stated values of these sectors without a partner in the other country.

    No partner for their year: columns indicator, entity, period, value, unit, evidence.
    """
    table = tables.load("stated_values").query("topic == 'fintech_ecommerce_logistics'")
    used = [retail.CHINA, "express parcels", "parcels", *tables.load("stated_firsts")["indicator"]]
    pairs = table.groupby(["indicator", "period"])["entity"].transform("nunique")
    alone = table[pairs.eq(1) & ~table["indicator"].isin(used)]
    return alone[["indicator", "entity", "period", "value", "unit", "evidence"]].reset_index(
        drop=True
    )


def headline(table: pd.DataFrame) -> str:
    """Say in one line whether the yardsticks of a sector agree on who is ahead.

    >>> headline(pd.DataFrame({"sector": ["retail", "retail"], "ahead": ["China", "China"]}))
    'China is ahead by every yardstick'
    """
    if table.groupby("sector")["ahead"].nunique().gt(1).any():
        return "Who is ahead depends on the yardstick"
    if table["ahead"].nunique() > 1:
        return "Who is ahead depends on the sector"
    return f"{indicators.THE.get(table['ahead'].iloc[0], 'Neither')} is ahead by every yardstick"


def _row(
    indicator: str,
    sector: str,
    basis: str,
    period: object,
    pair: dict,
    unit: str,
    group: str,
    publisher: str,
    evidence: str,
    first: str = "",
) -> dict:
    values = {place: pair.get(place) for place in ("China", "United States")}
    return {
        "indicator": indicator,
        "basis": basis,
        "period": str(period),
        **values,
        "unit": unit,
        "better": "higher",
        "publisher": publisher,
        "evidence": evidence,
        "sector": sector,
        "group": group,
        "first": first,
    }


def _common(rows: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Return the last period for which both countries have a value, and its rows."""
    both = rows.dropna(subset=["value"]).groupby("period")["entity"].nunique()
    if not (both == 2).any():
        raise FactcheckError(
            f"No period has both countries: {sorted(rows['period'].unique())}. "
            "The indicator cannot be compared."
        )
    last = both[both == 2].index.max()
    return last, rows[rows["period"].eq(last)].set_index("entity")


def _stated() -> list[dict]:
    made = []
    for indicator, sector, basis, group, name in STATED:
        period, rows = _common(indicators.stated(name))
        made.append(
            _row(
                indicator,
                sector,
                basis,
                period,
                rows["value"].to_dict(),
                rows["unit"].iloc[0],
                group,
                rows["publisher"].iloc[0],
                _weakest(rows),
            )
        )
    return made


def _surveyed() -> list[dict]:
    table, made = tables.load("findex_items").rename(columns={"year": "period"}), []
    for indicator, sector, item in SURVEYED:
        period, rows = _common(table[table["item"].eq(item)])
        made.append(
            _row(
                indicator,
                sector,
                "penetration",
                period,
                rows["value"].to_dict(),
                "% of adults",
                "World Bank",
                "World Bank",
                "copy",
            )
        )
    return made


def _retail(us_quarters: str) -> dict:
    last = retail.side_by_side(us_quarters).iloc[-1]
    pair = {"China": last["China"], "United States": last["United States"]}
    return _row(
        "Online share of retail sales",
        "online_retail",
        "penetration",
        int(last["year"]),
        pair,
        "% of retail sales, own base",
        "offices and carriers",
        "NBS; US Census Bureau",
        "secondary",
    )


def _parcels() -> list[dict]:
    made, who = [], "State Post Bureau; Pitney Bowes"
    for indicator, basis, unit, rows in (
        ("Parcels", "volume", "billion", retail.parcels()),
        ("Parcels per adult", "per_head", "parcels", retail.per_adult()),
    ):
        period, last = _common(rows)
        pair, grade = last["value"].to_dict(), _weakest(last)
        made.append(
            _row(
                indicator,
                "logistics",
                basis,
                period,
                pair,
                unit,
                "offices and carriers",
                who,
                grade,
            )
        )
    return made


def _logistics() -> dict:
    period, rows = _common(
        tables.load("logistics_index").rename(columns={"year": "period", "score": "value"})
    )
    return _row(
        "Logistics performance",
        "logistics",
        "quality",
        period,
        rows["value"].to_dict(),
        "score, 1 to 5",
        "World Bank",
        "World Bank",
        "copy",
    )


def _firsts() -> list[dict]:
    made = []
    for row in tables.load("stated_firsts").itertuples():
        name, unit = row.indicator.capitalize(), f"order only: first of {row.among} markets"
        group = "offices and carriers"
        made.append(
            _row(
                name,
                "logistics",
                "value",
                row.period,
                {},
                unit,
                group,
                row.publisher,
                row.evidence,
                first=row.entity,
            )
        )
    return made


def _weakest(rows: pd.DataFrame) -> str:
    return max(rows["evidence"], key=("primary", "copy", "secondary").index)
