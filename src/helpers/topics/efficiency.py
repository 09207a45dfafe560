"""Efficiency: which models reach a capability, and with how much training compute."""

import numpy as np
import pandas as pd

from ..evidence import store, tables
from ..project import DEBATE, FactcheckError

US, CN = "United States", "China"
NAMED = ("DeepSeek-V3", "Qwen2.5-Max")
# Which list says how a compute value was estimated: the last one up to a compute vintage that has the column, then an older one.
METHODS = {"2025-03-11": ("2025-02-24",), DEBATE: ("2025-06-20", "2025-02-24")}


@store.once
def circular(flop_vintage: str = DEBATE) -> set[str]:
    """Return the models whose compute was estimated from benchmark scores, by the last published method up to a compute vintage."""
    table = tables.load("compute_estimates").dropna(subset=["method"])
    method = {}
    for vintage in reversed(METHODS[flop_vintage]):
        method |= (
            table[table["vintage"].eq(vintage)].groupby("model")["method"].agg(",".join).to_dict()
        )
    return {model for model, how in method.items() if "Benchmarks" in how}


@store.once
def scored(
    capability: str = "eci",
    vintage: str = DEBATE,
    flop_vintage: str = DEBATE,
    third_party_flop: bool = False,
) -> pd.DataFrame:
    """Return every scored model version of one measure and vintage, with its compute where it is published.

    Columns version, model, side, released, accessibility, score, low, high, flop, confidence. With `flop_vintage` before the debate,
    compute comes by model name from the full list of that day (a name with two values stays blank); scores of another `vintage` come
    with their own. `third_party_flop` fills Qwen2.5-Max with an outsider's estimate. Raises FactcheckError for a vintage not held.
    """
    table = tables.load("model_capabilities")
    table = table[table["measure"].eq(capability) & table["vintage"].eq(vintage)]
    if table.empty:
        raise FactcheckError(
            f"No {capability} scores of {vintage}: `factcheck sources list` shows the vintages held."
        )
    if vintage == DEBATE and flop_vintage != DEBATE:
        known = tables.load("compute_estimates").dropna(subset=["flop"])
        known = (
            known[known["vintage"].eq(flop_vintage)]
            .drop_duplicates("model", keep=False)
            .set_index("model")
        )
        table = table.assign(
            flop=table["model"].map(known["flop"]),
            confidence=table["model"].map(known["confidence"]),
        )
    if third_party_flop:
        printed = (
            tables.load("training_printed")
            .query("measure == 'training compute' and entity == 'Qwen2.5-Max'")["value"]
            .item()
        )
        filled = table["model"].eq("Qwen2.5-Max") & table["flop"].isna()
        table = table.assign(
            flop=table["flop"].mask(filled, printed),
            confidence=table["confidence"].mask(filled, "Speculative"),
        )
    return table.drop(columns=["measure", "vintage"]).reset_index(drop=True)


def funnel(
    capability: str = "eci", flop_vintage: str = DEBATE, exclude_benchmark_based: bool = True, min_flop: float = 0.0,
    exclude_distilled: bool = False, as_of: str = "2025-10-31", third_party_flop: bool = False, vintage: str = DEBATE,
) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Return the model versions left after each step, by the step's name; the last step holds those that are compared.

    Steps: scored, released by `as_of` (a version without a day is left out), compute published, not estimated from scores,
    not distilled, compute at least `min_flop`. A step that a choice switches off is left out.
    """
    steps = {"scored": scored(capability, vintage, flop_vintage, third_party_flop)}
    models = steps["released in time"] = steps["scored"][steps["scored"]["released"].le(as_of)]
    models = steps["compute published"] = models[models["flop"].notna()]
    if exclude_benchmark_based:
        models = steps["not estimated from scores"] = models[
            ~models["model"].isin(circular(flop_vintage))
        ]
    if exclude_distilled:
        listed = tables.load("distilled_models").query("distilled == 'True'")["model"]
        models = steps["not distilled"] = models[~models["version"].isin(listed)]
    steps["above the floor"] = models[models["flop"].ge(min_flop)].reset_index(drop=True)
    return steps


@store.once
def universe(**choices) -> pd.DataFrame:
    """Return the model versions that are compared: the last step of `funnel`, whose arguments these are."""
    return funnel(**choices)["above the floor"]


def first_version(models: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a model's first released version, the best scored of that day; None where it is not among `models`."""
    rows = models[models["model"].eq(name)].sort_values(
        ["released", "score"], ascending=[True, False]
    )
    return None if rows.empty else rows.iloc[0]


