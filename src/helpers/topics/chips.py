"""Chips: the fastest chip of each country in each vintage of a list, and the controls on them."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from .. import figures
from ..evidence import sources, tables
from ..project import FactcheckError

PAIR = ("China", "United States")
ACTORS = {"US": "United States", "China": "China"}
DEBATE = "2025-10-31"
NEAREST = "2025-11-01"  # the edition next to the debate
# Versions that Nvidia made for China under the rules, as the vintages spell them.
EXPORT = ("NVIDIA A800", "NVIDIA A800 SXM", "NVIDIA H800", "NVIDIA H800 SXM5", "NVIDIA HGX H20")
BITS = 16


def vintages() -> list[str]:
    """Return the vintages held of the hardware list, oldest first."""
    return sorted(tables.load("ai_chips")["vintage"].unique())


def source_of(vintage: str) -> str:
    """Return the id of the source behind an edition of the hardware list."""
    editions = sources.of_extract("chips.ml_hardware")
    return next(source.id for source in editions if source.edition == vintage)


def later() -> dict[str, dict[str, float]]:
    """Return both best chips of each edition after the debate, as of its own day: edition →
    "country@month" → value."""
    found = {}
    for vintage in [vintage for vintage in vintages() if vintage > NEAREST]:
        top = best(vintage, vintage)["value"]
        found[vintage] = {f"{place}@{vintage[:7]}": value for place, value in top.items()}
    return found


def released(vintage: str, as_of: str = DEBATE, column: str = "flop_16_bit") -> pd.DataFrame:
    """Return the single chips of China and the United States out by `as_of` that have a value,
    oldest first.

    Boards of several chips and numbers that count sparse operations are left out (`single_chip`);
    so are chips without a release day. Raises FactcheckError for a vintage that is not held.
    """
    if vintage not in vintages():
        raise FactcheckError(f"No hardware list of {vintage}: held are {', '.join(vintages())}.")
    table = tables.load("ai_chips")
    kept = table["vintage"].eq(vintage) & table["country"].isin(PAIR) & table["released"].le(as_of)
    kept &= table["single_chip"].eq("True") & table[column].notna()
    return table[kept].sort_values(["released", "chip"], ignore_index=True)


def best(vintage: str, as_of: str = DEBATE, column: str = "flop_16_bit") -> pd.DataFrame:
    """Return the chip with the highest value of each country, indexed by country: chip,
    manufacturer, released, value."""
    table = released(vintage, as_of, column).sort_values(
        [column, "released"], ascending=[False, True], kind="stable"
    )
    top = table.drop_duplicates("country").set_index("country").reindex(PAIR)
    return top[["chip", "manufacturer", "released", column]].rename(columns={column: "value"})


def by_vintage(as_of: str = DEBATE, column: str = "flop_16_bit") -> pd.DataFrame:
    """Return one row per vintage: both best chips, their values, and China's in per cent of the
    American one."""
    rows = []
    for vintage in vintages():
        top = best(vintage, as_of, column)
        china, states = top.loc["China"], top.loc["United States"]
        rows.append(
            (
                vintage,
                china["chip"],
                china["value"],
                states["chip"],
                states["value"],
                round(100 * china["value"] / states["value"], 1),
            )
        )
    return pd.DataFrame(
        rows,
        columns=[
            "vintage",
            "best Chinese chip",
            "China",
            "best US chip",
            "United States",
            "China in % of US",
        ],
    )


def lag_years(table: pd.DataFrame) -> float:
    """Return how many years before the best Chinese chip's release an American chip was first as
    fast.

    Negative where the Chinese chip came first; not a number where there is no Chinese chip, or no
    American one as fast.
    """
    china = table[table["country"].eq("China")].nlargest(1, "flop_16_bit")
    faster = table[
        table["country"].eq("United States") & table["flop_16_bit"].ge(china["flop_16_bit"].max())
    ]
    if faster.empty:
        return float("nan")
    return round(
        (pd.Timestamp(china["released"].iloc[0]) - pd.Timestamp(faster["released"].min())).days
        / 365.25,
        1,
    )


def export_versions(vintage: str) -> pd.DataFrame:
    """Return the versions that Nvidia made for China, as the vintage lists them: chip, released,
    flop_16_bit."""
    table = tables.load("ai_chips")
    table = table[table["vintage"].eq(vintage) & table["chip"].isin(EXPORT)]
    return table[["chip", "released", "flop_16_bit"]].sort_values("released", ignore_index=True)


def from_total_processing_performance(value: float) -> float:
    """Return the dense 16-bit FLOP/s of a total processing performance: trillions of operations a
    second times their length in bits.

    The measure of the US rules (15 CFR 774, ECCN 3A090, technical notes).

    >>> round(from_total_processing_performance(16000.0) / 1e12)
    1000
    """
    return value / BITS * 1e12


def controls(month: str) -> pd.DataFrame:
    """Return the export controls and answers to them up to a month (YYYY-MM), in order.

    Columns month, day, actor, label, effect, evidence.
    """
    table = tables.load("control_events")
    return table[table["month"].le(month)].sort_values(
        ["month", "day", "label"], na_position="first", ignore_index=True
    )


def control_marks(events: pd.DataFrame) -> pd.DataFrame:
    """Return one mark per control with a known day, ready to draw.

    Columns entity, x, value (the event's row), unit, panel, label.
    """
    days = events.assign(
        entity=events["actor"].map(ACTORS),
        x=pd.to_datetime(events["day"]),
        value=events.index.astype(float),
    )
    return days.dropna(subset=["x"]).assign(unit="row of the list", panel="events")[
        ["entity", "x", "value", "unit", "panel", "label"]
    ]


def draw_controls(ax: Axes, events: pd.DataFrame, turn: str = "2024-06") -> None:
    """Draw controls one below the other: a dot for a known day, a bar for a known month.

    Labels stand to the right before the month `turn`, then to the left.
    """
    figures.dots(ax, control_marks(events))
    for row, event in events.iterrows():
        first = pd.Timestamp(event["month"])
        last = first + pd.offsets.MonthEnd()
        if pd.isna(event["day"]):
            ax.hlines(row, first, last, color=figures.colour(ACTORS[event["actor"]]), linewidth=5)
        late = event["month"] >= turn
        text = event["label"]
        if event["effect"] != "other":
            text += f" ({event['effect']})"
        place: dict[str, Any] = {
            "xytext": (-8 if late else 8, 0),
            "textcoords": "offset points",
            "ha": "right" if late else "left",
            "va": "center",
        }
        ax.annotate(text, (first if late else last, row), fontsize=8.5, **place)
    ax.set(ylim=(len(events) - 0.4, -0.6), yticks=[])
    ax.grid(visible=True, axis="x")
