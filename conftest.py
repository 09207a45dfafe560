"""Keep what notebooks write under nbval out of data/processed."""

import os
import shutil
import tempfile


def pytest_configure(config):
    if "FACTCHECK_OUT" not in os.environ:
        config.made = os.environ["FACTCHECK_OUT"] = tempfile.mkdtemp(prefix="factcheck-")


def pytest_unconfigure(config):
    shutil.rmtree(getattr(config, "made", ""), ignore_errors=True)
