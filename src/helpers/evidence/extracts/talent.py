"""Extracts on where authors work: places and counts by paper, no person's name and no stand-in for
one."""

import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, number, schema, text, year
from .affiliations import CORRECTED, normal, places, table

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
    of one author."""
    listed = []
    for affiliations in slots:
        found: list[str] = []
        for affiliation in affiliations:
            found += places(affiliation, known)
        listed.append("/".join(found))
    return ";".join(listed)


def _papers(papers: list[list[tuple[str, list[str]]]]) -> pd.DataFrame:
    seen: Counter = Counter()
    for paper in papers:
        seen.update(name for name, _ in paper)
    known, rows = table(), []
    for place, paper in enumerate(papers, 1):
        names, given = [name for name, _ in paper], [given for _, given in paper]
        rows.append((place, _listed(given, known), _appearances(names, seen)))
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
    seen: Counter = Counter()
    for names in named:
        seen.update(names)
    rows = [(place, _appearances(names, seen)) for place, names in enumerate(named, 1)]
    return pd.DataFrame(rows, columns=["paper", "appearances"])


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
SCHEMAS = {
    "affiliation_table": schema(
        key=["affiliation"],
        affiliation=text(),
        country=text(nullable=True),
        corrected=text(nullable=True),
        author_slots=count(),
        read=text(["right", "wrong", "doubtful"], nullable=True),
    ),
    "accepted_2019": PAPERS,
    "accepted_2020": PAPERS,
    "posters_2022": schema(
        key=["paper"],
        paper=count(),
        track=text(["main", "datasets", "replication"]),
        places=text(matches=LISTED),
    ),
    "posters_2022_authors": schema(key=["paper"], paper=count(), appearances=text(matches=COUNTS)),
    "printed_values": schema(
        key=["edition", "year", "tier", "measure", "place", "value", "locator"],
        edition=text(),
        year=year(),
        tier=text(["top", "elite", "institutions"]),
        measure=text(),
        place=text(),
        value=number(least=0),
        unit=text(),
        locator=text(),
        evidence=text(["primary", "copy", "secondary"]),
    ),
}
