"""Trace: which files of the checkout a notebook really read, noted as it reads them."""

import os
import sys
from importlib.util import source_from_cache
from pathlib import Path

from ..evidence.store import READ


def start(log: str) -> None:
    """Append to `log` the path of every file that this process opens for reading from now on, one a
    line."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def note(event: str, arguments: tuple) -> None:
        opened = (
            event == "open"
            and isinstance(arguments[0], str)
            and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR)
        )
        if opened or event == READ:
            os.write(handle, os.fsencode(os.path.abspath(arguments[0]) + "\n"))

    sys.addaudithook(note)


def read(log: Path, top: Path) -> list[Path]:
    """Return the files under `top` that a log names, once each, sorted: modules by their source,
    nothing made or installed."""
    found = set()
    for line in map(os.fsdecode, set(log.read_bytes().splitlines()) if log.is_file() else ()):
        path = (
            Path(source_from_cache(line))
            if line.endswith(".pyc") and "__pycache__" in line
            else Path(line)
        )
        if (
            path.is_relative_to(top)
            and path.relative_to(top).parts[0] in ("data", "notebooks", "src")
            and path.is_file()
        ):
            found.add(path)
    return sorted(found)
