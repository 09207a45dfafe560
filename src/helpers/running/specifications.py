"""Specifications: one notebook under one combination of choices, and how many are run together."""

import hashlib
import json
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Generator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import store, tables
from ..judging import choices, claims
from . import books, execution, origins, trace, warm, workers
from .execution import Job
from .limits import Lost

SEED = 20251031
MANY = 10  # specifications of a notebook, from which on it pays to read and compute for all at once
Choice = dict[str, Any]


def runs(notebook: str) -> list[Choice]:
    """Return full combinations of a notebook's choices that together cover the grid of each of its
    claims.

    As few as we can: a claim does not depend on choices that do not bear on it, so one run answers
    a combination of several claims. A claim that measures nothing needs none.
    """
    grid, defaults = choices.grid(notebook), choices.defaults(notebook)
    random.Random(SEED).shuffle(grid)
    names = {
        claim: choices.of_claim(notebook, claim)
        for claim in claims.of_notebook(notebook)
        if claims.get(claim).entity
    }
    chosen, missing = [defaults], {}
    for claim, own in names.items():
        missing[claim] = {as_key(each) for each in choices.grid(notebook, claim)}
        missing[claim].discard(_own(defaults, own))
    for least in range(len(missing), 0, -1):
        for each in grid:
            fresh = [
                (claim, key)
                for claim, keys in missing.items()
                if (key := _own(each, names[claim])) in keys
            ]
            if len(fresh) >= least:
                chosen.append(each)
                for claim, key in fresh:
                    missing[claim].discard(key)
    return sorted(chosen, key=as_key)


def _own(combination: Choice, names: list[str]) -> str:
    return as_key({name: combination[name] for name in names})


def as_key(combination: Choice) -> str:
    """Return a combination as text, the same for the same choices."""
    return json.dumps(combination, sort_keys=True)


def specification(notebook: str, parameters: Choice, sharing: bool = False) -> dict[str, Any]:
    """Run a notebook under one combination in a fresh kernel, without drawing, and return what it
    answered and what it read.

    `sharing` is that of `execution.Job`. The mapping holds `parameters`, `records` (claim records),
    `inputs` (path in the checkout → SHA-256), `calls` (see `store.once`) and `message` ("" where
    all went well). Safe on another machine: nothing is left on disk.
    """
    build = project.build()
    build.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".specification-", dir=build))
    try:
        job = Job(
            notebook,
            folder / f"{notebook}.ipynb",
            folder / "out",
            parameters,
            draw=False,
            sharing=sharing,
        )
        store.calls.clear()
        _, _, message = execution.execute(job)
        found: dict[str, Any] = {
            "parameters": parameters,
            "message": message,
            "records": [],
            "inputs": {},
            "calls": store.calls,
        }
        if not message:
            read = [
                project.notebooks() / f"{notebook}.ipynb",
                project.root() / "requirements.lock",
                *trace.read(job.out / ".trace", project.root()),
            ]
            found["inputs"] = {str(path.relative_to(project.root())): digest(path) for path in read}
            if project.root() != origins.CODE:  # a checkout whose code lies elsewhere
                modules = trace.read(job.out / ".trace", origins.CODE)
                names = (str(path.relative_to(origins.CODE)) for path in modules)
                found["inputs"] |= {
                    name: digest(origins.CODE / name) for name in names if name.startswith("src/")
                }
            found["records"] = [
                output["data"][claims.MIME]
                for cell in json.loads(job.copy.read_text(encoding="utf-8"))["cells"]
                for output in cell.get("outputs", [])
                if claims.MIME in output.get("data", {})
            ]
        return found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def digest(path: Path) -> str:
    """Return a file's SHA-256; of a notebook that of its cells alone: accepting a run's outputs
    makes no specification stale."""
    if not path.is_file():
        return "missing"
    found = path.stat()
    return _hashed(path, (found.st_ino, found.st_mtime_ns, found.st_size))


@cache
def _hashed(path: Path, stamp: tuple[int, int, int]) -> str:
    content = (
        json.dumps(books.sources_of(path)).encode()
        if path.suffix == ".ipynb"
        else path.read_bytes()
    )
    return hashlib.sha256(content).hexdigest()


def results(
    todo: list[tuple[str, Choice]], jobs: int | None = None, scheduler: str | None = None
) -> Generator[tuple[str, Choice, Any], None, None]:
    """Run specifications; yield notebook, choices and what `specification` gives (or
    `Lost`) as they end.

    Where kernels are forked, the first of each notebook goes ahead. What it imported is then
    imported here, and what does not depend on choices computed here, for all forks that follow:
    they have read what the first has read.
    """
    first = {name: place for place, (name, _) in reversed(list(enumerate(todo)))}
    alone = bool(scheduler) or not warm.possible()
    ahead = [task for place, task in enumerate(todo) if alone or place == first[task[0]]]
    rest = [] if alone else [task for place, task in enumerate(todo) if place != first[task[0]]]
    read: dict[str, dict[str, str]] = {}
    waiting = Counter(name for name, _ in rest)
    for (name, parameters), result in workers.each(specification, ahead, jobs, scheduler):
        if not isinstance(result, Lost):
            made = result.pop("calls")
            if waiting[name] and result["inputs"]:
                read[name] = result["inputs"]
                share(read[name], made, many=waiting[name] >= MANY)
        yield name, parameters, result
    for (name, parameters, _), result in workers.each(
        specification, [(*task, task[0] in read) for task in rest], jobs
    ):
        if not isinstance(result, Lost):
            result["inputs"] = read.get(name, {}) | result["inputs"]
            del result["calls"]
        yield name, parameters, result


def share(inputs: dict[str, str], calls: list[store.Call], many: bool) -> None:
    """Import here the modules among the files that a notebook read, and hash these files; for many,
    read and compute what it did once."""
    for path in map(Path, inputs):
        digest(origins.place(str(path)))
        if path.suffix == ".py" and path.stem != "__init__":
            import_module(".".join(path.relative_to("src").with_suffix("").parts))
        if many and path.parent == Path("data/processed") and path.stem in tables.catalogue():
            tables.load(path.stem)
    store.again(calls if many else [])
