"""Extracts on other venues and years: places of work by conference, as compilers matched them."""

import json
import re
from pathlib import Path

import pandas as pd

from ... import project
from ...project import FactcheckError
from ..places import iso3
from ..schemas import count, schema, text, year
from .affiliations import DEEPMIND, NONE, UNMAPPED, normal, places, table

WEAK_MATCH = 0.86
WEAK = "talent_neurips_2021_2025_affiliation_mapping"
VENUES = {"iclr": "ICLR", "icml": "ICML", "neurips": "NeurIPS"}
# Codes that the tracker's reader of addresses made of other words, or that name no one country.
NO_COUNTRY = ("AI", "KP", "UM", "TD", "AC", "EU", "AU; SG", "US, IL", "US, DE")
# Further spellings of a country that stands beside them: only these may share its row.
SPELT_AGAIN = (
    "UK", "USA", "Germany", "Canada", "Australia", "South Korea", "Switzerland", "Singapore",
    "Czechia", "Kingdom of Saudi Arabia",
)  # fmt: skip


def _by_place(rows: list[tuple[str, str, str]], unit: str) -> pd.DataFrame:
    found = (
        pd.DataFrame(rows, columns=["venue", "year", "place"])
        .value_counts()
        .rename("amount")
        .reset_index()
    )
    return found.assign(unit=unit)[["venue", "year", "place", "unit", "amount"]].sort_values(
        ["venue", "year", "place"]
    )


def conference_slots(path: Path) -> pd.DataFrame:
    """Count author slots by venue, year and first-listed place, 2017 to 2019.

    Affiliations are those of later profiles.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows, known = rows[rows["Year"].ge("2017")], table()
    venue = rows["Conference"].replace({"NIPS": "NeurIPS"})
    return _by_place(
        [
            (v, y, places(a, known)[0])
            for v, y, a in zip(venue, rows["Year"], rows["Affiliation"], strict=True)
        ],
        "author slots",
    )


def iclr_institutions(path: Path) -> pd.DataFrame:
    """Count institution entries of the accepted ICLR papers of a year by place: each institution
    once a paper, so no author weights."""
    papers = [
        paper
        for paper in json.loads(path.read_text(encoding="utf-8"))
        if paper.get("status") in ("Oral", "Poster", "Spotlight")
    ]
    found, known = re.findall(r"20\d\d", path.name), table()
    entries = [entry for paper in papers for entry in dict.fromkeys(paper["aff"].split(";"))]
    return _by_place(
        [("ICLR", found[0], places(entry, known)[0]) for entry in entries], "institution entries"
    )


def weak_matches(path: Path) -> pd.DataFrame:
    """List the institutions under which the compiler's matcher gathered strangers.

    Columns institution, names, weak_names, known_names, foreign_names.

    A name is foreign where our own table places it in another country, weak where it is foreign, or
    where the matcher was less sure than 0.86 and our table does not place it in the institution's
    country. An institution's own name is neither. Institutions are kept with at least half of their
    names weak, or with more than half of the names known to us foreign.
    """
    rows, known = pd.read_csv(path, dtype=str, keep_default_na=False), table()
    ours = pd.Series([places(name, known)[0] for name in rows["raw_affiliation"]]).replace(
        {DEEPMIND: "GBR"}
    )
    theirs, own = (
        rows["country"].map(_code),
        rows["raw_affiliation"].map(normal).eq(rows["canonical_affiliation"].map(normal)),
    )
    held = ~ours.isin([UNMAPPED, NONE])
    foreign = held & ours.ne(theirs) & theirs.ne(UNMAPPED) & ~own
    unsure = (
        pd.to_numeric(rows["confidence"]).lt(WEAK_MATCH)
        & rows["source"].eq("university_dataset")
        & ours.ne(theirs)
        & ~own
    )
    counted = pd.DataFrame(
        {"names": 1, "weak_names": foreign | unsure, "known_names": held, "foreign_names": foreign}
    ).astype(int)
    found = counted.groupby(rows["canonical_affiliation"]).sum().reset_index(names="institution")
    weak = found["weak_names"].mul(2).ge(found["names"]) & found["weak_names"].gt(0)
    return found[weak | found["foreign_names"].mul(2).gt(found["known_names"])].sort_values(
        "institution"
    )


def tracked_authors(path: Path) -> pd.DataFrame:
    """Keep the tracker's counts of accepted papers by country of the author's address.

    Columns venue, year, place, accepted (papers of the venue), papers (with any author there),
    authors (credits: each author once a paper), spotlights and orals (papers with any author there;
    empty where nobody gives them). Raises FactcheckError for two rows of one country and venue.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows["venue"] = rows["venue"].map(VENUES)
    names = {"papers_total": "accepted", "author_credits": "authors"}
    return _counted(rows.rename(columns=names), path.name)


