"""Runner: execute what is out of date in dependency order, by papermill, and collect the claim
records."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .. import project
from ..judging import choices
from ..project import atomic_write
from . import books, moves, state, warm, workers
from .books import FIRST, LAST, RunError, names, resolve, stages, topics
from .state import accept, collect, records, settle, stale

# What stands in books and state is asked for here too.
__all__ = [
    "FIRST",
    "LAST",
    "Job",
    "RunError",
    "accept",
    "collect",
    "names",
    "records",
    "resolve",
    "run",
    "stale",
    "topics",
]
CELL_TIMEOUT = 300
LARGEST_COPY = 20_000_000  # characters of output
LONGEST_REASON = 2000
STARTS = 3  # of a kernel of its own that dies before its first cell
SHOWS = "figures.show("
DRAWS = "figures.frame("


@dataclass(frozen=True)
class Job:
    """One execution: a notebook, its parameters, where the executed copy and its tables go.

    Without `draw` the cells that end in a figure do not run, and tables are not formatted: values,
    no pictures. With `sharing` a forked kernel takes this package as it is imported here, so that
    its trace names no module.
    """

    notebook: str
    copy: Path
    out: Path
    parameters: dict[str, Any] = field(default_factory=dict)
    timeout: int = field(default_factory=lambda: project.setting("FACTCHECK_TIMEOUT", CELL_TIMEOUT))
    draw: bool = True
    sharing: bool = False


def execute(job: Job) -> tuple[str, float, str]:
    """Execute one notebook in a fresh kernel; return its name, the seconds, and a message ("" where
    all went well).

    In a process forked for this job the kernel runs inside it, elsewhere it is papermill's own. The
    copy appears at its place only when every cell ran.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    began = time.monotonic()
    before = dict(os.environ)
    os.environ.update(
        warm.SETTINGS,
        FACTCHECK_ROOT=str(project.root()),
        FACTCHECK_OUT=str(job.out),
        FACTCHECK_TRACE=str(job.out / ".trace"),
        FACTCHECK_DRAW="on" if job.draw else "off",
    )
    message, place = "", 0

    def note(cell: Any, cell_index: int) -> None:
        nonlocal place
        place = cell_index + 1
        workers.at(f"cell {place}", job.timeout)

    reply: dict[str, Any] = {}

    def failed(cell: Any, cell_index: int, execute_reply: dict) -> None:
        reply.update(execute_reply["content"])
        if (
            reply["ename"] == "MemoryError"
        ):  # a kernel of its own has none left for what papermill asks next
            raise MemoryError

    try:
        shutil.rmtree(job.out, ignore_errors=True)
        job.out.mkdir(parents=True)
        bare = nbformat.read(project.notebooks() / f"{job.notebook}.ipynb", as_version=4)
        for cell in bare.cells:
            cell.update({"outputs": []} if cell.cell_type == "code" else {})
            if not job.draw and (SHOWS in cell.source or DRAWS in cell.source):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "skip-execution"]
        kernel = (
            {"kernel_manager_class": _inside(job)}
            if workers.forked()
            else {"execution_timeout": job.timeout, "shutdown_kernel": "immediate"}
        )
        for left in reversed(range(STARTS)):
            try:
                executed = papermill.execute_notebook(
                    bare,
                    None,
                    parameters=job.parameters,
                    cwd=project.notebooks(),
                    kernel_name="python3",
                    progress_bar=False,
                    on_cell_execute=note,
                    on_cell_error=failed,
                    **kernel,
                )
                break
            # Before the first cell: another process took a port that this kernel had been promised.
            except RuntimeError:
                if place or not left:
                    raise
        if message := _unfinished(executed) or _too_large(executed):
            return job.notebook, time.monotonic() - began, message
        atomic_write(job.copy, tidy(executed))
    except papermill.PapermillExecutionError as error:
        message = (
            f"cell {error.cell_index + 1} stopped with {error.ename}: "
            f"{str(error.evalue).strip()[:LONGEST_REASON]}"
        )
        if error.ename == "CellExecutionError" and reply.get("ename"):  # no output tells of it
            message = (
                f"cell {place} stopped with {reply['ename']}: "
                f"{reply['evalue'].strip()[:LONGEST_REASON]}"
            )
        elif error.ename == "CellExecutionError":  # papermill's word where the kernel left none
            message = (
                f"cell {error.cell_index + 1} stopped without a word, as where memory runs out "
                f"(FACTCHECK_MEMORY allows {workers.memory()} MB)"
            )
        if any(f"[Errno {number}]" in message for number in project.ROOM):
            message += f": {project.NEXT_STEP}"
    except MemoryError:
        message = (
            f"cell {place} needs more memory than FACTCHECK_MEMORY allows ({workers.memory()} MB)"
        )
    except CellTimeoutError:
        message = f"cell {place} ran longer than {job.timeout} s"
    except DeadKernelError:
        message = f"the kernel died in cell {place}: it was killed or ran out of memory"
    except OSError as error:
        message = project.told(error, job.copy)
    except Exception as error:  # whatever it is, the other notebooks go on
        where = f"cell {place}" if place else "it"
        message = (
            f"{where} stopped with {type(error).__name__}: {str(error).strip()[:LONGEST_REASON]}"
        )
    finally:
        os.environ.clear()
        os.environ.update(before)
    return job.notebook, time.monotonic() - began, message


