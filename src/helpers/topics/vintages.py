"""Vintages: a country's notable models in each edition of the list, under each counting rule."""

import pandas as pd

from ..evidence import sources, store, tables
from ..evidence.cleaning.models import MULTINATIONAL
from ..evidence.places import europe, name
from ..project import FactcheckError
from .counting import credits

SHOWN = ("United States", "China", "Europe")
# Epoch's tags of Google DeepMind, longest first: from 18 April to June 2025, before, and after.
TAGGED = (
    ["USA", "GBR", MULTINATIONAL, "CAN", "FRA"],
    ["USA", "GBR", MULTINATIONAL],
    ["USA", "GBR"],
)
DEEPMIND = {"us": ["USA"], "uk": ["GBR"], "both": ["USA", "GBR"]}


@store.once
def of_year(listed: str, vintage: str, year: int = 2024) -> pd.DataFrame:
    """Return the models of a year in one vintage of a list: notable, large_scale or full_table.

    Raises FactcheckError where that list has no such vintage.
    """
    table = tables.load("model_lists")
    table = table[table["list"].eq(listed) & table["vintage"].eq(vintage)]
    if table.empty:
        raise FactcheckError(
            f"The {listed} list has no vintage {vintage}: `factcheck sources list` shows them."
        )
    return table[table["published"].str.startswith(str(year))].reset_index(drop=True)


def held(listed: str, year: int = 2024) -> list[str]:
    """Return the vintages of a list made after a year's end, oldest first: they can count it."""
    table = tables.load("model_lists")
    found = table.loc[table["list"].eq(listed), "vintage"].unique()
    return sorted(vintage for vintage in found if vintage > f"{year}-12-31")


def list_of(vintage: str) -> str:
    """Return the list that has an edition of this day: the notable list, else the full table.

    >>> list_of("2025-02-24"), list_of("2025-03-11")
    ('notable', 'full_table')
    """
    return "notable" if vintage in held("notable") else "full_table"


def source_of(vintage: str) -> str:
    """Return the id of the source behind an edition of the list that `list_of` names."""
    extract = {"notable": "models.notable_models", "full_table": "models.full_table"}
    editions = sources.of_extract(extract[list_of(vintage)])
    return next(source.id for source in editions if source.edition == vintage)


def countries_of(
    models: pd.DataFrame, deepmind: str = "us", hong_kong: str = "separate"
) -> pd.Series:
    """Return each model's countries as a list of ISO codes, in the order of its organisations.

    Epoch tags Google DeepMind "US, UK, Multinational", for some weeks with Canada and France, later
    "US, UK" or "US": `deepmind` puts it in one or both. The tag Multinational is no country and is
    dropped. `hong_kong` in_china reads HKG as CHN.
    """
    found = []
    for organisations, text in zip(
        models["organisations"].fillna(""), models["countries"].fillna(""), strict=True
    ):
        listed = text.split(";") if text else []
        if "DeepMind" in organisations:
            listed = _place_deepmind(organisations.split(","), listed, DEEPMIND[deepmind])
        listed = ["CHN" if code == "HKG" and hong_kong == "in_china" else code for code in listed]
        found.append([code for code in listed if code != MULTINATIONAL])
    return pd.Series(found, index=models.index)


def _place_deepmind(organisations: list[str], listed: list[str], wanted: list[str]) -> list[str]:
    """Replace DeepMind's own tags, wherever they stand in the list, by the wanted ones."""
    if all("DeepMind" in organisation for organisation in organisations):
        return wanted
    for tag in TAGGED:
        for start in range(len(listed) - len(tag) + 1):
            if listed[start : start + len(tag)] == tag:
                return listed[:start] + wanted + listed[start + len(tag) :]
    place = next(place for place, name in enumerate(organisations) if "DeepMind" in name)
    if organisations[place] == "DeepMind" and listed[place : place + 1] != ["GBR"]:
        place = listed.index("GBR") if "GBR" in listed else place
    return listed[:place] + wanted + listed[place + 1 :]


def counts(
    models: pd.DataFrame, counting: str = "whole", deepmind: str = "us", hong_kong: str = "separate"
) -> pd.Series:
    """Return the models of each country by name, and of Europe as the sum of its countries."""
    credit = (
        credits(countries_of(models, deepmind, hong_kong), counting)
        .groupby("country")["credit"]
        .sum()
    )
    in_europe = credit[credit.index.isin(europe("un_list"))].sum()
    named = credit.rename(index=name)
    named["Europe"] = in_europe
    return (
        named.reindex(dict.fromkeys([*SHOWN, *named.sort_values(ascending=False).index]))
        .fillna(0)
        .round(4)
    )


@store.once
def by_vintage(
    listed: str,
    counting: str = "whole",
    deepmind: str = "us",
    hong_kong: str = "separate",
    year: int = 2024,
) -> pd.DataFrame:
    """Return one row per vintage of a list: vintage, models, United States, China, Europe."""
    rows = []
    for vintage in held(listed, year):
        models = of_year(listed, vintage, year)
        rows.append(
            {"vintage": vintage, "models": len(models)}
            | counts(models, counting, deepmind, hong_kong)[list(SHOWN)].to_dict()
        )
    return pd.DataFrame(rows)
