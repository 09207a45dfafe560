"""Commands as a reader gives them, each in a process forked from one that imported everything once.

A command of its own spends seconds on imports and a tenth on a small notebook. What depends on how
Python starts (its locale, its hash seed, Ctrl-C while it imports) is tried in processes of their
own instead.
"""

import ctypes
import os
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
from multiprocessing import forkserver, get_context
from pathlib import Path

import pytest

SPACES = {"m": 0x20000, "n": 0x40000000, "r": 0x10000000}  # CLONE_NEWNS, NEWNET, NEWUSER
forked = get_context("forkserver")
forked.set_forkserver_preload(["warmed"])


class Command:
    """A command at work: a `subprocess.Popen` whose words are read from files, at any time."""

    def __init__(self, *words, cwd, env=None, spaces="", lines=(), first=None):
        """Start `factcheck WORDS`, with `env` beside this process's.

        `spaces` are name spaces of its own, as letters of `unshare`, which shell `lines` prepare;
        `first` is a file that the process runs before, as Python would a sitecustomize.py.
        """
        self.words, self.said = words, Path(tempfile.mkdtemp(prefix="said-"))
        wanted = os.environ | (env or {})
        given = {name: value for name, value in wanted.items() if value is not None}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", os.pathsep.join(map(str, sys.path)))
            forkserver.ensure_running()
        task = (list(map(str, words)), str(cwd), given, str(self.said), spaces, list(lines), first)
        self.process = forked.Process(target=_become, args=task)
        self.process.start()
        self.pid, self.kill = self.process.pid, self.process.kill

    @property
    def stdout(self):
        """What it printed so far."""
        return self._text("1")

    @property
    def stderr(self):
        """What it complained of so far."""
        return self._text("2")

    def _text(self, stream):
        path = self.said / stream
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def wait(self, timeout=120):
        """Wait for the end; return the exit code, a signal's number below zero."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(list(self.words), timeout)
        return self.process.exitcode

    def interrupt(self):
        """Press Ctrl-C: every process of the command's group hears it."""
        os.killpg(self.pid, signal.SIGINT)


def run(*words, cwd, env=None, spaces="", lines=(), first=None, timeout=120):
    """Run `factcheck WORDS` to its end; return code, stdout and stderr."""
    command = Command(*words, cwd=cwd, env=env, spaces=spaces, lines=lines, first=first)
    try:
        code = command.wait(timeout)
    finally:
        command.kill()
    done = subprocess.CompletedProcess(words, code, command.stdout, command.stderr)
    shutil.rmtree(command.said)
    return done


def anew(*words, cwd, env=None, staged=(), timeout=120):
    """Run `factcheck WORDS` in a Python of its own; `staged` is what starts it."""
    wanted = os.environ | (env or {})
    given = {name: value for name, value in wanted.items() if value is not None}
    code = "from helpers.main import main; main()"
    return subprocess.run(
        [*staged, sys.executable, "-c", code, *words],
        cwd=cwd, env=given, capture_output=True, text=True, timeout=timeout,
    )  # fmt: skip


def _become(words, cwd, env, said, spaces, lines, first):
    """Make this forked process the command."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["factcheck", *words]
    for number in (1, 2):
        file = os.open(f"{said}/{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, number)
        os.close(file)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout, sys.stderr = (
        os.fdopen(number, "w", encoding="utf-8", buffering=1, closefd=False) for number in (1, 2)
    )
    os.chdir(cwd)
    if spaces:
        _apart(spaces, lines)
        os.chdir(cwd)
    if first:
        runpy.run_path(str(first))
    from helpers.main import main

    main()


def _apart(spaces, lines):
    """Give this process name spaces of its own, as `unshare -SPACES` does, and prepare them."""
    user, group, libc = os.getuid(), os.getgid(), ctypes.CDLL(None, use_errno=True)
    if libc.unshare(sum(SPACES[space] for space in spaces)):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    if "m" in spaces:
        lines = ["mount --make-rprivate /", *lines]
    subprocess.run(["sh", "-ec", "\n".join(lines)], check=True)


def alone(top, log, *words):
    """Run a command in a checkout, with every way out of this machine shut."""
    tests = Path(__file__).parent
    offline = tests / "offline"
    given = {
        "FACTCHECK_ROOT": str(top),
        "PYTHONPATH": os.pathsep.join((str(offline), str(tests.parent / "src"))),
        "OFFLINE_LOG": str(log),
    }
    return run(*words, cwd=top, env=given, first=offline / "sitecustomize.py", timeout=200)
