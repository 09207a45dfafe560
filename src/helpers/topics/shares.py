"""Shares of publications, citations and patents, by source, region and year."""

import pandas as pd

from ..evidence import tables
from ..evidence.places import europe, name
from ..project import FactcheckError
from .counting import share_of

REPORT = "facts_aiindex2025_ch1_text_values"
SERIES = "facts_aiindex2025_series_china_us_india"
FIGURES = {
    "publications_share_pct": "Fig 1.1.6, p.34",
    "citations_share_pct": "Fig 1.1.7, p.35",
    "patents_granted_share_pct": "Fig 1.2.3, p.44",
}
WORLD_BANK = "Europe and Central Asia"
CSET_GROUPS = {"un_list": "Europe", "eu27": "EU"}
NO_PLACE = ("Unknown", "Rest of the world")


def printed(measure: str, source: str = REPORT, edition: str | None = None) -> pd.DataFrame:
    """Return a measure's rows of one table of printed values, one row per region and period."""
    table = tables.load("research_printed")
    table = table[table["measure"].eq(measure) & table["source"].eq(source)]
    return table if edition is None else table[table["edition"].eq(edition)]


def of_report(
    measure: str, europe_group: str = "un_list", unknown: str = "keep_in_base"
) -> pd.Series:
    """Return the shares that AI Index 2025 prints for 2023, per cent, by region.

    `europe_group` is un_list or world_bank_eca, which the report prints in a neighbouring figure;
    `unknown` drop_from_base divides by what is left without the region Unknown. Raises
    FactcheckError for another group.
    """
    rows = printed(measure)
    shown = rows[rows["locator"].eq(FIGURES[measure]) & rows["period"].eq("2023")]
    found = shown.set_index("region")["value"]
    if europe_group == "world_bank_eca":
        found["Europe"] = rows.set_index("region").loc[WORLD_BANK, "value"]
    elif europe_group != "un_list":
        raise FactcheckError(
            f"AI Index 2025 prints no share for {europe_group}: use un_list or world_bank_eca."
        )
    if unknown == "drop_from_base":
        found = 100 * found.drop("Unknown") / (100 - found["Unknown"])
    return found.round(4)


def of_cset(
    measure: str,
    year: int,
    europe_group: str = "un_list",
    europe_count: str = "publisher_group",
    cumulative: bool = False,
) -> pd.Series:
    """Return shares of CSET's summed country credits, per cent: every country by name, and Europe.

    `measure` is articles, citations, patents_filed or patents_granted; with `cumulative` the years
    since 2014 are added up. A joint work gives one credit to each country, so this is no share of
    works. Europe is CSET's own group, in which a work of several members counts once
    (publisher_group), or the sum of its countries' credits (sum_of_countries). A patent family has
    one country, so both are one there. Raises FactcheckError for a group that CSET does not count.
    """
    table = _of_years(tables.load("cset_years"), measure, year, cumulative)
    credits = table.groupby("country")["count"].sum()
    named = share_of(credits).sort_values(ascending=False).rename(index=name)
    own = _of_years(tables.load("cset_groups"), measure, year, cumulative)
    if europe_count == "sum_of_countries" or own.empty:
        works = credits[credits.index.isin(europe(europe_group))].sum()
    elif europe_group in CSET_GROUPS:
        works = own.loc[own["group"].eq(CSET_GROUPS[europe_group]), "count"].sum()
    else:
        raise FactcheckError(
            f"CSET counts no group {europe_group}: use {' or '.join(CSET_GROUPS)}, or "
            "sum_of_countries."
        )
    named["Europe"] = 100 * works / credits.sum()
    return named.round(4)


def _of_years(table: pd.DataFrame, measure: str, year: int, cumulative: bool) -> pd.DataFrame:
    years = table["year"].le(year) if cumulative else table["year"].eq(year)
    return table[table["measure"].eq(measure) & years]


def with_unknown(shares: pd.Series, unknown: float) -> pd.Series:
    """Return shares of works whose country is known on a base that holds `unknown` per cent more.

    >>> with_unknown(pd.Series({"China": 50.0}), 20).to_dict()
    {'China': 40.0}
    """
    return (shares * (1 - unknown / 100)).round(4)