def listed_authors(path: Path) -> pd.DataFrame:
    """Keep the counts of accepted papers at further venues by headquarters of the first employer.

    Columns as in `tracked_authors`; a list names neither spotlights nor orals. Authors without any
    country stand at `none`.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    held = rows["file_version"].str.extract(r"^([a-z]+)(\d{4})_\d{8}$")
    rows["venue"], rows["year"] = held[0].str.upper(), held[1]
    names = {
        "papers": "accepted",
        "papers_any_author": "papers",
        "author_slots_first_listed": "authors",
    }
    rows = rows.rename(columns=names)
    empty = rows["country"].eq("")
    rows["authors"] = rows["authors"].mask(empty, rows["slots_without_country"])
    return _counted(rows.assign(spotlights="", orals=""), path.name)


def _counted(rows: pd.DataFrame, file: str) -> pd.DataFrame:
    """Give each row its place, and add the spellings of one country up."""
    rows = rows.assign(place=rows["country"].map(_place), row=rows.index + 2)
    own = rows[~rows["country"].isin(SPELT_AGAIN) & ~rows["place"].eq(UNMAPPED)]
    twice = pd.concat([own[own.duplicated(WHERE)], rows[rows.duplicated([*WHERE[:2], "country"])]])
    if len(twice):
        first = twice.iloc[0]
        raise FactcheckError(
            f"{file}, row {first['row']}: a second row of {first['country']!r} at {first['venue']} "
            f"{first['year']}. Look which is right; a further spelling belongs in SPELT_AGAIN."
        )
    amounts = rows[AMOUNTS].apply(pd.to_numeric)
    summed = pd.concat([rows[[*WHERE, "accepted"]], amounts], axis=1)
    found = summed.groupby([*WHERE, "accepted"], as_index=False)[AMOUNTS].sum(min_count=1)
    return found[[*WHERE, "accepted", *AMOUNTS]].astype(dict.fromkeys(AMOUNTS, "Int64"))


def _place(country: str) -> str:
    if country in NO_COUNTRY or country == "Unknown":
        return UNMAPPED
    return NONE if country in ("", "UNK") else iso3(country)


def _code(country: str) -> str:
    return (
        UNMAPPED if country in ("", "Unknown") else "TUR" if country == "Turkiye" else iso3(country)
    )


def institution_papers(path: Path) -> pd.DataFrame:
    """Count institution-papers of 2021 to 2025.

    Columns year, published (place as compiled), audited (our place), papers.

    `audited` is "doubtful" for an institution of `weak_matches`, else our own table's place, else
    the compiler's.
    """
    rows, known = pd.read_csv(path, dtype=str, keep_default_na=False), table()
    doubtful = set(pd.read_csv(project.raw() / f"{WEAK}.csv", dtype=str)["institution"])
    rows["published"] = rows["country"].map(_code)
    ours = [places(name, known)[0] for name in rows["affiliation"]]
    rows["audited"] = ["doubtful" if name in doubtful else theirs if place in (UNMAPPED,
        NONE) else place
                       for name, place, theirs in zip(rows["affiliation"], ours, rows["published"],
                           strict=True)]  # fmt: skip
    rows["papers"] = rows["paper_count"].astype(int)
    return rows.groupby(["year", "published", "audited"], as_index=False)["papers"].sum()


WHERE, AMOUNTS = ["venue", "year", "place"], ["papers", "authors", "spotlights", "orals"]
COUNTED = schema(
    key=WHERE,
    venue=text(),
    year=year(),
    place=text(),
    accepted=count(),
    papers=count(),
    authors=count(),
    spotlights=count(nullable=True),
    orals=count(nullable=True),
)
BY_PLACE = schema(
    key=["venue", "year", "place"],
    venue=text(),
    year=year(),
    place=text(),
    unit=text(),
    amount=count(),
)
SCHEMAS = {
    "conference_slots": BY_PLACE,
    "iclr_institutions": BY_PLACE,
    "tracked_authors": COUNTED,
    "listed_authors": COUNTED,
    "weak_matches": schema(
        key=["institution"],
        institution=text(),
        names=count(),
        weak_names=count(),
        known_names=count(),
        foreign_names=count(),
    ),
    "institution_papers": schema(
        key=["year", "published", "audited"],
        year=year(),
        published=text(),
        audited=text(),
        papers=count(),
    ),
}
