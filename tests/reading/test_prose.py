"""Prose: each number is printed by a cell, or stands in the registry.

Each notebook is listed by what it asks.
"""

import json
import re

import pytest

from helpers import project
from helpers.judging import claims
from helpers.running import runner

# What is no measured number: code, links, dates and years, places in a publication, the share of a
# confidence range, identifiers and names in which digits touch letters, powers of ten.
EXEMPT = re.compile(
    r"`[^`]*`|\[[^\]]*\]\([^)]*\)"
    r"|\b\d{1,2}"
    r" (?:January|February|March|April|May|June|July|August|September|October|November|December)(?:"
    r" \d{4})?\b"
    r"|\b(?:1[89]|20)\d\d(?:[-–/]\d\d(?:-\d\d)?)?\b"
    r"|\b(?:Figs?|pp?|ch|chapter|notes?|Tables?|section|editions?|version|ISO|FY|top|Top|level)\.?"
    r" ?\d[\d.]*(?:(?:,| and| to|–|-) ?\d[\d.]*)*"
    r"|\b95 ?%|\b16[- ]bit\b|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
    r"|\w*[A-Za-z_]-?\d[\w.-]*|\d+[A-Za-z]\w*",
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def numbers(text):
    """The measured numbers of a text, without thousands separators."""
    return [found.replace(",", "").rstrip(".") for found in NUMBER.findall(EXEMPT.sub(" ", text))]


def printed(cell):
    """What a code cell printed, as one text."""
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        parts += [
            output.get("text", ""),
            data.get("text/plain", ""),
            json.dumps(data.get(claims.MIME, "")),
        ]
    return "\n".join("".join(part) for part in parts)


def stands_in(number, text):
    """Whether a printed number equals this one at this one's precision."""
    digits = len(number.partition(".")[2])
    return any(
        f"{float(found.replace(',', '')):.{digits}f}" == number for found in NUMBER.findall(text)
    )


def unprinted(cells):
    """Every number of the prose that neither a cell above nor the registry prints.

    The first two cells may look at all cells.
    """
    registry = " ".join(
        text
        for claim in claims.load().values()
        for text in (*claim.printed, claim.statement, claim.unit)
    )
    everything = "\n".join(printed(cell) for cell in cells if cell["cell_type"] == "code")
    above, missing = "", []
    for place, cell in enumerate(cells, start=1):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            above += printed(cell) + "\n"
            continue
        body = source.partition("\n")[2] if place == 1 else source
        missing += [
            (place, number)
            for number in numbers(body)
            if not stands_in(number, registry + (everything if place <= 2 else above))
        ]
    return missing


@pytest.mark.parametrize("name", runner.names())
def test_every_number_in_prose_is_printed_above_it_or_in_the_registry(name):
    assert unprinted(json.loads((project.notebooks() / f"{name}.ipynb").read_text())["cells"]) == []


def test_a_number_that_no_cell_prints_is_seen():
    cell = {"cell_type": "code", "source": "x", "outputs": [{"text": "China 1,234.56\n"}]}
    prose = [
        {"cell_type": "markdown", "source": text}
        for text in ("# 04 · Title", "Short: 1,234.6", "China has 1,234.57 in 2024.", "Then 7.")
    ]
    assert unprinted([*prose[:2], cell, prose[2]]) == [(4, "1234.57")]
    assert unprinted([prose[0], prose[1], prose[3], cell]) == [(3, "7")]
    assert (
        unprinted(
            [
                *prose[:2],
                cell,
                {
                    "cell_type": "markdown",
                    "source": "And 22.6, as printed; GPT-4o in Fig 1.3, p. 46, on 17 March 2025.",
                },
            ]
        )
        == []
    )
