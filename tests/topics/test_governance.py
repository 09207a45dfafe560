import pandas as pd
import pytest

from helpers.evidence.extracts import governance as extracts
from helpers.project import FactcheckError
from helpers.topics import freedom, governance


def scores(*values, scale=1.0):
    """One index of one publisher, a value a year from 2012."""
    return pd.DataFrame(
        {
            "publisher": "P",
            "index": "an index",
            "entity": "China",
            "year": range(2012, 2012 + len(values)),
            "value": values,
            "scale": scale,
            "evidence": "copy",
        }
    )


def direction(table, **choice):
    return governance.follow_freedom(table, 2012, **choice)["direction"].iloc[0]


def test_a_fall_counts_as_worse_unless_it_is_smaller_than_the_least_change():
    assert direction(scores(0.05, 0.03)) == "worse"
    assert direction(scores(0.05, 0.03), least_change="one_hundredth") == "worse"
    assert direction(scores(0.05, 0.03), least_change="one_tenth") == "level"
    assert direction(scores(50.0, 49.5, scale=100.0), least_change="one_hundredth") == "level"
    with pytest.raises(FactcheckError, match="no least movement"):
        direction(scores(0.05, 0.03), least_change="some")


def test_one_value_has_no_direction():
    assert direction(scores(0.05)) == ""
    assert governance.follow_freedom(scores(0.05, 0.03), 2013)["direction"].tolist() == [""]


def test_an_unknown_index_is_refused_with_the_known_ones():
    with pytest.raises(FactcheckError, match="civil_liberties"):
        governance.freedom("happiness")


SERIES = pd.DataFrame(
    [
        ("goods", place, year, value, "dollars")
        for place, year, value in (
            ("China", 2012, 10),
            ("World", 2012, 50),
            ("China", 2022, 15),
            ("World", 2022, 150),
        )
    ]
    + [("part", "China", 2012, 30, "% of GDP")],
    columns=["measure", "entity", "year", "value", "unit"],
)


def test_a_level_may_rise_while_the_share_of_the_world_falls():
    assert governance.reading(SERIES, "goods", "level")["value"].tolist() == [10, 15]
    assert governance.reading(SERIES, "goods")["value"].tolist() == [20, 10]


def test_a_share_stays_as_it_is_and_a_missing_world_stays_missing():
    assert governance.reading(SERIES, "part")["value"].tolist() == [30]
    alone = SERIES[SERIES["entity"].eq("China") & SERIES["measure"].eq("goods")]
    assert governance.reading(alone, "goods")["value"].isna().all()
    with pytest.raises(FactcheckError, match="No output series"):
        governance.reading(SERIES, "services")
    with pytest.raises(FactcheckError, match="is no measure"):
        governance.reading(SERIES, "goods", "per_head")


def test_a_headline_says_down_or_up_only_where_the_score_counts_as_moved():
    words = {
        least: freedom.headline("an index", followed.iloc[0])
        for least in ("any", "one_hundredth")
        for followed in [governance.follow_freedom(scores(0.04, 0.036), 2012, least)]
    }
    assert words["any"] == "China scores 0.036 for an index, down from 0.04"
    assert words["one_hundredth"] == "China scores 0.036 for an index, after 0.04"


def test_a_fall_is_a_share_of_the_scale_and_small_or_short_ones_do_not_count():
    followed = governance.follow_freedom(scores(0.05, *[0.04] * 11, 0.03), 2012)
    assert freedom.falls(followed, 2012).round(6).to_dict() == {"an index": 2.0}
    assert freedom.falls(followed, 2012, "one_tenth").to_dict() == {"an index": 0.0}
    assert freedom.falls(governance.follow_freedom(scores(0.05, 0.03), 2012), 2012).empty


def test_every_listed_proxy_is_measured():
    assert set(governance.output()["measure"]) == {*governance.TECHNOLOGY, *governance.ECONOMY}


def test_a_score_called_unchanged_gives_two_editions_and_an_uneven_row_is_refused(tmp_path):
    path = tmp_path / "facts.csv"
    head = "indicator,entity,period,value,publisher,note\n"
    path.write_text(
        head
        + "Freedom in the World total,China,2025 edition,9,Freedom House,unchanged since the 2021"
        " edition\n"
    )
    assert extracts.freedom_scores(path)[["year", "value"]].to_numpy().tolist() == [
        ["2021", "9"],
        ["2025", "9"],
    ]
    path.write_text(
        head + "Freedom on the Net score,China,2015 / 2021 editions,12,Freedom House,\n"
    )
    with pytest.raises(FactcheckError, match="1 scores for 2 editions"):
        extracts.freedom_scores(path)
