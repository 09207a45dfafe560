"""Clean tables on capability and training compute."""

import pandas as pd

from ...project import FactcheckError
from .. import sources
from ..schemas import date, flag, number, schema, text
from ..tables import Table, raw, raw_editions

# Epoch's country column, entry by entry. Google DeepMind's US, UK counts as American, as in
# notebook 06.
US, CN, OTHER, JOINT, UNKNOWN = "United States", "China", "elsewhere", "joint", "not stated"
USA, UK = "United States of America", "United Kingdom of Great Britain and Northern Ireland"
SIDES = {
    USA: US,
    f"{USA},{UK}": US,
    f"{USA},Germany": US,
    f"{USA},France": US,
    "China": CN,
    "Hong Kong,China": CN,
    "China,Hong Kong": CN,
    f"{USA},China": JOINT,
    f"China,{USA}": JOINT,
    "France": OTHER,
    "United Arab Emirates": OTHER,
    UK: OTHER,
    "Canada": OTHER,
    "South Korea": OTHER,
    "Korea (Republic of)": OTHER,
    "": UNKNOWN,
}
MEASURES = {"gpqa": "models_gpqa_diamond_2025_11_02", "math_l5": "models_math_level_5_2025_11_02"}
# A day of release that its own name and every other edition contradict by a year: it is left blank,
# not mended.
WRONG_DAYS = {("2026-01-20", "Kimi-K2-Instruct-0905"): "2024-09-05"}
# Half-width of a 95 % range in standard errors.
Z95 = 1.96


def side(countries: pd.Series) -> pd.Series:
    """Return the side of each published country entry.

    Raises FactcheckError for one that SIDES does not hold.
    """
    listed = countries.fillna("")
    if strange := sorted(set(listed) - set(SIDES)):
        raise FactcheckError(
            f"{strange[0]!r} is not placed: add this country entry to SIDES in"
            " helpers/evidence/cleaning/efficiency.py."
        )
    return listed.map(SIDES)


def clean_capabilities() -> pd.DataFrame:
    """Stack index editions and benchmarks.

    Columns measure, vintage, version, model, released, side, accessibility, flop, confidence,
    score, low, high.

    Benchmark scores become per cent, their range is 95 % of a normal around the score; a version
    without model name keeps its own.
    """
    index = raw_editions("efficiency.capabilities").assign(measure="eci")
    names = raw("models_capabilities_index_versions_2025_11_02").set_index("version")["model"]
    known = raw("models_epoch_capabilities_index_2025_11_02").set_index("version")[
        ["accessibility", "confidence"]
    ]
    parts = [index]
    for measure, source in MEASURES.items():
        table = raw(source).assign(measure=measure, vintage=sources.get(source).edition)
        table["low"], table["high"] = (
            100 * (table["score"] + sign * Z95 * table["stderr"]) for sign in (-1, 1)
        )
        table["score"] *= 100
        table["model"] = table["version"].map(names)
        parts.append(table.join(known, on="version"))
    stacked = pd.concat(parts, ignore_index=True)
    stacked["model"] = stacked["model"].fillna(stacked["version"])
    for (vintage, version), day in WRONG_DAYS.items():
        wrong = (
            stacked["vintage"].eq(vintage)
            & stacked["version"].eq(version)
            & stacked["released"].eq(day)
        )
        if not wrong.any():
            raise FactcheckError(
                f"{version} is no longer dated {day} in the edition of {vintage}: take it out of"
                " WRONG_DAYS."
            )
        stacked.loc[wrong, "released"] = None
    return stacked.assign(side=side(stacked["countries"]))[list(CAPABILITIES.columns)]


def clean_estimates() -> pd.DataFrame:
    """Stack the compute lists: vintage, model, published, flop, upper, confidence, method."""
    return raw_editions("efficiency.compute")[list(ESTIMATES.columns)]


CAPABILITIES = schema(
    key=["measure", "vintage", "version"],
    measure=text(["eci", *MEASURES]),
    vintage=date(),
    version=text(),
    model=text(),
    released=date(nullable=True),
    side=text([US, CN, OTHER, JOINT, UNKNOWN]),
    accessibility=text(nullable=True),
    flop=number(least=0, nullable=True),
    confidence=text(nullable=True),
    score=number(),
    low=number(nullable=True),
    high=number(nullable=True),
)
ESTIMATES = schema(
    key=["vintage", "model", "published", "flop", "method"],
    vintage=date(),
    model=text(),
    published=date(),
    flop=number(least=0, nullable=True),
    upper=number(least=0, nullable=True),
    confidence=text(nullable=True),
    method=text(nullable=True),
)

TABLES = {
    "model_capabilities": Table(
        "One row is a model version's score on one measure in one vintage: Epoch's capabilities"
        " index, GPQA diamond or MATH level 5 (per cent).",
        CAPABILITIES,
        clean_capabilities,
    ),
    "compute_estimates": Table(
        "One row is Epoch's estimate of a model's training compute in one vintage, with its"
        " method.",
        ESTIMATES,
        clean_estimates,
    ),
    "distilled_models": Table(
        "One row is a model version and whether Epoch calls it distilled.",
        schema(key=["model"], model=text(), distilled=flag()),
        lambda: raw("models_distilled_models_2025_12_05"),
    ),
    "arena_leads": Table(
        "One row is a fact derived from an arena export: best models, the first US one as good, the"
        " two of the debate, who is rated above them.",
        schema(
            key=["vintage", "what", "model"],
            vintage=date(),
            what=text(),
            side=text([US, CN]),
            model=text(),
            released=date(nullable=True),
            rating=number(nullable=True),
            low=number(nullable=True),
            high=number(nullable=True),
        ),
        lambda: raw_editions("efficiency.arena")[
            ["vintage", "what", "side", "model", "released", "rating", "low", "high"]
        ],
    ),
    "training_printed": Table(
        "One row is a printed value on DeepSeek-V3's training, on Qwen2.5-Max, or on the gap"
        " between countries.",
        schema(
            key=["topic", "measure", "entity", "period", "source"],
            topic=text(),
            measure=text(),
            entity=text(),
            period=text(),
            value=number(least=0),
            unit=text(),
            source=text(),
            locator=text(),
            evidence=text(list(sources.GRADES)),
        ),
        lambda: raw("facts_models_training_and_gaps"),
    ),
}
