"""Tables: source tables as published, and the clean tables every notebook reads."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pandas as pd
from pandera.dtypes import is_numeric

from .. import project
from ..text import nearest
from . import extracts, sources, store
from .schemas import Schema, TableError, validate

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")
LARGEST = 1e30  # a thousand times the largest training run, in FLOP
LONGEST = 10_000  # characters of a cell
GAPS = re.compile(r"[-+\d.e /]+")  # numbers alone: nothing that computes
FORMULA = re.compile(r"[=+@-].*[(|!\d]|[\t\r]", re.DOTALL)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffd]")


@dataclass(frozen=True)
class Table:
    """A clean table: what a row is, its schema, and what makes it from source tables."""

    about: str
    schema: Schema
    clean: Callable[[], pd.DataFrame]


@cache
def catalogue() -> dict[str, Table]:
    """Return every clean table by name, from the TABLES of each module in
    helpers.evidence.cleaning."""
    folder = import_module("helpers.evidence.cleaning").__path__
    found: dict[str, Table] = {}
    for topic in sorted(module.name for module in iter_modules(folder)):
        found |= import_module(f"helpers.evidence.cleaning.{topic}").TABLES
    return found


def _read(path: Path, wanted: Schema, next_step: str) -> pd.DataFrame:
    """Read and check a table once for as long as the file stays the same.

    Every caller gets a copy of its own.
    """
    where = (
        str(path.relative_to(project.root())) if path.is_relative_to(project.root()) else path.name
    )
    if not path.is_file():
        raise TableError(f"{where} is missing: {next_step}.")

    def parse(file: Path) -> pd.DataFrame:
        return validate(as_text(file.read_bytes(), wanted), wanted, where)

    try:
        return store.read(path, parse).copy(deep=False)  # pandas copies what a caller writes to
    except (ValueError, UnicodeDecodeError) as error:
        raise TableError(f"{where} is not a readable CSV ({error}): {next_step}.") from error


def as_text(content: bytes, wanted: Schema) -> pd.DataFrame:
    """Return a CSV's cells as text, an empty one as missing.

    Raises ValueError naming row and column where readers differ: other bytes than UTF-8, a byte
    order mark, rows of unequal length, a header that stands twice, control characters, a number
    written in another way than -1.5e3, a text that a spreadsheet would compute.
    """
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except UnicodeDecodeError as error:
        before = content[: error.start].split(b"\n")
        where = f"row {len(before)}, column {before[-1].count(b',') + 1}"
        raise ValueError(f"{where}: a byte that is not UTF-8") from error
    except csv.Error as error:
        raise ValueError(f"a field is too long or not closed: {error}") from error
    header = rows[0] if rows else []
    if len(set(header)) < len(header) or not all(header) or CONTROL.search("".join(header)):
        raise ValueError(f"row 1: {header!r} are not the plain names of different columns")
    for place, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ValueError(
                f"row {place}, column {min(len(row), len(header)) + 1}: {len(row)} cells for"
                f" {len(header)} columns"
            )
    table = pd.read_csv(
        io.BytesIO(content),
        dtype=str,
        keep_default_na=False,
        na_values=[""],
        skip_blank_lines=False,
    )
    for name in header:
        numeric = name in wanted.columns and is_numeric(wanted.columns[name].dtype)
        for cell in table[name].dropna().unique():
            if fault := _fault(cell, numeric):
                raise ValueError(
                    f"row {int((table[name] == cell).argmax()) + 2}, column {name}: {cell[:40]!r}"
                    f" {fault}"
                )
    return table


def _fault(cell: str, numeric: bool) -> str:
    """Say why a cell cannot be taken as it stands; "" where it can."""
    if numeric:
        return (
            ""
            if NUMBER.fullmatch(cell) and abs(float(cell)) < LARGEST
            else f"is not a plain number below {LARGEST:g}"
        )
    if len(cell) > LONGEST:
        return f"has {len(cell)} characters, {LONGEST} are allowed"
    return (
        "holds a control character"
        if CONTROL.search(cell)
        else "reads as a formula"
        if FORMULA.match(cell)
        else ""
    )


def raw(id_: str) -> pd.DataFrame:
    """Return the source table data/raw/<id>.csv, checked by the schema of its extract."""
    source = sources.get(id_)
    step = f"run `factcheck sources rebuild {id_}`, or restore it with git"
    return _read(source.table, extracts.schema(source.extract), step)


def as_source(id_: str, content: bytes) -> pd.DataFrame:
    """Return the bytes of a source table as `raw` would read them; raises what it would."""
    wanted, where = extracts.schema(sources.get(id_).extract), f"data/raw/{id_}.csv"
    try:
        return validate(as_text(content, wanted), wanted, where)
    except ValueError as error:
        raise TableError(
            f"{where} would not be a readable CSV ({error}): mend its extract."
        ) from error


def raw_editions(extract: str) -> pd.DataFrame:
    """Return the source tables of every edition that one extract function made, stacked, with a
    column `vintage`."""
    editions = sources.of_extract(extract)
    return pd.concat(
        [raw(source.id).assign(vintage=source.edition) for source in editions], ignore_index=True
    )


def load(name: str) -> pd.DataFrame:
    """Return the clean table data/processed/<name>.csv, checked by its schema.

    Raises TableError with the nearest name for an unknown table.
    """
    if name not in catalogue():
        raise TableError(f"Unknown table {name!r}: {nearest(name, catalogue())}")
    return _read(
        project.processed() / f"{name}.csv",
        catalogue()[name].schema,
        "run `factcheck run 00_sources`",
    )


def clean(name: str) -> pd.DataFrame:
    """Make a clean table from its source tables, sorted by its key, without writing it."""
    table = catalogue()[name]
    made = table.clean()
    key = list(table.schema.unique)
    return validate(
        made.sort_values(key, kind="stable", ignore_index=True), table.schema, f"clean table {name}"
    )


def write(name: str, table: pd.DataFrame) -> Path:
    """Write a clean table as data/processed/<name>.csv with fixed digits; return its path."""
    return project.atomic_write(project.out() / f"{name}.csv", to_csv(table))


def to_csv(table: pd.DataFrame) -> str:
    """Return the CSV text of a table: UTF-8, `\\n` line ends, eight significant digits.

    Raises TableError for a text that a spreadsheet would compute.
    """
    for name, column in table.select_dtypes(exclude="number").items():
        for cell in column.dropna().unique():
            if isinstance(cell, str) and FORMULA.match(cell) and not GAPS.fullmatch(cell):
                raise TableError(f"column {name}: {cell[:40]!r} reads as a formula: reword it.")
    return table.to_csv(index=False, lineterminator="\n", float_format="%.8g")
