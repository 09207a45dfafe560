"""Extract of values that publications state on use, industry, investment, chips and freedom: one
number a row."""

import re
from itertools import product
from pathlib import Path

import pandas as pd

from ...project import FactcheckError
from ..schemas import number, schema, text

ENTITIES = {
    "US": "United States",
    "Korea": "South Korea",
    "UK": "United Kingdom",
    "Huawei Ascend 910C": "Ascend 910C",
    "Nvidia H200": "H200",
}
SCALE = {"million": 1e6, "bn": 1e9, "trn": 1e12}
NUMBER = re.compile(
    r"(?:\b(about|almost|nearly|over|more than|just shy of|up to|at or below)"
    r" )?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?: (million|bn|trn)\b)?"
)
# What the numbers of a value stand for, in order, where its entities and periods do not say.
PARTS = {
    "AI chips smuggled into China": ("low", "median"),
    "smuggled share of Chinese training / inference compute acquired": (
        "training, low",
        "training, high",
        "training, median",
        "inference, low",
        "inference, high",
        "inference, median",
    ),
    "notable PRC-only models trained on Chinese chips": ("on Chinese chips", "all"),
    "repair of banned Nvidia GPUs": ("first firm", "second firm"),
    "organisations using generative AI / fully implemented": ("using", "fully implemented"),
    "enterprises (>1,000 staff) actively using AI": (
        "India",
        "United States, low",
        "United States, high",
    ),
    "DJI share of commercial US market": ("first source", "second source", "third source"),
    "utilisation of Chinese data centres": ("low", "high"),
    "firms using AI to produce goods or services / in any function": (
        "narrow question",
        "wide question",
    ),
}
# Statements in words, and an index that leaves China out.
LEFT_OUT = (
    "position of the scholar",
    "ICT Development Index",
    "platforms counted",
    "Anthropic AI Usage Index",
)


def stated_values(path: Path) -> pd.DataFrame:
    """Split stated values into one number a row, in plain digits.

    Columns topic, indicator, entity, period, part ("" where entity and period say it all), value,
    qualifier (about, over, …), unit, publisher, locator (the work), address, evidence. Ranks in
    brackets are left out, and statements without a number. Raises FactcheckError for a value with
    more numbers than entities, periods or `PARTS` account for.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table[~table["indicator"].str.startswith(LEFT_OUT)]
    found = pd.DataFrame([each for row in table.to_dict("records") for each in _split(row)])
    return found.sort_values(["topic", "indicator", "entity", "period", "part", "publisher"])


def _split(row: dict[str, str]) -> list[dict[str, str]]:
    bare = row["value"] if "median" in row["value"] else re.sub(r"\([^)]*\)", "", row["value"])
    numbers = [
        (qualifier, float(digits.replace(",", "")) * SCALE.get(word, 1))
        for qualifier, digits, word in NUMBER.findall(bare)
    ]
    entities = [ENTITIES.get(name, name) for name in re.split(r" / | vs |, ", row["entity"])]
    periods = re.split(
        r" / ",
        re.sub(
            r"^(\d{4}) (H\d), (H\d)$",
            r"\1 \2 / \1 \3",
            row["period"].removesuffix(" editions").removesuffix(" base case"),
        ),
    )
    if parts := PARTS.get(row["indicator"]):
        places = [(row["entity"], row["period"], part) for part in parts]
    elif len(numbers) == 1:
        places = [(entity, row["period"], "") for entity in entities]
        numbers *= len(entities)
    elif len(numbers) == len(entities):
        places = [(entity, row["period"], "") for entity in entities]
    else:
        places = [(entity, period, "") for entity, period in product(entities, periods)]
    if len(places) != len(numbers):
        raise FactcheckError(
            f"{row['indicator']}, {row['period']}: {row['value']!r} has {len(numbers)} numbers for"
            f" {len(places)} places: add it to PARTS."
        )
    shared = {
        "topic": row["claim_topic"],
        "indicator": row["indicator"],
        "unit": re.sub(r" ?\(.*\)", "", row["unit"]),
        "publisher": row["publisher"],
        "locator": row["work"],
        "address": row["locator_url"],
        "evidence": row["evidence"],
    }
    columns = [
        "topic",
        "indicator",
        "entity",
        "period",
        "part",
        "value",
        "qualifier",
        "unit",
        "publisher",
        "locator",
        "address",
        "evidence",
    ]
    rows = [
        shared
        | {
            "entity": ENTITIES.get(entity, entity),
            "period": period,
            "part": part,
            "qualifier": qualifier,
            "value": f"{value:.12g}",
        }
        for (entity, period, part), (qualifier, value) in zip(places, numbers, strict=True)
    ]
    return [{column: each[column] for column in columns} for each in rows]


SCHEMAS = {
    "stated_values": schema(
        key=["indicator", "entity", "period", "part", "publisher"],
        topic=text(),
        indicator=text(),
        entity=text(),
        period=text(),
        part=text(nullable=True),
        value=number(least=0),
        qualifier=text(nullable=True),
        unit=text(),
        publisher=text(),
        locator=text(nullable=True),
        address=text(),
        evidence=text(["primary", "copy", "secondary"]),
    ),
}
