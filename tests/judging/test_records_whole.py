"""No evidence is left out: every later edition of what was counted or read stands under `since`."""

import json
import re
import tomllib

from conftest import TOP

from helpers.judging import choices, records
from helpers.topics import chips

DEBATE = "2025-11-02"
# Counted beside the claim's own measure, so its later editions restate nothing.
BESIDE = {"constraints-new-playbook": {"openness.repositories"}}


def sources():
    found = tomllib.loads((TOP / "data" / "raw" / "sources.toml").read_text(encoding="utf-8"))
    return {name: entry for name, entry in found.items() if isinstance(entry, dict)}


def left_out(found, known):
    """One line for each dated edition after the debate that a claim's record does not name."""
    for id_, record in found.items():
        families = {known[name].get("extract") for name in record["sources"]}
        families -= BESIDE.get(id_, set()) | {None}
        named = {entry["label"] for entry in record["since"]["entries"]} | {
            known[name]["edition"] for name in record["sources"]
        }
        for name, entry in known.items():
            if entry.get("extract") in families and entry["edition"] > DEBATE and (
                len(entry["edition"]) >= 7 and entry["edition"] not in named
            ):  # fmt: skip
                yield f"{id_}: {name} of {entry['edition']} is left out"


def test_every_later_edition_of_what_was_used_stands_under_since():
    assert list(left_out(records.answers(), sources())) == []


def test_a_later_edition_that_is_left_out_is_seen():
    found = json.loads(json.dumps(records.answers()))
    entries = found["us-lead-frontier-research"]["since"]["entries"]
    entries[:] = [entry for entry in entries if entry["label"] != "2026-08-19"]
    assert any("of 2026-08-19 is left out" in line for line in left_out(found, sources()))


# Its two lists have editions of the same days, each chosen with a reason of its own.
CHOSEN = ("15_open_weights",)


def named(cells, days):
    """The later editions that a notebook's code, its parameters aside, names by their day."""
    code = [
        "".join(cell["source"])
        for cell in cells
        if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
    ]
    return sorted(day for day in days if any(day in source for source in code))


def later_editions():
    """The days of later editions of the lists of which a reader may choose the edition."""
    text = (TOP / "notebooks" / "choices.toml").read_text(encoding="utf-8")
    lists = set(re.findall(r'^editions_of = "(.+)"', text, re.MULTILINE))
    found = {entry["edition"] for entry in sources().values() if entry.get("extract") in lists}
    return {day for day in found if day > DEBATE}


def test_no_code_names_an_edition_of_a_list_that_may_get_a_new_one():
    days = later_editions()
    assert days
    for path in sorted((TOP / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert path.stem in CHOSEN or named(cells, days) == [], path.stem
    for path in sorted((TOP / "src" / "helpers" / "topics").glob("*.py")):
        assert not [day for day in days if day in path.read_text(encoding="utf-8")], path.name


def test_an_edition_that_is_named_by_its_day_is_seen():
    cell = {"cell_type": "code", "metadata": {}, "source": ["best('2026-07-19')"]}
    assert named([cell], {"2026-07-19"}) == ["2026-07-19"]


def test_the_chip_list_next_to_the_debate_is_the_notebook_s_default():
    assert choices.defaults("12_chip_controls")["vintage"] == chips.NEAREST
