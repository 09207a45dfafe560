"""Panel: a notebook's choices as controls in JupyterLab, and what each changes, at once.

The notebook's own cells run again, as they were last saved, under the choices of the controls and
in a namespace of their own: the notebook's variables and outputs stay as they are.
"""

import ast
import base64
import json
import sys
from code import InteractiveInterpreter
from html import escape
from typing import Any

from IPython import get_ipython
from IPython.display import display
from IPython.utils.capture import capture_output

from .. import project
from . import choices, claims, records

CALL = "panel.show("
HOLDS = {True: "holds", False: "does not hold", None: "cannot be said"}
SVG = "image/svg+xml"
CLASS = "factcheck-panel"
# JupyterLab would take the arrow keys and letters of a list for its own short cuts.
KEYS = f"""document.addEventListener("focusin", ({{target}}) =>
  target.closest(".{CLASS}") && target.setAttribute("data-lm-suppress-shortcuts", "true"))"""


def show(notebook: str, namespace: dict[str, Any]) -> None:
    """Say which choices are changed; show a control for each where somebody is there to use it.

    `namespace` is the notebook's: the controls start at what it holds. With the defaults, and
    nobody there, it shows nothing. Raises ChoiceError for a value that is not allowed.
    """
    chosen = choices.chosen(notebook, namespace)
    if moved := changed(notebook, chosen):
        print(f"The short answer above is about the default choices. Changed here: {moved}.")
    if _watched():
        display(_widgets(notebook, chosen))
        display({"application/javascript": KEYS}, raw=True)


def changed(notebook: str, chosen: dict[str, Any]) -> str:
    """Return the choices that are not at their default, in words; "" where none is."""
    defaults = choices.defaults(notebook)
    return "; ".join(
        f"{choices.label(notebook, name)}: {choices.label(notebook, name, value)}"
        for name, value in chosen.items()
        if value != defaults[name]
    )


def _watched() -> bool:
    """Say whether a person's front end runs this cell: one that says its user can be asked."""
    kernel = getattr(get_ipython(), "kernel", None)
    asking = kernel.get_parent() if kernel else None
    return bool(asking and asking.get("content", {}).get("allow_stdin"))


class _Cells(InteractiveInterpreter):
    """Runs cells in a namespace of their own; what stops one is raised."""

    def showtraceback(self) -> None:
        raise  # it is called while the exception is handled


def rerun(notebook: str, chosen: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict]]:
    """Run a notebook's cells under `chosen`; return the claim records and the figures shown.

    A figure is {SVG: picture, "text/plain": alternative text}. Nothing is displayed.
    """
    path = project.notebooks() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    answers: list[dict[str, Any]] = []

    def keep(value: Any) -> None:
        if isinstance(value, claims.Answer):
            answers.append(value.record)

    runner = _Cells(dict(chosen) | {"__name__": "__main__"})
    with capture_output() as captured:
        sys.displayhook = keep  # capture_output puts back what stood there
        for cell in cells:
            text = "".join(cell["source"])
            given = "parameters" in cell["metadata"].get("tags", []) or CALL in text
            if cell["cell_type"] == "code" and not given:
                body = ast.parse(text).body
                runner.runcode(compile(ast.Interactive(body), f"<{notebook}>", "single"))
    return answers, [shown.data for shown in captured.outputs if SVG in (shown.data or {})]


def told(notebook: str, chosen: dict[str, Any]) -> str:
    """Return what a notebook gives under `chosen` as HTML: a table, its figures, how to keep it.

    A combination that is not allowed, and a cell that stops, is one sentence.
    """
    try:
        answers, figures = rerun(notebook, choices.check(notebook, chosen))
    except project.FactcheckError as error:
        return f"<p>{escape(str(error))}</p>"
    except Exception as error:
        return f"<p>A cell stopped with {type(error).__name__}: {escape(str(error))}</p>"
    defaults = choices.defaults(notebook)
    moved = {name: value for name, value in chosen.items() if value != defaults[name]}
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in moved.items())
    lines = lines.replace("= true", "= True").replace("= false", "= False")
    keep = f"<p>To keep this, write into the cell above and run all cells:</p><pre>{lines}</pre>"
    return _table(answers) + "".join(map(_image, figures)) + (keep if moved else "")


def _table(answers: list[dict[str, Any]]) -> str:
    before = records.answers()
    rows = ["<tr><th>claim</th><th>what</th><th>defaults</th><th>now</th><th>condition</th></tr>"]
    for record in answers:
        known = before.get(record["claim"], {"values": [], "holds": None})
        was = {(value["entity"], value["period"]): value["value"] for value in known["values"]}
        for value in record["values"] or [{"entity": "", "period": "", "value": None}]:
            place = value["entity"], value["period"]
            old, new = _number(was.get(place)), _number(value["value"])
            word, then = HOLDS[record["holds"]], HOLDS[known["holds"]]
            word = word if word == then else f"<b>{word}</b> (defaults: {then})"
            new = new if new == old else f"<b>{new}</b>"
            what = escape(" ".join(place).strip())
            cells = (escape(record["claim"]), what, old, new, word)
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table>{''.join(rows)}</table>"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"


def _image(figure: dict[str, str]) -> str:
    picture = base64.b64encode(figure[SVG].encode()).decode()
    alt = escape(figure["text/plain"])
    return f'<img alt="{alt}" src="data:{SVG};base64,{picture}" style="max-width: 44em">'


def _widgets(notebook: str, chosen: dict[str, Any]) -> Any:
    """Return the controls, a sentence of reason with each, and the place of the result."""
    import ipywidgets

    contract, parts = choices.load()[notebook], []
    fields: dict[str, Any] = {}
    wide = {"layout": {"width": "44em"}, "style": {"description_width": "16em"}}
    result, back = ipywidgets.HTML(), ipywidgets.Button(description="Back to the defaults")

    def changed(_: Any) -> None:
        now = {name: field.value for name, field in fields.items()}
        for name, field in fields.items():
            reasons[name].value = escape(contract[name]["values"][field.value]["because"])
        result.value = "<p>Counting …</p>"
        result.value = f'<div role="status">{told(notebook, now)}</div>'

    reasons = {name: ipywidgets.HTML() for name in contract}
    for name, entry in contract.items():
        options = [(_option(entry, value), value) for value in entry["values"]]
        fields[name] = ipywidgets.Dropdown(
            options=options, value=chosen[name], description=entry["label"], **wide
        )
        reasons[name].value = escape(entry["values"][chosen[name]]["because"])
        fields[name].observe(changed, "value")
        parts += [fields[name], reasons[name]]

    def reset(_: Any) -> None:
        for name, field in fields.items():
            field.unobserve(changed, "value")
            field.value = contract[name]["default"]
            field.observe(changed, "value")
        changed(_)

    back.on_click(reset)
    return ipywidgets.VBox([*parts, back, result]).add_class(CLASS)


def _option(entry: dict[str, Any], value: Any) -> str:
    mark = "default" if value == entry["default"] else entry["values"][value]["apart"]
    label = entry["values"][value]["label"]
    return f"{label} ({mark})" if mark else label
