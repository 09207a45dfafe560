"""Curves: a claim's specification curve, and what the data said when."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from .. import figures
from ..judging import choices, claims, multiverse, outcomes

ROW_HEIGHT = 0.17
LEFT = 0.03  # where a figure's texts begin, as part of its width
LINE = 11  # points, of a name beside a mark
FEW = 6  # combinations, up to which each dot of the overview stands for one


def worth_drawing() -> list[str]:
    """Return the claims whose curve says something: enough combinations, and a choice that turns
    it."""
    counted = multiverse.of_claims()
    enough = counted["n_effective"].ge(outcomes.ENOUGH)
    mixed = counted["n_holds"].between(1, counted["n_effective"] - 1)
    return list(counted.index[enough & mixed])


def overview() -> None:
    """Draw and show, for every claim with two combinations or more, how many hold, as
    figures/90_all.

    A bar a claim, in per cent: to the right those in which it holds, to the left those in which it
    does not; a ring on the side of the default; behind it the counts and the choice that decides.
    """
    counted = multiverse.of_claims().query("n_effective > 1")
    yes = 100 * counted["n_holds"] / counted["n_effective"]
    default = {
        claim: bool(multiverse.effective(claim).query("is_default")["holds"].all())
        for claim in counted.index
    }
    height = 1.6 + 0.24 * len(counted)
    agreed = int(counted["n_holds"].eq(counted["n_effective"]).sum())
    fig, ax = figures.frame(
        f"{agreed} of {len(counted)} claims hold whichever way one counts",
        "Effective combinations of choices in which each claim holds (right) or does not (left), %;"
        "\nring: the default; behind it how many hold, and the choice that decides",
        "data/processed/multiverse.csv, written by factcheck sweep",
        height=height,
    )
    fig.subplots_adjust(left=0.36, right=0.62, top=1 - 1.0 / height)
    parts = []
    for side, values in (("holds", yes), ("does not", yes - 100)):
        rows = pd.DataFrame({"entity": side, "x": counted.index, "value": values.to_numpy()})
        fill = figures.colour(side) if side == "holds" else "none"
        edge = figures.colour(side)
        bars = ax.barh(range(len(rows)), rows["value"], color=fill, edgecolor=edge, height=0.62)
        for patch in bars:
            patch.set_gid(side)
        parts.append(rows.assign(unit="%"))
    for place, claim in enumerate(counted.index):
        ring = 4 if default[claim] else -4
        ax.annotate("○", (ring, place), ha="center", va="center", fontsize=8, color=figures.INK)
        row = counted.loc[claim]
        name = row["deciding"].partition(" (")[0]
        told = f"{row['n_holds']} of {row['n_effective']}{f' · {name}' if name else ''}"
        ax.annotate(told, (104, place), va="center", fontsize=7, annotation_clip=False)
    ax.axvline(0, color=figures.INK, linewidth=0.8)
    ax.set_xlim(-100, 100)
    ax.set_yticks(range(len(counted)), counted.index, fontsize=7)
    ax.set_xticks([-100, 0, 100], ["all against", "", "all for"], fontsize=7)
    ax.set_ylim(len(counted) - 0.4, -0.6)
    ax.grid(visible=False)
    few = int(counted["n_effective"].lt(outcomes.ENOUGH).sum())
    alt = (
        f"Bars: for {len(counted)} claims the share of effective combinations in which each holds. "
        f"{agreed} hold in all; {few} have fewer than {outcomes.ENOUGH} combinations."
    )
    figures.show(fig, "90_all", pd.concat(parts), alt=alt)


def specification(claim: str) -> None:
    """Draw and show a claim's specification curve (Simonsohn, Simmons and Nelson 2020) as
    figures/90_<claim>.

    Only the effective combinations. Above, one column of dots a combination, sorted; filled where
    the claim holds, hollow where it does not; the printed value dashed, the default marked. Below,
    a stroke for each choice that the combination makes.
    """
    table = multiverse.effective(claim)
    fig, data = draw(claim, table)
    told = f"the claim holds in {int(table['holds'].sum())} of {len(table)} effective combinations"
    alt = f"Specification curve of {claim}: {told}."
    figures.show(fig, f"90_{claim}", data, alt=alt)


def draw(claim: str, table: pd.DataFrame) -> tuple[Figure, pd.DataFrame]:
    """Return the curve's figure and the data drawn, from a table of `multiverse.effective`."""
    entry = claims.get(claim)
    names, entities = multiverse.split(table)
    names = [name for name in names if table[name].nunique() > 1]
    n_lines = sum(table[name].nunique() for name in names) + len(names)
    height = 4.4 + ROW_HEIGHT * n_lines
    fig, ax = figures.frame(
        f"Holds in {int(table['holds'].sum())} of {len(table)} combinations",
        wrapped(entry.statement, f"{multiverse.measure(claim)}, {entry.unit}, {entry.period}"),
        "data/processed/multiverse.csv; filled: the claim holds; hollow: it does not; dashed: "
        "printed",
        height=height,
    )
    low = (0.6 + ROW_HEIGHT * n_lines) / height
    ax.set_position([0.3, low + 0.25 / height, 0.5, 1 - 1.15 / height - low - 0.25 / height])
    below = fig.add_axes((0.3, 0.55 / height, 0.5, low - 0.6 / height))
    data = _marks(ax, table, entities, entry)
    _strokes(below, table, names, entry.notebook)
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
            figures.dots(ax, rows[table["holds"].eq(holds)], hollow=not holds, size=size)
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
            ax.annotate(f"printed: {text}", (0, float(text)), xycoords=("axes fraction", "data"),
                        va="bottom", fontsize=8, color=figures.colour(entity))  # fmt: skip
    data = pd.concat(parts, ignore_index=True)
    scale(ax, data["value"])
    names(ax, data.groupby("entity", sort=False).tail(1))
    place = int(np.flatnonzero(table["is_default"])[0]) if table["is_default"].any() else 0
    if ax.get_ylim()[0] > 0:
        ax.annotate("axis starts above zero", (0, 0), xycoords="axes fraction", xytext=(0, -4),
            textcoords="offset points", va="top", fontsize=8, color=figures.MUTED)  # fmt: skip
    if table["is_default"].any():
        ax.annotate(
            "default",
            (place, 1),
            xycoords=("data", "axes fraction"),
            ha="right" if place == len(table) - 1 else "center",
            va="bottom",
            fontsize=8,
        )
        ax.axvline(place, color=figures.MUTED, linewidth=0.6)
    return data


