"""Runner: execute what is out of date in dependency order, by papermill, and collect the claim records."""

import hashlib
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
from ..evidence import pins
from ..judging import choices
from ..project import FactcheckError, atomic_write
from ..text import nearest
from . import trace, warm, workers

FIRST, LAST = "00_sources", ("90_multiverse", "99_scorecard")
CELL_TIMEOUT = 300
LARGEST_COPY = 20_000_000  # characters of output
LONGEST_REASON = 2000
STARTS = 3  # of a kernel of its own that dies before its first cell
SHOWS = "figures.show("


class RunError(FactcheckError):
    """A notebook that could not be run: names the notebook, the cell and the next step."""


@dataclass(frozen=True)
class Job:
    """One execution: a notebook, its parameters, where the executed copy and its tables go.

    Without `draw` the cells that end in a figure do not run, and tables are not formatted: values, no pictures. With `sharing` a
    forked kernel takes this package as it is imported here, so that its trace names no module.
    """

    notebook: str
    copy: Path
    out: Path
    parameters: dict[str, Any] = field(default_factory=dict)
    timeout: int = field(default_factory=lambda: project.setting("FACTCHECK_TIMEOUT", CELL_TIMEOUT))
    draw: bool = True
    sharing: bool = False


def names() -> list[str]:
    """Return the notebooks of the checkout in reading order."""
    return sorted(path.stem for path in project.notebooks().glob("[0-9][0-9]_*.ipynb"))


def topics() -> list[str]:
    """Return the notebooks that answer claims: all but the first and the last ones."""
    return [name for name in names() if name != FIRST and name not in LAST]


def stages(wanted: Iterable[str]) -> list[list[str]]:
    """Return the wanted notebooks in groups that may run side by side, each after the one before."""
    wanted = set(wanted)
    groups = [[FIRST], topics(), *([name] for name in LAST)]
    return [chosen for group in groups if (chosen := [name for name in group if name in wanted])]


def resolve(given: Iterable[str]) -> list[str]:
    """Return full notebook names for names, numbers or paths; raises RunError with the nearest name."""
    known = names()
    found = []
    for word in given:
        stem = Path(word).stem
        match = [name for name in known if name == stem or name.split("_")[0] == stem]
        if not match:
            raise RunError(f"Unknown notebook {word!r}: {nearest(stem, known)}")
        found += match
    return found or known


def execute(job: Job) -> tuple[str, float, str]:
    """Execute one notebook in a fresh kernel; return its name, the seconds, and a message ("" where all went well).

    In a process forked for this job the kernel runs inside it, elsewhere it is papermill's own. The copy appears at its place only
    when every cell ran.
    """
    import nbformat
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    began = time.monotonic()
    before = dict(os.environ)
    os.environ.update(
        warm.SETTINGS, FACTCHECK_ROOT=str(project.root()), FACTCHECK_OUT=str(job.out), FACTCHECK_TRACE=str(job.out / ".trace"),
        FACTCHECK_DRAW="on" if job.draw else "off",
    )  # fmt: skip
    message, place = "", 0

    def note(cell: Any, cell_index: int) -> None:
        nonlocal place
        place = cell_index + 1
        workers.at(f"cell {place}", job.timeout)

    def failed(cell: Any, cell_index: int, execute_reply: dict) -> None:
        if (
            execute_reply["content"]["ename"] == "MemoryError"
        ):  # a kernel of its own has none left for what papermill asks next
            raise MemoryError

    try:
        shutil.rmtree(job.out, ignore_errors=True)
        job.out.mkdir(parents=True)
        bare = nbformat.read(project.notebooks() / f"{job.notebook}.ipynb", as_version=4)
        for cell in bare.cells:
            cell.update({"outputs": []} if cell.cell_type == "code" else {})
            if not job.draw and SHOWS in cell.source:
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "skip-execution"]
        kernel = (
            {"kernel_manager_class": _inside(job)}
            if workers.forked()
            else {"execution_timeout": job.timeout, "shutdown_kernel": "immediate"}
        )
        for left in reversed(range(STARTS)):
            try:
                executed = papermill.execute_notebook(
                    bare, None, parameters=job.parameters, cwd=project.notebooks(), kernel_name="python3", progress_bar=False,
                    on_cell_execute=note, on_cell_error=failed, **kernel,
                )  # fmt: skip
                break
            except RuntimeError:  # before the first cell: another process took a port that this kernel had been promised
                if place or not left:
                    raise
        if message := _too_large(executed):
            return job.notebook, time.monotonic() - began, message
        atomic_write(job.copy, tidy(executed))
    except papermill.PapermillExecutionError as error:
        message = f"cell {error.cell_index + 1} stopped with {error.ename}: {str(error.evalue).strip()[:LONGEST_REASON]}"
        if error.ename == "CellExecutionError":  # papermill's word where the kernel left none
            message = f"cell {error.cell_index + 1} stopped without a word, as where memory runs out (FACTCHECK_MEMORY allows {workers.memory()} MB)"
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
    finally:
        os.environ.clear()
        os.environ.update(before)
    return job.notebook, time.monotonic() - began, message


