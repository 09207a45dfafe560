"""Prose: each number is printed by a cell, or stands in the registry.

Each notebook is listed by what it asks.
"""

import json

import pytest
from said import unprinted

from helpers import project
from helpers.running import runner


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
