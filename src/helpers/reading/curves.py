"""Curves: a claim's specification curve, and what the data said when."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from .. import figures
from ..judging import claims, multiverse, scorecard
from ..project import DEBATE

ROW_HEIGHT = 0.17
LINE = 11  # points, of a name beside a mark


def specification(claim: str) -> None:
    """Draw and show a claim's specification curve (Simonsohn, Simmons and Nelson 2020) as
    figures/90_<claim>.

    Above, one column of dots per specification, sorted; filled where the claim holds, hollow where
    it does not, a diamond where it cannot be said, a square for data after the debate; the printed
    value as a dashed line, the default marked. Below, a stroke for each choice that the
    specification makes.
    """
    table = multiverse.specifications(claim)
    fig, data = draw(claim, table)
    known = table.loc[~table["after"], "holds"].dropna()
    counted = (
        f"the claim holds in {int(known.sum())} of {len(known)} that can answer from data known at"
        " the debate"
    )
    alt = f"Specification curve of {claim}: {len(table)} specifications, {counted}."
    figures.show(fig, f"90_{claim}", data, alt=alt)


def draw(claim: str, table: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Return the curve's figure and the data drawn, from a table of `multiverse.specifications`."""
    entry = claims.get(claim)
    choices, entities = multiverse._split(table)
    strokes = sum(table[name].astype(str).nunique() for name in choices)
    known = table.loc[~table["after"], "holds"].dropna()
    height = 4.4 + ROW_HEIGHT * (strokes + len(choices))
    fig, ax = figures.frame(
        f"Holds in {int(known.sum())} of {len(known)} specifications",
        _wrapped(entry.statement, f"{multiverse.measure(claim)}, {entry.unit}, {entry.period}"),
        f"multiverse.csv, {len(table)} specifications; filled: holds; hollow: does not; diamond:"
        " cannot be said; square: data after the debate",
        height=height,
    )
    low = (0.6 + ROW_HEIGHT * (strokes + len(choices))) / height
    ax.set_position([0.3, low + 0.25 / height, 0.5, 1 - 1.15 / height - low - 0.25 / height])
    below = fig.add_axes((0.3, 0.55 / height, 0.5, low - 0.6 / height))
    data = _marks(ax, table, entities, entry)
    _strokes(below, table, choices)
    for axis in (ax, below):
        axis.set_xlim(-0.02 * len(table) - 0.5, 1.02 * len(table) - 0.5)
        axis.set_xticks([])
    return fig, data


def _marks(ax: Any, table: pd.DataFrame, entities: list[str], entry: claims.Claim) -> pd.DataFrame:
    size = np.clip(1500 / len(table), 3, 45)
    parts = []
    for entity in entities:
        rows = pd.DataFrame(
            {
                "entity": entity,
                "x": range(len(table)),
                "value": table[entity].astype(float),
                "unit": entry.unit,
            }
        )
        for holds in (True, False):
            for after in (True, False):
                chosen = table["holds"].eq(holds).fillna(False) & table["after"].eq(after)
                figures.dots(
                    ax, rows[chosen], hollow=not holds, size=size, marker="s" if after else "o"
                )
        figures.dots(ax, rows[table["holds"].isna()], hollow=True, marker="d", size=size)
        default = rows[table["is_default"]]
        ax.scatter(
            default["x"],
            default["value"],
            s=size + 90,
            facecolor="none",
            edgecolor=figures.INK,
            linewidth=1,
        )
        parts.append(rows)
        text = dict(zip(entry.entity, entry.printed, strict=False)).get(entity)
        if text:
            ax.axhline(float(text), color=figures.colour(entity), linestyle="--", linewidth=1)
    data = pd.concat(parts, ignore_index=True)
    _scale(ax, data["value"])
    _names(ax, data.groupby("entity", sort=False).tail(1))
    place = int(np.flatnonzero(table["is_default"])[0]) if table["is_default"].any() else 0
    if ax.get_ylim()[0] > 0:  # said on the side where no default stands
        left = place > len(table) / 2
        ax.annotate(
            "axis starts above zero",
            (not left, 1),
            xycoords="axes fraction",
            ha="left" if left else "right",
            va="bottom",
            fontsize=8,
            color=figures.MUTED,
        )
    if table["is_default"].any():
        ax.annotate(
            "default",
            (place, 1),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=8,
        )
        ax.axvline(place, color=figures.MUTED, linewidth=0.6)
    return data


