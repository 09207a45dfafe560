"""State: which notebook ran from what, what is out of date and why, and what becomes the
reference."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import pins
from ..project import atomic_write
from . import books, trace
from .books import LAST, RunError

ANSWERS, SITE = "answers", "site"  # what is made of notebooks and is no notebook
COLLECTED = ("answers.json", "measurements.csv")


def digest(path: Path) -> str:
    """Return a file's SHA-256, read once for as long as it stays the same; "missing" where there is
    none."""
    if not path.is_file():
        return "missing"
    found = path.stat()
    # The time of the last change of the inode cannot be set by hand, that of the file can.
    return _hashed(path, (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size))


@cache
def _hashed(path: Path, stamp: tuple[int, ...]) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def copy(notebook: str) -> Path:
    """Return where a notebook's executed copy lies."""
    return project.build() / "notebooks" / f"{notebook}.ipynb"


def _state(name: str) -> Path:
    return project.build() / "state" / f"{name}.json"


def stale(notebook: str) -> str:
    """Say why a notebook must run again; "" where its executed copy is up to date.

    The last notebooks are also out of date where the collected answers are not those of the topic
    notebooks.
    """
    if not _state(notebook).is_file() or not copy(notebook).is_file():
        return "never run here"
    return (_behind() if notebook in LAST else "") or moved(notebook)


def _behind() -> str:
    """Say why the collected answers are not those of the topic notebooks; "" where they are."""
    if why := moved(ANSWERS):
        return why
    inputs = json.loads(_state(ANSWERS).read_text(encoding="utf-8"))["inputs"]
    now = {str(standing(name).relative_to(project.root())) for name in books.topics()}
    new = sorted(now - set(inputs))
    return f"{new[0]} is new" if new else ""


def moved(name: str) -> str:
    """Say which file changed since something was made; "" where none did."""
    if not _state(name).is_file():
        return f"{name} were never made here"
    state = json.loads(_state(name).read_text(encoding="utf-8"))
    for kind in ("inputs", "outputs"):
        for path, was in state[kind].items():
            if (found := digest(project.root() / path)) != was:
                return f"{path} {'is missing' if found == 'missing' else 'changed'}"
    return ""


def note(name: str, inputs: Iterable[Path], outputs: Iterable[Path]) -> None:
    """Keep of what files something was made, and what was made."""
    top = project.root()
    written = {str(path.relative_to(top)): digest(path) for path in outputs}
    read = {str(path.relative_to(top)): digest(path) for path in inputs}
    state = {
        "inputs": {path: was for path, was in read.items() if path not in written},
        "outputs": written,
    }
    atomic_write(_state(name), json.dumps(state, indent=1, sort_keys=True))


def settle(job: Any) -> None:
    """Move the tables a finished notebook (a runner.Job) wrote into data/processed, and note what
    it read and wrote."""
    top = project.root()
    read = trace.read(job.out / ".trace", top)
    (job.out / ".trace").unlink(missing_ok=True)
    before = (
        json.loads(_state(job.notebook).read_text(encoding="utf-8"))["outputs"]
        if _state(job.notebook).is_file()
        else {}
    )
    written = [job.copy]
    for path in sorted(file for file in job.out.rglob("*") if file.is_file()):
        target = project.processed() / path.relative_to(job.out)
        if digest(target) != digest(path):
            atomic_write(target, path.read_bytes())
        written.append(target)
    for name in set(before) - {str(path.relative_to(top)) for path in written}:
        (top / name).unlink(missing_ok=True)
    notebook = project.notebooks() / f"{job.notebook}.ipynb"
    note(job.notebook, [notebook, top / "requirements.lock", *read], written)


def standing(notebook: str) -> Path:
    """Return the notebook whose answers stand: the executed copy where it is up to date, else the
    committed one."""
    return project.notebooks() / f"{notebook}.ipynb" if stale(notebook) else copy(notebook)


