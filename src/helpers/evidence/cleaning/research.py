"""Clean tables on publications, citations and patents."""

import pandas as pd

from .. import sources
from ..places import iso3
from ..schemas import count, number, schema, share, text, year
from ..tables import Table, raw, raw_editions

CSET = {
    "research_cset_cat_publications_yearly_articles": "articles",
    "research_cset_cat_publications_yearly_citations": "citations",
    "research_cset_cat_patents_yearly_applications": "patents_filed",
    "research_cset_cat_patents_yearly_granted": "patents_granted",
}
# Groups in which CSET counts a joint work once. They overlap with countries, so a sum over places
# must leave them out.
CSET_GROUPS = (
    "ASEAN",
    "Africa",
    "Asia Pacific",
    "EU",
    "Europe",
    "Five Eyes",
    "Global Partnership on Artificial Intelligence",
    "Latin America and the Caribbean",
    "NATO",
    "Northern America",
    "OECD",
    "Oceania",
    "Quad",
)
REPORT_FIGURES = {
    "research_aiindex2026_fig_1_6_6": "publications_share_pct",
    "research_aiindex2026_fig_1_7_2": "patents_granted_share_pct",
}


def _cset() -> pd.DataFrame:
    return pd.concat([raw(id_).assign(measure=measure) for id_, measure in CSET.items()])


def clean_cset_groups() -> pd.DataFrame:
    """Stack the rows of groups in the CSET tables: measure, group, year, count."""
    stacked = _cset()
    groups = stacked[stacked["place"].isin(CSET_GROUPS)].rename(columns={"place": "group"})
    return groups[["measure", "group", "year", "count"]]


def clean_cset() -> pd.DataFrame:
    """Stack the four CSET tables, without groups: measure, country (ISO), year, count, complete."""
    stacked = _cset()
    single = stacked[~stacked["place"].isin(CSET_GROUPS)]
    return single.assign(country=single["place"].map(iso3))[
        ["measure", "country", "year", "count", "complete"]
    ]


def clean_printed() -> pd.DataFrame:
    """Stack all printed values on research, with the id of the table they come from."""
    ids = [source.id for source in sources.of_extract("research.printed_values")]
    stacked = pd.concat([raw(id_).assign(source=id_) for id_ in ids])
    return stacked[
        ["source", "measure", "period", "region", "locator", "value", "edition", "evidence"]
    ]


def clean_report_shares() -> pd.DataFrame:
    """Stack the yearly shares of AI Index 2026, in per cent."""
    stacked = pd.concat(
        [raw(id_).assign(measure=measure) for id_, measure in REPORT_FIGURES.items()]
    )
    return stacked.assign(share_pct=stacked["share"] * 100)[
        ["measure", "year", "region", "share_pct"]
    ]


def clean_country_sets() -> pd.DataFrame:
    """Stack Zeta Alpha's lists: year, countries (ISO codes, `;`; `-` for none), papers."""
    return raw_editions("top_cited.country_sets")[["year", "countries", "papers"]]


ARXIV = "facts_nllg_top40_2023"
TABLES = {
    "cset_years": Table(
        "One row is a country and year in CSET's tracker: articles, citations to them, patent"
        " families filed and granted.",
        schema(
            key=["measure", "country", "year"],
            measure=text(sorted(CSET.values())),
            country=text(matches="^[A-Z]{3}$"),
            year=year(),
            count=count(),
            complete=text(["True", "False"], nullable=True),
        ),
        clean_cset,
    ),
    "cset_groups": Table(
        "One row is a group of countries and year in CSET's tracker, each joint work counted once:"
        " articles and citations to them.",
        schema(
            key=["measure", "group", "year"],
            measure=text(sorted(CSET.values())),
            group=text(list(CSET_GROUPS)),
            year=year(),
            count=count(),
        ),
        clean_cset_groups,
    ),
    "research_printed": Table(
        "One row is a value printed in a report, with its place there.",
        schema(
            key=["source", "measure", "period", "region", "locator", "value"],
            source=text(),
            measure=text(),
            period=text(),
            region=text(),
            locator=text(),
            value=number(least=0),
            edition=text(),
            evidence=text(list(sources.GRADES)),
        ),
        clean_printed,
    ),
    "ai_index_2026_shares": Table(
        "One row is a region and year in a chart file of AI Index 2026.",
        schema(
            key=["measure", "year", "region"],
            measure=text(),
            year=year(),
            region=text(),
            share_pct=share(),
        ),
        clean_report_shares,
    ),
    "nsf_articles": Table(
        "One row is a country: its AI articles of 2003 to 2022, whole and fractional.",
        schema(
            key=["place"], place=text(), region=text(), whole=count(), fractional=number(least=0)
        ),
        lambda: raw("research_ncses_10059_ai_articles_whole_fractional_2003_2022"),
    ),
    "nsf_article_years": Table(
        "One row is a place and year: its AI articles, a joint one counted once for each place.",
        schema(key=["place", "year"], place=text(), year=year(), articles=count()),
        lambda: raw("research_ncses_9968_ai_articles_long_2003_2022"),
    ),
    "nsf_patents": Table(
        "One row is a place: its AI patents granted in 2000 to 2022, fractional by inventor.",
        schema(key=["place"], place=text(), granted=count()),
        lambda: raw("research_ncses_10564_ai_patents_granted_2000_2022"),
    ),
    "top_cited_countries": Table(
        "One row is a combination of countries among the 100 most cited papers of a year (Zeta"
        " Alpha).",
        schema(key=["year", "countries"], year=year(), countries=text(), papers=count()),
        clean_country_sets,
    ),
    "arxiv_top_countries": Table(
        "One row is a combination of countries among 40 arXiv papers of January to September 2023"
        " with most citations for their week.",
        schema(key=["year", "countries"], year=year(), countries=text(), papers=count()),
        lambda: raw(ARXIV),
    ),
}
