"""Diffusion: who is said to use AI in China and the United States, by whom each source counts."""

from itertools import combinations

import pandas as pd

from ..evidence import tables
from ..project import FactcheckError
from ..text import near
from . import indicators

BASES = {
    "working_age": "people of working age",
    "population": "the whole population",
    "adults_18_64": "adults 18 to 64",
    "firms": "firms asked",
    "employees": "employees asked",
}
PLACES = {
    "China": "China",
    "United States": "United States",
    "Greater China": "China",
    "North America": "United States",
}
WAVES = {"2025 H1": "2025-06-30", "2025 H2": "2025-12-31", "2026 Q1": "2026-03-31"}
CENSUS = "firms using AI to produce goods or services / in any function"
SAS = "organisations using generative AI / fully implemented"
ADULTS = "generative-AI use, adults 18-64"
HALVES = {"2025-06": "2025-06-30", "2025-12": "2025-12-31"}
AUGUSTS = {"2024-08": "2024-08-31", "2025-08": "2025-08-31"}
WINTER = {"late 2025 / early 2026": "2026-01-31"}
AT_WORK = "employees intentionally using AI at work"
# Base, series, indicator of the stated values, part, and for each period the day on which it ended.
SURVEYS = (
    ("population", "CNNIC", "generative-AI users", "", HALVES),
    ("adults_18_64", "US survey, page", ADULTS, "", {"late 2024": "2024-12-31"}),
    ("adults_18_64", "US survey, Fed", ADULTS, "", AUGUSTS),
    ("firms", "SAS, any use", SAS, "using", {"2024": "2024-07-09"}),
    ("firms", "SAS, fully in place", SAS, "fully implemented", {"2024": "2024-07-09"}),
    ("firms", "US Census, narrow", CENSUS, "narrow question", WINTER),
    ("firms", "US Census, wide", CENSUS, "wide question", WINTER),
    ("employees", "KPMG, at work", AT_WORK, "", {"2024-11..2025-01": "2025-01-31"}),
)


def waves() -> pd.DataFrame:
    """Return Microsoft's share of China and the United States by wave, with each one's rank.

    Columns wave, ended, entity, value, rank, economies. Rank 1 is the widest use; equal shares take
    the better rank. Raises FactcheckError for a wave whose end is not known.
    """
    table = tables.load("ai_user_share")
    if unknown := sorted(set(table["wave"]) - set(WAVES)):
        raise FactcheckError(
            f"The wave {unknown[0]!r} has no end date: "
            "add it to WAVES in helpers/topics/diffusion.py."
        )
    grouped = table.groupby("wave")["share_pct"]
    table = table.assign(
        rank=grouped.rank(ascending=False, method="min").astype("Int64"),
        economies=grouped.transform("count"),
    )
    kept = table[table["economy"].isin(["China", "United States"])].rename(
        columns={"economy": "entity", "share_pct": "value"}
    )
    return kept.assign(ended=kept["wave"].map(WAVES))[
        ["wave", "ended", "entity", "value", "rank", "economies"]
    ].reset_index(drop=True)