def records(folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the claim records in the outputs of the topic notebooks of a folder, by default of
    those that stand, sorted by claim.

    Raises RunError for a claim emitted twice, by another notebook than the registry says, or not at
    all.
    """
    from ..judging import claims

    found: dict[str, dict[str, Any]] = {}
    for name in books.topics():
        path = folder / f"{name}.ipynb" if folder else standing(name)
        if not path.is_file():
            raise RunError(f"{name} has no executed copy: run `factcheck run {name}`.")
        for record in records_of(path):
            if record["claim"] in found:
                raise RunError(
                    f"{name} answers {record['claim']} a second time: each claim is answered once."
                )
            if claims.get(record["claim"]).notebook != name:
                raise RunError(
                    f"{name} answers {record['claim']}, which the registry gives to "
                    f"{claims.get(record['claim']).notebook}."
                )
            found[record["claim"]] = record
        if missing := [id_ for id_ in claims.of_notebook(name) if id_ not in found]:
            raise RunError(
                f"{name} does not answer {', '.join(missing)}: end it with claims.answer for "
                f"each, and `factcheck run {name}`."
            )
    return [found[id_] for id_ in sorted(found)]


def records_of(path: Path) -> list[dict[str, Any]]:
    """Return the claim records in the outputs of one notebook file."""
    from ..judging import claims

    outputs = [
        output.get("data", {})
        for cell in books.read(path)["cells"]
        for output in cell.get("outputs", [])
    ]
    return [data[claims.MIME] for data in outputs if claims.MIME in data]


def collect(copies: Path | None, target: Path) -> None:
    """Write answers.json and measurements.csv from the copies in a folder, or, with None, from the
    notebooks that stand, and note it."""
    from ..judging import records as collected

    answers = records(copies)
    contents = (collected.to_json(answers), collected.measurements(answers))
    for name, content in zip(COLLECTED, contents, strict=True):
        if digest(target / name) != hashlib.sha256(content.encode()).hexdigest():
            atomic_write(target / name, content)
    if copies is None:
        registry = project.root() / "data" / "claims.toml"
        note(
            ANSWERS,
            [registry, *map(standing, books.topics())],
            [target / name for name in COLLECTED],
        )


def accept(wanted: Iterable[str]) -> list[str]:
    """Copy up-to-date executed notebooks over the committed ones: they become the reference; return
    their names.

    With a topic notebook go the last ones, which follow from it. What they lean on is pinned.
    """
    books.whole()
    chosen = books.resolve(wanted)
    if set(chosen) & set(books.topics()):
        chosen += [name for name in LAST if name in books.names() and name not in chosen]
    for name in chosen:
        if not copy(name).is_file():
            raise RunError(f"{name} has no executed copy: run `factcheck run {name}` first.")
        if books.sources_of(copy(name)) != books.sources_of(project.notebooks() / f"{name}.ipynb"):
            raise RunError(
                f"{name} was edited after its last run: run `factcheck run {name}` first."
            )
        if why := stale(name):
            raise RunError(f"{name} is out of date ({why}): run `factcheck run {name}` first.")
    for name in chosen:
        atomic_write(project.notebooks() / f"{name}.ipynb", copy(name).read_bytes())
        state = json.loads(_state(name).read_text(encoding="utf-8"))
        state["inputs"][f"notebooks/{name}.ipynb"] = digest(copy(name))
        atomic_write(_state(name), json.dumps(state, indent=1, sort_keys=True))
    others = [_state(name) for name in set(books.names()) - set(chosen)]
    waiting = [json.loads(path.read_text(encoding="utf-8")) for path in others if path.is_file()]
    pins.write(but={name for state in waiting for name in state["outputs"]})
    return chosen


def behind() -> list[str]:
    """Return one message per thing made of notebooks that no longer is what they say: status shows
    them."""
    found = [
        f"{name}: its {words}: `-p` tries a value; to change the default, change both files"
        for name in books.topics()
        if (words := books.edited(name))
    ]
    if _state(ANSWERS).is_file() and (why := _behind()):
        found.append(f"answers, measurements and verdicts are behind ({why}): run `factcheck run`")
    if _state(SITE).is_file() and (why := moved(SITE)):
        found.append(f"build/site is behind ({why}): run `factcheck site`")
    return found
