"""Pages: the front page with its scorecard, and a page for each claim, as static HTML that needs nothing but its own folder."""

import html
import json
import re
from collections import Counter
from functools import cache
from importlib import import_module, resources
from pathlib import Path
from typing import Any

import jinja2

from .. import project
from ..evidence import sources
from ..evidence.tables import to_csv
from ..judging import choices, claims, explain, multiverse, scorecard, verdicts
from ..text import readable

VERDICTS = (*verdicts.LADDER, "unverifiable", "forecast", "opinion", verdicts.PENDING)
FIGURE = "08_monthly_shares"
FIGURE_CLAIM = "figure-monthly-shares"
SHOWN = 3
MANY, FEW = verdicts.in_words(verdicts.ROBUST), verdicts.in_words(verdicts.NOT_ROBUST)
RULE = "book/guide.html#the-verdict"
# Each answer: its field, the question that it answers, what each of its words means.
ANSWERS = {
    "source_check": (
        "Does the publication behind the claim say so?",
        {
            "quoted accurately": "The publication behind the claim states what was said.",
            "quoted with rounding": "The publication states it with more digits; rounded, the two agree.",
            "misquoted": "The publication states another number.",
            "source not located": "We hold no publication that states it.",
        },
    ),
    "reproducibility": (
        "Same data, same method: does it come out again?",
        {
            "reproduced": "The same data and method give the printed number again, within its tolerance.",
            "approximately": f"The same data and method come within {verdicts.in_words(verdicts.NEAR)} of the printed number.",
            "not reproduced": "The same data and method give another number.",
            "not attempted": "The same data and method could not be tried again",
        },
    ),
    "replicability": (
        "Other data, same question: do they agree?",
        {
            "replicated": "All independent data that can answer agree.",
            "partly": "Some independent data agree, some do not.",
            "not replicated": "The independent data that can answer do not agree.",
            "no independent data": "No independent data that can answer are held.",
        },
    ),
    "robustness": (
        "Other defensible choices: does it still hold?",
        {
            "robust": f"It holds in at least {MANY} of the combinations of choices that can answer.",
            "mixed": f"It holds in more than {FEW}, yet in less than {MANY}, of the combinations of choices that can answer.",
            "not robust": f"It holds in {FEW} or fewer of the combinations of choices that can answer.",
            "no choices": "No choice of the analyst bears on it.",
            "cannot be said": "No combination of choices can answer.",
        },
    ),
    "currency": (
        "Newer data: do they still say so?",
        {
            "holds": "The newest data that can answer agree.",
            "weakened": f"The newest data agree, by less than {verdicts.in_words(verdicts.WEAKER)} the margin.",
            "superseded": "The newest data give another number.",
            "reversed": "In the newest data the answer has turned round.",
            "still fails": "It did not hold then, and does not in the newest data.",
            "no later data": "No later data that can answer are held.",
        },
    ),
}
GRADES = {
    "primary": "the publisher's own file",
    "copy": "a copy of the publisher's own, held elsewhere",
    "secondary": "a value restated by others",
}


def write(folder: Path) -> None:
    """Write index.html, claims/<id>.html, .json and .csv for every claim, figures/ and assets/ below `folder`: same data, same bytes.

    Read from the registry, verdicts.csv, answers.json, multiverse.csv, the figures and the committed notebooks.
    Raises FactcheckError where a table is missing.
    """
    records, swept, cells = records.answers(), multiverse.load(), _cells()
    rows = [
        row | {"about": claims.get(row["claim"]), "cell": cells[row["claim"]], **_told(row)}
        for row in scorecard.load().to_dict("records")
    ]
    project.atomic_write(folder / "index.html", _render("index.html", top="", **_front(rows)))
    for place, row in enumerate(rows):
        id_ = row["claim"]
        own = swept[swept["claim"] == id_]
        data, form = _explorer(id_)
        project.atomic_write(
            folder / "claims" / f"{id_}.json",
            json.dumps(data or {"claim": id_}, indent=1, ensure_ascii=False) + "\n",
        )
        project.atomic_write(folder / "claims" / f"{id_}.csv", to_csv(own))
        page = _page(row, records.get(id_)) | {
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
    """Return where the book shows the answer to each claim: its notebook's page and, where a cell emits its record, that cell."""
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
    """Split a summary into what was found and the vintage, which `claims.answer` puts after the grade."""
    told, vintage = re.fullmatch(
        r"(.*?)(?: Evidence: \w+; (vintage: .*)\.)?", row["summary"]
    ).groups()
    return {"told": told, "vintage": vintage or ""}


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
        "figure": _figure(FIGURE),
        "drawn": next((row for row in rows if row["claim"] == FIGURE_CLAIM), None),
    }


def _page(row: dict[str, Any], record: dict[str, Any] | None) -> dict[str, Any]:
    claim = row["about"]
    return {
        "row": row,
        "claim": claim,
        "record": record,
        "compared": _compared(claim, row, record),
        "counted": explain.specifications(claim.id).partition(": ")[2],
        "figures": {kind: _figure(f"90_{claim.id}{kind}") for kind in ("", "_when")},
        "evidence": _evidence(claim, row, record),
        "sources": [sources.get(source) for source in record["sources"]] if record else [],
        "commands": _commands(claim),
        "review": _optional("review", "of_claim", claim.id),
    }


