"""Grey market: which published reports on smuggled or repaired chips count as independent.

A report counts when (1) it was out by the day of the debate; (2) it states a number of chips, of
money or of a share, for chips brought round the rules into China or for the repair of banned ones;
(3) the number comes from its publisher's own inquiry, model or investigation. All that one
publisher prints on one trade is one report; a restatement counts for the publisher it restates.
"""

import pandas as pd

from ..evidence import sources
from ..project import FactcheckError
from . import indicators

DEBATE = "2025-10-31"
TRADES = {
    "AI chips smuggled into China": "smuggling",
    "smuggled share of Chinese training / inference compute acquired": "smuggling",
    "value of restricted Nvidia chips sold into China": "smuggling",
    "repair of banned Nvidia GPUs": "repair",
}
RULES = ("any_grade", "read_at_source", "weaker_part")


def numbers() -> pd.DataFrame:
    """Return every stated number on the two trades.

    Columns trade, indicator, part, value, qualifier, unit, publisher, published, evidence;
    `published` is the ISO date that publisher or locator names. Raises FactcheckError where there
    is none.
    """
    found = pd.concat(
        [
            indicators.stated(indicator).assign(indicator=indicator, trade=trade)
            for indicator, trade in TRADES.items()
        ],
        ignore_index=True,
    )
    found["published"] = (found["publisher"] + " " + found["locator"]).str.extract(
        r"(\d{4}-\d\d-\d\d)", expand=False
    )
    if found["published"].isna().any():
        undated = found.loc[found["published"].isna(), "indicator"].iloc[0]
        raise FactcheckError(f"No publication date for {undated!r}: add it to the transcription.")
    found["publisher"] = found["publisher"].str.replace(r" \d{4}-\d\d-\d\d$", "", regex=True)
    return found[
        [
            "trade",
            "indicator",
            "part",
            "value",
            "qualifier",
            "unit",
            "publisher",
            "published",
            "evidence",
        ]
    ]


def reports(found: pd.DataFrame, until: str = DEBATE) -> pd.DataFrame:
    """Return the reports out by `until`, one row per publisher and trade.

    Columns publisher, trade, published, numbers, evidence.
    """
    early = found[found["published"].le(until)]
    weakest = ("evidence", lambda grades: max(grades, key=sources.GRADES.index))
    return early.groupby(["publisher", "trade"], as_index=False).agg(
        published=("published", "min"), numbers=("value", "size"), evidence=weakest
    )


def with_later(
    listed: pd.DataFrame, publisher: str, trade: str, published: str, evidence: str
) -> pd.DataFrame:
    """Return the reports with one more, published after the debate."""
    added = pd.DataFrame(
        [
            {
                "publisher": publisher,
                "trade": trade,
                "published": published,
                "numbers": 1,
                "evidence": evidence,
            }
        ]
    )
    return pd.concat([listed, added], ignore_index=True)


def count(listed: pd.DataFrame, rule: str = "any_grade") -> int:
    """Return how many independent reports there are, one a publisher.

    `read_at_source` counts those read at their own page, `weaker_part` those on the trade with
    fewer. Raises FactcheckError for another rule.
    """
    if rule not in RULES:
        raise FactcheckError(f"{rule!r} is no rule: use one of {', '.join(RULES)}.")
    if rule == "weaker_part":
        return int(
            listed.groupby("trade")["publisher"]
            .nunique()
            .reindex(["smuggling", "repair"], fill_value=0)
            .min()
        )
    kept = listed if rule == "any_grade" else listed[listed["evidence"].ne("secondary")]
    return int(kept["publisher"].nunique())
