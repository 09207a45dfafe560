import http.server
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
from conftest import snapshot
from test_runner import GOOD, alive, quiet, small, tiny, wait_for  # noqa: F401

from helpers import inside, project, runner, sources, warm
from helpers.runner import RunError
from helpers.sources import SourceError

COMMAND = [sys.executable, "-c", "from helpers.main import main; main()"]
HEED = {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}  # a background job hands an ignored Ctrl-C down


def said(top, *words, **surroundings):
    """Run a command in a checkout; return its exit code and what it said on the error stream."""
    given = os.environ | {"FACTCHECK_ROOT": str(top)} | surroundings
    kept = {name: value for name, value in given.items() if value is not None}
    done = subprocess.run([*COMMAND, *words], cwd=top, env=kept, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stderr


def test_a_notebook_that_prints_without_end_is_stopped_and_named(small, monkeypatch):  # noqa: F811
    tiny(small, "01_prints", "for _ in range(10 ** 9): print('x' * 1000)")
    before = snapshot(small)
    with pytest.raises(RunError, match=r"01_prints, cell 2 stopped with OutputError: the notebook printed more than 10,000,000 characters"):
        runner.run(tell=quiet)
    assert all(snapshot(small)[path] == content for path, content in before.items())
    tiny(small, "01_prints", "print('x' * 1000)")
    assert runner.run(tell=quiet) == ["01_prints"] and inside.LIMIT == 10_000_000


def test_a_notebook_that_takes_memory_without_end_is_stopped_and_named(small):  # noqa: F811
    tiny(small, "01_takes", "taken = []\nwhile True: taken.append(bytearray(2 ** 28))")
    with pytest.raises(RunError, match=r"01_takes, cell 2 stopped with MemoryError"):
        runner.run(tell=quiet)
    assert resource.getrlimit(resource.RLIMIT_DATA)[0] != warm.MEMORY
    tiny(small, "01_takes", "print(1)")
    assert runner.run(tell=quiet) == ["01_takes"]


@contextmanager
def unwritable(folder):
    """Make a folder refuse new files, for root too: a file stands where it did."""
    shutil.move(folder, f"{folder}.away")
    folder.write_text("in the way")
    yield
    folder.unlink()
    shutil.move(f"{folder}.away", folder)


def test_a_folder_that_cannot_be_written_is_named_and_the_next_run_succeeds(small):  # noqa: F811
    tiny(small, "00_sources", "print(1)")
    runner.run(tell=quiet)
    tiny(small, "01_tiny", GOOD)
    with unwritable(small / "build" / "notebooks"):
        code, errors = said(small, "run")
    assert code == 1 and "build/notebooks" in errors and "check the" in errors
    assert said(small, "run") == (0, "")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give its rights away and mount a small disk")
class TestAsRoot:
    def test_read_only_data_are_named_and_stay_as_they_are(self, small, tmp_path):  # noqa: F811
        before = snapshot(small)
        processed = small / "data" / "processed"
        subprocess.run(["mount", "--bind", processed, processed], check=False)
        if subprocess.run(["mount", "-o", "remount,ro,bind", processed], capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody mount")
        try:
            code, errors = said(small, "run")
        finally:
            subprocess.run(["umount", processed], check=True)
        assert code == 1 and "Read-only file system" in errors and "rights" in errors and snapshot(small) == before
        assert said(small, "run") == (0, "")

    def test_a_full_disk_is_named_and_the_next_run_succeeds(self, small, tmp_path):  # noqa: F811
        build = small / "build"
        build.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", build], capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody mount")
        tiny(small, "00_sources", "print('x' * 900_000)")
        before = snapshot(small)
        try:
            code, errors = said(small, "run")
        finally:
            subprocess.run(["umount", build], check=True)
        assert code == 1 and "No space left" in errors and "free some space" in errors.lower() and snapshot(small) == before
        assert said(small, "run") == (0, "")


def test_ctrl_c_at_ten_moments_loses_nothing(small):  # noqa: F811
    for number in range(1, 5):
        tiny(small, f"0{number}_naps", GOOD.replace("tiny.csv", f"{number}.csv"), "import time\ntime.sleep(0.2)")
    before, moments = snapshot(small), random.Random(20251031)
    for _ in range(10):
        process = subprocess.Popen([*COMMAND, "run", "--force"], cwd=small, stderr=subprocess.PIPE, text=True, start_new_session=True,
                                   stdout=subprocess.DEVNULL, **HEED)  # fmt: skip
        wait_for(lambda: (small / "build" / "lock").is_file() and (small / "build" / "lock").read_text() == str(process.pid))  # noqa: B023
        time.sleep(moments.uniform(0, 2))
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == (130 if errors else 0) and "Traceback" not in errors
        assert all(snapshot(small)[path] == content for path, content in before.items())
        assert not list((small / "data").rglob("*.tmp"))
    assert said(small, "run") == (0, "")
    assert {path.name for path in set(snapshot(small)) - set(before)} == {"tiny.csv", "1.csv", "2.csv", "3.csv", "4.csv"}


def test_a_second_command_in_the_same_checkout_is_refused_until_the_first_has_ended(small):  # noqa: F811
    tiny(small, "01_naps", f"import pathlib, time\npathlib.Path({str(small / 'there')!r}).touch()\ntime.sleep(60)")
    process = subprocess.Popen([*COMMAND, "run"], cwd=small, start_new_session=True, stdout=subprocess.DEVNULL)
    wait_for((small / "there").is_file)
    for words in (["run"], ["verify"], ["sweep"], ["accept"], ["site"], ["sources", "rebuild"]):
        code, errors = said(small, *words)
        assert code == 1 and f"Another factcheck (process {process.pid}) is at work in this checkout: wait" in errors
    assert said(small, "status")[0] == 0
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    tiny(small, "01_naps", "print(1)")
    assert said(small, "run") == (0, "")


def test_a_clock_that_jumps_makes_nothing_stale_and_hides_no_change(small):  # noqa: F811
    runner.run(tell=quiet)
    path = small / "notebooks" / "00_sources.ipynb"
    for year in (1980, 2037):
        stamp = time.mktime((year, 1, 1, 0, 0, 0, 0, 0, 0))
        for file in (path, small / "build" / "notebooks" / path.name):
            os.utime(file, (stamp, stamp))
        assert runner.stale("00_sources") == ""
    before = path.stat()
    path.write_text(path.read_text().replace("print(1)", "print(2)"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert runner.stale("00_sources") == "notebooks/00_sources.ipynb changed"


SURROUNDINGS = {
    "Turkish and Kathmandu": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"},
    "no locale, ASCII": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": None, "TZ": "Pacific/Kiritimati"},
    "no home": {"HOME": None, "XDG_CACHE_HOME": None, "XDG_CONFIG_HOME": None},
    "a home that is none": {"HOME": "/dev/null/home", "XDG_CACHE_HOME": None, "XDG_CONFIG_HOME": None},
    "another hash seed, three threads": {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "3", "OPENBLAS_NUM_THREADS": "3"},
}


@pytest.mark.parametrize("surroundings", SURROUNDINGS.values(), ids=SURROUNDINGS.keys())
def test_another_locale_time_zone_home_or_thread_count_moves_no_byte(checkout, surroundings):
    code, errors = said(checkout, "verify", "00", "02", "04", "12", **surroundings)
    assert code == 0, errors[-3000:]


class Lying(http.server.BaseHTTPRequestHandler):
    """Answers as the path asks: other bytes, half of them, a page, or more than any published file has."""

    def do_GET(self):
        kind = self.path.rsplit("/", 1)[-1]
        content = {"page": b"<!DOCTYPE html><title>Sign in</title>", "other": b"a,b\n1,2\n", "half": b"x" * 10}.get(kind, b"")
        self.send_response(200)
        if kind in ("endless", "huge"):
            if kind == "huge":
                self.send_header("Content-Length", str(10 * 2**30))
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"0" * 65536)
            except OSError:
                return
        self.send_header("Content-Length", str(len(content) * (2 if kind == "half" else 1)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def liar():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Lying)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize(
    ("kind", "said"),
    [("page", "could not fetch"), ("other", "could not fetch"), ("half", "could not fetch"), ("endless", "offers more than 2,000,000 bytes"),
     ("huge", "offers more than 2,000,000 bytes")],
)  # fmt: skip
def test_a_proxy_that_lies_leaves_the_extract_and_no_file_in_the_cache(checkout, tmp_path, monkeypatch, liar, kind, said):
    monkeypatch.delenv("FACTCHECK_MIRROR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    monkeypatch.setattr(sources, "LARGEST", 2_000_000)
    source = next(source for source in sources.load().values() if source.url and not source.member)
    path = project.raw() / "sources.toml"
    path.write_text(path.read_text().replace(source.url, f"{liar}/{kind}"))
    before = snapshot(checkout)
    with pytest.raises(SourceError, match=f"{source.id}: .*{said}.*Nothing was changed"):
        sources.rebuild([source.id])
    assert snapshot(checkout) == before and not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_a_mirror_of_other_or_cut_bytes_is_refused(checkout, tmp_path, monkeypatch):
    source = next(source for source in sources.load().values() if source.url and not source.member)
    monkeypatch.setenv("FACTCHECK_MIRROR", str(tmp_path))
    (tmp_path / source.file).parent.mkdir(parents=True)
    for content in (b"", b"<html>", b"a,b\n1,2\n"):
        (tmp_path / source.file).write_bytes(content)
        before = snapshot(checkout)
        with pytest.raises(SourceError, match="is not the pinned file"):
            sources.rebuild([source.id])
        assert snapshot(checkout) == before


def test_a_task_that_was_killed_leaves_no_process(small):  # noqa: F811
    tiny(small, "01_naps", f"import os, time\nopen({str(small / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    process = subprocess.Popen([*COMMAND, "run"], cwd=small, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: (small / "pid").is_file() and (small / "pid").read_text())
    kernel = int((small / "pid").read_text())
    os.kill(kernel, signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1 and "01_naps, the kernel died in cell 2" in errors and not alive(kernel)