def _too_large(notebook: Any) -> str:
    """Name the cell with the most output where all outputs together are beyond what a copy may hold; "" where they are not."""
    sizes = {
        place: len(json.dumps(cell.get("outputs", [])))
        for place, cell in enumerate(notebook.cells, start=1)
    }
    most = max(sizes, key=sizes.__getitem__, default=0)
    if sum(sizes.values()) <= LARGEST_COPY:
        return ""
    return f"cell {most} gives {sizes[most] / 1e6:.0f} MB of output, a notebook may hold {LARGEST_COPY / 1e6:.0f} MB: print or show less"


def _inside(job: Job) -> type:
    from .inside import Manager, Sharing

    return Sharing if job.sharing else Manager


def tidy(notebook: Any) -> str:
    """Return the notebook's text without what varies by machine or day: timings, paths, versions, the pieces in which a cell prints."""
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


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"


def _copy(notebook: str) -> Path:
    return project.build() / "notebooks" / f"{notebook}.ipynb"


def _state(notebook: str) -> Path:
    return project.build() / "state" / f"{notebook}.json"


def stale(notebook: str) -> str:
    """Say why a notebook must run again; "" where its executed copy is up to date."""
    if not _state(notebook).is_file() or not _copy(notebook).is_file():
        return "never run here"
    state = json.loads(_state(notebook).read_text(encoding="utf-8"))
    for kind in ("inputs", "outputs"):
        for name, digest in state[kind].items():
            found = _digest(project.root() / name)
            if found != digest:
                return f"{name} {'is missing' if found == 'missing' else 'changed'}"
    return ""


def _settle(job: Job) -> None:
    """Move the tables a finished notebook wrote into data/processed, and note what it read and wrote."""
    top = project.root()
    read = trace.read(job.out / ".trace", top)
    (job.out / ".trace").unlink(missing_ok=True)
    before = (
        json.loads(_state(job.notebook).read_text(encoding="utf-8"))["outputs"]
        if _state(job.notebook).is_file()
        else {}
    )
    written = {}
    for path in sorted(file for file in job.out.rglob("*") if file.is_file()):
        target = project.processed() / path.relative_to(job.out)
        if _digest(target) != _digest(path):
            atomic_write(target, path.read_bytes())
        written[str(target.relative_to(top))] = _digest(target)
    for name in set(before) - set(written) - {str(job.copy.relative_to(top))}:
        (top / name).unlink(missing_ok=True)
    written[str(job.copy.relative_to(top))] = _digest(job.copy)
    inputs = [project.notebooks() / f"{job.notebook}.ipynb", top / "requirements.lock", *read]
    state = {
        "inputs": {
            str(path.relative_to(top)): _digest(path)
            for path in inputs
            if str(path.relative_to(top)) not in written
        },
        "outputs": written,
    }
    atomic_write(_state(job.notebook), json.dumps(state, indent=1, sort_keys=True))


def run(
    wanted: Iterable[str] = (),
    parameters: dict[str, Any] | None = None,
    jobs: int | None = None,
    force: bool = False,
    tell: Callable[[str], None] = print,
    scheduler: str | None = None,
) -> list[str]:
    """Run what is out of date among the wanted notebooks and what they lean on; return the names that ran.

    With `parameters`, run the wanted notebooks under these choices into copies of their own: data/processed stays as it is.
    Raises RunError naming every notebook that failed, after the others have finished.
    """
    wanted = resolve(wanted)
    if parameters:
        chosen = [(name, choices.check(name, parameters)) for name in wanted]
        ran = run([FIRST], jobs=jobs, tell=tell)
        return ran + run_all(
            [_variant(name, every, parameters) for name, every in chosen],
            jobs,
            tell,
            None,
            scheduler,
        )
    needed = {FIRST, *wanted, *(topics() if set(wanted) & set(LAST) else ())}
    ran: list[str] = []
    for group in stages(needed):
        todo = [
            Job(name, _copy(name), project.build() / "staging" / name)
            for name in group
            if force or stale(name)
        ]
        if not todo:
            continue
        if not ran:
            preflight(force)
        if group[0] in LAST:
            collect(project.build() / "notebooks", project.processed())
        ran += run_all(todo, jobs, tell, _settle, scheduler)
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


