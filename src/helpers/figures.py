"""Figures: one look, deterministic SVG, and beside each the CSV that was drawn."""

import io
import re
from math import isnan
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.dates import DateFormatter, MonthLocator
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from . import project
from .evidence.tables import to_csv
from .project import FactcheckError
from .text import half_unit

COLOURS = {"China": "#990f3d", "United States": "#0f5499", "Europe": "#0d7680", "EU": "#0d7680"}
OTHER = "#b3a9a0"
INK, MUTED = "#33302e", "#66605c"
STYLE = {
    "svg.hashsalt": "factcheck",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "figure.figsize": (7, 5),
    "figure.dpi": 100,
    "savefig.facecolor": "white",
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.grid.axis": "y",
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "grid.color": "#e3ddd8",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.bottom": True,
    "lines.linewidth": 2,
    "lines.markersize": 6,
}
SCALE = 10 / 8.8  # seaborn writes ticks at 8.8 points on paper
HEADLINE_LENGTH = 60
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?%?")
ROWS = "names on the vertical axis"


class FigureError(FactcheckError):
    """A figure without its required parts, or one whose marks differ from its data."""


def use_style() -> None:
    """Set the house style for every figure that follows: seaborn's white grid with our colours and sizes."""
    plt.rcdefaults()
    seaborn.set_theme(context="paper", style="whitegrid", font_scale=SCALE, rc=STYLE)


def colour(entity: str) -> str:
    """Return the entity's colour, the same in every figure."""
    return COLOURS.get(entity, OTHER)


def frame(
    headline: str, subtitle: str, source: str, panels: int = 1, height: float = 5, **layout: Any
) -> tuple[Figure, Any]:
    """Return a figure with its three required texts, and its axes (an array where `panels` > 1).

    `headline` is the finding in at most sixty characters, `subtitle` the measure, unit, place and period,
    `source` the publisher with the vintage. Raises FigureError for an empty text or a longer headline.
    """
    for label, text in (("headline", headline), ("subtitle", subtitle), ("source", source)):
        if not text.strip():
            raise FigureError(f"The figure has no {label}: say it, all three are required.")
    if len(headline) > HEADLINE_LENGTH:
        raise FigureError(
            f"The headline has {len(headline)} characters, more than {HEADLINE_LENGTH}: {headline!r}. Shorten it."
        )
    fig, axes = plt.subplots(1, panels, figsize=(7, height), **layout)
    top, bottom = 1 - 0.95 / height, 0.85 / height
    fig.subplots_adjust(left=0.09, right=0.95, top=top, bottom=bottom)
    fig.text(0.03, 1 - 0.12 / height, headline, fontsize=14, fontweight="bold", va="top")
    fig.text(
        0.03, 1 - 0.42 / height, subtitle, fontsize=9.5, color=MUTED, va="top", linespacing=1.3
    )
    fig.text(
        0.03,
        0.1 / height,
        f"Source: {source}",
        fontsize=7.5,
        color=MUTED,
        va="bottom",
        linespacing=1.3,
    )
    return fig, axes


def bars(ax: Axes, data: pd.DataFrame, label: str = "{:.1f}", hollow: bool = False) -> BarContainer:
    """Draw horizontal bars, first row on top, from columns `entity`, `x` (the bar's name) and `value`; label each with its value."""
    places = range(len(data))
    drawn = ax.barh(
        places,
        data["value"],
        color=["none" if hollow else colour(entity) for entity in data["entity"]],
        edgecolor=[colour(entity) for entity in data["entity"]],
        height=0.7,
    )
    for patch, entity in zip(drawn, data["entity"], strict=True):
        patch.set_gid(entity)
    ax.set_yticks(places, data["x"])
    ax.invert_yaxis()
    ax.set_xlim(0, max(data["value"].max() * 1.12, 1e-9))
    ax.grid(visible=False)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.bar_label(drawn, [label.format(value) for value in data["value"]], padding=4, color=INK)
    return drawn


def lines(
    ax: Axes, data: pd.DataFrame, marker: str = "o", direct: bool = True, **style: Any
) -> None:
    """Draw one line per entity from columns `entity`, `x` and `value`; a missing value breaks the line. Label each at its end."""
    for entity, rows in data.groupby("entity", sort=False):
        (line,) = ax.plot(
            rows["x"], rows["value"], color=colour(entity), marker=marker, gid=entity, **style
        )
        last = rows.dropna(subset=["value"]).iloc[-1]
        if direct:
            ax.annotate(
                entity,
                (last["x"], last["value"]),
                xytext=(8, 0),
                textcoords="offset points",
                color=line.get_color(),
                va="center",
                fontweight="bold",
                annotation_clip=False,
            )


