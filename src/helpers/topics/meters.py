"""Meters: regional shares as the Hugging Face Hub and the Ollama library give them."""

import pandas as pd

from ..evidence import tables
from ..evidence.cleaning.regional_shares import REGIONS, SCOPES

WEST = "United States and EU"
READINGS = {
    "hub_counters": ("Hub", "counters"),
    "hub_thirty_days": ("Hub", "laboratories"),
    "ollama": ("Ollama", "pulls"),
}
NAMES = {
    "hub_counters": "Hub counters",
    "hub_thirty_days": "Hub, thirty days",
    "ollama": "Ollama library",
}
# Both readings of the Hub are one meter, and one witness.
METER = {
    "hub_counters": "Hugging Face Hub",
    "hub_thirty_days": "Hugging Face Hub",
    "ollama": "Ollama library",
}
# What autumn 2024 is read from.
FIRST = {
    "Hugging Face Hub": "adoption_hf_models_top10000_2024_09_20",
    "Ollama library": "facts_ollama_pulls_2023_2025",
}
LATER = {
    "hub_thirty_days": ("2025-12-10", "2026-03-01", "2026-07-11"),
    "ollama": ("2025-11-30", "2025-12-31"),
}
THE = {
    "hub_counters": "Hub counters",
    "hub_thirty_days": "thirty days of the Hub",
    "ollama": "the Ollama library",
}
# The row that stands for September 2025 in each reading: its last day.
SEPTEMBER = {
    "hub_counters": "2025-10-01",
    "hub_thirty_days": "2025-10-15",
    "ollama": "2025-09-30",
}
WHEN = {
    "hub_counters": "3 September to 1 October 2025",
    "hub_thirty_days": "thirty days to 15 October 2025",
    "ollama": "September 2025",
}
TABLES = {
    "hub_counters": ["facts_hf_alltime_downloads"],
    "hub_thirty_days": ["adoption_hf_org_cohorts_2025_10_15"],
    "ollama": ["adoption_ollama_library_2025_08_31", "adoption_ollama_library_2025_09_30"],
}
KEYS = {
    "hub_counters": ("facts_hub_regions", "adoption_atom_models_2025_12_30"),
    "hub_thirty_days": (),
    "ollama": ("facts_regions_ollama",),
}
# Each meter's name for the nearest scope that it has.
NEAREST = {
    "hub_counters": {"all_labs": "all_counted", "everything": "all_counted"},
    "hub_thirty_days": {"atom_list": "six_labs", "everything": "all_mapped"},
    "ollama": {"atom_list": "six_labs"},
}
EARLIEST, AUTUMN = "2023-11-29", "2024-09-20"
# The Ollama window in which September 2024 lies.
AUTUMN_OLLAMA = "2024-12-10"
# Columns of regional_shares by region.
COLUMN = dict(zip(REGIONS, ("china", "united_states", "eu"), strict=True))


def scope_of(meter: str, scope: str) -> str:
    """Return the scope in which a meter is read where `scope` is chosen."""
    return NEAREST.get(meter, {}).get(scope, scope)


def rows(
    meter: str,
    scope: str,
    largest: str = "with",
    rule: str = "publisher",
    month_rule: str = "months",
    reading: str = "",
) -> pd.DataFrame:
    """Return a meter's rows of regional_shares, by date, the choices that it lacks at default.

    `reading` list gives the dated lists of the Hub.
    """
    table = tables.load("regional_shares")
    name, own = READINGS[meter]
    table = table[table["meter"].eq(name) & table["reading"].eq(reading or own)]
    wanted = {"scope": scope, "largest": largest, "rule": rule, "month_rule": month_rule}
    for column, value in wanted.items():
        known = set(table[column])
        fallback = {"largest": "with", "rule": "publisher", "month_rule": "months"}
        kept = value if value in known or column == "scope" else fallback[column]
        table = table[table[column].eq(kept)]
    return table.sort_values("ends", ignore_index=True)


def shares(row: pd.Series, share_base: str = "three_regions") -> dict[str, float]:
    """Return the shares of a row by region, and of the United States and EU together.

    Of everything the base is everything, whatever the choice.
    """
    wide = share_base == "plus_other" or row["scope"] == "everything"
    whole = row[list(COLUMN.values())].sum() + (row["other"] if wide else 0)
    found = {region: 100 * row[column] / whole for region, column in COLUMN.items()}
    return found | {WEST: found["United States"] + found["EU"]}


def september(
    meter: str, scope: str, largest: str, rule: str, share_base: str = "three_regions"
) -> dict[str, float]:
    """Return the shares of September 2025 on a meter, in the scope that is nearest to `scope`."""
    found = rows(meter, scope_of(meter, scope), largest, rule)
    return shares(found[found["ends"].eq(SEPTEMBER[meter])].iloc[0], share_base)


