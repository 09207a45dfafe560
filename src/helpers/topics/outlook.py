"""Outlook: a small stock-and-flow account of one channel, people from China leaving the United
States for China.

Stocks are shares of authors, in per cent, starting from the newest count of one conference or from
values for 2022. Everything outside the channel stands still. Each year a share of those from China
who work in the United States moves to China, and new people come the other way. A rule reaches some
of them: the reached come no more and leave at another rate, the exempt as before.
"""

from itertools import product

import numpy as np
import pandas as pd

from ..project import FactcheckError

YEARS = 5
MULTIPLES = (1, 2, 5)
FALLS = {"a tenth lower": 0.9, "a quarter lower": 0.75}  # of the ratio at the start, whatever it is
ORIGINS = ("printed_2019", "least_2022", "most_2022")
ENDS = (ORIGINS[0], ORIGINS[-1])
INFLOWS = ("replaces", "none", "grows")
EXEMPT = ("nobody", "extensions", "everyone")


def printed(tracker: pd.DataFrame, measure: str, place: str, year: int) -> float:
    """Return one printed value of the top tier; raises FactcheckError where there is not exactly
    one."""
    fits = tracker.query(
        "tier == 'top' and measure == @measure and place == @place and year == @year"
    )["value"]
    if len(fits) != 1:
        raise FactcheckError(
            f"{measure}, {place}, {year}: {len(fits)} printed values where one is wanted. See "
            "data/processed/tracker_start.csv."
        )
    return float(fits.iloc[0])


def ratios(tracker: pd.DataFrame) -> pd.DataFrame:
    """Return the printed shares by year: `us`, `china`, `ratio` (US to China), and the ratio's
    `low` and `high`.

    The range is the multinomial 95 % range of the sample's authors taken one by one. Authors come
    in papers, so the true range is wider.
    """
    rows = []
    for year in (2019, 2022):
        us, china, authors = (
            printed(tracker, *key, year)
            for key in (("work", "United States"), ("work", "China"), ("authors sampled", "World"))
        )
        error = 1.96 * np.sqrt((100 / us + 100 / china) / authors)
        rows.append(
            (
                year,
                us,
                china,
                authors,
                us / china,
                us / china * np.exp(-error),
                us / china * np.exp(error),
            )
        )
    return pd.DataFrame(
        rows, columns=["year", "us", "china", "authors", "ratio", "low", "high"]
    ).set_index("year")


def origin_shares(tracker: pd.DataFrame) -> pd.Series:
    """Return the part of people from China among those at US institutions, in per cent, by each of
    `ORIGINS`.

    `printed_2019` is printed. For 2022 only Americans and Chinese together are: `least_2022` takes
    from them as many Americans as the printed share of American origin allows (all of them working
    at home), `most_2022` the American part of 2019.
    """
    both = printed(tracker, "American and Chinese origin at US institutions", "United States", 2022)
    american = (
        100
        * printed(tracker, "origin", "United States", 2022)
        / printed(tracker, "work", "United States", 2022)
    )
    then = printed(tracker, "origin at US institutions", "United States", 2019)
    found = [
        printed(tracker, "origin at US institutions", "China", 2019),
        both - american,
        both - then,
    ]
    return pd.Series(found, index=list(ORIGINS), name="from China, % of US")


def growth(tracker: pd.DataFrame) -> pd.Series:
    """Return how fast the share of the world's top tier that is from China and in the United States
    grew from 2019 to 2022, % a year.

    One value for each bound of 2022 in `origin_shares`.
    """
    share = origin_shares(tracker)
    us = ratios(tracker)["us"]
    then = us[2019] * share["printed_2019"]
    return pd.Series(
        {name: 100 * ((us[2022] * share[name] / then) ** (1 / 3) - 1) for name in ORIGINS[1:]},
        name="growth, % a year",
    )


def exempt_shares(petitions: pd.DataFrame) -> pd.Series:
    """Return the part of people whom the rule does not reach, in per cent, by each of `EXEMPT`.

    `extensions` is the share of extensions among the approved petitions of FY2023, all occupations
    and countries.
    """
    parts = (
        petitions[petitions["fiscal_year"].eq(2023)].set_index("series")["petitions"].astype(float)
    )
    extended = parts["approved, extensions"] / (
        parts["approved, extensions"] + parts["approved, new"]
    )
    return pd.Series([0.0, 100 * extended, 100.0], index=list(EXEMPT), name="exempt, %")


