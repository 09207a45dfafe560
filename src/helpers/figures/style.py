"""Style: one look for every figure, its colours, and its three required texts."""

import locale
import os
import textwrap
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import seaborn
from matplotlib import font_manager, get_data_path
from matplotlib.figure import Figure

from ..project import FactcheckError

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
WIDE, PHONE = 7, 4.4  # inches: a page and, with letters of the same size, a telephone
A_LINE = (7.9, 13.4, 13.4)  # characters a narrow inch of headline, subtitle and source
LEAST = 9  # points: at the width of a telephone as many pixels


class FigureError(FactcheckError):
    """A figure without its required parts, or one whose marks differ from its data."""


def use_style() -> None:
    """Set the house style for what follows: seaborn's white grid with our colours and sizes.

    Fonts are matplotlib's own, by their path: neither the system's nor a cache in somebody's home.
    Months and numbers are written in English, whatever the locale of this process.
    """
    _own_fonts()
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # a plain figure as SVG bears no day
    for kind in (locale.LC_NUMERIC, locale.LC_TIME):
        locale.setlocale(kind, "C")
    plt.rcdefaults()
    seaborn.set_theme(context="paper", style="whitegrid", font_scale=SCALE, rc=STYLE)


def _own_fonts() -> None:
    """Let matplotlib know the fonts that it ships, and no others.

    Raises FigureError where it has none.
    """
    known, folder = font_manager.fontManager, Path(get_data_path(), "fonts", "ttf")
    places = {Path(font.fname).parent for font in known.ttflist}
    if places != {folder}:
        known.ttflist = []
        for path in sorted(folder.glob("*.ttf")):
            known.addfont(path)
    if STYLE["font.family"] not in {font.name for font in known.ttflist}:
        raise FigureError(f"matplotlib ships no {STYLE['font.family']}: install it again.")


def colour(entity: str) -> str:
    """Return the entity's colour, the same in every figure."""
    return COLOURS.get(entity, OTHER)


def frame(
    headline: str,
    subtitle: str,
    source: str,
    panels: int = 1,
    height: float = 5,
    width: float = WIDE,
    **layout: Any,
) -> tuple[Figure, Any]:
    """Return a figure with its three required texts, and its axes (an array where `panels` > 1).

    `headline` is the finding in at most sixty characters, `subtitle` the measure, unit, place and
    period, `source` the publisher with the vintage; in a figure narrower than `WIDE` they are
    wrapped. Raises FigureError for an empty text or a longer headline.
    """
    for label, text in (("headline", headline), ("subtitle", subtitle), ("source", source)):
        if not text.strip():
            raise FigureError(f"The figure has no {label}: say it, all three are required.")
    if len(headline) > HEADLINE_LENGTH:
        raise FigureError(
            f"The headline has {len(headline)} characters, more than {HEADLINE_LENGTH}: "
            f"{headline!r}. Shorten it."
        )
    fig, axes = plt.subplots(1, panels, figsize=(width, height), **layout)
    top, bottom = 1 - 0.95 / height, 0.85 / height
    fig.subplots_adjust(left=0.09, right=0.95, top=top, bottom=bottom)
    source = f"Source: {source}"
    small_print = 7.5
    if width < WIDE:
        small_print = LEAST
        headline, subtitle, source = (
            _wrapped(text, int(width * length))
            for text, length in zip((headline, subtitle, source), A_LINE, strict=True)
        )
    below = 0.42 + 0.23 * headline.count("\n")
    fig.text(0.03, 1 - 0.12 / height, headline, fontsize=14, fontweight="bold", va="top")
    small = {"color": MUTED, "linespacing": 1.3}
    fig.text(0.03, 1 - below / height, subtitle, fontsize=9.5, va="top", **small)
    fig.text(0.03, 0.1 / height, source, fontsize=small_print, va="bottom", **small)
    return fig, axes


def _wrapped(text: str, length: int) -> str:
    return "\n".join(textwrap.fill(line, length) for line in text.splitlines())
