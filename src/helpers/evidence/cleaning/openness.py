"""Clean tables on open weights: access to listed models, and repositories made on the Hub."""

import pandas as pd

from ...project import FactcheckError
from ..schemas import count, date, schema, text
from ..tables import Table, raw_editions
from .adoption import COHORT_REGIONS
from .models import codes

LISTS = {
    "notable": "openness.notable_accessibility",
    "large_scale": "openness.large_scale_accessibility",
}
# Epoch's words, and those of its vintages of 2024: "Open source" became "Open access
# (unrestricted)", then "Open weights (unrestricted)".
ACCESS = {
    "Open weights (unrestricted)": "unrestricted",
    "Open access (unrestricted)": "unrestricted",
    "Open source": "unrestricted",
    "Open weights (restricted use)": "restricted",
    "Open access (restricted use)": "restricted",
    "Open weights (non-commercial)": "non_commercial",
    "Open access (non-commercial)": "non_commercial",
    "API access": "interface",
    "Hosted access (no API)": "hosted",
    "Unreleased": "unreleased",
    "": "unknown",
}
GROUPS = list(dict.fromkeys(ACCESS.values()))


def access(published: pd.Series) -> pd.Series:
    """Return Epoch's accessibility as one of `GROUPS`, a blank as unknown.

    Raises FactcheckError naming the word and how often it stands for one that is not known.
    """
    words = published.fillna("")
    if strange := words[~words.isin(ACCESS)].value_counts().to_dict():
        raise FactcheckError(
            f"Model accessibility has words we cannot place: {strange}. Add them to ACCESS in"
            " helpers/evidence/cleaning/openness.py."
        )
    return words.map(ACCESS)


def clean_models() -> pd.DataFrame:
    """Stack every vintage of both lists.

    Columns list, vintage, model, published, organisations, countries (ISO codes), sectors, access.
    """
    stacked = pd.concat(
        [raw_editions(extract).assign(list=name) for name, extract in LISTS.items()]
    )
    stacked["countries"] = stacked["countries"].fillna("").map(codes)
    stacked["access"] = access(stacked["accessibility"])
    return stacked[
        ["list", "vintage", "model", "published", "organisations", "countries", "sectors", "access"]
    ]


def clean_repositories() -> pd.DataFrame:
    """Give each organisation its region: vintage, organisation, region, created, models.

    Raises FactcheckError for one without.
    """
    table = raw_editions("openness.repositories")
    if strange := sorted(set(table["organisation"]) - set(COHORT_REGIONS)):
        raise FactcheckError(
            f"Organisations without a region: {', '.join(strange)}. Add them to COHORT_REGIONS in"
            " helpers/evidence/cleaning/adoption.py."
        )
    return table.assign(region=table["organisation"].map(COHORT_REGIONS))[
        ["vintage", "organisation", "region", "created", "models"]
    ]


def clean_access() -> pd.DataFrame:
    """Stack the copies of the notable list that say who may use model and training code.

    Columns vintage, model, published, organisations, countries, sectors, access, training_code.
    """
    stacked = raw_editions("models.notable_access")
    stacked["countries"] = stacked["countries"].fillna("").map(codes)
    stacked["access"] = access(stacked["accessibility"])
    columns = ["vintage", "model", "published", "organisations", "countries", "sectors", "access"]
    return stacked[[*columns, "training_code"]]


TABLES = {
    "model_access": Table(
        "One row is a model published since 2019 in one vintage of a list, with who may have its"
        " weights.",
        schema(
            key=["list", "vintage", "model", "published"],
            list=text(list(LISTS)),
            vintage=date(),
            model=text(),
            published=date(),
            organisations=text(nullable=True),
            countries=text(nullable=True),
            sectors=text(nullable=True),
            access=text(GROUPS),
        ),
        clean_models,
    ),
    "notable_access": Table(
        "One row is a model published since 2014 in a copy of the notable list, with who may use"
        " the model and its training code.",
        schema(
            key=["vintage", "model"],
            vintage=date(),
            model=text(),
            published=date(),
            organisations=text(nullable=True),
            countries=text(nullable=True),
            sectors=text(nullable=True),
            access=text(GROUPS),
            training_code=text(nullable=True),
        ),
        clean_access,
    ),
    "open_repositories": Table(
        "One row is an organisation and year: model repositories it created on the Hugging Face Hub"
        " and still shows on one date.",
        schema(
            key=["vintage", "organisation", "created"],
            vintage=date(),
            organisation=text(),
            region=text(["China", "United States", "EU", "Other"]),
            created=text(),
            models=count(),
        ),
        clean_repositories,
    ),
}