def by_base(as_of: str) -> pd.DataFrame:
    """Return what every source says of the two countries, the newest value of each series.

    Only periods that had ended by `as_of` count. Columns base, series, period, ended, entity,
    value, publisher, evidence; sorted by base as in BASES.
    """
    microsoft = (
        waves()
        .rename(columns={"wave": "period"})
        .assign(base="working_age", series="Microsoft", publisher="Microsoft", evidence="primary")
    )
    found = [microsoft.drop(columns=["rank", "economies"])]
    for base, series, indicator, part, periods in SURVEYS:
        rows = indicators.stated(indicator)
        rows = rows[
            rows["entity"].isin(PLACES) & rows["part"].eq(part) & rows["period"].isin(periods)
        ]
        rows = rows.assign(
            base=base,
            series=series,
            ended=rows["period"].map(periods),
            entity=rows["entity"].map(PLACES),
        )
        found.append(rows)
    table = pd.concat(found)[
        ["base", "series", "period", "ended", "entity", "value", "publisher", "evidence"]
    ]
    known = (
        table[table["ended"] <= as_of]
        .sort_values("ended", kind="stable")
        .drop_duplicates(["base", "series", "entity"], keep="last")
    )
    order = known["base"].map(list(BASES).index)
    return (
        known.assign(order=order)
        .sort_values(["order", "series", "entity"], kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
    )


def of_base(table: pd.DataFrame, base: str) -> dict[str, float | None]:
    """Return the share of people in each country on one base, the newest value.

    None where nobody measured it, and for firms: their shares answer another question.
    """
    if base not in BASES:
        raise FactcheckError(f"{base!r} is no base: use one of {', '.join(BASES)}.")
    rows = (
        table[table["base"].eq(base)]
        .sort_values("ended", kind="stable")
        .groupby("entity")["value"]
        .last()
    )
    return {
        place: None if base == "firms" or place not in rows else float(rows[place])
        for place in ("China", "United States")
    }


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Compare every two surveys with one base and one country.

    They agree where they lie within a tenth of either. Two series of one survey (one name before
    the comma) are not compared: they ask other questions, or on other dates. Columns base, entity,
    first, second, first_value, second_value, gap (points), agree.
    """
    rows = []
    for (base, entity), group in table.groupby(["base", "entity"], sort=False):
        for one, two in combinations(group.itertuples(), 2):
            if one.series.split(",")[0] == two.series.split(",")[0]:
                continue
            agree = near(str(one.value), two.value) or near(str(two.value), one.value)
            labels = (f"{each.series} ({each.period})" for each in (one, two))
            gap = round(abs(one.value - two.value), 1)
            rows.append((base, entity, *labels, one.value, two.value, gap, agree))
    columns = ["base", "entity", "first", "second", "first_value", "second_value", "gap", "agree"]
    return pd.DataFrame(rows, columns=columns)


def stress(china: float, united_states: float) -> pd.Series:
    """Say how far the Chinese share must be understated for the order to reverse.

    The American share is taken as right. `needed_factor` is how many times the measured users there
    must be, `missed_pct` the share of all users then missed.

    >>> stress(15.0, 30.0).to_dict()
    {'needed_factor': 2.0, 'missed_pct': 50.0}
    """
    if china <= 0 or united_states <= 0:
        raise FactcheckError("A share of users must be above zero to be compared.")
    return pd.Series(
        {
            "needed_factor": round(united_states / china, 2),
            "missed_pct": round(max(0.0, 100 * (1 - china / united_states)), 1),
        }
    )


def stress_by_wave(found: pd.DataFrame) -> pd.DataFrame:
    """Return `stress` for each wave of `waves`, one row a wave."""
    wide = found.pivot(index="wave", columns="entity", values="value")
    rows = {wave: stress(*row) for wave, row in wide[["China", "United States"]].iterrows()}
    return pd.DataFrame(rows).T.rename_axis("wave")


def told(table: pd.DataFrame, base: str) -> str:
    """Say in words what a base has for both countries, with the period of each value.

    >>> told(pd.DataFrame(columns=["base"]), "firms")
    'Surveys of firms do not count people'
    """
    if base == "firms":
        return "Surveys of firms do not count people"
    newest = table[table["base"].eq(base)].sort_values("ended", kind="stable")
    found = newest.drop_duplicates("entity", keep="last").set_index("entity")
    parts = []
    for place in ("China", "United States"):
        if place in found.index:
            row = found.loc[place]
            parts.append(f"{place} {row['value']:g}% ({row['period']})")
        else:
            parts.append(f"{place} not measured")
    return f"Share of {BASES[base]} who use AI: {', '.join(parts)}"


def labelled(table: pd.DataFrame) -> pd.DataFrame:
    """Return what `by_base` has as a figure shows it, with columns x, panel, unit, hollow, side.

    `side` is where a name has room: the lower of two values, and a high one alone, have it left.
    """
    period = table["period"].str.split(" / ").str[-1].str.replace("2024-11..", "to ")
    shown = table.assign(x=table["series"] + ", " + period, panel=table["base"].map(BASES))
    shown = shown.assign(unit="% of " + shown["panel"], hollow=shown["evidence"].eq("secondary"))
    values = shown.groupby("x")["value"]
    crowded = values.transform("size").gt(1) | shown["value"].gt(70)
    left = shown["value"].eq(values.transform("min")) & crowded
    return shown.assign(side=left.map({True: "left", False: "right"}))


def described(shown: pd.DataFrame) -> str:
    """Say each value of `labelled`, base by base, for who cannot see the dots."""
    parts = []
    for panel, group in shown.groupby("panel", sort=False):
        dots = [f"{row.x}, {row.entity} {row.value:g}%" for row in group.itertuples()]
        parts.append(f"{panel}: {'; '.join(dots)}")
    return "Dots by base. " + ". ".join(parts) + "."
