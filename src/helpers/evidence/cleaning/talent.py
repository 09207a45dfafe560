"""Clean tables on where the authors of accepted papers work."""

import pandas as pd

from .. import sources
from ..schemas import count, number, schema, text, year
from ..tables import Table, raw, raw_editions

AMOUNTS = ["slots", "shared", "authors", "shared_authors"]
TRACKS = ["main", "datasets", "replication"]


def spread(papers: pd.DataFrame) -> pd.DataFrame:
    """Turn lists of places by paper into one row per paper and place.

    `papers` has the columns paper, track, places (`;` between author slots, `/` between the
    institutions of one) and appearances. Returns paper, track, place and four amounts: `slots`
    gives an author slot to the first place listed, `shared` splits it evenly among the institutions
    listed; `authors` and `shared_authors` divide both by the number of slots in which the author
    stands, so that they add up to authors.

    >>> row = {"paper": 1, "track": "main", "places": "USA;USA/CHN", "appearances": "1;2"}
    >>> spread(pd.DataFrame([row]))["shared"].tolist()
    [0.5, 1.5]
    """
    lists = papers.assign(
        places=papers["places"].str.split(";"), appearances=papers["appearances"].str.split(";")
    )
    slots = lists.explode(["places", "appearances"], ignore_index=True)
    slots["each"] = 1 / slots["appearances"].astype(int)
    slots["place"] = slots["places"].str.split("/")
    slots["shared"] = 1 / slots["place"].str.len()
    rows = slots.reset_index(names="slot").explode("place", ignore_index=True)
    first = ~rows.duplicated("slot")
    amounts = {
        "slots": first.astype(float),
        "authors": rows["each"].where(first, 0.0),
        "shared_authors": rows["shared"] * rows["each"],
    }
    found = (
        rows.assign(**amounts).groupby(["paper", "track", "place"], as_index=False)[AMOUNTS].sum()
    )
    return found.round(6)


def clean_places() -> pd.DataFrame:
    """Join the lists of accepted papers of 2019, 2020 and 2022.

    Columns year, track, paper, place and four amounts.
    """
    posters = raw("talent_neurips_2022_title_affiliation").merge(
        raw("talent_neurips_2022_title_authors"), on="paper", validate="1:1"
    )
    lists = {
        2019: raw("talent_neurips_2019_accepted"),
        2020: raw("talent_neurips_2020_accepted"),
        2022: posters,
    }
    found = [
        spread(papers.assign(track=papers.get("track", "main"))).assign(year=held)
        for held, papers in lists.items()
    ]
    return pd.concat(found, ignore_index=True)[["year", "track", "paper", "place", *AMOUNTS]]


def clean_venues() -> pd.DataFrame:
    """Stack the counts of other venues: venue, year, place, unit, amount."""
    return pd.concat(
        [raw_editions("venues.conference_slots"), raw_editions("venues.iclr_institutions")],
        ignore_index=True,
    ).drop(columns="vintage")


def clean_venue_authors() -> pd.DataFrame:
    """Stack the counts of authors by venue, with what a `place` is: the employer's headquarters or
    the author's address."""
    counted = {
        "headquarters": raw("facts_paperlists_country_counts"),
        "address": raw("facts_conference_authors_by_country_2024_2026"),
    }
    return pd.concat([rows.assign(basis=basis) for basis, rows in counted.items()])[
        ["basis", *counted["address"].columns]
    ]


def clean_affiliations() -> pd.DataFrame:
    """Keep the affiliations of our table that were audited, corrected or that nobody mapped."""
    rows = raw("facts_affiliation_to_country")
    return rows[rows["read"].notna() | rows["corrected"].notna() | rows["country"].isna()]


TABLES = {
    "neurips_places": Table(
        "One row is a place in an accepted NeurIPS paper of 2019, 2020 or 2022, with author slots"
        " and authors counted two ways.",
        schema(
            key=["year", "track", "paper", "place"],
            year=year(),
            track=text(TRACKS),
            paper=count(),
            place=text(),
            **{name: number(least=0) for name in AMOUNTS},
        ),
        clean_places,
    ),
    "venue_places": Table(
        "One row is a place at a conference and year: author slots (2017-19) or institution entries"
        " (ICLR).",
        schema(
            key=["venue", "year", "unit", "place"],
            venue=text(),
            year=year(),
            place=text(),
            unit=text(["author slots", "institution entries"]),
            amount=count(),
        ),
        clean_venues,
    ),
    "venue_authors": Table(
        "One row is a place at a conference and year: accepted papers with an author there, and"
        " authors, each once a paper.",
        schema(
            key=["basis", "venue", "year", "place"],
            basis=text(["headquarters", "address"]),
            venue=text(),
            year=year(),
            place=text(),
            accepted=count(),
            papers=count(),
            authors=count(),
            spotlights=count(nullable=True),
            orals=count(nullable=True),
        ),
        clean_venue_authors,
    ),
    "affiliations_read": Table(
        "One row is an affiliation of our mapping that was audited, corrected or that nobody"
        " mapped; author slots of 2019, 2020 and 2022.",
        schema(
            key=["affiliation"],
            affiliation=text(),
            country=text(nullable=True),
            corrected=text(nullable=True),
            author_slots=count(),
            read=text(["right", "wrong", "doubtful"], nullable=True),
        ),
        clean_affiliations,
    ),
    "neurips_institution_papers": Table(
        "One row is a year, the place a compiler printed and the place after our audit: papers"
        " counted once per institution.",
        schema(
            key=["year", "published", "audited"],
            year=year(),
            published=text(),
            audited=text(),
            papers=count(),
        ),
        lambda: raw("talent_neurips_2021_2025_affiliation_counts"),
    ),
    "talent_printed": Table(
        "One row is a number printed by MacroPolo's tracker.",
        schema(
            key=["edition", "year", "tier", "measure", "place", "value", "locator"],
            edition=text(),
            year=year(),
            tier=text(["top", "elite", "institutions"]),
            measure=text(),
            place=text(),
            value=number(least=0),
            unit=text(),
            locator=text(),
            evidence=text(list(sources.GRADES)),
        ),
        lambda: raw("facts_macropolo_published_values"),
    ),
}
