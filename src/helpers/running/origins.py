"""Origins: of what each notebook's rows in the sweep's table were made, pinned beside it, and
whether they are still true."""

import ast
import csv
import hashlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from .. import project
from ..evidence import tables
from ..judging import choices, claims, records
from ..judging.multiverse import TABLE
from ..project import atomic_write
from . import books, state

FILE = "data/origins.csv"
CODE = Path(__file__).resolve().parents[3]
OWN = ("cells", "choices", "claims")
ASKED = ("entity", "period", "printed", "unit", "measure", "holds_when", "tolerance", "readings")
LOOK = "src/helpers/figures/"  # moves no value
KEY = ["claim", "choices", "entity", "period"]


def place(name: str) -> Path:
    """Return a file of the checkout; a module lies where it is imported from."""
    return (CODE if name.startswith("src/") else project.root()) / name


def digest(notebook: str, what: str) -> str:
    """Return the SHA-256 of what bears on a notebook's values: its own code, choices or claims, a
    module without its prose, a table."""
    if what == "cells":
        text = json.dumps(_code(notebook))
    elif what == "choices":
        allowed = {
            name: [entry["default"], entry["claims"], list(map(repr, entry["values"]))]
            for name, entry in choices.load().get(notebook, {}).items()
        }
        rules = [
            {name: value for name, value in rule.items() if name != "because"}
            for rule in choices.impossible(notebook)
        ]
        text = json.dumps([allowed, rules], sort_keys=True)
    elif what == "claims":
        own = [claims.get(id_) for id_ in claims.of_notebook(notebook)]
        text = json.dumps([[claim.id, *(getattr(claim, name) for name in ASKED)] for claim in own])
    else:
        path = place(what)
        if path.suffix != ".py" or not path.is_file():
            return state.digest(path)
        found = path.stat()
        return _code_of(path, (found.st_ino, found.st_mtime_ns, found.st_size))
    return hashlib.sha256(text.encode()).hexdigest()


def _code(notebook: str) -> list[str]:
    """Return a notebook's code cells but the one of its parameters, which a sweep sets: as they are
    parsed, for spaces and comments move no value."""
    cells = books.read(project.notebooks() / f"{notebook}.ipynb")["cells"]
    return [
        _parsed("".join(cell["source"]))
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]


def _parsed(source: str) -> str:
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:  # a magic
        return source


@cache
def _code_of(path: Path, stamp: tuple[int, int, int]) -> str:
    """Return the digest of a module's code: comments and docstrings move no value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            continue
        if ast.get_docstring(node, clean=False) is not None:
            node.body[0] = ast.Pass()
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def pinned() -> list[dict[str, str]]:
    """Return the rows of data/origins.csv: notebook, what, sha256."""
    path = project.root() / FILE
    if not path.is_file():
        return []
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def write(read: dict[str, set[str]]) -> None:
    """Pin what the rows of some notebooks were made of; `read` maps each to the files its runs have
    read.

    The others keep theirs.
    """
    rows = [
        row for row in pinned() if row["notebook"] not in read and row["notebook"] in books.names()
    ]
    for name, paths in read.items():
        files = {
            path
            for path in paths
            if path.startswith(("src/helpers/", "data/processed/"))
            and path.endswith((".py", ".csv"))
            and not path.startswith(LOOK)
        }
        rows += [
            {"notebook": name, "what": what, "sha256": digest(name, what)}
            for what in (*OWN, *sorted(files - {f"data/processed/{TABLE}"}))
        ]
    rows.sort(key=lambda row: (row["notebook"], row["what"]))
    table = pd.DataFrame(rows, columns=["notebook", "what", "sha256"])
    if (content := tables.to_csv(table)) != _text():
        atomic_write(project.root() / FILE, content)


def _text() -> str:
    path = project.root() / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def problems() -> list[str]:
    """Return one message per notebook whose rows in the table are of other code, choices, claims,
    modules or tables, or say another `holds`."""
    found = []
    known = pinned()
    for name in sorted(set(choices.load()) & set(books.topics())):
        own = [row for row in known if row["notebook"] == name]
        moved = [row["what"] for row in own if digest(name, row["what"]) != row["sha256"]]
        if moved or not own:
            why = f"{', '.join(moved[:3])} changed since" if own else f"{FILE} does not say of what"
            found.append(
                f"data/processed/{TABLE}: the rows of {name} are old, {why}: run `factcheck sweep "
                f"{name[:2]}`"
            )
    return found + _held()


def table() -> pd.DataFrame:
    """Return the sweep's table, every cell as the text that it is."""
    return pd.read_csv(project.processed() / TABLE, dtype=str, keep_default_na=False)


def _held() -> list[str]:
    """Return one message per claim with a row whose `holds` is not what its condition gives for its
    values."""
    if not (project.processed() / TABLE).is_file():
        return []
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    said: dict[tuple[str, str], set[str]] = {}
    with (project.processed() / TABLE).open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            key = (row["claim"], row["choices"])
            value = tuple(
                float(row[name]) if row[name] else None for name in ("value", "low", "high")
            )
            place = f"{row['entity']}@{row['period']}"
            rows.setdefault(key, {})[place] = value if value[1] is not None else value[0]
            said.setdefault(key, set()).add(row["holds"])
    answers: dict[Any, bool | None] = {}
    odd: dict[str, str] = {}
    for (id_, chosen), values in rows.items():
        same = (id_, *values.items())  # many choices give the same values
        if same not in answers:
            answers[same] = claims.holds(claims.get(id_), values)
        if said[id_, chosen] != {"" if answers[same] is None else str(answers[same])}:
            odd.setdefault(id_, chosen)
    return [
        f"data/processed/{TABLE}: {id_} under {chosen} says another `holds` than its values give: "
        f"run `factcheck sweep {claims.get(id_).notebook[:2]}`"
        for id_, chosen in odd.items()
    ]


def written(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows as text, as the table holds them."""
    numbers = dict.fromkeys(("value", "low", "high"), float)  # whole or not, written alike
    table = table.astype({"period": str} | numbers).drop_duplicates(KEY)
    return pd.read_csv(io.StringIO(tables.to_csv(table)), dtype=str, keep_default_na=False)


def merged(rows: list[dict[str, Any]], names: list[str]) -> str:
    """Return the table's text with the rows of some notebooks made anew; those of the others stay
    as they are, byte by byte."""
    fresh = written(pd.DataFrame(rows, columns=records.MEASUREMENTS))
    if (project.processed() / TABLE).is_file():
        before = table()
        known = [name for name in books.topics() if name not in names]
        fresh = pd.concat([fresh, before[before["notebook"].isin(known)]])
    return tables.to_csv(fresh.sort_values(KEY, kind="stable"))
