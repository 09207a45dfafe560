"""Time the ways of running and checking notebooks against each other in one run, and write the
table into docs/speed.md, or docs/guards.md for `steady`.

Not a test: its numbers depend on the machine, its ratios less so. `bench`: the tools that everyone
uses run once, ours three times between them, and the median counts; the papermill side of a sweep
is the sum of its notebooks' own times. `scale` and `sweeps`: more notebooks, more specifications.
`steady`: one checkout, verified again and again. `cleaning`: longer lists.
"""

import hashlib
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import psutil

from helpers import project
from helpers.judging import choices
from helpers.reading import readme
from helpers.running import limits, regression, runner, specifications

BIN, TOP = Path(sys.executable).parent, Path(__file__).resolve().parents[1]
FACTCHECK = BIN / "factcheck"
SPECIFICATIONS, SEED, ROUNDS, TURNS = 200, 20251031, 3, 10
ONE = (
    "02_patents",
    "11_infrastructure",
)  # a small notebook, sixteen cells and two figures; and one with the largest grid
SEVERAL = ("02_patents", "03_top_cited", "09_applications", "13_diffusion")
PYTEST = [sys.executable, "-m", "pytest", "-o", "addopts=", "-q", "-p", "no:cacheprovider"]
FLOOR = """
import json, pathlib, sys
import matplotlib, pandas, seaborn
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for path in sorted(pathlib.Path().glob("[0-9]*.ipynb")):
    shell.reset(new_session=True)
    for cell in json.loads(path.read_text())["cells"]:
        if cell["cell_type"] == "code":
            shell.run_cell("".join(cell["source"])).raise_error()
"""
JCACHE = """
import pathlib, sys
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor
cache = get_cache(sys.argv[1])
for name in sys.argv[2:]:
    cache.add_nb_to_project(str(pathlib.Path(name).resolve()))
result = load_executor("local-serial", cache=cache).run_and_cache(timeout=300)
sys.exit(bool(result.excepted or result.errored))
"""


