"""Said: what an executed notebook says in words, and laws that hold it to the values beside it."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.ft2font import FT2Font

from helpers import project
from helpers.judging import choices, claims, panel

SVG, SPACE = "image/svg+xml", "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
LEFT = "translate(15.12 "  # where `frame` writes, and in which sizes
FRAME = {"0.14": "headline", "0.095": "subtitle", "0.075": "source"}
SHOWS = re.compile(r'figures\.show\(\s*\w+,\s*"(\w+)"')

# What is no measured number: code, links, dates and years, places in a publication, the share of a
# confidence range, identifiers and names in which digits touch letters, powers of ten.
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
EXEMPT = re.compile(
    r"`[^`]*`|\[[^\]]*\]\([^)]*\)"
    rf"|\b\d{{1,2}} {MONTH}(?: \d{{4}})?\b"
    r"|\b(?:1[89]|20)\d\d(?:[-–/]\d\d(?:-\d\d)?)?\b"
    r"|\b(?:Figs?|pp?|ch|chapter|notes?|Tables?|section|editions?|version|ISO|FY|top|Top|level)\.?"
    r" ?\d[\d.]*(?:(?:,| and| to|–|-) ?\d[\d.]*)*"
    r"|\b95 ?%|\b16[- ]bit\b|10[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
    r"|\w*[A-Za-z_]-?\d[\w.-]*|\d+[A-Za-z]\w*",
)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
NOTHING = re.compile(r"\b(?:nan|NaN|None|NaT|inf)\b|[{}]|Timestamp|<NA>|\[\]")
SIDES = {"China": "China", "US": "United States", "United States": "United States",
         "Europe": "Europe"}  # fmt: skip
SIDE = r"\b(China|United States|US|Europe)\b"
DECIMAL = r"(\d+(?:\.\d+)?)"
UP, DOWN = r"\b(?:ris\w+|rose|grew|grows?|up)\b", r"\b(?:fall\w*|fell|declin\w+|down)\b"


@dataclass(frozen=True)
class Figure:
    """A figure's texts, and the values that it draws."""

    name: str
    headline: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame


@dataclass(frozen=True)
class Said:
    """What a copy of a notebook says: its cells, figures and records, and which choices moved."""

    notebook: str
    change: dict[str, Any]
    cells: list[dict]
    figures: list[Figure]
    records: list[dict]

    def texts(self):
        """Every text that is made from values, as [(where, text)]."""
        found = [(record["claim"], record["summary"]) for record in self.records]
        for figure in self.figures:
            found += [(figure.name, getattr(figure, kind)) for kind in (*FRAME.values(), "alt")]
        return found

    def figure(self, name):
        """The figure of this name."""
        return next(figure for figure in self.figures if figure.name == name)

    def record(self, claim):
        """The record of this claim."""
        return next(record for record in self.records if record["claim"] == claim)

    def summary(self, claim):
        """The summary of this claim."""
        return self.record(claim)["summary"]


def read(notebook, copy, folder, change=None):
    """Read an executed copy, and the figures whose values lie in `folder`."""
    cells = json.loads(Path(copy).read_text(encoding="utf-8"))["cells"]
    figures, records = [], []
    for cell in cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if SVG in data:
                name = SHOWS.search("".join(cell["source"]))[1]
                framed = dict.fromkeys(FRAME.values(), "") | dict(written("".join(data[SVG])))
                values = pd.read_csv(Path(folder, f"{name}.csv"))
                figures.append(Figure(name, **framed, alt="".join(data["text/plain"]), data=values))
            if claims.MIME in data:
                records.append(data[claims.MIME])
    return Said(notebook, change or {}, cells, figures, records)


def of(job):
    """What the executed copy of a job says."""
    return read(job.notebook, job.copy, job.out / "figures", job.parameters)


def committed(notebook):
    """What a committed notebook says."""
    folder = project.processed() / "figures"
    return read(notebook, project.notebooks() / f"{notebook}.ipynb", folder)


@cache
def letters(font):
    """Map each glyph's number in a font that matplotlib ships to its letter."""
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    return {glyph: chr(code) for code, glyph in FT2Font(str(path)).get_charmap().items()}


def written(picture):
    """Return the texts of `frame` that a picture draws as paths, as [(kind, text)]."""
    found = []
    for group in ElementTree.fromstring(picture).iter(f"{SPACE}g"):
        if not group.get("id", "").startswith("text_"):
            continue
        lines, kind = [], None
        for line in group.iter(f"{SPACE}g"):
            placed = line.get("transform", "")
            if not placed.startswith(LEFT):
                continue
            kind = FRAME.get(re.search(r"scale\(([\d.]+)", placed)[1])
            glyphs = [use.get(HREF)[1:].rpartition("-") for use in line.iter(f"{SPACE}use")]
            text = "".join(letters(font)[int(number, 16)] for font, _, number in glyphs)
            lines.append(unicodedata.normalize("NFKC", text))
        if kind:
            found.append((kind, " ".join(lines)))
    return found


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


def registry():
    """What the registry of claims prints."""
    return " ".join(
        text
        for claim in claims.load().values()
        for text in (*claim.printed, claim.statement, claim.unit)
    )


def unprinted(cells):
    """Every number of the prose that neither a cell above nor the registry prints.

    The first two cells may look at all cells.
    """
    known = registry()
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
            if not stands_in(number, known + (everything if place <= 2 else above))
        ]
    return missing


# ---------------------------------------------------------------- laws: each returns what breaks it


def missing_values(said):
    """No text shows a missing value, a variable or an empty list."""
    return [(where, text) for where, text in said.texts() if NOTHING.search(text)]