def _unfinished(notebook: Any) -> str:
    """Name the first cell that ended the kernel, or that was never run; "" where all ran.

    What a sweep leaves out on purpose counts as run.
    """
    for place, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        if any(output.get("ename") == "SystemExit" for output in cell.outputs):
            return (
                f"cell {place} stopped with SystemExit: a notebook runs to its end, take the exit "
                "out"
            )
        skipped = "skip-execution" in cell.metadata.get("tags", []) and not project.drawing()
        if cell.execution_count is None and cell.source.strip() and not skipped:
            return f"cell {place} was not run: take its tag or what ends the kernel out"
    return ""


def _too_large(notebook: Any) -> str:
    """Name the cell with the most output where all outputs together are beyond what a copy may
    hold; "" where they are not."""
    sizes = {
        place: len(json.dumps(cell.get("outputs", [])))
        for place, cell in enumerate(notebook.cells, start=1)
    }
    most = max(sizes, key=sizes.__getitem__, default=0)
    if sum(sizes.values()) <= LARGEST_COPY:
        return ""
    return (
        f"cell {most} gives {sizes[most] / 1e6:.0f} MB of output, a notebook may hold "
        f"{LARGEST_COPY / 1e6:.0f} MB: print or show less"
    )


def _inside(job: Job) -> type:
    from .inside import Manager, Sharing

    return Sharing if job.sharing else Manager


def tidy(notebook: Any) -> str:
    """Return the notebook's text without what varies by machine or day: timings, paths, versions,
    the pieces in which a cell prints."""
    import nbformat
    from nbval.plugin import (
        coalesce_streams,
    )  # nbclient's own takes time with the square of a line's length

    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if cell.cell_type == "code":
            cell.outputs = coalesce_streams(cell.outputs)
    return nbformat.writes(notebook, version=4) + "\n"


