"""The README and docs/scorecard.md: what code writes into them, between marks."""

import json
import re
from collections import Counter

import pandas as pd

from .. import project
from ..judging import claims, explain, outcomes, scorecard
from ..project import FactcheckError
from ..text import in_markdown
from .answers import MEANING

COUNTED = (outcomes.RECOUNTED, outcomes.NEAREST, outcomes.POPULATION)
PAGES = ("README.md", "docs/scorecard.md")
SHORT = "**The short answer.** "
EXAMPLE = "top100-us-lead"
LAST = "99_scorecard"  # it answers no question of the debate, it lists


def write() -> None:
    """Write what is generated of README.md and docs/scorecard.md; nothing else of them changes.

    Raises FactcheckError where a page lacks its marks.
    """
    for page, parts in made(scorecard.load()).items():
        path = project.root() / page
        text = path.read_text(encoding="utf-8")
        for name, part in parts.items():
            text = between(text, name, part, page)
        project.atomic_write(path, text)


def refresh() -> None:
    """Write what is generated where the pages have their marks; another project's may lack them."""
    pages = [project.root() / page for page in PAGES]
    if all(page.is_file() and "<!-- /" in page.read_text(encoding="utf-8") for page in pages):
        write()


def made(found: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the generated parts by page and mark, from the rows of `scorecard.load`."""
    return {
        "README.md": {
            "outcomes": counts(found),
            "answers": answers(found),
            "explain": f"```\n$ factcheck explain {EXAMPLE}\n{explain.claim(EXAMPLE)}\n```",
        },
        "docs/scorecard.md": {"scorecard": scorecard.markdown(found)},
    }


def between(text: str, name: str, part: str, page: str) -> str:
    """Return a page's text with what stands between its marks replaced.

    >>> between("<!-- a --> old <!-- /a -->", "a", "new", "README.md")
    '<!-- a -->\\nnew\\n<!-- /a -->'
    """
    opening, closing = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, first, rest = text.partition(opening)
    _, last, after = rest.partition(closing)
    if not first or not last:
        raise FactcheckError(
            f"{page} lacks the marks {opening} and {closing}: put them where that part belongs."
        )
    return f"{before}{opening}\n{part}\n{closing}{after}"


def counts(found: pd.DataFrame) -> str:
    """Return how many claims have each outcome, and how many could be counted."""
    whole = found["claim"].map(lambda id_: not claims.get(id_).parts)
    how = Counter(found.loc[whole, "count"])
    counted, told = sum(how[word] for word in COUNTED), how[outcomes.NOTHING]
    return (
        f"**{len(found)} claims**: {_outcomes(found)}. We counted {counted} of them from open data;"
        f" {how[outcomes.IMPOSSIBLE]} nobody outside can\ncount, and each says why; {told} are"
        f" forecasts or views; {len(found) - sum(whole)} are sentences read from their parts."
    )


def answers(found: pd.DataFrame) -> str:
    """Return a line for each notebook that answers a question of the debate: the question, the
    first sentence of its short answer, the outcomes of its claims."""
    notebooks = found["claim"].map(lambda id_: claims.get(id_).notebook)
    lines = []
    for name, rows in found[notebooks != LAST].groupby(notebooks):
        question, short = opening(str(name))
        link = f"[{in_markdown(question)}](notebooks/{name}.ipynb)"
        lines.append(f"- **{link}** {short} *{_outcomes(rows)}*")
    return "\n".join(lines)


def opening(notebook: str) -> tuple[str, str]:
    """Return the question of a notebook, and the first sentence of its short answer; raises as
    `short_answer` does."""
    question, answer = short_answer(notebook)
    return question, sentence(answer)


def short_answer(notebook: str) -> tuple[str, str]:
    """Return the question of a notebook, and its short answer.

    Raises FactcheckError where the second cell is no short answer.
    """
    path = project.notebooks() / f"{notebook}.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    title, short = ("".join(cell["source"]) for cell in cells[:2])
    if not short.startswith(SHORT):
        raise FactcheckError(
            f"{notebook}, cell 2: it does not begin with {SHORT.strip()!r}: put the short answer"
            " there, whose first sentence the README shows."
        )
    question = title.partition("\n")[0].partition(" · ")[2]
    return question, short.removeprefix(SHORT).strip()


def sentence(text: str) -> str:
    """Return the first sentence of a text on one line.

    >>> sentence("China leads, 1.5 to 1. By how much\\nis open.")
    'China leads, 1.5 to 1.'
    """
    return re.split(r"(?<=[.!?])\s+(?=[\"*A-Z0-9])", " ".join(text.split()), maxsplit=1)[0]


def _outcomes(found: pd.DataFrame) -> str:
    said = Counter(found["outcome"])
    words = [word for word in (*MEANING, outcomes.PENDING) if said[word]]
    return " · ".join(f"{word} {said[word]}" for word in words)
