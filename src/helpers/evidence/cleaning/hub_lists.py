"""Clean tables on dated lists of the Hub: 30-day downloads by publishing organisation."""

import pandas as pd

from ...project import FactcheckError
from .. import sources
from ..extracts.hub_lists import TOTALS
from ..schemas import Schema, count, date, schema, text
from ..tables import Table, raw
from .adoption import REGIONS

# What stands in no region: fine-tunes and copies by third parties, and accounts nobody placed.
PLACES = {**REGIONS, "community": "Community", "unplaced": "Unplaced"}
LISTS = {"hub_lists.ranking": "full", "hub_lists.trending": "trending"}


def clean_lists() -> pd.DataFrame:
    """Stack the dated lists.

    Columns date, selection (full: all repositories by downloads; trending: the first thousand in
    trending order), and those of `extracts.hub_lists.totals`.
    """
    return stacked([source for extract in LISTS for source in sources.of_extract(extract)])


def stacked(lists: list[sources.Source]) -> pd.DataFrame:
    """Stack lists; raises FactcheckError naming both where two are of one date."""
    dates: dict[str, str] = {}
    for source in lists:
        if source.edition in dates:
            raise FactcheckError(
                f"{source.id} and {dates[source.edition]} are both of {source.edition}: two lists"
                " of one date count twice. Keep one in sources.toml."
            )
        dates[source.edition] = source.id
    table = pd.concat(
        raw(source.id).assign(date=source.edition, selection=LISTS[source.extract])
        for source in lists
    )
    return table.assign(region=table["region"].map(PLACES))[list(SCHEMA.columns)]


SCHEMA = Schema(
    ["date", *TOTALS.unique],
    {"date": date(), "selection": text(list(LISTS.values())), **TOTALS.columns}
    | {"region": text(sorted(set(PLACES.values())))},
)
TABLES = {
    "hub_lists": Table(
        "One row is a publisher's downloads over 30 days, of one kind of repositories, on a date.",
        SCHEMA,
        clean_lists,
    ),
    "hub_most_liked": Table(
        "One row is one of the 20 most liked text-generation repositories on 15 November 2023.",
        schema(key=["organisation", "model"], organisation=text(),
               region=text(sorted(set(PLACES.values()))), model=text(), downloads=count()),
        lambda: raw("adoption_hf_models_top20_by_likes_2023_11_15").assign(
            region=lambda table: table["region"].map(PLACES)
        ),
    ),
    "hub_top_100": Table(
        "One row is a publisher's places among the 100 most downloaded text-generation"
        " repositories on 19 January 2024.",
        schema(key=["organisation", "region"], organisation=text(),
               region=text(sorted(set(PLACES.values()))), slots=count(), best_rank=count()),
        lambda: raw("adoption_hf_textgen_top100_ranks_2024_01_19").assign(
            region=lambda table: table["region"].map(PLACES)
        ),
    ),
}  # fmt: skip
