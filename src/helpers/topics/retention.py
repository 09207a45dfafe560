"""Retention: how many researchers from China stay in the United States, and what that is a year.

Cohort by cohort.
"""

import pandas as pd
from scipy.stats import binomtest

from ..project import FactcheckError

CHINA = "China (incl. Hong Kong)"
NCSES = "2017-19 S&E doctorate recipients on temporary visas: "
CARNEGIE = "of those 100, working in 2025 in"
ANY = "any origin"
# Shares printed without counts: publisher, measure, place, and the cohort's name in a figure.
STEM = (
    "international STEM PhD graduates 2000-2015 still in US Feb 2017",
    "foreign STEM doctorate recipients still in US 10 years after degree",
)
TRAINED = "US-trained (graduate school) AI researchers who stayed to work in US"
PRINTED_SHARES = (
    ("CSET", STEM[0], "China", "STEM PhDs of 2000–15, in 2017 (CSET)"),
    ("Congress", STEM[1], "China", "STEM PhDs, ten years on, as of 2017 (CRS)"),
    (
        "US Council",
        TRAINED,
        "United States",
        "US-trained AI researchers, of any origin, 2025 (CEA)",
    ),
)
# Years between the middle of the cohort and the count, and where the people who left went.
RATES = {"ncses": (5, "anywhere"), "carnegie": (6, "China")}


def value(table: pd.DataFrame, publisher: str, measure: str, place: str) -> float:
    """Return the one value of a publisher (by the start of its name), measure and place.

    Raises FactcheckError where none or several fit.
    """
    fits = table[
        table["publisher"].str.startswith(publisher)
        & table["measure"].eq(measure)
        & table["place"].eq(place)
    ]
    if len(fits) != 1:
        where = "data/processed/researchers_retained.csv"
        raise FactcheckError(
            f"{publisher}, {measure!r}, {place}: {len(fits)} values where one is wanted. "
            f"See {where}."
        )
    return float(fits["value"].iloc[0])


def stay_rates(retained: pd.DataFrame, tracker: pd.DataFrame) -> pd.DataFrame:
    """Return one row a cohort, with the share that stayed and its range.

    Columns `cohort`, `origin`, `stayed_pct`, `low`, `high`, `evidence`, `after_debate`. NCSES is
    divided here, its range is that of counts rounded to 50. Carnegie's hundred are a sample: its
    range is Wilson's 95 %. Shares printed without a count have no range. The cohorts differ: they
    are no series.
    """
    stayed, all_ = (
        value(retained, "NCSES", NCSES + part, CHINA) for part in ("US residence in 2023", "total")
    )
    ends = 100 * (stayed - 25) / (all_ + 25), 100 * (stayed + 25) / (all_ - 25)
    rows: list[tuple] = [
        (
            "S&E PhDs of 2017–19, in 2023 (NCSES)",
            "China",
            100 * stayed / all_,
            *ends,
            "primary",
            False,
        )
    ]
    for publisher, measure, place, name in PRINTED_SHARES:
        rows.append(
            (
                name,
                "China" if place == "China" else ANY,
                value(retained, publisher, measure, place),
                None,
                None,
                "secondary",
                False,
            )
        )
    top = tracker.query("measure == 'staying after a US PhD'")
    rows.append(
        (
            "Top-tier AI authors of 2019, after a US PhD (MacroPolo)",
            "China",
            float(top["value"].iloc[0]),
            None,
            None,
            "secondary",
            False,
        )
    )
    stayed, all_ = _carnegie(retained, "United States")
    low, high = wilson(stayed, all_)
    rows.append(
        (
            "Top-tier AI authors of 2019, in 2025 (Carnegie, Dec 2025)",
            "China",
            100 * stayed / all_,
            low,
            high,
            "secondary",
            True,
        )
    )
    table = pd.DataFrame(
        rows, columns=["cohort", "origin", "stayed_pct", "low", "high", "evidence", "after_debate"]
    )
    return table.astype({"low": float, "high": float})


def yearly_rates(retained: pd.DataFrame) -> pd.DataFrame:
    """Return what leaving comes to a year, by source (`ncses`, `carnegie`).

    Columns `left`, `of`, `years`, `to`, `pct_a_year`, `low`, `high`. A constant yearly share is
    assumed over `years`, the time from the middle of the cohort to the count. `ncses` counts moves
    to any country, so it bounds returns to China from above; `carnegie` counts China alone. Ranges
    as in `stay_rates`.
    """
    all_ = value(retained, "NCSES", NCSES + "total", CHINA)
    left = all_ - value(retained, "NCSES", NCSES + "US residence in 2023", CHINA)
    back, sample = _carnegie(retained, "China")
    rows = []
    for source, gone, of, ends in (
        ("ncses", left, all_, (100 * (left - 50) / (all_ + 25), 100 * (left + 50) / (all_ - 25))),
        ("carnegie", back, sample, wilson(back, sample)),
    ):
        years, to = RATES[source]
        shares = [a_year(share, years) for share in (100 * gone / of, *ends)]
        rows.append((source, gone, of, years, to, *shares))
    return pd.DataFrame(
        rows, columns=["source", "left", "of", "years", "to", "pct_a_year", "low", "high"]
    ).set_index("source")


def a_year(left_pct: float, years: float) -> float:
    """Return the constant yearly share, in per cent, that adds up to `left_pct` over `years`.

    >>> round(a_year(19, 2), 6)
    10.0
    """
    return 100 * (1 - (1 - left_pct / 100) ** (1 / years))


def wilson(successes: float, of: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share, in per cent."""
    ends = binomtest(round(successes), round(of)).proportion_ci(method="wilson")
    return 100 * ends.low, 100 * ends.high


def divided(retained: pd.DataFrame, publisher: str, base: str) -> pd.DataFrame:
    """Return the counts that a publisher prints beside a share, divided by the count called `base`.

    Columns `value`, `printed_pct`, `divided_pct`, both shares in per cent.
    """
    rows = retained[retained["publisher"].str.startswith(publisher)]
    of = float(rows.loc[rows["measure"].eq(base), "value"].iloc[0])
    found = rows[rows["printed_pct"].notna()].set_index("measure")[["value", "printed_pct"]]
    return found.assign(divided_pct=(100 * found["value"] / of).round(1))


def _carnegie(retained: pd.DataFrame, place: str) -> tuple[float, float]:
    sample = value(
        retained,
        "Carnegie",
        "China-origin researchers at US institutions in 2019 sample",
        "United States",
    )
    return value(retained, "Carnegie", CARNEGIE, place), sample
