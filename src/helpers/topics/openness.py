"""Openness: listed models with open weights, by country and year, and repositories on the Hub."""

import pandas as pd

from .. import figures
from ..evidence import store, tables
from ..evidence.cleaning.models import MULTINATIONAL
from ..project import FactcheckError

RULES = {
    "any_open_weights": ("unrestricted", "restricted", "non_commercial"),
    "unrestricted_licence": ("unrestricted",),
}
JOINT = "China and United States"
GROUPS = ("China", "United States", JOINT, "Other")
# BIS interim final rule on advanced computing chips (Congressional Research Service, R48642).
CONTROLS = "2022-10-07"
# The claim's period opens in 2022; what a year is compared over: its months, up to this one.
FIRST, TO_OCTOBER, WHOLE_YEAR = 2022, 10, 12


def held(listed: str) -> list[str]:
    """Return the vintages held of a list (notable, large_scale), oldest first."""
    table = tables.load("model_access")
    return sorted(table.loc[table["list"].eq(listed), "vintage"].unique())


def models(
    listed: str,
    vintage: str,
    joint_models: str = "apart",
    open_rule: str = "any_open_weights",
    producer: str = "any_organisation",
    china_scope: str = "mainland",
) -> pd.DataFrame:
    """Return one row per model and country group, oldest first.

    Columns model, published, year, month, organisations, group, access, open, unknown. `group` is
    one of `GROUPS`. A model of Chinese and American organisations is a group of its own (`apart`)
    or stands once in each country (`both`); any other partner changes nothing. `producer` firms
    keeps models with an organisation that Epoch calls industry. `china_scope` with_hong_kong reads
    Hong Kong as China. `open` and `unknown` are 0 or 1; a blank accessibility is unknown and not
    open. Raises FactcheckError for a vintage that is not held, or one that does not tell firms.
    """
    table = tables.load("model_access")
    table = table[table["list"].eq(listed) & table["vintage"].eq(vintage)]
    if table.empty:
        raise FactcheckError(
            f"The {listed} list has no vintage {vintage}: held are {', '.join(held(listed))}."
        )
    if producer == "firms":
        if table["sectors"].isna().all():
            raise FactcheckError(
                f"The {listed} list of {vintage} does not say which organisations are firms: "
                "choose producer any_organisation."
            )
        table = table[
            table["sectors"].fillna("").str.split(",").map(lambda sectors: "Industry" in sectors)
        ]
    found = table.assign(
        group=table["countries"]
        .fillna("")
        .map(lambda codes: groups(codes, joint_models, china_scope))
    ).explode("group")
    found["year"], found["month"] = (
        found["published"].str[:4].astype(int),
        found["published"].str[5:7].astype(int),
    )
    found["open"] = found["access"].isin(RULES[open_rule]).astype(int)
    found["unknown"] = found["access"].eq("unknown").astype(int)
    columns = [
        "model",
        "published",
        "year",
        "month",
        "organisations",
        "group",
        "access",
        "open",
        "unknown",
    ]
    return found.sort_values(["published", "model", "group"], ignore_index=True)[columns]


def groups(codes: str, joint_models: str = "apart", china_scope: str = "mainland") -> list[str]:
    """Return the groups a model stands in, from its ISO codes.

    >>> groups("CHN;USA"), groups("CHN;USA", "both"), groups("CHN;SGP")
    (['China and United States'], ['China', 'United States'], ['China'])
    >>> groups("HKG"), groups("HKG", "apart", "with_hong_kong")
    (['Other'], ['China'])
    """
    listed = {code for code in codes.split(";") if code not in ("", MULTINATIONAL)}
    if china_scope == "with_hong_kong" and "HKG" in listed:
        listed.add("CHN")
    found = [name for code, name in (("CHN", "China"), ("USA", "United States")) if code in listed]
    return [JOINT] if len(found) == 2 and joint_models == "apart" else found or ["Other"]