def dots(
    ax: Axes,
    data: pd.DataFrame,
    hollow: bool = False,
    marker: str = "o",
    size: float = 50,
    **style: Any,
) -> None:
    """Draw one mark per row from columns `entity`, `x` and `value`; hollow marks are secondary or read off a chart."""
    for entity, rows in data.groupby("entity", sort=False):
        face = "white" if hollow else colour(entity)
        ax.scatter(
            rows["x"],
            rows["value"],
            s=size,
            marker=marker,
            facecolor=face,
            edgecolor=colour(entity),
            linewidth=1.6,
            gid=entity,
            zorder=3,
            **style,
        )


def rows(ax: Axes, data: pd.DataFrame, label: str = "{:g}", log: bool = False) -> None:
    """Draw one dot per row, on a line of its own for each name in `x`, first name on top, from columns `entity`, `x` and `value`.

    For values whose axis does not start at zero, or is logarithmic (`log`), where bars would mislead. Rows of a column `hollow`,
    where given and true, are drawn hollow: secondary or read off a chart. Dots are labelled with their value unless `label` is empty.
    """
    ax.set_label(ROWS)
    names = list(dict.fromkeys(data["x"]))
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(visible=True, axis="x")
    if log:
        ax.set_xscale("log")
    hollow = data["hollow"].astype(bool) if "hollow" in data else pd.Series(False, index=data.index)
    for (entity, empty), group in data.assign(hollow=hollow).groupby(
        ["entity", "hollow"], sort=False
    ):
        face = "white" if empty else colour(entity)
        places = [names.index(name) for name in group["x"]]
        ax.scatter(
            group["value"],
            places,
            s=50,
            facecolor=face,
            edgecolor=colour(entity),
            linewidth=1.6,
            gid=entity,
            zorder=3,
        )
        for place, value in zip(places, group["value"], strict=True):
            if label and pd.notna(value):
                ax.annotate(
                    label.format(value),
                    (value, place),
                    xytext=(0, 6),
                    textcoords="offset points",
                    ha="center",
                    fontsize=8.5,
                )


def ranges(ax: Axes, data: pd.DataFrame, horizontal: bool = False) -> None:
    """Draw each row's uncertainty as a pale band from columns `entity`, `x`, `low` and `high`; a missing bound draws nothing.

    Vertical at `x`, or with `horizontal` along the line of that name on an axis that `bars` or `rows` has drawn.
    """
    names = (
        {
            text.get_text(): place
            for place, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
        }
        if horizontal
        else {}
    )
    for entity, group in data.dropna(subset=["low", "high"]).groupby("entity", sort=False):
        places = group["x"].map(names) if horizontal else group["x"]
        draw = ax.hlines if horizontal else ax.vlines
        draw(
            places,
            group["low"],
            group["high"],
            color=colour(entity),
            linewidth=6,
            alpha=0.35,
            gid=entity,
            zorder=2,
        )


def dates(ax: Axes) -> None:
    """Mark each January and July on the horizontal axis."""
    ax.xaxis.set_major_locator(MonthLocator(bymonth=(1, 7)))
    ax.xaxis.set_major_formatter(DateFormatter("%b %Y"))


def drawn(fig: Figure) -> pd.DataFrame:
    """Read a figure's marks back from its artists: columns `entity`, `x`, `value`, one row a mark.

    Bars and the dots of `rows` give the tick label at their place, lines and dots their horizontal position in axis units.
    """
    found: list[tuple[str, Any, float]] = []
    for ax in fig.axes:
        names = _names(ax)
        for container in ax.containers:
            if isinstance(container, BarContainer):
                found += [
                    (
                        bar.get_gid(),
                        names.get(round(bar.get_y() + bar.get_height() / 2, 6), ""),
                        bar.get_width(),
                    )
                    for bar in container
                ]
        for line in ax.get_lines():
            if _is_mark(line):
                found += [
                    (line.get_gid(), x, y)
                    for x, y in zip(
                        line.get_xdata(orig=False), line.get_ydata(orig=False), strict=True
                    )
                ]
        for dot in ax.collections:
            if isinstance(dot, PathCollection) and _is_mark(dot):
                places = dot.get_offsets().filled(float("nan"))
                found += [
                    (
                        dot.get_gid(),
                        *((names.get(round(y, 6), ""), x) if ax.get_label() == ROWS else (x, y)),
                    )
                    for x, y in places
                ]
    return pd.DataFrame(found, columns=["entity", "x", "value"]).dropna(
        subset=["value"], ignore_index=True
    )


