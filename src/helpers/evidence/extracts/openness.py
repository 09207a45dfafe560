"""Extracts on who may use a model: accessibility in Epoch AI's lists, and repositories made on the
Hugging Face Hub."""

import json
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, date, schema, text
from . import epoch

FIRST_YEAR = "2019"
COLUMNS = ("model", "published", "organisations", "countries", "sectors", "accessibility")
LISTED = ("organisations", "countries", "sectors")
# The Hub's dates of creation begin with a migration: this week holds whatever is older (Hub API
# documentation, key createdAt).
MIGRATION_WEEK = "2022-03-02"
UNDATED = "undated"


def notable_accessibility(path: Path) -> pd.DataFrame:
    """Keep the models of a list published since 2019.

    Columns model, published, organisations, countries, sectors, accessibility.

    Organisations, countries and sectors stand once each; a blank stays "", and so do sectors where
    the vintage gives none. Raises FactcheckError where a vintage lacks one of the other columns.
    """
    models = epoch.models(path, *COLUMNS, optional=("sectors",))
    if bad := models.loc[~models["published"].str.fullmatch(r"\d{4}-\d\d-\d\d"), "model"].tolist():
        raise FactcheckError(
            f"{path.name}: {len(bad)} models without a full date, first {bad[0]!r}. Decide how to"
            " date them before extracting."
        )
    for column in LISTED:
        models[column] = models[column].map(
            lambda listed: ",".join(dict.fromkeys(name.strip() for name in listed.split(",")))
        )
    return models[models["published"].ge(FIRST_YEAR)].sort_values(["published", "model"])


def large_scale_accessibility(path: Path) -> pd.DataFrame:
    """Keep the same columns of a large-scale list (training compute above 1e23 FLOP)."""
    return notable_accessibility(path)


def repositories(path: Path) -> pd.DataFrame:
    """Add up the model repositories an organisation created, by year.

    Columns organisation, created, models. Derived totals.

    `created` is a year, or "undated" for the week of the Hub's migration, which holds all that is
    older.
    """
    rows = pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))[
        ["id", "week_date", "models_week"]
    ]
    rows["created"] = rows["week_date"].str[:4].where(rows["week_date"].ne(MIGRATION_WEEK), UNDATED)
    totals = rows.groupby(["id", "created"])["models_week"].sum().rename("models").reset_index()
    return totals.rename(columns={"id": "organisation"}).sort_values(["organisation", "created"])


ACCESSIBILITY = schema(
    key=["model", "published"], model=text(), published=date(), organisations=text(nullable=True),
    countries=text(nullable=True),
    sectors=text(nullable=True), accessibility=text(nullable=True),
)  # fmt: skip
SCHEMAS = {
    "notable_accessibility": ACCESSIBILITY,
    "large_scale_accessibility": ACCESSIBILITY,
    "repositories": schema(
        key=["organisation", "created"],
        organisation=text(),
        created=text(matches=rf"^(20\d\d|{UNDATED})$"),
        models=count(),
    ),
}
