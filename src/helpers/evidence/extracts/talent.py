"""Extracts on where authors work: places and counts by paper, no person's name and no stand-in for
one.
"""

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ... import project
from ...project import FactcheckError
from ..places import iso3
from ..schemas import count, number, schema, text, year
from .affiliations import CORRECTED, DEEPMIND, NONE, UNMAPPED, normal, places, table

# Our verdict on the audit sample, where it is not "right".
SAMPLE = 200
READ = {
    "wrong": (
        "lancaster university|hebrew university and google research|cloud temple|microsoft research"
        " montreal"
    ),
    "doubtful": "toyota research institute|bell labs|genentech|none, formerly princeton university",
}
VERDICT = {name: verdict for verdict, names in READ.items() for name in names.split("|")}
# The list of 2022 opens with the datasets and benchmarks track (read title by title); reports of
# the reproducibility challenge begin with [Re].
DATASETS_2022 = 162
WEAK_MATCH = 0.86
WEAK = "talent_neurips_2021_2025_affiliation_mapping"


def affiliation_table(path: Path) -> pd.DataFrame:
    """Keep our table of affiliations.

    Columns affiliation, country (ISO alpha-2, empty = unmapped), corrected, author_slots of 2019,
    2020 and 2022, read.

    `read` is our verdict on the 200 mapped affiliations with the smallest SHA-256, a fixed random
    sample. Rows that hold an e-mail address or a piece of a person's name are left out.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows["affiliation"] = rows["affiliation_raw"].map(normal)
    clean = ~rows["affiliation_raw"].str.contains(r"\S@\S|·|=>|\)[^()]*\(", regex=True) & rows[
        "affiliation"
    ].ne("")
    rows = (
        rows[clean]
        .assign(author_slots=rows["n_author_slots"].astype(int))
        .sort_values(["country_hq"], ascending=False, kind="stable")
    )
    found = (
        rows.groupby("affiliation")
        .agg(country=("country_hq", "first"), author_slots=("author_slots", "sum"))
        .reset_index()
    )
    found["corrected"] = (
        found["affiliation"]
        .map(CORRECTED)
        .fillna("")
        .where(lambda code: code.ne(found["country"]), "")
    )
    mapped = found.loc[found["country"].ne(""), "affiliation"]
    sample = set(
        sorted(mapped, key=lambda name: hashlib.sha256(name.encode()).hexdigest())[:SAMPLE]
    )
    found["read"] = [
        VERDICT.get(name, "right") if name in sample else "" for name in found["affiliation"]
    ]
    return found[["affiliation", "country", "corrected", "author_slots", "read"]].sort_values(
        "affiliation"
    )


def _listed(slots: Iterable[list[str]], known: dict[str, str]) -> str:
    """Join the places of a paper's author slots: `;` between authors, `/` between the institutions
    of one author.
    """
    return ";".join(
        "/".join(place for affiliation in each for place in places(affiliation, known))
        for each in slots
    )


def _papers(papers: list[list[tuple[str, list[str]]]]) -> pd.DataFrame:
    seen = Counter(name for paper in papers for name, _ in paper)
    known = table()
    rows = [
        (
            place,
            _listed((given for _, given in paper), known),
            _appearances([name for name, _ in paper], seen),
        )
        for place, paper in enumerate(papers, 1)
    ]
    return pd.DataFrame(rows, columns=["paper", "places", "appearances"])


def _appearances(names: list[str], seen: Counter) -> str:
    return ";".join(str(seen[name]) for name in names)


def accepted_2019(path: Path) -> pd.DataFrame:
    """Read the accepted list of 2019.

    Columns paper (running number), places, appearances (in how many slots of the list each author
    stands).
    """
    papers = []
    for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
        found = re.fullmatch(r"\s*<p><b>.*</b><br><i>(.*)</i></p>", line)
        if not found:
            raise FactcheckError(
                f"{path.name}: a line is no paper: {line[:60]!r}. Look at the pinned file."
            )
        authors = html.unescape(found[1].replace("&midmiddot;", "&middot;")).split(" · ")
        papers.append(
            [
                (author[: author.rfind(" (")].strip().lower(), [author[author.find(" (") + 2 : -1]])
                for author in authors
            ]
        )
    return _papers(papers)


def accepted_2020(path: Path) -> pd.DataFrame:
    """Read the accepted list of 2020: paper, places, appearances, as for 2019."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return _papers(
        [
            [(name.strip().lower(), given or [""]) for name, given in paper["authors"]]
            for paper in held.values()
        ]
    )


