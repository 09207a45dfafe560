"""Limits: what a worker may use, what it may not lose, and the words for one that was lost."""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .. import project
from ..project import FactcheckError

LOG = "kernels.log"
MEMORY_MB = 4096  # of one worker; all notebooks together need an eighth
FILE_MB = 1024  # of one file that a worker writes
LARGEST_COPY = 20_000_000  # characters of output
MEBIBYTE = 1 << 20
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)


class WorkerError(FactcheckError):
    """Workers that cannot be had, or that were lost: says what to do."""


class Lost(Exception):
    """A task that ended without an answer: says where, and why."""


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait: until libraries are imported, or until a child that is being started is
    known and would be ended with the others.

    What is started meanwhile inherits the patience (see `_heeding`). Windows knows no such thing.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def worded(error: BaseException) -> str:
    """Return an exception in words: ours as it is, another after its type."""
    return str(error) if isinstance(error, FactcheckError) else f"{type(error).__name__}: {error}"


def memory() -> int:
    """Return how many MB a worker may have: `FACTCHECK_MEMORY`, by default 4096; raises
    FactcheckError for anything but a whole number."""
    return project.setting("FACTCHECK_MEMORY", MEMORY_MB)


def bound() -> None:
    """Bind a worker to its parent's life (on Linux), to its share of memory and disk, and to a file
    for what it says beside its notebook."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    if os.name == "posix":
        import resource

        for kind, most in ((resource.RLIMIT_DATA, memory()), (resource.RLIMIT_FSIZE, FILE_MB)):
            soft, hard = resource.getrlimit(kind)
            least = min(
                [
                    most * MEBIBYTE,
                    *(limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY),
                ]
            )
            resource.setrlimit(kind, (least, hard))
    path = project.build() / LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)