def preflight(force: bool) -> None:
    """Read the registry and the contract and, where they changed, hold all source tables against their checksums, before any kernel starts."""
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
    """Execute jobs side by side, those of many cells first, and `settle` each that went well; return their notebooks.

    Raises RunError naming every notebook that failed, after the others have finished.
    """
    failures = []
    longest = sorted(
        todo,
        key=lambda job: (
            job.notebook != FIRST,
            -len(sources_of(project.notebooks() / f"{job.notebook}.ipynb")),
        ),
    )
    with closing(workers.each(execute, [(job,) for job in longest], jobs, scheduler)) as results:
        for done, ((job,), result) in enumerate(results, start=1):
            name, seconds, message = (
                (job.notebook, 0, str(result)) if isinstance(result, workers.Lost) else result
            )
            if message:
                failures.append(
                    f"{name}, {message.rstrip('.')}. Open notebooks/{name}.ipynb at that cell (`make lab`); nothing of it was kept."
                )
            elif settle:
                settle(job)
            tell(
                f"[{done}/{len(todo)}] {name} {'failed' if message else f'done in {seconds:.1f} s'}"
            )
    if failures:
        raise RunError("\n".join(failures))
    return [job.notebook for job in todo]


def records(folder: Path) -> list[dict[str, Any]]:
    """Return the claim records in the outputs of the topic notebooks of a folder, sorted by claim.

    Raises RunError for a claim emitted twice, by another notebook than the registry says, or not at all.
    """
    from ..judging import claims

    found: dict[str, dict[str, Any]] = {}
    for name in topics():
        path = folder / f"{name}.ipynb"
        if not path.is_file():
            raise RunError(f"{name} has no executed copy: run `factcheck run {name}`.")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
        for record in (data[claims.MIME] for data in outputs if claims.MIME in data):
            if record["claim"] in found:
                raise RunError(
                    f"{name} answers {record['claim']} a second time: each claim is answered once."
                )
            if claims.get(record["claim"]).notebook != name:
                raise RunError(
                    f"{name} answers {record['claim']}, which the registry gives to {claims.get(record['claim']).notebook}."
                )
            found[record["claim"]] = record
        if missing := [id_ for id_ in claims.of_notebook(name) if id_ not in found]:
            raise RunError(
                f"{name} does not answer {', '.join(missing)}: end it with claims.answer for each."
            )
    return [found[id_] for id_ in sorted(found)]


def collect(copies: Path, target: Path) -> None:
    """Write answers.json and measurements.csv from the executed copies."""
    from ..judging import records as collected

    answers = records(copies)
    for name, content in {
        "answers.json": collected.to_json(answers),
        "measurements.csv": collected.measurements(answers),
    }.items():
        if _digest(target / name) != hashlib.sha256(content.encode()).hexdigest():
            atomic_write(target / name, content)


def accept(wanted: Iterable[str]) -> list[str]:
    """Copy up-to-date executed notebooks over the committed ones: they become the reference. Pin what they lean on; return the names."""
    accepted = []
    for name in resolve(wanted):
        if not _copy(name).is_file():
            raise RunError(f"{name} has no executed copy: run `factcheck run {name}` first.")
        fresh, kept = sources_of(_copy(name)), sources_of(project.notebooks() / f"{name}.ipynb")
        if fresh != kept:
            raise RunError(
                f"{name} was edited after its last run: run `factcheck run {name}` first."
            )
        atomic_write(project.notebooks() / f"{name}.ipynb", _copy(name).read_bytes())
        if _state(name).is_file():
            state = json.loads(_state(name).read_text(encoding="utf-8"))
            state["inputs"][f"notebooks/{name}.ipynb"] = _digest(_copy(name))
            atomic_write(_state(name), json.dumps(state, indent=1, sort_keys=True))
        accepted.append(name)
    others = [_state(name) for name in set(names()) - set(accepted)]
    waiting = [json.loads(path.read_text(encoding="utf-8")) for path in others if path.is_file()]
    pins.write(but={name for state in waiting for name in state["outputs"]})
    return accepted


def sources_of(path: Path) -> list[str]:
    """Return the text of each cell of a notebook."""
    return [
        "".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
