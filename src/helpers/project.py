"""The checkout: where its folders are, and how a file is written without ever being half there."""

import errno
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

# The last day of what was knowable: editions of 1 and 2 November 2025 are nearest to the debate.
DEBATE = "2025-11-02"
LOCK = ".factcheck.lock"
WRITTEN = ("build", "data", "data/raw", "data/processed", "data/processed/figures", "notebooks")
ROOM = (errno.EACCES, errno.EDQUOT, errno.EFBIG, errno.ENOSPC, errno.EPERM, errno.EROFS)
NEXT_STEP = "free some space, or check the folder's rights"


class FactcheckError(Exception):
    """An error a person can act on: what happened, to which file, and the next step."""

    def _render_traceback_(self) -> list[str]:
        """Let IPython show the message, which says it all, and no traceback."""
        return [f"{type(self).__name__}: {self}"]


def root() -> Path:
    """Return the checkout's top folder.

    `FACTCHECK_ROOT` wins; otherwise the nearest folder upwards from the working directory,
    then from this file, that holds `data/claims.toml`.

    Raises FactcheckError where neither leads to a checkout.
    """
    if given := os.environ.get("FACTCHECK_ROOT"):
        if not (Path(given) / "data" / "claims.toml").is_file():
            raise FactcheckError(
                f"FACTCHECK_ROOT={given} is no checkout: name the folder that holds "
                "data/claims.toml, or unset it."
            )
        return Path(given).resolve()
    here = Path.cwd()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "data" / "claims.toml").is_file():
            return folder
    raise FactcheckError(
        f"No checkout found at or above {here}: change into the folder that holds data/claims.toml,"
        " or set FACTCHECK_ROOT."
    )


def raw() -> Path:
    """Return the folder of source tables."""
    return root() / "data" / "raw"


def processed() -> Path:
    """Return the folder that notebooks read clean tables from."""
    return root() / "data" / "processed"


def out() -> Path:
    """Return the folder that notebooks write to: `FACTCHECK_OUT`, else build/lab.

    The runner and nbval set it. A notebook that a person runs, in JupyterLab or elsewhere, never
    writes under data.
    """
    return Path(os.environ.get("FACTCHECK_OUT") or build() / "lab")


def notebooks() -> Path:
    """Return the folder of the committed notebooks."""
    return root() / "notebooks"


def build() -> Path:
    """Return the folder of everything that is made and not committed."""
    return root() / "build"


def drawing() -> bool:
    """Say whether tables and figures are shown: not with `FACTCHECK_DRAW=off`, as in a sweep, which
    needs values and not pictures.
    """
    return os.environ.get("FACTCHECK_DRAW") != "off"


def setting(name: str, default: int) -> int:
    """Return a whole number above zero from the environment.

    Raises FactcheckError naming the variable for anything else.
    """
    text = os.environ.get(name) or str(default)
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise FactcheckError(
            f"{name}={text[:40]!r} is not a whole number above zero: give one, or unset it for"
            f" {default}."
        )
    return int(text)


def told(error: OSError, where: Path | None = None) -> str:
    """Say in one line what the system refused, of which file, and what to do where it is a matter
    of room or rights.
    """
    what = (
        f"{type(error).__name__}: {error.strerror or error}"
        f" ({error.filename or where or 'no file named'})"
    )
    return f"{what}: {NEXT_STEP}" if error.errno in ROOM else what


@contextmanager
def alone(command: str) -> Iterator[None]:
    """Keep other commands that write out of the checkout for as long as this one is at work, and
    clear what a killed one left half-written.

    The lock is the operating system's, on `.factcheck.lock`: it ends with this process, however
    that ends, and no worker inherits it. Without such locks (Windows) nothing is kept out. Raises
    FactcheckError naming the command that is at work.
    """
    top = root()
    _no_links(top)
    with open(top / LOCK, "a+", encoding="utf-8", opener=_itself) as file:
        try:
            if fcntl:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise FactcheckError(
                f"{file.read() or 'Another command'} is at work in this checkout: wait until it"
                " ends, or stop it."
            ) from None
        file.truncate(0)
        file.write(f"factcheck {command} (process {os.getpid()})")
        file.flush()
        for folder in ("data", "notebooks"):
            for left in (top / folder).rglob(".*.tmp"):
                with suppress(FileNotFoundError):
                    left.unlink()
        yield


def _no_links(top: Path) -> None:
    """Raise FactcheckError for a link where a command writes: it would do so elsewhere."""
    places = [top / LOCK, *map(top.joinpath, WRITTEN), *top.glob("build/*"), *top.glob("build/*/*")]
    for place in places:
        if place.is_symlink():
            raise FactcheckError(
                f"{place.relative_to(top)} is a link to {os.readlink(place)}: nothing was changed. "
                "Remove the link, so that this command writes and deletes in the checkout alone."
            )


def _itself(path: str, flags: int) -> int:
    """Open a file and not what a link of its name leads to."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o644)


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
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = error.filename or str(path)
        raise
    return path
