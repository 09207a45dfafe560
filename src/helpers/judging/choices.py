"""Choices: the parameters of every notebook, their allowed values, and why each is defensible."""

from itertools import product
from typing import Any

from ..text import nearest
from .contract import ChoiceError, declared, impossible, load


def defaults(notebook: str) -> dict[str, Any]:
    """Return the default of every parameter of a notebook."""
    return {name: entry["default"] for name, entry in load().get(notebook, {}).items()}


def check(notebook: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return all parameters of a notebook, `given` over the defaults.

    Text from a command line is read as the type of the default. Raises ChoiceError naming the
    nearest parameter or the allowed values, and for a combination declared impossible.
    """
    contract = load().get(notebook, {})
    chosen = defaults(notebook)
    for name, value in given.items():
        if name not in contract:
            raise ChoiceError(
                f"{notebook} has no parameter {name!r:.100}: {nearest(name, contract)}"
            )
        allowed = contract[name]["values"]
        match = [option for option in allowed if str(option).lower() == str(value).lower()]
        match = match or [option for option in allowed if _same(option, value)]
        if not match:
            listed = [str(option) for option in allowed]
            raise ChoiceError(
                f"{notebook}: {name}={value!r:.100} is not allowed, {nearest(value, listed)}; "
                f"allowed are {', '.join(listed)}."
            )
        chosen[name] = match[0]
    for rule in impossible(notebook):
        if _fits(rule, chosen):
            named = {name: value for name, value in rule.items() if name != "because"}
            raise ChoiceError(f"{notebook}: {named} cannot be combined: {rule['because']}")
    return chosen


def _same(option: Any, value: Any) -> bool:
    """Say whether text from a command line, or a number of another type, is this value.

    1e24 is 1e+24, 0 is 0.0 or False.
    """
    if isinstance(option, bool):
        words = {"1": True, "yes": True, "on": True, "0": False, "no": False, "off": False}
        return words.get(str(value).strip().lower()) is option
    try:
        return isinstance(option, int | float) and float(option) == float(value)
    except (TypeError, ValueError):
        return False


def chosen(notebook: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook's parameters as its namespace holds them, checked."""
    return check(notebook, {name: namespace[name] for name in load().get(notebook, {})})


def of_claim(notebook: str, claim: str) -> list[str]:
    """Return the names of the parameters that bear on a claim."""
    return [name for name, entry in load().get(notebook, {}).items() if claim in entry["claims"]]


def grid(notebook: str, claim: str | None = None) -> list[dict[str, Any]]:
    """Return every possible combination of a notebook's choices, or of those that bear on one
    claim."""
    contract = load().get(notebook, {})
    names = of_claim(notebook, claim) if claim else list(contract)
    combinations = [
        dict(zip(names, values, strict=True))
        for values in product(*(contract[name]["values"] for name in names))
    ]
    return [combination for combination in combinations if _possible(notebook, combination)]


def _possible(notebook: str, combination: dict[str, Any]) -> bool:
    return completed(notebook, combination) is not None


def completed(notebook: str, combination: dict[str, Any]) -> dict[str, Any] | None:
    """Return all parameters of a notebook for a combination of some, None where none goes with it.

    The others are at their default where the rules of impossible combinations let them be; else the
    first values that are allowed together.
    """
    rules, contract = impossible(notebook), load().get(notebook, {})
    ruled = {name for rule in rules for name in rule} & (contract.keys() - combination.keys())
    options = []
    for name in sorted(ruled):
        default, allowed = contract[name]["default"], contract[name]["values"]
        options.append([default, *(value for value in allowed if value != default)])
    for values in product(*options):
        whole = defaults(notebook) | combination | dict(zip(sorted(ruled), values, strict=True))
        if not any(_fits(rule, whole) for rule in rules):
            return whole
    return None


def _fits(rule: dict, combination: dict[str, Any]) -> bool:
    """Say whether a combination is one of those that a rule names."""
    wanted = {
        name: value
        for name, value in rule.items()
        if name not in ("because", "choice", "claims") and name in combination
    }
    return all(
        combination[name] in (value if isinstance(value, list) else [value])
        for name, value in wanted.items()
    )


def apart(notebook: str, combination: dict[str, Any], claim: str = "") -> str:
    """Return why a combination does not count for a claim, "" where it does.

    A bound, an edition or a scope is no choice; a choice that cannot move the answer under the
    others ("idle" in choices.toml) counts once, at its default.
    """
    contract = load().get(notebook, {})
    for name, value in combination.items():
        if word := contract[name]["values"][value]["apart"]:
            return word
    for rule in declared(notebook, "idle"):
        name = rule["choice"]
        concerned = name in combination and claim in rule.get("claims", [claim])
        if (
            concerned
            and combination[name] != contract[name]["default"]
            and _fits(rule, combination)
        ):
            return "idle"
    return ""


def label(notebook: str, name: str, value: Any = None) -> str:
    """Return a parameter's name, or that of one of its values, in words."""
    entry = load()[notebook][name]
    return entry["label"] if value is None else entry["values"][value]["label"]
