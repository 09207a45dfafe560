"""Fetched: published files by their pinned address, from a mirror, a cache or the network."""

import errno
import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..project import atomic_write
from .sources import Source, SourceError, sha256_of

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
