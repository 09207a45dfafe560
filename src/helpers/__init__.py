"""The small package behind the notebooks of the fact-check."""

import os as _os

if "FACTCHECK_TRACE" in _os.environ:
    from .running.trace import start as _start

    _start(_os.environ["FACTCHECK_TRACE"])
