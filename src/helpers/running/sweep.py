"""Sweep: run the notebooks under every combination of choices that bears on a claim, and keep what
each one measured."""

import hashlib
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from .. import project
from ..evidence import store, tables
from ..judging import choices, claims, records
from ..judging.multiverse import TABLE
from ..project import FactcheckError, atomic_write
from . import books, origins, runner, trace, warm, workers
from .runner import Job, RunError

SEED = 20251031
MANY = 10  # specifications of a notebook, from which on it pays to read and compute for all at once
Choice = dict[str, Any]


class SweepError(FactcheckError):
    """A multiverse that does not add up: names the claim, the choices and the next step."""


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
        missing[claim] = {_key(each) for each in choices.grid(notebook, claim)}
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
    return sorted(chosen, key=_key)


def _own(combination: Choice, names: list[str]) -> str:
    return _key({name: combination[name] for name in names})


def _key(combination: Choice) -> str:
    return json.dumps(combination, sort_keys=True)


def specification(notebook: str, parameters: Choice, sharing: bool = False) -> dict[str, Any]:
    """Run a notebook under one combination in a fresh kernel, without drawing, and return what it
    answered and what it read.

    `sharing` is that of `runner.Job`. The mapping holds `parameters`, `records` (claim records),
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
        _, _, message = runner.execute(job)
        found = {
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
            found["inputs"] = {
                str(path.relative_to(project.root())): _digest(path) for path in read
            }
            if project.root() != origins.CODE:  # a checkout whose code lies elsewhere
                modules = trace.read(job.out / ".trace", origins.CODE)
                names = (str(path.relative_to(origins.CODE)) for path in modules)
                found["inputs"] |= {
                    name: _digest(origins.CODE / name) for name in names if name.startswith("src/")
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


def _digest(path: Path) -> str:
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


def _result(notebook: str, parameters: Choice) -> Path:
    return (
        project.build()
        / "sweep"
        / notebook
        / f"{hashlib.sha256(_key(parameters).encode()).hexdigest()[:16]}.json"
    )


def _kept(notebook: str, parameters: Choice) -> dict[str, Any] | None:
    """Return the kept result of a combination, None where there is none or something it read has
    changed since."""
    path = _result(notebook, parameters)
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return (
        found
        if all(_digest(origins.place(name)) == was for name, was in found["inputs"].items())
        else None
    )


def run(
    wanted: Iterable[str] = (),
    jobs: int | None = None,
    scheduler: str | None = None,
    tell: Callable[[str], None] = print,
) -> int:
    """Run every specification that is not kept from before, then write
    data/processed/multiverse.csv; return how many were run.

    A sweep that was interrupted or killed goes on where it stopped. Notebooks that are not wanted
    keep their rows. Raises RunError naming notebook and choices of each specification that failed,
    after the others have finished.
    """
    books.whole()
    names = [name for name in runner.resolve(wanted) if name in choices.load()]
    if not names:
        raise RunError("None of these notebooks has choices: nothing to sweep.")
    runner.run([runner.FIRST], jobs=jobs, tell=lambda line: None)
    plan = [(name, parameters) for name in names for parameters in runs(name)]
    found = {(name, _key(parameters)): _kept(name, parameters) for name, parameters in plan}
    todo = [
        (name, parameters) for name, parameters in plan if found[name, _key(parameters)] is None
    ]
    tell(
        f"{len(plan)} runs over {len(names)} notebooks, {len(plan) - len(todo)} of them kept from "
        "before."
    )
    failures = _execute(todo, found, jobs, scheduler, tell)
    if failures:
        raise RunError(
            "\n".join(failures)
            + (
                "\nThe other specifications are kept: mend the notebook, and the same command "
                "goes on."
            )
        )
    _write(names, found)
    return len(todo)


def results(
    todo: list[tuple[str, Choice]], jobs: int | None = None, scheduler: str | None = None
) -> Iterator[tuple[str, Choice, Any]]:
    """Run specifications; yield notebook, choices and what `specification` gives (or
    `workers.Lost`) as they end.

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
        if not isinstance(result, workers.Lost):
            made = result.pop("calls")
            if waiting[name] and result["inputs"]:
                read[name] = result["inputs"]
                share(read[name], made, many=waiting[name] >= MANY)
        yield name, parameters, result
    for (name, parameters, _), result in workers.each(
        specification, [(*task, task[0] in read) for task in rest], jobs
    ):
        if not isinstance(result, workers.Lost):
            result["inputs"] = read.get(name, {}) | result["inputs"]
            del result["calls"]
        yield name, parameters, result


def share(inputs: dict[str, str], calls: list[store.Call], many: bool) -> None:
    """Import here the modules among the files that a notebook read, and hash these files; for many,
    read and compute what it did once."""
    for path in map(Path, inputs):
        _digest(origins.place(str(path)))
        if path.suffix == ".py" and path.stem != "__init__":
            import_module(".".join(path.relative_to("src").with_suffix("").parts))
        if many and path.parent == Path("data/processed") and path.stem in tables.catalogue():
            tables.load(path.stem)
    store.again(calls if many else [])


def _execute(
    todo: list[tuple[str, Choice]],
    found: dict,
    jobs: int | None,
    scheduler: str | None,
    tell: Callable[[str], None],
) -> list[str]:
    failures: list[str] = []
    began, shown = time.monotonic(), 0.0
    with closing(results(todo, jobs, scheduler)) as ended:
        for done, (name, parameters, result) in enumerate(ended, start=1):
            message = str(result) if isinstance(result, workers.Lost) else result["message"]
            if message:
                failures.append(f"{name} under {_key(parameters)}, {message}.")
            else:
                atomic_write(_result(name, parameters), json.dumps(result, sort_keys=True))
                found[name, _key(parameters)] = result
            spent = time.monotonic() - began
            if spent - shown > 10 or done == len(todo):
                shown = spent
                tell(
                    f"[{done}/{len(todo)}] {name}, about {spent / done * (len(todo) - done):.0f} "
                    "s left"
                )
    return failures


def _write(names: list[str], found: dict) -> None:
    for name, path, was in {
        (name, path, was)
        for (name, _), result in found.items()
        for path, was in result["inputs"].items()
    }:  # fmt: skip
        if _digest(origins.place(path)) != was:
            raise SweepError(
                f"{path} changed while {name} was swept: the same command goes on with it."
            )
    rows = [
        row
        for (name, _), result in found.items()
        if name in names
        for record in result["records"]
        for row in records.rows(record)
    ]
    table = pd.DataFrame(rows, columns=records.MEASUREMENTS)
    _alike(table)
    path, content = project.processed() / TABLE, origins.merged(rows, names)
    if not path.is_file() or path.read_text(encoding="utf-8") != content:
        atomic_write(path, content)
    read: dict[str, set[str]] = {name: set() for name in names}
    for (name, _), result in found.items():
        read[name] |= set(result["inputs"])
    origins.write(read)


def _alike(table: pd.DataFrame) -> None:
    """Raise SweepError where a claim moved although none of the choices that bear on it did."""
    values = table.drop_duplicates(
        ["claim", "choices", "entity", "period", "value", "low", "high", "holds"]
    )
    doubled = values[values.duplicated(["claim", "choices", "entity", "period"])]
    if len(doubled):
        first = doubled.iloc[0]
        raise SweepError(
            f"{first['claim']}: two runs give other values under the same {first['choices']}. A "
            f"choice of {first['notebook']} bears on this "
            "claim and choices.toml does not say so: add the claim to that parameter's `claims`."
        )
