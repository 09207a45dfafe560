"""Top cited: papers among the 100 most cited of a year, by edition, list and counting rule."""

import numpy as np
import pandas as pd

from ..evidence import tables
from .counting import credits

EDITIONS = {"ai_index_2025": "facts_aiindex2025_ch1_text_values", "ai_index_2026": "facts_aiindex2026_ch1_chart_values",
            "zeta_alpha_chart": "facts_zeta_alpha_top100_chart"}  # fmt: skip
NAMES = {"USA": "United States", "CHN": "China", "HKG": "Hong Kong"}


def printed(edition: str) -> pd.DataFrame:
    """Return an edition's printed counts, years down and places across; a place without a bar is missing."""
    table = tables.load("research_printed")
    table = table[table["source"].eq(EDITIONS[edition]) & table["measure"].eq("top100_papers")]
    return table.pivot_table(index="period", columns="region", values="value", aggfunc="first")


def lists(hong_kong: str = "separate") -> dict[int, pd.Series]:
    """Return Zeta Alpha's lists by year: one list of ISO codes a paper, empty where no country is given."""
    found = {}
    for year, rows in tables.load("top_cited_countries").groupby("year"):
        repeated = rows.loc[rows.index.repeat(rows["papers"]), "countries"].reset_index(drop=True)
        codes = repeated.map(lambda text: [] if text == "-" else text.split(";"))
        if hong_kong == "in_china":
            codes = codes.map(lambda listed: ["CHN" if code == "HKG" else code for code in listed])
        found[int(year)] = codes
    return found


def counts(source: str, counting: str = "whole", hong_kong: str = "separate") -> pd.DataFrame:
    """Return the counts of the United States and China by year from a source of choices.toml."""
    if source != "zeta_alpha":
        return printed(source)[["United States", "China"]].dropna()
    rows = {}
    for year, papers in lists(hong_kong).items():
        credit = credits(papers, counting).groupby("country")["credit"].sum()
        rows[str(year)] = {
            NAMES[code]: round(float(credit.get(code, 0)), 2) for code in ("USA", "CHN")
        }
    return pd.DataFrame(rows).T.rename_axis("period")


def gap_range(
    counting: str = "whole", hong_kong: str = "separate", draws: int = 2000, seed: int = 20251031
) -> pd.DataFrame:
    """Redraw each Zeta Alpha list with replacement; return the US minus China gap with its 95 % range.

    Columns year, gap, low, high, in papers. A percentile bootstrap over papers (Efron and Tibshirani 1993, ch. 13).
    """
    generator = np.random.default_rng(seed)
    rows = []
    for year, papers in lists(hong_kong).items():
        credit = credits(papers, counting).pivot_table(
            index="work", columns="country", values="credit", aggfunc="sum", fill_value=0
        )
        credit = credit.reindex(papers.index, fill_value=0).reindex(
            columns=["USA", "CHN"], fill_value=0
        )
        each = (credit["USA"] - credit["CHN"]).to_numpy()
        redrawn = each[generator.integers(0, len(each), (draws, len(each)))].sum(axis=1)
        low, high = np.percentile(redrawn, [2.5, 97.5])
        rows.append((year, each.sum(), low, high))
    return pd.DataFrame(rows, columns=["year", "gap", "low", "high"]).round(2)
