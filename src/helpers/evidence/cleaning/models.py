"""Clean tables on notable and large-scale models."""

import pandas as pd

from .. import sources
from ..places import iso3
from ..schemas import count, date, number, schema, text
from ..tables import Table, raw, raw_editions

LISTS = {
    "notable": "models.notable_models",
    "large_scale": "models.large_scale_models",
    "full_table": "models.full_table",
}
MULTINATIONAL = "Multinational"


def codes(published: str) -> str:
    """Return ISO codes for a published list of countries, in its order, with `Multinational` kept
    as it stands.

    >>> codes("United States of America,Multinational,China")
    'USA;Multinational;CHN'
    """
    names = [name.strip() for name in published.split(",") if name.strip()]
    return ";".join(name if name == MULTINATIONAL else iso3(name) for name in names)


def clean_lists() -> pd.DataFrame:
    """Stack every vintage of every list.

    Columns list, vintage, model, published, organisations, countries, sectors.
    """
    stacked = pd.concat(
        [raw_editions(extract).assign(list=name) for name, extract in LISTS.items()]
    )
    stacked["countries"] = stacked["countries"].fillna("").map(codes)
    return stacked[
        ["list", "vintage", "model", "organisations", "published", "countries", "sectors"]
    ]


TABLES = {
    "model_lists": Table(
        "One row is a model in one vintage of a list: notable, large-scale, or the full table's"
        " models with a notability criterion.",
        schema(
            key=["list", "vintage", "model", "organisations", "published"],
            list=text(list(LISTS)),
            vintage=date(),
            model=text(),
            organisations=text(nullable=True),
            published=date(),
            countries=text(nullable=True),
            sectors=text(nullable=True),
        ),
        clean_lists,
    ),
    "notable_printed": Table(
        "One row is a count that section 1.3 of the AI Index Report 2025 prints.",
        schema(
            key=["group", "item"],
            group=text(),
            item=text(),
            printed=count(),
            locator=text(),
            evidence=text(list(sources.GRADES)),
        ),
        lambda: raw("facts_aiindex2025_section_1_3_values"),
    ),
    "model_counts_printed": Table(
        "One row is a printed count of notable models.",
        schema(
            key=["period", "entity", "measure", "source", "locator"],
            period=text(),
            entity=text(),
            measure=text(),
            value=number(least=0),
            source=text(),
            locator=text(),
            evidence=text(list(sources.GRADES)),
        ),
        lambda: raw("facts_models_published_values"),
    ),
    "ai_index_2026_models": Table(
        "One row is a region and year: notable models in a chart file of AI Index 2026.",
        schema(key=["year", "entity"], year=text(), entity=text(), models=number(least=0)),
        lambda: raw("research_aiindex2026_fig_1_1_2"),
    ),
}
