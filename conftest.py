"""Keep what notebooks write under nbval out of data/processed; remove what a test run leaves."""

import os
import shutil
import tempfile
from multiprocessing.util import Finalize


def pytest_configure(config):
    """Give all processes of a run one folder for what is temporary, and remove it at the end."""
    if "FACTCHECK_OUT" not in os.environ:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
        made = tempfile.mkdtemp(prefix="factcheck-")
        tempfile.tempdir = os.environ["TMPDIR"] = made
        os.environ["FACTCHECK_OUT"] = os.path.join(made, "out")
        Finalize(
            None, shutil.rmtree, (made, True), exitpriority=-1000
        )  # after multiprocessing's own
