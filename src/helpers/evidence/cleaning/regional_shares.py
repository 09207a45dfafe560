"""Clean table on regional shares: every date or window that two meters give, in every scope."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pandas as pd

from ..extracts.hub_lists import SIX_LABS, base, release
from ..schemas import Schema, count, date, schema, share, text
from ..tables import Table
from . import adoption, hub_lists, ollama

REGIONS = ("China", "United States", "EU")
# Narrow to wide. A list has no dates of creation, so `all_labs` is known from the other readings.
SCOPES = {
    "atom_list": "models of ATOM's list",
    "six_labs": "six laboratories, models since ChatGPT",
    "all_labs": "all laboratories, models since ChatGPT",
    "language_models": "all publishers, text generation",
    "six_labs_any_age": "six laboratories, any age",
    "all_counted": "all models with a counter, any age",
    "all_mapped": "all publishers, any age",
    "everything": "everything, publishers without region too",
}
SIX_PUBLISHERS = ("Alibaba", "DeepSeek", "Meta", "Google", "Microsoft", "Mistral")
SIX_COHORTS = ("Alibaba Cloud", "DeepSeek", "Meta Llama", "Google", "Microsoft", "Mistral AI_")
SINCE = "2022-11-30"
# Dates that cut a month in pieces: left out where windows are joined to months. The week to 3
# September 2025 is one model's jump; the others lie five to eleven days from their neighbours.
CUTS = ("2025-08-27", "2023-12-10", "2023-12-15", "2025-02-17")
BASES = {"us": "United States", "china": "China"}
KEY = ["meter", "reading", "scope", "ends", "month_rule", "rule", "largest"]


def clean_shares() -> pd.DataFrame:
    """Return every share: one row a date or window, scope and rule; columns as in `TABLES`."""
    rows = [*_counters(), *_lists(), *_cohorts(), *_pulls()]
    return pd.DataFrame(rows)[list(SCHEMA.columns)]


def summed(table: pd.DataFrame, whole: bool = False, left_out: bool = False) -> dict:
    """Add up `value` by region and take three shares.

    `table` has region, models, value, largest and largest_model. With `whole` the rest is in the
    base, else the three regions alone are; with `left_out` the largest model of the three regions
    is taken out.
    """
    inside = table[table["region"].isin(REGIONS)]
    totals = inside.groupby("region")["value"].sum().reindex(REGIONS).fillna(0)
    other = table["value"].sum() - totals.sum()
    place = inside["largest"].idxmax()
    name, largest = inside.loc[place, "largest_model"] or "not named", inside.loc[place, "largest"]
    if left_out:
        totals[inside.loc[place, "region"]] -= largest
    everything = totals.sum() + (other if whole else 0)
    found = {_column(region): int(totals[region]) for region in REGIONS} | {"other": int(other)}
    found |= {f"{_column(region)}_pct": 100 * totals[region] / everything for region in REGIONS}
    return found | {
        "models": int(table["models"].sum()) - left_out,
        "largest_model": name,
        "largest_pct": 100 * largest / (everything + left_out * largest),
    }


def _column(region: str) -> str:
    return region.lower().replace(" ", "_")


def _both(table: pd.DataFrame, whole: bool, **about: str) -> Iterator[dict]:
    """Yield the row with the largest model and the one without it."""
    for word in ("with", "without"):
        yield {"month_rule": "months", "rule": "publisher", **about, "largest": word} | summed(
            table, whole, word == "without"
        )


def _named(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return single models in the columns that `summed` reads."""
    return table.assign(
        models=1, value=table[value], largest=table[value], largest_model=table["model"]
    )


