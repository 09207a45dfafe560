import json
import shutil

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from conftest import forget

from helpers import figures, project
from helpers.judging import choices, claims, editions, multiverse, records, scorecard
from helpers.judging.contract import APART
from helpers.project import FactcheckError
from helpers.reading import ageing, curves

CLAIM = "notable-models-us-leads"
CHOICE = """
["06_notable_models".{name}]
default = 1
claims = ["{claim}"]
values = [
    {{ value = 1, because = "x", source = "x" }},
    {{ value = 2, because = "x", source = "x"{apart} }},
    {{ value = 3, because = "x", source = "x" }},
]
"""


def contract(top, more="", apart=""):
    """Let the notebook have two choices of three values, a and b; the second of b may stand
    apart."""
    text = CHOICE.format(name="a", claim=CLAIM, apart="")
    text += CHOICE.format(name="b", claim=CLAIM, apart=apart) + more
    (top / "notebooks" / "choices.toml").write_text(text)
    forget()


def written(top, rows):
    table = pd.DataFrame(rows, columns=records.MEASUREMENTS).assign(
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
def light(tmp_path, monkeypatch):
    """A checkout of the registry alone, made in no time."""
    for folder in ("notebooks", "data/processed"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(project.root() / "data" / "claims.toml", tmp_path / "data")
    monkeypatch.setenv("FACTCHECK_ROOT", str(tmp_path))
    forget()
    yield tmp_path
    forget()


@pytest.fixture
def small(light):
    contract(light)
    written(
        light,
        [
            row('{"a": 1, "b": 1}', "United States", 10, True, default=True),
            row('{"a": 1, "b": 1}', "China", 4, True, default=True),
            row('{"a": 1, "b": 2}', "United States", 12, True),
            row('{"a": 1, "b": 2}', "China", 6, True),
            row('{"a": 2, "b": 1}', "United States", 3, False),
            row('{"a": 2, "b": 1}', "China", 5, False),
            row('{"a": 2, "b": 2}', "United States", None, None),
            row('{"a": 2, "b": 2}', "China", 5, None),
        ],
    )  # fmt: skip
    return light


def counts():
    return multiverse.of_claims().loc[CLAIM].to_dict()


def test_combinations_that_cannot_answer_are_counted_apart(small):
    assert counts() == {
        "n_effective": 3, "n_holds": 2, "deciding": "", "n_apart": 0, "n_silent": 1,
    }  # fmt: skip


@pytest.mark.parametrize("word", APART)
def test_a_bound_an_edition_and_another_scope_are_no_combinations(small, word):
    contract(small, apart=f', apart = "{word}"')
    assert (counts()["n_effective"], counts()["n_holds"], counts()["n_apart"]) == (2, 1, 2)
    assert set(multiverse.specifications(CLAIM)["apart"]) == {"", word}


def test_a_choice_that_moves_nothing_where_it_stands_counts_once(small):
    rule = '[["06_notable_models".idle]]\nchoice = "b"\na = 1\nbecause = "x"\n'
    contract(small, more=rule)
    assert (counts()["n_effective"], counts()["n_holds"]) == (2, 1)


def test_the_choice_that_turns_the_answer_is_named_with_both_sides(light):
    contract(light)
    pairs = [(a, b) for a in (1, 2, 3) for b in (1, 2, 3)]
    rows = [row(f'{{"a": {a}, "b": {b}}}', "China", float(a), a != 2) for a, b in pairs]
    written(light, rows)
    assert counts()["deciding"] == "a (yes with 1 or 3, no with 2)"
    assert (counts()["n_effective"], counts()["n_holds"]) == (9, 6)


def test_of_few_combinations_each_is_listed(small):
    assert multiverse.alternatives(CLAIM) == [
        "2, 1: United States 3, China 5, no",
        "1, 1: United States 10, China 4, yes",
        "1, 2: United States 12, China 6, yes",
    ]


def test_combinations_are_sorted_by_the_gap_and_keep_their_choices(small):
    table = multiverse.specifications(CLAIM)
    assert table[["a", "b"]].to_numpy().tolist() == [[2, 1], [1, 1], [1, 2], [2, 2]]
    assert table["is_default"].tolist() == [False, True, False, False]
    assert table["holds"].tolist()[:3] == [False, True, True]


def test_the_choice_that_moves_the_gap_explains_its_variance(small):
    assert multiverse.influence(CLAIM).to_dict() == {"a": 100.0, "b": 25.0}


def test_a_trend_is_read_as_its_change(light):
    contract(light)
    written(
        light,
        [
            row('{"a": 1}', "United States", value, True, period)
            for period, value in (("2021", 5), ("2023", 2), ("2022", 9))
        ],
    )
    assert multiverse.specifications(CLAIM)["United States"].tolist() == [-3]
    assert "change from first to last" in multiverse.measure(CLAIM)


def test_a_period_without_a_value_makes_no_change_of_a_level(light):
    contract(light)
    written(
        light,
        [
            row('{"a": 1}', "China", value, False, period)
            for period, value in (("2023-11", None), ("2025-09", 39.3))
        ],
    )
    assert multiverse.specifications(CLAIM)["China"].tolist() == [39.3]
    assert "change" not in multiverse.measure(CLAIM)


@pytest.mark.parametrize("many", [60, 2000])
def test_a_curve_shows_every_combination_at_any_number(checkout, many):
    contract(checkout)
    figures.use_style()
    places = range(many)
    table = pd.DataFrame({"a": [1 + place % 3 for place in places], "b": 1, "apart": ""})
    table["United States"] = [float(place) for place in places]
    table["China"] = 0.0
    table["holds"] = [place > many / 2 for place in places]
    table["is_default"] = [place == 9 for place in places]
    fig, data = curves.draw(CLAIM, table)
    figures.check(fig, data)
    assert len(data) == 2 * many
    with pytest.raises(figures.FigureError):
        figures.check(fig, data.assign(value=data["value"].where(data["x"] != 5, 0.5)))


@pytest.mark.parametrize(("china", "us", "zero"), [(40, 40, True), (39, 40, False), (0, 2, True)])
def test_a_curve_names_each_side_apart_on_whole_ticks_and_says_where_its_axis_starts(
    checkout, china, us, zero
):
    contract(checkout)
    figures.use_style()
    values = {"China": [china] * 2, "United States": [us] * 2}
    table = pd.DataFrame(
        {"a": [1, 2], **values, "holds": True, "is_default": [True, False], "apart": ""}
    )
    fig, _ = curves.draw(CLAIM, table)
    ax, texts = fig.axes[0], {text.get_text(): text for text in fig.axes[0].texts}
    fig.canvas.draw()
    assert all(tick % 1 == 0 for tick in ax.get_yticks())
    assert ("axis starts above zero" not in texts) == zero == (ax.get_ylim()[0] <= 0)
    first, second = (texts[name].get_window_extent() for name in values)
    assert not first.overlaps(second)
    plt.close(fig)


def test_only_curves_that_say_something_are_drawn(small):
    assert curves.worth_drawing() == []
    pairs = [(a, b) for a in (1, 2, 3) for b in (1, 2, 3)]
    written(small, [row(f'{{"a": {a}, "b": {b}}}', "China", 1.0, True) for a, b in pairs])
    assert curves.worth_drawing() == []
    written(small, [row(f'{{"a": {a}, "b": {b}}}', "China", 1.0, a > 1) for a, b in pairs])
    assert curves.worth_drawing() == [CLAIM]


def test_a_history_is_drawn_where_an_edition_came_after_the_debate():
    for claim in ageing.dated():
        table = editions.history(claim)
        assert table["date"].nunique() > 1 and table["date"].max() > project.DEBATE


def test_no_outcome_hangs_on_one_combination_more_or_less():
    """Printed in 90: one has two codings; in the other DeepMind's seat decides by a hair."""
    fragile = scorecard.fragile(records.answers(), multiverse.of_claims())
    assert set(fragile) <= FRAGILE, fragile


FRAGILE = {"h1b-tightening", "notable-models-us-2024"}


def answered(claim):
    """The values and the answer of each combination of a claim, by its choices."""
    rows = multiverse.load().query("claim == @claim")
    return {
        chosen: (list(group[["entity", "period", "value", "low", "high"]].map(str).itertuples(
            index=False, name=None)), group["holds"].iloc[0])
        for chosen, group in rows.groupby("choices")
    }  # fmt: skip


def faulty(claim, found):
    """What is wrong with a claim's choices: those that move nothing, and idle ones that turn it."""
    notebook, faults = claims.get(claim).notebook, []
    for name in choices.of_claim(notebook, claim):
        default = choices.load()[notebook][name]["default"]
        pairs, moved = 0, False
        for text, (values, holds) in found.items():
            chosen = json.loads(text)
            plain = json.dumps(chosen | {name: default}, sort_keys=True)
            if plain == text or plain not in found:
                continue
            why = [choices.apart(notebook, json.loads(each), claim) for each in (text, plain)]
            if why == ["", ""]:
                pairs, moved = pairs + 1, moved or values != found[plain][0]
            elif why == ["idle", ""] and holds != found[plain][1]:
                faults.append(f"{name}: declared idle and turns {text}")
        if pairs and not moved:
            faults.append(f"{name}: moves no value")
    return faults


WITH_CHOICES = [
    claim
    for claim in dict.fromkeys(multiverse.load()["claim"])
    if choices.of_claim(claims.get(claim).notebook, claim)
]


@pytest.mark.parametrize("claim", WITH_CHOICES)
def test_each_choice_moves_its_claim_and_what_is_idle_does_not(claim):
    assert faulty(claim, answered(claim)) == []


def test_a_choice_that_moves_nothing_and_an_idle_one_that_turns_are_seen():
    found = answered("notable-models-us-leads")
    still = {text: (["the same"], holds) for text, (_, holds) in found.items()}
    assert "counting: moves no value" in faulty("notable-models-us-leads", still)
    claim = "figure-overtaking"
    turned = {
        text: (values, {"True": "False", "False": "True"}.get(holds, holds))
        if '"share_base": "plus_other"' in text
        else (values, holds)
        for text, (values, holds) in answered(claim).items()
    }
    assert any("share_base: declared idle" in fault for fault in faulty(claim, turned))


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
    with pytest.raises(FactcheckError, match="winning-is-plural is not in multiverse.csv"):
        multiverse.specifications("winning-is-plural")
    (checkout / "data" / "processed" / "multiverse.csv").unlink()
    with pytest.raises(FactcheckError, match="factcheck sweep"):
        multiverse.load()


def column(table, name):
    return table[name].tolist()


def test_a_table_of_specifications_has_choices_entities_and_what_is_said_of_them(small):
    table = multiverse.specifications(CLAIM)
    assert list(table) == ["a", "b", "United States", "China", "holds", "is_default", "apart"]
    assert column(table, "United States")[:3] == [3, 10, 12] and column(table, "China")[3] == 5
    assert pd.isna(table["United States"][3]) and pd.isna(table["holds"][3])
    assert [type(value) for value in (*column(table, "a"), *column(table, "b"))] == [int] * 8
    assert column(table, "apart") == [""] * 4 and table.index.tolist() == [0, 1, 2, 3]
    counted = multiverse.effective(CLAIM)
    assert column(counted, "United States") == [3, 10, 12] and counted.index.tolist() == [0, 1, 2]


def test_without_change_a_trend_gives_its_last_value(light):
    contract(light)
    rows = [
        row(f'{{"a": {a}}}', "China", value, True, period)
        for a, pairs in ((1, (("2021", 5), ("2023", 2), ("2022", 9))), (2, (("2022", 7),)))
        for period, value in pairs
    ]
    written(light, rows)
    assert column(multiverse.specifications(CLAIM), "China") == [-3, 7]
    assert column(multiverse.specifications(CLAIM, change=False), "China") == [2, 7]
    assert multiverse.measure(CLAIM) == (
        f"{claims.get(CLAIM).measure}, change from first to last period"
    )
    written(light, rows[-1:])
    assert multiverse.measure(CLAIM) == claims.get(CLAIM).measure


def test_an_entity_that_the_claim_does_not_name_is_no_column(light):
    contract(light)
    written(light, [row('{"a": 1}', name, 1, True) for name in ("China", "Elsewhere")])
    assert list(multiverse.specifications(CLAIM)) == ["a", "China", "holds", "is_default", "apart"]


def test_without_any_value_combinations_stay_in_the_order_of_their_choices(light):
    contract(light)
    written(light, [row(f'{{"a": {a}}}', "Elsewhere", 1, a > 1) for a in (3, 1, 2)])
    table = multiverse.specifications(CLAIM)
    assert column(table, "a") == [1, 2, 3] and column(table, "holds") == [False, True, True]


def test_the_table_keeps_words_as_words_and_only_gaps_of_numbers_are_missing(small):
    path = small / "data" / "processed" / "multiverse.csv"
    first = dict.fromkeys(records.MEASUREMENTS, "NA") | {"period": "2024", "value": "1.5"}
    second = first | {"entity": "", "period": "007", "value": "", "low": "1", "high": "2"}
    rows = [first | {"low": "", "high": "", "choices": "1"}, second | {"choices": "2"}]
    pd.DataFrame(rows).to_csv(path, index=False)
    table = multiverse.load()
    assert column(table, "period") == ["2024", "007"] and column(table, "entity") == ["NA", ""]
    assert column(table, "holds") == ["NA", "NA"] and column(table, "choices") == ["1", "2"]
    assert table[["value", "low", "high"]].isna().to_numpy().tolist() == [
        [False, True, True], [True, False, False],
    ]  # fmt: skip
    assert table["value"][0] == 1.5
    table["value"] = 0.0
    assert multiverse.load()["value"][0] == 1.5


def test_claims_with_a_condition_and_choices_are_counted_in_reading_order(small):
    other = "notable-models-us-2024"
    path = small / "notebooks" / "choices.toml"
    path.write_text(path.read_text().replace(f'["{CLAIM}"]', f'["{CLAIM}", "{other}"]'))
    forget()
    rows = multiverse.load()
    without = ["notable-models-china-2024", "talent-us-leads"]  # no choice here bears on these
    tables = [rows.assign(claim=id_) for id_ in (CLAIM, *without, other)]
    pd.concat(tables).to_csv(small / "data" / "processed" / "multiverse.csv", index=False)
    table = multiverse.of_claims()
    assert list(table) == ["n_effective", "n_holds", "deciding", "n_apart", "n_silent"]
    assert table.index.tolist() == [other, CLAIM] and table.index.name == "claim"


def test_an_empty_table_counts_no_claim(small):
    written(small, [])
    assert multiverse.of_claims().empty


def test_alternatives_are_given_to_four_digits(light):
    contract(light)
    pairs = [("United States", 1234.56), ("China", 0.123456)]
    written(light, [row('{"a": 3, "b": 2}', name, value, True) for name, value in pairs])
    assert multiverse.alternatives(CLAIM) == ["3, 2: United States 1235, China 0.1235, yes"]


def answers(*rows):
    return pd.DataFrame(rows, columns=["a", "b", "holds"])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([(1, 1, True)] * 2 + [(2, 1, False)] * 2, "a (yes with 1, no with 2)"),
        ([(1, 1, True)] + [(2, 1, False)] * 2, ""),
        ([(1, 1, True)] * 2 + [(2, 1, False)], ""),
        ([(1, 1, True)] * 4 + [(1, 1, False)] + [(2, 1, False)] * 2, "a (yes with 1, no with 2)"),
        ([(1, 1, True)] * 3 + [(1, 1, False)] * 2 + [(2, 1, False)] * 2, ""),
        ([(1, 1, True)] * 2 + [(2, 2, False)] * 2, "a (yes with 1, no with 2)"),
        (
            [(1, 2, True)] * 3 + [(1, 1, False)] + [(2, 1, False)] * 3,
            "b (yes with 2, no with 1)",
        ),
        (
            [(3, 1, False)] * 2 + [(1, 1, True)] * 2 + [(2, 1, False)] * 2,
            "a (yes with 1, no with 2 or 3)",
        ),
        (
            [(1, 2, False)] * 2 + [(2, 1, True)] * 3 + [(2, 2, True), (2, 2, False)],
            "b (yes with 1, no with 2)",  # it explains 0.96, a 0.91
        ),
        ([(1, 1, True)] * 4, ""),
        ([], ""),
    ],
)
def test_a_choice_decides_where_two_more_say_yes_with_one_value_and_no_with_another(
    light, rows, said
):
    contract(light)
    assert multiverse.deciding(CLAIM, answers(*rows)) == said


