"""Schemas: what a table must hold, in pandera's words, and one readable message if not."""

from functools import cached_property

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from ..project import FactcheckError


class TableError(FactcheckError):
    """A table that breaks its schema: names the file, the row and the next step."""


class Schema:
    """Columns by name, in order, and the key in which rows are unique.

    Pandera's own schema is made when a table is first checked.
    """

    def __init__(self, key: list[str], columns: dict[str, pa.Column]) -> None:
        """Keep both."""
        self.unique, self.columns = key, columns

    @cached_property
    def checked(self) -> pa.DataFrameSchema:
        """The strict, ordered schema."""
        return pa.DataFrameSchema(
            self.columns, unique=self.unique, strict=True, ordered=True, coerce=True
        )


def schema(key: list[str], **columns: pa.Column) -> Schema:
    """Return a schema of these columns, whose rows are unique in `key`."""
    return Schema(key, columns)


def text(
    allowed: list[str] | None = None, nullable: bool = False, matches: str | None = None
) -> pa.Column:
    """A text column, one of `allowed` or matching a pattern where given."""
    checks = [pa.Check.isin(allowed)] if allowed else []
    checks += [pa.Check.str_matches(matches)] if matches else []
    return pa.Column(str, checks, nullable=nullable)


def date(nullable: bool = False) -> pa.Column:
    """An ISO date as text, YYYY-MM-DD."""
    return text(nullable=nullable, matches=r"^\d{4}-\d\d-\d\d$")


def year(first: int = 1950, last: int = 2026) -> pa.Column:
    """A calendar year."""
    return pa.Column(int, pa.Check.in_range(first, last))


def count(nullable: bool = False) -> pa.Column:
    """A whole number, zero or more."""
    return pa.Column("Int64" if nullable else int, pa.Check.ge(0), nullable=nullable)


def share(nullable: bool = False) -> pa.Column:
    """Per cent, 0 to 100."""
    return pa.Column(float, pa.Check.in_range(0, 100), nullable=nullable)


def number(least: float | None = None, nullable: bool = False) -> pa.Column:
    """A finite number, not below `least` where given."""
    checks = [pa.Check(lambda value: value.abs() < float("inf"), name="finite")]
    checks += [pa.Check.ge(least)] if least is not None else []
    return pa.Column(float, checks, nullable=nullable)


def flag() -> pa.Column:
    """True or False."""
    return text(["True", "False"])


def validate(table: pd.DataFrame, wanted: Schema, where: str) -> pd.DataFrame:
    """Return `table` with the schema's types, or raise TableError naming `where`, row and column of
    the first fault.

    Row numbers count the header as row 1, as a spreadsheet and a text editor show them.
    """
    try:
        return wanted.checked.validate(table, lazy=True)
    except SchemaErrors as error:
        faults = error.failure_cases
    # A value of the wrong type also upsets every later check of its column: name the value itself.
    faults = (
        faults[faults["check"].str.startswith("coerce_dtype")]
        if faults["check"].str.startswith("coerce_dtype").any()
        else faults
    )
    first = faults.sort_values("index", na_position="first", kind="stable").iloc[0]
    more = f" ({len(faults)} faults in all)" if len(faults) > 1 else ""
    if pd.isna(first["index"]):
        what = f"{first['check']}: {first['failure_case']}"
    else:
        what = (
            f"row {int(first['index']) + 2}, column {first['column']}: {first['failure_case']!r}"
            f" fails {first['check']}"
        )
    raise TableError(
        f"{where}: {what}{more}. Restore the file with git, or rebuild it with `factcheck sources"
        " rebuild`."
    ) from None
