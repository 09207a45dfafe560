"""Pinned: published files fetched by their pinned address, and the extracts made from them."""

import csv
import errno
import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ..project import FactcheckError, atomic_write, raw
from . import arrivals, extracts, sources, store, tables
from .sources import GRADES, Source, SourceError, sha256_of

CHECKSUMS = "SHA256SUMS"
MANIFEST = "manifest.csv"
COMPARED = ("publisher", "title", "edition", "licence", "evidence", "sha256", "url", "member")
LARGEST = 200_000_000  # bytes of a published file: twenty times the largest one
TOO_LARGE = f"larger than {LARGEST // 10**6} MB"


def fetch(source: Source, progress: bool = False) -> Path | None:
    """Return a local path to the pinned file: from `FACTCHECK_MIRROR`, else pooch's cache, else its
    address.

    Returns None for a table of our own transcriptions when no mirror is set: nothing upstream can
    rebuild it. Raises SourceError for a missing file, an unreachable address or other bytes than
    were pinned.
    """
    if mirror := os.environ.get("FACTCHECK_MIRROR"):
        path = Path(mirror) / source.file
        if not path.is_file():
            raise SourceError(
                f"{source.id}: no file {source.file} in the mirror. Check FACTCHECK_MIRROR, or"
                " unset it to download."
            )
        if path.stat().st_size > LARGEST:
            raise SourceError(
                f"{source.id}: {source.file} is {TOO_LARGE}, so not the pinned file. Nothing was"
                " changed. Check FACTCHECK_MIRROR."
            )
    elif not source.url:
        return None
    else:
        path = _download(source, progress)
    found = sha256_of(path)
    if found != source.sha256:
        raise SourceError(
            f"{source.id}: {source.file} is not the pinned file (sha256 {found[:12]}…, pinned"
            f" {source.sha256[:12]}…). data/raw/{source.id}.csv was left as it is. If the new file"
            " is meant, pin its sha256 in sources.toml and rebuild."
        )
    return path


def _download(source: Source, progress: bool) -> Path:
    import pooch

    fetch_ = pooch.HTTPDownloader(progressbar=progress)

    def bounded(url: str, path: str, store: object) -> None:
        with _Bounded(path, "wb") as file:
            fetch_(url, file, store)

    name = f"{source.id}{Path(source.file).suffix}"
    pinned = None if source.member else f"sha256:{source.sha256}"
    unpack = _unpack(source) if source.member else None
    store = pooch.create(
        path=pooch.os_cache("ai-race-factcheck"),
        base_url="",
        registry={name: pinned},
        urls={name: source.url},
        retry_if_failed=3,
    )
    try:
        return Path(store.fetch(name, processor=unpack, downloader=bounded))
    except (OSError, ValueError) as error:
        raise SourceError(
            f"{source.id}: could not fetch {source.url} ({type(error).__name__}: {error}). Nothing"
            " was changed. Try again, or set FACTCHECK_MIRROR to a folder that holds the files."
        ) from error


class _Bounded(io.FileIO):
    """A file that does not grow beyond LARGEST; raises OSError (EFBIG) instead."""

    def write(self, data: Any) -> int:
        """Write bytes."""
        if self.tell() + len(data) > LARGEST:
            raise OSError(errno.EFBIG, f"the answer is {TOO_LARGE}")
        return super().write(data)


def _unpack(source: Source) -> Callable:
    """Return a pooch processor that takes the pinned member out of a 7z archive, and forgets an
    archive that does not give it.

    The member is unpacked in memory, so that no name in an archive ever becomes a path.
    """

    def processor(archive: str, action: str, store: object) -> str:
        try:
            from py7zr import SevenZipFile
            from py7zr.io import BytesIOFactory
        except ImportError:
            raise SourceError(
                f"{source.id} lies in a 7z archive: `.venv/bin/python -m pip install py7zr`."
            ) from None

        unpacked = BytesIOFactory(LARGEST)
        try:
            with SevenZipFile(archive, max_extract_size=LARGEST) as opened:
                opened.extract(targets=[source.member], factory=unpacked)
            content = unpacked.products[source.member].read()
        except Exception as error:  # py7zr raises whatever broken bytes lead it to
            Path(archive).unlink()
            raise ValueError(
                f"no 7z archive that holds {source.member}: {type(error).__name__} {error}"
            ) from error
        if hashlib.sha256(content).hexdigest() != source.sha256:
            Path(archive).unlink()
        return str(atomic_write(Path(f"{archive}.member"), content))

    return processor


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