def _rebased(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the region of the base where a model's name states one."""
    return table.assign(region=table["base"].map(BASES).fillna(table["region"]))


def _counters() -> Iterator[dict]:
    """Yield the flows between all-time counters of the Hub."""
    table = adoption.clean_counters()
    table["base"] = table["model"].map(base)
    index = ["model", "organisation", "region", "base", "in_atom_list"]
    wide = table.pivot(index=index, columns="date", values="downloads").astype(float).fillna(0)
    for rule, start, end in windows(wide.columns):
        flow = (wide[end] - wide[start]).rename("flow").reset_index()
        for name, kept in _scopes(flow).items():
            about = {"meter": "Hub", "reading": "counters", "selection": "41 models"}
            about |= {"scope": name, "starts": start, "ends": end, "month_rule": rule}
            yield from _both(_named(kept, "flow"), False, **about)
            rebased = _named(_rebased(kept), "flow")
            yield from _both(rebased, False, **about, rule="base_model")


def windows(days: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return rule, start and end of every window, under both rules.

    >>> windows(["2025-07-30", "2025-08-27", "2025-09-03"])[0]
    ('months', '2025-07-30', '2025-09-03')
    """
    whole = list(days)
    joined = [day for day in whole if day not in CUTS]
    rules = {"months": joined, "windows": whole}
    return [(rule, *pair) for rule, dates in rules.items() for pair in pairwise(dates)]


def _scopes(flow: pd.DataFrame) -> dict[str, pd.DataFrame]:
    listed = flow[flow["in_atom_list"].eq("True") & flow["organisation"].isin(SIX_LABS)]
    since = flow["model"].map(release).eq("since")
    return {"atom_list": listed, "six_labs": flow[since], "all_counted": flow}


def _lists() -> Iterator[dict]:
    """Yield the dated lists: 30-day counts on one day."""
    table = hub_lists.clean_lists().rename(columns={"downloads": "value"})
    table["largest_model"] = table["largest_model"].fillna("")
    mapped = ~table["region"].isin(["Community", "Unplaced"])
    six = table["organisation"].isin(SIX_LABS)
    scopes = {
        "six_labs": six & table["release"].eq("since"),
        "atom_list": table["in_atom_list"].eq("True"),
        "language_models": mapped & table["task"].eq("text generation"),
        "all_mapped": mapped,
        "everything": mapped | ~mapped,
        "six_labs_any_age": six,
    }
    for name, wanted in scopes.items():
        for (day, selection), rows in table[wanted].groupby(["date", "selection"]):
            about = {"meter": "Hub", "reading": "list", "selection": selection, "scope": name}
            about |= {"starts": "", "ends": day}
            yield from _both(rows, name == "everything", **about)
            yield from _both(_rebased(rows), name == "everything", **about, rule="base_model")


def _cohorts() -> Iterator[dict]:
    """Yield the cross-sections of laboratories: no single model is known in them."""
    table = adoption.clean_cohorts().rename(columns={"downloads_30_days": "value"})
    table = table.assign(models=0, largest=0, largest_model="")
    six, since = table["organisation"].isin(SIX_COHORTS), table["created_from"].ge(SINCE)
    scopes = {"six_labs": six & since, "all_labs": since, "all_mapped": since | ~since,
        "six_labs_any_age": six}  # fmt: skip
    for name, wanted in scopes.items():
        for day, rows in table[wanted].groupby("vintage"):
            about = {"meter": "Hub", "reading": "laboratories", "selection": "25 laboratories"}
            about |= {"scope": name, "starts": "", "ends": day, "rule": "publisher"}
            about |= {"month_rule": "months", "largest": "with"}
            yield about | summed(rows)


def _pulls() -> Iterator[dict]:
    """Yield the flows between pages of the Ollama library; the first row is all pulls before it."""
    table = ollama.clean_pulls()
    index = ["model", "publisher", "region", "kind"]
    wide = table.pivot(index=index, columns="date", values="pulls").astype(float)
    wide = wide.ffill(axis=1).fillna(0)
    wide.insert(0, "", 0.0)
    for rule, start, end in windows(wide.columns):
        flow = (wide[end] - wide[start]).rename("flow").reset_index()
        flow = flow[wide[end].to_numpy() > 0]
        labs = flow[flow["kind"].eq("lab")]
        scopes = {
            "six_labs": labs[labs["publisher"].isin(SIX_PUBLISHERS)],
            "all_labs": labs,
            "everything": flow,
        }
        for name, kept in scopes.items():
            about = {"meter": "Ollama", "reading": "pulls", "selection": "library"}
            about |= {"scope": name, "starts": start, "ends": end, "month_rule": rule}
            yield from _both(_named(kept, "flow"), name == "everything", **about)


SCHEMA: Schema = schema(
    key=KEY,
    meter=text(["Hub", "Ollama"]),
    reading=text(["counters", "list", "laboratories", "pulls"]),
    selection=text(),
    scope=text(list(SCOPES)),
    starts=text(nullable=True),
    ends=date(),
    month_rule=text(["months", "windows"]),
    rule=text(["publisher", "base_model"]),
    largest=text(["with", "without"]),
    models=count(),
    china=count(),
    united_states=count(),
    eu=count(),
    other=count(),
    china_pct=share(),
    united_states_pct=share(),
    eu_pct=share(),
    largest_model=text(),
    largest_pct=share(),
)
TABLES = {
    "regional_shares": Table(
        "One row is the regional shares of downloads or pulls on one date or between two, in one"
        " scope.",
        SCHEMA,
        clean_shares,
    ),
}
