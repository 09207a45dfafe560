"""What `make` says where an environment cannot be laid, or was left half-made: one line."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile

import install
import pytest
from conftest import TOP

from helpers.main import cli

UV = next(
    (
        path
        for path in (shutil.which("uv"), shutil.which("uv", path=str(install.OWN / "bin")))
        if path and install.new_enough(path)
    ),
    None,
)
needs_uv = pytest.mark.skipif(not UV, reason="no uv on this machine: nothing is laid for a test")
# What stands for our own package: a backend that needs nothing installed, and lays nothing.
BACKEND = """
import zipfile
def build_editable(folder, settings=None, metadata=None):
    name = "checkout-1.0-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as file:
        for path, text in FILES.items():
            file.writestr(f"checkout-1.0.dist-info/{path}", text)
    return name
FILES = {
    "METADATA": "Metadata-Version: 2.1\\nName: checkout\\nVersion: 1.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nGenerator: here\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    "RECORD": "",
}
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "checkout"
version = "1.0"
"""


def wheel(folder, name, tag="py3-none-any"):
    """Make a wheel of one module, and return the line that pins it."""
    path = folder / f"{name}-1.0-{tag}.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{name}.py", "x = 1\n")
        file.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", f"Wheel-Version: 1.0\nGenerator: here\nTag: {tag}\n")
        file.writestr(f"{about}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


class Clone:
    """A checkout of the Makefile and the locks alone, with few tools and no network."""

    def __init__(self, folder):
        self.top, self.tools, self.wheels = (folder / each for each in ("top", "tools", "wheels"))
        for each in (self.top / "locks", self.tools, self.wheels):
            each.mkdir(parents=True)
        for name in ("Makefile", "locks/install.py", "locks/uv.lock"):
            shutil.copy(TOP / name, self.top / name)
        (self.top / "pyproject.toml").write_text(PROJECT)
        (self.top / "backend.py").write_text(BACKEND)
        for group, lock in install.LOCKS.items():
            (self.top / lock).write_text(wheel(self.wheels, f"for_{group}"))
        for tool in ("make", "sh"):
            (self.tools / tool).symlink_to(shutil.which(tool))
        self.set = {
            "PATH": str(self.tools),
            "UV_CACHE_DIR": str(folder / "cache"),
            "UV_FIND_LINKS": str(self.wheels),
            "UV_OFFLINE": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": "",
            "PIP_NO_INDEX": "1",
        }

    def with_uv(self):
        (self.tools / "uv").symlink_to(UV)
        return self

    def make(self, group="reader", python=sys.executable):
        """Return how `make` ended and what was said, as if no other make had begun it."""
        env = os.environ | self.set
        done = subprocess.run(
            ["make", f"PYTHON={python}", f".venv/.{group}"],
            cwd=self.top,
            env={name: value for name, value in env.items() if not name.startswith("MAKE")},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        lines = [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]
        return done.returncode, done.stdout, lines

    def has(self, *modules):
        code = f"import {', '.join(modules)}"
        done = subprocess.run([self.top / ".venv/bin/python", "-c", code], capture_output=True)
        return done.returncode == 0

    def marks(self):
        return {group for group in install.LOCKS if (self.top / ".venv" / f".{group}").is_file()}


@pytest.fixture
def clone(tmp_path):
    return Clone(tmp_path)


def stopped(made, words):
    """Say whether a set-up was stopped with these words in its one line."""
    code, _, lines = made
    return (
        code != 0
        and len(lines) == 1
        and lines[0].startswith("Set-up stopped: ")
        and words in lines[0]
    )


def test_without_uv_and_pip_one_line_says_what_to_install(clone, tmp_path):
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    for name in ("pip", "ensurepip"):
        (hidden / f"{name}.py").write_text("raise SystemExit(1)")
    clone.set["PYTHONPATH"] = str(hidden)
    assert stopped(clone.make(), "neither uv nor pip is here: install one")
    assert clone.marks() == set()


def test_without_network_pip_ends_in_one_line(clone):
    assert stopped(clone.make(), "could not be reached: look at the network")
    assert clone.marks() == set()


@needs_uv
def test_without_network_uv_ends_in_one_line(clone):
    clone.set["UV_FIND_LINKS"] = ""
    assert stopped(clone.with_uv().make(), "could not be reached: look at the network")
    assert "network" in (clone.top / "build/setup.log").read_text()


@needs_uv
def test_a_lock_that_does_not_fit_the_python_ends_in_one_line(clone):
    line = wheel(clone.wheels, "for_reader", "cp36-cp36m-win32")
    (clone.wheels / "for_reader-1.0-py3-none-any.whl").unlink()
    (clone.top / "requirements.lock").write_text(line)
    assert stopped(clone.with_uv().make(), "the lock does not fit Python")


@needs_uv
def test_a_package_with_other_bytes_than_were_pinned_is_not_installed(clone):
    lock = clone.top / "requirements.lock"
    name, _, digest = lock.read_text().strip().rpartition(":")
    lock.write_text(f"{name}:{digest[::-1]}\n")
    assert stopped(clone.with_uv().make(), "not the one that was pinned")
    assert not clone.has("for_reader") and clone.marks() == set()


def test_a_python_that_is_not_there_or_too_old_ends_in_one_line(clone, monkeypatch):
    assert stopped(clone.make(python="python2.99"), "no python2.99 here")
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    with pytest.raises(install.SetupError, match="too old: run the same command with one from"):
        install.install("reader")


@pytest.mark.parametrize(
    ("said", "fine"), [("uv 0.13.9", True), ("uv 0.4.30", False), ("pyenv: uv: not found", False)]
)
def test_a_uv_that_is_too_old_or_broken_is_not_used(tmp_path, said, fine):
    fake = tmp_path / "uv"
    fake.write_text(f"#!/bin/sh\necho '{said}'\n")
    fake.chmod(0o755)
    assert install.new_enough(fake) == fine


@needs_uv
def test_a_half_made_environment_is_made_anew_by_the_same_command(clone):
    left = clone.top / ".venv" / "left.txt"
    left.parent.mkdir()
    left.write_text("half of an environment")
    assert clone.with_uv().make()[0] == 0
    assert not left.exists() and clone.has("for_reader") and clone.marks() == {"reader"}


@needs_uv
def test_each_group_adds_to_those_before_it_and_what_is_complete_is_left_alone(clone):
    clone.with_uv().make()
    kept = clone.top / ".venv" / "kept.txt"
    kept.write_text("of a complete environment")
    assert clone.make()[:2] == (0, "make: '.venv/.reader' is up to date.\n")
    assert not clone.has("for_site")
    assert clone.make("test")[0] == 0
    assert kept.exists() and clone.has("for_reader", "for_site", "for_test")
    assert not clone.has("for_bench") and clone.marks() == {"reader", "site", "test"}


@needs_uv
def test_a_group_that_could_not_be_laid_leaves_no_mark_and_is_laid_the_next_time(clone):
    clone.with_uv().make()
    good = (clone.top / "locks/site.lock").read_text()
    (clone.top / "locks/site.lock").write_text(good.replace("1.0", "2.0"))
    assert clone.make("site")[0] != 0 and clone.marks() == set()
    (clone.top / "locks/site.lock").write_text(good)
    assert clone.make("site")[0] == 0 and clone.marks() == {"reader", "site"}


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["scorecard"]])
def test_what_answers_at_once_starts_without_pandas(checkout, words):
    code = (
        "import sys; from helpers.main import cli; cli(standalone_mode=False); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "helpers.main" in done.stdout.splitlines()[-1].split()
    assert not {"pandas", "numpy"} & set(done.stdout.splitlines()[-1].split())


def test_a_scorecard_that_was_not_made_yet_is_one_line(checkout):
    (checkout / "data/processed/verdicts.csv").unlink()
    code = "from helpers.main import main; main()"
    words = [sys.executable, "-c", code, "scorecard"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "verdicts.csv is missing: run `factcheck run`" in done.stderr


def without(module, code):
    """Run code in a Python that lacks a module; return its last line of complaint."""
    code = f"import sys; sys.modules[{module!r}] = None; sys.modules['py7zr.io'] = None\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode != 0
    return done.stderr.strip().splitlines()[-1]


def test_what_a_reader_lacks_is_named_with_the_command_that_lays_it(checkout):
    archived = """
from helpers.evidence import fetched, sources
source = next(each for each in sources.load().values() if each.member)
fetched._unpack(source)("archive.7z", "fetch", None)
"""
    assert "7z archive: `.venv/bin/python -m pip install py7zr`" in without("py7zr", archived)
    site = "from helpers.reading import book; book.build(book.project.build() / 'book')"
    hidden = f"import importlib.util; importlib.util.find_spec = lambda name: None\n{site}"
    assert "`make site` does it" in without("sphinx", hidden)


def test_each_command_in_contributing_is_there():
    text = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?\bmake ([a-z]+)(?= *[#`\n]| PYTHON)", text)) <= targets
    for words in set(re.findall(r"(?:^|`)factcheck ([a-z]+(?: rebuild| check)?)", text, re.M)):
        command = cli
        for word in words.split():
            command = command.commands[word]
    for path in re.findall(r"`((?:src|data|notebooks|locks|docs)/[\w/.]*)`", text):
        assert (TOP / path).exists(), path
