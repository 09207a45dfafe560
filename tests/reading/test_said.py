"""Said: no headline, alternative text or summary that compares is a fixed string."""

import ast
import json
import re

import pandas as pd
import pytest

from helpers import project
from helpers.judging import claims
from helpers.running import runner
from helpers.topics import applications, indicators, infrastructure, levels, retail, robots

NOTEBOOKS = runner.topics()
# Words that compare, and that another value would make false.
COMPARES = re.compile(
    r"\b(ahead|larger|largest|first|falls?|rises?|more|most|fewer|half|leads?|right of|depends|"
    r"doubt|left of|behind)\b"
)


def fixed(source):
    """The fixed strings of a notebook that compare: headlines, subtitles and sources of `frame`,
    alternative texts of `show`, summaries.

    An f-string is made from values, so only plain strings count, and names that only one is given
    to.
    """
    tree, found, given = ast.parse(source), [], {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                given.setdefault(ast.unparse(target), []).append(node.value)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        said = node.args[:3] if node.func.attr == "frame" else []
        said = said + [word.value for word in node.keywords if word.arg in ("alt", "summary")]
        for text in said:
            values = given.get(ast.unparse(text), [text])
            text = values[0] if len(values) == 1 else text
            plain = isinstance(text, ast.Constant) and isinstance(text.value, str)
            if plain and COMPARES.search(text.value):
                found.append(text.value)
    return found


def cells(name):
    path = project.notebooks() / f"{name}.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_headline_or_alternative_text_that_compares_is_fixed(name):
    sources = ["".join(cell["source"]) for cell in cells(name) if cell["cell_type"] == "code"]
    assert fixed("\n".join(sources)) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_summaries_are_short_and_no_text_says_a_missing_value(name):
    for cell in cells(name):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            record = data.get(claims.MIME)
            said = record["summary"] if record else ""
            assert len(said.split()) <= 35, said
            if "image/svg+xml" in data:
                said = "".join(data["text/plain"])
            assert not re.search(r"\bnan\b", said), said


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_short_answers_are_short_and_code_fits_a_hundred_characters(name):
    body = "".join(cells(name)[1]["source"]).replace("**The short answer.**", "")
    assert len(body.split()) <= 60 and "efault" in body
    code = [cell["source"] for cell in cells(name) if cell["cell_type"] == "code"]
    assert [line for source in code for line in source if len(line.rstrip("\n")) > 100] == []


def test_a_fixed_text_that_compares_is_seen():
    headline = 'fig, ax = figures.frame("A larger share is online", "b", "c")'
    alt = 'figures.show(fig, "n", d, alt="China is right of the United States")'
    named = 'told = "China leads"\nfig, ax = figures.frame(told, "b", "c")'
    assert len(fixed(headline)) == 1 and len(fixed(alt)) == 1 and len(fixed(named)) == 1
    subtitle = 'fig, ax = figures.frame(told, "the side that leads", "c")'
    assert len(fixed(subtitle)) == 1
    assert fixed(f'{named}\ntold = "level"') == []
    assert fixed('figures.show(fig, "n", d, alt=f"China {word} ahead")') == []


def test_the_yardsticks_agree_or_do_not():
    table = applications.indicator_table()
    assert applications.headline(table) == "Who is ahead depends on the yardstick"
    all_us = table.assign(ahead="United States")
    assert applications.headline(all_us) == "The United States is ahead by every yardstick"
    by_sector = table["sector"].map(lambda sector: "China" if sector == "fintech" else "level")
    assert applications.headline(table.assign(ahead=by_sector)).endswith("depends on the sector")


def test_swapped_countries_swap_the_online_headline():
    both = retail.side_by_side()
    swapped = both.rename(columns={"China": "United States", "United States": "China"})
    assert "China's" in retail.headline(both) and "American" in retail.headline(swapped)
    mixed = pd.concat([both.head(1), swapped.head(1)])
    assert retail.headline(mixed) == "The larger online share of retail changes with the year"


def test_a_revision_that_keeps_the_order_raises_no_doubt():
    assert "in doubt" in robots.headline(470, 142, 295)
    assert "more" in robots.headline(470, 300, 295) and "fewer" in robots.headline(200, 142, 295)


def test_clusters_are_counted_for_the_side_that_has_more():
    assert infrastructure.ahead_in(pd.Series([0.2, 0.9])).startswith("China has more")
    assert "3 to 6 times" in infrastructure.ahead_in(pd.Series([2.9, 5.8]))
    assert "about 5 times" in infrastructure.ahead_in(pd.Series([4.9, 5.1]))


def test_ratios_of_compute_are_told_as_they_are():
    turned = levels.headline(pd.Series([4.0, 3.0]), 3.0, 4.0)
    assert turned == "China needs less compute at 0 of 2 levels"
    assert "nan" not in levels.in_words(0.1, float("nan"))
    assert indicators.moves(6.3, 13.8) == "rises from 6 to 14"
