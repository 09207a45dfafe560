import numpy as np
import pandas as pd
import pytest

from helpers.project import FactcheckError
from helpers.topics import recount

COLUMNS = ["model", "published", "organisations", "sectors", "access", "training_code"]
RULE = {"counting": "whole", "deepmind": "us", "hong_kong": "separate"}
ROWS = [
    ("old", "2023-05-01", "Meta AI", "Industry", "unreleased", "Unreleased", "USA"),
    ("kept", "2024-01-01", "OpenAI", "Industry", "interface", "Unreleased", "USA"),
    ("a", "2024-02-01", "Google DeepMind,Alibaba", "Industry", "interface", "Unreleased",
     "USA;GBR;CHN"),
    ("b", "2024-03-01", "Alibaba", "Industry", "unrestricted", "", "CHN"),
    ("c", "2024-04-01", "Tsinghua University,Alibaba", "Academia,Industry", "unrestricted",
     "Unreleased", "CHN;CHN"),
    ("new of 2025", "2025-01-01", "xAI", "Industry", "hosted", "Unreleased", "USA"),
]  # fmt: skip


@pytest.fixture
def after():
    return pd.DataFrame(ROWS, columns=[*COLUMNS, "countries"])


@pytest.fixture
def before(after):
    return after[after["model"].isin(["old", "kept"])].reset_index(drop=True)


def values(*rows):
    return pd.DataFrame(rows, columns=["group", "item", "printed"])


PRINTED = values(
    ("total", "all", 2),
    ("access", "API access", 1),
    ("access", "open weights (unrestricted)", 1),
    ("training_code", "unreleased", 1),
    ("organisation", "Alibaba", 1),
    ("organisation", "Google", 0),
)


def steps(before, after, printed=PRINTED, route="access and code"):
    blind = [copy[COLUMNS] for copy in (before, after)]
    return recount.narrow(recount.of_year(blind[0]), recount.added(*blind), printed, route)


def test_each_group_of_printed_values_narrows_the_lists(before, after):
    found = steps(before, after)
    assert [step.group for step in found] == ["every subset", "total", "access", "training_code"]
    assert [len(step.left) for step in found] == [8, 3, 2, 1]
    assert list(recount.added(before, after).index[found[-1].left[0] == 1]) == ["b"]


def test_organisations_are_a_route_of_their_own(before, after):
    found = steps(before, after, route="organisations")
    assert [len(step.left) for step in found] == [8, 2]


def test_lists_are_chosen_without_a_column_of_countries(before, after):
    turned = after.assign(countries=after["countries"].to_numpy()[::-1])
    assert "countries" not in COLUMNS
    for one, two in zip(steps(before, after), steps(before, turned), strict=True):
        assert np.array_equal(one.left, two.left)


def test_a_printed_country_never_chooses_a_list():
    assert "country" not in [group for route in recount.ROUTES.values() for group in route]


def test_a_value_that_no_list_meets_is_named_and_nothing_is_fitted(before, after):
    odd = PRINTED.assign(printed=[2, 1, 3, 1, 1, 0])
    found = steps(before, after, odd)
    assert [len(step.left) for step in found] == [8, 3, 0, 0]
    assert [step.unmet for step in found] == [(), (), ("open weights (unrestricted)",), ()]


def test_values_that_no_list_meets_together_are_said(before, after):
    odd = PRINTED.assign(printed=[2, 2, 1, 1, 1, 0])
    assert steps(before, after, odd)[2].unmet == ("all of them at once",)


def test_a_model_dropped_between_the_copies_is_refused_by_name(before, after):
    with pytest.raises(FactcheckError, match="^old is in the first copy and not in the second"):
        recount.added(before, after[after["model"] != "old"])


@pytest.mark.parametrize("column", ["organisations", "sectors", "access", "training_code"])
def test_a_model_of_the_year_that_changed_is_refused_by_name(before, after, column):
    after.loc[after["model"].eq("kept"), column] = "hosted"
    with pytest.raises(FactcheckError, match=f"^kept: {column} .*'hosted' in the second"):
        recount.added(before, after)


def test_a_model_that_moved_into_the_year_is_refused(before, after):
    after.loc[after["model"].eq("old"), "published"] = "2024-01-02"
    with pytest.raises(FactcheckError, match="^old: published '2023' .*'2024' in the second"):
        recount.added(before, after)


def test_a_model_whose_country_changed_is_refused_before_countries_are_counted(before, after):
    after.loc[after["model"].eq("kept"), "countries"] = "CHN"
    with pytest.raises(FactcheckError, match="^kept: countries 'USA' .*'CHN' in the second"):
        recount.against(before, after, PRINTED, np.ones((1, 3)), **RULE)


def test_a_model_of_another_year_may_change(before, after):
    after.loc[after["model"].eq("old"), "sectors"] = "Academia"
    assert len(recount.added(before, after)) == 3


def test_a_name_that_stands_twice_is_refused(before, after):
    with pytest.raises(FactcheckError, match="^kept stands twice"):
        recount.added(before, pd.concat([after, after[after["model"].eq("kept")]]))


def test_too_many_additions_are_refused():
    with pytest.raises(FactcheckError, match="21 additions"):
        recount.subsets(21)


def test_every_printed_value_is_held_against_lists_and_copies(before, after):
    asked = pd.concat([PRINTED, values(
        ("country", "United States", 2), ("country", "China", 2), ("country", "France", 0),
        ("sector", "industry-academia", 1), ("year", "2023", 1),
        ("organisation, ten years", "Alibaba", 2),
    )], ignore_index=True)  # fmt: skip
    found = recount.against(before, after, asked, np.array([[0, 1, 0], [1, 0, 1]]), **RULE)
    found = found.set_index(["group", "item"])[["before", "low", "high", "after"]]
    assert list(found.loc[("total", "all")]) == [1, 2, 3, 4]
    assert list(found.loc[("country", "United States")]) == [1, 1, 2, 2]
    assert list(found.loc[("country", "China")]) == [0, 1, 2, 3]
    assert list(found.loc[("country", "France")]) == [0, 0, 0, 0]
    assert list(found.loc[("sector", "industry-academia")]) == [0, 0, 1, 1]
    assert list(found.loc[("organisation", "Google")]) == [0, 0, 1, 1]
    assert list(found.loc[("organisation, ten years", "Alibaba")]) == [0, 1, 2, 3]
    assert list(found.loc[("year", "2023")]) == [1, 1, 1, 1]


def test_an_addition_of_another_year_leaves_a_range(before, after):
    late = after.iloc[[0]].assign(model="late entry")
    asked = values(("year", "2023", 1), ("organisation, ten years", "Meta", 1))
    found = recount.against(before, pd.concat([after, late]), asked, np.ones((1, 3)), **RULE)
    assert found[["before", "low", "high", "after"]].to_numpy().tolist() == [[1, 1, 2, 2]] * 2


def test_no_list_left_leaves_no_range(before, after):
    found = recount.against(before, after, PRINTED, np.empty((0, 3)), **RULE)
    assert found["low"].isna().all() and found["high"].isna().all()
