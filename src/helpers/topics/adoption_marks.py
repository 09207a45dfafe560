"""Adoption marks: what the debate's figure shows again, as rows to draw."""

import pandas as pd

from ..evidence.cleaning.regional_shares import REGIONS
from . import meters

LAST = pd.Timestamp("2025-10-15")  # the figure's September, in the reading that ends latest
# The Hub's dated lists, in the scope that is nearest to the chosen one.
LISTED = {"all_labs": "language_models"}
COLUMNS = ["entity", "x", "value", "mark", "panel"]


def hub(
    scope: str, largest: str = "with", rule: str = "publisher", month_rule: str = "months"
) -> pd.DataFrame:
    """Return the marks of the Hub: columns entity, x (the window's or list's last day), value, mark
    (counters, full list, partial list, thirty days), low and high (with and without the largest
    model), start of the window, panel."""
    parts = []
    if scope in ("six_labs", "atom_list"):
        parts.append(_marks("hub_counters", scope, "counters", largest, rule, month_rule))
    lists = _marks("hub_counters", LISTED.get(scope, scope), "list", largest, rule)
    lists["mark"] = lists["selection"] + " list"
    parts.append(lists)
    if scope != "atom_list":
        days = _marks("hub_thirty_days", meters.scope_of("hub_thirty_days", scope), "laboratories")
        parts.append(days[days["x"].eq(pd.Timestamp(meters.SEPTEMBER["hub_thirty_days"]))])
    return pd.concat(parts, ignore_index=True).assign(panel="Hugging Face Hub")


def ollama(scope: str, largest: str = "with", month_rule: str = "months") -> pd.DataFrame:
    """Return the marks of Ollama, in the columns of `hub`; the first is all pulls until its day."""
    own = meters.scope_of("ollama", scope)
    found = _marks("ollama", own, "pulls", largest, month_rule=month_rule)
    return found[found["x"].le(LAST)].assign(panel="Ollama library")


def _marks(
    meter: str,
    scope: str,
    reading: str,
    largest: str = "with",
    rule: str = "publisher",
    month_rule: str = "months",
) -> pd.DataFrame:
    """Return one row per date and region of a reading."""
    found = []
    both = [meters.rows(meter, scope, word, rule, month_rule, reading) for word in SIDES]
    shown, other = both if largest == "with" else both[::-1]
    for (_, row), (_, twin) in zip(shown.iterrows(), other.iterrows(), strict=True):
        about = {"x": pd.Timestamp(row["ends"]), "mark": reading, "selection": row["selection"]}
        about |= {"model": row["largest_model"], "model_pct": row["largest_pct"]}
        about["start"] = pd.Timestamp(row["starts"]) if row["starts"] == row["starts"] else pd.NaT
        for region, column in meters.COLUMN.items():
            pair = sorted((row[f"{column}_pct"], twin[f"{column}_pct"]))
            value = row[f"{column}_pct"]
            found.append(
                {"entity": region, "value": value, "low": pair[0], "high": pair[1], **about}
            )
    return pd.DataFrame(found)


SIDES = ("with", "without")


def restated(printed: pd.DataFrame) -> pd.DataFrame:
    """Return the restated readings of the printed curve, at the middle of their months."""
    rows = printed[printed["measure"].eq("share of new downloads")]
    rows = rows.assign(x=pd.to_datetime(rows["period"] + "-15"), mark="restated")
    rows = rows[rows["entity"].isin(REGIONS)]
    return rows.assign(panel="Hugging Face Hub")[COLUMNS].reset_index(drop=True)


def ranged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows in which `low` and `high` are known for lists alone, as they are drawn."""
    listed = rows["mark"].isin(["full list", "trending list"])
    return rows.assign(low=rows["low"].where(listed), high=rows["high"].where(listed))


def by_date(rows: pd.DataFrame, largest: str = "with") -> pd.DataFrame:
    """Return shares by date and mark: the three regions, China's without the date's largest model
    (or with it, where `largest` leaves it out), and that model with its share."""
    wide = rows.pivot(index=["x", "mark"], columns="entity", values="value")[list(REGIONS)]
    china = rows[rows["entity"].eq("China")].set_index(["x", "mark"])
    single = china["model_pct"].gt(0)
    other = "China without it" if largest == "with" else "China with it"
    wide["largest model"] = china["model"]
    wide["its share"] = china["model_pct"].where(single)
    wide[other] = (china["low"] + china["high"] - china["value"]).where(single)
    return wide.round(1).rename_axis(None, axis=1).reset_index("mark").rename_axis("to")
