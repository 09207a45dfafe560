"""Site: the pages, the book of notebooks and the release, built from what is committed.

Nothing is fetched and nothing executed.
"""

import shutil
from pathlib import Path

from .. import project
from ..evidence import pins


def build() -> Path:
    """Write build/release and build/site, and return the site's folder.

    What stood there before goes when the new one is complete. Raises FactcheckError where a file
    under data is not what was accepted.
    """
    from . import book, pages, release

    pins.hold()
    release.write(project.build() / "release")
    folder, draft = project.build() / "site", project.build() / ".site"
    shutil.rmtree(draft, ignore_errors=True)
    pages.write(draft)
    book.build(draft / "book")
    shutil.rmtree(folder, ignore_errors=True)
    return draft.rename(folder)
