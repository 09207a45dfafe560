"""Ageing: what the data said of a claim when, drawn."""

import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from .. import figures
from ..judging import claims, editions, records
from ..project import DEBATE
from . import curves


def dated() -> list[str]:
    """Return the claims whose data have two dates or more, and one of them after the debate."""
    found = []
    for claim in records.answers():
        table = editions.history(claim)
        if table["date"].nunique() > 1 and table["after"].any():
            found.append(claim)
    return [claim for claim in claims.load() if claim in found]


def history(claim: str) -> None:
    """Draw and show what the data said of a claim when, as figures/90_<claim>_when.

    One dot an edition, hollow after the debate.
    """
    entry, table = claims.get(claim), editions.history(claim)
    table = table.assign(x=pd.to_datetime(table["date"], format="ISO8601"), unit=entry.unit)
    word = _aged(records.answers()[claim]["since"]["answer"])
    fig, ax = figures.frame(
        word,
        curves.wrapped(entry.statement, f"{entry.measure}, {entry.unit}, by date of the edition"),
        "data/processed/answers.json and multiverse.csv; hollow: editions after the debate",
        height=4,
    )
    fig.subplots_adjust(top=0.7, right=0.76)
    for after in (False, True):
        figures.dots(ax, table[table["after"].eq(after)], hollow=after, clip_on=False)
    curves.scale(ax, table["value"])
    places = AutoDateLocator(minticks=2)
    ax.xaxis.set_major_locator(places)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(places))
    ax.axvline(pd.Timestamp(DEBATE), color=figures.MUTED, linewidth=0.8)
    if (table["value"] >= 0).all():
        ax.set_ylim(0, table["value"].max() * 1.15)
    curves.names(ax, table.drop_duplicates("entity", keep="last"))
    span = f"{table['date'].min()} to {table['date'].max()}"
    alt = f"What editions say of {claim}: {len(table)} values from {span}. {word}."
    shown = table[["entity", "x", "value", "unit", "after"]]
    figures.show(fig, f"90_{claim}_when", shown, alt=alt)


def _aged(since: str) -> str:
    """Return a headline for how a claim fared in newer editions.

    >>> _aged("reversed (2026-04)"), _aged("unchanged (2026-04)")
    ('Reversed in the edition of 2026-04', 'Unchanged to the edition of 2026-04')
    """
    word, _, edition = since.rstrip(")").rpartition(" (")
    if word.startswith("next year"):
        return f"Newer editions, the last of {edition}"
    until = "to" if word == "unchanged" else "in"
    return f"{word.capitalize()} {until} the edition of {edition}"
