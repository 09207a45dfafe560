"""Levels: what each country needs at equal capability, and who stands on the frontier of both."""

import numpy as np
import pandas as pd

from .. import project
from ..evidence import store, tables
from . import efficiency
from .efficiency import CN, US


def on_frontier(models: pd.DataFrame) -> pd.Series:
    """Say of each version whether no other does as well for no more compute (Pareto frontier).

    >>> on_frontier(pd.DataFrame({"score": [1.0, 2.0, 2.0], "flop": [1.0, 3.0, 2.0]})).tolist()
    [True, False, True]
    """
    return pd.Series(
        _on_frontier(models["score"].to_numpy(), models["flop"].to_numpy()), index=models.index
    )


def _on_frontier(score: np.ndarray, flop: np.ndarray) -> np.ndarray:
    reach = (score[:, None] >= score) & (flop[:, None] <= flop)
    better = (score[:, None] > score) | (flop[:, None] < flop)
    return np.logical_not((reach & better).any(axis=0))


def _least(score: np.ndarray, flop: np.ndarray, marks: np.ndarray) -> np.ndarray:
    needed = np.where(score[:, None] >= marks, flop[:, None], np.inf).min(axis=0, initial=np.inf)
    return np.where(np.isinf(needed), np.nan, needed)


def least_compute(
    score: np.ndarray, flop: np.ndarray, china: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the capabilities that mark a country's frontier and both reach, and the least compute.

    `score` and `flop` have one row a draw and one column a version; `china` says which versions are
    Chinese, the others are taken as American. So have the three that are returned, capabilities
    falling; places without such a capability are missing in all.
    """
    place = np.arange(score.shape[1])
    order = np.lexsort((flop, -score))
    score, flop, china = (
        np.take_along_axis(score, order, 1),
        np.take_along_axis(flop, order, 1),
        china[order],
    )
    differs, edge = score[:, 1:] != score[:, :-1], np.ones((len(score), 1), dtype=bool)
    starts, ends = (
        np.hstack([edge, differs]),
        np.hstack([differs, edge]),
    )  # of runs of versions that are equally capable
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, place, len(place))[:, ::-1], axis=1)[:, ::-1]
    needed, marks = [], np.zeros((len(score), len(place) + 1), dtype=int)
    for own in (china, ~china):
        least = np.minimum.accumulate(np.where(own, flop, np.inf), axis=1)
        needed.append(np.take_along_axis(least, last, 1))
        above = np.take_along_axis(np.hstack([np.full(edge.shape, np.inf), least]), first, 1)
        marks[:, 1:] += np.cumsum(own & (flop < above) & (flop == needed[-1]), axis=1)
    marked = marks[:, 1:] > np.take_along_axis(marks, first, 1)
    both = ends & marked & np.isfinite(needed[0]) & np.isfinite(needed[1])
    china_, other = needed
    values = (np.where(both, each, np.nan) for each in (score, china_, other))
    return next(values), next(values), next(values)


def at_equal_capability(models: pd.DataFrame, floor: float = -np.inf) -> pd.DataFrame:
    """Compare the least compute of China and the United States at each level of their frontiers.

    Columns score, China, United States (FLOP) and ratio, China over United States; only
    capabilities that both reach, from the score `floor` up.
    """
    both = models[models["side"].isin([CN, US])]
    found = least_compute(
        both[["score"]].to_numpy(dtype=float).T,
        both[["flop"]].to_numpy(dtype=float).T,
        both["side"].eq(CN).to_numpy(),
    )
    table = pd.DataFrame(np.vstack(found).T[::-1], columns=["score", CN, US]).dropna(
        ignore_index=True
    )
    table = table[table["score"].ge(floor)].reset_index(drop=True)
    return table.assign(ratio=table[CN] / table[US])


def over_cheapest(models: pd.DataFrame, side: str, other: str) -> pd.Series:
    """Return each model's compute over that of the other side's cheapest one as capable."""
    own, rivals = models[models["side"].eq(side)], models[models["side"].eq(other)]
    needed = _least(rivals["score"].to_numpy(), rivals["flop"].to_numpy(), own["score"].to_numpy())
    return pd.Series(own["flop"].to_numpy() / needed, index=own["version"])


def headline(ratios: pd.Series, higher: float, lower: float) -> str:
    """Say in one line where China needs less compute, from ratios of China to the United States.

    `higher` is the median from a named model's level up, `lower` the one below it.

    >>> headline(pd.Series([4.0, 0.1]), 0.1, 4.0)
    'China needs less compute at the top, more below it'
    >>> headline(pd.Series([4.0, 3.0]), 3.0, 4.0)
    'China needs less compute at 0 of 2 levels'
    """
    if higher < 1 < lower:
        return "China needs less compute at the top, more below it"
    return f"China needs less compute at {(ratios < 1).sum()} of {len(ratios)} levels"


def in_words(higher: float, lower: float) -> str:
    """Say both medians of `headline`; without a level below, only the first.

    >>> in_words(0.11, float("nan"))
    "0.11 times at DeepSeek-V3's level and above, with no level below it to compare"
    """
    said = "no level" if np.isnan(higher) else f"{higher:.2f} times"
    under = f"{lower:.2f} times below it"
    if np.isnan(lower):
        under = "with no level below it to compare"
    return f"{said} at DeepSeek-V3's level and above, {under}"


def by_scope(
    name: str, days: tuple[str, ...] = ("2025-02-28", "2025-10-31"), **choices
) -> pd.DataFrame:
    """Return the answers by measure, day and scope: all, from 1e24 FLOP, not distilled.

    Columns measure, day, scope, US models (that dominate `name`) and the median ratio at equal
    capability, China over United States: ratio (all levels) and ratio at the top (from the level of
    `name` up). Compute as of the debate; other choices as given.
    """
    fixed = {
        "as_of": max(days),
        "min_flop": 0.0,
        "exclude_distilled": False,
        "flop_vintage": project.DEBATE,
    }
    return _by_scope(
        name,
        days,
        **{choice: value for choice, value in (choices | fixed).items() if choice != "capability"},
    )


@store.once
def _by_scope(name: str, days: tuple[str, ...], **choices) -> pd.DataFrame:
    listed = tables.load("distilled_models").query("distilled == 'True'")["model"]
    rows = []
    for measure in ("eci", "gpqa", "math_l5"):
        models = efficiency.universe(**choices | {"capability": measure})
        first = efficiency.first_version(models, name)
        floor = np.nan if first is None else first["score"]
        scopes = {
            "all": True,
            "from 10²⁴ FLOP": models["flop"].ge(1e24),
            "not distilled": ~models["version"].isin(listed),
        }
        for day in days:
            for scope, within in scopes.items():
                world = models[models["released"].le(day) & within]
                found = efficiency.count(efficiency.dominating(world, name))
                medians = [
                    at_equal_capability(world, low)["ratio"].median() for low in (-np.inf, floor)
                ]
                rows.append((measure, day, scope, found, *medians))
    columns = ["measure", "day", "scope", "US models", "ratio", "ratio at the top"]
    return pd.DataFrame(rows, columns=columns)
