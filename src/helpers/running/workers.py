"""Workers: tasks in fresh processes, forked from this warmed one; spawned where no fork is
possible; or on a cluster."""

import ctypes
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from .. import project
from ..project import FactcheckError
from . import warm

LOG = "kernels.log"
MEMORY_MB = 4096  # of one worker; all notebooks together need an eighth
FILE_MB = 1024  # of one file that a worker writes
MEBIBYTE = 1 << 20
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG, prctl(2)


class WorkerError(FactcheckError):
    """Workers that cannot be had, or that were lost: says what to do."""


class Lost(Exception):
    """A task that ended without an answer: says where, and why."""


PATIENCE = 10  # seconds for a cluster's scheduler to answer

_pipe: Connection | None = None


def at(place: str, seconds: float | None = None) -> None:
    """Tell whoever waits for this task where it is, and for how many seconds it may stay there; in
    an unforked worker, nobody."""
    if _pipe:
        _pipe.send(("at", (place, seconds)))


def forked() -> bool:
    """Say whether this process was forked for one task and ends with it."""
    return _pipe is not None


def each(
    function: Callable[..., Any],
    tasks: Iterable[tuple],
    jobs: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[tuple, Any]]:
    """Call `function(*task)` in a process of its own for each task; yield (task, result) as they
    end, a Lost for one that was lost or raised: the others go on.

    `jobs` run at a time, by default one a core; `scheduler` (tcp://host:port) sends them to a dask
    cluster. Ctrl-C ends every process before it is raised. A cluster's workers need this checkout
    at the same path, and one thread each: notebooks run in a working directory. Raises WorkerError
    where a cluster does not answer or a pool of unforked workers breaks.
    """
    tasks = list(tasks)
    if not tasks:
        return
    memory()
    project.build().mkdir(parents=True, exist_ok=True)
    (project.build() / LOG).write_bytes(b"")  # here, where a full disk is told plainly
    jobs = max(1, min(jobs or os.cpu_count() or 1, len(tasks)))
    if scheduler or not _warm():
        yield from _pooled(function, tasks, jobs, scheduler)
    else:
        yield from _forked(function, tasks, jobs)


def _warm() -> bool:
    if not warm.possible():
        return False
    try:
        with _uninterrupted():  # a library in C may take Ctrl-C for an import that failed
            warm.up()
            import_module(
                "helpers.running.inside"
            )  # here, so that no child reads code that was edited since
    except (ImportError, RuntimeError) as error:
        print(f"No warm kernels ({error}): cold ones take over.", file=sys.stderr)
        return False
    return True


def _heeding() -> None:
    """Bind an unforked worker, then let it heed Ctrl-C: a traceback of its own would now go to the
    log."""
    _bound()
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@dataclass
class _Running:
    task: tuple
    process: Any
    at: str = "its start"
    until: float = float("inf")
    limit: float = 0


