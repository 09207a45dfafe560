"""Efficiency: which models reach a capability, and with how much training compute."""

import pandas as pd

from ..evidence import store, tables
from ..project import DEBATE, FactcheckError

US, CN = "United States", "China"
NAMED = ("DeepSeek-V3", "Qwen2.5-Max")
# Which lists say how a compute value was estimated: the last one up to a compute vintage, then an
# older.
METHODS = {"2025-03-11": ("2025-02-24",), DEBATE: ("2025-06-20", "2025-02-24")}


@store.once
def circular(flop_vintage: str = DEBATE) -> set[str]:
    """Return the models whose compute was estimated from scores, by the last published method."""
    table = tables.load("compute_estimates").dropna(subset=["method"])
    method: dict[str, str] = {}
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
    """Return every scored model version of one measure and vintage, with its published compute.

    Columns version, model, side, released, accessibility, score, low, high, flop, confidence. With
    `flop_vintage` before the debate, compute comes by model name from the full list of that day (a
    name with two values stays blank); scores of another `vintage` come with their own.
    `third_party_flop` fills Qwen2.5-Max with an outsider's estimate. Raises FactcheckError for a
    vintage not held.
    """
    table = tables.load("model_capabilities")
    table = table[table["measure"].eq(capability) & table["vintage"].eq(vintage)]
    if table.empty:
        raise FactcheckError(
            f"No {capability} scores of {vintage}: `factcheck sources list` shows them."
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
    capability: str = "eci",
    flop_vintage: str = DEBATE,
    exclude_benchmark_based: bool = True,
    min_flop: float = 0.0,
    exclude_distilled: bool = False,
    as_of: str = "2025-10-31",
    third_party_flop: bool = False,
    vintage: str = DEBATE,
) -> dict[str, pd.DataFrame]:
    """Return the model versions left after each step, by its name; the last are those compared.

    Steps: scored, released by `as_of` (a version without a day is left out), compute published,
    not estimated from scores, not distilled, compute at least `min_flop`. A step that a choice
    switches off is left out.
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
    """Return the model versions compared: the last step of `funnel`, whose arguments these are."""
    return funnel(**choices)["above the floor"]


def first_version(models: pd.DataFrame, name: str) -> pd.Series | None:
    """Return a model's first version, the best scored of its day; None where it is not there."""
    rows = models[models["model"].eq(name)].sort_values(
        ["released", "score"], ascending=[True, False]
    )
    return None if rows.empty else rows.iloc[0]


def dominating(models: pd.DataFrame, name: str, side: str | None = US) -> pd.DataFrame | None:
    """Return a side's other models (None: all) at least as capable as `name` for no more compute.

    One row a model, its best version. None where `name` has no score or no compute among `models`:
    then nothing can be said.
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
    """Return a side's model that is as capable as `name` with least compute; empty if none is."""
    target = first_version(models, name)
    able = (
        models[models["side"].eq(side) & models["score"].ge(target["score"])].sort_values("flop")
        if target is not None
        else models[:0]
    )
    return able.iloc[0].drop(["side", "accessibility"]) if len(able) else pd.Series(dtype=object)


def best(name: str, top: int = 10, **choices) -> pd.DataFrame:
    """Return the `top` American models of a measure, the best first, and how they compare.

    `choices` are those of `funnel`. Columns model, released, score, flop, confidence, compared
    (whether its compute is usable) and dominates (it is at least as capable as `name` for no more
    compute).
    """
    steps = funnel(**choices)
    compared = list(steps.values())[-1]
    rows = steps["released in time"]
    rows = rows[rows["side"].eq(US)].sort_values("score", ascending=False, kind="stable")
    rows = rows.drop_duplicates("model").head(top)
    found = dominating(compared, name)
    shown = rows[["model", "released", "score", "flop", "confidence"]].assign(
        compared=rows["model"].isin(compared["model"]),
        dominates=rows["model"].isin([] if found is None else found["model"]),
    )
    return shown.reset_index(drop=True)
