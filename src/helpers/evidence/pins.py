"""Pins: checksums of all under data, and of the choices, renewed when a run is accepted."""

from collections.abc import Collection

from .. import project
from ..project import FactcheckError, atomic_write
from . import sources

SUMS = "data/SHA256SUMS"
CHOICES = "notebooks/choices.toml"


def lines() -> dict[str, str]:
    """Return the present checksum of each file by its path, as `sha256sum` writes them."""
    top = project.root()
    files = [path for path in (top / "data").rglob("*") if path.is_file()]
    names = [path.relative_to(top).as_posix() for path in files if path.name[0] != "."]
    names = [name for name in (*names, CHOICES) if name != SUMS and (top / name).is_file()]
    return {name: f"{sources.sha256_of(top / name)}  {name}" for name in sorted(names)}


def _pinned() -> dict[str, str]:
    path = project.root() / SUMS
    kept = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {line.partition("  ")[2]: line for line in kept}


def write(but: Collection[str] = ()) -> None:
    """Pin the files as they are in data/SHA256SUMS; those in `but` stay as they were pinned."""
    before, now = _pinned(), lines()
    kept = {name: line for name, line in now.items() if name not in but}
    kept |= {name: before[name] for name in but if name in before}
    atomic_write(project.root() / SUMS, "".join(f"{kept[name]}\n" for name in sorted(kept)))


def problems() -> list[str]:
    """Return one message per file that is not what was last accepted, is missing, or is new."""
    if not (pinned := _pinned()):
        return [f"{SUMS} is missing or empty: restore it with git"]
    now = lines()
    moved = sorted(name for name in {*pinned, *now} if pinned.get(name) != now.get(name))
    return [
        f"{name} is not what was accepted: restore it with git, or `factcheck run` and `factcheck"
        " accept` if it is meant"
        for name in moved
    ]


def hold() -> None:
    """Raise FactcheckError naming every file that is not what was last accepted."""
    if found := problems():
        raise FactcheckError("\n".join(found))
