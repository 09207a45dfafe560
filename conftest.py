"""Keep what notebooks write under nbval out of data/processed."""

import os
import tempfile


def pytest_configure(config):
    os.environ.setdefault("FACTCHECK_OUT", tempfile.mkdtemp(prefix="factcheck-"))
