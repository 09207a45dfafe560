"""The checkout: where its folders are, and how a file is written without ever being half there."""

import os
import tempfile
from pathlib import Path


class FactcheckError(Exception):
    """An error a person can act on: what happened, to which file, and the next step."""


def root() -> Path:
    """Return the checkout's top folder.

    `FACTCHECK_ROOT` wins; otherwise the nearest folder upwards from the working directory,
    then from this file, that holds `data/claims.toml`.

    Raises FactcheckError where neither leads to a checkout.
    """
    if given := os.environ.get("FACTCHECK_ROOT"):
        return Path(given).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "data" / "claims.toml").is_file():
            return folder
    raise FactcheckError(f"No checkout found at or above {here}: change into the folder that holds data/claims.toml, or set FACTCHECK_ROOT.")


def raw() -> Path:
    """Return the folder of source tables."""
    return root() / "data" / "raw"


def processed() -> Path:
    """Return the folder that notebooks read clean tables from."""
    return root() / "data" / "processed"


def out() -> Path:
    """Return the folder that notebooks write to: `FACTCHECK_OUT`, by default `processed()`.

    The runner and nbval set it, so that a run that fails leaves data/processed as it was.
    """
    return Path(os.environ.get("FACTCHECK_OUT") or processed())


def notebooks() -> Path:
    """Return the folder of the committed notebooks."""
    return root() / "notebooks"


def build() -> Path:
    """Return the folder of everything that is made and not committed."""
    return root() / "build"


def drawing() -> bool:
    """Say whether tables and figures are shown: not with `FACTCHECK_DRAW=off`, as in a sweep, which needs values and not pictures."""
    return os.environ.get("FACTCHECK_DRAW") != "off"


def atomic_write(path: Path, content: str | bytes) -> Path:
    """Write `content` to `path` under a temporary name, then rename; return `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
