"""Extracts on downloads of open models: counters, lists and derived totals."""

import json
from pathlib import Path

import pandas as pd

from ..schemas import count, date, number, schema, text

# A repository's week of creation falls into one of these, named by its first day.
COHORTS = ("2000-01-01", "2022-11-30", "2024-01-01", "2025-01-01")


def counters(path: Path) -> pd.DataFrame:
    """Keep the all-time download counters: columns date, organisation, model, downloads."""
    table = pd.read_csv(path, dtype=str).rename(
        columns={"org": "organisation", "downloads_all_time": "downloads"}
    )
    return table[["date", "organisation", "model", "downloads"]].sort_values(["date", "model"])


def tracked_models(path: Path) -> pd.DataFrame:
    """Keep the list of tracked models: column model, as organisation/name."""
    return (
        pd.read_csv(path, dtype=str)[["modelId"]]
        .rename(columns={"modelId": "model"})
        .drop_duplicates()
        .sort_values("model")
    )


def organisation_regions(path: Path) -> pd.DataFrame:
    """Keep the region of each organisation.

    Columns organisation, region (china, us, eu, other, unknown).
    """
    table = pd.read_csv(path, dtype=str).rename(columns={"hf_org": "organisation"})
    return table[["organisation", "region"]].sort_values("organisation")


def cohort_totals(path: Path) -> pd.DataFrame:
    """Add up an organisation's 30-day counts by the period its repositories were created: derived
    totals, no history.

    Columns organisation, created_from (first day of the cohort, of `COHORTS`), downloads_30_days.
    """
    rows = pd.DataFrame(json.loads(path.read_text(encoding="utf-8")))[
        ["id", "week_date", "downloads_week"]
    ]
    rows["created_from"] = [
        max(day for day in COHORTS if day <= week) for week in rows["week_date"].str[:10]
    ]
    totals = (
        rows.groupby(["id", "created_from"])["downloads_week"]
        .sum()
        .rename("downloads_30_days")
        .reset_index()
    )
    return totals.rename(columns={"id": "organisation"}).sort_values(
        ["organisation", "created_from"]
    )


def printed_values(path: Path) -> pd.DataFrame:
    """Keep printed values that are plain numbers.

    Columns id, measure, entity, period, value, unit, publisher, evidence.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[table["value"].str.fullmatch(r"\d+(\.\d+)?")]
    return table[
        ["id", "measure", "entity", "period", "value", "unit", "publisher", "evidence"]
    ].sort_values("id")


SCHEMAS = {
    "counters": schema(key=["date", "model"], date=date(), organisation=text(), model=text(),
        downloads=count()),
    "tracked_models": schema(key=["model"], model=text()),
    "organisation_regions": schema(key=["organisation"], organisation=text(),
        region=text(["china", "us", "eu", "other", "unknown"])),
    "cohort_totals": schema(key=["organisation", "created_from"], organisation=text(),
        created_from=date(), downloads_30_days=count()),
    "printed_values": schema(
        key=["id"], id=text(), measure=text(), entity=text(), period=text(), value=number(least=0),
        unit=text(), publisher=text(),
        evidence=text(["primary", "copy", "secondary"]),
    ),
}  # fmt: skip
