"""Contract: notebooks/choices.toml, read and held to its shape."""

import keyword
import math
from functools import cache
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
    entries = store.registry(project.notebooks() / "choices.toml", ChoiceError)
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
    values: dict[Any, dict[str, str]] = {}
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
    return declared(notebook, "impossible")


@cache
def declared(notebook: str, kind: str) -> tuple[dict, ...]:
    """Return the rules of one kind (impossible, idle) that a notebook's section declares."""
    entries = store.toml(project.notebooks() / "choices.toml")
    return tuple(entries.get(notebook, {}).get(kind, []))
