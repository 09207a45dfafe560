"""Pages: the front page with its scorecard, and a page for each claim, as static HTML that needs
nothing but its own folder.
"""

import json
import re
from collections import Counter
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment as SandboxedEnvironment

from .. import project
from ..evidence import sources
from ..evidence.tables import to_csv
from ..judging import claims, multiverse, scorecard
from ..text import readable
from . import claim_page, explorer, explorer_form
from .answers import ANSWERS, GRADES, VERDICTS

FIGURE = "08_monthly_shares"
FIGURE_CLAIM = "figure-monthly-shares"
RULE = "book/guide.html#the-verdict"


def write(folder: Path) -> None:
    """Write index.html, claims/<id>.html, .json and .csv for every claim, figures/ and assets/
    below `folder`: same data, same bytes.

    Read from the registry, verdicts.csv, answers.json, multiverse.csv, the figures and the
    committed notebooks. Raises FactcheckError where a table is missing.
    """
    records, swept, cells = scorecard.answers(), multiverse.load(), _cells()
    rows = [
        row | {"about": claims.get(row["claim"]), "cell": cells[row["claim"]], **_told(row)}
        for row in scorecard.load().to_dict("records")
    ]
    project.atomic_write(folder / "index.html", _render("index.html", top="", **_front(rows)))
    for place, row in enumerate(rows):
        id_ = row["claim"]
        own = swept[swept["claim"] == id_]
        data, form = explorer.data(id_) or {}, explorer_form.form(id_) or ""
        project.atomic_write(
            folder / "claims" / f"{id_}.json",
            json.dumps(data or {"claim": id_}, indent=1, ensure_ascii=False) + "\n",
        )
        project.atomic_write(folder / "claims" / f"{id_}.csv", to_csv(own))
        page = claim_page.page(row, records.get(id_)) | {
            "place": place,
            "rows": rows,
            "n_rows": len(own),
            "data": data,
            "form": form,
        }
        project.atomic_write(
            folder / "claims" / f"{id_}.html", _render("claim.html", top="../", **page)
        )
    for path in sorted((project.processed() / "figures").iterdir()):
        project.atomic_write(folder / "figures" / path.name, path.read_bytes())
    for asset in sorted(
        resources.files("helpers.reading").joinpath("assets").iterdir(), key=lambda path: path.name
    ):
        project.atomic_write(folder / "assets" / asset.name, asset.read_bytes())


def embedded(data: dict[str, Any]) -> str:
    r"""Return data as JSON that is safe inside a script element.

    >>> embedded({"a": "</script>"})
    '{"a": "\\u003c/script>"}'
    """
    return (
        json.dumps(data, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def _cells() -> dict[str, str]:
    """Return where the book shows the answer to each claim: its notebook's page and, where a cell
    emits its record, that cell.
    """
    found = {claim.id: f"book/notebooks/{claim.notebook}.html" for claim in claims.load().values()}
    for path in sorted(project.notebooks().glob("*.ipynb")):
        for place, each in enumerate(
            json.loads(path.read_text(encoding="utf-8"))["cells"], start=1
        ):
            for output in each.get("outputs", []):
                if record := output.get("data", {}).get(claims.MIME):
                    found[record["claim"]] = f"book/notebooks/{path.stem}.html#cell-{place}"
    return found


def _told(row: dict[str, Any]) -> dict[str, str]:
    """Split a summary into what was found and the vintage, which `claims.answer` puts after the
    grade.
    """
    pattern = r"^(.*?)(?: Evidence: \w+; (vintage: .*)\.)?$"
    [(told, vintage)] = re.findall(pattern, row["summary"])
    return {"told": told, "vintage": vintage}


def _question(notebook: str) -> str:
    """Return what a notebook asks: its heading after the number."""
    first = json.loads((project.notebooks() / f"{notebook}.ipynb").read_text(encoding="utf-8"))[
        "cells"
    ][0]
    return "".join(first["source"]).partition("\n")[0].partition(" · ")[2]


def _counts(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    said = Counter(row["verdict"] for row in rows)
    return [(verdict, said[verdict]) for verdict in VERDICTS if said[verdict]]


def _front(rows: list[dict[str, Any]]) -> dict[str, Any]:
    by_notebook = {
        name: [row for row in rows if row["notebook"] == name]
        for name in sorted({row["notebook"] for row in rows})
    }
    return {
        "rows": rows,
        "counts": _counts(rows),
        "topics": [
            {"notebook": name, "question": _question(name), "counts": _counts(own)}
            for name, own in by_notebook.items()
        ],
        "grades": [
            grade for grade in sources.GRADES if any(row["evidence"] == grade for row in rows)
        ],
        "figure": claim_page.figure(FIGURE),
        "drawn": next((row for row in rows if row["claim"] == FIGURE_CLAIM), None),
    }


@cache
def _templates() -> SandboxedEnvironment:
    found = SandboxedEnvironment(
        loader=jinja2.PackageLoader("helpers.reading"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "embedded": embedded,
        "number": claim_page.number,
        "readable": readable,
        "slug": lambda text: text.replace("_", "-").replace(" ", "-"),
    }
    found.globals |= {"ANSWERS": ANSWERS, "GRADES": GRADES, "SHOWN": claim_page.SHOWN, "RULE": RULE}
    return found


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)
