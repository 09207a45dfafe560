"""Top cited: papers among the 100 most cited of a year, by edition, list and counting rule."""

import pandas as pd

from ..evidence import tables
from .counting import credits

EDITIONS = {
    "ai_index_2025": "facts_aiindex2025_ch1_text_values",
    "ai_index_2026": "facts_aiindex2026_ch1_chart_values",
    "zeta_alpha_chart": "facts_zeta_alpha_top100_chart",
}
HONG_KONG = {"HKG": "CHN"}
RULES = ("whole", "fractional", "sole")
NAMES = {"USA": "United States", "CHN": "China"}


def printed(edition: str) -> pd.DataFrame:
    """Return an edition's printed counts, years down and places across.

    A place without a bar is missing.
    """
    table = tables.load("research_printed")
    table = table[table["source"].eq(EDITIONS[edition]) & table["measure"].eq("top100_papers")]
    return table.pivot_table(index="period", columns="region", values="value", aggfunc="first")


def lists(table: str = "top_cited_countries") -> dict[str, pd.Series]:
    """Return Zeta Alpha's lists by year: a list of ISO codes for each paper, empty without any.

    `table` arxiv_top_countries gives the list of arXiv papers of 2023 instead.
    """
    found = {}
    for year, rows in tables.load(table).groupby("year"):
        repeated = rows.loc[rows.index.repeat(rows["papers"]), "countries"].reset_index(drop=True)
        found[str(year)] = repeated.map(lambda text: [] if text == "-" else text.split(";"))
    return found


def counts(
    counting: str = "whole", table: str = "top_cited_countries", hong_kong: str = "separate"
) -> pd.DataFrame:
    """Return the American and Chinese papers in Zeta Alpha's lists by year, under a counting rule.

    The column `papers` is the length of the list, which is not always 100. `hong_kong` in_china
    counts a paper of Hong Kong for China, once where both stand on it.
    """
    rows = {}
    for year, papers in lists(table).items():
        if hong_kong == "in_china":
            papers = papers.map(lambda codes: sorted({HONG_KONG.get(code, code) for code in codes}))
        credit = credits(papers, counting).groupby("country")["credit"].sum()
        found = {name: round(float(credit.get(code, 0)), 2) for code, name in NAMES.items()}
        rows[year] = found | {"papers": len(papers)}
    return pd.DataFrame(rows).T.rename_axis("period")


def against_report() -> pd.DataFrame:
    """Return the counts of each rule on Zeta Alpha's lists beside the report's, for shared years.

    Index year, counting. Columns: both countries' papers in the list, the same of 100, and the
    report's; `same` says whether both counts, as they are or of 100, round to the report's.
    """
    wanted, rows = printed("ai_index_2025")[list(NAMES.values())].dropna(), []
    for counting in RULES:
        found = counts(counting)
        for year in found.index.intersection(wanted.index):
            own, said = found.loc[year, list(NAMES.values())], wanted.loc[year]
            scaled = 100 * own / found.loc[year, "papers"]
            same = own.round().eq(said).all() or scaled.round().eq(said).all()
            rows.append((year, counting, *own, *scaled, *said, same))
    columns = [f"{name}{word}" for word in ("", ", of 100", ", report") for name in NAMES.values()]
    found = pd.DataFrame(rows, columns=["year", "counting", *columns, "same"])
    return found.set_index(["year", "counting"]).sort_index()


def shares(counting: str = "whole") -> pd.DataFrame:
    """Return the counts as per cent of each list, which makes lists of other lengths comparable."""
    found = counts(counting)
    return found[list(NAMES.values())].div(found["papers"], axis=0).mul(100).round(4)
