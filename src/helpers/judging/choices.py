"""Choices: the parameters of every notebook, their allowed values, and why each is defensible."""

import keyword
import math
from functools import cache
from itertools import product
from typing import Any

from .. import project
from ..evidence import sources, store
from ..project import FactcheckError
from ..text import nearest

# Why a value stands apart from the combinations that count: a bound puts all that is unknown to one
# side, an edition is ageing, a scope asks another question.
APART = ("bound", "edition", "scope")
RULES = ("impossible", "idle")


class ChoiceError(FactcheckError):
    """A parameter or value that the contract in notebooks/choices.toml does not allow."""


@cache
def load() -> dict[str, dict[str, dict]]:
    """Read notebooks/choices.toml; return notebook → parameter → {default, claims, values}.

    `values` maps each allowed value to its reason, its source and why it stands `apart` ("" where
    it counts). A parameter with `editions_of` allows the editions of every source that this extract
    function made, so a new vintage needs no entry here.

    Raises ChoiceError for a value without reason or source, or a default that is not allowed.
    """
    path = project.notebooks() / "choices.toml"
    try:
        entries = store.toml(path)
    except (OSError, ValueError) as error:
        raise ChoiceError(
            f"choices.toml: {error}. Mend the file, or restore it with git."
        ) from error
    for notebook, table in entries.items():
        if not isinstance(table, dict):
            raise ChoiceError(
                f"choices.toml: {notebook:.100} = {table!r:.100} is no table: "
                "write [notebook.parameter]."
            )
        for kind in RULES:
            _rules(notebook, table, kind)
    return {
        notebook: {
            name: _parameter(notebook, name, entry)
            for name, entry in table.items()
            if name not in RULES
        }
        for notebook, table in entries.items()
    }


def _rules(notebook: str, table: dict, kind: str) -> None:
    rules = table.get(kind, [])
    listed = isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules)
    if not listed or not all(rule.get("because") for rule in rules):
        raise ChoiceError(
            f"choices.toml, [{notebook:.100}]: write each {kind} combination as "
            f"[[notebook.{kind}]] with its `because`."
        )
    where = f"choices.toml, [[{notebook:.100}.{kind}]]"
    for rule in rules:
        if kind == "idle" and rule.get("choice") not in table:
            raise ChoiceError(f"{where}: `choice` must name the parameter that moves nothing.")
        own = ("because", "choice", "claims") if kind == "idle" else ("because",)
        for name in rule:
            if name not in own and name not in table:
                raise ChoiceError(f"{where}: no parameter {name!r:.100}, {nearest(name, table)}")


def _parameter(notebook: str, name: str, entry: dict) -> dict:
    where = f"choices.toml, [{notebook:.100}.{name:.100}]"
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ChoiceError(f"{where}: a parameter is named as Python names a variable.")
    _shape(where, entry)
    values = {}
    for value in entry.get("values", []):
        _value(where, value, values)
        values[value["value"]] = {
            "because": value["because"],
            "source": value["source"],
            "apart": value.get("apart", ""),
            "label": value.get("label", str(value["value"]).replace("_", " ")),
        }
    if extract := entry.get("editions_of"):
        for source in sources.of_extract(extract):
            values[source.edition] = {
                "because": entry["because"],
                "source": f"{source.publisher}, {source.title}, {source.edition}",
                "apart": "" if source.edition == entry["default"] else "edition",
                "label": source.edition,
            }
    default = entry["default"]
    if not any(type(default) is type(value) and default == value for value in values):
        raise ChoiceError(
            f"{where}: the default {default!r:.100} is not among the allowed values {list(values)}."
        )
    if values[default]["apart"]:
        raise ChoiceError(f"{where}: the default stands apart as {values[default]['apart']}.")
    label = entry.get("label", name.replace("_", " "))
    return {
        "default": default,
        "claims": entry.get("claims", []),
        "label": label,
        "values": values,
    }


def _shape(where: str, entry: Any) -> None:
    shapes = {"values": list, "claims": list, "editions_of": str, "because": str, "label": str}
    shaped = isinstance(entry, dict) and all(
        isinstance(entry[word], kind) for word, kind in shapes.items() if word in entry
    )
    named = shaped and all(isinstance(claim, str) for claim in entry.get("claims", []))
    reasoned = named and ("editions_of" not in entry or entry.get("because"))
    if not reasoned or "default" not in entry:
        raise ChoiceError(
            f"{where}: needs `default`, `claims = [...]`, and `values = [...]` or `editions_of` "
            "with `because`."
        )


def _value(where: str, value: Any, values: dict) -> None:
    plain = isinstance(value, dict) and isinstance(value.get("value"), str | int | float)
    if not plain or (isinstance(value["value"], float) and not math.isfinite(value["value"])):
        raise ChoiceError(
            f"{where}: {value!r:.100} is no value: "
            "write { value = ..., because = ..., source = ... }."
        )
    if value["value"] in values:
        raise ChoiceError(f"{where}: value {value['value']!r:.100} stands twice.")
    if not value.get("because") or not value.get("source"):
        raise ChoiceError(
            f"{where}: value {value['value']!r:.100} needs `because` and `source`: only defensible "
            "values belong here."
        )
    if value.get("apart", "bound") not in APART:
        raise ChoiceError(f"{where}: `apart` is one of {', '.join(APART)}.")


def impossible(notebook: str) -> tuple[dict, ...]:
    """Return the combinations of a notebook that its section declares impossible."""
    return _declared(notebook, "impossible")


@cache
def _declared(notebook: str, kind: str) -> tuple[dict, ...]:
    entries = store.toml(project.notebooks() / "choices.toml")
    return tuple(entries.get(notebook, {}).get(kind, []))


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
    options = [
        sorted(
            contract[name]["values"],
            key=lambda value, name=name: value != contract[name]["default"],
        )
        for name in sorted(ruled)
    ]
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
    for rule in _declared(notebook, "idle"):
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
