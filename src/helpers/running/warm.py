"""Warm: what every kernel imports, imported once in a process that forks, and what a fork must put
right afterwards.

A forked kernel shares nothing with another but these imports, read-only. No module of this package
is among them: each kernel imports `helpers` itself, so that an edited helper is read anew.
"""

import gc
import os
import random
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

SWITCH = "FACTCHECK_WARM"
MODULES = (
    "IPython.core.logger",
    "IPython.core.oinspect",
    "ipykernel.debugger",
    "ipykernel.inprocess.ipkernel",
    "ipykernel.kernelapp",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "nbclient",
    "nbformat",
    "nbval.plugin",
    "pandas",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "pandera.backends.pandas.builtin_checks",
    "pandera.backends.pandas.builtin_hypotheses",
    "pandera.backends.pandas.register",
    "pandera.pandas",
    "pandera.strategies.pandas_strategies",
    "papermill",
    "pycountry",
    "scipy.stats",
    "seaborn",
    "sqlite3",
    "statsmodels.regression.linear_model",
    "tornado.platform.asyncio",
)
GRAMMARS = "rfc3987_syntax"
SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
BACKEND = "module://matplotlib_inline.backend_inline"
KERNEL_COLUMNS = 20
COLLECT_EVERY = 50_000  # allocations; a kernel lives for seconds

os.environ.update(
    {name: value for name, value in SETTINGS.items() if name not in os.environ}
)  # before numpy is first imported


def possible() -> bool:
    """Say whether kernels may be forked: on Linux and other systems with a safe fork, unless
    `FACTCHECK_WARM=off`."""
    return hasattr(os, "fork") and sys.platform != "darwin" and os.environ.get(SWITCH) != "off"


@contextmanager
def lean() -> Iterator[None]:
    """Import jsonschema, inside, without the forty grammars that it would compile for international
    addresses: they take a second."""
    hidden = GRAMMARS not in sys.modules
    if hidden:
        sys.modules[GRAMMARS] = None  # type: ignore[assignment]  # an import of it fails
    try:
        yield
    finally:
        if hidden:
            del sys.modules[GRAMMARS]


def up() -> None:
    """Import everything that kernels will need, and put it beyond the reach of the garbage
    collector.

    Raises RuntimeError where threads run beside this one: a fork would take their locks along, and
    not them.
    """
    with lean():
        for name in MODULES:
            import_module(name)
        import nbformat
    nbformat.reads(
        nbformat.writes(nbformat.v4.new_notebook()), as_version=4
    )  # compiles the notebook schema
    if threading.active_count() > 1:
        raise RuntimeError(
            f"threads are running: {', '.join(thread.name for thread in threading.enumerate())}"
        )
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY)


def reborn() -> None:
    """Put right, in a forked child, what a fork breaks or a kernel finds at its start.

    Process group, signals, random state and event loop; matplotlib's backend; pandas, which was
    imported outside a kernel and would fold its tables to a terminal's width.
    """
    import asyncio

    import jupyter_core.utils
    import matplotlib
    import numpy
    import pandas

    os.setsid()
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.set_wakeup_fd(-1)
    random.seed()
    numpy.random.seed()
    asyncio.set_event_loop(None)
    jupyter_core.utils._loop.set(None)
    matplotlib.rcParams["backend"] = os.environ["MPLBACKEND"] = BACKEND
    pandas.options.display.max_columns = KERNEL_COLUMNS


def forget() -> None:
    """Drop this package's modules, so that a kernel imports them itself; what was read from input
    files stays (see `store`)."""
    for name in [
        name
        for name in sys.modules
        if name.partition(".")[0] == "helpers" and name != "helpers.evidence.store"
    ]:
        del sys.modules[name]