def _scale(ax: Any, values: pd.Series) -> None:
    """Let the ticks of whole numbers be whole, and write powers of ten as people do.

    One value alone is seen from zero.
    """
    if values.nunique() == 1 and values.max() > 0:
        ax.set_ylim(bottom=0)
    ax.yaxis.get_major_locator().set_params(integer=bool((values.dropna() % 1 == 0).all()))
    ax.ticklabel_format(axis="y", useMathText=True)


def _names(ax: Any, ends: pd.DataFrame) -> None:
    """Write each entity beside its last mark (columns `entity`, `x`, `value`), in lines that do not
    cover one another.
    """
    low, high = ax.get_ylim()
    height, free = ax.get_position().height * ax.figure.get_figheight() * 72, -np.inf  # points
    for row in ends.dropna(subset=["value"]).sort_values("value", kind="stable").itertuples():
        name = textwrap.fill(row.entity, 18)
        half, at = LINE * (name.count("\n") + 1) / 2, (row.value - low) / (high - low) * height
        place = max(at, free + half)
        ax.annotate(
            name,
            (row.x, row.value),
            xytext=(10, place - at),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=figures.COLOURS.get(row.entity, figures.INK),
            annotation_clip=False,
        )
        free = place + half


def _strokes(ax: Any, table: pd.DataFrame, choices: list[str]) -> None:
    place, places, labels = 0.0, [], []
    for name in choices:
        ax.annotate(
            name,
            (0, place),
            xycoords=("axes fraction", "data"),
            xytext=(-4, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=7.5,
            fontweight="bold",
            color=figures.INK,
            annotation_clip=False,
        )
        for value in sorted(table[name].astype(str).unique()):
            place += 1
            at = np.flatnonzero(table[name].astype(str).eq(value))
            xs = np.repeat(at.astype(float), 3)
            ys = np.tile([place - 0.35, place + 0.35, np.nan], len(at))
            ax.plot(
                xs,
                ys,
                color=figures.INK,
                linewidth=np.clip(250 / len(table), 0.4, 2.5),
                solid_capstyle="butt",
            )
            places.append(place)
            labels.append(value)
        place += 1
    ax.set_yticks(places, labels, fontsize=7)
    ax.set_ylim(place - 0.5, -0.5)
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)


def history(claim: str) -> None:
    """Draw and show what the data said of a claim when, as figures/90_<claim>_when: one dot per
    edition, hollow after the debate.
    """
    entry, table = claims.get(claim), multiverse.history(claim)
    table = table.assign(x=pd.to_datetime(table["date"], format="ISO8601"), unit=entry.unit)
    word = _aged(scorecard.answers()[claim]["currency"])
    fig, ax = figures.frame(
        word,
        _wrapped(entry.statement, f"{entry.measure}, {entry.unit}, by date of the edition"),
        "data/processed/answers.json and multiverse.csv; hollow: editions after the debate of"
        " October 2025",
        height=4,
    )
    fig.subplots_adjust(top=0.7, right=0.76)
    for after in (False, True):
        figures.dots(ax, table[table["after"].eq(after)], hollow=after, clip_on=False)
    _scale(ax, table["value"])
    places = AutoDateLocator(minticks=2)
    ax.xaxis.set_major_locator(places)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(places))
    ax.axvline(pd.Timestamp(DEBATE), color=figures.MUTED, linewidth=0.8)
    if (table["value"] >= 0).all():
        ax.set_ylim(0, table["value"].max() * 1.15)
    _names(ax, table.drop_duplicates("entity", keep="last"))
    figures.show(
        fig,
        f"90_{claim}_when",
        table[["entity", "x", "value", "unit", "after"]],
        alt=(
            f"What editions say of {claim}: {len(table)} values from {table['date'].min()} to"
            f" {table['date'].max()}. {word}."
        ),
    )


def _wrapped(statement: str, measured: str) -> str:
    """Return a subtitle that stays within the figure: the statement, then what is measured."""
    return "\n".join([*textwrap.wrap(statement, 95), *textwrap.wrap(measured, 95)][:3])


def _aged(currency: str) -> str:
    """Return a headline for a currency.

    >>> _aged("reversed (2026-04)"), _aged("no later data")
    ('Reversed since the edition of 2026-04', 'No edition after the debate is held')
    """
    word, _, since = currency.rstrip(")").partition(" (")
    return (
        f"{word.capitalize()} since the edition of {since}"
        if since
        else "No edition after the debate is held"
    )
