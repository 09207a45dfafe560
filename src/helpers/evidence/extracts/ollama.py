"""Extracts of the Ollama library: how often each model has been pulled in all, on dated pages."""

import json
import re
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, date, schema, text

TIMES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}


def table_in_program(path: Path) -> pd.DataFrame:
    """Keep the counts of a table in a public program, one table a commit.

    Columns date, commit (its first seven digits), model, pulls.
    """
    table = pd.read_csv(path, dtype=str)
    commit = table["locator_url"].str.extract(r"/([0-9a-f]{40})/", expand=False).str[:7]
    return _kept(table.assign(commit=commit), ["date", "commit", "model"])


def month_ends(path: Path) -> pd.DataFrame:
    """Keep the counts of the last day held of each month: columns date, model, pulls."""
    return _kept(pd.read_csv(path, dtype=str), ["date", "model"])


def _kept(table: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    return table.rename(columns={"pulls_cumulative": "pulls"})[[*key, "pulls"]].sort_values(key)


def library(path: Path) -> pd.DataFrame:
    """Keep name and count of every model on one page of the library: columns model, pulls.

    Raises FactcheckError for a page without these fields, and for a model that stands twice.
    """
    rows = json.loads(path.read_text(encoding="utf-8"))
    if missing := {"name", "pullCount"} - set.intersection(*(set(row) for row in rows)):
        raise FactcheckError(f"{path.name}: a model without {', '.join(sorted(missing))}.")
    found = pd.DataFrame(
        {"model": [row["name"] for row in rows], "pulls": [pulls(row["pullCount"]) for row in rows]}
    )
    if found["model"].duplicated().any():
        twice = found.loc[found["model"].duplicated(), "model"].iloc[0]
        raise FactcheckError(f"{path.name}: {twice} stands twice.")
    return found.sort_values("model")


def pulls(shown: str) -> int:
    """Read a count as the page shows it; raises FactcheckError for any other form.

    >>> pulls("12.8M"), pulls("497.1K"), pulls("965")
    (12800000, 497100, 965)
    """
    if not (found := re.fullmatch(r"(\d+)(?:\.(\d))?([KMB]?)", shown.strip().replace(",", ""))):
        raise FactcheckError(f"{shown!r:.40} is not a count as the library shows one.")
    whole, tenth, unit = found.groups()
    return int(whole) * TIMES[unit] + int(tenth or 0) * TIMES[unit] // 10


def publishers(path: Path) -> pd.DataFrame:
    """Keep each model's publisher and region: columns model, publisher, region, kind (lab, emb for
    embeddings, community for fine-tunes by third parties)."""
    table = pd.read_csv(path, dtype=str).rename(columns={"ollama_model": "model"})
    return table[["model", "publisher", "region", "kind"]].sort_values("model")


SCHEMAS = {
    "table_in_program": schema(key=["date", "commit", "model"], date=date(), commit=text(),
        model=text(), pulls=count()),
    "month_ends": schema(key=["date", "model"], date=date(), model=text(), pulls=count()),
    "library": schema(key=["model"], model=text(), pulls=count()),
    "publishers": schema(key=["model"], model=text(), publisher=text(),
        region=text(["china", "us", "eu", "other", "community"]),
        kind=text(["lab", "emb", "community"])),
}  # fmt: skip
