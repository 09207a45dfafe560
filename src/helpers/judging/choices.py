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


class ChoiceError(FactcheckError):
    """A parameter or value that the contract in notebooks/choices.toml does not allow."""


@cache
def load() -> dict[str, dict[str, dict]]:
    """Read notebooks/choices.toml; return notebook → parameter → {default, claims, values}.

    `values` maps each allowed value to its reason and source. A parameter with `editions_of` allows
    the editions of every source that this extract function made, so a new vintage needs no entry here.

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
                f"choices.toml: {notebook:.100} = {table!r:.100} is no table: write [notebook.parameter]."
            )
        _impossible(notebook, table)
    return {
        notebook: {
            name: _parameter(notebook, name, entry)
            for name, entry in table.items()
            if name != "impossible"
        }
        for notebook, table in entries.items()
    }


def _impossible(notebook: str, table: dict) -> None:
    rules = table.get("impossible", [])
    if not isinstance(rules, list) or not all(
        isinstance(rule, dict) and rule.get("because") for rule in rules
    ):
        raise ChoiceError(
            f"choices.toml, [{notebook:.100}]: write each impossible combination as [[notebook.impossible]] with its `because`."
        )
    for rule in rules:
        for name in rule:
            if name != "because" and name not in table:
                raise ChoiceError(
                    f"choices.toml, [[{notebook:.100}.impossible]]: no parameter {name!r:.100}, {nearest(name, table)}"
                )


def _parameter(notebook: str, name: str, entry: dict) -> dict:
    where = f"choices.toml, [{notebook:.100}.{name:.100}]"
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ChoiceError(f"{where}: a parameter is named as Python names a variable.")
    shapes = {"values": list, "claims": list, "editions_of": str, "because": str}
    shaped = isinstance(entry, dict) and all(
        isinstance(entry[word], kind) for word, kind in shapes.items() if word in entry
    )
    if (
        not shaped
        or not all(isinstance(claim, str) for claim in entry.get("claims", []))
        or ("editions_of" in entry and not entry.get("because"))
    ):
        raise ChoiceError(
            f"{where}: needs `default`, `claims = [...]`, and `values = [...]` or `editions_of` with `because`."
        )
    values = {}
    for value in entry.get("values", []):
        plain = isinstance(value, dict) and isinstance(value.get("value"), str | int | float)
        if not plain or (isinstance(value["value"], float) and not math.isfinite(value["value"])):
            raise ChoiceError(
                f"{where}: {value!r:.100} is no value: write {{ value = ..., because = ..., source = ... }}."
            )
        if value["value"] in values:
            raise ChoiceError(f"{where}: value {value['value']!r:.100} stands twice.")
        if not value.get("because") or not value.get("source"):
            raise ChoiceError(
                f"{where}: value {value.get('value')!r:.100} needs `because` and `source`: only defensible values belong here."
            )
        values[value["value"]] = {"because": value["because"], "source": value["source"]}
    if extract := entry.get("editions_of"):
        for source in sources.of_extract(extract):
            values[source.edition] = {
                "because": entry["because"],
                "source": f"{source.publisher}, {source.title}, {source.edition}",
            }
    if not any(
        type(entry.get("default")) is type(value) and entry["default"] == value for value in values
    ):
        raise ChoiceError(
            f"{where}: the default {entry.get('default')!r:.100} is not among the allowed values {list(values)}."
        )
    return {"default": entry["default"], "claims": entry.get("claims", []), "values": values}


@cache
def impossible(notebook: str) -> tuple[dict, ...]:
    """Return the combinations of a notebook that its section declares impossible."""
    entries = store.toml(project.notebooks() / "choices.toml")
    return tuple(entries.get(notebook, {}).get("impossible", []))


def defaults(notebook: str) -> dict[str, Any]:
    """Return the default of every parameter of a notebook."""
    return {name: entry["default"] for name, entry in load().get(notebook, {}).items()}


def check(notebook: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return all parameters of a notebook, `given` over the defaults.

    Text from a command line is read as the type of the default. Raises ChoiceError naming the nearest
    parameter or the allowed values, and for a combination declared impossible.
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
        if not match:
            listed = [str(option) for option in allowed]
            raise ChoiceError(
                f"{notebook}: {name}={value!r:.100} is not allowed, {nearest(value, listed)}; allowed are {', '.join(listed)}."
            )
        chosen[name] = match[0]
    for rule in impossible(notebook):
        combination = {name: wanted for name, wanted in rule.items() if name != "because"}
        if all(
            chosen[name] in (wanted if isinstance(wanted, list) else [wanted])
            for name, wanted in combination.items()
        ):
            raise ChoiceError(f"{notebook}: {combination} cannot be combined: {rule['because']}")
    return chosen


def chosen(notebook: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook's parameters as its namespace holds them, checked."""
    return check(notebook, {name: namespace[name] for name in load().get(notebook, {})})


def of_claim(notebook: str, claim: str) -> list[str]:
    """Return the names of the parameters that bear on a claim."""
    return [name for name, entry in load().get(notebook, {}).items() if claim in entry["claims"]]


def grid(notebook: str, claim: str | None = None) -> list[dict[str, Any]]:
    """Return every possible combination of a notebook's choices, or of those that bear on one claim."""
    contract = load().get(notebook, {})
    names = of_claim(notebook, claim) if claim else list(contract)
    combinations = [
        dict(zip(names, values, strict=True))
        for values in product(*(contract[name]["values"] for name in names))
    ]
    return [combination for combination in combinations if _possible(notebook, combination)]


def _possible(notebook: str, combination: dict[str, Any]) -> bool:
    try:
        check(notebook, combination)
    except ChoiceError:
        return False
    return True
