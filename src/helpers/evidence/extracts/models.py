"""Extracts of Epoch AI's lists of models, whatever the vintage calls its columns."""

from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..arrivals import days
from ..schemas import count, date, number, schema, text
from .epoch import models

FIRST_YEAR = "2023"
DAY = r"\d{4}-\d\d-\d\d"
SHARED = (
    "model", "published", "organisations", "countries", "sectors", "accessibility", "training_code",
)  # fmt: skip
FIGURES = {
    "1.3.1": "country", "1.3.5": "sector", "1.3.6": "organisation",
    "1.3.7": "organisation, ten years", "1.3.8": "year", "1.3.8/1.3.9": "access",
    "1.3.10": "training_code",
}  # fmt: skip
LISTED = ("model", "published", "organisations", "countries", "sectors", "criteria")


def _read(path: Path) -> pd.DataFrame:
    table = models(path, *LISTED, optional=("criteria", "sectors"))
    return table.assign(published=days(table["published"], table["model"]))


def _since(table: pd.DataFrame) -> pd.DataFrame:
    dated = table[table["published"].str[:4].ge(FIRST_YEAR) & table["published"].str.fullmatch(DAY)]
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


def notable_access(path: Path) -> pd.DataFrame:
    """Keep the models of a notable list published since 2014, with who may use model and code.

    Columns model, published, organisations, countries, sectors, accessibility, training_code.
    Raises FactcheckError where a model has no full date.
    """
    table = models(path, *SHARED)
    if undated := list(table.loc[~table["published"].str.fullmatch(DAY), "model"]):
        raise FactcheckError(
            f"{path.name}: {undated[0]} has no full date. Decide how to date it before extracting."
        )
    return table[table["published"].ge("2014")].sort_values(["published", "model"])


def section_1_3(path: Path) -> pd.DataFrame:
    """Keep every printed count of section 1.3 of the AI Index Report 2025, in groups.

    Columns group, item, printed, locator, evidence. A year total is told by its item from the
    access types of the same figure.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["group"] = table["figure"].map(FIGURES)
    table["group"] = table["group"].mask(table["item"].eq("total 2024"), "total")
    table["item"] = table["item"].str.replace(r"^all models | 2014-24$| \(60.*\)$", "", regex=True)
    table["locator"] = "Fig " + table["figure"]
    columns = ["group", "item", "printed", "locator", "evidence"]
    return table[columns].sort_values(["group", "item"])


def printed_counts(path: Path) -> pd.DataFrame:
    """Keep the printed counts of notable models that are plain numbers, with their place in the
    publication."""
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
    "notable_access": schema(
        key=["model"], model=text(), published=date(), organisations=text(nullable=True),
        countries=text(nullable=True), sectors=text(nullable=True),
        accessibility=text(nullable=True), training_code=text(nullable=True),
    ),
    "section_1_3": schema(
        key=["group", "item"], group=text(["total", *FIGURES.values()]), item=text(),
        printed=count(), locator=text(), evidence=text(["copy"]),
    ),
    "report_counts": schema(key=["year", "entity"], year=text(), entity=text(),
        models=number(least=0)),
}  # fmt: skip


def large_scale_models(path: Path) -> pd.DataFrame:
    """Keep the models of a large-scale list (training compute above 1e23 FLOP) published since
    2023."""
    return notable_models(path)