def lengths(said):
    """Summaries have 35 words, short answers 60 and four numbers, and say that they are about the
    default choices."""
    found = [
        (record["claim"], record["summary"])
        for record in said.records
        if len(record["summary"].split()) > 35
    ]
    short = "".join(said.cells[1]["source"]).removeprefix("**The short answer.**")
    long = len(short.split()) > 60 or len(set(numbers(short))) > 4
    return found + ([("short answer", short)] if long or "efault" not in short else [])


def marked(said):
    """A changed copy names each changed choice under its short answer, and no other does."""
    whole = choices.check(said.notebook, said.change)
    words = panel.changed(said.notebook, whole)
    told = "".join(
        "".join(output.get("text", ""))
        for cell in said.cells
        if panel.CALL in "".join(cell["source"])
        for output in cell["outputs"]
    )
    right = (words in told and "short answer above" in told) if said.change else not told
    return [] if right else [("choices", told)]


def backed(said):
    """Each number of a headline, alternative text or summary is drawn, measured or printed."""
    parts = [registry()]
    for cell in said.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            record = {name: part for name, part in data.get(claims.MIME, {}).items()}
            record.pop("summary", None)
            plain = "" if SVG in data or record else "".join(data.get("text/plain", ""))
            parts += [json.dumps(record), plain, "".join(output.get("text", ""))]
    parts += [figure.data.to_csv(sep="\t") for figure in said.figures]
    found = NUMBER.findall("\n".join(parts))
    known = [float(each.replace(",", "").rstrip(".")) for each in found]
    known += [len(choices.grid(said.notebook))]
    for figure in said.figures:
        known += ratios(figure.data)
    known, wrong = np.array(known), []
    for where, text in said.texts():
        for number in numbers(text.partition("Source:")[0]):
            half = 0.5 * 10 ** -len(number.partition(".")[2])
            if not (np.abs(known - float(number)) <= half * 1.0001).any():
                wrong.append((where, number, text))
    return wrong


def ratios(data):
    """The ratios and differences of the two sides at each place of a figure."""
    table = data.pivot_table(index="x", columns="entity", values="value")
    if not {"China", "United States"} <= set(table):
        return []
    china, american = table["China"], table["United States"]
    return [*china / american, *american / china, *(american - china).abs()]


def directions(said):
    """What rises from one number to another rises, and what falls falls."""
    wrong = []
    for where, text in said.texts():
        for words, sign in ((UP, 1), (DOWN, -1)):
            pattern = rf"{words}[^.;\d]{{0,40}}?from {DECIMAL}\D{{0,20}}? to {DECIMAL}"
            for first, last in re.findall(pattern, text):
                if sign * (float(last) - float(first)) <= 0:
                    wrong.append((where, text))
    return wrong


def order(said):
    """A side that is said to lead has the larger value: at the figure's last date, in a panel, in
    as many places as are said, or in the record."""
    wrong = []
    for figure in said.figures:
        for side, values in [*_last(figure), *_panels(figure)]:
            if side in values and values[side] < values.max():
                wrong.append((figure.name, figure.headline))
        wrong += [(figure.name, figure.alt) for told, count in _places(figure) if told != count]
    for record in said.records:
        values = {each["entity"]: each["value"] for each in record["values"]}
        pairs = re.findall(rf"{SIDE} (?:is|are|was) ahead of (?:the )?{SIDE}", record["summary"])
        for first, second in pairs:
            pair = [values.get(SIDES[side]) for side in (first, second)]
            if None not in pair and pair[0] <= pair[1]:
                wrong.append((record["claim"], record["summary"]))
    return wrong


def _last(figure):
    """Who leads by a headline, and the values of the figure's last date."""
    dated = figure.data["x"].astype(str).str.fullmatch(r"\d{4}(?:-\d\d){0,2}").all()
    last = figure.data[figure.data["x"].eq(figure.data["x"].max())]
    sides = re.findall(rf"{SIDE} leads in [a-z]", figure.headline) if dated else []
    return [(SIDES[side], last.groupby("entity")["value"].max()) for side in sides]


def _panels(figure):
    """Who is ahead by a headline in each panel that it names, and the panel's values then."""
    ahead = re.fullmatch(r"Ahead in (\d{4}): (.+)", figure.headline)
    found = []
    for side, plot in re.findall(rf"{SIDE} at (\w+)", ahead[2]) if ahead else []:
        rows = figure.data[figure.data["panel"].eq(plot) & figure.data["x"].eq(int(ahead[1]))]
        found.append((SIDES[side], rows.groupby("entity")["value"].max()))
    return found


def _places(figure):
    """In how many of a figure's places a side is said to have the larger value, and has it."""
    table = figure.data.pivot_table(index="x", columns="entity", values="value")
    found = []
    pattern = rf"{SIDE} has the larger \w+ in (\d+) of (\d+)"
    for side, count, places in re.findall(pattern, figure.alt):
        larger = table.drop(columns=SIDES[side]).max(axis=1) < table[SIDES[side]]
        found.append(((int(count), int(places)), (larger.sum(), len(table))))
    return found


def periods(said):
    """Nothing that a day bounds is of a later month."""
    wrong = []
    for record in said.records:
        day = record["choices"].get("as_of")
        if not day:
            continue
        told = [
            pd.Timestamp(f"1 {month}").strftime("%Y-%m")
            for month in re.findall(rf"{MONTH} \d{{4}}", record["summary"])
        ]
        told += re.findall(r"\b20\d\d-\d\d\b", record["summary"])
        told += [(re.findall(r"20\d\d(?:-\d\d)?", each["period"]) or [""])[-1]
                 for each in record["values"]]  # fmt: skip
        wrong += [(record["claim"], month) for month in told if month > day[: len(month)]]
    return wrong


LAWS = (missing_values, lengths, marked, backed, directions, order, periods)