def test_what_a_choice_explains_is_the_sum_of_squares_between_its_groups():
    assert multiverse._explained([[True, True], [False]]) == pytest.approx(2 / 3)
    assert multiverse._explained([[True, False, False, False], [True, True]]) == pytest.approx(0.75)
    assert multiverse._explained([[True]]) == multiverse._explained([]) == 0


def test_the_influence_of_choices_is_read_where_a_value_is_known_the_largest_first(light):
    contract(light)
    values = {(1, 1): 0, (1, 2): 3, (2, 1): 1, (2, 2): 4, (3, 1): None}
    rows = [
        row(f'{{"a": {a}, "b": {b}}}', "China", value, True) for (a, b), value in values.items()
    ]
    written(light, rows)
    found = multiverse.influence(CLAIM)
    assert list(found.items()) == [("b", 90.0), ("a", 10.0)] and found.name == CLAIM
    written(light, [each | {"value": 7} for each in rows])
    still = multiverse.influence(CLAIM)
    assert still.empty and still.dtype == float
    two = [each | {"entity": "United States", "value": 2} for each in rows]
    written(light, [*rows, *two])
    assert list(multiverse.influence(CLAIM).items()) == [("b", 90.0), ("a", 10.0)]


def test_influence_is_given_to_a_digit_and_of_equal_choices_the_first_stands_first(monkeypatch):
    table = pd.DataFrame({"one": list("xxy"), "two": list("xxy"), "three": list("xyy")})
    table = table.assign(China=[0.0, 1.0, 5.0], holds=True, is_default=False, apart="")
    monkeypatch.setattr(multiverse, "effective", lambda claim: table)
    found = list(multiverse.influence(CLAIM).items())
    assert found == [("one", 96.4), ("two", 96.4), ("three", 42.9)]


