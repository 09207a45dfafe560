"""Extracts on freedom and output: China's few numbers, with a yardstick, from indices and series of
many countries."""

import re
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import number, schema, text, year

FIRST, LAST = (
    2012,
    2024,
)  # the earliest choice of `since`, and the last full year before the exchange
GROWTH_YEARS = 3  # value added starts earlier, for the growth up to FIRST
PLACES = ["China", "United States"]
INDICES = {"v2x_libdem": "liberal_democracy", "v2x_polyarchy": "electoral_democracy"}
# Our World in Data's series, by column; years of those whose source allows single values only.
SERIES = {
    "Annual industrial robots installed": ("industrial robots installed", "robots"),
    "Manufacturing, value added (% of GDP)": ("manufacturing share of GDP", "% of GDP"),
    "Global total private investment in AI": ("private AI investment", "constant 2021 US dollars"),
    "total_generation__twh": ("electricity generated", "TWh"),
}
SINGLE_VALUES = {
    "industrial robots installed": (2012, 2018, 2021, 2023),
    "private AI investment": (2013, 2018, 2021, 2024),
}
INDUSTRIES = {
    "All ISIC, Rev.4, industries": "value added, all industries",
    "All manufacturing": "value added, manufacturing",
    "All KTI industries": "value added, knowledge- and technology-intensive",
}
DOLLARS = "million current US dollars"


def democracy(path: Path) -> pd.DataFrame:
    """Keep two V-Dem indices of China and the United States since 2012.

    The copy holds best estimates without intervals.
    """
    table = pd.read_csv(path, usecols=["country_name", "year", *INDICES], dtype=str)
    table = table.rename(columns={"country_name": "entity", **INDICES}).melt(
        ["entity", "year"], var_name="index"
    )
    return _indices(table.replace({"entity": {"United States of America": "United States"}}))


def civil_liberties(path: Path) -> pd.DataFrame:
    """Keep the civil liberties index (best estimate) of China and the United States since 2012."""
    table = pd.read_csv(path, dtype=str)
    table.columns = ["entity", "code", "year", "value"]
    return _indices(table.assign(index="civil_liberties"))


def freedom_scores(path: Path) -> pd.DataFrame:
    """Keep Freedom House's scores of China that are cited, by edition, with the older one that a
    note calls unchanged.

    Raises FactcheckError for a row whose scores are not one per edition.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    found = []
    for row in table[table["publisher"].eq("Freedom House") & table["entity"].eq("China")].to_dict(
        "records"
    ):
        years, values = re.findall(r"\d{4}", row["period"]), re.findall(r"\d+", row["value"])
        if len(years) != len(values):
            raise FactcheckError(
                f"{path.name}, {row['indicator']}: {len(values)} scores for {len(years)} editions."
                " Give one score an edition."
            )
        if unchanged := re.match(r"unchanged since the (\d{4}) edition", row["note"]):
            years, values = [unchanged[1], *years], [values[0], *values]
        found += [
            (
                row["entity"],
                year,
                row["indicator"].removesuffix(" score").removesuffix(" total"),
                value,
            )
            for year, value in zip(years, values, strict=True)
        ]
    return pd.DataFrame(found, columns=["entity", "year", "index", "value"])[
        ["entity", "index", "year", "value"]
    ]


def _indices(table: pd.DataFrame) -> pd.DataFrame:
    kept = table[table["entity"].isin(PLACES) & table["year"].astype(int).between(FIRST, LAST)]
    return kept[["entity", "index", "year", "value"]].sort_values(["index", "entity", "year"])


def our_world_in_data(path: Path) -> pd.DataFrame:
    """Keep China and the world from a series of Our World in Data, 2012 to 2024.

    Single years where the licence wants that.
    """
    table = pd.read_csv(path, dtype=str)
    measure, unit = SERIES[table.columns[3]]
    table.columns = ["entity", "code", "year", "value"]
    kept = _output(table.assign(measure=measure, unit=unit), FIRST)
    return (
        kept[kept["year"].astype(int).isin(SINGLE_VALUES[measure])]
        if measure in SINGLE_VALUES
        else kept
    )


def value_added(path: Path) -> pd.DataFrame:
    """Keep the value added of China and of the 75 economies in three groups of industries, from
    three years before 2012."""
    table = pd.read_csv(path, dtype=str)
    table = table[table["field_economy"].isin(["China", "World (75)"])]
    industry = table["industry_full_path"].str.split(" -> ").str[-1]
    found = [table[industry.eq(name)].assign(measure=ours) for name, ours in INDUSTRIES.items()]
    return _output(_long(pd.concat(found), "field_economy"), FIRST - GROWTH_YEARS)


def exports(path: Path) -> pd.DataFrame:
    """Keep China's and the 75 economies' exports of all goods."""
    table = pd.read_csv(path, dtype=str)
    heading = table["2002"].isna().cumsum()
    return _output(_long(table[heading.eq(1)].assign(measure="goods exports"), "economy"), FIRST)


def ai_venture_capital(path: Path) -> pd.DataFrame:
    """Keep the venture capital raised by AI firms of China and of the world."""
    table = pd.read_csv(path, dtype=str)
    name = table["country_or_region_full_path"].str.split(" -> ").str[-1]
    return _output(
        _long(table.assign(economy=name, measure="AI venture capital"), "economy"), FIRST
    )


def venture_capital(path: Path) -> pd.DataFrame:
    """Keep the venture capital raised by all firms of China; the table has no world total."""
    table = pd.read_csv(path, dtype=str)
    table = table[table["country_industry_sector_full_path"].eq("China -> Total")]
    return _output(
        _long(table.assign(economy="China", measure="venture capital, all sectors"), "economy"),
        FIRST,
    )


def _long(table: pd.DataFrame, economy: str) -> pd.DataFrame:
    years = [column for column in table.columns if re.fullmatch(r"(field_)?\d{4}", column)]
    long = table.melt([economy, "measure"], years, "year").rename(columns={economy: "entity"})
    return long.assign(year=long["year"].str[-4:], unit=DOLLARS)


def _output(table: pd.DataFrame, first: int) -> pd.DataFrame:
    named = table.replace({"entity": {"World (75)": "World", "Total": "World"}})
    kept = named[
        named["entity"].isin(["China", "World"])
        & named["year"].astype(int).between(first, LAST)
        & named["value"].notna()
    ]
    return kept[["measure", "entity", "year", "value", "unit"]].sort_values(
        ["measure", "entity", "year"]
    )


INDEX = schema(
    key=["entity", "index", "year"],
    entity=text(PLACES),
    index=text(),
    year=year(),
    value=number(least=0),
)
OUTPUT = schema(
    key=["measure", "entity", "year"],
    measure=text(),
    entity=text(["China", "World"]),
    year=year(),
    value=number(least=0),
    unit=text(),
)
SCHEMAS = dict.fromkeys(["democracy", "civil_liberties", "freedom_scores"], INDEX)
SCHEMAS |= dict.fromkeys(
    ["our_world_in_data", "value_added", "exports", "ai_venture_capital", "venture_capital"], OUTPUT
)
