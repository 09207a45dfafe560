"""Pinned: published files fetched by their pinned address, and the extracts made from them."""

import csv
import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from ..project import FactcheckError, atomic_write, raw
from . import arrivals, extracts, sources, store, tables
from .fetched import fetch
from .sources import GRADES, Source, SourceError, sha256_of

CHECKSUMS = "SHA256SUMS"
MANIFEST = "manifest.csv"
COMPARED = ("publisher", "title", "edition", "licence", "evidence", "sha256", "url", "member")


def extract(source: Source, path: Path) -> bytes:
    """Run the source's extract function on a local copy; return the bytes of its CSV."""
    if fault := arrivals.fault(path):
        raise SourceError(
            f"{source.id}: {source.file} {fault}. Pin the file that was meant in sources.toml."
        )
    try:
        table = extracts.function(source.extract)(path)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(
            f"{source.id}: {source.file} {arrivals.semicolons(path)}cannot be read by"
            f" {source.extract} ({type(error).__name__}: {str(error)[:200]}). Mend the function, or"
            " pin another file."
        ) from error
    except FactcheckError as error:
        raise SourceError(f"{source.id}: {arrivals.semicolons(path)}{error}") from error
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8")


def checksums() -> dict[str, str]:
    """Return the pinned SHA-256 of every committed extract, by file name."""
    path = raw() / CHECKSUMS
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines if line)}


def rebuild(ids: Iterable[str] = (), progress: Callable = iter) -> list[str]:
    """Rewrite extracts from their pinned files, and their checksums.

    Return the ids that were rebuilt.

    Everything is fetched and extracted before the first file is written: an error leaves all as it
    was.
    """
    chosen = [sources.get(id_) for id_ in ids] or list(sources.load().values())
    made = {}
    for source in progress(chosen):
        if (path := fetch(source)) is not None:
            made[source.id] = extract(source, path)
    for id_, content in made.items():
        tables.as_source(id_, content)
    if problems := arrivals.fewer(_lengths() | {id_: _rows_in(made[id_]) for id_ in made}):
        raise SourceError("\n".join(problems))
    pinned = checksums()
    for id_, content in made.items():
        atomic_write(raw() / f"{id_}.csv", content)
        pinned[f"{id_}.csv"] = hashlib.sha256(content).hexdigest()
    names = {f"{id_}.csv" for id_ in sources.load()}
    lines = [f"{pinned[name]}  {name}\n" for name in sorted(pinned) if name in names]
    atomic_write(raw() / CHECKSUMS, "".join(lines))
    return list(made)


def _rows_in(content: bytes) -> int:
    return max(content.count(b"\n") - 1, 0)


def _lengths() -> dict[str, int]:
    """Return the rows of each committed extract, by source."""
    known = sources.load().values()
    return {each.id: _rows_in(each.table.read_bytes()) for each in known if each.table.is_file()}


def check(upstream: bool = True, progress: Callable = iter) -> list[str]:
    """Compare every committed extract with its pinned checksum and, if `upstream`, with a fresh
    extract.

    Where the mirror has a manifest, all that both say of a file is compared too. Returns one
    message a problem; an empty list means that all is as it was.
    """
    problems = []
    known, pinned = sources.load(), checksums()
    for stray in sorted(
        {path.name for path in raw().glob("*.csv")} - {f"{id_}.csv" for id_ in known}
    ):
        problems.append(
            f"data/raw/{stray} belongs to no source: add it to sources.toml, or delete it."
        )
    for source in progress(list(known.values())):
        name = source.table.name
        if not source.table.is_file():
            problems.append(
                f"data/raw/{name} is missing: run `factcheck sources rebuild {source.id}`, or"
                " restore it with git."
            )
        elif sha256_of(source.table) != pinned.get(name):
            problems.append(
                f"data/raw/{name} is not what {CHECKSUMS} pins: restore it with git, or rebuild it"
                " if the change is meant."
            )
        elif upstream:
            problems += _differs_from_upstream(source) + _differs_from_manifest(source)
    return problems + arrivals.fewer(_lengths())


def _differs_from_upstream(source: Source) -> list[str]:
    try:
        path = fetch(source)
        if path is None or extract(source, path) == source.table.read_bytes():
            return []
    except SourceError as error:
        return [str(error)]
    name = source.table.name
    return [
        f"data/raw/{name} differs from what its source gives: run `factcheck sources rebuild"
        f" {source.id}` and read the diff."
    ]


def _differs_from_manifest(source: Source) -> list[str]:
    """Compare what sources.toml says of a file with the mirror's manifest, where there is one."""
    path = Path(os.environ.get("FACTCHECK_MIRROR", "")) / MANIFEST
    if "FACTCHECK_MIRROR" not in os.environ or not path.is_file():
        return []
    said = next((row for row in store.read(path, _rows) if row["file"] == source.file), None)
    if said is None:
        return [
            f"sources.toml, [{source.id}]: the mirror's {MANIFEST} does not list {source.file}. Add"
            " the file there, or drop the source."
        ]
    return [
        f"sources.toml, [{source.id}]: {name} = {getattr(source, name)!r}, the mirror's {MANIFEST}"
        f" says {said[name]!r}. Correct the wrong one."
        for name in said
        if name in COMPARED
        and getattr(source, name) != said[name]
        and not _part_of(source, name, said)
    ]


def _part_of(source: Source, name: str, whole: dict[str, str]) -> bool:
    """Say whether an extract of some rows of our transcriptions may differ from the whole file so.

    Its span may be shorter, its grade that of its own rows; where it has an id of its own, so may
    be its title and its publisher.
    """
    if source.url or name not in ("edition", "evidence", "publisher", "title"):
        return False
    if name in ("publisher", "title"):
        return source.id != whole["id"]
    if name == "edition":
        editions = source.edition, whole["edition"]
        own, listed = (re.findall(r"\d{4}", edition) for edition in editions)
        return min(listed) <= min(own) and max(own) <= max(listed)
    grades = {row.get("evidence", "") for row in _rows(source.table)}
    return grades <= set(GRADES) and source.evidence == max(grades, key=GRADES.index)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
