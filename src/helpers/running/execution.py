"""Execution: one notebook, run by papermill in a fresh kernel, and its copy or what went wrong."""

import json
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import project
from ..project import atomic_write
from . import limits, warm, workers
from .limits import LARGEST_COPY

CELL_TIMEOUT = 300
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
                f"(FACTCHECK_MEMORY allows {limits.memory()} MB)"
            )
        if any(f"[Errno {number}]" in message for number in project.ROOM):
            message += f": {project.NEXT_STEP}"
    except MemoryError:
        message = (
            f"cell {place} needs more memory than FACTCHECK_MEMORY allows ({limits.memory()} MB)"
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
