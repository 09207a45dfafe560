"""Explorer: a claim's specifications as data and as a form, for the page where a reader changes the
choices."""

import json
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from ..judging import choices, claims, multiverse
from ..text import readable

HOLDS = {True: "yes", False: "no", None: "cannot be said"}
PROPER = (
    "Hong Kong",
    "Macau",
    "China",
    "Europe",
    "Nvidia",
    "DeepMind",
    "OpenAlex",
    "World Bank",
    "Carnegie",
    "Zeta Alpha",
    "AI Index",
    "October",
    "US",
    "UK",
    "EU",
    "UN",
    "ECA",
    "CSET",
    "CS",
    "CSO",
    "NCSES",
    "ECI",
    "GPQA",
    "MATH",
    "L5",
    "FLOP",
    "H100",
)


def words(name: str) -> str:
    r"""Write a parameter's name or value in words.

    >>> words("hong_kong"), words("adults_18_64"), words("True"), words("eu27"), words("1e+24")
    ('Hong Kong', 'adults 18 to 64', 'yes', 'EU 27', '1\xa0×\xa010²⁴')
    """
    text = {"True": "yes", "False": "no"}.get(name, name).replace("_", " ")
    text = re.sub(r"\b(\d+) (\d+)\b", r"\1 to \2", re.sub(r"\beu(\d+)", r"eu \1", text))
    for proper in PROPER:
        text = re.sub(rf"\b{proper}\b", proper, text, flags=re.IGNORECASE)
    return readable(text)


def number(value: float | None) -> str:
    r"""Write a measured value with three digits, a whole number with all, as the script does.

    >>> number(22.6), number(15), number(1240.5), number(0.0364), number(1.024e15), number(None)
    ('22.6', '15', '1,241', '0.0364', '1.024\xa0×\xa010¹⁵', 'missing')
    """
    if value is None:
        return "missing"
    if abs(value) >= 1e10:
        return readable(np.format_float_scientific(float(f"{value:.4g}"), trim="-"))
    places = max(0, 2 - math.floor(math.log10(abs(value)))) if value else 0
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,}"
    return readable(text.rstrip("0").rstrip(".") if "." in text else text)


def rounded(text: str) -> str:
    r"""Write the measured values of a text as `number` does; whole numbers and dates stay.

    >>> rounded("next year: China 2026-07 67.4344 (2026-07-11), 0.036")
    'next year: China 2026-07 67.4 (2026-07-11), 0.036'
    >>> rounded("2.5166e+15")
    '2.517\xa0×\xa010¹⁵'
    """
    long = r"(?<![\w.-])\d+\.\d{3,}(e[+-]\d+)?\b"
    return re.sub(long, lambda found: number(float(found[0])), text)


def data(id_: str) -> dict[str, Any]:
    """Return what the explorer shows of a claim: its choices and every specification that was
    swept, in the curve's order.

    `specifications` have `choices`, `beside` (parameters of other claims that the command needs to
    combine them), `values` (entity, period, value, low, high), `holds` (None: cannot be said),
    `apart` (why it does not count, "" where it does) and `drawn`, one number for each entity in
    `curve`; `drawn_as` and `sorted_by` say in words what that is. A choice's `values` have `value`,
    `text` (as the command line and the address write it), `label` and `because`. `n_effective` and
    `n_holds` count the effective combinations that can answer. Without a choice `choices` is empty;
    without a sweep `specifications` too. Raises ClaimError for an unknown claim.
    """
    claim = claims.get(id_)
    rows = multiverse.load().query("claim == @id_")
    named = list(dict.fromkeys([*claim.entity, *rows["entity"]]))
    found = {
        "claim": id_,
        "notebook": claim.notebook,
        "unit": claim.unit,
        "measure": claim.measure,
        "condition": claim.holds_when,
        "printed": dict(zip(claim.entity, claim.printed, strict=False)),
        "entities": named,
        "choices": {},
        "impossible": [],
        "specifications": [],
        "curve": [],
        "drawn_as": claim.measure,
        "sorted_by": "value",
        "n_effective": 0,
        "n_holds": 0,
    }
    if rows.empty:
        return found
    names = list(json.loads(rows["choices"].iloc[0]))
    table, drawn_as = multiverse.specifications(id_), multiverse.measure(id_)
    if (
        claim.entity[0] in table and table[claim.entity[0]].isna().all()
    ):  # a change from a missing value
        table, drawn_as = (
            multiverse.specifications(id_, change=False),
            f"{claim.measure}, last period",
        )
    known = table.loc[table["apart"].eq(""), "holds"].dropna() if claim.holds_when else []
    curve = [entity for entity in claim.entity if entity in table]
    values: dict[str, list[dict[str, Any]]] = {}
    for row in rows.to_dict("records"):
        values.setdefault(row["choices"], []).append(_value(row))
    specifications = []
    for spec in table.to_dict("records"):
        chosen = {name: spec[name] for name in names}
        specifications.append(
            {
                "choices": chosen,
                "beside": _beside(claim.notebook, chosen),
                "values": values[json.dumps(chosen, sort_keys=True)],
                "holds": spec["holds"] if isinstance(spec["holds"], bool) else None,
                "apart": spec["apart"],
                "drawn": [_known(spec[entity]) for entity in curve],
            }
        )
    return found | {
        "choices": {name: _choice(claim.notebook, name) for name in names},
        "impossible": _impossible(claim.notebook, names),
        "specifications": specifications,
        "curve": curve,
        "drawn_as": drawn_as,
        "sorted_by": " less ".join(curve[:2]) if len(curve) > 1 else "value",
        "n_effective": len(known),
        "n_holds": int(sum(known)),
    }


def _beside(notebook: str, chosen: dict[str, Any]) -> dict[str, str]:
    """Return the parameters that do not bear on a claim and yet must leave their default, as
    text."""
    defaults = choices.defaults(notebook)
    whole = choices.completed(notebook, chosen) or {}
    moved = {name: value for name, value in whole.items() if value != defaults[name]}
    return {name: _text(value) for name, value in moved.items() if name not in chosen}


def _text(value: Any) -> str:
    """Return a value of a choice as the command line and the address write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "entity": row["entity"],
        "period": row["period"],
        **{name: _known(row[name]) for name in ("value", "low", "high")},
    }


def _known(value: float) -> float | int | None:
    """Return a number as short as it can be written, None where it is missing.

    The table holds four decimals, so does a difference.
    """
    if value != value:
        return None
    return int(value) if value == int(value) else round(float(value), 4)


def _choice(notebook: str, name: str) -> dict[str, Any]:
    entry = choices.load()[notebook][name]
    return {
        "label": entry["label"][0].upper() + entry["label"][1:],
        "default": entry["default"],
        "values": [
            {
                "value": value,
                "text": _text(value),
                "label": told["label"]
                if told["label"] != str(value).replace("_", " ")
                else words(str(value)),
                "because": told["because"],
            }
            for value, told in entry["values"].items()
        ],
    }


def _impossible(notebook: str, names: list[str]) -> list[dict[str, Any]]:
    """Return the rules that forbid combinations of these choices, whatever the other choices
    are."""
    rules = []
    for rule in choices.impossible(notebook):
        wanted = {
            name: value if isinstance(value, list) else [value]
            for name, value in rule.items()
            if name != "because"
        }
        if wanted.keys() <= set(names):
            rules.append({"choices": wanted, "because": rule["because"]})
    return rules
