"""Plant faults one at a time in a scratch copy, ask the project's own gates, and write what they
saw into docs/tamper.md.

Not a test: it takes ten minutes. Some faults are planted twice: as they are, and with the
checksum renewed, as if somebody had meant the change. Code is mutated by mutmut. Survivors are
named.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
from conftest import TOP, forget
from judging import test_registry_words
from matplotlib.collections import PathCollection
from matplotlib.container import BarContainer
from matplotlib.figure import Figure

from helpers import figures, project
from helpers.evidence import pinned, pins, sources, store, tables
from helpers.figures import artists
from helpers.judging import claims
from helpers.project import FactcheckError
from helpers.running import execution, limits, regression, runner, workers

SEED, SAMPLE = 20251031, 12
REPORT = TOP / "docs" / "tamper.md"
GUARDS = TOP / "docs" / "guards.md"
HIDDEN = "what a green check once hid"
KIND = re.compile(r"^\| (.+?) \| (.+?) \| .+? \| `([\w/]+\.py::test_\w+)` \|", re.MULTILINE)
PLACES = (
    "entity",
    "country",
    "region",
    "area",
    "place",
    "economy",
    "organisation",
    "countries",
    "group",
    "publisher",
    "model",
    "name",
)
TIMES = ("year", "period", "date", "published", "month", "since", "vintage")
DIGIT = re.compile(r"[0-9]")
HEAD = """# What a planted fault meets

Written by `make tamper`. One fault at a time is planted in a scratch copy, and the project's own
gates are asked in the order in which `factcheck verify` and the tests reach them. Faults of
source tables, claims, choices and (twelve of them) the sweep's table are planted once more with
the checksum renewed, as if somebody had meant the change: then only what the data say can give it
away. So are licences, grades and editions: then the manifest of a mirror says otherwise. A source
table can also be rebuilt from its pinned file, where that is at hand. Code is mutated by mutmut
in the modules that read claims, count, take shares, draw intervals and decide outcomes. What a
green check once hid is planted again as [the page of guards](guards.md) names it.
"""
# a part of a survivor's line → why it is left; the first that fits
REASONS = {
    "facts_models_published_clusters, evidence": (
        "The rows taken from that file are all of the better grade: the file's own is the more "
        "cautious."
    ),
    "strict=False)": "What zip does by default, and where it is given None.",
    "strict=": "The lists are made side by side, of one length.",
    "RECORDS": "pandas takes the word in any case.",
    "index=None": "pandas takes it as False.",
    "itertuples(index=False, )": "Rows with names of columns, read by place all the same.",
    "kind=": "So few rows keep their order however they are sorted.",
    "sort_values(ascending=False, )": "So few rows keep their order however they are sorted.",
    "astype(": "pandas takes the same type by itself.",
    "9999": "Any letter comes after every year.",
    ", 13)": "Beyond what adding floats may lose either way.",
    "1e-9": "Differs only for a gap of exactly the bound and a billionth.",
    "1e+24": "The same number, written otherwise.",
    "keep_in_base": "Any word but the other one keeps the base.",
    "europe_count: str": "Any word but the other one takes the publisher's own group.",
    "encoding=": "UTF-8 in another spelling, or Python's own choice where the tests run.",
    "np.nan, index=labels": "Missing either way.",
}


@dataclass(frozen=True)
class Fault:
    """One planted fault: which sort, what was done where, and the bytes that stand in the scratch
    copy instead (path → content)."""

    sort: str
    what: str
    files: dict[str, bytes]
    about: str = ""


@dataclass(frozen=True)
class Seen:
    """What became of a fault: the first gate that saw it ("" for none) and the seconds that this
    took."""

    sort: str
    what: str
    gate: str
    seconds: float


def other(text: str) -> str:
    """Return a text with its first digit changed; one without digits loses its last character.

    >>> other("22.6"), other("none")
    ('32.6', 'non')
    """
    return (
        DIGIT.sub(lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)
        if DIGIT.search(text)
        else text[:-1]
    )


def numeric(column: pd.Series) -> bool:
    """Say whether a column of text holds numbers and gaps alone."""
    filled = column[column.ne("")]
    return len(filled) > 0 and pd.to_numeric(filled, errors="coerce").notna().all()


def altered(table: pd.DataFrame, column: str, seed: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the seven faults of one numeric column of a table of text: what was done, and the table
    that it gives."""
    draw = random.Random(f"{SEED} {seed}")
    row = draw.choice(table.index[table[column].ne("")])
    for what, make in (
        ("a digit", other),
        ("the sign", negative),
        ("the unit x 1,000", thousandfold),
    ):
        yield (
            what,
            table.assign(
                **{column: table[column].where(table.index != row, make(table.at[row, column]))}
            ),
        )
    for what, names in (("two places swapped", PLACES), ("a year shifted", TIMES)):
        for name in [name for name in names if name in table and name != column][:1]:
            moved = table.copy()
            if names is TIMES:
                moved.at[row, name] = re.sub(
                    r"\d{4}", lambda year: str(int(year[0]) + 1), moved.at[row, name], count=1
                )
            elif others := [
                place for place in table.index if table.at[place, name] != table.at[row, name]
            ]:
                there = draw.choice(others)
                moved.loc[[row, there], name] = table.loc[[there, row], name].to_numpy()
            yield what, moved
    yield "a row dropped", table.drop(index=row)
    yield "a row doubled", pd.concat([table, table.loc[[row]]])


