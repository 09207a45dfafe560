"""Downloads: flows of single models between dated counters, on two meters, and what rests on one.

Flows are numbers of downloads (Hugging Face Hub) or pulls (Ollama): models down (index model,
organisation, region), the last day of each window across.
"""

import numpy as np
import pandas as pd

from ..evidence import store, tables
from ..evidence.cleaning.regional_shares import BASES, REGIONS, SIX_PUBLISHERS, windows
from ..evidence.extracts.hub_lists import SIX_LABS, base, release

NEVER = "never"
INDEX = ["model", "organisation", "region"]


@store.once
def flows(
    meter: str, scope: str = "six_labs", month_rule: str = "months", rule: str = "publisher"
) -> pd.DataFrame:
    """Return the flows of a meter (hub, ollama) in a scope (see `cleaning.regional_shares`).

    A model without an earlier counter starts at zero, one that is missing on a date keeps its last
    counter. With `rule` base_model a model whose name states another region's base stands there.
    """
    table, value = _hub(scope, rule) if meter == "hub" else _ollama(scope)
    wide = table.pivot(index=INDEX, columns="date", values=value).astype(float)
    wide = wide.ffill(axis=1).fillna(0)
    kept = [(start, end) for each, start, end in windows(wide.columns) if each == month_rule]
    found = {pd.Timestamp(end): wide[end] - wide[start] for start, end in kept}
    return pd.DataFrame(found).rename_axis("window_ends", axis=1)


def _hub(scope: str, rule: str) -> tuple[pd.DataFrame, str]:
    table = tables.load("download_counters")
    if rule == "base_model":
        table["region"] = table["model"].map(base).map(BASES).fillna(table["region"])
    if scope == "atom_list":
        own = table["organisation"].isin(SIX_LABS)
        table = table[table["in_atom_list"].eq("True") & own]
    if scope == "six_labs":
        table = table[table["model"].map(release).eq("since")]
    return table, "downloads"


def _ollama(scope: str) -> tuple[pd.DataFrame, str]:
    table = tables.load("ollama_pulls").rename(columns={"publisher": "organisation"})
    if scope != "everything":
        table = table[table["kind"].eq("lab")]
    if scope in ("six_labs", "atom_list"):
        table = table[table["organisation"].isin(SIX_PUBLISHERS)]
    return table, "pulls"


def shares(flow: pd.DataFrame) -> pd.DataFrame:
    """Return each window's shares of three regions in per cent: windows down, regions across."""
    totals = flow.groupby(level="region").sum().reindex(REGIONS).fillna(0)
    return (100 * totals / totals.sum()).T.rename_axis(None, axis=1)


def crossover(table: pd.DataFrame, rule: str = "first_never_reversed") -> str:
    """Return the last day of the first window with China ahead of the United States.

    For good (first_never_reversed) or at all (first_window); "never" where it is not.
    """
    ahead = table["China"] > table["United States"]
    if rule == "first_never_reversed":
        ahead = ahead[::-1].cummin()[::-1]
    return ahead[ahead].index[0].date().isoformat() if ahead.any() else NEVER


def passing(flow: pd.DataFrame) -> dict[str, object]:
    """Return when China passes the United States, and how far that rests on single models.

    `at all` and `for good` are last days of windows; `models` how many there are, `same month` how
    many of them may be left out, one at a time, without moving the month of passing for good, and
    `same leader` without moving who leads in the last window.
    """
    whole = shares(flow)
    month = crossover(whole)
    lead = whole["China"].iloc[-1] > whole["United States"].iloc[-1]
    alone = leave_one_out(flow)
    return {
        "at all": crossover(whole, "first_window"),
        "for good": month,
        "models": len(alone),
        "same month": int((alone["for good"] == month).sum()),
        "same leader": int(((alone["lead"] > 0) == lead).sum()),
    }


def leave_one_out(flow: pd.DataFrame) -> pd.DataFrame:
    """Return, for each model left out, China's lead in the last window and the month of passing.

    Columns China, United States, lead (percentage points) and `for good`; the smallest lead first.
    """
    regions = flow.index.get_level_values("region").to_numpy()
    totals = flow.groupby(level="region").sum().reindex(REGIONS).fillna(0).to_numpy()
    own = (regions[:, None] == np.array(REGIONS))[:, :, None] * flow.to_numpy()[:, None, :]
    rest = totals - own
    parts = 100 * rest / rest.sum(axis=1, keepdims=True)
    ahead = parts[:, 0] > parts[:, 1]
    good = np.logical_and.accumulate(ahead[:, ::-1], axis=1)[:, ::-1]
    days = [day.date().isoformat() for day in flow.columns]
    month = [days[row.argmax()] if row.any() else NEVER for row in good]
    names = flow.index.get_level_values("model").rename("model left out")
    found = pd.DataFrame(parts[:, :2, -1].round(1), index=names, columns=list(REGIONS[:2]))
    found["for good"] = month
    found["lead"] = (parts[:, 0, -1] - parts[:, 1, -1]).round(1)
    return found.sort_values("lead", kind="stable")


def redraws(flow: pd.DataFrame, draws: int = 2000, seed: int = 20251031) -> pd.DataFrame:
    """Redraw models within regions; return the three shares of the last window in each draw.

    A range over which few models carry a region, no standard error: the models were chosen.
    """
    generator = np.random.default_rng(seed)
    totals = {}
    for region in REGIONS:
        last = flow.iloc[:, -1][flow.index.get_level_values("region") == region].to_numpy()
        places = generator.integers(0, len(last), (draws, len(last)))
        totals[region] = last[places].sum(axis=1)
    redrawn = pd.DataFrame(totals)
    return 100 * redrawn.div(redrawn.sum(axis=1), axis=0)
