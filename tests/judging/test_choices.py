import ast
import json
import tomllib

import pytest

from helpers import project
from helpers.judging import choices
from helpers.judging.choices import ChoiceError
from helpers.running import runner


def parameters_of(notebook):
    cells = json.loads((project.notebooks() / f"{notebook}.ipynb").read_text())["cells"]
    (cell,) = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    return {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse("".join(cell["source"])).body
    }


@pytest.mark.parametrize("notebook", runner.names())
def test_the_parameters_cell_holds_the_defaults_of_the_contract(notebook):
    assert parameters_of(notebook) == choices.defaults(notebook)


def test_every_section_belongs_to_a_notebook_and_every_claim_to_the_registry():
    for notebook, contract in choices.load().items():
        assert notebook in runner.names()
        for name, entry in contract.items():
            assert entry["claims"], (notebook, name)


def test_a_misspelt_parameter_is_refused_with_the_right_name():
    with pytest.raises(ChoiceError, match="did you mean 'counting'"):
        choices.check("06_notable_models", {"countng": "fractional"})


def test_a_value_outside_the_allowed_ones_is_refused_with_the_list():
    with pytest.raises(ChoiceError, match="fractionl.*did you mean 'fractional'.*allowed are"):
        choices.check("06_notable_models", {"counting": "fractionl"})


def test_code_in_a_value_is_only_a_wrong_value():
    with pytest.raises(ChoiceError, match="not allowed"):
        choices.check("06_notable_models", {"counting": "__import__('os').getcwd()"})


def test_a_value_nobody_defends_fails(checkout):
    path = checkout / "notebooks" / "choices.toml"
    path.write_text(
        '["06_notable_models".counting]\ndefault = "whole"\nclaims = ["x"]\n'
        'values = [{value = "whole", because = "", source = "y"}]\n'
    )
    with pytest.raises(ChoiceError, match="needs `because` and `source`"):
        choices.load()


def test_grids_leave_out_declared_impossible_combinations():
    for notebook in choices.load():
        for combination in choices.grid(notebook):
            assert choices.check(notebook, combination) == combination


def unlabelled(text):
    """The choices, and the values of choices, that are not said in words."""
    found = []
    for notebook, entries in tomllib.loads(text).items():
        for name, entry in entries.items():
            if isinstance(entry, dict):
                told = [value.get("label") for value in entry.get("values", [])]
                if not (entry.get("label") and all(told) and len(set(told)) == len(told)):
                    found.append(f"{notebook}.{name}")
    return found


def test_every_choice_and_every_value_is_said_in_words_of_its_own():
    text = (project.notebooks() / "choices.toml").read_text(encoding="utf-8")
    assert unlabelled(text) == []
    assert unlabelled(text.replace('label = "in equal parts"', 'label = "not at all"')) != []