def scale(ax: Any, values: pd.Series) -> None:
    """Let the ticks of whole numbers be whole, and write powers of ten as people do; one value
    alone is seen from zero."""
    if values.nunique() == 1 and values.max() > 0:
        ax.set_ylim(bottom=0)
    ax.yaxis.get_major_locator().set_params(integer=bool((values.dropna() % 1 == 0).all()))
    ax.ticklabel_format(axis="y", useMathText=True)


def names(ax: Any, ends: pd.DataFrame) -> None:
    """Write each entity beside its last mark (columns `entity`, `x`, `value`), in lines that do not
    cover one another."""
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


def _strokes(ax: Any, table: pd.DataFrame, names: list[str], notebook: str) -> None:
    place, places, labels = 0.0, [], []
    for name in names:
        ax.annotate(choices.label(notebook, name), (LEFT, place), va="center", fontsize=7.5,
            xycoords=("figure fraction", "data"), fontweight="bold", color=figures.INK,
            annotation_clip=False)  # fmt: skip
        for value in sorted(table[name].unique(), key=str):
            place += 1
            at = np.flatnonzero(table[name].eq(value))
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
            labels.append(choices.label(notebook, name, value))
        place += 1
    ax.set_yticks(places, labels, fontsize=7)
    ax.set_ylim(place - 0.5, -0.5)
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)


def wrapped(statement: str, measured: str) -> str:
    """Return a subtitle that stays within the figure: the statement, then what is measured."""
    return "\n".join([*textwrap.wrap(statement, 95), *textwrap.wrap(measured, 95)][:3])
