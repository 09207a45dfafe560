"""Explorer form: a claim's choices and what its default measures, as HTML."""

from html import escape
from typing import Any

from ..judging import choices
from . import explorer
from .explorer import HOLDS

RADIOS = 4  # options beyond which a list is shown


def form(id_: str) -> str:
    """Return the form of a claim's choices and what its default measures, as HTML that is complete
    without scripts; "" without choices."""
    found = explorer.data(id_)
    if not found["choices"]:
        return ""
    swept, possible = len(found["specifications"]), len(choices.grid(found["notebook"], id_))
    run = (
        f"All {swept} possible combinations were run."
        if swept == possible
        else f"{swept} of {possible} possible combinations were run."
    )
    fields = "\n".join(
        _field(found["notebook"], name, entry) for name, entry in found["choices"].items()
    )
    return f"""<form id="explorer-form" autocomplete="off">
<p class="explorer-run">{run} <a href="{escape(id_)}.csv">All of them as a table (CSV)</a>.</p>
<noscript><p>Changing a choice here needs scripts. Without them this page shows the default, and
the table has the rest.</p></noscript>
{fields}
<p class="explorer-actions"><button type="reset">Back to the defaults</button></p>
<p id="explorer-nearest" class="explorer-actions" hidden></p>
</form>
{_result(found)}"""


def _field(notebook: str, name: str, entry: dict[str, Any]) -> str:
    """Return one choice: radio buttons, or a list where there are many values.

    Each value with its reason and where that stands.
    """
    told = choices.load()[notebook][name]["values"]
    options, reasons, many = [], [], len(entry["values"]) > RADIOS
    for option in entry["values"]:
        text, label, mark = escape(option["text"]), escape(option["label"]), ""
        if option["value"] == entry["default"]:
            label, mark = f"{label} (default)", " selected" if many else " checked"
        if many:
            options.append(f'<option value="{text}"{mark}>{label}</option>')
        else:
            button = f'<input type="radio" name="{name}" value="{text}"{mark}>'
            options.append(f"<label>{button} {label}</label>")
        source = escape(told[option["value"]]["source"])
        reason = f"{escape(option['because'])} <cite>{source}</cite>"
        reasons.append(f"<dt>{label}</dt><dd>{reason}</dd>")
    title = escape(entry["label"])
    if many:
        options = [f'<select name="{name}" aria-label="{title}">', *options, "</select>"]
    return "\n".join(
        [
            f'<fieldset class="choice"><legend>{title}</legend>',
            *options,
            f"<details><summary>{title}: why each is defensible</summary><dl>",
            *reasons,
            "</dl></details></fieldset>",
        ]
    )


def _result(found: dict[str, Any]) -> str:
    """Return what the default measures, as a table, with its condition and its command."""
    defaults = {name: entry["default"] for name, entry in found["choices"].items()}
    default = next(spec for spec in found["specifications"] if spec["choices"] == defaults)
    rows = "\n".join(_row(value, found["printed"]) for value in default["values"])
    holds = (
        f"Does the condition <code>{escape(found['condition'])}</code> hold? <strong"
        f' id="explorer-holds">{HOLDS[default["holds"]]}</strong>'
        if found["condition"]
        else (
            'This claim has no condition to meet: <strong id="explorer-holds">cannot be'
            " said</strong>"
        )
    )
    return f"""<table id="explorer-values">
<caption>Measured under these choices: {escape(found["measure"])}, {escape(found["unit"])}</caption>
<thead><tr><th scope="col">what</th><th scope="col">period</th><th scope="col">measured</th>
<th scope="col">printed</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<p class="explorer-holds">{holds}</p>
<p class="explorer-command">Run these choices yourself:
<code id="explorer-command">factcheck run {escape(found["notebook"])}</code></p>
<p id="explorer-key" hidden>Each mark is one specification ({escape(found["drawn_as"])}), sorted by
{escape(found["sorted_by"])}. Filled: the condition holds. Hollow: it does not. Diamond: it cannot
be said. Square: not counted (a bound, an edition, another scope, or idle). Ring: chosen. Dashed:
printed.</p>
<p id="explorer-bar" hidden></p>"""


def _row(value: dict[str, Any], printed: dict[str, str]) -> str:
    """Return one measured value as a row of the table."""
    cells = [
        escape(value["period"]),
        _measured(value),
        escape(printed.get(value["entity"], "none")),
    ]
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(value["entity"])}</th>{told}</tr>'


def _measured(value: dict[str, Any]) -> str:
    low, high = value["low"], value["high"]
    return explorer.number(value["value"]) + (
        ""
        if None in (low, high) or low == high
        else f" [{explorer.number(low)} to {explorer.number(high)}]"
    )
