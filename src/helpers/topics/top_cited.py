"""Top cited: papers among the 100 most cited of a year, by edition, list and counting rule."""

import pandas as pd

from ..evidence import tables
from .counting import credits

EDITIONS = {
    "ai_index_2025": "facts_aiindex2025_ch1_text_values",
    "ai_index_2026": "facts_aiindex2026_ch1_chart_values",
    "zeta_alpha_chart": "facts_zeta_alpha_top100_chart",
}
NAMES = {"USA": "United States", "CHN": "China"}


def printed(edition: str) -> pd.DataFrame:
    """Return an edition's printed counts, years down and places across.

    A place without a bar is missing.
    """
    table = tables.load("research_printed")
    table = table[table["source"].eq(EDITIONS[edition]) & table["measure"].eq("top100_papers")]
    return table.pivot_table(index="period", columns="region", values="value", aggfunc="first")


def lists() -> dict[str, pd.Series]:
    """Return Zeta Alpha's lists by year: a list of ISO codes for each paper, empty without any."""
    found = {}
    for year, rows in tables.load("top_cited_countries").groupby("year"):
        repeated = rows.loc[rows.index.repeat(rows["papers"]), "countries"].reset_index(drop=True)
        found[str(year)] = repeated.map(lambda text: [] if text == "-" else text.split(";"))
    return found


def counts(counting: str = "whole") -> pd.DataFrame:
    """Return the American and Chinese papers in Zeta Alpha's lists by year, under a counting rule.

    The column `papers` is the length of the list, which is not always 100.
    """
    rows = {}
    for year, papers in lists().items():
        credit = credits(papers, counting).groupby("country")["credit"].sum()
        found = {name: round(float(credit.get(code, 0)), 2) for code, name in NAMES.items()}
        rows[year] = found | {"papers": len(papers)}
    return pd.DataFrame(rows).T.rename_axis("period")


def shares(counting: str = "whole") -> pd.DataFrame:
    """Return the counts as per cent of each list, which makes lists of other lengths comparable."""
    found = counts(counting)
    return found[list(NAMES.values())].div(found["papers"], axis=0).mul(100).round(4)
