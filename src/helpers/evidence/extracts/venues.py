"""Extracts on other venues and years: places of work by conference, as compilers matched them."""

import json
import re
from pathlib import Path

import pandas as pd

from ... import project
from ..places import iso3
from ..schemas import count, schema, text, year
from .affiliations import DEEPMIND, NONE, UNMAPPED, normal, places, table

WEAK_MATCH = 0.86
WEAK = "talent_neurips_2021_2025_affiliation_mapping"


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
    once a paper, so no author weights.
    """
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
