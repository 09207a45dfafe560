"""Arrivals: what a published file, and a new edition of one, must be before it is taken."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd

from . import sources
from .sources import SourceError

FEWEST = 0.8  # of the rows of the edition before
DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[T ]\d\d?:\d\d\S*(?: ?UTC)?)?")
HTML = re.compile(rb"\s*<(!doctype|html)", re.IGNORECASE)
BOMS = (b"\xff\xfe", b"\xfe\xff")


def fault(path: Path) -> str:
    """Say what a published file is, where it is no data: empty, a web page, UTF-16; else ""."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        return "is empty"
    if start.startswith(BOMS):
        return "is UTF-16: save it as UTF-8"
    return "is a web page and no data" if HTML.match(start) else ""


def semicolons(path: Path) -> str:
    """Say that a file's columns are parted by semicolons, where they are; else ""."""
    with path.open("rb") as file:
        line = file.readline(4096)
    parted = line.count(b";") > line.count(b",") + line.count(b"\t")
    return "has semicolons between its columns, save it with commas: " if parted else ""


def days(column: pd.Series, of: pd.Series) -> pd.Series:
    """Return dates as YYYY-MM-DD: 2024-6-1 and a date with a time are read right, years and months
    alone stay.

    Raises SourceError naming row and value for any other spelling, where day and month could be
    taken for one another: a model without a date would be left out in silence. `of` names what is
    dated.
    """
    found = column.str.strip()
    for place, value in enumerate(found):
        if re.fullmatch(r"(\d{4}(-\d\d)?)?", value):
            continue
        parts = DAY.fullmatch(value)
        try:
            day = date(*map(int, parts.groups())) if parts else None
        except ValueError:
            day = None
        if not day:
            raise SourceError(
                f"row {place + 2}, {of.iloc[place][:60]}: {value[:40]!r} is no date YYYY-MM-DD."
                " Mend the extract function to read this edition's dates."
            )
        found.iloc[place] = day.isoformat()
    return found


def fewer(rows: dict[str, int]) -> list[str]:
    """Return one message per dated edition with far fewer rows than the one before it, unless
    sources.toml says why in `fewer`.

    `rows` are the rows of each source by id; editions are those of one extract function, three or
    more, all dated to the day.
    """
    found = []
    for extract in sorted({source.extract for source in sources.load().values()}):
        editions = [source for source in sources.of_extract(extract) if source.id in rows]
        dated = {
            source.edition
            for source in editions
            if re.fullmatch(r"\d{4}(-\d\d){2}", source.edition)
        }
        if len(dated) < max(3, len(editions)):
            continue
        for before, after in pairwise(editions):
            if rows[after.id] < FEWEST * rows[before.id] and not after.fewer:
                found.append(
                    f"{after.id}: {rows[after.id]} rows, {before.id} had {rows[before.id]}: look"
                    " whether the file is whole; if it is, say why in sources.toml, as `fewer`."
                )
    return found