def by_year(found: pd.DataFrame, to_month: int = WHOLE_YEAR) -> pd.DataFrame:
    """Return one row per group and year: models, open, unknown, high, share_pct.

    `high` counts the models of unknown accessibility as open; `share_pct` is open among all models,
    unknown ones in the base, and missing where a group has no model. Only models of January to
    `to_month` count. Years run on to the last one of the frame.
    """
    kept = found[found["month"].le(to_month)]
    every = pd.MultiIndex.from_product(
        [GROUPS, range(found["year"].min(), found["year"].max() + 1)], names=["group", "year"]
    )
    table = kept.groupby(["group", "year"]).agg(
        models=("model", "size"), open=("open", "sum"), unknown=("unknown", "sum")
    )
    table = table.reindex(every, fill_value=0)
    table["high"] = table["open"] + table["unknown"]
    table["share_pct"] = (100 * table["open"] / table["models"].where(table["models"] > 0)).round(1)
    return table.reset_index()


def span(last_year: str) -> tuple[int, int]:
    """Return the last year and the last month of a choice of `last_year`.

    >>> span("2025"), span("2025_to_october"), span("2024")
    ((2025, 12), (2025, 10), (2024, 12))
    """
    return int(last_year[:4]), TO_OCTOBER if last_year.endswith("to_october") else WHOLE_YEAR


def values(
    found: pd.DataFrame, last_year: str, group: str = "China"
) -> dict[str, tuple[float, float, float]]:
    """Return a group's open models from 2022 on as {"group@year": (value, low, high)}.

    `high` counts unknown accessibility as open. Raises FactcheckError where the frame does not
    reach from the first to the last year.
    """
    last, month = span(last_year)
    table = by_year(found, month)
    rows = table[table["group"].eq(group) & table["year"].between(FIRST, last)]
    if set(rows["year"]) != set(range(FIRST, last + 1)):
        raise FactcheckError(
            f"The list holds the years {sorted(set(table['year']))}, not all of {FIRST} to {last}: "
            "choose another vintage or last_year."
        )
    return {
        f"{group}@{row.year}": (float(row.open), float(row.open), float(row.high))
        for row in rows.itertuples()
    }


@store.once
def by_vintage(listed: str, years: tuple[int, ...], **rules: str) -> pd.DataFrame:
    """Return one row per vintage, group and year; years not yet begun are missing.

    Columns vintage, group, year, models, open, unknown, high, share_pct.
    """
    stacked = [
        by_year(models(listed, vintage, **rules)).assign(vintage=vintage)
        for vintage in held(listed)
    ]
    table = pd.concat(stacked, ignore_index=True)
    return table[table["year"].isin(years)][
        ["vintage", "group", "year", "models", "open", "unknown", "high", "share_pct"]
    ].reset_index(drop=True)


def repositories(vintage: str) -> pd.DataFrame:
    """Return model repositories created on the Hub: regions down, years across.

    "undated" is what is older than March 2022.
    """
    table = tables.load("open_repositories")
    table = table[table["vintage"].eq(vintage)]
    if table.empty:
        known = sorted(tables.load("open_repositories")["vintage"].unique())
        raise FactcheckError(f"No repositories of {vintage}: held are {', '.join(known)}.")
    return table.pivot_table(
        index="region", columns="created", values="models", aggfunc="sum", fill_value=0
    ).rename_axis(None, axis=1)


def laboratories(vintage: str, region: str) -> pd.DataFrame:
    """Return model repositories of a region by laboratory and year, the largest first."""
    table = tables.load("open_repositories")
    table = table[table["vintage"].eq(vintage) & table["region"].eq(region)]
    wide = (
        table.pivot(index="organisation", columns="created", values="models")
        .fillna(0)
        .astype(int)
        .rename_axis(None, axis=1)
    )
    return wide.loc[wide.sum(axis=1).sort_values(ascending=False, kind="stable").index]


def line_ends(rows: pd.DataFrame, gap: float) -> pd.DataFrame:
    """Return where to write each entity's name at its last value: label, colour, x, height.

    Lowest first, and at least `gap` apart.
    """
    ends = rows.dropna(subset=["value"]).groupby("entity").tail(1).sort_values(["value", "entity"])
    heights: list[float] = []
    for value in ends["value"]:
        heights.append(max(value, heights[-1] + gap) if heights else float(value))
    ends = ends.assign(
        height=heights,
        label=ends["entity"].replace({"United States": "United\nStates", JOINT: "joint"}),
    )
    ends["colour"] = [
        figures.INK if entity == JOINT else figures.colour(entity) for entity in ends["entity"]
    ]
    return ends[["label", "colour", "x", "height"]]
