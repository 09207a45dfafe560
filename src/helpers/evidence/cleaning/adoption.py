"""Clean tables on downloads of open models."""

import pandas as pd

from ...project import FactcheckError
from .. import sources
from ..schemas import count, date, flag, number, schema, text
from ..tables import Table, raw, raw_editions

REGIONS = {
    "china": "China",
    "us": "United States",
    "eu": "EU",
    "other": "Other",
    "unknown": "Other",
}
# Organisations with counters that the ATOM list does not place: by the seat of the organisation.
OWN_REGIONS = {
    "TinyLlama": "Other",
    "bigscience": "Other",
    "distilbert": "United States",
    "openai-community": "United States",
    "sshleifer": "Other",
    "EleutherAI": "Other",
}
COHORT_REGIONS = {
    "Alibaba Cloud": "China",
    "BAIDU": "China",
    "ByteDance": "China",
    "DeepSeek": "China",
    "MiniMax": "China",
    "Tencent": "China",
    "Z.ai": "China",
    "AMD": "United States",
    "Ai2": "United States",
    "Amazon": "United States",
    "Anthropic": "United States",
    "Apple": "United States",
    "Google": "United States",
    "Hugging Face": "United States",
    "IBM": "United States",
    "Meta Llama": "United States",
    "Microsoft": "United States",
    "NVIDIA": "United States",
    "OpenAI": "United States",
    "xAI": "United States",
    "Black Forest Labs": "EU",
    "Mistral AI_": "EU",
    "Stability AI": "EU",
    "Cohere Labs": "Other",
}
STALE, TWIN = "2025-07-02", "2025-05-28"


def clean_counters() -> pd.DataFrame:
    """Give each counter its region and say whether the model is in ATOM's list.

    Drop the stale date after proving it stale.

    Raises FactcheckError where a counter falls or the date known to repeat another one no longer
    does.
    """
    table = raw("facts_hf_alltime_downloads")
    wide = table.pivot(index="model", columns="date", values="downloads")
    if not wide[STALE].equals(wide[TWIN].rename(STALE)):
        raise FactcheckError(
            f"The counters of {STALE} no longer repeat those of {TWIN}: look at the source before"
            " dropping either."
        )
    kept = wide.drop(columns=STALE)
    if (kept.diff(axis=1) < 0).any(axis=None):
        raise FactcheckError(
            "A counter of all-time downloads falls between two dates: a digit was misread."
        )
    atom = (
        raw("adoption_atom_organization_regions_2026_08_17")
        .set_index("organisation")["region"]
        .map(REGIONS)
    )
    table = table[table["date"].ne(STALE)]
    region = table["organisation"].map(OWN_REGIONS).fillna(table["organisation"].map(atom))
    listed = table["model"].isin(raw("adoption_atom_models_2025_12_30")["model"]).astype(str)
    return table.assign(region=region, in_atom_list=listed)[
        ["date", "model", "organisation", "region", "in_atom_list", "downloads"]
    ]


def clean_cohorts() -> pd.DataFrame:
    """Stack the cross-sections.

    Columns vintage, organisation, region, created_from, downloads over 30 days.
    """
    table = raw_editions("adoption.cohort_totals")
    return table.assign(region=table["organisation"].map(COHORT_REGIONS))[
        ["vintage", "organisation", "region", "created_from", "downloads_30_days"]
    ]


TABLES = {
    "download_counters": Table(
        "One row is a model's all-time download counter on one date.",
        schema(
            key=["date", "model"],
            date=date(),
            model=text(),
            organisation=text(),
            region=text(["China", "United States", "EU", "Other"]),
            in_atom_list=flag(),
            downloads=count(),
        ),
        clean_counters,
    ),
    "download_cohorts": Table(
        "One row is an organisation's downloads over 30 days, of the repositories it created in one"
        " period, on one date.",
        schema(
            key=["vintage", "organisation", "created_from"],
            vintage=date(),
            organisation=text(),
            region=text(["China", "United States", "EU", "Other"]),
            created_from=date(),
            downloads_30_days=count(),
        ),
        clean_cohorts,
    ),
    "adoption_printed": Table(
        "One row is a printed value on downloads or derivatives of open models.",
        schema(
            key=["id"],
            id=text(),
            measure=text(),
            entity=text(),
            period=text(),
            value=number(least=0),
            unit=text(),
            publisher=text(),
            evidence=text(list(sources.GRADES)),
        ),
        lambda: raw("facts_adoption_text_values"),
    ),
}
