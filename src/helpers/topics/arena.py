"""Arena: what votes of users say, derived from exports that may not be copied."""

import pandas as pd

from ..evidence import tables
from .efficiency import DEBATE
from .lag import DAYS_PER_MONTH


def lag(vintage: str, rule: str) -> float:
    """Return the months between the best Chinese model of an arena export and the first US model rated at least as high.

    Up to the export's day, or by `at_release` up to the Chinese model's release; an export holds no daily history to average.
    """
    leads = tables.load("arena_leads").query("vintage == @vintage")
    best = leads[leads["what"].eq("best") & leads["side"].eq("China")]["released"].item()
    first = leads[leads["what"].str.startswith("first US model")]["released"].item()
    end = best if rule == "at_release" else vintage
    return (pd.Timestamp(end) - pd.Timestamp(first)).days / DAYS_PER_MONTH


def above(vintage: str, name: str, flop: float | None, min_flop: float = 0.0) -> float | None:
    """Return how many US models rated at least as high as `name` in an arena export needed no more than `flop`; None without `flop`.

    Compute as published by early November 2025, with the scores or in the large-scale list; a model with none does not count.
    """
    leads, listed = (
        tables.load("arena_leads"),
        tables.load("compute_estimates").query("vintage == '2025-11-01'"),
    )
    beside = tables.load("model_capabilities")
    beside = beside[beside["vintage"].eq(DEBATE)]
    known = (
        pd.concat([listed, beside])
        .dropna(subset=["flop"])
        .drop_duplicates("model")
        .set_index("model")["flop"]
    )
    better = leads[
        leads["vintage"].eq(vintage)
        & leads["what"].eq(f"US model rated at least as high as {name}")
    ]["model"]
    return (
        None
        if flop is None or pd.isna(flop)
        else float(known.reindex(better).between(min_flop, flop).sum())
    )