def drawn_ranges(fig: Figure) -> pd.DataFrame:
    """Read a figure's uncertainty bands back from its artists: columns `entity`, `x`, `low`, `high`, one row a band."""
    found = []
    for ax in fig.axes:
        names = _names(ax)
        for band in (
            artist
            for artist in ax.collections
            if isinstance(artist, LineCollection) and _is_mark(artist)
        ):
            for (x0, y0), (x1, y1) in band.get_segments():
                found.append(
                    (band.get_gid(), x0, y0, y1)
                    if x0 == x1 and y0 != y1
                    else (band.get_gid(), names.get(round(y0, 6), x0), x0, x1)
                )
    return pd.DataFrame(found, columns=["entity", "x", "low", "high"])


def _marks(ax: Axes) -> list[tuple[str, Any, list[tuple[float, float]]]]:
    """Return the marks of one axes: entity, colour, places in axis units; a bar's place is its end."""
    found = [(bar.get_gid(), bar.get_edgecolor(), [(bar.get_width(), bar.get_y() + bar.get_height() / 2)])
             for container in ax.containers if isinstance(container, BarContainer) for bar in container]  # fmt: skip
    found += [
        (line.get_gid(), line.get_color(), list(line.get_xydata()))
        for line in ax.get_lines()
        if _is_mark(line)
    ]
    dots = [dot for dot in ax.collections if isinstance(dot, PathCollection) and _is_mark(dot)]
    return found + [
        (dot.get_gid(), colour, list(dot.get_offsets().filled(float("nan"))))
        for dot in dots
        for colour in dot.get_edgecolor()
    ]


def _named(ax: Axes) -> bool:
    """Say whether an axes has a name for each row, as `bars` and `rows` draw it."""
    return bool(ax.containers) or ax.get_label() == ROWS


def _names(ax: Axes) -> dict[float, str]:
    if not _named(ax):
        return {}
    return {
        round(place, 6): text.get_text()
        for place, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }


def _is_mark(artist: Any) -> bool:
    return bool(artist.get_gid())


def check(fig: Figure, data: pd.DataFrame) -> None:
    """Raise FigureError unless the figure's marks are exactly the rows of `data` (columns `entity`, `x`, `value`, `unit`).

    Columns `low` and `high`, where given, must be drawn as ranges. Rows of one panel (column `panel`, else the whole figure)
    share one unit and, where the column is given, one `vintage`: mixed ones are refused.
    """
    for column in ("unit", "vintage"):
        if column == "unit" and column not in data:
            raise FigureError(
                "The figure's data have no column unit: say in which unit each row is."
            )
        for panel, group in (
            data.groupby("panel" if "panel" in data else lambda row: "the figure")
            if column in data
            else ()
        ):
            if group[column].nunique(dropna=False) > 1:
                raise FigureError(
                    f"{panel}: one panel mixes {column}s {sorted(map(str, group[column].unique()))}. Give each its own panel."
                )
    _same(fig, data.dropna(subset=["value"]), drawn(fig), ["value"])
    if {"low", "high"} <= set(data):
        _same(fig, data.dropna(subset=["low", "high"]), drawn_ranges(fig), ["low", "high"])
    for ax in fig.axes:
        _honest(ax)


