"""Lag: how many months the best Chinese model stands behind the best American one."""

import numpy as np
import pandas as pd

from .. import project
from ..evidence import store, tables
from ..project import FactcheckError
from . import efficiency

SINCE = "2023-07-01"
DAYS_PER_MONTH = 365.25 / 12
RULES = ("daily_mean", "at_release", "on_day")


def records(models: pd.DataFrame, side: str, as_of: str) -> pd.DataFrame:
    """Return the models of a side that beat all of its earlier ones, oldest first.

    `models` has the columns side, released, score, version; versions without a day are left out.
    """
    rows = models[models["side"].eq(side) & models["released"].le(as_of)].sort_values(
        ["released", "score"], ascending=[True, False]
    )
    best = rows["score"].astype(float).cummax().shift(fill_value=-np.inf)
    rows = rows.loc[rows["score"].gt(best), ["released", "score", "version"]].reset_index(drop=True)
    return rows.assign(released=pd.to_datetime(rows["released"]))


def daily(
    models: pd.DataFrame,
    as_of: str,
    since: str = SINCE,
    behind: str = "China",
    ahead: str = "United States",
) -> pd.Series:
    """Return for each day the months since `ahead` first reached the best score of `behind`.

    Zero on a day when `ahead` has not reached it: then `behind` leads. Days before `behind` has a
    model are left out.
    """
    trailing, leading = records(models, behind, as_of), records(models, ahead, as_of)
    days = pd.date_range(since, as_of)
    if trailing.empty or leading.empty:
        return pd.Series(dtype=float)
    place = np.searchsorted(trailing["released"].to_numpy(), days.to_numpy(), side="right") - 1
    days, place = days[place >= 0], place[place >= 0]
    score = trailing["score"].to_numpy()[place]
    reached = np.searchsorted(leading["score"].to_numpy(), score, side="left")
    first = np.append(leading["released"].to_numpy(), np.datetime64("NaT"))[reached]
    months = (days.to_numpy() - first) / np.timedelta64(1, "D") / DAYS_PER_MONTH
    return pd.Series(np.where(np.isnan(months), 0, np.maximum(months, 0)), index=days)


def at_release(models: pd.DataFrame, as_of: str, since: str = SINCE) -> pd.DataFrame:
    """Return the months between each Chinese record and the first US model at least as good.

    Columns version, released, score, months: negative where the US came later, missing where it has
    not reached the score.
    """
    trailing, leading = records(models, "China", as_of), records(models, "United States", as_of)
    trailing = trailing[trailing["released"].ge(since)].reset_index(drop=True)
    reached = np.searchsorted(
        leading["score"].to_numpy(), trailing["score"].to_numpy(), side="left"
    )
    first = np.append(leading["released"].to_numpy(), np.datetime64("NaT"))[reached]
    return trailing.assign(
        months=(trailing["released"].to_numpy() - first) / np.timedelta64(1, "D") / DAYS_PER_MONTH
    )


def months(models: pd.DataFrame, rule: str, as_of: str) -> float | None:
    """Return the lag in months by a rule: mean over days, over records at release, or on a day.

    Raises FactcheckError for another rule; None where a side has no model.
    """
    if rule not in RULES:
        raise FactcheckError(f"{rule!r} is no rule for the lag: use one of {', '.join(RULES)}.")
    return _by(
        rule,
        at_release(models, as_of)["months"].dropna()
        if rule == "at_release"
        else daily(models, as_of),
    )


def by_rule(models: pd.DataFrame, as_of: str) -> dict[str, float | None]:
    """Return the lag in months by every rule."""
    releases, days = at_release(models, as_of)["months"].dropna(), daily(models, as_of)
    return {rule: _by(rule, releases if rule == "at_release" else days) for rule in RULES}


@store.once
def published(measure: str, as_of: str, vintage: str = project.DEBATE) -> pd.Series:
    """Return the lag in months by every rule, in the scores of a vintage (`efficiency.scored`)."""
    return pd.Series(by_rule(efficiency.scored(measure, vintage), as_of), dtype=float)


def in_arena(vintage: str, rule: str) -> float:
    """Return the months by which the best Chinese model of an arena export trails.

    Counted from the first US model rated at least as high, up to the export's day, or by
    `at_release` up to the Chinese model's release; an export holds no daily history to average.
    """
    leads = tables.load("arena_leads").query("vintage == @vintage")
    best = leads[leads["what"].eq("best") & leads["side"].eq("China")]["released"].item()
    first = leads[leads["what"].str.startswith("first US model")]["released"].item()
    end = best if rule == "at_release" else vintage
    return (pd.Timestamp(end) - pd.Timestamp(first)).days / DAYS_PER_MONTH


def above_in_arena(
    vintage: str, name: str, flop: float | None, min_flop: float = 0.0
) -> float | None:
    """Return how many US models rated at least as high as `name` needed no more than `flop`.

    None without `flop`. Compute as published by early November 2025, with the scores or in the
    large-scale list; a model with none does not count. Ratings are votes of users, derived from
    exports that may not be copied.
    """
    leads = tables.load("arena_leads")
    listed = tables.load("compute_estimates").query("vintage == '2025-11-01'")
    beside = tables.load("model_capabilities")
    beside = beside[beside["vintage"].eq(project.DEBATE)]
    known = (
        pd.concat([listed, beside])
        .dropna(subset=["flop"])
        .drop_duplicates("model")
        .set_index("model")["flop"]
    )
    if flop is None or pd.isna(flop):
        return None
    rated = leads["what"].eq(f"US model rated at least as high as {name}")
    better = leads[leads["vintage"].eq(vintage) & rated]["model"]
    return float(known.reindex(better).between(min_flop, flop).sum())


def _by(rule: str, series: pd.Series) -> float | None:
    return None if series.empty else float(series.iloc[-1] if rule == "on_day" else series.mean())
