"""Pools: unforked workers, spawned on this machine or of a cluster."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from typing import Any

from .limits import Lost, WorkerError, bound, uninterrupted, worded

PATIENCE = 10  # seconds for a cluster's scheduler to answer


def _heeding() -> None:
    """Bind an unforked worker, then let it heed Ctrl-C: a traceback of its own would now go to the
    log."""
    bound()
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def pooled(
    function: Callable[..., Any], tasks: list[tuple], jobs: int, scheduler: str | None
) -> Iterator[tuple[tuple, Any]]:
    """Do what `workers.each` does, by unforked processes or by a cluster."""
    with _pool(jobs, scheduler) as executor:
        with uninterrupted():
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
    return Lost(f"its worker stopped with {worded(error)}")


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
