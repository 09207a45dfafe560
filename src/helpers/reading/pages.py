"""Pages: the front page with its scorecard, and a page for each claim, as static HTML that needs
nothing but its own folder."""

import json
import re
from collections.abc import Collection
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment as SandboxedEnvironment

from .. import project
from ..evidence.tables import to_csv
from ..judging import claims, corrections, multiverse, records, review, scorecard
from ..text import readable
from . import (
    cards,
    claim_page,
    downloads,
    explorer,
    explorer_form,
    finder,
    front,
    plates,
)
from .answers import ANSWERS, GRADES, MEANING, TENTH

ABOUT = "Claim by claim, from open data: what stands, what depends, what nobody can know."
RULE = "book/guide.html#the-outcome"


def write(folder: Path) -> None:
    """Write index.html, claims/<id>.html, .json and .csv for every claim, figures/ and assets/
    below `folder`: same data, same bytes.

    Read from the registry, verdicts.csv, answers.json, multiverse.csv, the figures and the
    committed notebooks. Raises FactcheckError where a table is missing.
    """
    rows = _rows()
    log = corrections.load().to_dict("records")
    project.atomic_write(
        folder / "corrections.html",
        _render("corrections.html", top="", here="corrections.html", rows=rows, log=log),
    )
    write_front(folder)
    others = {
        "search": {"top": ""},
        "404": {"top": claim_page.address()},
        "data": {"top": "", **downloads.write(folder, rows)},
    }
    for name, given in others.items():
        text = _render(f"{name}.html", here=f"{name}.html", **given)
        project.atomic_write(folder / f"{name}.html", text)
    project.atomic_write(folder / "assets" / "found.js", finder.index(rows))
    title = "Is China winning the AI race?"
    project.atomic_write(folder / "cards" / "front.png", cards.card(title, "", ABOUT))
    write_claims(folder)
    for path in sorted((project.processed() / "figures").iterdir()):
        drawn = path.read_text(encoding="utf-8")
        project.atomic_write(
            folder / "figures" / path.name, plates.themed(drawn) if path.suffix == ".svg" else drawn
        )
    for asset in sorted(
        resources.files("helpers.reading").joinpath("assets").iterdir(), key=lambda path: path.name
    ):
        project.atomic_write(folder / "assets" / asset.name, asset.read_bytes())


def write_front(folder: Path) -> None:
    """Write index.html into `folder`; raises FactcheckError where a table is missing."""
    project.atomic_write(
        folder / "index.html", _render("index.html", top="", **front.front(_rows()))
    )


def write_claims(folder: Path, ids: Collection[str] = ()) -> None:
    """Write claims/<id>.html, .json and .csv, and cards/<id>.png, of the named claims, by default
    of all; raises FactcheckError where a table is missing."""
    answered, swept, rows = records.answers(), multiverse.load(), _rows()
    for place, row in enumerate(rows):
        id_ = row["claim"]
        if ids and id_ not in ids:
            continue
        own = swept[swept["claim"] == id_]
        data, form = explorer.data(id_) or {}, explorer_form.form(id_) or ""
        project.atomic_write(
            folder / "claims" / f"{id_}.json",
            json.dumps(data or {"claim": id_}, indent=1, ensure_ascii=False) + "\n",
        )
        project.atomic_write(folder / "claims" / f"{id_}.csv", to_csv(own))
        page = claim_page.page(row, answered.get(id_)) | {
            "place": place,
            "rows": rows,
            "outcome_of": {each["claim"]: each["outcome"] for each in rows},
            "n_rows": len(own),
            "data": data,
            "form": form,
        }
        here = f"claims/{id_}.html"
        project.atomic_write(
            folder / here, _render("claim.html", top="../", here=here, card=id_, **page)
        )
        about = row["about"]
        project.atomic_write(
            folder / "cards" / f"{id_}.png",
            cards.card(about.statement, row["outcome"], about.plain),
        )


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
    emits its record, that cell."""
    found = {claim.id: f"book/notebooks/{claim.notebook}.html" for claim in claims.load().values()}
    for path in sorted(project.notebooks().glob("*.ipynb")):
        for place, each in enumerate(
            json.loads(path.read_text(encoding="utf-8"))["cells"], start=1
        ):
            for output in each.get("outputs", []):
                if record := output.get("data", {}).get(claims.MIME):
                    found[record["claim"]] = f"book/notebooks/{path.stem}.html#cell-{place}"
    return found


def _rows() -> list[dict[str, Any]]:
    cells = _cells()
    return [_row(row, cells) for row in scorecard.load().to_dict("records")]


def _row(row: dict[str, Any], cells: dict[str, str]) -> dict[str, Any]:
    claim = claims.get(row["claim"])
    return row | {"about": claim, "notebook": claim.notebook, "cell": cells[claim.id]}


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
        "number": explorer.number,
        "readable": readable,
        "rounded": explorer.rounded,
        "capitalised": lambda text: text[:1].upper() + text[1:],
        "slug": lambda text: re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"),
    }
    found.globals |= {"ANSWERS": ANSWERS, "GRADES": GRADES, "MEANING": MEANING}
    found.globals |= {
        "plate": plates.plate,
        "RULE": RULE,
        "SHOWN": claim_page.SHOWN,
        "TENTH": TENTH,
    }
    return found


def _render(template: str, **values: Any) -> str:
    shared = {"here": "", "card": "front", "address": claim_page.address()}
    shared |= {"author": "; ".join(each["name"] for each in review.authors())}
    values = shared | {"reported": claim_page.reported()} | values
    return _templates().get_template(template).render(**values)
