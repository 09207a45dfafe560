"""Whatever goes wrong around a command, it ends in one plain message, harms nothing that is
committed, and the next run succeeds."""

import http.server
import itertools
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from commands import Command, anew
from commands import run as command
from conftest import GOOD, TOP, alive, archive, snapshot, tiny, wait_for

from helpers import project
from helpers.evidence import fetched, pinned, sources
from helpers.evidence.sources import SourceError
from helpers.project import FactcheckError
from helpers.running import execution, limits, runner
from helpers.running.runner import RunError

COMMAND = [
    sys.executable,
    "-c",
    "from helpers.main import main; print('begun', flush=True); main()",
]
MADE = ("data/processed/made.csv", "data/processed/second.csv")
WRITES = (
    "import os, pathlib\n(pathlib.Path(os.environ['FACTCHECK_OUT']) / '{}').write_text('a\\n' + "
    "'1\\n' * {})"
)
ROUND = WRITES.format("made.csv", 3)
OWN_SPACE = (
    subprocess.run(["unshare", "-rmn", "true"], capture_output=True).returncode == 0
    if shutil.which("unshare")
    else False
)
needs_own_space = pytest.mark.skipif(
    not OWN_SPACE,
    reason="no `unshare -rmn` here: a full disk, a read-only folder, no network cannot be staged",
)


@pytest.fixture
def small(bare):
    tiny(bare, "00_sources", ROUND)
    return bare


def run(top, *words, mounts=(), **env):
    """Run a command; `mounts` are shell lines that make mounts of its own."""
    return command(*words, cwd=top, env=env, spaces="rm" if mounts else "", lines=mounts)


def committed(top):
    """What git would compare: every file but those that the small notebooks make anew."""
    return {
        path: content
        for path, content in snapshot(top).items()
        if path.relative_to(top).as_posix() not in MADE
    }


def told(done, *said):
    """Hold that a command failed in plain words."""
    assert done.returncode == 1 and done.stderr.startswith("Error: "), done.stdout
    assert "Traceback" not in done.stderr and all(word in done.stderr for word in said), done.stderr


def is_over(top, before):
    """Hold that a fault changed nothing that is committed, and that the next run succeeds."""
    assert committed(top) == before
    assert run(top, "run").returncode == 0
    assert committed(top) == before
    assert (top / MADE[0]).read_text() == "a\n1\n1\n1\n"


# ---------------------------------------------------------------- disk, rights, clock, place


@needs_own_space
@pytest.mark.parametrize(
    ("folder", "size", "said"),
    [
        (
            "build",
            "size=200k",
            "cell 2 stopped with OSError: [Errno 28] No space left on device: free some space",
        ),
        ("build", "nr_inodes=1", "No space left on device"),
        ("data/processed", "size=200k", "No space left on device"),
    ],
)
def test_a_full_disk_is_told_with_what_to_do(small, folder, size, said):
    tiny(small, "00_sources", WRITES.format("made.csv", 300_000))
    (small / "build").mkdir()
    before = snapshot(small)
    told(
        run(small, "run", mounts=[f"mount -t tmpfs -o {size} none {folder}"]),
        said,
        "free some space",
    )
    assert snapshot(small) == before
    tiny(small, "00_sources", ROUND)
    is_over(small, committed(small))


@needs_own_space
@pytest.mark.parametrize(("folder", "said"), [("data", "data/processed"), (".", ".factcheck.lock")])
def test_a_read_only_folder_is_told_with_what_to_do(small, folder, said):
    before = committed(small)
    done = run(
        small,
        "run",
        mounts=[f"mount --bind {folder} {folder}", f"mount -o remount,bind,ro {folder}"],
    )
    told(done, "Read-only file system", said, "check the folder's rights")
    is_over(small, before)


def test_what_a_killed_command_left_half_written_goes_with_the_next(small):
    left = small / "data" / "processed" / ".made.csv.abc.tmp"
    left.write_text("half")
    with project.alone("run"):
        assert not left.exists()