FIRST, SECOND = "notable-models-us-2024", "notable-models-us-leads"
A, B, C = (
    dict.fromkeys(records.MEASUREMENTS, "x")
    | {"claim": id_, "entity": entity, "notebook": "06_notable_models", "choices": "{}"}
    for id_, entity in ((FIRST, "China"), (FIRST, "United States"), (SECOND, "China"))
)
MOVED = {"value": "y"}


@pytest.mark.parametrize(
    ("measured", "swept", "odd"),
    [
        ([A, B, C], [C, B, A], []),
        ([A], [A, A | MOVED | {"choices": "another"}], []),
        ([A, B | {"measure": "printed"}], [A], []),
        ([A, C | {"notebook": "99_scorecard"}], [A], []),
        ([A, B], [A], [FIRST]),
        ([A], [A, B], [FIRST]),
        ([A, C], [A], [SECOND]),
        ([A], [A, C], [SECOND]),
        ([A, C], [A | MOVED, C | {"sources": "y"}], [FIRST, SECOND]),
        ([C, A], [C | {"unit": "y"}, A | {"holds": "y"}], [FIRST, SECOND]),
        ([A], [A | {"choices": "another"}], [FIRST]),
        ([A], [A | {"period": "y"}], [FIRST]),
        ([A | {"value": ""}], [A | {"value": "NA"}], [FIRST]),
    ],
)
def test_measurements_that_the_sweep_answers_otherwise_are_named_by_claim(
    light, measured, swept, odd
):
    contract(light)
    folder = light / "data" / "processed"
    for name, rows in (("measurements.csv", measured), ("multiverse.csv", swept)):
        pd.DataFrame(rows).to_csv(folder / name, index=False)
    assert multiverse.problems(folder) == [
        f"data/processed/multiverse.csv: its row of {claim} under the choices of measurements.csv "
        "is another or missing: run `factcheck sweep 06`"
        for claim in odd
    ]


def test_a_table_that_is_missing_is_named_with_what_makes_it(light):
    folder = light / "data" / "processed"
    (folder / "multiverse.csv").touch()
    said = "data/processed/measurements.csv is missing: run `factcheck run`"
    assert multiverse.problems(folder) == [said]
    (folder / "multiverse.csv").unlink()
    assert multiverse.problems(folder) == [said]
    with pytest.raises(FactcheckError) as caught:
        multiverse.load()
    assert str(caught.value) == (
        "data/processed/multiverse.csv is missing: run `factcheck sweep`, or restore it with git."
    )
