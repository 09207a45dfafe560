"""Extracts on clusters, supercomputers, investment, electricity and chip patents."""

from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, date, flag, number, schema, text, year

PAIR = ["China", "United States"]


def gpu_clusters(path: Path) -> pd.DataFrame:
    """Keep Epoch's clusters without names or texts: one row a cluster, numbered in file order.

    Columns cluster, country ("" where not given), status, operational, retired, standard,
    duplicate, superseded_on (the day its successor started), op_16_bit, h100_equivalents, power_mw.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    started = (
        table[table["First Operational Date"].ne("")]
        .groupby("Name")["First Operational Date"]
        .min()
    )
    names = {
        "Country": "country", "Status": "status", "First Operational Date": "operational",
        "Decommissioned Date (if applicable)": "retired",
        "Include in Standard Analysis": "standard", "Possible Duplicate": "duplicate",
        "Superseded by": "superseded_on",
        "16-bit OP/s": "op_16_bit", "H100 equivalents": "h100_equivalents",
        "Power Capacity (MW)": "power_mw",
    }  # fmt: skip
    kept = table[list(names)].rename(columns=names)
    for column in ("standard", "duplicate"):
        kept[column] = kept[column].eq("True").astype(str)
    if lost := sorted(set(kept["superseded_on"]) - {""} - set(table["Name"])):
        raise FactcheckError(
            f"{path.name}: no row is named {lost[0]!r}, which Superseded by names. Look at the"
            " file."
        )
    kept["superseded_on"] = [started.get(name, "") for name in kept["superseded_on"]]
    kept["retired"] = kept["retired"].str.replace(r"^(\d{4}-\d\d)$", r"\1-01", regex=True)
    kept.insert(0, "cluster", range(1, len(kept) + 1))
    return kept


def private_investment(path: Path) -> pd.DataFrame:
    """Keep two cited values: private AI investment of 2024 in dollars of 2021, for China and the
    United States."""
    table = pd.read_csv(path, dtype=str)
    table.columns = ["entity", "code", "year", "value"]
    kept = table[table["entity"].isin(PAIR) & table["year"].eq("2024")]
    return kept[["entity", "year", "value"]].sort_values(["entity", "year"])


def electricity(path: Path) -> pd.DataFrame:
    """Keep electricity generated since 2015 in terawatt-hours, for China and the United States."""
    table = pd.read_csv(path, dtype=str).rename(columns={"total_generation__twh": "value"})
    kept = table[table["entity"].isin(PAIR) & table["year"].ge("2015")]
    return kept[["entity", "year", "value"]].sort_values(["entity", "year"])


def venture_capital(path: Path) -> pd.DataFrame:
    """Keep venture capital raised by AI firms since 2013 in millions of dollars, for China and the
    United States."""
    table = pd.read_csv(path, dtype=str).rename(columns={"country_or_region_level_3": "entity"})
    long = table[table["entity"].isin(PAIR)].melt(
        "entity", [f"field_{year}" for year in range(2013, 2021)], "year", "value"
    )
    return long.assign(year=long["year"].str[-4:]).sort_values(["entity", "year"])


def chip_patents(path: Path) -> pd.DataFrame:
    """Keep yearly semiconductor patents for China and the United States since 2013.

    The file lost its years: each place has a row with its income group and then one row a year from
    1998. Raises FactcheckError where that is not so.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    places = table.groupby("time_period")["value"]
    if places.size().nunique() != 1 or places.first().str.fullmatch(r"[\d.]+").any():
        raise FactcheckError(
            f"{path.name}: places differ in their number of rows, so years cannot be given back."
            " Look at the file."
        )
    table["year"] = (1997 + table.groupby("time_period").cumcount()).astype(str)
    table["entity"] = table["time_period"].str.split(" -> ").str[-1]
    kept = table[table["entity"].isin(PAIR) & table["year"].ge("2013")]
    return kept[["entity", "year", "value"]].sort_values(["entity", "year"])


def supercomputers(path: Path) -> pd.DataFrame:
    """Add up a list of supercomputers by country: country, systems, rmax_pflops.

    Derived totals only: the list has no stated licence.
    """
    table = pd.read_csv(path, sep=";", dtype=str, encoding="utf-8-sig")
    table["rmax"] = (
        table["Rmax [TFlop/s]"]
        .str.replace(r"\s", "", regex=True)
        .str.replace(",", ".")
        .astype(float)
        / 1000
    )
    totals = table.groupby("Country")["rmax"].agg(["size", "sum"]).round(3).reset_index()
    totals.columns = ["country", "systems", "rmax_pflops"]
    return totals.sort_values("country")


def printed_clusters(path: Path) -> pd.DataFrame:
    """Keep the printed values on GPU clusters: measure, entity, period, value, evidence."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table[table["claim_topic"].eq("gpu_clusters")][
        ["measure", "entity", "period", "value", "evidence"]
    ].sort_values(["measure", "entity"])


YEARLY = schema(key=["entity", "year"], entity=text(PAIR), year=year(), value=number(least=0))
SCHEMAS = {
    "gpu_clusters": schema(
        key=["cluster"], cluster=count(), country=text(nullable=True),
        status=text(["Existing", "Planned", "Decommissioned"]), operational=date(True),
        retired=date(True), standard=flag(), duplicate=flag(), superseded_on=date(True),
        op_16_bit=number(least=0, nullable=True),
        h100_equivalents=number(least=0, nullable=True), power_mw=number(least=0, nullable=True),
    ),
    "private_investment": YEARLY,
    "electricity": YEARLY,
    "venture_capital": YEARLY,
    "chip_patents": YEARLY,
    "supercomputers": schema(key=["country"], country=text(), systems=count(),
        rmax_pflops=number(least=0)),
    "printed_clusters": schema(
        key=["measure", "entity"], measure=text(), entity=text(), period=text(),
        value=number(least=0),
        evidence=text(["primary", "copy", "secondary"]),
    ),
}  # fmt: skip