def _compared(
    claim: claims.Claim, row: dict[str, Any], record: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Return one row per measured value, with the printed digits, gap and tolerance where the entity has them."""
    by_entity = {
        name: dict(zip(claim.entity, row[name].split(" / ") if row[name] else [], strict=False))
        for name in ("printed", "gap", "tolerance")
    }
    values = record["values"] if record else []
    missing = [
        {"entity": entity, "period": claim.period, "value": None, "low": None, "high": None}
        for entity in by_entity["printed"]
    ]
    found = []
    for value in values or missing:
        own = sum(other["entity"] == value["entity"] for other in values) <= 1
        found.append(
            value
            | {
                name: column.get(value["entity"], "") if own else ""
                for name, column in by_entity.items()
            }
        )
    return found


def _evidence(
    claim: claims.Claim, row: dict[str, Any], record: dict[str, Any] | None
) -> dict[str, list[str]]:
    """Return what speaks for, against and for neither: the default answer, other choices, other data, later editions, newest first."""
    found: dict[str, list[str]] = {explain.WORD[holds]: [] for holds in (True, False, None)}
    if not record:
        return found
    if record["values"]:
        own = {f"{value['entity']}@{value['period']}": value["value"] for value in record["values"]}
        found[explain.WORD[record["holds"]]].append(f"Default choices: {_series(claim, own)}")
    if row["n_specs"]:
        n_specs, n_holds = int(row["n_specs"]), int(row["n_holds"])
        for holds, count in ((True, n_holds), (False, n_specs - n_holds)):
            found[explain.WORD[holds]] += (
                [f"Choices: {count} of {n_specs} combinations that can answer"] if count else []
            )
    entries = [("Other data, ", entry) for entry in record["replications"]] + [
        ("Edition of ", entry) for entry in record["later"][::-1]
    ]
    for kind, entry in entries:
        found[explain.WORD[entry["holds"]]].append(
            f"{kind}{entry['label']}: {_series(claim, entry['values'])}"
        )
    return found


def _series(claim: claims.Claim, values: dict[str, float | None]) -> str:
    """Write values keyed "entity@period" of the claim's own entities, a long series by its first and last value."""
    series: dict[str, list[str]] = {}
    named = {
        key: value for key, value in values.items() if key.partition("@")[0] in claim.entity
    } or values
    for key, value in named.items():
        entity, _, period = key.partition("@")
        series.setdefault(entity, []).append(f"{number(value)}{f' ({period})' if period else ''}")
    return "; ".join(
        f"{entity} " + " → ".join(texts if len(texts) <= SHOWN else [texts[0], "…", texts[-1]])
        for entity, texts in series.items()
    )


def number(value: float | None) -> str:
    r"""Write a measured value with the digits of verdicts.csv.

    >>> number(13.034), number(-1.024e15), number(None)
    ('13.03', '−1.024\xa0×\xa010¹⁵', 'missing')
    """
    return "missing" if value is None else readable(f"{value:.4g}")


def _commands(claim: claims.Claim) -> list[tuple[str, str]]:
    """Return what to type, with what it does: explain, run, and run with the first choice that can be made otherwise."""
    found = [
        ("prints all that is known of this claim", f"factcheck explain {claim.id}"),
        ("runs its notebook", f"factcheck run {claim.notebook}"),
    ]
    contract = choices.load().get(claim.notebook, {})
    for name in choices.of_claim(claim.notebook, claim.id):
        for value in contract[name]["values"]:
            try:
                choices.check(claim.notebook, {name: value})
            except choices.ChoiceError:
                continue
            if value != contract[name]["default"]:
                text = str(value).lower() if isinstance(value, bool) else value
                return [
                    *found,
                    (
                        "runs it with another choice",
                        f"factcheck run {claim.notebook} -p {name}={text}",
                    ),
                ]
    return found


def _figure(name: str) -> dict[str, Any] | None:
    """Return a figure's name, alternative text and size in pixels; None where it was not drawn."""
    path = project.processed() / "figures" / f"{name}.svg"
    if not path.is_file():
        return None
    start = path.read_text(encoding="utf-8").partition(">")[0]
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', start).groups()
    alt = html.unescape(re.search(r'aria-label="([^"]*)"', start)[1])
    return {
        "name": name,
        "alt": alt,
        "width": round(float(width) * 4 / 3),
        "height": round(float(height) * 4 / 3),
    }


def _explorer(id_: str) -> tuple[dict[str, Any], str]:
    return _optional("explorer", "data", id_) or {}, _optional("explorer", "form", id_) or ""


def _optional(module: str, function: str, id_: str) -> Any:
    """Return what a part of the site says of a claim, or None where this checkout does not have that part."""
    try:
        part = import_module(f"helpers.reading.{module}")
    except ImportError:
        return None
    return getattr(part, function)(id_)


@cache
def _templates() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("helpers.reading"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {
        "embedded": embedded,
        "number": number,
        "readable": readable,
        "slug": lambda text: text.replace("_", "-").replace(" ", "-"),
    }
    found.globals |= {"ANSWERS": ANSWERS, "GRADES": GRADES, "SHOWN": SHOWN, "RULE": RULE}
    return found


def _render(template: str, **values: Any) -> str:
    return _templates().get_template(template).render(**values)
