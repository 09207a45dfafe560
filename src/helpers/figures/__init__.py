"""Figures: one look, deterministic SVG, and beside each the CSV that was drawn."""

from .artists import drawn, drawn_ranges
from .checks import check
from .marks import bars, dates, dots, lines, ranges, rows
from .shown import show, svg
from .style import (
    COLOURS,
    HEADLINE_LENGTH,
    INK,
    MUTED,
    OTHER,
    PHONE,
    WIDE,
    FigureError,
    colour,
    frame,
    use_style,
)

__all__ = [
    "COLOURS",
    "HEADLINE_LENGTH",
    "INK",
    "MUTED",
    "OTHER",
    "PHONE",
    "WIDE",
    "FigureError",
    "bars",
    "check",
    "colour",
    "dates",
    "dots",
    "drawn",
    "drawn_ranges",
    "frame",
    "lines",
    "ranges",
    "rows",
    "show",
    "svg",
    "use_style",
]