@pytest.mark.parametrize("year", [1980, 2038])
def test_a_clock_that_jumps_makes_nothing_stale_and_hides_no_change(small, year):
    runner.run(tell=print)
    seconds = (year - 1970) * 365 * 86400
    for path in small.rglob("*"):
        os.utime(path, (seconds, seconds))
    assert runner.stale("00_sources") == ""
    path = small / "notebooks" / "00_sources.ipynb"
    path.write_text(path.read_text().replace("* 3", "* 4"))
    os.utime(path, (seconds, seconds))
    assert runner.stale("00_sources") == "notebooks/00_sources.ipynb changed"


REAL = ("00_sources", "02_patents")
YEAR_AGO = "import time\nnow = time.time\ntime.time = lambda: now() - 366 * 86400\n"


@pytest.mark.parametrize(
    ("staged", "env"),
    [
        pytest.param(
            [],
            {
                "LC_ALL": "C",
                "PYTHONUTF8": "0",
                "PYTHONCOERCECLOCALE": "0",
                "TZ": "Asia/Kathmandu",
                "HOME": None,
            },
            marks=pytest.mark.slow,
        ),
        pytest.param(
            ["unshare", "-rn"],
            # no network, not even the loopback that a cold kernel talks over
            {
                "FACTCHECK_WARM": None,
                "LC_ALL": "tr_TR.UTF-8",
                "PYTHONUTF8": None,
                "TZ": "Pacific/Apia",
                "HOME": "/nonexistent",
                "PYTHONPATH": "{clock}",
            },
            marks=needs_own_space,
        ),
    ],
    ids=[
        "plain C, Kathmandu, no home",
        "Turkish, Apia, a home that is not there, no network, a clock a year behind",
    ],
)
def test_another_locale_zone_home_clock_or_no_network_give_the_committed_bytes(
    checkout, tmp_path, staged, env
):
    for path in (checkout / "notebooks").glob("*.ipynb"):
        if path.stem not in REAL:
            path.unlink()
    (tmp_path / "sitecustomize.py").write_text(YEAR_AGO)
    env = {
        name: value and value.replace("{clock}", f"{tmp_path}{os.pathsep}{TOP / 'src'}")
        for name, value in env.items()
    }
    before = snapshot(checkout)
    done = anew("run", cwd=checkout, staged=staged, env=env)
    assert done.returncode == 0, done.stderr
    assert snapshot(checkout) == before
    for name in REAL:
        assert (checkout / "build" / "notebooks" / f"{name}.ipynb").read_bytes() == before[
            checkout / "notebooks" / f"{name}.ipynb"
        ]


CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define LATER (3653L * 86400)
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, t);
    if (id == CLOCK_REALTIME) t->tv_sec += LATER;
    return code;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec, t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
"""
# Python sets no locale but that of characters: here every process sets all of it, and notes it and
# the year.
NOTES = """
import datetime, locale, os
locale.setlocale(locale.LC_ALL, "")
with open(os.environ["NOTED"], "a") as file:
    print(f"{1.5:n}", datetime.datetime.now().year, file=file)
