"""Downloads: monthly flows between all-time counters, and their shares by region."""

import numpy as np
import pandas as pd

from ..evidence import store, tables

REGIONS = ("China", "United States", "EU")
SIX_LABS = ("Qwen", "deepseek-ai", "meta-llama", "facebook", "google", "microsoft", "mistralai")
SIX_LABS_COHORTS = ("Alibaba Cloud", "DeepSeek", "Meta Llama", "Google", "Microsoft", "Mistral AI_")


@store.once
def counters(basket: str = "atom_list", organisations: str = "six_labs") -> pd.DataFrame:
    """Return all-time counters, models down (index model, organisation, region) and dates across; missing before the first counter."""
    table = tables.load("download_counters")
    if basket == "atom_list":
        table = table[table["in_atom_list"].eq("True")]
    if organisations == "six_labs":
        table = table[table["organisation"].isin(SIX_LABS)]
    wide = table.pivot(
        index=["model", "organisation", "region"], columns="date", values="downloads"
    ).astype(float)
    return wide.set_axis(pd.to_datetime(wide.columns), axis=1)


def flows(wide: pd.DataFrame, before_release: str = "zero") -> pd.DataFrame:
    """Return downloads between dates, scaled to 30 days, in millions: models down, the window's last day across.

    A model without an earlier counter starts at zero, or is missing from its first window with `drop`.
    """
    filled = wide.fillna(0) if before_release == "zero" else wide
    days = pd.Series(wide.columns, index=wide.columns).diff().dt.days
    return (filled.diff(axis=1).iloc[:, 1:] * 30 / days.iloc[1:] / 1e6).round(6)


def shares(flow: pd.DataFrame, share_base: str = "three_regions") -> pd.DataFrame:
    """Return each window's shares in per cent: windows down, regions across, with the United States and EU added up."""
    by_region = flow.groupby(level="region").sum().reindex([*REGIONS, "Other"]).fillna(0)
    base = by_region if share_base == "plus_other" else by_region.loc[list(REGIONS)]
    found = (100 * base / base.sum()).T
    found["United States and EU"] = found["United States"] + found["EU"]
    return found.round(4).rename_axis("window_ends").rename_axis(None, axis=1)


def cross_section(
    vintage: str,
    organisations: str = "six_labs",
    created_after: str = "2022-11-30",
    share_base: str = "three_regions",
) -> pd.Series:
    """Return regional shares in per cent of the 30-day counts on one date, of repositories created since a day."""
    table = tables.load("download_cohorts")
    table = table[table["vintage"].eq(vintage) & table["created_from"].ge(created_after)]
    if organisations == "six_labs":
        table = table[table["organisation"].isin(SIX_LABS_COHORTS)]
    flow = table.set_index(["organisation", "region"])[["downloads_30_days"]].astype(float)
    return shares(flow, share_base).iloc[0].rename(vintage)


def crossover(
    table: pd.DataFrame, rule: str = "first_never_reversed", against: str = "United States"
) -> str:
    """Return the last day of the first window with China ahead, for good (first_never_reversed) or at all (first_window)."""
    ahead = table["China"] > table[against]
    if rule == "first_never_reversed":
        ahead = ahead[::-1].cummin()[::-1]
    return ahead[ahead].index[0].date().isoformat() if ahead.any() else "never"


def leave_one_out(
    flow: pd.DataFrame, level: str, share_base: str = "three_regions"
) -> pd.DataFrame:
    """Return, for each model or organisation left out, the last window's shares and the crossover for good."""
    rows = {}
    for left in flow.index.get_level_values(level).unique():
        table = shares(flow.drop(index=left, level=level), share_base)
        rows[left] = table.iloc[-1][["China", "United States"]].round(1).to_dict() | {
            "crossover": crossover(table)
        }
    found = pd.DataFrame(rows).T.rename_axis(f"{level} left out")
    return found.assign(lead=found["China"] - found["United States"]).sort_values(
        "lead", kind="stable"
    )


def bootstrap(flow: pd.DataFrame, draws: int = 2000, seed: int = 20251031) -> pd.DataFrame:
    """Redraw models within regions; return the 2.5, 50 and 97.5 percentiles of the last window's shares.

    A range over which few models carry a region, not a standard error: the basket was chosen, not drawn.
    """
    generator = np.random.default_rng(seed)
    last = flow.iloc[:, -1].fillna(0)
    totals = {}
    for region in REGIONS:
        values = last[last.index.get_level_values("region") == region].to_numpy()
        totals[region] = values[generator.integers(0, len(values), (draws, len(values)))].sum(
            axis=1
        )
    redrawn = pd.DataFrame(totals)
    redrawn = 100 * redrawn.div(redrawn.sum(axis=1), axis=0)
    return (
        redrawn.quantile([0.025, 0.5, 0.975]).T.set_axis(["low", "middle", "high"], axis=1).round(1)
    )