def of_nsf_articles(column: str = "fractional") -> pd.Series:
    """Return shares of NSF's AI articles of 2003-22, per cent of its world total, by country.

    `column` is fractional or whole. Europe is the sum of its countries: of fractions that is a
    share of articles, of whole counts a joint European article enters several times.
    """
    table = tables.load("nsf_articles").set_index("place")
    world = table.loc["World", column]
    countries = table[table["region"].ne("World")]
    found = share_of(countries[column], world)
    found["Europe"] = 100 * countries.loc[countries["region"].eq("Europe"), column].sum() / world
    return found.sort_values(ascending=False).round(4)


def of_nsf_regions(first: int = 2003, last: int = 2022) -> pd.Series:
    """Return shares of NSF's AI articles of some years, per cent of all articles, by region.

    A joint article counts once for each region: Europe and EU-27 are NSF's own rows, not sums.
    """
    table = tables.load("nsf_article_years")
    years = table[table["year"].between(first, last)]
    articles = years.groupby("place")["articles"].sum()
    return share_of(articles.drop("World"), articles["World"]).round(4)


def of_nsf_patents() -> pd.Series:
    """Return shares of NSF's AI patents granted in 2000-22, per cent of its world total.

    A patent is divided among its inventors.
    """
    granted = tables.load("nsf_patents").set_index("place")["granted"]
    return share_of(granted.drop("World"), granted["World"]).round(4)


def of_next_edition(measure: str, year: int) -> pd.Series:
    """Return the shares that AI Index 2026's chart files give for a year, per cent, by region."""
    table = tables.load("ai_index_2026_shares")
    return (
        table[table["measure"].eq(measure) & table["year"].eq(year)]
        .set_index("region")["share_pct"]
        .round(4)
    )


def next_largest(shares: pd.Series, after: str = "China") -> float:
    """Return the largest share of any single place or region other than `after`.

    Unknown and the rest of the world are no single place.
    """
    return float(
        shares.drop([place for place in (after, *NO_PLACE) if place in shares.index]).max()
    )


def leads_since(series: pd.DataFrame, place: str = "China") -> int | None:
    """Return the first year from which on a place has the largest share in every year.

    >>> years = [2020, 2021, 2022]
    >>> leads_since(pd.DataFrame({"China": [3, 1, 3], "Europe": [2, 2, 2]}, index=years))
    2022
    """
    behind = series.index[series.idxmax(axis=1).ne(place)]
    after = series.index[series.index > behind.max()] if len(behind) else series.index
    return int(after[0]) if len(after) else None


def last_complete_year(measure: str) -> int:
    """Return the last year that CSET flags as complete for every country it lists."""
    table = tables.load("cset_years")
    flags = (
        table[table["measure"].eq(measure)]
        .groupby("year")["complete"]
        .agg(lambda column: column.eq("True").all())
    )
    return int(flags[flags].index.max())


def grants_of_filings() -> pd.DataFrame:
    """Return CSET's patent families of the world by year: filed, granted, per cent, and `above`.

    `above` counts the countries with more families granted in a year than filed. Where grants stand
    in the year of their family's first filing they are a part of that year's filings, so `above` is
    zero everywhere. Where they stand in the year of the grant they come from earlier filings, and a
    country whose filings fall has more grants than filings.
    """
    table = tables.load("cset_years")
    wide = table.pivot(index=["country", "year"], columns="measure", values="count").fillna(0)
    filed, granted = wide["patents_filed"], wide["patents_granted"]
    sums = pd.DataFrame({"filed": filed, "granted": granted, "above": granted > filed})
    found = sums.groupby("year").sum().query("filed > 0").astype(int)
    return found.assign(granted_pct=100 * found["granted"] / found["filed"])


def by_first_filing(grants: pd.DataFrame, complete: int) -> bool:
    """Say whether a series of grants runs by year of first filing (`grants_of_filings`).

    It does where no country has more grants than filings in any year, and where after the last
    `complete` year the granted part falls every year: the younger a filing, the fewer are decided.
    """
    later = grants.loc[complete:, "granted_pct"]
    return bool(grants["above"].eq(0).all() and later.diff().dropna().lt(0).all())


def trio(shares: pd.Series) -> dict[str, float]:
    """Return the shares of China, Europe and the United States as a mapping."""
    return {place: float(shares[place]) for place in ("China", "Europe", "United States")}
