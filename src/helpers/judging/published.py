"""Published: the scorecard, its counts and the answer to each question, in README.md and docs."""

import json
import re
from collections.abc import Callable

import pandas as pd

from .. import project
from ..project import FactcheckError
from ..text import in_markdown, readable
from . import claims, outcomes, scorecard

SHORT, LAST = "**The short answer.**", "99_scorecard"


def markdown(found: pd.DataFrame) -> str:
    """Return the scorecard as a Markdown table: statement, printed, what we found, outcome,
    notebook."""
    lines = [
        "| what was said | printed | what we found | outcome | notebook |",
        "|---|---|---|---|---|",
    ]
    for row in found.fillna("").itertuples():
        claim = claims.get(row.claim)
        link = f"[{claim.notebook[:2]}](../notebooks/{claim.notebook}.ipynb)"
        cells = [claim.statement, readable(row.printed), readable(row.summary)]
        cells = [in_markdown(cells[0]), cells[1], in_markdown(cells[2]), f"**{row.outcome}**", link]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def counts(found: pd.DataFrame) -> str:
    """Return how many claims have each outcome, as one line of Markdown."""
    said = found["outcome"].value_counts()
    told = [
        f"{said[word]} {word}" for word in (*outcomes.OUTCOMES, outcomes.PENDING) if word in said
    ]
    return f"**{len(found)} claims**: {' · '.join(told)}."


def question(notebook: str) -> tuple[str, str]:
    """Return what a notebook asks, and the first sentence of its short answer, without markup."""
    path = project.notebooks() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    asked = texts[0].partition("\n")[0].partition(" · ")[2]
    answer = next((text for text in texts if text.startswith(SHORT)), "").removeprefix(SHORT)
    plain = re.sub(r"[*`]|\[(.+?)\]\(.+?\)", r"\1", " ".join(answer.split()))
    plain = re.sub(r"^By default,? (.)", lambda match: match[1].upper(), plain)
    return asked, re.split(r"(?<=[a-z0-9%)]\.)\s", plain, maxsplit=1)[0]


def answers(found: pd.DataFrame) -> str:
    """Return one line of Markdown for each question: its answer and how many claims came out how."""
    notebook = found["claim"].map(lambda id_: claims.get(id_).notebook)
    lines = []
    for name, rows in found.groupby(notebook):
        if name == LAST:
            continue
        asked, answer = question(name)
        said = rows["outcome"].value_counts()
        told = ", ".join(f"{said[word]} {word}" for word in outcomes.OUTCOMES if word in said)
        link = f"[{name[:2]}](notebooks/{name}.ipynb)"
        lines.append(f"- **{asked}** {in_markdown(answer)} *{told}* {link}")
    return "\n".join(lines)


PAGES = {
    "docs/scorecard.md": {"scorecard": markdown},
    "README.md": {"counts": counts, "answers": answers},
}


def publish() -> None:
    """Write the scorecard into docs/scorecard.md, and counts and answers into README.md."""
    for name, parts in PAGES.items():
        path = project.root() / name
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            project.atomic_write(path, filled(name, text, parts, scorecard.load()))


def filled(
    name: str, text: str, parts: dict[str, Callable[[pd.DataFrame], str]], found: pd.DataFrame
) -> str:
    """Return a page's text with what stands between its marks made anew.

    Raises FactcheckError naming the page and the marks that it lacks.
    """
    for mark, make in parts.items():
        opening, closing = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, start, rest = text.partition(opening)
        _, end, after = rest.partition(closing)
        if not start or not end:
            raise FactcheckError(
                f"{name} lacks the marks {opening} and {closing}: put them where the {mark} belong."
            )
        text = f"{before}{opening}\n{make(found)}\n{closing}{after}"
    return text
