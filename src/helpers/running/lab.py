"""Lab: the notebooks in JupyterLab, their figures shown before anything is run, and saved without
what varies by machine.

An extension of Jupyter's server, which the environment's own configuration turns on. It concerns
this checkout alone: a server of another folder is left as it is.
"""

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat.sign import NotebookNotary

from .. import project
from . import execution, runner

WIDGET = "application/vnd.jupyter.widget-view+json"
LIVE = {WIDGET, "application/javascript"}  # of a panel, and of no use to a reader
SIGNED = "trust"  # in build: the signatures of what was trusted, and nothing in anybody's home


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "helpers.running.lab"}]


def _load_jupyter_server_extension(app: Any) -> None:
    if Path(app.root_dir).resolve().is_relative_to(project.root()):
        app.contents_manager.notary = notary()
        app.contents_manager.register_pre_save_hook(save)


def notary() -> NotebookNotary:
    """Return a notary that trusts the notebooks of the checkout as they are now."""
    folder = project.build() / SIGNED
    folder.mkdir(parents=True, exist_ok=True)
    found = NotebookNotary(data_dir=str(folder))
    for name in runner.names():
        path = project.notebooks() / f"{name}.ipynb"
        found.sign(nbformat.read(path, as_version=4))
    return found


def save(model: dict[str, Any], path: str, contents_manager: Any, **_: Any) -> None:
    """Before a notebook of the checkout is saved, leave out what a run by the runner would not
    keep: the panel's controls, and the kernel's and the machine's names."""
    place = Path(contents_manager.root_dir, path.strip("/")).resolve()
    if model["type"] == "notebook" and place.parent == project.notebooks():
        model["content"] = tidied(model["content"])


def tidied(content: dict[str, Any]) -> Any:
    """Return a notebook's content as the runner writes it; whether a cell is trusted stays noted.

    Cells that were run in one go, as "Run All Cells" does, count from 1, however often that was.
    """
    notebook = nbformat.reads(json.dumps(content), as_version=4)  # joins what is kept as lines
    trusted = [cell["metadata"].get("trusted") for cell in content["cells"]]
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    counts = [cell.execution_count or 0 for cell in code]
    before = counts[0] - 1 if counts and counts[0] else 0
    in_one_go = counts == [before + place for place in range(1, len(code) + 1)]
    for cell in code:
        cell.outputs = [each for each in cell.outputs if not LIVE & set(each.get("data", {}))]
        for each in (cell, *cell.outputs) if in_one_go else ():
            if each.get("execution_count"):
                each.execution_count -= before
    kept = nbformat.reads(execution.tidy(notebook), as_version=4)
    for cell, word in zip(kept.cells, trusted, strict=True):
        if word is not None:
            cell.metadata["trusted"] = word
    return kept
