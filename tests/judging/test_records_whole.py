"""No evidence is left out: every later edition of what was counted or read stands under `since`."""

import json
import tomllib

from conftest import TOP

from helpers.judging import records

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
