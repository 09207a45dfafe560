"""Claims: the record that ends a notebook's answer, one part for each of the four questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .. import project
from . import choices as choices_
from . import conditions, questions
from .conditions import Values
from .questions import Count, Other, Stated, holds
from .registry import Claim, ClaimError, get, load, of_notebook

__all__ = [
    "MIME", "Answer", "Claim", "ClaimError", "Count", "Other", "Stated",
    "answer", "get", "holds", "load", "of_notebook",
]  # fmt: skip

MIME = "application/vnd.factcheck.claim+json"
QUESTIONS = {
    "source": "in its source?",
    "count": "our own count?",
    "others": "other data?",
    "since": "since then?",
}


@dataclass(frozen=True)
class Answer:
    """A claim's record: shown as a small table, and emitted as JSON for the runner and nbval."""

    record: dict[str, Any]

    def table(self) -> pd.DataFrame:
        """Printed, found and gap, one row per measured value."""
        claim = get(self.record["claim"])
        printed = dict(zip(claim.entity, claim.printed, strict=False))
        rows = []
        for value in self.record["values"]:
            text, found = printed.get(value["entity"]), value["value"]
            gap = round(found - float(text), 4) if text and found is not None else ""
            rows.append((value["entity"], value["period"], text, found, gap))
        table = pd.DataFrame(rows, columns=["entity", "period", "printed", "found", "gap"])
        return table.astype(object).fillna("")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not project.drawing():
            return {MIME: self.record}
        lines = [self.record["summary"]]
        lines += [
            f"{text.capitalize()} {said(self.record, name)}" for name, text in QUESTIONS.items()
        ]
        if self.record["indirect"]:
            lines.append(f"The measure leaves out {self.record['indirect']}")
        plain, html = "\n".join(lines), "".join(f"<p>{line}</p>" for line in map(_escape, lines))
        if self.record["values"]:
            plain += "\n" + self.table().to_string(index=False)
            html += self.table().to_html(index=False, border=0)
        return {"text/plain": plain, "text/html": html, MIME: self.record}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def said(record: dict[str, Any], name: str) -> str:
    """Return one answer of a record in words: the answer, and behind it from what or why."""
    entry = record[name]
    listed = ", ".join(each["label"] for each in entry.get("entries", []) if name == "others")
    behind = entry.get("of") or entry.get("why") or listed
    return f"{entry['answer']}{f': {behind}' if behind else ''}"


def answer(
    id_: str,
    *,
    choices: Mapping[str, Any],
    summary: str,
    stated: Stated | None = None,
    count: Count | str = "",
    others: Mapping[str, Other] | None = None,
    since: Mapping[str, Values] | None = None,
    readings: Mapping[str, Values] | None = None,
) -> Answer:
    """Answer one claim; display the result as the last line of its cell.

    `choices` are all parameters of the notebook: those that bear on the claim are kept. `stated` is
    what the named publication prints; `count` our own count, or the reason why none is possible;
    `others` what other collectors have, by name; `since` the values of newer editions by their
    date: rows of the claim's period restate it, rows of a later one are the next year's. `readings`
    are the values of each reading that the registry names. The measured value is our count's,
    without one the first other's: a value that is only read again in its source is never measured.
    `summary` is one plain sentence.

    Raises ClaimError for an unknown claim, an empty summary, other data of another period, rows
    that enter twice, and a source newer than the debate that no choice asks for.
    """
    claim = get(id_)
    if not summary.strip():
        raise ClaimError(f"{id_}: the summary is empty; say the finding in one sentence.")
    others, since = dict(others or {}), dict(since or {})
    own = {name: questions.plain(choices[name]) for name in choices_.of_claim(claim.notebook, id_)}
    questions.check(claim, count, others, own)
    main = count if isinstance(count, Count) else next(iter(others.values()), None)
    frame = conditions.as_frame(main.values if main else {}, claim.period)
    parts = [
        part for part in (stated, count, *others.values()) if part and not isinstance(part, str)
    ]
    defaults = choices_.defaults(claim.notebook)
    record: dict[str, Any] = {
        "claim": id_,
        "notebook": claim.notebook,
        "choices": own,
        "is_default": all(own[name] == defaults[name] for name in own),
        "values": [questions.value(claim, row) for row in frame.to_dict("records")],
        "holds": questions.holds(claim, frame),
        "source": questions.source(claim, stated),
        "count": questions.count(claim, count),
        "others": questions.others(claim, others),
        "since": questions.since(claim, frame, since),
        "readings": [
            {"label": name, "holds": questions.holds(claim, values)}
            for name, values in (readings or {}).items()
        ],
        "indirect": claim.indirect,
        "grade": questions.grade(parts),
        "sources": sorted({source for part in parts for source in questions.tables(part)}),
        "summary": f"{summary.rstrip('. ')}.",
    }
    if [entry["label"] for entry in record["readings"]] != claim.readings:
        raise ClaimError(f"{id_}: answer its readings, {claim.readings}, in the registry's words.")
    return Answer(record)
