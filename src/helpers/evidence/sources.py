"""Sources: where every table comes from: publisher, edition, pinned address, licence and grade."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path, PurePosixPath

from ..project import FactcheckError, raw
from ..text import nearest
from . import store

GRADES = ("primary", "copy", "secondary")


class SourceError(FactcheckError):
    """A source that is missing, unknown or not what was pinned."""


@dataclass(frozen=True)
class Source:
    """One published file, or one table of our own transcriptions, and the extract made from it.

    `file` is its place in a mirror folder, `extract` the function in helpers.evidence.extracts that
    turns it into data/raw/<id>.csv, `edition` its vintage, `evidence` one of primary, copy,
    secondary. A `member` is the file's name inside the archive at `url`; `fewer` says why an
    edition has far fewer rows than the one before it; `page` is the publisher's own page, where its
    address was recorded with the evidence.
    """

    id: str
    publisher: str
    title: str
    edition: str
    file: str
    sha256: str
    licence: str
    evidence: str
    extract: str
    url: str = ""
    member: str = ""
    fewer: str = ""
    page: str = ""

    @property
    def table(self) -> Path:
        """The extract's place."""
        return raw() / f"{self.id}.csv"

    @property
    def newest(self) -> str:
        """The last date that the edition names (YYYY, YYYY-MM or YYYY-MM-DD), "" where it names
        none."""
        return max(re.findall(r"\d{4}(?:-\d\d(?!\d)){0,2}", self.edition), default="")


def load() -> dict[str, Source]:
    """Read data/raw/sources.toml; return the sources by id, in file order.

    Raises SourceError naming the entry and field for an unknown field, a missing one or a bad
    grade.
    """
    path = raw() / "sources.toml"
    return dict(_parsed(path, path.stat().st_mtime_ns if path.is_file() else 0))


@cache
def _parsed(path: Path, stamp: int) -> dict[str, Source]:
    entries = store.registry(path, SourceError)
    known = {field.name for field in fields(Source)} - {"id"}
    needed = known - {"url", "member", "fewer", "page"}
    found = {}
    for id_, entry in entries.items():
        if not re.fullmatch(r"[a-z0-9_]+", id_) or not isinstance(entry, dict):
            raise SourceError(
                f"sources.toml, [{id_:.100}]: an entry is a table, its id of lower-case letters,"
                " digits and underscores."
            )
        for name, value in entry.items():
            if not isinstance(value, str):
                raise SourceError(
                    f"sources.toml, [{id_}]: {name:.100} = {value!r:.100} must be text."
                )
            if name not in known:
                raise SourceError(
                    f"sources.toml, [{id_}]: unknown field {name!r:.100}, {nearest(name, known)}"
                )
        if missing := sorted(needed - set(entry)):
            raise SourceError(
                f"sources.toml, [{id_}]: missing {', '.join(missing)}. Add the field."
            )
        if entry["evidence"] not in GRADES:
            raise SourceError(
                f"sources.toml, [{id_}]: evidence {entry['evidence']!r}, use one of"
                f" {', '.join(GRADES)}."
            )
        if not re.fullmatch(r"[a-z0-9_]+\.[a-z0-9_]+", entry["extract"]):
            raise SourceError(
                f"sources.toml, [{id_}]: extract {entry['extract']!r}, write module.function of"
                " helpers.evidence.extracts."
            )
        _check_places(id_, entry)
        found[id_] = Source(id=id_, **entry)
    return found


def _check_places(id_: str, entry: dict[str, str]) -> None:
    """Refuse a file that leads out of a mirror, and an address that is no web page."""
    place = PurePosixPath(entry["file"])
    if not place.parts or place.is_absolute() or ".." in place.parts or "\\" in entry["file"]:
        raise SourceError(
            f"sources.toml, [{id_}]: file {entry['file']!r:.100}, write a path inside the mirror."
        )
    for name in ("url", "page"):
        url = entry.get(name)
        if url and not re.fullmatch(r"https?://[^\s<>\"]+", url):
            raise SourceError(
                f"sources.toml, [{id_}]: {name} {url!r:.100}, "
                "write an address that begins with https://."
            )


def get(id_: str) -> Source:
    """Return the source called `id_`.

    Raises SourceError with the nearest name for an unknown one.
    """
    known = load()
    if id_ not in known:
        raise SourceError(
            f"Unknown source {id_!r}: {nearest(id_, known)} `factcheck sources list` shows all of"
            " them."
        )
    return known[id_]


def of_extract(extract: str) -> list[Source]:
    """Return the sources made by one extract function, oldest edition first: its vintages."""
    return sorted(
        (source for source in load().values() if source.extract == extract),
        key=lambda source: source.edition,
    )


def vintage(ids: Iterable[str]) -> str:
    """Return the newest date among published files.

    Where only our transcriptions are used, the years that they span; "" for none.
    """
    known = [get(id_) for id_ in ids]
    return max((source.newest for source in known if source.url), default="") or "; ".join(
        sorted({source.edition for source in known})
    )


def weakest(ids: Iterable[str]) -> str:
    """Return the weakest evidence grade among sources: a chain is as good as its weakest link."""
    return max((get(id_).evidence for id_ in ids), key=GRADES.index)


def sha256_of(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
