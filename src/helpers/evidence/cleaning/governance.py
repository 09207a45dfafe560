"""Clean tables of freedom indices and of output."""

import pandas as pd

from .. import sources
from ..schemas import number, schema, text, year
from ..tables import Table, raw

# Source, its publisher in short, and the top of its scale.
INDICES = {
    "diffusion_vdem_high_level_indices": ("V-Dem", 1),
    "diffusion_owid_civil_liberties_index": ("V-Dem", 1),
    "facts_diffusion_freedom_scores": ("Freedom House", 100),
}
OUTPUT = {
    "governance_robots": "IFR",
    "governance_manufacturing_share": "World Bank",
    "governance_private_ai_investment": "Quid, AI Index",
    "governance_electricity": "Ember",
    "governance_value_added": "NSF",
    "governance_exports": "NSF",
    "governance_ai_venture_capital": "NSF",
    "governance_venture_capital": "NSF",
}


def clean_indices() -> pd.DataFrame:
    """Stack the freedom indices: publisher, index, entity, year, value, scale, evidence."""
    parts = [
        raw(id_).assign(publisher=publisher, scale=scale, evidence=sources.get(id_).evidence)
        for id_, (publisher, scale) in INDICES.items()
    ]
    return pd.concat(parts)[["publisher", "index", "entity", "year", "value", "scale", "evidence"]]


def clean_output() -> pd.DataFrame:
    """Stack the output series: measure, entity, year, value, unit, publisher, evidence."""
    return pd.concat(
        [
            raw(id_).assign(publisher=publisher, evidence=sources.get(id_).evidence)
            for id_, publisher in OUTPUT.items()
        ]
    )


TABLES = {
    "freedom_indices": Table(
        "One row is an index of freedom, a country and a year; higher is freer.",
        schema(
            key=["index", "entity", "year"],
            publisher=text(),
            index=text(),
            entity=text(),
            year=year(),
            value=number(least=0),
            scale=number(least=1),
            evidence=text(list(sources.GRADES)),
        ),
        clean_indices,
    ),
    "output_series": Table(
        "One row is a measure of output, China or the world, and a year.",
        schema(
            key=["measure", "entity", "year"],
            measure=text(),
            entity=text(["China", "World"]),
            year=year(),
            value=number(least=0),
            unit=text(),
            publisher=text(),
            evidence=text(list(sources.GRADES)),
        ),
        clean_output,
    ),
}