def dominating(models: pd.DataFrame, name: str, side: str | None = US) -> pd.DataFrame | None:
    """Return the other models of a side (None: all) at least as capable as `name` for no more compute, best version each.

    None where `name` has no score or no compute among `models`: then nothing can be said.
    """
    target = first_version(models, name)
    if target is None:
        return None
    found = models[
        models["score"].ge(target["score"])
        & models["flop"].le(target["flop"])
        & models["model"].ne(name)
    ]
    found = found[found["side"].eq(side)] if side else found
    return (
        found.sort_values("score", ascending=False).drop_duplicates("model").reset_index(drop=True)
    )


def count(found: pd.DataFrame | None) -> float | None:
    """Return how many models were found, None where nothing can be said."""
    return None if found is None else float(len(found))


def cheapest_equal(models: pd.DataFrame, name: str, side: str = US) -> pd.Series:
    """Return the model of a side that reaches the capability of `name` with least compute,; empty if none does."""
    target = first_version(models, name)
    able = (
        models[models["side"].eq(side) & models["score"].ge(target["score"])].sort_values("flop")
        if target is not None
        else models[:0]
    )
    return able.iloc[0].drop(["side", "accessibility"]) if len(able) else pd.Series(dtype=object)


def on_frontier(models: pd.DataFrame) -> pd.Series:
    """Say of each model version whether no other has at least its capability for no more compute (Pareto frontier).

    >>> on_frontier(pd.DataFrame({"score": [1.0, 2.0, 2.0], "flop": [1.0, 3.0, 2.0]})).tolist()
    [True, False, True]
    """
    return pd.Series(
        _on_frontier(models["score"].to_numpy(), models["flop"].to_numpy()), index=models.index
    )


def _on_frontier(score: np.ndarray, flop: np.ndarray) -> np.ndarray:
    reach = (score[:, None] >= score) & (flop[:, None] <= flop)
    return ~(reach & ((score[:, None] > score) | (flop[:, None] < flop))).any(axis=0)


def _least(score: np.ndarray, flop: np.ndarray, marks: np.ndarray) -> np.ndarray:
    needed = np.where(score[:, None] >= marks, flop[:, None], np.inf).min(axis=0, initial=np.inf)
    return np.where(np.isinf(needed), np.nan, needed)


def least_compute(
    score: np.ndarray, flop: np.ndarray, china: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the capabilities that mark either country's own frontier and both reach, and the least compute of each there.

    `score` and `flop` have one row a draw and one column a version; `china` says which versions are Chinese, the others are taken as
    American. So have the three that are returned, capabilities falling; places without such a capability are missing in all.
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
    return tuple(np.where(both, values, np.nan) for values in (score, *needed))


def at_equal_capability(models: pd.DataFrame) -> pd.DataFrame:
    """Compare the least compute of China and of the United States at every capability that marks either one's own frontier.

    Columns score, China, United States (FLOP) and ratio, China over United States; only capabilities that both reach.
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
    return table.assign(ratio=table[CN] / table[US])


def over_cheapest(models: pd.DataFrame, side: str, other: str) -> pd.Series:
    """Return each model's compute over that of the other side's cheapest at least as capable; missing where that side has none."""
    own, rivals = models[models["side"].eq(side)], models[models["side"].eq(other)]
    needed = _least(rivals["score"].to_numpy(), rivals["flop"].to_numpy(), own["score"].to_numpy())
    return pd.Series(own["flop"].to_numpy() / needed, index=own["version"])


def by_scope(
    name: str, days: tuple[str, ...] = ("2025-02-28", "2025-10-31"), **choices
) -> pd.DataFrame:
    """Return the answers by measure, day and scope (all, from 1e24 FLOP, not distilled), with the compute estimates of the debate.

    Columns measure, day, scope, US models (that dominate `name`) and ratio (median at equal capability, China over United States);
    other choices as given.
    """
    fixed = {
        "as_of": max(days),
        "min_flop": 0.0,
        "exclude_distilled": False,
        "flop_vintage": DEBATE,
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
        models = universe(**choices | {"capability": measure})
        scopes = {
            "all": True,
            "from 10²⁴ FLOP": models["flop"].ge(1e24),
            "not distilled": ~models["version"].isin(listed),
        }
        for day in days:
            for scope, within in scopes.items():
                world = models[models["released"].le(day) & within]
                rows.append(
                    (
                        measure,
                        day,
                        scope,
                        count(dominating(world, name)),
                        at_equal_capability(world)["ratio"].median(),
                    )
                )
    return pd.DataFrame(rows, columns=["measure", "day", "scope", "US models", "ratio"])