def run(
    wanted: Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    jobs: int | None = None,
    force: bool = False,
    tell: Callable[[str], None] = print,
    scheduler: str | None = None,
) -> list[str]:
    """Run what is out of date among the wanted notebooks and what they lean on; return the names
    that ran.

    With `parameters`, run the wanted notebooks under these choices into copies of their own:
    data/processed stays as it is. Raises RunError naming every notebook that failed, after the
    others have finished.
    """
    books.whole()
    wanted = resolve(wanted)
    for name in wanted:
        books.contract(name)
    if parameters:
        chosen = [(name, choices.check(name, parameters)) for name in wanted]
        ran = run([FIRST], jobs=jobs, tell=tell)
        variants = [_variant(name, every, parameters) for name, every in chosen]
        ran += run_all(variants, jobs, tell, None, scheduler)
        for job in variants:
            for line in changed(job):
                tell(line)
        return ran
    needed = {FIRST, *wanted, *(topics() if set(wanted) & set(LAST) else ())}
    needed |= set(LAST) if needed & set(topics()) else set()  # what follows from answers
    ran: list[str] = []
    for group in stages(needed):
        todo = [
            Job(name, state.copy(name), project.build() / "staging" / name)
            for name in group
            if force or stale(name)
        ]
        if not todo:
            continue
        if not ran:
            preflight(force)
        if group[0] in LAST:
            collect(None, project.processed())
        ran += run_all(todo, jobs, tell, settle, scheduler)
    if not ran:
        tell("Everything is up to date.")
    return ran


def _variant(notebook: str, every: dict[str, Any], given: dict[str, Any]) -> Job:
    label = "__".join(f"{name}-{quote(str(every[name]), safe='')}" for name in sorted(given))
    stem = f"{notebook}__{label}"
    return Job(
        notebook,
        project.build() / "notebooks" / f"{stem}.ipynb",
        project.build() / "variants" / stem,
        {name: every[name] for name in given},
    )


def changed(job: Job) -> list[str]:
    """Return what a notebook's claims answer under other choices: a line each, old → new and the
    outcome, and where the copy lies."""
    from ..judging import multiverse, scorecard

    old, new = (state.records_of(path) for path in (state.standing(job.notebook), job.copy))
    found = [f"The copy is {job.copy.relative_to(project.root())}."]
    if not old and not new:
        return found
    all_ = {record["claim"]: record for record in records()}
    counts = multiverse.of_claims()
    words = [
        scorecard.table(all_ | {each["claim"]: each for each in some}, counts)
        .set_index("claim")["outcome"].to_dict()
        for some in (old, new)
    ]  # fmt: skip
    moved = {line.partition(":")[0]: line for line in moves.of(old, new)}
    for id_ in (record["claim"] for record in new):
        outcome = " → ".join(dict.fromkeys(each[id_] for each in words))
        found.append(f"{moved.get(id_, f'{id_}: nothing moved')}; outcome: {outcome}")
    return found


def preflight(force: bool) -> None:
    """Read the registry and the contract and, where they changed, hold all source tables against
    their checksums, before any kernel starts."""
    from ..evidence import pinned, sources, tables
    from ..judging import claims

    claims.load()
    choices.load()
    if (force or stale(FIRST)) and (problems := pinned.check(upstream=False)):
        for id_ in sources.load():  # a row at fault says more than a checksum
            tables.raw(id_)
        raise RunError("\n".join(problems))


def run_all(
    todo: list[Job],
    jobs: int | None,
    tell: Callable[[str], None],
    settle: Callable[[Job], None] | None,
    scheduler: str | None = None,
) -> list[str]:
    """Execute jobs side by side, those of many cells first, and `settle` each that went well;
    return their notebooks.

    Raises RunError naming every notebook that failed, after the others have finished.
    """
    failures = []
    longest = sorted(
        todo,
        key=lambda job: (
            job.notebook != FIRST,
            -len(books.sources_of(project.notebooks() / f"{job.notebook}.ipynb")),
        ),
    )
    with closing(workers.each(execute, [(job,) for job in longest], jobs, scheduler)) as results:
        for done, ((job,), result) in enumerate(results, start=1):
            name, seconds, message = (
                (job.notebook, 0, str(result)) if isinstance(result, workers.Lost) else result
            )
            if message:
                failures.append(
                    f"{name}, {message.rstrip('.')}. Open notebooks/{name}.ipynb at that cell "
                    "(`make lab`); nothing of it was kept."
                )
            elif settle:
                settle(job)
            tell(
                f"[{done}/{len(todo)}] {name} {'failed' if message else f'done in {seconds:.1f} s'}"
            )
    if failures:
        raise RunError("\n".join(failures))
    return [job.notebook for job in todo]
