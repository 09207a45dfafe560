"""Every declared choice moves its claims somewhere; what is declared idle moves nothing."""

import json

import pytest
from conftest import forget

from helpers import project
from helpers.judging import choices, claims, contract, multiverse

NOTEBOOKS = ["06_notable_models"]
CLAIMS = [(name, claim) for name in NOTEBOOKS for claim in claims.of_notebook(name)]


def measured(claim):
    """Every combination of a claim's choices, and all values that it gives."""
    rows = multiverse.load()
    rows = rows[rows["claim"].eq(claim)].sort_values(["entity", "period"])
    return {
        text: tuple(zip(part["entity"], part["period"], part["value"].round(6), strict=True))
        for text, part in rows.groupby("choices")
    }


def with_default(notebook, text, name):
    return json.dumps(json.loads(text) | {name: choices.defaults(notebook)[name]}, sort_keys=True)


def still(notebook, claim, found):
    """The choices that move no value of a claim in any combination."""
    return [
        name
        for name in choices.of_claim(notebook, claim)
        if all(found.get(with_default(notebook, text, name), told) == told
               for text, told in found.items())
    ]  # fmt: skip


def moving(notebook, claim, found):
    """The combinations declared idle by one choice that give other values than at its default."""
    moved = []
    for text, told in found.items():
        for rule in contract.declared(notebook, "idle"):
            own, name = json.loads(text), rule["choice"]
            concerned = claim in rule.get("claims", [claim]) and name in own
            if not concerned or not choices._fits(rule, own):
                continue
            at_default = found[with_default(notebook, text, name)]
            moved += [(name, text)] if at_default != told else []
    return moved


@pytest.mark.parametrize(("notebook", "claim"), CLAIMS)
def test_every_choice_moves_its_claim_and_no_idle_one_does(notebook, claim):
    found = measured(claim)
    assert len(found) > 1
    assert still(notebook, claim, found) == []
    assert moving(notebook, claim, found) == []


@pytest.mark.parametrize(("notebook", "claim"), CLAIMS)
def test_every_combination_that_moves_nothing_is_declared_so(notebook, claim):
    """Of those that count: one that repeats its default's values under all other choices."""
    found, silent = measured(claim), []
    counted = [text for text in found if not choices.apart(notebook, json.loads(text), claim)]
    for name in choices.of_claim(notebook, claim):
        groups = {}
        for text in counted:
            groups.setdefault(with_default(notebook, text, name), []).append(found[text])
        silent += [
            (name, rest) for rest, told in groups.items() if len(told) > 1 and len(set(told)) == 1
        ]
    assert silent == []


def test_a_choice_that_moves_nothing_is_found():
    claim = "notable-models-china-2024"
    found = dict.fromkeys(measured(claim), ("same",))
    assert still(NOTEBOOKS[0], claim, found) == choices.of_claim(NOTEBOOKS[0], claim)


def test_an_idle_choice_that_moves_is_found(checkout):
    path = project.notebooks() / "choices.toml"
    rule = (
        '\n[["06_notable_models".idle]]\nchoice = "hong_kong"\ncounting = "sole"\nbecause = "x"\n'
    )
    path.write_text(path.read_text(encoding="utf-8") + rule, encoding="utf-8")
    forget()
    claim = "notable-models-china-2024"
    assert {name for name, _ in moving(NOTEBOOKS[0], claim, measured(claim))} == {"hong_kong"}
