"""Pins: checksums of what people write and no notebook makes, renewed when a run is accepted."""

from .. import project
from ..project import atomic_write
from . import sources

SUMS = "data/SHA256SUMS"
FILES = (
    "data/claims.toml",
    "data/origins.csv",
    "data/processed/multiverse.csv",
    "data/raw/SHA256SUMS",
    "data/raw/sources.toml",
    "notebooks/choices.toml",
)


def lines() -> list[str]:
    """Return the present checksum of each of `FILES`, as `sha256sum` writes them."""
    found = []
    for name in FILES:
        path = project.root() / name
        digest = sources.sha256_of(path) if path.is_file() else "missing"
        found.append(f"{digest}  {name}")
    return found


def write() -> None:
    """Pin the files as they are in data/SHA256SUMS."""
    atomic_write(project.root() / SUMS, "\n".join(lines()) + "\n")


def problems() -> list[str]:
    """Return one message per file that is not what was last accepted, or is missing."""
    path = project.root() / SUMS
    pinned = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    moved = [line.split("  ", 1)[1] for line in lines() if line not in pinned]
    return [
        f"{name} is not what {SUMS} pins: restore it with git, or `factcheck run` and `factcheck"
        " accept` if it is meant"
        for name in moved
    ]
