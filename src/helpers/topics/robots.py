"""Robots: industrial robots installed, at work and per worker.

As the International Federation of Robotics (IFR) counts them.
"""

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from . import indicators

MEASURES = ("installed", "stock", "density")
DENSITY = "robot density (per 10,000 manufacturing employees)"
VINTAGES = {"first_print": f"{DENSITY}, as first published", "revised": f"{DENSITY}, revised"}
PRINTS = {
    "first_print": "China as first printed, recorded as withdrawn",
    "revised": "China as revised, by one witness",
}
REST = "Rest of the world"


def installed() -> pd.DataFrame:
    """Return shares of the world's robots installed, per cent, by year.

    Columns entity, year, value, low, high, hollow. Years to 2023 come from counts rounded to
    thousands (`low` and `high` are what rounding allows; a year without a world count is missing);
    the last year comes from stated counts, is `hollow` and has no range.
    """
    table = (
        tables.load("robot_shares")
        .rename(columns={"share_pct": "value", "low_pct": "low", "high_pct": "high"})
        .assign(hollow=False)
    )
    counts = counted("industrial robots installed")
    newer = counts[counts.index > table["year"].max()]
    newer = (
        100
        * newer.assign(**{REST: newer["World"] - newer["China"] - newer["United States"]}).div(
            newer["World"], axis=0
        )
    ).round(3)
    late = (
        newer[["China", "United States", REST]]
        .melt(ignore_index=False, var_name="entity")
        .reset_index(names="year")
        .assign(hollow=True)
    )
    return pd.concat([table, late], ignore_index=True)[
        ["entity", "year", "value", "low", "high", "hollow"]
    ]


def ratios() -> pd.DataFrame:
    """Return robots installed in China for each one in the United States, from rounded counts.

    Years down, China and United States across.
    """
    return (
        tables.load("robot_shares")
        .dropna(subset=["ratio_to_us"])
        .pivot(index="year", columns="entity", values="ratio_to_us")
        .rename_axis(None, axis=1)
    )


def counted(indicator: str) -> pd.DataFrame:
    """Return stated counts: years down, China, United States and World across.

    What was not printed is missing.
    """
    wide = (
        indicators.stated(indicator)
        .pivot(index="period", columns="entity", values="value")
        .reindex(columns=["China", "United States", "World"])
    )
    return wide.set_axis(wide.index.astype(int)).rename_axis("year").rename_axis(None, axis=1)


def density(vintage: str = "revised") -> pd.Series:
    """Return robots per 10,000 manufacturing employees in 2023, by economy.

    China stands as first printed or as revised. The revision rests on one witness. Raises
    FactcheckError for another vintage.
    """
    if vintage not in VINTAGES:
        raise FactcheckError(
            f"{vintage!r} is no vintage of the density: use one of {', '.join(VINTAGES)}."
        )
    rows = pd.concat([indicators.stated(DENSITY), indicators.stated(VINTAGES[vintage])])
    return rows.set_index("entity")["value"].sort_values(ascending=False)


def headline(first_print: float, revised: float, american: float) -> str:
    """Say in one line what a revision of China's density does to the order of two countries.

    >>> headline(470, 142, 295)
    "China's robots per worker are in doubt after a revision"
    >>> headline(470, 400, 295)
    'China has more robots per worker than the US in both prints'
    """
    if (first_print > american) != (revised > american):
        return "China's robots per worker are in doubt after a revision"
    more = "more" if revised > american else "fewer"
    return f"China has {more} robots per worker than the US in both prints"


def measure(robot_measure: str = "installed", density_vintage: str = "revised") -> pd.Series:
    """Return China and the United States in the last year with a value for China.

    Installed and stock are per cent of the world, density is robots per 10,000 employees. A value
    not printed is missing; the series is named by measure and year. Raises FactcheckError for
    another measure.
    """
    if robot_measure not in MEASURES:
        raise FactcheckError(
            f"{robot_measure!r} is no measure of robots: use one of {', '.join(MEASURES)}."
        )
    if robot_measure == "density":
        found = density(density_vintage).reindex(["China", "United States"])
        return found.rename(f"robots per 10,000 employees, 2023 ({PRINTS[density_vintage]})")
    counts = counted(
        "industrial robots installed" if robot_measure == "installed" else "operational stock"
    )
    year = counts["China"].dropna().index.max()
    found = (100 * counts.loc[year] / counts.loc[year, "World"]).round(2)
    what = "installed" if robot_measure == "installed" else "at work"
    return found[["China", "United States"]].rename(f"% of the world's robots {what}, {year}")


def drones() -> pd.DataFrame:
    """Return the stated shares of one Chinese drone maker, with their grade; all are secondary."""
    table = tables.load("stated_values")
    rows = table[table["indicator"].str.startswith("DJI share")].fillna(
        {"part": "", "qualifier": ""}
    )
    return rows[
        ["indicator", "period", "part", "qualifier", "value", "publisher", "evidence"]
    ].reset_index(drop=True)
