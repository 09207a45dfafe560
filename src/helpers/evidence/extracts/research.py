"""Extracts on publications, citations and patents."""

from pathlib import Path

import pandas as pd

from ..schemas import count, number, schema, text, year

MEASURES = {
    "AI publications in CS, share of total": "publications_share_pct",
    "AI publication citations in CS, share of total": "citations_share_pct",
    "AI patents granted, share of world total": "patents_granted_share_pct",
    "AI patents filed, share of world total": "patents_filed_share_pct",
    "AI patents granted per 100,000 inhabitants": "patents_granted_per_100k",
    "AI patent forward citations, share received": "patent_citations_share_pct",
    "AI journal citations, share of world": "journal_citations_share_pct",
    "AI conference citations, share of world": "conference_citations_share_pct",
    "AI repository citations, share of world": "repository_citations_share_pct",
    "AI citation attention, share of world": "citation_attention_share_pct",
    "GenAI patent families, by inventor location": "genai_patent_families",
    "Top-100 most-cited AI publications, count": "top100_papers",
    "Top-100 most-cited AI papers, count": "top100_papers",
}
NSF_REGIONS = ("World", "China", "Europe", "EU-27", "United States", "India")
NSF_PLACES = ("World", "United States", "Europe", "China", "Japan", "South Korea", "India")


def printed_values(path: Path) -> pd.DataFrame:
    """Keep the printed values of `MEASURES` with their place in the publication.

    Rows of sectors are left out.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table.assign(measure=table["measure"].map(MEASURES)).dropna(subset=["measure"])
    table = table[~table["region"].str.contains("/")].rename(columns={"year": "period"})
    columns = ["period", "region", "measure", "value", "edition", "locator", "evidence"]
    return table[columns].drop_duplicates().sort_values(["measure", "period", "region", "locator"])


def report_shares(path: Path) -> pd.DataFrame:
    """Keep the shares of 2022 to 2024 from a chart file of AI Index 2026.

    Columns year, region, share (of one).
    """
    table = pd.read_csv(path, dtype=str)
    table.columns = ["year", "share", "region"]
    return table[table["year"].isin(["2022", "2023", "2024"])][
        ["year", "region", "share"]
    ].sort_values(["year", "region"])


def cset_years(path: Path) -> pd.DataFrame:
    """Keep the yearly counts over all fields.

    Columns place, year, count, complete (empty where CSET gives no flag).
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    (column,) = [name for name in table.columns if name.startswith("num_")]
    table = table[table["field"].eq("All")].rename(columns={"country": "place", column: "count"})
    table["complete"] = table.get("complete", "")
    return table[["place", "year", "count", "complete"]].sort_values(["place", "year"])


def nsf_articles(path: Path) -> pd.DataFrame:
    """Keep whole and fractional article counts of 2003-22 by country.

    Columns place, region, whole, fractional.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    names = {
        "region_country_or_economy": "place",
        "number_of_papers_whole_": "whole",
        "number_of_papers_fractional_": "fractional",
    }
    return table.rename(columns=names)[["place", "region", "whole", "fractional"]].sort_values(
        "place"
    )


def nsf_article_years(path: Path) -> pd.DataFrame:
    """Keep whole article counts by year of `NSF_REGIONS`, in which a joint article counts once.

    Columns place, year, articles. The file has lost its years: each place has twenty rows, those of
    2003 to 2022 in order (World as in table SPBS-99).
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    last = table["time_period"].str.split(" -> ").str[-1].str.replace(r"<.*", "", regex=True)
    table = table.assign(place=last)[last.isin(NSF_REGIONS)]
    place = table.groupby("place").cumcount()
    table = table.assign(year=(2003 + place).astype(str)).rename(columns={"value": "articles"})
    return table[["place", "year", "articles"]].sort_values(["place", "year"])


def nsf_patents(path: Path) -> pd.DataFrame:
    """Keep AI patents granted in 2000-22 (fractional by inventor) of `NSF_PLACES`.

    Columns place, granted.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["place"] = table["time_period"].str.split(" -> ").str[-1]
    return (
        table[table["place"].isin(NSF_PLACES)]
        .rename(columns={"value": "granted"})[["place", "granted"]]
        .sort_values("place")
    )


SCHEMAS = {
    "printed_values": schema(
        key=["period", "region", "measure", "locator", "value"], period=text(), region=text(),
        measure=text(sorted(set(MEASURES.values()))),
        value=number(least=0), edition=text(), locator=text(),
        evidence=text(["primary", "copy", "secondary"]),
    ),
    "report_shares": schema(key=["year", "region"], year=year(), region=text(),
        share=number(least=0)),
    "cset_years": schema(key=["place", "year"], place=text(), year=year(), count=count(),
        complete=text(["True", "False"], nullable=True)),
    "nsf_articles": schema(key=["place"], place=text(), region=text(), whole=count(),
        fractional=number(least=0)),
    "nsf_article_years": schema(key=["place", "year"], place=text([*NSF_REGIONS]),
        year=year(2003, 2022), articles=count()),
    "nsf_patents": schema(key=["place"], place=text(), granted=count()),
}  # fmt: skip
