"""Store: input files, and what is made of them alone, read once for as long as they stay the same,
and shared with every kernel forked later."""

import sys
import tomllib
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from .. import project

READ = "factcheck.read"
Stamp = tuple[int, int, int]
Call = tuple[str, str, tuple, dict[str, Any]]
calls: list[Call] = []
_kept: dict[Path, tuple[Stamp, Any]] = {}
_noting: list[dict[Path, Stamp]] = []


def read(path: Path, parse: Callable[[Path], Any]) -> Any:
    """Return `parse(path)`, or what it gave before where the file has not changed since.

    Every caller gets the same object: copy it before changing it. Each call raises the audit event
    `factcheck.read`, so that a trace sees a file that was parsed before the trace began. Nothing is
    kept where `parse` raises.
    """
    stamp = _note(path)
    _note(Path(__file__))
    if path not in _kept or _kept[path][0] != stamp:
        _kept[path] = stamp, parse(path)
    return _kept[path][1]


def _note(path: Path) -> Stamp:
    sys.audit(READ, str(path))
    stamp = _stamp(path)
    for noted in _noting:
        noted[path] = stamp
    return stamp


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep what a function gives for its arguments, until a file changes that it has read.

    Every caller gets a copy.

    For a costly table that is made of this store's files and of hashable arguments alone. Calls are
    noted in `calls`, so that they can be made before a fork (see `again`); each raises the audit
    events of the files behind its answer.
    """
    kept: dict[Any, tuple[dict[Path, Stamp], Any]] = {}

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        key = project.root(), given, tuple(sorted(named.items()))
        if key in kept and all(
            path.is_file() and _stamp(path) == stamp for path, stamp in kept[key][0].items()
        ):
            for path in kept[key][0]:
                _note(path)
        else:
            noted: dict[Path, Stamp] = {}
            _noting.append(noted)
            try:
                kept[key] = noted, function(*given, **named)
            finally:
                _noting.pop()
        calls.append((function.__module__, function.__name__, given, named))
        return kept[key][1].copy()

    return call


def again(made: list[Call]) -> None:
    """Make calls noted in another process, so that forks of this one find their answers."""
    for module, name, given, named in made:
        getattr(import_module(module), name)(*given, **named)


def registry(path: Path, error: type[Exception]) -> dict[str, Any]:
    """Return a TOML file that people write, as a mapping; raises `error` naming the file and the
    next step."""
    try:
        return toml(path)
    except (OSError, ValueError) as fault:
        raise error(f"{path.name}: {fault}. Mend the file, or restore it with git.") from fault


def toml(path: Path) -> dict[str, Any]:
    """Return a TOML file as a mapping.

    Raises OSError or ValueError where it cannot be read, or nests deeper or counts higher than can
    be shown.
    """

    def parse(file: Path) -> dict[str, Any]:
        try:
            found = tomllib.loads(file.read_text(encoding="utf-8"))
            repr(found)  # messages show values
        except RecursionError:
            raise ValueError("its values are nested too deeply") from None
        return found

    return read(path, parse)