def negative(text: str) -> str:
    return text[1:] if text.startswith("-") else f"-{text}"


def thousandfold(text: str) -> str:
    return f"{float(text) * 1000:.10g}"


def text_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def of_table(path: Path, sort: str, about: str = "") -> Iterator[Fault]:
    """Yield the faults of every numeric column of a CSV; of one that has none, those of a row."""
    table, name = text_table(path), str(path.relative_to(project.root()))
    before = path.read_bytes()
    columns = [column for column in table if numeric(table[column])]
    for column in columns or table.columns[:1]:
        for what, moved in (
            altered(table, column, f"{name} {column}") if columns else of_rows(table)
        ):
            content = moved.to_csv(index=False, lineterminator="\n").encode()
            if content != before:
                yield Fault(sort, f"{name}, {column}: {what}", {name: content}, about)


def of_rows(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "a row dropped", table.drop(index=len(table) // 2)
    yield "a row doubled", pd.concat([table, table.iloc[[len(table) // 2]]])


def raw() -> Iterator[Fault]:
    for id_, source in sources.load().items():
        yield from of_table(source.table, "source table", id_)


def processed() -> Iterator[Fault]:
    for path in sorted(project.processed().glob("*.csv")):
        yield from (
            of_table(path, "multiverse", "90_multiverse")
            if path.name == "multiverse.csv"
            else of_table(path, "processed table")
        )


def pictures() -> Iterator[Fault]:
    for path in sorted((project.processed() / "figures").iterdir()):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(project.root()))
        half = len(text) // 2
        yield Fault(
            "figure file", f"{name}: a digit", {name: (text[:half] + other(text[half:])).encode()}
        )


def outputs() -> Iterator[Fault]:
    """Yield, for every stored output of every notebook, each form of it changed by a digit, and the
    output left out."""
    for name in runner.names():
        notebook = nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4)
        for place, cell in enumerate(notebook["cells"]):
            for number, output in enumerate(cell.get("outputs", [])):
                forms = output.get("data", {"text": output.get("text")})
                for form in forms:
                    moved = json.loads(json.dumps(cell))
                    holder = moved["outputs"][number].get("data", moved["outputs"][number])
                    text = forms[form]
                    holder[form] = (
                        other(text)
                        if isinstance(text, str)
                        else json.loads(other(json.dumps(text)))
                    )
                    yield Fault(
                        "stored output",
                        f"{name}, cell {place + 1}, {form}: a digit",
                        {},
                        json.dumps([cell, moved]),
                    )
                without = cell | {
                    "outputs": cell["outputs"][:number] + cell["outputs"][number + 1 :]
                }
                yield Fault(
                    "stored output",
                    f"{name}, cell {place + 1}: an output left out",
                    {},
                    json.dumps([cell, without]),
                )


def registry() -> Iterator[Fault]:
    """Yield each printed value with another digit, each tolerance doubled or given, each condition
    turned round or weakened."""
    text, path = (
        (project.root() / "data" / "claims.toml").read_text(encoding="utf-8"),
        "data/claims.toml",
    )
    for entry in re.split(r"(?=^\[\[claim\]\])", text, flags=re.MULTILINE)[1:]:
        id_ = re.search(r'^id = "(.*)"', entry, re.MULTILINE)[1]
        claim = claims.get(id_)
        for name, what, moved in of_claim(claim, entry):
            yield Fault(
                "claim",
                f"{id_}, {name}: {what}",
                {path: text.replace(entry, moved).encode()},
                claim.notebook,
            )


def of_claim(claim: claims.Claim, entry: str) -> Iterator[tuple[str, str, str]]:
    for value in claim.printed:
        line = re.search(r"^printed = .*$", entry, re.MULTILINE)[0]
        yield (
            "printed",
            f"{value} → {other(value)}",
            entry.replace(line, line.replace(f'"{value}"', f'"{other(value)}"', 1)),
        )
    if claim.tolerance is not None:
        yield (
            "tolerance",
            "wider by one",
            entry.replace(
                f'tolerance = "{claim.tolerance}"', f'tolerance = "{float(claim.tolerance) + 1:g}"'
            ),
        )
    elif claim.printed:
        wide = f'tolerance = "{claim.tolerances[0] * 2:g}"\nbecause = "none"\n'
        yield "tolerance", "one given", entry.rstrip("\n") + "\n" + wide + "\n"
    if claim.holds_when:
        turned = claim.holds_when.translate(str.maketrans("<>", "><")).replace("falls", "rises")
        weaker = claim.holds_when.replace("~ printed", "> 0", 1)
        for what, moved in (
            ("turned round", turned),
            ("weakened", weaker),
            ("a clause left out", ";".join(claim.holds_when.split(";")[1:])),
        ):
            if moved and moved != claim.holds_when:
                yield (
                    "holds_when",
                    what,
                    entry.replace(f'holds_when = "{claim.holds_when}"', f'holds_when = "{moved}"'),
                )


def contract() -> Iterator[Fault]:
    """Yield each choice with another allowed value as its default."""
    from helpers.judging import choices

    path = project.notebooks() / "choices.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for notebook, parameters in choices.load().items():
        for name, entry in parameters.items():
            start = next(
                place
                for place, line in enumerate(lines)
                if line.strip() == f'["{notebook}".{name}]'
            )
            at = next(
                place for place in range(start, len(lines)) if lines[place].startswith("default = ")
            )
            for value in [value for value in entry["values"] if value != entry["default"]][:1]:
                moved = [*lines[:at], f"default = {json.dumps(value)}\n", *lines[at + 1 :]]
                yield Fault(
                    "choice default",
                    f"{notebook}, {name}: {entry['default']} → {value}",
                    {"notebooks/choices.toml": "".join(moved).encode()},
                    notebook,
                )


def provenance() -> Iterator[Fault]:
    """Yield every pinned checksum with another digit, and every licence, grade and edition of a
    source with another text."""
    sums = (project.raw() / pinned.CHECKSUMS).read_text(encoding="utf-8")
    for line in sums.splitlines():
        yield Fault(
            "pinned hash",
            f"{line.split()[1]} in {pinned.CHECKSUMS}",
            {"data/raw/SHA256SUMS": sums.replace(line, other(line)).encode()},
        )
    text = (project.raw() / "sources.toml").read_text(encoding="utf-8")
    for entry in re.split(r"(?=^\[)", text, flags=re.MULTILINE)[1:]:
        id_ = re.match(r"\[(.*)\]", entry)[1]
        for name, sort in (
            ("sha256", "pinned hash"),
            ("licence", "licence"),
            ("evidence", "grade"),
            ("edition", "edition"),
        ):
            line = re.search(rf'^{name} = "(.*)"$', entry, re.MULTILINE)
            value = (
                {"primary": "copy"}.get(line[1], "primary")
                if name == "evidence"
                else other(line[1])
            )
            content = text.replace(entry, entry.replace(line[0], f'{name} = "{value}"'))
            yield Fault(
                sort,
                f"{id_}, {name}: {line[1][:20]} → {value[:20]}",
                {"data/raw/sources.toml": content.encode()},
                id_,
            )


def checksums(fault: Fault) -> bool:
    return bool(pins.problems() or pinned.check(upstream=False))


def readable(fault: Fault) -> bool:
    """Say whether the registry, the contract or the schema of the table at fault refuses it."""
    from helpers.judging import choices

    try:
        claims.load()
        choices.load()
        sources.load()
        if fault.sort == "source table":
            tables.raw(fault.about)
        return False
    except FactcheckError:
        return True


def worded(fault: Fault) -> bool:
    """Say whether a claim in the registry says of itself what its own words, its notebook's opening
    or its source do not (tests/judging/test_registry_words.py)."""
    text = (project.root() / "data" / "claims.toml").read_text(encoding="utf-8")
    found = {claim["id"]: claim for claim in tomllib.loads(text)["claim"]}
    return bool(test_registry_words.faults(found))


def cleaned(fault: Fault) -> bool:
    """Say whether a clean table made from the source table at fault is refused, or differs from the
    committed one."""
    for name in LEANING[fault.about]:
        try:
            if tables.to_csv(tables.clean(name)) != (project.processed() / f"{name}.csv").read_text(
                encoding="utf-8"
            ):
                return True
        except FactcheckError:
            return True
    return False


def upstream(fault: Fault) -> bool:
    """Say whether the source at fault is not what its pinned file gives (without FACTCHECK_MIRROR
    nothing can be said)."""
    return "FACTCHECK_MIRROR" in os.environ and bool(
        pinned._differs_from_upstream(sources.get(fault.about))
    )


def listed(fault: Fault) -> bool:
    """Say whether the mirror's manifest contradicts what stands of the source at fault (without
    FACTCHECK_MIRROR nothing can be said)."""
    return bool(pinned._differs_from_manifest(sources.get(fault.about)))


def compared(fault: Fault) -> bool:
    kept, moved = (nbformat.from_dict({"cells": [cell]}) for cell in json.loads(fault.about))
    return bool(regression.compare(moved, kept))


def same_files(fault: Fault) -> bool:
    return bool(regression.compare_files(project.processed(), TOP / "data" / "processed"))


def verified(fault: Fault) -> bool:
    """Say whether a fresh run of the notebook at fault stops, or gives other outputs or files than
    the committed ones."""
    name = fault.about
    job = runner.Job(name, project.build() / f"{name}.ipynb", project.build() / "out")
    if execution.execute(job)[2]:
        return True
    kept, fresh = (
        nbformat.read(path, as_version=4)
        for path in (project.notebooks() / f"{name}.ipynb", job.copy)
    )
    written = [path for path in job.out.rglob("*") if path.is_file() and path.name != ".trace"]
    moved = any(
        path.read_bytes() != (project.processed() / path.relative_to(job.out)).read_bytes()
        for path in written
    )
    return moved or bool(regression.guard(kept, name) + regression.compare(kept, fresh))


def swept(fault: Fault) -> bool:
    from helpers.judging import multiverse

    return bool(multiverse.problems(project.processed()))


GATES: dict[str, Callable[[Fault], bool]] = {
    "checksums": checksums,
    "schemas and registries": readable,
    "the claim's own words": worded,
    "clean tables": cleaned,
    "rebuilt from its source": upstream,
    "the mirror's manifest": listed,
    "nbval's comparison": compared,
    "files byte for byte": same_files,
    "the notebook, run again": verified,
    "defaults against measurements": swept,
}
RENEWED = " (checksum renewed)"
# sort → how to plant it, and the gates in the order in which `factcheck verify` reaches them
SORTS: dict[str, tuple[Callable[[], Iterator[Fault]], list[str]]] = {
    "source table": (raw, ["checksums"]),
    "source table" + RENEWED: (
        raw,
        ["schemas and registries", "clean tables", "rebuilt from its source"],
    ),
    "processed table": (processed, ["files byte for byte"]),
    "multiverse": (processed, ["checksums"]),
    "multiverse" + RENEWED: (
        processed,
        ["defaults against measurements", "the notebook, run again"],
    ),
    "figure file": (pictures, ["files byte for byte"]),
    "stored output": (outputs, ["nbval's comparison"]),
    "claim": (registry, ["checksums"]),
    "claim" + RENEWED: (
        registry,
        ["schemas and registries", "the claim's own words", "the notebook, run again"],
    ),
    "choice default": (contract, ["checksums"]),
    "choice default" + RENEWED: (contract, ["schemas and registries", "the notebook, run again"]),
    "pinned hash": (provenance, ["checksums"]),
    **{sort: (provenance, ["checksums"]) for sort in ("licence", "grade", "edition")},
    **{
        sort + RENEWED: (provenance, ["the mirror's manifest"])
        for sort in ("licence", "grade", "edition")
    },
}
LEANING: dict[str, list[str]] = {}


def lean() -> None:
    """Note which clean tables read each source table."""
    reading: list[str] = []
    sys.addaudithook(
        lambda event, arguments: reading.append(arguments[0]) if event == store.READ else None
    )
    for name in tables.catalogue():
        reading.clear()
        tables.clean(name)
        for id_ in {
            Path(path).stem for path in reading if Path(path).parent == project.raw()
        } & set(sources.load()):
            LEANING.setdefault(id_, []).append(name)
    for id_ in sources.load():
        LEANING.setdefault(id_, [])


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a copy of the checkout's data and notebooks, which the helpers read instead of the real
    one."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "notebooks"):
            shutil.copytree(TOP / name, Path(folder) / name)
        shutil.copy(TOP / "requirements.lock", folder)
        os.environ["FACTCHECK_ROOT"] = folder
        forget()
        yield Path(folder)


def tried(sort: str, part: int, parts: int) -> list[Seen]:
    """Plant every `parts`-th fault of a sort, one at a time, and ask its gates in their order."""
    plant, names = SORTS[sort]
    found = []
    with scratch() as top:
        chosen = [fault for fault in plant() if fault.sort == sort.removesuffix(RENEWED)]
        if (
            names[-1] == "the notebook, run again"
        ):  # a process runs one notebook: one fault a process
            random.Random(SEED).shuffle(chosen)
        for fault in chosen[part::parts]:
            began = time.monotonic()
            before = {name: (top / name).read_bytes() for name in fault.files}
            if fault.files and before == fault.files:
                raise ValueError(f"{fault.what} changes nothing")
            for name, content in fault.files.items():
                (top / name).write_bytes(content)
            forget()
            gate = next((name for name in names if GATES[name](fault)), "")
            found.append(Seen(sort, fault.what, gate, time.monotonic() - began))
            for name, content in before.items():
                (top / name).write_bytes(content)
    return found


def moved_mark(fig: Figure) -> Iterator[Callable[[], None]]:
    for ax in fig.axes:
        for bar in [
            bar
            for container in ax.containers
            if isinstance(container, BarContainer)
            for bar in container
        ][:1]:
            width = bar.get_width()
            bar.set_width(width * 1.02 + 0.1)
            yield lambda bar=bar, width=width: bar.set_width(width)
            return
        for line in [line for line in ax.get_lines() if line.get_gid()][:1]:
            heights = line.get_ydata()
            line.set_ydata([height * 1.02 + 0.1 for height in heights])
            yield lambda line=line, heights=heights: line.set_ydata(heights)
            return
        for dot in [
            dot for dot in ax.collections if isinstance(dot, PathCollection) and dot.get_gid()
        ][:1]:
            places = dot.get_offsets().copy()
            dot.set_offsets(places * 1.02 + 0.1)
            yield lambda dot=dot, places=places: dot.set_offsets(places)
            return


def cut_axis(fig: Figure) -> Iterator[Callable[[], None]]:
    """Let each axes with marks begin above its smallest one: along the bars' length, or upwards."""
    for ax in fig.axes:
        marks = [place for _, _, places in artists.marks_of(ax) for place in places]
        along = 0 if artists.has_names(ax) else 1
        values = sorted({place[along] for place in marks if place[along] == place[along]})
        if len(values) > 1:
            get, change = (ax.get_xlim, ax.set_xlim) if along == 0 else (ax.get_ylim, ax.set_ylim)
            limits = get()
            change((values[0] + values[1]) / 2, max(limits))
            yield lambda change=change, limits=limits: change(limits)
            return


def swapped_labels(fig: Figure) -> Iterator[Callable[[], None]]:
    for ax in fig.axes:
        labels = [text for text in ax.texts if text.get_text()]
        pairs = [(one, two) for one in labels for two in labels if one.get_text() != two.get_text()]
        for one, two in pairs[:1]:
            words = one.get_text(), two.get_text()
            one.set_text(words[1])
            two.set_text(words[0])
            yield lambda one=one, two=two, words=words: (
                one.set_text(words[0]),
                two.set_text(words[1]),
            )
            return


def swapped_colours(fig: Figure) -> Iterator[Callable[[], None]]:
    """Give every mark of a country another country's colour."""
    for ax in fig.axes:
        marks = [
            bar
            for container in ax.containers
            if isinstance(container, BarContainer)
            for bar in container
        ]
        marks += [line for line in ax.get_lines() if line.get_gid()]
        marks += [
            dot for dot in ax.collections if isinstance(dot, PathCollection) and dot.get_gid()
        ]
        named = [mark for mark in marks if mark.get_gid() in figures.COLOURS]
        if named:
            entity = named[0].get_gid()
            wrong = figures.colour("United States" if entity == "China" else "China")
            chosen = [mark for mark in named if mark.get_gid() == entity]
            change = [
                getattr(mark, "set_color", None)
                if hasattr(mark, "get_xydata")
                else mark.set_edgecolor
                for mark in chosen
            ]
            for each in change:
                each(wrong)
            yield lambda change=change, entity=entity: [
                each(figures.colour(entity)) for each in change
            ]
            return


DRAWN = {
    "a mark moved": moved_mark,
    "the axis cut": cut_axis,
    "labels swapped": swapped_labels,
    "a country in another's colour": swapped_colours,
}


def drawn(notebook: str) -> list[Seen]:
    """Run a notebook and plant faults in each of its figures just before it is shown."""
    from IPython.core.interactiveshell import InteractiveShell

    found = []

    def show(fig: Figure, name: str, data: pd.DataFrame, alt: str, **_: object) -> None:
        for what, plant in DRAWN.items():
            for undo in plant(fig):
                began = time.monotonic()
                try:
                    figures.check(fig, data)
                    same = figures.svg(fig, alt) == (
                        project.processed() / "figures" / f"{name}.svg"
                    ).read_text(encoding="utf-8")
                    gate = "" if same else "the committed picture"
                except FactcheckError:
                    gate = "the figure's own check"
                found.append(
                    Seen("figure as drawn", f"{name}: {what}", gate, time.monotonic() - began)
                )
                undo()
        figures.check(fig, data)
        plt.close(fig)

    figures.show = show
    os.environ["FACTCHECK_OUT"] = tempfile.mkdtemp()
    os.chdir(project.notebooks())
    shell = InteractiveShell.instance()
    for cell in nbformat.read(project.notebooks() / f"{notebook}.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            shell.run_cell(cell.source).raise_error()
    shutil.rmtree(os.environ["FACTCHECK_OUT"])
    return found


def hidden() -> list[Seen]:
    """Plant again what a green check once hid: the kinds of docs/guards.md, by the tests that stand
    there."""
    found = []
    for kind, planted, test in KIND.findall(GUARDS.read_text(encoding="utf-8")):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-m", "", TOP / "tests" / test],
            cwd=TOP,
            capture_output=True,
            check=False,
        )
        seen = "the gate that is named there" if done.returncode == 0 else ""
        found.append(Seen(HIDDEN, f"{kind}: {planted}", seen, time.monotonic() - began))
    return found


def mutants() -> list[Seen]:
    """Mutate the modules that count, judge and decide, with mutmut; return what its tests saw, of a
    survivor the line that changed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["git", "clone", "--quiet", TOP, folder], check=True)

        def mutmut(*words: str) -> str:
            command = [Path(sys.executable).parent / "mutmut", *words]
            return subprocess.run(
                command, cwd=folder, capture_output=True, text=True, check=False
            ).stdout

        mutmut("run")
        results = dict(
            line.strip().rsplit(": ", 1)
            for line in mutmut("results", "--all", "true").splitlines()
            if ": " in line
        )
        if "killed" not in results.values():
            sys.exit("mutmut's tests did not run: run it by hand in a clone of this checkout.")
        each = (time.monotonic() - began) / len(results)
        lost = {
            name: _lines(mutmut("show", name))
            for name, result in results.items()
            if result not in ("killed", "timeout")
        }
    return [
        Seen("code", lost.get(name, name), "" if name in lost else "tests", each)
        for name in results
    ]


def _lines(shown: str) -> str:
    """Return a mutant's file, old and new line, from its diff."""
    lines = shown.splitlines()
    module = next((line.split("/")[-1] for line in lines if line.startswith("+++ ")), "")
    old, new = (
        [
            line[1:].strip()
            for line in lines
            if line.startswith(sign) and not line.startswith(sign * 3)
        ]
        for sign in "-+"
    )
    return f"{module}: {' '.join(old)} → {' '.join(new)}"


def plan() -> list[tuple]:
    found = []
    for sort, (plant, names) in SORTS.items():
        count = sum(fault.sort == sort.removesuffix(RENEWED) for fault in plant())
        single = "the notebook, run again" in names
        parts = count if single else 2
        found += [
            (sort, part, parts)
            for part in range(
                min(parts, SAMPLE) if sort.startswith("multiverse" + RENEWED) else parts
            )
        ]
    return found


def report(found: list[Seen], seconds: float) -> str:
    """Return the report as Markdown: totals per sort, gates, seconds, and the survivors."""
    lines = ["| sort of fault | planted | caught | by | ms each |", "|---|---|---|---|---|"]
    for sort in dict.fromkeys(each.sort for each in found):
        rows = [each for each in found if each.sort == sort]
        gates = Counter(each.gate for each in rows if each.gate)
        said = ", ".join(f"{gate} {count:,}" for gate, count in gates.most_common())
        spent = 1000 * sum(each.seconds for each in rows) / len(rows)
        lines.append(
            f"| {sort} | {len(rows):,} | {sum(gates.values()):,} "
            f"({100 * sum(gates.values()) / len(rows):.1f} %) | {said} | {spent:.0f} |"
        )
    said = f"{len(found):,} faults, {seconds / 60:.0f} minutes on {os.cpu_count()} cores."
    survivors = [
        f"- {each.sort}: `{each.what}`  \n  {reason(each)}" for each in found if not each.gate
    ]
    return (
        "\n".join(
            [HEAD, *lines, "", said, "", "## What no gate saw", "", *(survivors or ["Nothing."])]
        )
        + "\n"
    )


def reason(seen: Seen) -> str:
    """Say why a survivor is left; one that nobody has looked at says so."""
    return next(
        (why for part, why in REASONS.items() if part in seen.what),
        "Not looked at yet: give it a check, or a reason.",
    )


def main(wanted: list[str]) -> None:
    if not wanted and "FACTCHECK_MIRROR" not in os.environ:
        sys.exit(
            "Set FACTCHECK_MIRROR to a copy of the published files: without it no fault "
            "with a renewed checksum is seen, and docs/tamper.md would accuse the checks."
        )
    began, found = time.monotonic(), []
    lean()
    tasks = [(tried, task) for task in plan() if not wanted or task[0] in wanted]
    if not wanted or "figure as drawn" in wanted:
        tasks += [(drawn, (name,)) for name in runner.names()]
    for (function, task), result in workers.each(called, tasks):
        if isinstance(result, limits.Lost):
            sys.exit(f"{function.__name__} {task}: {result}")
        found += result
        print(f"\r{len(found):,} faults planted", end="", flush=True)
    for sort, plant in ((HIDDEN, hidden), ("code", mutants)):
        if not wanted or sort in wanted:
            found += plant()
    order = [*SORTS, "figure as drawn", HIDDEN, "code"]
    found.sort(key=lambda each: (order.index(each.sort), each.what))
    print()
    if wanted:
        print(report(found, time.monotonic() - began))
    else:
        project.atomic_write(REPORT, report(found, time.monotonic() - began))


def called(function: Callable[..., list[Seen]], task: tuple) -> list[Seen]:
    return function(*task)


if __name__ == "__main__":
    # A notebook that ran in a worker has put its own module in the place of `__main__`.
    import tamper

    tamper.main(sys.argv[1:])
