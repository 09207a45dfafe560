"""Strip: what was printed and what was found, as one line of marks for each count, in HTML."""

from typing import Any

from markupsafe import Markup

from ..judging import claims, explain, multiverse
from .explorer import number

COLOURS = {"China": "china", "United States": "us", "Europe": "europe"}
SOURCE, OURS, DEFAULT = "In its source", "Our count", "Here, by default"


def strip(claim: claims.Claim, record: dict[str, Any] | None) -> Markup:
    """Return the marks of a claim as HTML: a block for each entity, a row for each count of it.

    The printed value is an upright line with its number. All share one scale from zero. A row of
    several periods shows its first and its last. "" where nothing was found.
    """
    blocks = [(entity, rows) for entity, rows in _blocks(claim, record) if rows]
    if not blocks:
        return Markup("")
    printed = dict(zip(claim.entity, claim.printed, strict=False))
    known = [value for _, rows in blocks for row in rows for value in row["marks"]]
    known += [end for _, rows in blocks for row in rows for end in row["span"]]
    known += [float(text) for text in printed.values()]
    least, most = min(0.0, *known), max(0.0, *known)
    room = (most - least) * 1.06 or 1.0

    def place(value: float) -> str:
        return f"{100 * (value - least) / room:.2f}%"

    parts = [_block(entity, rows, printed.get(entity, ""), place) for entity, rows in blocks]
    unit = f"{claim.measure}, {claim.unit}" if claim.unit else claim.measure
    return Markup('<div class="strip"><p class="note">{}</p>\n{}\n</div>').format(
        unit[0].upper() + unit[1:], Markup("\n").join(parts)
    )


def _block(entity: str, rows: list[dict[str, Any]], printed: str, place: Any) -> Markup:
    colour = COLOURS.get(entity, "other")
    line = Markup("")
    if printed:
        line = Markup(
            '<p class="printed"><span class="track"><strong style="left: {}">'
            "printed {}</strong></span></p>"
        ).format(place(float(printed)), printed)
    told = Markup("\n").join(_row(row, printed, place) for row in rows)
    return Markup('<div class="entity {}"><h3>{}</h3>\n{}\n<dl>\n{}\n</dl></div>').format(
        colour, entity, line, told
    )


def _row(row: dict[str, Any], printed: str, place: Any) -> Markup:
    marks = [
        Markup('<i class="{}" style="left: {}"></i>').format(row["kind"], place(value))
        for value in row["marks"]
    ]
    if len(row["marks"]) > 1:
        ends = sorted(row["marks"])
        marks.insert(0, _bar("path", ends[0], ends[-1], place))
    if row["span"]:
        low, high = row["span"]
        marks.insert(0, _bar("span", low, high, place))
    if printed:
        marks.insert(
            0, Markup('<i class="line" style="left: {}"></i>').format(place(float(printed)))
        )
    return Markup(
        '<dt>{}</dt><dd><span class="track" aria-hidden="true">{}</span>'
        '<span class="value">{}</span></dd>'
    ).format(row["label"], Markup("").join(marks), row["text"])


def _bar(kind: str, low: float, high: float, place: Any) -> Markup:
    return Markup('<i class="{}" style="left: {}; right: calc(100% - {})"></i>').format(
        kind, place(low), place(high)
    )


def _blocks(
    claim: claims.Claim, record: dict[str, Any] | None
) -> list[tuple[str, list[dict[str, Any]]]]:
    if record is None:
        return []
    found = {f"{row['entity']}@{row['period']}": row["value"] for row in record["values"]}
    printed, counted = (record[name].get("values") or {} for name in ("source", "count"))
    entries = [entry for entry in record["others"]["entries"] if entry["values"]]
    counts = [("hollow", SOURCE, printed)]
    if counted:
        counts.append(("filled", OURS, counted))
    elif found != printed and not any(_within(found, entry["values"]) for entry in entries):
        counts.append(("filled", DEFAULT, found))
    counts += [("diamond", entry["label"], entry["values"]) for entry in entries]
    later = [entry for entry in record["since"]["entries"] if entry["same"]]
    if later:
        counts.append(("late", f"Newest edition, {later[-1]['label']}", later[-1]["values"]))
    entities = list(dict.fromkeys([*claim.entity, *(key.partition("@")[0] for key in found)]))
    found_rows = []
    for entity in entities:
        rows = [row for each in counts if (row := _of_entity(entity, *each))]
        single = all(len(row["marks"]) == 1 for row in rows)
        found_rows.append((entity, rows + (_choices(claim, entity) if rows and single else [])))
    return found_rows


def _within(values: dict[str, float | None], others: dict[str, float | None]) -> bool:
    return any(others.get(key) == value for key, value in values.items())


def _of_entity(
    entity: str, kind: str, label: str, values: dict[str, float | None]
) -> dict[str, Any] | None:
    """Return one count of an entity: its marks and their text, or None where it has none."""
    own = [
        (key.partition("@")[2], value)
        for key, value in values.items()
        if key.partition("@")[0] == entity and value is not None
    ]
    if not own:
        return None
    ends = own if len(own) == 1 else [own[0], own[-1]]
    told = [f"{number(value)} ({when})" if len(own) > 1 else number(value) for when, value in ends]
    told[:-1] = [f"{each} →" for each in told[:-1]]
    text = Markup(" ").join(Markup("<span>{}</span>").format(each) for each in told)
    return {
        "kind": kind,
        "label": label,
        "marks": [value for _, value in ends],
        "span": [],
        "text": text,
    }


def _choices(claim: claims.Claim, entity: str) -> list[dict[str, Any]]:
    """Return the range of an entity over the effective combinations, where they differ."""
    if claim.id not in set(multiverse.load()["claim"]) or not explain.combinations(claim.id):
        return []
    table = multiverse.effective(claim.id)
    if entity not in table or table[entity].dropna().nunique() < 2:
        return []
    low, high = float(table[entity].min()), float(table[entity].max())
    text = f"{number(low)} to {number(high)}"
    label = f"Over {len(table)} ways to choose"
    return [{"kind": "", "label": label, "marks": [], "span": [low, high], "text": text}]