def _honest(ax: Axes) -> None:
    """Raise FigureError for a mark in another entity's colour or beyond the axis, a bar that does not start at zero, a label of another mark."""
    marks = _marks(ax)
    (left, right), (low, high) = (sorted(limits) for limits in (ax.get_xlim(), ax.get_ylim()))
    for entity, drawn_in, places in marks:
        if to_hex(drawn_in) != colour(entity):
            raise FigureError(
                f"A mark of {entity} is drawn in {to_hex(drawn_in)}, and not in its colour {colour(entity)}."
            )
        for x, y in places:
            if not isnan(y) and not (left <= x <= right and low <= y <= high):
                raise FigureError(
                    f"The mark of {entity} at ({x:g}, {y:g}) lies beyond the axis: widen its limits."
                )
    for bar in (
        bar
        for container in ax.containers
        if isinstance(container, BarContainer)
        for bar in container
    ):
        if bar.get_x() or left > 0:
            raise FigureError(
                f"The bar of {bar.get_gid()} does not start at zero, or the axis does not show where it starts."
            )
    for label in (
        text for text in ax.texts if isinstance(text, Annotation) and text.xycoords == "data"
    ):
        name = label.get_text().partition("\n")[0]
        there = [
            (entity, place)
            for entity, _, places in marks
            for place in places
            if np.allclose(place, _place(ax, label))
        ]
        if name in COLOURS and (
            to_hex(label.get_color()) not in (colour(name), INK)
            or (there and name not in dict(there))
        ):
            raise FigureError(
                f"The label {name!r} stands at another entity's mark, or in its colour."
            )
        if (
            there
            and NUMBER.fullmatch(name)
            and not any(_says(name, value) for _, place in there for value in place)
        ):
            raise FigureError(
                f"The label {name!r} of {there[0][0]} is not the value of its mark ({there[0][1][0]:g}, {there[0][1][1]:g})."
            )


def _says(text: str, value: float) -> bool:
    """Say whether a printed number is a value, rounded to the digits that it shows."""
    return abs(float(text.rstrip("%")) - value) <= half_unit(text.rstrip("%")) + 1e-9


def _place(ax: Axes, label: Annotation) -> tuple[float, float]:
    return float(ax.convert_xunits(label.xy[0])), float(ax.convert_yunits(label.xy[1]))


def _same(fig: Figure, wanted: pd.DataFrame, found: pd.DataFrame, columns: list[str]) -> None:
    axis = fig.axes[0]
    named = any(_named(ax) for ax in fig.axes)
    wanted = wanted.assign(
        x=[x if isinstance(x, str) and named else axis.convert_xunits(x) for x in wanted["x"]]
    )
    expected, marks = (
        sorted(_line(row, columns) for row in table.to_dict("records")) for table in (wanted, found)
    )
    if expected != marks:
        odd = [mark for mark in marks if mark not in expected] or ["nothing"]
        lost = [row for row in expected if row not in marks] or ["nothing"]
        raise FigureError(
            f"The figure does not show its data: drawn but not in the data {odd[:3]}; in the data but not drawn {lost[:3]}."
        )


def _line(row: dict[str, Any], columns: list[str]) -> str:
    return " | ".join(
        [str(row["entity"]), _key(row["x"]), *(f"{row[column]:.8g}" for column in columns)]
    )


def _key(x: Any) -> str:
    return x if isinstance(x, str) else f"{float(x):.8g}"


def svg(fig: Figure, alt: str) -> str:
    """Return the figure as deterministic SVG with its alternative text."""
    buffer = io.StringIO()
    fig.savefig(buffer, format="svg", metadata={"Date": None, "Title": alt})
    text = re.sub(r"^.*?(?=<svg)", "", buffer.getvalue(), count=1, flags=re.DOTALL)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, count=1, flags=re.DOTALL)
    escaped = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = text.replace("<svg ", f'<svg role="img" aria-label="{escaped}" ', 1)
    text = re.sub(r"<!--.*?-->", "", text)
    text = re.sub(r' d="([^"]*)"', lambda path: f' d="{" ".join(path[1].split())}"', text)
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()) + "\n"


def show(fig: Figure, name: str, data: pd.DataFrame, alt: str) -> None:
    """Check the marks against `data`, write figures/<name>.svg and .csv, and display the figure.

    `data` has the columns `entity`, `x`, `value` and `unit`, may have `low`, `high`, `panel` and `vintage` (see `check`), and more.
    Raises FigureError for marks that differ from the data, mixed units or a missing alternative text.
    """
    if not alt.strip():
        raise FigureError(f"Figure {name} has no alternative text: say what it shows.")
    check(fig, data)
    picture = svg(fig, alt)
    folder = project.out() / "figures"
    project.atomic_write(folder / f"{name}.svg", picture)
    project.atomic_write(folder / f"{name}.csv", to_csv(data))
    plt.close(fig)
    display({"image/svg+xml": picture, "text/plain": alt}, raw=True)
