"""Chip owners: China's share of the compute that a publisher tracks by owner, by quarter, with its
range."""

import numpy as np
import pandas as pd

from ..evidence import tables
from ..project import FactcheckError

DEBATE = "2025-10-31"
CHINA, SMUGGLED = "China", "China (smuggled)"
DOMESTIC = ("Huawei", "Cambricon")
SCOPES = ("licensed_only", "plus_domestic", "plus_smuggled")
AMERICAN = ("Amazon", "CoreWeave", "Google", "Meta", "Microsoft", "Oracle", "xAI")
# The 5th and 95th percentile of a normal distribution lie this many standard deviations apart.
SPREAD = 2 * 1.6448536


def rows(
    designers: str = "nvidia",
    china_chips: str = "licensed_only",
    compute: str = "owned",
    until: str = DEBATE,
) -> pd.DataFrame:
    """Return the tracked rows of complete quarters that ended by `until`: owner, quarter_end,
    h100e, low, high, ours, counted.

    `ours` marks what counts for China, `counted` what counts in the total. Smuggled chips are not
    added to the total: their first buyers stand elsewhere in the table already. Chinese designs are
    in only with `plus_domestic`. Quarters with a row that the publisher marks incomplete are left
    out. Raises FactcheckError for a choice that does not exist or does not go together.
    """
    if (
        china_chips not in SCOPES
        or designers not in ("nvidia", "all")
        or compute not in ("owned", "added")
    ):
        raise FactcheckError(
            f"{designers}, {china_chips}, {compute}: use nvidia or all; {', '.join(SCOPES)}; "
            "owned or added."
        )
    if (china_chips, compute) == ("plus_smuggled", "added") or (china_chips, designers) == (
        "plus_domestic",
        "nvidia",
    ):
        raise FactcheckError(
            f"{china_chips} does not go with {designers} and {compute}: smuggled chips have no "
            "quarters, Chinese designs need all."
        )
    table = tables.load("chip_stock" if compute == "owned" else "chip_quarters")
    table = table[
        table["quarter_end"].le(until) & (table["designer"].eq("Nvidia") | (designers == "all"))
    ]
    table = table[~table["designer"].isin(DOMESTIC) | (china_chips == "plus_domestic")]
    table = table[~table["owner"].eq(SMUGGLED) | (china_chips == "plus_smuggled")]
    table = table[
        ~table["quarter_end"].isin(table.loc[table["incomplete"].eq("True"), "quarter_end"])
    ]
    return table.assign(
        ours=table["owner"].isin([CHINA, SMUGGLED]), counted=~table["owner"].eq(SMUGGLED)
    ).reset_index(drop=True)


def shares(tracked: pd.DataFrame, draws: int = 2000, seed: int = 20251031) -> pd.DataFrame:
    """Return China's share by quarter from the rows of `rows`: period, value (from medians), low,
    high, all per cent.

    The range is the 5th to 95th percentile over draws in which each row is log-normal with the
    published percentiles, rows being independent of each other. A row without a range keeps its
    median. Owners' estimates may really move together.
    """
    generator = np.random.default_rng(seed)
    found = []
    for quarter, group in tracked.groupby("quarter_end"):
        middle = group["h100e"].to_numpy(dtype=float)
        spread = (
            np.log(group["high"].where(group["low"].gt(0)) / group["low"].where(group["low"].gt(0)))
            .fillna(0)
            .to_numpy()
            / SPREAD
        )
        drawn = middle * np.exp(spread * generator.standard_normal((draws, len(middle))))
        ours, counted = group["ours"].to_numpy(), group["counted"].to_numpy()
        low, high = np.percentile(
            100 * drawn[:, ours].sum(axis=1) / drawn[:, counted].sum(axis=1), [5, 95]
        )
        found.append((quarter, 100 * middle[ours].sum() / middle[counted].sum(), low, high))
    return pd.DataFrame(found, columns=["period", "value", "low", "high"]).round(4)


def coverage() -> pd.DataFrame:
    """Return from when each designer's chips are followed, and how many owners are named: designer,
    first quarter, owners."""
    table = tables.load("chip_stock")
    return (
        table.groupby("designer")
        .agg(first_quarter=("quarter_end", "min"), owners=("owner", "nunique"))
        .reset_index()
    )


def chinese_designs(until: str = DEBATE) -> pd.Series:
    """Return what Chinese designers added by year, thousand H100 equivalents, of quarters ended by
    `until`."""
    table = tables.load("chip_quarters")
    table = table[table["designer"].isin(DOMESTIC) & table["quarter_end"].le(until)]
    added = table.groupby(table["quarter_end"].str[:4])["h100e"].sum()
    return (added / 1000).rename("thousand H100 equivalents")


def sold_to_china(until: str = DEBATE) -> pd.DataFrame:
    """Return the compute that licensed chips added in China by quarter and chip type, in thousands
    of H100 equivalents."""
    table = tables.load("chip_quarters")
    table = table[
        table["owner"].eq(CHINA)
        & ~table["designer"].isin(DOMESTIC)
        & table["quarter_end"].le(until)
    ]
    return (
        table.pivot_table(index="quarter_end", columns="chip", values="h100e", aggfunc="sum") / 1000
    ).round(1)


def smuggled(until: str) -> pd.DataFrame:
    """Return the estimates of smuggled chips so far by quarter, in units: quarter_end, units,
    units_low, units_high."""
    table = tables.load("chip_stock")
    table = table[table["owner"].eq(SMUGGLED) & table["quarter_end"].le(until)]
    return table[["quarter_end", "units", "units_low", "units_high"]].reset_index(drop=True)


def owned(quarter_end: str) -> dict[str, float]:
    """Return the compute that named American firms, and Chinese owners by licence or own design,
    had bought by a quarter's end (H100 equivalents)."""
    table = tables.load("chip_stock")
    table = table[table["quarter_end"].eq(quarter_end)]
    return {
        "China": float(table.loc[table["owner"].eq(CHINA), "h100e"].sum()),
        "United States": float(table.loc[table["owner"].isin(AMERICAN), "h100e"].sum()),
    }
