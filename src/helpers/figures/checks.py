"""Checks: a figure's marks are its data, in its entities' colours, with honest axes and labels."""

import re
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from ..text import half_unit
from .artists import Mark, bars_of, drawn, drawn_ranges, has_names, marks_of
from .style import COLOURS, INK, FigureError, colour

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?%?")


def check(fig: Figure, data: pd.DataFrame) -> None:
    """Raise FigureError unless the figure's marks are exactly the rows of `data`.

    `data` has the columns `entity`, `x`, `value` and `unit`. Columns `low` and `high`, where given,
    must be drawn as ranges. Rows of one panel (column `panel`, else the whole figure) share one
    unit and, where the column is given, one `vintage`: mixed ones are refused.
    """
    if "unit" not in data:
        raise FigureError("The figure's data have no column unit: say in which unit each row is.")
    for column in ("unit", "vintage"):
        if column in data:
            _one_each(data, column)
    _same(fig, data.dropna(subset=["value"]), drawn(fig), ["value"])
    if {"low", "high"} <= set(data):
        _same(fig, data.dropna(subset=["low", "high"]), drawn_ranges(fig), ["low", "high"])
    for ax in fig.axes:
        marks = marks_of(ax)
        _honest_marks(ax, marks)
        _honest_bars(ax)
        _honest_labels(ax, marks)


def _one_each(data: pd.DataFrame, column: str) -> None:
    """Raise FigureError where a panel has several values in a column."""
    panels = data.groupby("panel" if "panel" in data else lambda row: "the figure")
    for panel, group in panels:
        if group[column].nunique(dropna=False) > 1:
            mixed = sorted(map(str, group[column].unique()))
            raise FigureError(
                f"{panel}: one panel mixes {column}s {mixed}. Give each its own panel."
            )


def _honest_marks(ax: Axes, marks: list[Mark]) -> None:
    """Raise FigureError for a mark in another entity's colour, or beyond the axis."""
    (left, right), (low, high) = (sorted(limits) for limits in (ax.get_xlim(), ax.get_ylim()))
    for entity, drawn_in, places in marks:
        if to_hex(drawn_in) != colour(entity):
            raise FigureError(
                f"A mark of {entity} is drawn in {to_hex(drawn_in)}, "
                f"and not in its colour {colour(entity)}."
            )
        for x, y in places:
            if not isnan(y) and not (left <= x <= right and low <= y <= high):
                raise FigureError(
                    f"The mark of {entity} at ({x:g}, {y:g}) lies beyond the axis: "
                    "widen its limits."
                )


def _honest_bars(ax: Axes) -> None:
    """Raise FigureError for a bar that does not start at zero."""
    left = min(ax.get_xlim())
    for bar in bars_of(ax):
        if bar.get_x() or left > 0:
            raise FigureError(
                f"The bar of {bar.get_gid()} does not start at zero, "
                "or the axis does not show where it starts."
            )


def _honest_labels(ax: Axes, marks: list[Mark]) -> None:
    """Raise FigureError for a label of another mark: its name, its colour or its value."""
    for label in ax.texts:
        if not isinstance(label, Annotation) or label.xycoords != "data":
            continue
        name = number = label.get_text().partition("\n")[0]
        parts = name.rpartition(" ")
        if parts[0] in COLOURS and NUMBER.fullmatch(parts[2]):
            name, _, number = parts
        at = _place(ax, label)
        there: list[tuple[str, tuple[float, float]]] = []
        for entity, _, places in marks:
            there += [(entity, place) for place in places if np.allclose(place, at)]
        if name in COLOURS:
            strange = to_hex(label.get_color()) not in (colour(name), INK)
            if strange or (there and name not in dict(there)):
                raise FigureError(
                    f"The label {name!r} stands at another entity's mark, or in its colour."
                )
        if there and NUMBER.fullmatch(number):
            values = [value for _, place in there for value in place]
            if not any(_says(number, value) for value in values):
                entity, (x, y) = there[0]
                raise FigureError(
                    f"The label {number!r} of {entity} is not the value of its mark ({x:g}, {y:g})."
                )


def _says(text: str, value: float) -> bool:
    """Say whether a printed number is a value, rounded to the digits that it shows."""
    digits = text.rstrip("%")
    return abs(float(digits) - value) <= half_unit(digits) + 1e-9


def _place(ax: Axes, label: Annotation) -> tuple[float, float]:
    return float(ax.convert_xunits(label.xy[0])), float(ax.convert_yunits(label.xy[1]))


def _same(fig: Figure, wanted: pd.DataFrame, found: pd.DataFrame, columns: list[str]) -> None:
    """Raise FigureError unless two tables have the same rows, in whatever order."""
    axis = fig.axes[0]
    named = any(has_names(ax) for ax in fig.axes)
    places = [x if isinstance(x, str) and named else axis.convert_xunits(x) for x in wanted["x"]]
    expected = _sorted(wanted.assign(x=places), columns)
    marks = _sorted(found, columns)
    if expected != marks:
        odd = [mark for mark in marks if mark not in expected] or ["nothing"]
        lost = [row for row in expected if row not in marks] or ["nothing"]
        raise FigureError(
            f"The figure does not show its data: drawn but not in the data {odd[:3]}; "
            f"in the data but not drawn {lost[:3]}."
        )


def _sorted(table: pd.DataFrame, columns: list[str]) -> list[str]:
    return sorted(_line(row, columns) for row in table.to_dict("records"))


def _line(row: dict[str, Any], columns: list[str]) -> str:
    values = [f"{row[column]:.8g}" for column in columns]
    return " | ".join([str(row["entity"]), _key(row["x"]), *values])


def _key(x: Any) -> str:
    return x if isinstance(x, str) else f"{float(x):.8g}"
