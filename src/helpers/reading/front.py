"""Front: what stands on the front page, from the registry, the outcomes and the notebooks."""

import re
from collections import Counter
from typing import Any

from ..evidence import sources
from ..judging import claims, outcomes, scorecard
from . import claim_page, readme
from .answers import MEANING

FIGURE = "08_monthly_shares"
FIGURE_CLAIM = "figure-monthly-shares"
COUNTED = (outcomes.RECOUNTED, outcomes.NEAREST, outcomes.POPULATION)
COMPARED = (outcomes.AGREE, outcomes.IN_ORDER, outcomes.DISAGREE)


def opening(notebook: str) -> tuple[str, str]:
    """Return what a notebook asks, and the first sentence of its short answer, without markup."""
    asked, answer = readme.opening(notebook)
    return asked, _plain(answer)


def _plain(answer: str) -> str:
    plain = re.sub(r"[*`]|\[(.+?)\]\(.+?\)", r"\1", answer)
    return re.sub(r"^By default,? (.)", lambda match: match[1].upper(), plain)


def leads(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines that open the front page: who leads in what, or why nobody can say.

    From the registry's `leads_in` and the outcomes: a lead needs the outcome "stands".
    """
    told = [row for row in rows if row["about"].leads_in]
    found: list[dict[str, Any]] = []
    for side in ("China", "United States"):
        own = [row for row in told if row["about"].favours == side]
        for name, word in ((side, outcomes.STANDS), (f"{side} alone", outcomes.ONE_REPORT)):
            found.append({"side": name, "rows": [row for row in own if row["outcome"] == word]})
    found.sort(key=lambda line: line["side"].endswith("alone"))
    unsure = (outcomes.DEPENDS, outcomes.AMBIGUOUS, outcomes.IN_PART)
    unknown = (outcomes.UNCHECKED,)
    for side, words in (("unsure", unsure), ("unknown", unknown)):
        found.append({"side": side, "rows": [row for row in told if row["outcome"] in words]})
    return found


def _counts(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    said = Counter(row["outcome"] for row in rows)
    return [(word, said[word]) for word in (*MEANING, outcomes.PENDING) if said[word]]


def front(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return all that the front page shows, from the rows of the scorecard with their claims."""
    by_notebook = {
        name: [row for row in rows if row["notebook"] == name]
        for name in sorted({row["notebook"] for row in rows})
    }
    topics = []
    for name, own in by_notebook.items():
        asked, answer = opening(name)
        topics.append(
            {
                "notebook": name,
                "question": asked,
                "answer": answer,
                "rows": own,
                "counts": _counts(own),
            }
        )
    grouped = {
        name: [row for row in rows if row["outcome"] in words]
        for name, words in scorecard.GROUPS.items()
    }
    judged = [row for row in rows if row["about"].judged]
    counted = [row for row in judged if row["count"] in COUNTED]
    compared = [row for row in judged if row not in counted and row["others"] in COMPARED]
    return {
        "rows": rows,
        "counts": _counts(rows),
        "topics": topics,
        "groups": grouped,
        "n_counted": len(counted),
        "n_compared": len(compared),
        "n_looked_up": len(judged) - len(counted) - len(compared),
        "n_not_judged": len(rows) - len(judged),
        "leads": leads(rows),
        "grades": [grade for grade in sources.GRADES if any(row["grade"] == grade for row in rows)],
        "figure": claim_page.figure(FIGURE),
        "finding": _plain(readme.short_answer(claims.get(FIGURE_CLAIM).notebook)[1]),
        "drawn": next((row for row in rows if row["claim"] == FIGURE_CLAIM), None),
    }