"""


@pytest.fixture
def elsewhen(tmp_path):
    """The environment of a machine whose clock is ten years on, under a German locale compiled
    here."""
    if not (shutil.which("cc") and shutil.which("localedef")):
        pytest.skip("no compiler or no localedef here: neither clock nor locale can be staged")
    (tmp_path / "clock.c").write_text(CLOCK)
    words = ["cc", "-shared", "-fPIC", "-o", tmp_path / "clock.so", tmp_path / "clock.c", "-ldl"]
    subprocess.run(words, check=True, capture_output=True)
    words = ["localedef", "-i", "de_DE", "-f", "UTF-8", tmp_path / "de_DE.UTF-8"]
    subprocess.run(words, check=False, capture_output=True)
    (tmp_path / "sitecustomize.py").write_text(NOTES)
    return {
        "LD_PRELOAD": str(tmp_path / "clock.so"),
        "LOCPATH": str(tmp_path),
        "LC_ALL": "de_DE.UTF-8",
        "NOTED": str(tmp_path / "noted"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{TOP / 'src'}",
    }


def is_in_force(noted):
    years = {str(date.today().year + 10), str(date.today().year + 9)}
    lines = [line.split() for line in noted.read_text().splitlines()]
    return bool(lines) and all(number == "1,5" and year in years for number, year in lines)


@pytest.mark.slow
def test_all_is_as_committed_ten_years_on_where_decimals_have_a_comma(checkout, tmp_path, elsewhen):
    done = anew("verify", cwd=checkout, env=elsewhen, timeout=500)
    assert done.returncode == 0, done.stderr
    assert "Every output is as committed." in done.stdout and is_in_force(tmp_path / "noted")


def test_a_notebook_that_prints_the_day_or_a_local_number_is_seen_there(bare, tmp_path, elsewhen):
    tiny(
        bare, "00_sources", "import datetime, locale; print(f'{2.5:n}', datetime.date.today().year)"
    )
    runner.run(tell=print)
    runner.accept(["00"])
    done = anew("verify", "00", cwd=bare, env=elsewhen)
    assert is_in_force(tmp_path / "noted")
    assert done.returncode == 1 and f"2,5 {date.today().year + 10}" in done.stderr


# ---------------------------------------------------------------- two at once, interrupted, killed

WAITS = (
    "import os, time\nopen('../pid', 'w').write(str(os.getpid()))\nwhile not "
    "os.path.exists('../go'): time.sleep(0.02)"
)


@contextmanager
def at_work(top, **env):
    """A run in whose notebook a cell waits for the file `go`; gives the run and the process of the
    kernel."""
    (top / "pid").unlink(missing_ok=True)
    process = Command("run", cwd=top, env=env)
    try:
        wait_for(lambda: (top / "pid").is_file() and (top / "pid").read_text())
        yield process, int((top / "pid").read_text())
    finally:
        process.kill()
        process.wait()


def test_a_second_command_that_writes_is_refused_and_told_who_is_at_work(small):
    tiny(small, "01_waits", WAITS)
    before = committed(small)
    with at_work(small) as (process, _):
        for words in (["run"], ["verify"], ["sweep"], ["accept"], ["site"], ["sources", "rebuild"]):
            done = run(small, *words)
            assert done.returncode == 1 and done.stderr.count("\n") == 1, (words, done.stderr)
            assert (
                f"factcheck run (process {process.pid}) is at work in this checkout: wait until "
                "it ends" in done.stderr
            )
        assert "01_waits: never run here" in run(small, "status").stdout
        (small / "go").touch()
        assert process.wait(60) == 0
    is_over(small, before)


@pytest.mark.parametrize("switch", ["on", pytest.param("off", marks=pytest.mark.slow)])
def test_a_killed_command_leaves_no_lock_and_no_kernel(small, switch):
    tiny(small, "01_waits", WAITS)
    before = committed(small)
    with at_work(small, FACTCHECK_WARM=switch) as (process, kernel):
        process.kill()
        assert process.wait(60) == -signal.SIGKILL
        wait_for(lambda: not alive(kernel))
    assert committed(small) == before
    with project.alone("run"):
        tiny(small, "01_waits", "print(1)")
    is_over(small, committed(small))


@pytest.mark.slow
def test_ctrl_c_at_ten_moments_is_one_message_and_leaves_nothing_half_done(small):
    tiny(small, "01_second", WRITES.format("second.csv", 2), "import time; time.sleep(0.5)")
    before, moments = committed(small), random.Random(20251031)
    heed = {
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        "start_new_session": True,
    }
    for moment in (moments.uniform(0, 2) for _ in range(10)):
        process = subprocess.Popen(
            [*COMMAND, "run", "--force"],
            cwd=small,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **heed,
        )
        assert process.stdout.readline() == "begun\n"
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, len(errors.split("\n"))) in ((130, 3), (0, 1)), (
            moment,
            process.returncode,
            errors,
        )
        assert "Interrupted: finished notebooks are kept" in errors or process.returncode == 0
        assert committed(small) == before, moment
        assert all(
            (small / name).read_text() == "a\n" + "1\n" * count
            for name, count in zip(MADE, (3, 2), strict=True)
            if (small / name).exists()
        )
    is_over(small, before)


# ---------------------------------------------------------------- notebooks without measure

LOUD = "line = 'x' * 9_999\nfor _ in range(10_000): print(line)"
# A kernel in this process stops while it prints, one of its own is measured at the end.
LOUDLY = (
    "cell 2 (stopped with PrintedTooMuch: more than 20 MB in this notebook: print less|gives 100 "
    "MB of output, a notebook may hold 20 MB: .*)"
)
SHOWN = "from IPython.display import display, HTML\ndisplay(HTML('x' * 30_000_000))"
GREEDY = "kept = []\nwhile True: kept.append(bytearray(50_000_000))"
CRUMBS = "kept = []\nwhile True: kept.append([0] * 100)"
COLD = {"FACTCHECK_MEMORY": "700", "FACTCHECK_WARM": "off"}
# Which one depends on whether the memory ran out for Python or for a library in C, which gives up.
NO_ROOM = (
    r"cell 2 needs more memory than FACTCHECK_MEMORY allows \(700 MB\)|cell 2 stopped without a "
    r"word, .* allows 700 MB\)"
    "|the kernel (ran out of memory in|died in) cell 2"
)


@pytest.mark.parametrize(
    ("cell", "env", "said"),
    [
        ("while True: pass", {"FACTCHECK_TIMEOUT": "1"}, "cell 2 ran longer than 1 s"),
        (LOUD, {}, LOUDLY),
        (SHOWN, {}, "cell 2 gives 30 MB of output, a notebook may hold 20 MB"),
        (GREEDY, {"FACTCHECK_MEMORY": "700"}, NO_ROOM),
        (CRUMBS, {"FACTCHECK_MEMORY": "700"}, NO_ROOM),
        pytest.param(GREEDY, COLD, NO_ROOM, marks=pytest.mark.slow),
        pytest.param(CRUMBS, COLD, NO_ROOM, marks=pytest.mark.slow),
    ],
    ids=["endless", "loud", "shown", "greedy", "crumbs", "greedy, cold", "crumbs, cold"],
)
def test_a_notebook_without_measure_is_stopped_and_named(small, cell, env, said):
    assert run(small, "run", "00").returncode == 0
    tiny(small, "01_bad", cell)
    before = committed(small)
    done = run(small, "run", "01", **env)
    assert done.returncode == 1 and re.search(
        rf"01_bad, .*({said}).*\. Open notebooks/01_bad.ipynb at that cell", done.stderr
    ), done.stderr
    assert (
        sum(path.stat().st_size for path in (small / "build").rglob("*") if path.is_file())
        < 1_000_000
    )
    assert committed(small) == before
    tiny(small, "01_bad", "print(1)")
    is_over(small, committed(small))


@pytest.mark.parametrize("name", ["FACTCHECK_TIMEOUT", "FACTCHECK_MEMORY"])
@pytest.mark.parametrize("value", ["soon", "-1", "0", "1e9", "٣", "9" * 5000])
def test_a_limit_that_is_no_number_is_refused_by_name(small, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(FactcheckError, match=f"{name}=.* is not a whole number above zero"):
        runner.run(tell=print)


def test_a_file_that_a_cell_lets_grow_for_ever_is_stopped(small):
    shown = (
        "import resource\nprint([limit[0] >> 20 for limit in map(resource.getrlimit, "
        "(resource.RLIMIT_DATA, resource.RLIMIT_FSIZE))])"
    )
    tiny(small, "01_grows", shown)
    runner.run(tell=print)
    assert "[4096, 1024]" in (small / "build" / "notebooks" / "01_grows.ipynb").read_text()
    tiny(small, "01_grows", "open('../build/grown', 'wb').write(bytes(3_000_000))")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(
            RunError,
            match="01_grows, cell 2 stopped with OSError: .Errno 27. File too large: free some",
        ):
            runner.run(tell=print)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


# ---------------------------------------------------------------- a mirror that lies

HTML = b"<!DOCTYPE html><html><body>Sign in to go on</body></html>"


@pytest.fixture
def web(tmp_path, monkeypatch):
    """A web server on this machine: put chunks into `answers` by path; `sent` counts the bytes that
    were asked for."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            for chunk in self.server.answers[self.path]():
                self.server.sent += len(chunk)
                try:
                    self.wfile.write(chunk)
                except OSError:
                    return

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.sent, server.url = {}, 0, f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("FACTCHECK_MIRROR", raising=False)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    monkeypatch.setattr(fetched, "LARGEST", 1_000_000)
    yield server
    server.shutdown()
    server.server_close()


