"""Workers: tasks in fresh processes, forked from this warmed one; spawned where no fork is
possible; or on a cluster."""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from .. import project
from . import pools, warm
from .limits import LOG, Lost, bound, memory, uninterrupted, worded

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
) -> Generator[tuple[tuple, Any], None, None]:
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
        yield from pools.pooled(function, tasks, jobs, scheduler)
    else:
        yield from _forked(function, tasks, jobs)


def _warm() -> bool:
    if not warm.possible():
        return False
    try:
        with uninterrupted():  # a library in C may take Ctrl-C for an import that failed
            warm.up()
            import_module(
                "helpers.running.inside"
            )  # here, so that no child reads code that was edited since
    except (ImportError, RuntimeError) as error:
        print(f"No warm kernels ({error}): cold ones take over.", file=sys.stderr)
        return False
    return True


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
    waiting = deque(tasks)
    running: dict[Connection, _Running] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                task = waiting.popleft()
                with uninterrupted():
                    here, there = context.Pipe(duplex=False)
                    process = context.Process(
                        target=_child, args=(function, task, there, [*running, here])
                    )
                    process.start()
                    there.close()
                    running[here] = _Running(task, process)
            soonest = min(one.until for one in running.values()) - time.monotonic()
            ready = wait(list(running), timeout=min(max(soonest, 0), 3600))
            for pipe in [pipe for pipe in running if pipe in ready]:
                if (result := _heard(pipe, running[pipe])) is not None:
                    yield _ended(running, pipe).task, result[0]
            for pipe in [pipe for pipe, one in running.items() if one.until < time.monotonic()]:
                one = _ended(running, pipe)
                yield one.task, Lost(f"{one.at} ran longer than {one.limit:g} s")
    finally:
        for pipe in list(running):
            _ended(running, pipe)


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
        bound()
        answer = ("done", function(*task))
        pipe.send(answer)
    except MemoryError:
        pipe.send(("full", ""))
    except Exception as error:  # as text: not every exception can be sent
        pipe.send(("raised", worded(error)))
