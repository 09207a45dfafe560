"""Regression: compare a fresh run with the committed notebooks by nbval's own comparison, and every
file byte for byte."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .. import project
from ..evidence import pins
from ..judging import claims, multiverse
from . import books, execution, origins, reruns, runner, warm

with warm.lean():
    import nbformat
    from nbval.plugin import IPyNbCell, coalesce_streams, nocolors

# As nbval's IPyNbFile sets them for `pytest --nbval`; a test holds the two against each other.
SKIPPED = (
    "metadata",
    "traceback",
    "prompt_number",
    "output_type",
    "name",
    "execution_count",
    "application/vnd.jupyter.widget-view+json",
    "image/png",
    "image/jpeg",
)


class _Cell(IPyNbCell):
    """Nbval's cell outside a pytest session: only its comparison is used."""

    ihook = SimpleNamespace(pytest_assertrepr_compare=lambda **_: [])
    colors = nocolors
    config = None
    parent = SimpleNamespace(skip_compare=SKIPPED, sanitize_patterns={})


def compare(reference: Any, fresh: Any) -> list[str]:
    """Return one message per code cell whose outputs differ between two notebooks of the same
    cells."""
    comparer, problems = object.__new__(_Cell), []
    if len(reference.cells) != len(fresh.cells):
        return [f"has {len(reference.cells)} cells, the fresh run {len(fresh.cells)}"]
    for place, (kept, made) in enumerate(zip(reference.cells, fresh.cells, strict=True), start=1):
        if kept.cell_type != "code":
            continue
        if kept.execution_count is None:
            problems.append(f"cell {place} was committed without being run")
        elif not comparer.compare_outputs(
            coalesce_streams(made.outputs), coalesce_streams(kept.outputs)
        ):
            detail = "\n".join(
                line
                for line in "\n".join(map(str, comparer.comparison_traceback)).splitlines()
                if line.strip()
            )
            problems.append(
                f"cell {place} gives other outputs than the committed ones:\n{detail[:2000]}"
            )
    return problems


def compare_files(reference: Path, fresh: Path) -> list[str]:
    """Return one message per file that differs, or that only one of the two folders holds."""
    kept = {path.relative_to(reference): path for path in reference.rglob("*") if path.is_file()}
    made = {
        path.relative_to(fresh): path
        for path in fresh.rglob("*")
        if path.is_file() and path.name != ".trace"
    }
    kept.pop(
        Path(multiverse.TABLE), None
    )  # written by a sweep, held against the measurements by `multiverse.problems`
    problems = [
        f"data/processed/{name} is committed, but no notebook writes it"
        for name in sorted(set(kept) - set(made))
    ]
    problems += [
        f"data/processed/{name} is written, but not committed"
        for name in sorted(set(made) - set(kept))
    ]
    both = sorted(set(kept) & set(made))
    return problems + [
        f"data/processed/{name} differs from the fresh run"
        for name in both
        if kept[name].read_bytes() != made[name].read_bytes()
    ]


def verify(
    wanted: list[str] | None = None, jobs: int | None = None, tell: Callable[[str], None] = print
) -> list[str]:
    """Execute each notebook once in a scratch folder and compare; return one message per
    difference.

    With `wanted` only these notebooks run, and only their outputs are compared. Raises
    runner.RunError where one stops.
    """
    books.whole()
    chosen = runner.resolve(wanted or [])
    scratch = project.build() / "verify"
    shutil.rmtree(scratch, ignore_errors=True)
    tasks = [
        runner.Job(name, scratch / "notebooks" / f"{name}.ipynb", scratch / "out" / name)
        for name in chosen
    ]
    runner.preflight(force=True)
    found: dict[str, list[str]] = {}

    def look(task: runner.Job) -> None:
        kept, fresh = (
            nbformat.read(path, as_version=4)
            for path in (project.notebooks() / f"{task.notebook}.ipynb", task.copy)
        )
        found[task.notebook] = guard(kept, task.notebook) + [
            f"{task.notebook}: {problem}" for problem in compare(kept, fresh)
        ]

    runner.run_all(tasks, jobs, tell, look)
    problems = [problem for name in chosen for problem in found[name]]
    whole = set(chosen) == set(runner.names())
    if whole:
        gathered = scratch / "processed"
        for task in tasks:
            for path in task.out.rglob("*"):
                if path.is_file() and path.name != ".trace":
                    project.atomic_write(gathered / path.relative_to(task.out), path.read_bytes())
        runner.collect(scratch / "notebooks", gathered)
        problems += compare_files(project.processed(), gathered)
        problems += multiverse.problems(project.processed())
    accepted = whole or (project.root() / pins.SUMS).is_file()  # a new checkout has no pins yet
    return problems + swept(chosen, jobs) + (pins.problems() if accepted else [])


def swept(chosen: list[str], jobs: int | None = None) -> list[str]:
    """Return what is wrong with the sweep's rows of some notebooks: old, another `holds`, or, in a
    few run again, other values."""
    if not (project.processed() / multiverse.TABLE).is_file():
        return []
    found = origins.problems()
    old = [line for line in found if any(f" {name} " in line for name in chosen)]
    held = [line for line in found if "`holds`" in line]
    return old + held + list(reruns.problems(chosen, jobs))


def guard(notebook: Any, name: str) -> list[str]:
    """Return what would make a comparison of this committed notebook vacuous.

    Every code cell run once, in order, none with an error, a warning or an nbval marker that skips
    it; for a topic notebook its figures, if it shows some, as SVG, and each of its claims answered
    once.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in code for output in cell.outputs]
    problems = []
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        problems.append(f"{name}: the cells were not all run once, in order, from a fresh kernel")
    if any(output.output_type == "error" or output.get("name") == "stderr" for output in outputs):
        problems.append(f"{name}: an error or a warning is stored in the outputs")
    if any(_markers(cell) for cell in code):
        problems.append(f"{name}: a cell is kept from comparison by an nbval marker")
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    answered = [
        output["data"][claims.MIME]["claim"]
        for output in outputs
        if claims.MIME in output.get("data", {})
    ]
    if name in runner.topics():
        draws = any(execution.SHOWS in cell.source for cell in code)
        if draws and "image/svg+xml" not in kinds:
            problems.append(f"{name}: no figure is stored as SVG")
        if sorted(answered) != sorted(claims.of_notebook(name)):
            problems.append(
                f"{name}: answers {sorted(answered)}, the registry asks for "
                f"{sorted(claims.of_notebook(name))}, each once"
            )
    elif not outputs:
        problems.append(f"{name}: no output is stored at all")
    return problems


def _markers(cell: Any) -> list[str]:
    """Return the nbval markers of a cell, in comments or tags."""
    words = [
        line.strip("# ").upper()
        for line in cell.source.splitlines()
        if line.strip().startswith("#")
    ]
    words += [tag.upper().replace("-", "_") for tag in cell.metadata.get("tags", [])]
    return [
        word
        for word in words
        if word.startswith(("NBVAL_", "PYTEST_VALIDATE_")) or word == "RAISES_EXCEPTION"
    ]