def _tabbed(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line]


def posters_2022(path: Path) -> pd.DataFrame:
    """Read the poster list of 2022: paper, track (main, datasets, replication), places."""
    known, rows = table(), []
    for place, (title, *given) in enumerate(_tabbed(path), 1):
        track = (
            "datasets"
            if place <= DATASETS_2022
            else "replication"
            if title.startswith("[Re]")
            else "main"
        )
        rows.append((place, track, _listed(([each] for each in given), known)))
    return pd.DataFrame(rows, columns=["paper", "track", "places"])


def posters_2022_authors(path: Path) -> pd.DataFrame:
    """Count for each author slot of the poster list of 2022 in how many slots its author stands.

    Columns paper, appearances.
    """
    named = [[name.strip().lower() for name in names] for _, *names in _tabbed(path)]
    seen = Counter(name for names in named for name in names)
    return pd.DataFrame(
        [(place, _appearances(names, seen)) for place, names in enumerate(named, 1)],
        columns=["paper", "appearances"],
    )


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


def printed_values(path: Path) -> pd.DataFrame:
    """Keep MacroPolo's printed numbers.

    Columns edition, year, tier, measure, place, value, unit, locator, evidence; values in words are
    left out.
    """
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    rows = rows[rows["value"].str.fullmatch(r"\d+(\.\d+)?")]
    found = rows.assign(
        year=rows["neurips_year"],
        tier=rows["tier"].str.extract(r"^(top|elite|institutions)")[0],
        place=rows["geography"],
    )
    return found[
        ["edition", "year", "tier", "measure", "place", "value", "unit", "locator_url", "evidence"]
    ].rename(columns={"locator_url": "locator"})


LISTED = r"^[^;/]+([;/][^;/]+)*$"
COUNTS = r"^\d+(;\d+)*$"
PAPERS = schema(
    key=["paper"], paper=count(), places=text(matches=LISTED), appearances=text(matches=COUNTS)
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
    "affiliation_table": schema(key=["affiliation"], affiliation=text(),
        country=text(nullable=True), corrected=text(nullable=True),
                                author_slots=count(), read=text(["right", "wrong", "doubtful"],
                                    nullable=True)),
    "accepted_2019": PAPERS,
    "accepted_2020": PAPERS,
    "posters_2022": schema(key=["paper"], paper=count(),
        track=text(["main", "datasets", "replication"]), places=text(matches=LISTED)),
    "posters_2022_authors": schema(key=["paper"], paper=count(), appearances=text(matches=COUNTS)),
    "conference_slots": BY_PLACE,
    "iclr_institutions": BY_PLACE,
    "weak_matches": schema(key=["institution"], institution=text(), names=count(),
        weak_names=count(), known_names=count(), foreign_names=count()),
    "institution_papers": schema(key=["year", "published", "audited"], year=year(),
        published=text(), audited=text(), papers=count()),
    "printed_values": schema(key=["edition", "year", "tier", "measure", "place", "value",
        "locator"], edition=text(), year=year(),
                             tier=text(["top", "elite", "institutions"]), measure=text(),
                             place=text(), value=number(least=0), unit=text(),
                             locator=text(), evidence=text(["primary", "copy", "secondary"])),
}  # fmt: skip