def known(tracker: pd.DataFrame, petitions: pd.DataFrame, now: pd.Series) -> dict:
    """Return what every set of choices starts from: shares of 2022, by origin, growth, exemption.

    `now` holds the shares `us` and `china` of 2022: the printed ones, or those of a full list.
    """
    return {
        "us": float(now["us"]),
        "china": float(now["china"]),
        "origin": origin_shares(tracker).to_dict(),
        "growth": float(growth(tracker)["most_2022"]),
        "exempt": exempt_shares(petitions).to_dict(),
    }


def setting(
    start: dict, rates: pd.Series, *, origin: str, returns: str, inflow: str, exempt: str
) -> dict[str, float]:
    """Return the numbers behind a set of choices: `us`, `china`, `stock` (% of the world), `base`,
    `arrivals` (% a year), `exempt` (%).

    `start` is what `known` returns, `rates` the yearly rate of leaving by source, in per cent.
    """
    base = float(rates[returns])
    arrivals = {"none": 0.0, "replaces": base, "grows": base + start["growth"]}[inflow]
    stock = start["us"] * start["origin"][origin] / 100
    return {
        "us": start["us"],
        "china": start["china"],
        "stock": stock,
        "base": base,
        "arrivals": arrivals,
        "exempt": start["exempt"][exempt],
    }


def _exempt_after(stock: float, base: float, arrivals: float, exempt: float) -> float:
    """The exempt part of the stock after `YEARS`: it leaves at the base rate, and only exempt
    newcomers join."""
    exempts = stock * exempt / 100
    for _ in range(YEARS):
        exempts = exempts * (1 - base / 100) + stock * arrivals / 100 * exempt / 100
    return exempts


def ratio_after(
    multiple: float,
    *,
    us: float,
    china: float,
    stock: float,
    base: float,
    arrivals: float,
    exempt: float,
) -> float:
    """Return the ratio US to China after `YEARS` if those whom the rule reaches leave `multiple`
    times as often as before.

    >>> round(ratio_after(3, us=42, china=28, stock=10, base=4, arrivals=4, exempt=100), 6)
    1.5
    """
    reached = stock * (1 - exempt / 100) * (1 - min(multiple * base, 100) / 100) ** YEARS
    moved = stock - reached - _exempt_after(stock, base, arrivals, exempt)
    return (us - moved) / (china + moved)


def break_even(
    target: float,
    *,
    us: float,
    china: float,
    stock: float,
    base: float,
    arrivals: float,
    exempt: float,
) -> float:
    """Return the yearly rate, in per cent, at which those reached must leave for the ratio to be
    `target` after `YEARS`.

    NaN where not even all of them leaving at once would do, 0 where the ratio gets there without
    any of them leaving.
    """
    wanted = stock - (us - target * china) / (1 + target)
    reached, left = (
        stock * (1 - exempt / 100),
        wanted - _exempt_after(stock, base, arrivals, exempt),
    )
    if left < 0:
        return float("nan")
    return 100 * (1 - (left / reached) ** (1 / YEARS)) if left < reached else 0.0


def scenarios(start: dict, rates: pd.Series) -> pd.DataFrame:
    """Return the ratio after `YEARS` under every combination of origin, returns, inflow, exemption
    and multiple that differs, one row each.

    With everyone exempt no multiple matters, with nobody exempt no inflow: these stand once.
    Of the three origins only the `ENDS` are taken: they enclose the third. Arguments as in
    `setting`.
    """
    rows = []
    for origin, returns, inflow, exempt in product(ENDS, rates.index, INFLOWS, EXEMPT):
        numbers = setting(
            start, rates, origin=origin, returns=returns, inflow=inflow, exempt=exempt
        )
        multiples = (
            MULTIPLES[:1]
            if exempt == "everyone"
            else MULTIPLES
            if exempt != "nobody" or inflow == INFLOWS[0]
            else ()
        )
        rows += [
            (origin, returns, inflow, exempt, multiple, ratio_after(multiple, **numbers))
            for multiple in multiples
        ]
    return pd.DataFrame(
        rows, columns=["origin", "returns", "inflow", "exempt", "multiple", "ratio"]
    )
