"""What this project is made of, and what it may reach: pinned packages, their licences, no network,
no code made of data."""

import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from itertools import chain
from pathlib import Path

import install
import licences
import pytest
import renew
from commands import alone
from conftest import TOP, tiny

LOCKS = [TOP / path for path in (*install.LOCKS.values(), "locks/uv.lock")]
LOCK = "".join(path.read_text(encoding="utf-8") for path in LOCKS)
RULES = (
    "S102,S301,S302,S307,S506,S602,S604,S605"  # exec, pickle, marshal, eval, unsafe YAML, shells
)
RUFF = [Path(sys.executable).parent / "ruff", "check", "--isolated", "--quiet", "--select", RULES]
FREE = re.compile(
    r"Apache|BSD|MIT|ISC|MPL|Mozilla|Python Software Foundation|PSF|LGPL|Lesser General "
    r"Public|HPND|Historical Permission|Unlicense|Public Domain|"
    r"Zlib|CC0|ZPL|The Unlicense|0BSD|Artistic|Eclipse",
    re.IGNORECASE,
)


def test_every_package_is_pinned_with_hashes_and_no_address():
    entries = [
        entry for entry in re.split(r"\n(?=\S)", LOCK) if entry and not entry.startswith("#")
    ]
    assert len(entries) > 200
    assert [
        entry
        for entry in entries
        if not re.match(r"[A-Za-z0-9._-]+(\[.*\])?==\S+", entry) or "--hash=sha256:" not in entry
    ] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", LOCK)


def test_no_package_is_pinned_twice_in_one_environment():
    found = re.findall(r"^([a-z0-9._-]+)==([^ ]+)( ;.*?)? \\$", LOCK, re.MULTILINE)
    assert len(found) > 200
    pins = {}
    for name, version, marker in found:
        assert pins.setdefault((name, marker), version) == version, name


def test_what_the_project_asks_for_is_pinned_and_each_of_its_extras_has_a_lock():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *chain.from_iterable(extras.values())]
    names = {licences.plain(re.match(r"[A-Za-z0-9._-]+", each)[0]) for each in asked}
    assert names <= {licences.plain(name) for name in re.findall(r"^([\w.-]+)==", LOCK, re.M)}
    assert sorted(chain.from_iterable(renew.EXTRAS.values())) == sorted(extras)


@pytest.fixture
def wheel(tmp_path):
    """A package of one module, made here."""
    path = tmp_path / "tiny_thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tiny_thing.py", "x = 1\n")
        file.writestr(
            "tiny_thing-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: tiny-thing\nVersion: 1.0\n",
        )
        file.writestr(
            "tiny_thing-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nGenerator: here\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr("tiny_thing-1.0.dist-info/RECORD", "")
    return path


@pytest.mark.parametrize("good", [True, False])
def test_a_package_with_another_hash_is_not_installed(wheel, tmp_path, good):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = tmp_path / "lock"
    lock.write_text(f"tiny-thing==1.0 --hash=sha256:{digest if good else digest[::-1]}\n")
    words = [
        "--quiet",
        "--no-index",
        "--find-links",
        tmp_path,
        "--require-hashes",
        "-r",
        lock,
        "--target",
        tmp_path / "there",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == good == (tmp_path / "there" / "tiny_thing.py").is_file()
    assert good or "DO NOT MATCH THE HASHES" in done.stderr


def test_every_package_listed_or_installed_has_a_free_licence():
    everything = [*licences.listed().items(), *licences.found().items()]
    assert [each for each in everything if not FREE.search(each[1])] == []


def test_every_package_is_listed():
    text = (TOP / "docs" / "licences.md").read_text(encoding="utf-8")
    if (here := ".".join(map(str, sys.version_info[:2]))) not in text.partition("|---|")[0]:
        pytest.skip(f"the list is that of another Python than {here}")
    listed = licences.listed()
    assert {
        name: licence for name, licence in licences.found().items() if listed.get(name) != licence
    } == {}


def test_a_licence_that_is_not_free_or_not_known_is_seen():
    assert (
        not FREE.search("UNKNOWN")
        and not FREE.search("Proprietary")
        and FREE.search("BSD-3-Clause")
    )


def test_a_notebook_that_reaches_out_is_stopped_and_named(bare, tmp_path):
    tiny(
        bare, "00_sources", "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)"
    )
    done = alone(bare, tmp_path / "log", "run")
    assert (
        done.returncode == 1
        and "00_sources, cell 2 stopped with ConnectionRefusedError" in done.stderr
    )
    assert "192.0.2.1" in (tmp_path / "log").read_text()


def test_no_data_becomes_code_here():
    done = subprocess.run(
        [*RUFF, TOP / "src", TOP / "tests", TOP / "notebooks", TOP / "docs"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "eval(text)",
        "exec(text)",
        "import os\nos.system(text + 'x')",
        "import pickle\npickle.loads(text)",
        "import subprocess\nsubprocess.run(text, shell=True)",
        "import yaml\nyaml.load(text)",
    ],
)
def test_a_line_that_makes_data_into_code_is_seen(line):
    done = subprocess.run(
        [*RUFF, "--stdin-filename", "x.py", "-"],
        input=f"{line}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