def timed(words: list, seconds: list[float]) -> int:
    """Run a command in the notebooks' folder, note its seconds, and return the peak memory of its
    whole tree, MB; stop where it fails.

    Python keeps bytecode, as it does unless told otherwise: for every tool alike.
    """
    peaks, over = [0], threading.Event()
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as out:
        began = time.monotonic()
        process = subprocess.Popen(
            words,
            cwd=TOP / "notebooks",
            env=kept | {"FACTCHECK_OUT": out},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        watch = threading.Thread(target=_watch, args=(process.pid, over, peaks))
        watch.start()
        _, errors = process.communicate()
        seconds.append(time.monotonic() - began)
        over.set()
        watch.join()
    if process.returncode:
        sys.exit(f"{' '.join(map(str, words))} failed:\n{errors[-2000:]}")
    return max(peaks)


def _watch(pid: int, over: threading.Event, peaks: list[int]) -> None:
    """Sample the memory of a process and its descendants, pages that they share counted once."""
    while not over.wait(4):
        with suppress(psutil.Error):
            family = (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))
            peaks.append(sum(each.memory_full_info().pss for each in family) // 1_000_000)


def drawn(notebook: str) -> list[tuple[str, dict]]:
    """Return two hundred specifications: dealt at random over all notebooks ("all"), or those of
    one notebook, again and again."""
    names = list(choices.load()) if notebook == "all" else [notebook]
    plan = [(name, parameters) for name in names for parameters in specifications.runs(name)]
    random.Random(SEED).shuffle(plan)
    return (plan * (SPECIFICATIONS // len(plan) + 1))[:SPECIFICATIONS]


def swept(plan: list[tuple[str, dict]]) -> None:
    """Run specifications as a sweep does, none kept from before."""
    for name, _, result in specifications.results(plan):
        if isinstance(result, limits.Lost) or result["message"]:
            sys.exit(f"{name}: {result}")


def ratios() -> str:
    """Run every tool and return their table as Markdown."""
    seconds: dict[str, list[float]] = defaultdict(list)
    scratch, notebooks, peaks = (
        Path(tempfile.mkdtemp()),
        [f"{name}.ipynb" for name in runner.names()],
        [],
    )

    def papermill() -> None:
        """Run every notebook, and the sweeps between them: the machine's pace changes from minute
        to minute."""
        sweeps = dict(zip(runner.names()[3::5], ("all", *ONE), strict=False))
        for name in runner.names():
            timed([BIN / "papermill", f"{name}.ipynb", scratch / "out.ipynb"], seconds[name])
            if which := sweeps.get(name):
                peaks.append(
                    timed([sys.executable, __file__, "sweep", which], seconds[f"sweep {which}"])
                )

    some = notebooks[::3]
    others = {
        "papermill": papermill,
        "nbval": lambda: timed(
            [*PYTEST, "--nbval", "--nbval-current-env", *notebooks], seconds["nbval"]
        ),
        "nbmake": lambda: timed([*PYTEST, "--nbmake", *some], seconds["nbmake"]),
        "nbconvert": lambda: timed(
            [
                BIN / "jupyter-nbconvert",
                "--execute",
                "--to",
                "notebook",
                "--output-dir",
                scratch,
                *some,
            ],
            seconds["nbconvert"],
        ),
        "jupyter-cache": lambda: timed(
            [sys.executable, "-c", JCACHE, scratch / "cache", *some], seconds["jupyter-cache"]
        ),
    }
    timed([FACTCHECK, "run"], [])
    for place, other in enumerate(others.values()):
        other()
        if place < ROUNDS:
            timed([sys.executable, "-c", FLOOR], seconds["floor"])
            peaks.append(timed([FACTCHECK, "verify"], seconds["verify"]))
            timed([FACTCHECK, "run", "--force"], seconds["run"])
            timed([FACTCHECK, "run"], seconds["again"])
            timed([FACTCHECK, "--help"], seconds["help"])
    shutil.rmtree(scratch)
    found = {name: statistics.median(values) for name, values in seconds.items()}
    found["papermill"] = sum(found[name] for name in runner.names())
    both, floor = found["papermill"] + found["nbval"], found["floor"]
    lines = [
        ("papermill's command line, one notebook after another", found["papermill"], ""),
        ("`pytest --nbval`", found["nbval"], ""),
        ("nbmake, every third notebook", found["nbmake"], ""),
        ("jupyter nbconvert, every third notebook", found["nbconvert"], ""),
        ("jupyter-cache, every third notebook", found["jupyter-cache"], ""),
        ("the same code as one plain process: the floor", floor, ""),
        ("`factcheck run --force`: all in order, tables and verdicts", found["run"],
        f"{found['papermill'] / found['run']:.1f} x papermill"),
        ("`factcheck verify`: all notebooks, run and compared", found["verify"],
         f"{both / found['verify']:.1f} x papermill, then `pytest --nbval`; "
         f"{found['verify'] / floor:.2f} of the floor"),
        ("`factcheck run`, nothing changed", found["again"], ""),
        ("`factcheck --help`", found["help"], ""),
    ]  # fmt: skip
    for which in ("all", *ONE):
        label, spent = (
            f"{SPECIFICATIONS} specifications of {'all notebooks' if which == 'all' else which}",
            found[f"sweep {which}"],
        )
        lines.append(
            (
                label,
                spent,
                f"{sum(found[name] for name, _ in drawn(which)) / spent:.1f} x papermill",
            )
        )
    table = [f"| {label} | {value:.1f} | {ratio} |" for label, value, ratio in lines]
    return "\n".join(
        [
            "| what | seconds | ratio |",
            "|---|---|---|",
            *table,
            f"| memory of the whole tree at its peak, MB | {max(peaks)} | |",
        ]
    )


def scale() -> str:
    """Time more notebooks and return seconds a unit as Markdown."""
    lines = []
    runner.run_all(
        [
            runner.Job(
                SEVERAL[0], project.build() / "scale" / "x.ipynb", project.build() / "scale" / "out"
            )
        ],
        None,
        lambda line: None,
        None,
    )
    for times in (1, 2, 4, 8, 16):
        for label, look in (("run", None), ("run and compare", compared)):
            with tempfile.TemporaryDirectory() as folder:
                places = [
                    (name, Path(folder) / str(copy)) for copy in range(times) for name in SEVERAL
                ]
                jobs = [
                    runner.Job(name, place / f"{name}.ipynb", place / name)
                    for name, place in places
                ]
                began = time.monotonic()
                runner.run_all(jobs, None, lambda line: None, look)
                spent = time.monotonic() - began
            lines.append((f"{label} {len(jobs)} notebooks", spent, spent / len(jobs)))
    return _each(lines)


def sweeps() -> str:
    """Time more specifications and return seconds a unit as Markdown."""
    lines = []
    plan = [("02_patents", parameters) for parameters in specifications.runs("02_patents")]
    for count in (10, 100, 1000, 5000):
        began = time.monotonic()
        swept((plan * (count // len(plan) + 1))[:count])
        spent = time.monotonic() - began
        lines.append((f"sweep {count} specifications of 02_patents", spent, spent / count))
    return _each(lines)


def steady() -> str:
    """Verify ten times, and once more while every core has other work; return seconds as Markdown.

    All bytes must agree.
    """
    seconds, seen = [], set()
    made = project.build() / "verify"
    for turn in range(TURNS + 1):
        busy = [
            subprocess.Popen([sys.executable, "-c", "while True: pass"])
            for _ in range(os.cpu_count() or 1)
            if turn == TURNS
        ]
        try:
            timed([FACTCHECK, "verify"], seconds)
        finally:
            for process in busy:
                process.kill()
                process.wait()
        files = [
            path for path in sorted(made.rglob("*")) if path.is_file() and path.name != ".trace"
        ]
        lines = [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(made)}\n"
            for path in files
        ]
        seen.add((len(lines), hashlib.sha256("".join(lines).encode()).hexdigest()))
    if len(seen) > 1:
        sys.exit(f"Two verifies of one checkout gave other bytes: {sorted(seen)}")
    [(count, _)] = seen
    quiet, loaded = seconds[:TURNS], seconds[TURNS]
    return "\n".join(
        [
            "| `factcheck verify` | seconds | files made | with other bytes |",
            "|---|---|---|---|",
            (
                f"| {TURNS} times, one after another | {min(quiet):.1f} to {max(quiet):.1f} |"
                f" {count} | 0 |"
            ),
            f"| once more, every core busy with other work | {loaded:.1f} | {count} | 0 |",
        ]
    )


LISTS = (
    "talent_neurips_2019_accepted",
    "talent_neurips_2020_accepted",
    "talent_neurips_2022_title_affiliation",
    "talent_neurips_2022_title_authors",
)
CLEAN = """
import json, resource, time
from helpers.evidence import tables
from helpers.running import workers
most = limits.memory() << 20
resource.setrlimit(resource.RLIMIT_DATA, (most, most))
began = time.monotonic()
made = tables.clean("neurips_places")
made.groupby(["year", "place"])[["slots", "authors"]].sum()
spent = time.monotonic() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print(json.dumps([len(made), spent, peak]))
"""


def cleaning() -> str:
    """Clean and count lists of papers that are as long as ours, and 10, 100, 1,000 times longer.

    Return seconds and memory as Markdown.
    """
    lines = []
    for times in (1, 10, 100, 1000):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("data", "notebooks"):
                shutil.copytree(TOP / name, Path(folder) / name)
            papers = 0
            for name in LISTS:
                path = Path(folder) / "data" / "raw" / f"{name}.csv"
                table = pd.read_csv(path, dtype=str, keep_default_na=False)
                last = len(table)
                papers += 0 if name.endswith("authors") else times * last
                for more in range(1, times):
                    table.assign(paper=range(more * last + 1, (more + 1) * last + 1)).to_csv(
                        path, mode="a", header=False, index=False
                    )
            environment = os.environ | {"FACTCHECK_ROOT": folder}
            done = subprocess.run(
                [sys.executable, "-c", CLEAN],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
        if not done.returncode:
            made, spent, peak = json.loads(done.stdout)
            lines.append(f"| {papers:,} | {made:,} | {spent:.1f} | {peak} |")
        elif "MemoryError" in done.stderr:
            lines.append(f"| {papers:,} | | | more than a notebook may have: {limits.memory()} |")
        else:
            sys.exit(f"Cleaning {papers:,} papers failed:\n{done.stderr[-2000:]}")
    return "\n".join(
        [
            "| papers | rows of the clean table | seconds | MB at the peak |",
            "|---|---|---|---|",
            *lines,
        ]
    )


def _each(lines: list[tuple[str, float, float]]) -> str:
    rows = [f"| {label} | {spent:.1f} | {each:.3f} |" for label, spent, each in lines]
    return "\n".join(["| what | seconds | seconds each |", "|---|---|---|", *rows])


def compared(job: runner.Job) -> None:
    """Compare a job's copy with the committed notebook, as verify does."""
    kept, fresh = (
        nbformat.read(path, as_version=4)
        for path in (project.notebooks() / f"{job.notebook}.ipynb", job.copy)
    )
    if problems := regression.compare(kept, fresh):
        sys.exit(f"{job.notebook}: {problems[0]}")


def into_page(name: str, table: str) -> None:
    """Write a table between its marks in its page of docs, with machine and date."""
    page = "docs/guards.md" if name == "steady" else "docs/speed.md"
    said = (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, {platform.system()}"
        f" {platform.machine()}, Python {platform.python_version()}"
    )
    text = (TOP / page).read_text(encoding="utf-8")
    project.atomic_write(TOP / page, readme.between(text, name, f"{table}\n\n{said}", page))


if __name__ == "__main__":
    if sys.argv[1:2] == ["sweep"]:
        swept(drawn(sys.argv[2]))
    else:
        for name_ in sys.argv[1:]:
            made = {
                "bench": ratios,
                "cleaning": cleaning,
                "scale": scale,
                "steady": steady,
                "sweeps": sweeps,
            }[name_]()
            print(made)
            into_page(name_, made)
