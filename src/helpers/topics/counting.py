"""Counting works that several countries share: whole, first, fractional and sole counts."""

import pandas as pd

from ..project import FactcheckError

RULES = ("whole", "first", "fractional", "sole")


def credits(countries: pd.Series, rule: str = "whole") -> pd.DataFrame:
    """Share each work among its countries.

    `countries` holds one list of country codes per work, in the order of the source; its index
    names the works. Returns a frame with columns `work`, `country`, `credit`. `whole` gives each
    distinct country 1, `first` gives 1 to the first listed, `fractional` gives each distinct
    country 1/n, `sole` gives 1 only to a work of one country
    (Waltman and van Eck 2015, Journal of Informetrics 9(4)).

    >>> found = credits(pd.Series([["CHN", "USA"], ["USA"]]), "fractional")
    >>> found.groupby("country").credit.sum().to_dict()
    {'CHN': 0.5, 'USA': 1.5}

    Raises FactcheckError for another rule.
    """
    if rule not in RULES:
        raise FactcheckError(f"{rule!r} is no counting rule: use one of {', '.join(RULES)}.")
    rows = []
    for work, listed in countries.items():
        distinct = list(dict.fromkeys(listed))
        if not distinct or (rule == "sole" and len(distinct) > 1):
            continue
        chosen = distinct[:1] if rule == "first" else distinct
        credit = 1 / len(distinct) if rule == "fractional" else 1.0
        rows += [(work, country, credit) for country in chosen]
    return pd.DataFrame(rows, columns=["work", "country", "credit"])


def share_of(amounts: pd.Series, base: float | None = None) -> pd.Series:
    """Return `amounts` as per cent of `base`, by default of their sum.

    >>> share_of(pd.Series({"China": 3, "United States": 1})).to_dict()
    {'China': 75.0, 'United States': 25.0}
    """
    return 100 * amounts / (amounts.sum() if base is None else base)
