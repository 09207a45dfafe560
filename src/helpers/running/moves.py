"""Moves: what claims answer otherwise in one list of records than in another."""

from typing import Any


def of(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Return one line per claim whose choices, values or answer differ between two lists of
    records: old → new."""
    old, new = ({record["claim"]: record for record in each} for each in (before, after))
    found = []
    for id_ in sorted(old.keys() | new.keys()):
        if id_ not in old or id_ not in new:
            found.append(f"{id_}: {'new' if id_ in new else 'no longer answered'}")
            continue
        pairs = [
            *_pairs(old[id_]["choices"], new[id_]["choices"]),
            *_pairs(_values(old[id_]), _values(new[id_])),
            *_pairs({"holds": old[id_]["holds"]}, {"holds": new[id_]["holds"]}),
        ]
        if pairs:
            found.append(f"{id_}: {'; '.join(pairs)}")
        elif old[id_] != new[id_]:
            fields = [name for name in new[id_] if old[id_].get(name) != new[id_][name]]
            found.append(f"{id_}: other words or sources ({', '.join(fields)})")
    return found


def _values(record: dict[str, Any]) -> dict[str, Any]:
    return {f"{each['entity']} {each['period']}": each["value"] for each in record["values"]}


def _pairs(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    names = list(dict.fromkeys([*old, *new]))
    return [
        f"{name}: {old.get(name, 'nothing')} → {new.get(name, 'nothing')}"
        for name in names
        if old.get(name) != new.get(name)
    ]
