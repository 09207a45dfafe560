"""Clean tables on online retail, payments and logistics."""

import pandas as pd

from ...project import FactcheckError
from ..extracts.applications import SCHEMAS
from ..schemas import date, number, schema, share
from ..tables import Table, raw

SHARE, SALES = "diffusion_us_census_ecommerce_share", "diffusion_us_census_ecommerce_sales"


def clean_us_online_retail() -> pd.DataFrame:
    """Put the Census Bureau's share and sales of each quarter side by side.

    Raises FactcheckError where one lacks a quarter.
    """
    both = raw(SHARE).merge(raw(SALES), on="quarter", how="outer", indicator=True)
    if len(odd := both[both["_merge"].ne("both")]):
        raise FactcheckError(
            f"Quarter {odd['quarter'].iloc[0]} stands in one of {SHARE} and {SALES} only: look at"
            " both."
        )
    return both.drop(columns="_merge")


def clean_findex() -> pd.DataFrame:
    """Empty the shares that are exactly zero: nobody in the sample gave that answer because nobody
    was asked."""
    table = raw("diffusion_global_findex_2025")
    return table.assign(value=table["value"].mask(table["value"].eq(0)))


TABLES = {
    "us_online_retail": Table(
        "One row is a quarter: US e-commerce in per cent of retail sales, and in millions of"
        " dollars, seasonally adjusted.",
        schema(key=["quarter"], quarter=date(), share_pct=share(), sales_musd=number(least=0)),
        clean_us_online_retail,
    ),
    "findex_items": Table(
        "One row is an item of the World Bank's survey of adults, in China or the United States:"
        " per cent of adults, or their number.",
        SCHEMAS["findex"],
        clean_findex,
    ),
    "logistics_index": Table(
        "One row is the World Bank's overall logistics score (1 to 5) and rank of China or the"
        " United States.",
        SCHEMAS["logistics"],
        lambda: raw("diffusion_world_bank_lpi_2010_2016"),
    ),
    "stated_firsts": Table(
        "One row is a value that its publisher calls the highest of several markets without"
        " printing the others.",
        SCHEMAS["stated_firsts"],
        lambda: raw("facts_diffusion_firsts"),
    ),
}
