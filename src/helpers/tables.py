"""Tables: source tables as published, and the clean tables every notebook reads."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pandas as pd

from . import project, sources, store
from .schemas import Schema, TableError, validate
from .text import nearest


@dataclass(frozen=True)
class Table:
    """A clean table: what a row is, its schema, and the function that makes it from source tables."""

    about: str
    schema: Schema
    clean: Callable[[], pd.DataFrame]


@cache
def catalogue() -> dict[str, Table]:
    """Return every clean table by name, from the TABLES of each module in helpers.cleaning."""
    folder = import_module("helpers.cleaning").__path__
    found = {}
    for topic in sorted(module.name for module in iter_modules(folder)):
        found |= import_module(f"helpers.cleaning.{topic}").TABLES
    return found


def _read(path: Path, wanted: Schema, next_step: str) -> pd.DataFrame:
    """Read and check a table once for as long as the file stays the same; every caller gets a copy of its own."""
    where = str(path.relative_to(project.root())) if path.is_relative_to(project.root()) else path.name
    if not path.is_file():
        raise TableError(f"{where} is missing: {next_step}.")

    def parse(file: Path) -> pd.DataFrame:
        return validate(pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""]), wanted, where)

    try:
        return store.read(path, parse).copy(deep=False)  # pandas copies what a caller writes to
    except (ValueError, UnicodeDecodeError) as error:
        raise TableError(f"{where} is not a readable CSV ({error}): {next_step}.") from error


def raw(id_: str) -> pd.DataFrame:
    """Return the source table data/raw/<id>.csv, checked by the schema beside its extract function."""
    source = sources.get(id_)
    module, function = source.extract.split(".")
    wanted = import_module(f"helpers.extracts.{module}").SCHEMAS[function]
    return _read(source.table, wanted, "restore it with git")


def raw_editions(extract: str) -> pd.DataFrame:
    """Return the source tables of every edition that one extract function made, stacked, with a column `vintage`."""
    editions = sources.of_extract(extract)
    return pd.concat([raw(source.id).assign(vintage=source.edition) for source in editions], ignore_index=True)


def load(name: str) -> pd.DataFrame:
    """Return the clean table data/processed/<name>.csv, checked by its schema.

    Raises TableError with the nearest name for an unknown table.
    """
    if name not in catalogue():
        raise TableError(f"Unknown table {name!r}: {nearest(name, catalogue())}")
    return _read(project.processed() / f"{name}.csv", catalogue()[name].schema, "run `factcheck run 00_sources`")


def clean(name: str) -> pd.DataFrame:
    """Make a clean table from its source tables, sorted by its key, without writing it."""
    table = catalogue()[name]
    made = table.clean()
    key = list(table.schema.unique)
    return validate(made.sort_values(key, kind="stable", ignore_index=True), table.schema, f"clean table {name}")


def write(name: str, table: pd.DataFrame) -> Path:
    """Write a clean table as data/processed/<name>.csv with fixed digits; return its path."""
    return project.atomic_write(project.out() / f"{name}.csv", to_csv(table))


def to_csv(table: pd.DataFrame) -> str:
    """Return the CSV text of a table: UTF-8, `\\n` line ends, eight significant digits."""
    return table.to_csv(index=False, lineterminator="\n", float_format="%.8g")
