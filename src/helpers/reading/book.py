"""The book: the notebooks as they were run, the reading guide and the data dictionary, as pages made by Sphinx."""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .. import project
from ..evidence import sources, tables
from ..judging import claims, scorecard, verdicts
from ..project import FactcheckError
from ..text import in_markdown

ADDRESS = (
    "FACTCHECK_ADDRESS"  # where the repository can be read, such as https://github.com/owner/name
)
MARK = "searchindex.js"  # what every built book holds
DATE = r"^\d{4}-\d\d-\d\d$"


class BookError(FactcheckError):
    """A book that Sphinx could not build."""


def build(folder: Path) -> None:
    """Write the book as static pages into `folder`, replacing an earlier one; nothing is executed and nothing fetched.

    Raises BookError with Sphinx's own words, also for its warnings, and for a folder that holds something else.
    """
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise BookError(
            f"{folder} holds something other than a book: give an empty or a new folder."
        )
    if find_spec("sphinx") is None:
        raise BookError("The site is built by Sphinx, which is not installed: `make site` does it.")
    source, made = assemble(project.build() / "book-src"), project.build() / "book-new"
    shutil.rmtree(made, ignore_errors=True)
    command = [
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
            f"Sphinx did not build the book from {source}:\n{done.stderr[-2000:].strip()}\nMend the page that it names."
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
    """Copy docs and notebooks into `folder`, the notebooks made readable as pages, and write the data dictionary; return it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project.root() / "docs", folder)
    shutil.copytree(
        project.notebooks(), folder / "notebooks", ignore=shutil.ignore_patterns("*.toml", ".*")
    )
    for path in folder.rglob("*.ipynb"):
        notebook = as_page(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "data.md").write_text(dictionary(), encoding="utf-8")
    for name in ("index.md", "guide.md"):
        (folder / name).write_text(
            _filled((folder / name).read_text(encoding="utf-8"), folder), encoding="utf-8"
        )
    return folder


def as_page(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a notebook with links to the pages of its claims, figures with their alternative text, and tables in plain HTML."""
    page = json.loads(json.dumps(notebook))
    for cell in page["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _linked("".join(cell["source"]))
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            data.pop(claims.MIME, None)  # the same record stands beside it as HTML
            if "image/svg+xml" in data:
                cell["metadata"]["mystnb"] = {"image": {"alt": "".join(data["text/plain"])}}
            if "text/html" in data:
                html = re.sub(
                    r"<style scoped>.*?</style>\n?", "", "".join(data["text/html"]), flags=re.DOTALL
                )
                data["text/html"] = re.sub(
                    r' (?:border|valign|halign)="\w+"', "", html.replace("<th></th>", "<td></td>")
                )
    return page


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
    """Fill in what code knows: how many claims have an answer, the rule of verdicts, its thresholds in words, and where a file can be read."""
    from jinja2 import Environment, StrictUndefined

    found = scorecard.load()

    def count(field: str, word: str) -> int:
        return int(found[field].str.replace(r" \(.*\)$", "", regex=True).eq(word).sum())

    parts = {
        name: verdicts.in_words(getattr(verdicts, name))
        for name in ("NEAR", "ROBUST", "NOT_ROBUST", "WEAKER")
    }
    rule = inspect.getdoc(verdicts.decide).partition("\n\n")[2]
    filled = Environment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    ).from_string(text)
    return filled.render(
        count=count,
        rule=rule,
        file=file,
        **parts,
        example=(folder / "example" / "index.md").is_file(),
    )


def file(path: str) -> str:
    """Return a file of the repository in Markdown: its path, linked where `FACTCHECK_ADDRESS` names the repository.

    >>> file("src/helpers/verdicts.py")
    '`src/helpers/verdicts.py`'
    """
    address = os.environ.get(ADDRESS, "").rstrip("/")
    return f"[`{path}`]({address}/blob/main/{path})" if address else f"`{path}`"


def dictionary() -> str:
    """Return the data dictionary in Markdown: every clean table with its columns, then every source with its provenance."""
    lines = [
        "# Data dictionary",
        "",
        "Made from the schemas that check every table, and from the provenance of every source.",
        "",
        "## Tables",
        "",
    ]
    lines += [
        "Each is `data/processed/NAME.csv`: UTF-8, sorted by its key, a row unique in it. An empty cell is a missing value.",
        "",
    ]
    for name, table in sorted(tables.catalogue().items()):
        lines += [
            f"### {name}",
            "",
            table.about,
            "",
            "Key: " + ", ".join(f"`{column}`" for column in table.schema.unique) + ".",
            "",
        ]
        lines += _table(
            ["column", "type", "allowed", "may be missing"], columns(table.schema.columns)
        )
    lines += [
        "## Sources",
        "",
        "Each is an extract of facts in `data/raw`, made from the file at the pinned address with this SHA-256.",
        "",
    ]
    head = ["table", "publisher and title", "edition", "licence", "grade", "address and checksum"]
    return (
        "\n".join(lines + _table(head, [_provenance(source) for source in sources.load().values()]))
        + "\n"
    )


def columns(schema: dict[str, Any]) -> list[list[str]]:
    """Return a row per column of a schema (name to pandera column): its name, type, allowed values, and whether it may be missing, in words."""
    kinds = {"string": "text", "float": "number", "int": "whole number"}
    rows = []
    for name, column in schema.items():
        kind = next(
            (word for start, word in kinds.items() if str(column.dtype).lower().startswith(start)),
            str(column.dtype),
        )
        allowed = [
            text for check in column.checks if (text := _allowed(check.name, check.statistics))
        ]
        kind = "date" if "YYYY-MM-DD" in allowed else kind
        rows.append([f"`{name}`", kind, "; ".join(allowed), "yes" if column.nullable else ""])
    return rows


def _allowed(check: str, given: dict[str, Any]) -> str:
    """Say in words what a check allows; a check that only asks for finite numbers says nothing."""
    match check:
        case "isin":
            return ", ".join(map(str, given["allowed_values"]))
        case "in_range":
            return f"{given['min_value']} to {given['max_value']}"
        case "greater_than_or_equal_to":
            return f"{given['min_value']} or more"
        case "str_matches":
            return "YYYY-MM-DD" if given["pattern"] == DATE else f"matching `{given['pattern']}`"
    return ""


def _provenance(source: sources.Source) -> list[str]:
    place = (
        f"[published file]({source.url})" + (f", in it `{source.member}`" if source.member else "")
        if source.url
        else "our own transcription"
    )
    what, edition, licence = map(
        in_markdown, (f"{source.publisher}: {source.title}", source.edition, source.licence)
    )
    return [
        f'<span id="{source.id}">`{source.id}`</span>',
        what,
        edition,
        licence,
        source.evidence,
        f"{place}, `{source.sha256}`",
    ]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    cells = [
        [re.sub(r"(?<!\\)\|", r"\|", cell) for cell in row]
        for row in [head, ["---"] * len(head), *rows]
    ]
    return [*("| " + " | ".join(row) + " |" for row in cells), ""]