def cached(tmp_path):
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


LIES = {
    "other bytes": lambda good: [good[:-1] + b"x"],
    "cut short": lambda good: [good[: len(good) // 2]],
    "a page": lambda good: [HTML],
    "nothing": lambda good: [],
    "endless": lambda good: itertools.repeat(bytes(65536)),
}


@pytest.mark.parametrize("packed", [False, True], ids=["file", "archive"])
@pytest.mark.parametrize("lie", LIES)
def test_a_lie_from_the_net_is_refused_not_kept_and_forgotten_when_the_truth_comes(
    web, tmp_path, packed, lie
):
    good = archive(tmp_path, "table.tsv", GOOD) if packed else GOOD
    listed = next(source for source in sources.load().values() if source.url and not source.member)
    source = replace(
        listed,
        url=f"{web.url}/file",
        sha256=sha256(GOOD).hexdigest(),
        member="table.tsv" if packed else "",
    )
    web.answers["/file"] = lambda: LIES[lie](good)
    with pytest.raises(SourceError, match=f"{source.id}: .*(Nothing was changed|left as it is)"):
        fetched.fetch(source)
    assert not cached(tmp_path) and web.sent < 20_000_000
    web.answers["/file"] = lambda: [good]
    assert fetched.fetch(source).read_bytes() == GOOD


def test_an_archive_of_another_edition_is_forgotten_too(web, tmp_path):
    listed = next(source for source in sources.load().values() if source.member)
    source = replace(
        listed, url=f"{web.url}/file", sha256=sha256(GOOD).hexdigest(), member="table.tsv"
    )
    web.answers["/file"] = lambda: [archive(tmp_path, "table.tsv", GOOD + b"2024,5\n")]
    with pytest.raises(SourceError, match="is not the pinned file"):
        fetched.fetch(source)
    assert not [path for path in cached(tmp_path) if path.suffix == ".7z"]
    web.answers["/file"] = lambda: [archive(tmp_path, "table.tsv", GOOD)]
    assert fetched.fetch(source).read_bytes() == GOOD


def test_a_rebuild_from_a_lying_net_leaves_every_extract(web, checkout):
    path = checkout / "data" / "raw" / "sources.toml"
    id_ = next(source.id for source in sources.load().values() if source.url and not source.member)
    path.write_text(path.read_text().replace("https://raw.githubusercontent.com/", f"{web.url}/"))
    web.answers = dict.fromkeys([sources.get(id_).url.removeprefix(web.url)], lambda: [HTML])
    before = snapshot(checkout)
    with pytest.raises(SourceError, match="Nothing was changed"):
        pinned.rebuild([id_])
    assert snapshot(checkout) == before


def test_ten_gigabytes_in_a_mirror_are_refused_before_they_are_read(
    checkout, tmp_path, monkeypatch
):
    source = next(source for source in sources.load().values() if source.url)
    path = tmp_path / "mirror" / source.file
    path.parent.mkdir(parents=True)
    with path.open("wb") as sparse:
        sparse.truncate(10 * 10**9)
    before = snapshot(checkout)
    began = time.monotonic()
    done = run(checkout, "sources", "rebuild", source.id, FACTCHECK_MIRROR=str(tmp_path / "mirror"))
    assert (
        done.returncode == 1
        and "larger than 200 MB" in done.stderr
        and "Traceback" not in done.stderr
    )
    assert time.monotonic() - began < 5 and snapshot(checkout) == before


def test_what_a_fault_leaves_would_be_seen(small):
    before = committed(small)
    (small / "data" / "processed" / ".half.tmp").write_text("half")
    assert committed(small) != before
    for code, words in ((0, "Error: so"), (1, "Error: so\nTraceback"), (1, "so")):
        with pytest.raises(AssertionError):
            told(subprocess.CompletedProcess([], code, "", words))


def test_a_page_names_the_limits_that_the_code_has():
    text = " ".join((TOP / "docs" / "guards.md").read_text(encoding="utf-8").split())
    said = (
        f"A cell may take {execution.CELL_TIMEOUT} s",
        f"a notebook {limits.MEMORY_MB} MB of",
        f"{limits.LARGEST_COPY / 1e6:.0f} MB of output",
    )
    assert [words for words in said if words not in text] == []


def test_a_folder_that_is_no_checkout_is_named(tmp_path):
    done = run(tmp_path, "status", FACTCHECK_ROOT=str(tmp_path))
    assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
    assert f"FACTCHECK_ROOT={tmp_path} is no checkout: name the folder" in done.stderr
