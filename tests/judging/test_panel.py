import json
from types import SimpleNamespace

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from helpers import project
from helpers.judging import choices, panel, records

NAME = "06_notable_models"


@pytest.fixture(autouse=True)
def shell(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTCHECK_OUT", str(tmp_path))
    monkeypatch.chdir(project.notebooks())
    # Without a history, whose thread would outlive the shell.
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


def watched(monkeypatch, allow_stdin):
    asking = {"content": {"allow_stdin": allow_stdin}}
    kernel = SimpleNamespace(get_parent=lambda: asking)
    monkeypatch.setattr(panel, "get_ipython", lambda: SimpleNamespace(kernel=kernel))


def test_nothing_is_shown_where_nobody_watches(monkeypatch):
    monkeypatch.setattr(panel, "_widgets", lambda *_: pytest.fail("it made controls"))
    for asked in (False, None):
        watched(monkeypatch, asked)
        assert panel.show(NAME, choices.defaults(NAME)) is None
    monkeypatch.setattr(panel, "get_ipython", lambda: None)
    assert panel.show(NAME, choices.defaults(NAME)) is None


def test_changed_choices_are_named_under_the_short_answer_and_the_defaults_are_not(capsys):
    panel.show(NAME, choices.defaults(NAME))
    assert capsys.readouterr().out == ""
    panel.show(NAME, choices.defaults(NAME) | {"counting": "sole", "deepmind": "uk"})
    assert capsys.readouterr().out == (
        "The short answer above is about the default choices. Changed here: how joint models "
        "count: none for joint models; where Google DeepMind counts: the United Kingdom.\n"
    )


def test_a_value_that_is_not_allowed_is_refused_where_somebody_watches(monkeypatch):
    watched(monkeypatch, True)
    with pytest.raises(choices.ChoiceError, match="did you mean"):
        panel.show(NAME, choices.defaults(NAME) | {"counting": "hole"})


def test_each_choice_has_a_control_and_its_reason_and_the_way_back(monkeypatch):
    seen = []
    monkeypatch.setattr(panel, "told", lambda name, now: seen.append(now) or f"{now['counting']}")
    box = panel._widgets(NAME, choices.defaults(NAME) | {"deepmind": "uk"})
    *fields, back, result = box.children
    controls, reasons = fields[::2], fields[1::2]
    contract = choices.load()[NAME]
    assert [each.description for each in controls] == [each["label"] for each in contract.values()]
    assert controls[2].value == "uk" and not seen, "it counted before it was asked"
    controls[1].value = "sole"
    assert seen[-1] == choices.defaults(NAME) | {"deepmind": "uk", "counting": "sole"}
    assert "sole" in result.value
    assert "Only models of one country" in reasons[1].value
    back.click()
    assert seen[-1] == choices.defaults(NAME) and len(seen) == 2


def test_the_panel_gives_what_the_notebook_gives_and_leaves_the_notebook_as_it_is(shell, capsys):
    answers, figures = panel.rerun(NAME, choices.defaults(NAME))
    kept = records.answers()
    assert len(answers) == 3 and all(record == kept[record["claim"]] for record in answers)
    drawn = project.processed() / "figures" / "06_counts_by_edition.svg"
    assert [figure[panel.SVG] for figure in figures] == [drawn.read_text(encoding="utf-8")]
    assert "chosen" not in shell.user_ns and capsys.readouterr().out == ""


def test_another_choice_shows_what_moved_and_how_to_keep_it():
    moved = {"deepmind": "uk", "counting": "fractional"}
    said = panel.told(NAME, choices.defaults(NAME) | moved)
    assert "<td>40</td><td><b>34</b></td><td><b>does not hold</b> (defaults: holds)</td>" in said
    assert '<img alt="Dots' in said and 'deepmind = "uk"' in said
    assert "<b>" not in panel.told(NAME, choices.defaults(NAME))


def test_what_cannot_be_combined_and_a_cell_that_stops_are_one_sentence(checkout):
    chosen = choices.defaults(NAME) | {"vintage": "2024-10-18"}
    assert "made before a year is over" in panel.told(NAME, chosen)
    path = checkout / "notebooks" / f"{NAME}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-2]["source"] = "1 / 0"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    said = panel.told(NAME, choices.defaults(NAME))
    assert said == "<p>A cell stopped with ZeroDivisionError: division by zero</p>"


def test_a_wrong_choice_is_told_in_a_notebook_without_traceback(shell, capsys):
    shell.run_cell(
        "from helpers.judging import choices; counting = 'hole'; x = {'counting': counting}"
    )
    shell.run_cell(f"choices.check({NAME!r}, x)", store_history=False)
    said = capsys.readouterr()
    said = said.out + said.err
    assert said.startswith(f"ChoiceError: {NAME}: counting='hole' is not allowed, did you mean")
    assert "Traceback" not in said and "choices.py" not in said and said.count("\n") == 1