def _forked(
    function: Callable[..., Any], tasks: list[tuple], jobs: int
) -> Iterator[tuple[tuple, Any]]:
    context = get_context("fork")
    waiting, running = deque(tasks), {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                with _uninterrupted():
                    here, there = context.Pipe(duplex=False)
                    process = context.Process(
                        target=_child, args=(function, task, there, [*running, here])
                    )
                    process.start()
                    there.close()
                    running[here] = _Running(task, process)
            soonest = min(one.until for one in running.values()) - time.monotonic()
            ready = wait(list(running), timeout=min(max(soonest, 0), 3600))
            for pipe in ready:
                if (result := _heard(pipe, running[pipe])) is not None:
                    yield _ended(running, pipe).task, result[0]
            for pipe in [pipe for pipe, one in running.items() if one.until < time.monotonic()]:
                one = _ended(running, pipe)
                yield one.task, Lost(f"{one.at} ran longer than {one.limit:g} s")
    finally:
        for pipe in list(running):
            _ended(running, pipe)


@contextmanager
def _uninterrupted() -> Iterator[None]:
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


def _heard(pipe: Connection, one: _Running) -> tuple[Any] | None:
    """Take one message of a child: None where it goes on, its result in a tuple where it has
    ended."""
    try:
        kind, content = pipe.recv()
    except (EOFError, OSError):
        return (Lost(f"the kernel died in {one.at}: it was killed or ran out of memory"),)
    if kind == "at":
        one.at, one.limit = content[0], content[1] or 0
        one.until = time.monotonic() + content[1] if content[1] else float("inf")
        return None
    if kind == "full":
        return (Lost(f"the kernel ran out of memory in {one.at}"),)
    if kind == "raised":
        return (Lost(f"{one.at} stopped with {content}"),)
    return (content,)


def _ended(running: dict[Connection, _Running], pipe: Connection) -> _Running:
    """Kill a child with all that it started, and forget it."""
    one = running.pop(pipe)
    try:
        os.killpg(one.process.pid, signal.SIGKILL)
    except ProcessLookupError:  # it has not yet made a group of its own
        one.process.kill()
    one.process.join()
    one.process.close()
    pipe.close()
    return one


def _child(
    function: Callable[..., Any], task: tuple, pipe: Connection, others: list[Connection]
) -> None:
    global _pipe
    _pipe = pipe
    for other in others:
        other.close()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # what was typed before this child left its parent's group
    warm.reborn()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        _bound()
        answer = ("done", function(*task))
        pipe.send(answer)
    except MemoryError:
        pipe.send(("full", ""))
    except Exception as error:  # as text: not every exception can be sent
        pipe.send(("raised", _worded(error)))


def _worded(error: BaseException) -> str:
    return str(error) if isinstance(error, FactcheckError) else f"{type(error).__name__}: {error}"


def memory() -> int:
    """Return how many MB a worker may have: `FACTCHECK_MEMORY`, by default 4096; raises
    FactcheckError for anything but a whole number."""
    return project.setting("FACTCHECK_MEMORY", MEMORY_MB)


def _bound() -> None:
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


def _pooled(
    function: Callable[..., Any], tasks: list[tuple], jobs: int, scheduler: str | None
) -> Iterator[tuple[tuple, Any]]:
    with _pool(jobs, scheduler) as executor:
        with _uninterrupted():
            futures = {executor.submit(_answer, function, *task): task for task in tasks}
        try:
            for future in as_completed(futures):
                try:
                    result = future.result()
                except BrokenProcessPool:
                    raise
                except Exception as error:
                    result = _lost(error)
                yield futures[future], result
        except BrokenProcessPool:
            raise WorkerError(
                "A worker was killed, or ran out of memory. What was finished is kept: the same "
                "command goes on from here."
            ) from None


def _answer(function: Callable[..., Any], *task: Any) -> Any:
    """Call it; what it raises becomes words, for not every exception can be sent."""
    try:
        return function(*task)
    except Exception as error:
        return _lost(error)


def _lost(error: Exception) -> Lost:
    return Lost(f"its worker stopped with {_worded(error)}")


@contextmanager
def _pool(jobs: int, scheduler: str | None) -> Iterator[Executor]:
    """Give an executor of spawned processes, or of a cluster; an exception or an interruption
    cancels what has not begun."""
    if scheduler:
        with _cluster(scheduler) as client:
            yield client.get_executor(pure=False)
        return
    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_heeding)
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():  # an interrupted worker may still wait for its kernel
            worker.join(5)
            worker.terminate()
        raise
    executor.shutdown()


def _cluster(scheduler: str) -> Any:
    """Return a dask client; leaving its context cancels what has not begun."""
    try:
        from distributed import Client
    except ImportError:
        raise WorkerError(
            "--scheduler needs dask: `.venv/bin/python -m pip install 'dask[distributed]'`, or "
            "leave the option out."
        ) from None
    try:
        return Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise WorkerError(
            f"No scheduler answers at {scheduler} ({error}): start one with `dask scheduler`, or "
            "leave --scheduler out."
        ) from None
