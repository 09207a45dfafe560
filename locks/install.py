"""Make .venv for `make`: the packages of a group and those before it, by uv, held to their hashes.

Standard library alone, in words that an older Python reads too: it has to say that it is too old.
A mark in .venv names each group that was laid to the end. Where none stands, .venv is made anew.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
# Each group adds to those before it.
LOCKS = {
    "reader": "requirements.lock",
    "site": "locks/site.lock",
    "test": "locks/test.lock",
    "bench": "locks/bench.lock",
}
OLDEST = (3, 11)
UV = (0, 5)  # the oldest that was seen to install from these locks
VENV, OWN, LOG = TOP / ".venv", TOP / "build" / "uv", TOP / "build" / "setup.log"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "UV_PYTHON_DOWNLOADS": "never"}
# What a tool says, and what to do then; the first that is found in its words.
CAUSES = (
    ("hash mismatch|do not match the hashes", "a package is not the one that was pinned: "
     "find out why, and install nothing of it"),
    ("no usable wheels|no wheels|satisfy Python|requires a different Python|not a supported wheel",
     "the lock does not fit Python {python} on this machine: "
     "run the same command with another, PYTHON=python3.12 behind it"),
    ("network was disabled|failed to fetch|error sending request|dns error|from versions: none",
     "the packages could not be reached: look at the network, then run the same command again"),
    ("no space left|disk quota", "the disk is full: free some space, run the same command again"),
    ("", "{tool} failed: its words are in build/setup.log"),
)  # fmt: skip


class SetupError(Exception):
    """What stopped the set-up, and the next step, in one line."""


def run(tool, *words):
    """Run a tool, its words into build/setup.log; raises SetupError with the next step."""
    done = subprocess.run(
        [str(word) for word in words],
        cwd=str(TOP),
        env=dict(os.environ, **QUIET),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said = done.stdout.decode("utf-8", "replace")
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(said)
    if done.returncode:
        step = next(step for cause, step in CAUSES if re.search(cause, said, re.IGNORECASE))
        python = "{}.{}".format(*sys.version_info)
        raise SetupError(step.format(python=python, tool=tool))
    return said


def works(*words):
    """Say whether a command ends well, whatever it says."""
    return not subprocess.run([str(word) for word in words], capture_output=True).returncode


def new_enough(path):
    """Say whether this uv runs, and installs from these locks."""
    done = subprocess.run([str(path), "--version"], capture_output=True)
    found = re.match(r"uv (\d+)\.(\d+)", done.stdout.decode("utf-8", "replace"))
    return bool(found) and tuple(map(int, found.groups())) >= UV


def uv():
    """Return a path to the machine's uv, or to one of our own, which pip lays in build/ by hash."""
    for path in (shutil.which("uv"), shutil.which("uv", path=str(OWN / "bin"))):
        if path and new_enough(path):
            return path
    pip = [sys.executable, "-m", "pip"]
    if not works(*pip, "--version"):
        pip = [PYTHON, "-m", "pip"]
        if not works(PYTHON, "-m", "ensurepip"):
            raise SetupError("neither uv nor pip is here: install one, then run the same command")
    words = ["install", "--upgrade", "--target", OWN, "--require-hashes", "--only-binary", ":all:"]
    run("pip", *pip, *words, "-r", TOP / "locks" / "uv.lock")
    return OWN / "bin" / "uv"


def install(group):
    """Lay the packages of a group, and of those before it, in .venv, then the project itself."""
    if sys.version_info < OLDEST:
        raise SetupError(
            "Python {}.{} is too old: run the same command with one from 3.11 on, "
            "PYTHON=python3.12 behind it".format(*sys.version_info)
        )
    print(f"Setting up .venv: {group}, a minute or, where packages are cached, seconds", flush=True)
    LOG.unlink(missing_ok=True)
    if not (VENV / ".reader").is_file() or not PYTHON.is_file():
        if VENV.is_symlink():
            VENV.unlink()
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, symlinks=os.name != "nt")
    groups = list(LOCKS)[: list(LOCKS).index(group) + 1]
    for mark in LOCKS:
        (VENV / f".{mark}").unlink(missing_ok=True)
    tool = uv()
    locks = [word for name in groups for word in ("-r", TOP / LOCKS[name])]
    pip = [tool, "pip", "install", "--python", PYTHON]
    run("uv", *pip, "--require-hashes", "--no-build", *locks)
    run("uv", *pip, "--no-deps", "--no-build-isolation", "--offline", "--editable", TOP)
    for mark in groups:
        (VENV / f".{mark}").touch()


def main():
    """Install the group that is named; what stops it is one line."""
    group = sys.argv[1]
    try:
        install(group)
    except (SetupError, OSError) as error:
        sys.exit(f"Set-up stopped: {error}")
    except KeyboardInterrupt:
        sys.exit("Set-up stopped half-way: the same command makes it anew.")


if __name__ == "__main__":
    main()
