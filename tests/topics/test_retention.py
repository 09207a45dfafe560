import pandas as pd
import pytest

from helpers.project import FactcheckError
from helpers.topics import retention

SAMPLE = "China-origin researchers at US institutions in 2019 sample"


def table(*rows):
    return pd.DataFrame(rows, columns=["publisher", "measure", "place", "value"]).assign(
        printed_pct=None
    )


RETAINED = table(
    ("NCSES / NSF", retention.NCSES + "total", retention.CHINA, 1000),
    ("NCSES / NSF", retention.NCSES + "US residence in 2023", retention.CHINA, 800),
    ("Carnegie", SAMPLE, "United States", 100),
    ("Carnegie", retention.CARNEGIE, "China", 10),
    ("Carnegie", retention.CARNEGIE, "United States", 87),
)


def test_a_yearly_rate_adds_up_to_what_left():
    rate = retention.a_year(16.8, 5)
    assert 100 * (1 - (1 - rate / 100) ** 5) == pytest.approx(16.8)


def test_yearly_rates_divide_the_counts_and_lie_within_their_ranges():
    rates = retention.yearly_rates(RETAINED)
    assert rates.loc["ncses", "pct_a_year"] == pytest.approx(100 * (1 - 0.8**0.2))
    assert rates["pct_a_year"].between(rates["low"], rates["high"]).all()


def test_one_more_returner_moves_the_rate():
    moved = RETAINED.assign(value=RETAINED["value"].where(RETAINED["place"].ne("China"), 11))
    assert (
        retention.yearly_rates(moved).loc["carnegie", "pct_a_year"]
        > retention.yearly_rates(RETAINED).loc["carnegie", "pct_a_year"]
    )


def test_a_lost_value_is_an_error_and_no_silent_gap():
    with pytest.raises(FactcheckError, match="0 values where one is wanted"):
        retention.yearly_rates(RETAINED.iloc[1:])
    with pytest.raises(FactcheckError, match="2 values where one is wanted"):
        retention.yearly_rates(pd.concat([RETAINED, RETAINED.iloc[[0]]]))


def test_wilsons_interval_of_ten_in_a_hundred():
    assert retention.wilson(10, 100) == pytest.approx((5.52, 17.44), abs=0.01)


def test_counts_are_divided_beside_the_share_that_is_printed():
    hoover = table(("Hoover", "known", "D", 200), ("Hoover", "ever in China", "D", 198)).assign(
        printed_pct=[None, 89.0]
    )
    found = retention.divided(hoover, "Hoover", "known")
    assert found.loc["ever in China", ["printed_pct", "divided_pct"]].to_list() == [89.0, 99.0]
