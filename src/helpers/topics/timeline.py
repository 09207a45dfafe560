"""Timeline: dated events drawn one below the other on a time axis, those of which only the month is known as bars."""

import pandas as pd
from matplotlib.axes import Axes

from .. import figures
from ..evidence import tables

ACTORS = {"US": "United States", "China": "China"}


def until(month: str) -> pd.DataFrame:
    """Return the control events up to a month (YYYY-MM), in order: month, day, actor, label, effect, evidence."""
    table = tables.load("control_events")
    return table[table["month"].le(month)].sort_values(
        ["month", "day", "label"], na_position="first", ignore_index=True
    )


def marks(events: pd.DataFrame) -> pd.DataFrame:
    """Return one mark per event with a known day, ready to draw: entity, x, value (the event's row), unit, panel, label."""
    days = events.assign(
        entity=events["actor"].map(ACTORS),
        x=pd.to_datetime(events["day"]),
        value=events.index.astype(float),
    )
    return days.dropna(subset=["x"]).assign(unit="row of the list", panel="events")[
        ["entity", "x", "value", "unit", "panel", "label"]
    ]


def draw(ax: Axes, events: pd.DataFrame, turn: str = "2024-06") -> None:
    """Draw a dot for each known day and a bar for each known month, with its label: to the right before the month `turn`, then to the left."""
    figures.dots(ax, marks(events))
    for row, event in events.iterrows():
        first = pd.Timestamp(event["month"])
        last = first + pd.offsets.MonthEnd()
        if pd.isna(event["day"]):
            ax.hlines(row, first, last, color=figures.colour(ACTORS[event["actor"]]), linewidth=5)
        late = event["month"] >= turn
        text = (
            event["label"]
            if event["effect"] == "other"
            else f"{event['label']} ({event['effect']})"
        )
        place = {
            "xytext": (-8 if late else 8, 0),
            "textcoords": "offset points",
            "ha": "right" if late else "left",
            "va": "center",
        }
        ax.annotate(text, (first if late else last, row), fontsize=8.5, **place)
    ax.set(ylim=(len(events) - 0.4, -0.6), yticks=[])
    ax.grid(visible=True, axis="x")
