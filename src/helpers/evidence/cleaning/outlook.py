"""Clean tables on H-1B rules and petitions, on researchers who stayed, and on the shares a
projection starts from."""

import pandas as pd

from ...project import FactcheckError
from ..extracts.outlook import GRADES, SCHEMAS
from ..schemas import date, schema, text
from ..tables import Table, raw

ACTORS = ("president", "agency", "others")
# What a step does to people who apply: adds a payment, condition or limit; removes one that stood
# before the year's first measure; says whom a measure of the same year does not reach; or nothing
# yet.
EFFECTS = ("adds", "removes", "exempts", "none")
# Start of a fact: who acted, by which legal act, at which step, and to what effect. Read by eye
# from the facts' words.
CODING = {
    "Proclamation signed": ("president", "proclamation of 19 September 2025", "signed", "adds"),
    "USCIS: prospective only": ("agency", "guidance of 20 September 2025", "published", "exempts"),
    "In force for 12 months": (
        "president",
        "proclamation of 19 September 2025",
        "in force",
        "adds",
    ),
    "USCIS: fee does not apply": ("agency", "guidance of 20 October 2025", "published", "exempts"),
    "At least two lawsuits": ("others", "lawsuits", "filed", "none"),
}


def code_measures(facts: pd.DataFrame) -> pd.DataFrame:
    """Add to each dated fact its `actor`, `act`, `step` and `effect` by `CODING`.

    Raises FactcheckError for a fact that nobody has coded yet.
    """
    coded = []
    for fact in facts["fact"]:
        found = [code for start, code in CODING.items() if fact.startswith(start)]
        if len(found) != 1:
            raise FactcheckError(
                f"facts_h1b_policy: the fact {fact!r} fits {len(found)} codes. Code it in"
                " helpers/evidence/cleaning/outlook.py."
            )
        coded += found
    columns = ["date", "actor", "act", "step", "effect", "fact", "publisher", "address", "evidence"]
    return facts.join(
        pd.DataFrame(coded, columns=["actor", "act", "step", "effect"], index=facts.index)
    )[columns]


TABLES = {
    "h1b_measures": Table(
        "One row is a dated step of a rule on H-1B visas in 2025, with our coding of its effect.",
        schema(
            key=["act", "step"],
            date=date(),
            actor=text(list(ACTORS)),
            act=text(),
            step=text(),
            effect=text(list(EFFECTS)),
            fact=text(),
            publisher=text(),
            address=text(),
            evidence=text(GRADES),
        ),
        lambda: code_measures(raw("facts_h1b_policy")),
    ),
    "h1b_petitions": Table(
        "One row is a count or share of H-1B petitions of a country of birth in a fiscal year and"
        " series.",
        SCHEMAS["h1b_petitions"],
        lambda: raw("facts_h1b_by_country_of_birth"),
    ),
    "researchers_retained": Table(
        "One row is a value that a publisher states on researchers who stayed or left, or on how"
        " many there are.",
        SCHEMAS["retention"],
        lambda: raw("facts_talent_second_sources"),
    ),
    "tracker_start": Table(
        "One row is a value that MacroPolo printed and a projection starts from.",
        SCHEMAS["tracker_values"],
        lambda: raw("facts_macropolo_outlook"),
    ),
}
