"""Extracts on the most cited papers: counts by country only."""

import re
from pathlib import Path

import pandas as pd

from ..places import iso3
from ..schemas import count, schema, text, year


def country_sets(path: Path) -> pd.DataFrame:
    """Count the papers of each combination of countries.

    Columns year, countries (sorted ISO codes, `;`), papers.

    The year is read from the file's name. A paper without a country counts under the empty
    combination `-`.
    """
    listed = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)["Country"]
    return _sets(listed, ",", path)


def arxiv_country_sets(path: Path) -> pd.DataFrame:
    """Count the papers of each combination of countries in a list of most cited arXiv papers.

    Columns as in `country_sets`. The countries are our coding of the named organisations, by
    headquarters.
    """
    listed = pd.read_csv(path, dtype=str, keep_default_na=False)["countries_by_headquarters"]
    return _sets(listed, ";", path)


def _sets(listed: pd.Series, between: str, path: Path) -> pd.DataFrame:
    sets = listed.map(
        lambda names: (
            ";".join(sorted({iso3(name) for name in names.split(between) if name.strip()})) or "-"
        )
    )
    table = sets.value_counts().rename_axis("countries").rename("papers").reset_index()
    found = re.findall(r"20\d\d", path.name)
    return table.assign(year=found[0])[["year", "countries", "papers"]].sort_values("countries")


SETS = schema(key=["year", "countries"], year=year(), countries=text(), papers=count())
SCHEMAS = {"country_sets": SETS, "arxiv_country_sets": SETS}
