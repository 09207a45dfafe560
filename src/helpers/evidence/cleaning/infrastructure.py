"""Clean tables on chips, clusters, supply chains, investment, electricity and export rules."""

import pandas as pd

from ...project import FactcheckError
from ..extracts import chips
from ..extracts.infrastructure import SCHEMAS
from ..places import iso3, name
from ..schemas import count, date, flag, number, schema, text, year
from ..tables import Table, raw, raw_editions

UNKNOWN = "not given"
# Seat of each maker of chips in the hardware lists; "not given" where the list names no maker.
SEATS = {
    "NVIDIA": "United States",
    "AMD": "United States",
    "Google": "United States",
    "Intel": "United States",
    "Meta": "United States",
    "Amazon AWS": "United States",
    "Microsoft": "United States",
    "Tesla": "United States",
    "Huawei": "China",
    "Kunlunxin Baidu": "China",
    "Cambricon": "China",
    "MetaX": "China",
    "Iluvatar CoreX": "China",
    "National University of Defense Technology": "China",
    "Moore Threads (Tencent)": "China",
    "Sunway": "China",
    "Biren": "China",
    "Hygon": "China",
    "Alibaba": "China",
    "PEZY": "Japan",
    "": UNKNOWN,
}
# Boards of several chips, and a number that counts sparse operations: not one chip's dense
# performance.
NO_SINGLE_CHIP = {"NVIDIA GB200 NVL2": "two processors, sparse"}
SERIES = {
    "private AI investment, dollars of 2021": "diffusion_owid_private_ai_investment",
    "electricity generated, TWh": "diffusion_owid_electricity_generation",
    "AI venture capital, million dollars": "diffusion_ncses_6208_ai_venture_capital_2000_2020",
    "US semiconductor patents": "diffusion_ncses_10557_uspto_semiconductor_patents_1998_2022",
    "international semiconductor patent families": (
        "diffusion_ncses_5828_semiconductor_patent_families_1998_2020"
    ),
}
STOCK, QUARTERS = (
    "models_chip_owners_cumulative_by_designer_2026_07_20",
    "models_chip_owners_quarters_by_chip_type_2026_07_20",
)


def country_of(published: str) -> str:
    """Return the plain name of a published country, `not given` for a blank.

    >>> country_of("Philippines (the)"), country_of("")
    ('Philippines', 'not given')
    """
    return name(iso3(published.removesuffix(" (the)"))) if published else UNKNOWN


def clean_clusters() -> pd.DataFrame:
    """Give each cluster its country's plain name; a blank country stays in as `not given`."""
    table = raw("models_gpu_clusters_2025_11_01")
    return table.assign(country=table["country"].fillna("").map(country_of))


def clean_chips() -> pd.DataFrame:
    """Stack every vintage of the hardware list.

    Columns vintage, chip, manufacturer, country, released, flop_16_bit, bandwidth, single_chip.

    Raises FactcheckError for a maker whose seat is not known here.
    """
    stacked = raw_editions("chips.ml_hardware")
    stacked["manufacturer"] = stacked["manufacturer"].fillna("")
    if new := sorted(set(stacked["manufacturer"]) - set(SEATS)):
        raise FactcheckError(
            f"ML hardware: no seat for the maker {new[0]!r}: add it to SEATS in"
            " helpers/evidence/cleaning/infrastructure.py."
        )
    stacked["country"] = stacked["manufacturer"].map(SEATS)
    stacked["single_chip"] = (~stacked["chip"].isin(list(NO_SINGLE_CHIP))).astype(str)
    stacked["manufacturer"] = stacked["manufacturer"].replace("", UNKNOWN)
    return stacked[
        [
            "vintage",
            "chip",
            "manufacturer",
            "country",
            "released",
            "flop_16_bit",
            "bandwidth",
            "single_chip",
        ]
    ]


def clean_series() -> pd.DataFrame:
    """Stack the yearly series: series, entity, year, value; the unit stands in the name."""
    stacked = pd.concat([raw(id_).assign(series=series) for series, id_ in SERIES.items()])
    return stacked[["series", "entity", "year", "value"]]


TABLES = {
    "gpu_clusters": Table(
        "One row is a cluster of graphics processors in Epoch AI's list.",
        SCHEMAS["gpu_clusters"],
        clean_clusters,
    ),
    "ai_chips": Table(
        "One row is a chip in one vintage of Epoch AI's hardware list.",
        schema(
            key=["vintage", "chip"],
            vintage=date(),
            chip=text(),
            manufacturer=text(),
            country=text([*dict.fromkeys(SEATS.values())]),
            released=date(nullable=True),
            flop_16_bit=number(least=0, nullable=True),
            bandwidth=number(least=0, nullable=True),
            single_chip=flag(),
        ),
        clean_chips,
    ),
    "chip_stock": Table(
        "One row is the compute of one designer's chips that an owner has bought so far.",
        chips.SCHEMAS["chip_stock"],
        lambda: raw(STOCK),
    ),
    "chip_quarters": Table(
        "One row is the compute of one chip type that an owner added in a quarter.",
        chips.SCHEMAS["chip_quarters"],
        lambda: raw(QUARTERS),
    ),
    "chip_supply_shares": Table(
        "One row is a country's share of one step of the chip supply chain.",
        chips.SCHEMAS["supply_shares"],
        lambda: raw("diffusion_cset_chip_explorer_provision"),
    ),
    "infrastructure_series": Table(
        "One row is a country's yearly value of a series on money, patents or electricity.",
        schema(
            key=["series", "entity", "year"],
            series=text(list(SERIES)),
            entity=text(["China", "United States"]),
            year=year(),
            value=number(least=0),
        ),
        clean_series,
    ),
    "supercomputers": Table(
        "One row is a country's supercomputers in one list, added up.",
        schema(key=["country"], country=text(), systems=count(), rmax_pflops=number(least=0)),
        lambda: raw("diffusion_top500_2025_06"),
    ),
    "control_events": Table(
        "One row is a dated event in the control of chip exports.",
        chips.SCHEMAS["controls"],
        lambda: raw("facts_export_controls_timeline"),
    ),
    "clusters_printed": Table(
        "One row is a printed value on GPU clusters.",
        SCHEMAS["printed_clusters"],
        lambda: raw("facts_models_published_clusters"),
    ),
}
