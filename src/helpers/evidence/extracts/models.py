"""Extracts of Epoch AI's lists of models, whatever the vintage calls its columns."""

from pathlib import Path

import pandas as pd

from ..arrivals import days
from ..schemas import date, number, schema, text
from .epoch import models

FIRST_YEAR = "2023"
LISTED = ("model", "published", "organisations", "countries", "sectors", "criteria")


def _read(path: Path) -> pd.DataFrame:
    table = models(path, *LISTED, optional=("criteria", "sectors"))
    return table.assign(published=days(table["published"], table["model"]))


def _since(table: pd.DataFrame) -> pd.DataFrame:
    dated = table[
        table["published"].str[:4].ge(FIRST_YEAR)
        & table["published"].str.fullmatch(r"\d{4}-\d\d-\d\d")
    ]
    return dated.drop_duplicates(["model", "organisations", "published"]).sort_values(
        ["published", "model", "organisations"]
    )


def notable_models(path: Path) -> pd.DataFrame:
    """Keep the models of a notable or large-scale list published since 2023, one row a model."""
    return _since(_read(path))


def full_table(path: Path) -> pd.DataFrame:
    """Keep the models of a full table published since 2023 that carry a notability criterion."""
    table = _read(path)
    return _since(table[table["criteria"].ne("")])


def printed_counts(path: Path) -> pd.DataFrame:
    """Keep the printed counts of notable models that are plain numbers, with their place in the
    publication.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    numbers = table["value"].str.fullmatch(r"\d+(\.\d+)?") & table["measure"].str.startswith(
        "notable AI models"
    )
    table = table[table["claim_topic"].eq("notable_models") & numbers]
    columns = ["period", "entity", "measure", "value", "source", "locator", "evidence"]
    return table[columns].sort_values(["source", "period", "measure", "entity"])


def report_counts(path: Path) -> pd.DataFrame:
    """Keep the counts of notable models of 2023 to 2025 from a chart file of AI Index 2026.

    Columns year, entity, models.
    """
    table = pd.read_csv(path, dtype=str)
    table.columns = ["year", "models", "entity"]
    return table[table["year"].isin(["2023", "2024", "2025"])][
        ["year", "entity", "models"]
    ].sort_values(["year", "entity"])


MODEL_LIST = schema(
    key=["model", "organisations", "published"], model=text(), published=date(),
    organisations=text(nullable=True),
    countries=text(nullable=True), sectors=text(nullable=True), criteria=text(nullable=True),
)  # fmt: skip
SCHEMAS = {
    "notable_models": MODEL_LIST,
    "large_scale_models": MODEL_LIST,
    "full_table": MODEL_LIST,
    "printed_counts": schema(
        key=["period", "entity", "measure", "source", "locator"], period=text(), entity=text(),
        measure=text(), value=number(least=0),
        source=text(), locator=text(), evidence=text(["primary", "copy", "secondary"]),
    ),
    "report_counts": schema(key=["year", "entity"], year=text(), entity=text(),
        models=number(least=0)),
}  # fmt: skip


def large_scale_models(path: Path) -> pd.DataFrame:
    """Keep the models of a large-scale list (training compute above 1e23 FLOP) published since
    2023.
    """
    return notable_models(path)
