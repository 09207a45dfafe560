"""Sweep: run the notebooks under every combination of choices that bears on a claim, and keep what
each one measured."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

from .. import project
from ..judging import choices, records
from ..judging.multiverse import TABLE
from ..project import FactcheckError, atomic_write
from . import books, origins, runner
from .limits import Lost
from .runner import RunError
from .specifications import Choice, as_key, digest, results, runs


class SweepError(FactcheckError):
    """A multiverse that does not add up: names the claim, the choices and the next step."""


def _result(notebook: str, parameters: Choice) -> Path:
    return (
        project.build()
        / "sweep"
        / notebook
        / f"{hashlib.sha256(as_key(parameters).encode()).hexdigest()[:16]}.json"
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
        if all(digest(origins.place(name)) == was for name, was in found["inputs"].items())
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
    found = {(name, as_key(parameters)): _kept(name, parameters) for name, parameters in plan}
    todo = [
        (name, parameters) for name, parameters in plan if found[name, as_key(parameters)] is None
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
            message = str(result) if isinstance(result, Lost) else result["message"]
            if message:
                failures.append(f"{name} under {as_key(parameters)}, {message}.")
            else:
                atomic_write(_result(name, parameters), json.dumps(result, sort_keys=True))
                found[name, as_key(parameters)] = result
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
        if digest(origins.place(path)) != was:
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