def witness(meter: str, scope: str) -> str:
    """Return the other meter, in the reading that has the scope: two readings of the Hub are one.

    >>> witness("hub_counters", "six_labs"), witness("ollama", "six_labs")
    ('ollama', 'hub_counters')
    """
    if meter != "ollama":
        return "ollama"
    return "hub_counters" if scope in ("six_labs", "atom_list") else "hub_thirty_days"


def start(scope: str, largest: str) -> dict[str, float]:
    """Return the shares of all that had been pulled from Ollama by 29 November 2023."""
    found = rows("ollama", scope_of("ollama", scope), largest)
    return shares(found[found["ends"].eq(EARLIEST)].iloc[0])


def rise(meter: str, scope: str, largest: str, rule: str) -> dict[str, float | None]:
    """Return China's share of autumn 2024 and of September 2025, on one meter and in one scope.

    On the Hub autumn 2024 is the full ranking of 20 September 2024; None where it lacks the scope.
    """
    if meter == "ollama":
        first = rows(meter, scope_of(meter, scope), largest, rule)
        first = first[first["ends"].eq(AUTUMN_OLLAMA)]
    else:
        listed = "all_mapped" if scope == "everything" else scope
        first = rows("hub_counters", listed, largest, rule, reading="list")
        first = first[first["ends"].eq(AUTUMN)]
    known = shares(first.iloc[0])["China"] if len(first) else None
    last = september(meter, scope, largest, rule)["China"]
    return {"China@2024-09": known, "China@2025-09": last}


def told(meter: str, scope: str) -> str:
    """Return a meter and a scope in words.

    >>> told("hub_counters", "six_labs")
    'Hub counters, six laboratories, models since ChatGPT'
    """
    return f"{NAMES[meter]}, {SCOPES[scope_of(meter, scope)]}"


def scopes() -> pd.DataFrame:
    """Return the shares of every scope and meter in autumn 2024 and in September 2025.

    Columns meter, when, scope, models, three shares without their base being changed, and China's
    share without the largest model.
    """
    table = tables.load("regional_shares")
    days = {"list": (AUTUMN,), "counters": ("2025-10-01",), "laboratories": ("2025-10-15",),
        "pulls": (AUTUMN_OLLAMA, "2025-09-30")}  # fmt: skip
    kept = [row.ends in days[row.reading] for row in table.itertuples()]
    table = table[kept]
    table = table[table["rule"].eq("publisher") & table["month_rule"].eq("months")]
    key = ["meter", "reading", "scope", "ends"]
    wide = table.set_index([*key, "largest"]).unstack("largest")
    found = pd.DataFrame({
        "models": wide[("models", "with")].astype(int),
        "China": wide[("china_pct", "with")],
        "United States": wide[("united_states_pct", "with")],
        "EU": wide[("eu_pct", "with")],
        "China without": wide[("china_pct", "without")],
        "US without": wide[("united_states_pct", "without")],
        "largest model": wide[("largest_model", "with")],
    }).reset_index()  # fmt: skip
    order = list(SCOPES)
    found["order"] = found["scope"].map(order.index)
    found = found.sort_values(["meter", "ends", "order", "reading"], ignore_index=True)
    return found.drop(columns="order")


def leader(found: dict[str, float], against: str = "United States") -> str:
    """Return who has more, China or the other side, in words.

    >>> leader({"China": 54.0, "United States": 44.0})
    'China'
    """
    return "China" if found["China"] > found[against] else f"the {against}"


def later(meter: str, scope: str) -> dict[str, dict[str, float]]:
    """Return the shares of later dates on the same meter: of whole laboratories on the Hub."""
    name = "ollama" if meter == "ollama" else "hub_thirty_days"
    found = rows(name, scope_of(name, scope)).set_index("ends")
    return {
        day: {f"{place}@{day[:7]}": value for place, value in shares(found.loc[day]).items()}
        for day in LATER[name]
    }


def summary(
    meter: str, found: dict[str, float], other: str, against: dict[str, float], side: str
) -> str:
    """Return what both meters say of September 2025, in one sentence.

    >>> summary("hub_counters", {"China": 54, "EU": 2}, "ollama", {"China": 31, "EU": 9}, "EU")
    'On Hub counters China has 54.0% and the EU 2.0%; on the Ollama library 31.0 and 9.0%'
    """
    return (
        f"On {THE[meter]} China has {found['China']:.1f}% and the {side} {found[side]:.1f}%;"
        f" on {THE[other]} {against['China']:.1f} and {against[side]:.1f}%"
    )


def risen(
    meter: str, found: dict[str, float | None], other: str, against: dict[str, float | None]
) -> str:
    """Return how China's share moved from autumn 2024 on both meters, in one sentence."""
    parts = []
    for name, values in ((meter, found), (other, against)):
        first, last = values.values()
        said = f"{first:.1f} to {last:.1f}%" if first is not None else "no share of autumn 2024"
        parts.append(f"{NAMES[name]}: {said}")
    return f"China's share from autumn 2024 to September 2025, {'; '.join(parts)}"
