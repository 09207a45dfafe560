"""Columns: what each column of a published table means."""

import tomllib
from functools import cache
from importlib import resources

from ..project import FactcheckError


def meaning(table: str, column: str) -> str:
    """Return what a column means, in its own table where that is said, else under its name.

    Raises FactcheckError where nobody has said it.

    >>> meaning("verdicts", "count"), meaning("cset_years", "count")
    ('Could we count it ourselves?', "How many, of the row's measure")
    """
    said = meanings()
    found = said.get(f"{table}.{column}") or said.get(column)
    if not found:
        raise FactcheckError(
            f"{table}: nobody says what the column {column} means: add it to"
            " src/helpers/reading/columns.toml."
        )
    return found


@cache
def meanings() -> dict[str, str]:
    """Return every meaning, by name of the column or by `table.column`."""
    text = resources.files("helpers.reading").joinpath("columns.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
