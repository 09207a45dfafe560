"""Large: whole and fractional counts of works by country, from files that no memory holds, on one machine or on several."""

from glob import glob
from pathlib import Path

import pandas as pd

from ..project import FactcheckError
from ..text import nearest
from ..topics.counting import credits
from . import workers

ENGINES = ("pandas", "duckdb", "dask")
MEMORY = "400MB"
READERS = {".parquet": "read_parquet", ".csv": "read_csv"}


class LargeError(FactcheckError):
    """Files that cannot be counted: says which, and why."""


def count(pattern: str, by: str = "year", rule: str = "whole", countries: str = "countries", engine: str = "duckdb",
          scheduler: str | None = None) -> pd.DataFrame:  # fmt: skip
    """Count works by `by` and country under a rule of `counting.credits`; columns `by`, `country`, `credit`, sorted.

    `pattern` names Parquet or CSV files of one row per work, with a column `by` and a column `countries` of codes joined by semicolons.
    Works are first tallied by what these two columns hold, whole numbers, then shared out: every engine gives the same numbers. `pandas`
    reads all rows into memory, `duckdb` none; `dask` lets each worker of a cluster tally some of the files, at the same paths there.
    Raises LargeError for files or columns that are not there, WorkerError for a cluster that is not.
    """
    if engine not in ENGINES:
        raise LargeError(f"Unknown engine {engine!r}: {nearest(engine, ENGINES)}")
    paths, columns = files(pattern), [by, countries]
    if engine == "dask":
        parts = [
            part
            for _, part in workers.each(
                tally, [([path], columns) for path in paths], scheduler=scheduler
            )
        ]
    else:
        parts = [tally(paths, columns, rows=engine == "pandas")]
    return _shared(pd.concat(parts).groupby(columns, dropna=False)["works"].sum(), rule)


def files(pattern: str) -> list[str]:
    """Return the files that a path or a pattern such as works/*.parquet names, sorted; raises LargeError for none, or of another kind."""
    found = sorted(glob(pattern))
    if not found:
        raise LargeError(
            f"No file at {pattern}: give a Parquet or CSV file, or a pattern in quotation marks."
        )
    if odd := [
        path
        for path in found
        if Path(path).suffix.lower() not in READERS or Path(path).suffix != Path(found[0]).suffix
    ]:
        raise LargeError(f"{odd[0]}: give files that are all Parquet or all CSV.")
    return found


def tally(paths: list[str], columns: list[str], rows: bool = False) -> pd.DataFrame:
    """Return how many rows of the files hold each combination of values: `columns` as text, then `works`; works without a country count for none.

    DuckDB groups within its memory bound; with `rows` it hands over every row, and pandas groups.
    """
    try:
        import duckdb
    except ImportError:
        raise LargeError(
            "Counting large files needs DuckDB: `.venv/bin/python -m pip install duckdb`."
        ) from None
    texts = ", ".join(f'"{name}"::VARCHAR AS "{name}"' for name in columns)
    keep = f'FROM works WHERE "{columns[-1]}" IS NOT NULL'
    try:
        with duckdb.connect(config={} if rows else {"memory_limit": MEMORY}) as connection:
            works = getattr(connection, READERS[Path(paths[0]).suffix.lower()])(paths)
            if missing := [name for name in columns if name not in works.columns]:
                raise LargeError(
                    f"{paths[0]} has no column {missing[0]!r}: {nearest(missing[0], works.columns)}"
                )
            if rows:
                return (
                    works.query("works", f"SELECT {texts} {keep}")
                    .df()
                    .groupby(columns, dropna=False)
                    .size()
                    .rename("works")
                    .reset_index()
                )
            return works.query(
                "works", f"SELECT {texts}, count(*) AS works {keep} GROUP BY ALL"
            ).df()
    except duckdb.Error as error:
        raise LargeError(f"{paths[0]} cannot be read: {str(error).splitlines()[0]}") from error


def _shared(tallied: pd.Series, rule: str) -> pd.DataFrame:
    """Share tallied works among their countries; the index holds `by` and the list of countries as text."""
    listed = pd.Series(
        [[code for code in text.split(";") if code] for _, text in tallied.index],
        index=range(len(tallied)),
        dtype=object,
    )
    shares = credits(listed, rule)
    place = shares["work"].to_numpy(dtype=int)
    amounts = shares["credit"].to_numpy() * tallied.to_numpy()[place]
    by, name = tallied.index.get_level_values(0)[place], tallied.index.names[0]
    table = pd.DataFrame({name: by, "country": shares["country"].to_numpy(), "credit": amounts})
    return table.groupby([name, "country"], dropna=False)["credit"].sum().reset_index()
