"""The book: the notebooks as they were run, the reading guide and the data dictionary, as pages
made by Sphinx."""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .. import project
from ..judging import claims, multiverse, outcomes, scorecard
from ..project import FactcheckError
from ..text import NEAR
from . import claim_page, dictionary, plates

ADDRESS = (  # where the repository can be read, such as https://github.com/owner/name
    "FACTCHECK_ADDRESS"
)
SHOWN = (
    "image/jpeg", "image/png", "image/svg+xml", "text/html", "text/latex", "text/markdown",
    "text/plain",
)  # fmt: skip
FOLDED = ("figures.show(", "claims.answer(")  # calls of cells whose code is folded away
MARK = "searchindex.js"  # what every built book holds


class BookError(FactcheckError):
    """A book that Sphinx could not build."""


def build(folder: Path) -> None:
    """Write the book as static pages into `folder`, replacing an earlier one.

    Nothing is executed and nothing fetched.

    Raises BookError with Sphinx's own words, also for its warnings, and for a folder that holds
    something else.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise BookError(
            f"{folder} holds something other than a book: give an empty or a new folder."
        )
    if find_spec("sphinx") is None:
        raise BookError("The site is built by Sphinx, which is not installed: `make site` does it.")
    source, made = assemble(project.build() / "book-src"), project.build() / "book-new"
    shutil.rmtree(made, ignore_errors=True)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-E",
        "-j",
        "2",
        "-d",
        project.build() / "book-doctrees",
        source,
        made,
    ]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise BookError(
            f"Sphinx did not build the book from {source}:\n{done.stderr[-2000:].strip()}\nMend the"
            " page that it names."
        )
    for path in (
        made / ".buildinfo",
        *made.rglob("*.map"),
        *made.rglob("*-macros.html"),
    ):  # nothing that a reader loads
        path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(made, folder)


def assemble(folder: Path) -> Path:
    """Copy docs and notebooks into `folder`, the notebooks made readable as pages, and write the
    data dictionary; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.root() / "docs", folder)
    masthead = resources.files("helpers.reading").joinpath("templates", "masthead.html")
    (folder / "_templates" / "masthead.html").write_text(masthead.read_text(encoding="utf-8"))
    shutil.copytree(
        project.notebooks(), folder / "notebooks", ignore=shutil.ignore_patterns("*.toml", ".*")
    )
    for path in folder.rglob("*.ipynb"):
        notebook = as_page(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "data.md").write_text(dictionary.write(), encoding="utf-8")
    for name in ("index.md", "guide.md"):
        (folder / name).write_text(
            _filled((folder / name).read_text(encoding="utf-8"), folder), encoding="utf-8"
        )
    return folder


def as_page(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook with links to the pages of its claims, figures with their
    alternative text, and tables in plain HTML."""
    page = json.loads(json.dumps(notebook))
    known = _drawn()
    for cell in page["cells"]:
        if any(call in "".join(cell["source"]) for call in FOLDED):
            cell["metadata"].setdefault("tags", []).append("hide-input")
        if cell["cell_type"] == "markdown":
            cell["source"] = _linked("".join(cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(claims.MIME, None)  # the same record stands beside it as HTML
            _plain(data)
            if "image/svg+xml" in data:
                drawn = "".join(data.pop("image/svg+xml"))
                if figure := claim_page.figure(known.get(drawn, "")):
                    data["text/html"] = plates.plate(figure, "../../")
                else:
                    data["image/svg+xml"] = plates.themed(drawn)
                    cell["metadata"]["mystnb"] = {"image": {"alt": "".join(data["text/plain"])}}
            if "text/html" in data:
                html = re.sub(
                    r"<style scoped>.*?</style>\n?", "", "".join(data["text/html"]), flags=re.DOTALL
                )
                data["text/html"] = re.sub(
                    r' (?:border|valign|halign)="\w+"', "", html.replace("<th></th>", "<td></td>")
                )
    return page


def _drawn() -> dict[str, str]:
    """Return the name of each committed figure by its drawing."""
    paths = (project.processed() / "figures").glob("*.svg")
    return {path.read_text(encoding="utf-8"): path.stem for path in paths}


def _plain(data: dict[str, Any]) -> None:
    """Leave of an output what a page without scripts can show; its text stands in for the rest."""
    if not data:
        return
    scripted = re.search(
        r"<(script|iframe|object|embed)\b", "".join(data.get("text/html", "")), re.I
    )
    for kind in list(data):
        if kind not in SHOWN or (kind == "text/html" and scripted):
            del data[kind]
    data.setdefault("text/plain", "An output that only a running notebook can show.")


def _linked(text: str) -> str:
    """Link the ids of claims to their pages, and keep the line breaks before bold words."""

    def link(match: re.Match) -> str:
        return (
            f'<a href="../../claims/{match[1]}.html"><code>{match[1]}</code></a>'
            if match[1] in claims.load()
            else match[0]
        )

    return re.sub(r"`([a-z0-9-]+)`", link, re.sub(r"(?<=\S)\n(?=\*\*)", r"\\\n", text))


def _filled(text: str, folder: Path) -> str:
    """Fill in what code knows: how many claims have an answer, the rule of outcomes, its
    thresholds, and where a file can be read."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    found = scorecard.load()

    def count(field: str, word: str) -> int:
        return int(found[field].str.replace(r"( \(.*\)|:.*)$", "", regex=True).eq(word).sum())

    rule = (inspect.getdoc(outcomes.outcome) or "").partition("\n\n")[2]
    filled = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    ).from_string(text)
    return filled.render(
        count=count,
        rule=rule,
        file=file,
        near=f"{NEAR:.0%}",
        enough=outcomes.ENOUGH,
        margin=multiverse.MARGIN,
        example=(folder / "example" / "index.md").is_file(),
    )


def file(path: str) -> str:
    """Return a file of the repository in Markdown: its path, linked where `FACTCHECK_ADDRESS` names
    the repository.

    >>> file("src/helpers/text.py")
    '`src/helpers/text.py`'
    """
    address = os.environ.get(ADDRESS, "").rstrip("/")
    return f"[`{path}`]({address}/blob/main/{path})" if address else f"`{path}`"
