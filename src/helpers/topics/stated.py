"""Stated values: what publications print on use, industry, investment, chips and freedom."""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from ..text import nearest


def of(indicator: str) -> pd.DataFrame:
    """Return the stated values of an indicator, one row per entity, period and part.

    Columns entity, period, part, value, qualifier, unit, publisher, locator, address, evidence. Raises FactcheckError with the nearest name.
    """
    table = tables.load("stated_values")
    if indicator not in set(table["indicator"]):
        raise FactcheckError(
            f"No stated value of {indicator!r}: {nearest(indicator, table['indicator'].unique())}"
        )
    found = table[table["indicator"].eq(indicator)].drop(columns=["topic", "indicator"])
    return found.fillna({"part": "", "qualifier": "", "locator": ""}).reset_index(drop=True)


def value(indicator: str, entity: str, period: str, part: str = "") -> float:
    """Return one stated value; raises FactcheckError where none or several fit, naming those there are."""
    rows = of(indicator)
    fits = rows[rows["entity"].eq(entity) & rows["period"].eq(period) & rows["part"].eq(part)]
    if len(fits) != 1:
        held = "; ".join(
            sorted(
                {
                    " ".join(filter(None, row))
                    for row in rows[["entity", "period", "part"]].itertuples(index=False)
                }
            )
        )
        raise FactcheckError(
            f"{indicator}: {len(fits)} values for {entity}, {period}, {part or 'no part'}. Held are: {held}."
        )
    return float(fits["value"].iloc[0])
