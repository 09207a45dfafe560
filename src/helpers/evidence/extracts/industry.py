"""Extracts on industry: value added and exports (NSF), manufacturing in GDP and robots installed.

Our World in Data.
"""

from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import number, schema, share, text, year

ECONOMIES = {
    "China": "China",
    "United States": "United States",
    "EU-27": "EU",
    "World (75)": "World (75 economies)",
}
INDUSTRIES = {
    "All manufacturing": "All manufacturing",
    "KTI manufacturing industries": "Knowledge-intensive manufacturing",
    "Chemicals and chemical products": "Chemicals",
    "Pharmaceuticals, medicinal chemical, and botanical products": "Pharmaceuticals",
    "Weapons and ammunition": "Weapons and ammunition",
    "Computer, electronic, and optical products": "Computers and electronics",
    "Electrical equipment": "Electrical equipment",
    "Machinery and equipment nec": "Machinery",
    "Motor vehicles, trailers, and semi-trailers": "Motor vehicles",
    "Railroad, military vehicles, and transport equipment nec": "Railway and other vehicles",
    "Air and spacecraft and related machinery": "Aircraft and spacecraft",
    "Medical and dental instruments and supplies": "Medical instruments",
    "Software publishing": "Software publishing",
    "IT and other information services": "IT services",
    "Scientific R&D": "Research services",
}
# Wider totals and the rows of ratios: named here so that a row nobody knows is an error.
LEFT_OUT = (
    "All ISIC", "Total private services", "All KTI industries", "KTI service industries",
    "Analytical ratios", "KTI/all",
    "KTI manufacturing industries/", "&nbsp;",
)  # fmt: skip
EXPORTS = {
    "All ISIC": "All goods",
    "Manufacturing industries": "Manufactures",
    "KTI manufacturing": "Knowledge-intensive manufactures",
}


def value_added(path: Path) -> pd.DataFrame:
    """Keep four economies' value added by industry.

    Columns entity, industry, year, value_musd (millions of current dollars).

    A row whose economy is blank belongs to the block above it. Raises FactcheckError for an
    industry that is neither mapped nor left out.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table["industry"] = table["industry_full_path"].str.split(" -> ").str[-1]
    table["economy"] = table["field_economy"].replace("", None).ffill()
    wanted = table[table["industry"].isin(INDUSTRIES)]
    odd = table[~table["industry"].isin(INDUSTRIES) & ~table["industry"].str.startswith(LEFT_OUT)]
    if len(odd):
        raise FactcheckError(
            f"{path.name}, {odd['row_id'].iloc[0]}: {odd['industry'].iloc[0]!r} is not mapped: add"
            " it to INDUSTRIES or LEFT_OUT."
        )
    long = _years(
        wanted[wanted["economy"].isin(ECONOMIES)], ["economy", "industry"], "field_", "value_musd"
    )
    long = long.assign(
        entity=long["economy"].map(ECONOMIES), industry=long["industry"].map(INDUSTRIES)
    )
    return long[["entity", "industry", "year", "value_musd"]].sort_values(
        ["industry", "entity", "year"]
    )


def exports(path: Path) -> pd.DataFrame:
    """Keep four economies' gross exports of goods.

    Columns entity, goods, year, value_musd (millions of current dollars).
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    name = next(column for column in table if "economy" in column)
    heads = ~table[name].isin(
        [
            *ECONOMIES,
            "Canada",
            "France",
            "Germany",
            "India",
            "Italy",
            "Japan",
            "South Korea",
            "United Kingdom",
        ]
    )
    table["goods"] = table[name].where(heads).ffill()
    years = [column for column in table if column[-4:].isdigit()]
    table = table[table[name].isin(ECONOMIES)].rename(
        columns={column: f"field_{column[-4:]}" for column in years}
    )
    long = _years(table, [name, "goods"], "field_", "value_musd")
    long["goods"] = long["goods"].map(
        lambda head: next(
            (ours for theirs, ours in EXPORTS.items() if head.startswith(theirs)), None
        )
    )
    if long["goods"].isna().any():
        raise FactcheckError(f"{path.name}: a heading of goods is not mapped: add it to EXPORTS.")
    return long.assign(entity=long[name].map(ECONOMIES))[
        ["entity", "goods", "year", "value_musd"]
    ].sort_values(["goods", "entity", "year"])


def _years(table: pd.DataFrame, keep: list[str], prefix: str, value: str) -> pd.DataFrame:
    long = table.melt(
        keep,
        [column for column in table if column.startswith(prefix) and column[-4:].isdigit()],
        "year",
        value,
    )
    return long.assign(year=long["year"].str[-4:])


def manufacturing_in_gdp(path: Path) -> pd.DataFrame:
    """Keep manufacturing's share of GDP in China, the United States and the world.

    Columns entity, year, share_pct.
    """
    table = pd.read_csv(path, dtype=str)
    table.columns = ["entity", "code", "year", "share_pct"]
    table = table[table["entity"].isin(["China", "United States", "World"])]
    return table[["entity", "year", "share_pct"]].sort_values(["entity", "year"])


def robot_shares(path: Path) -> pd.DataFrame:
    """Derive shares of the world's robots installed in a year from counts that are rounded to
    thousands.

    Columns entity, year, share_pct, low_pct, high_pct (the range that rounding allows; empty where
    the world's count is missing) and ratio_to_us (empty for the rest of the world). The counts
    themselves are not kept: their licence allows no adapted copies.
    """
    table = pd.read_csv(path)
    table.columns = ["entity", "code", "year", "installed"]
    wide = table.pivot(index="year", columns="entity", values="installed") / 1000
    wide["Rest of the world"] = wide["World"] - wide["China"] - wide["United States"]
    parts = []
    for entity, slack in (("China", 0.5), ("United States", 0.5), ("Rest of the world", 1.5)):
        low, high = (
            (wide[entity] - slack) / (wide["World"] + 0.5),
            (wide[entity] + slack) / (wide["World"] - 0.5),
        )
        shares = {"share_pct": wide[entity] / wide["World"], "low_pct": low, "high_pct": high}
        part = pd.DataFrame({name: (100 * values).round(3) for name, values in shares.items()})
        ratio = (wide[entity] / wide["United States"]).round(3) if slack == 0.5 else None
        parts.append(part.assign(entity=entity, ratio_to_us=ratio).reset_index())
    return pd.concat(parts)[
        ["entity", "year", "share_pct", "low_pct", "high_pct", "ratio_to_us"]
    ].sort_values(["entity", "year"])


SHARE = share(nullable=True)
SCHEMAS = {
    "value_added": schema(key=["entity", "industry", "year"], entity=text(list(ECONOMIES.values())),
        industry=text(list(INDUSTRIES.values())),
                          year=year(2002, 2022), value_musd=number(least=0)),
    "exports": schema(key=["entity", "goods", "year"], entity=text(list(ECONOMIES.values())),
        goods=text(list(EXPORTS.values())),
                      year=year(2002, 2022), value_musd=number(least=0)),
    "manufacturing_in_gdp": schema(
        key=["entity", "year"], entity=text(["China", "United States", "World"]),
        year=year(1960, 2023), share_pct=share(),
    ),
    "robot_shares": schema(key=["entity", "year"],
        entity=text(["China", "United States", "Rest of the world"]), year=year(2011, 2023),
                           share_pct=SHARE, low_pct=SHARE, high_pct=SHARE,
                           ratio_to_us=number(least=0, nullable=True)),
}  # fmt: skip
