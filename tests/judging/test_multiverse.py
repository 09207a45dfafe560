import matplotlib.pyplot as plt
import pandas as pd
import pytest

from helpers import figures, project
from helpers.judging import claims, multiverse, scorecard
from helpers.project import FactcheckError
from helpers.reading import curves

CLAIM = "notable-models-us-leads"


def written(top, rows):
    table = pd.DataFrame(rows, columns=scorecard.MEASUREMENTS).assign(
        claim=CLAIM, notebook="06_notable_models", measure="m", unit="models"
    )
    table.to_csv(top / "data" / "processed" / "multiverse.csv", index=False)


def row(choices, entity, value, holds, period="2024", default=False):
    return {
        "choices": choices,
        "entity": entity,
        "value": value,
        "holds": holds,
        "period": period,
        "is_default": default,
    }


@pytest.fixture
def small(checkout):
    written(
        checkout,
        [
            row('{"a": 1, "b": 1}', "United States", 10, True, default=True), row('{"a": 1, "b": 1}', "China", 4, True, default=True),
            row('{"a": 1, "b": 2}', "United States", 12, True), row('{"a": 1, "b": 2}', "China", 6, True),
            row('{"a": 2, "b": 1}', "United States", 3, False), row('{"a": 2, "b": 1}', "China", 5, False),
            row('{"a": 2, "b": 2}', "United States", None, None), row('{"a": 2, "b": 2}', "China", 5, None),
        ],
    )  # fmt: skip
    return checkout


def test_specifications_that_cannot_answer_are_counted_apart(small):
    assert multiverse.of_claims().loc[CLAIM].tolist() == [3, 2, 3, 1, 0, "mixed"]


def test_choices_that_never_move_the_answer_add_no_result(checkout):
    pairs = [(a, b) for a in (1, 2) for b in (1, 2, 3)]
    written(checkout, [row(f'{{"a": {a}, "b": {b}}}', "China", float(a), a == 1) for a, b in pairs])
    assert multiverse.of_claims().loc[CLAIM, ["n_specs", "n_holds", "n_results"]].tolist() == [
        6,
        3,
        2,
    ]


def test_specifications_are_sorted_by_the_gap_and_keep_their_choices(small):
    table = multiverse.specifications(CLAIM)
    assert table[["a", "b"]].to_numpy().tolist() == [[2, 1], [1, 1], [1, 2], [2, 2]]
    assert table["is_default"].tolist() == [False, True, False, False] and table["holds"].tolist()[
        :3
    ] == [False, True, True]


def test_the_choice_that_moves_the_gap_explains_its_variance(small):
    assert multiverse.influence(CLAIM).to_dict() == {"a": 100.0, "b": 25.0}


def test_a_trend_is_read_as_its_change(checkout):
    written(
        checkout,
        [
            row('{"a": 1}', "United States", value, True, period)
            for period, value in (("2021", 5), ("2023", 2), ("2022", 9))
        ],
    )
    assert multiverse.specifications(CLAIM)["United States"].tolist() == [-3]
    assert "change from first to last" in multiverse.measure(CLAIM)


def test_a_period_without_a_value_makes_no_change_of_a_level(checkout):
    written(
        checkout,
        [
            row('{"a": 1}', "China", value, False, period)
            for period, value in (("2023-11", None), ("2025-09", 39.3))
        ],
    )
    assert multiverse.specifications(CLAIM)["China"].tolist() == [39.3]
    assert "change" not in multiverse.measure(CLAIM)


@pytest.mark.parametrize("many", [60, 2000])
def test_a_curve_shows_every_specification_at_any_number(many):
    figures.use_style()
    table = pd.DataFrame(
        {
            "a": [place % 7 for place in range(many)],
            "b": [f"value {place % 3}" for place in range(many)],
        }
    )
    table = table.assign(
        **{
            "United States": [float(place) for place in range(many)],
            "holds": [place > many / 2 for place in range(many)],
        }
    )
    fig, data = curves.draw(
        "notable-models-us-2024",
        table.assign(is_default=[place == 9 for place in range(many)], after=False),
    )
    figures.check(fig, data)
    assert len(data) == many
    with pytest.raises(figures.FigureError):
        figures.check(fig, data.assign(value=data["value"].where(data["x"] != 5, 0.5)))


@pytest.mark.parametrize(("china", "us", "zero"), [(40, 40, True), (39, 40, False), (0, 2, True)])
def test_a_curve_names_each_side_apart_on_whole_ticks_and_says_where_its_axis_starts(
    china, us, zero
):
    figures.use_style()
    values = {"China": [china] * 2, "United States": [us] * 2}
    table = pd.DataFrame(
        {"a": ["x", "y"], **values, "holds": True, "is_default": [True, False], "after": False}
    )
    fig, _ = curves.draw("more-with-less", table)
    ax, texts = fig.axes[0], {text.get_text(): text for text in fig.axes[0].texts}
    fig.canvas.draw()
    assert all(tick % 1 == 0 for tick in ax.get_yticks())
    assert ("axis starts above zero" not in texts) == zero == (ax.get_ylim()[0] <= 0)
    first, second = (texts[name].get_window_extent() for name in values)
    assert not first.overlaps(second)
    plt.close(fig)


def test_every_claim_with_choices_has_a_curve_and_every_one_with_two_dates_a_history():
    text = (project.notebooks() / "90_multiverse.ipynb").read_text()
    for claim in multiverse.of_claims().index:
        assert f'curves.specification(\\"{claim}\\")' in text, claim
    for claim in claims.load():
        wanted = claim in scorecard.answers() and multiverse.history(claim)["date"].nunique() > 1
        assert wanted == (f'curves.history(\\"{claim}\\")' in text), claim


def test_the_default_specifications_are_the_measurements(checkout):
    folder = checkout / "data" / "processed"
    assert multiverse.problems(folder) == []
    table = pd.read_csv(folder / "multiverse.csv", dtype=str, keep_default_na=False)
    table.loc[table["claim"].eq(CLAIM) & table["is_default"].eq("True"), "value"] = "41"
    table.to_csv(folder / "multiverse.csv", index=False, lineterminator="\n")
    assert [CLAIM in problem for problem in multiverse.problems(folder)] == [True]
    (folder / "multiverse.csv").unlink()
    assert multiverse.problems(folder) == [
        "data/processed/multiverse.csv is missing: run `factcheck sweep`"
    ]


def test_a_missing_sweep_and_a_claim_without_one_are_named(checkout):
    with pytest.raises(FactcheckError, match="winning-is-plural has no specification"):
        multiverse.specifications("winning-is-plural")
    (checkout / "data" / "processed" / "multiverse.csv").unlink()
    with pytest.raises(FactcheckError, match="factcheck sweep"):
        multiverse.load()


def test_specifications_on_data_after_the_debate_do_not_count(checkout):
    held = [("2025-04-08", True), ("2025-11-01", True), ("2026-08-19", False)]
    written(
        checkout,
        [row(f'{{"vintage": "{day}"}}', "United States", 40, holds) for day, holds in held],
    )
    assert multiverse.of_claims().loc[CLAIM].tolist() == [2, 2, 1, 0, 1, "robust"]
    assert multiverse.specifications(CLAIM)["after"].sum() == 1
