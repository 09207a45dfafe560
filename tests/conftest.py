"""Shared fixtures: a scratch checkout that a test may break."""

import csv
import fcntl
import json
import os
import shutil
import threading
import time
from importlib import resources
from pathlib import Path

import commands
import jupyter_core.utils
import nbformat
import py7zr
import pytest
from hypothesis import settings

from helpers.evidence import tables
from helpers.judging import choices, claims, contract

TOP = Path(__file__).resolve().parents[1]
OFFLINE = TOP / "tests" / "offline"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


# Which examples a law is tried on is fixed: a run that fails fails again. `make test-all` draws
# others, and five times as many.
settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("fixed")


# The files that take longest, begun first, so that no worker is left alone with one at the end.
LONGEST = (
    "test_cells.py", "test_site.py", "test_example.py", "test_regression.py", "test_faults.py",
    "test_sweep.py",
    "test_explorer.py", "test_book.py", "test_release.py", "test_kernels.py", "test_supply.py",
    "test_pages.py", "test_hostile.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


def pytest_configure(config):
    if config.getoption("--hypothesis-profile"):
        settings.load_profile(config.getoption("--hypothesis-profile"))


@pytest.fixture(autouse=True)
def _threads_end():
    """End what an event loop started: beside threads the next test's kernels would start cold.

    A test that leaves a thread of its own behind fails.
    """
    yield
    loop = jupyter_core.utils._loop.get(None)
    if loop and (helper := getattr(loop, "_default_executor", None)):
        loop._default_executor = None
        helper.shutdown()
    left = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    assert not left, f"the test left threads behind: {', '.join(left)}"


def forget():
    for cached in (claims.load, choices.load, contract.declared, tables.catalogue):
        cached.cache_clear()


@pytest.fixture
def checkout(lend, monkeypatch):
    """A copy of the project's data and notebooks; the helpers read it instead of the real one."""
    yield from lend("whole", monkeypatch)


@pytest.fixture
def bare(lend, monkeypatch):
    """A checkout without notebooks."""
    yield from lend("bare", monkeypatch)


@pytest.fixture(scope="session")
def lend(tmp_path_factory):
    """Lend a checkout to a test: one of each kind for all, mended after whoever had it before."""
    there = {}

    def lent(kind, monkeypatch):
        if kind not in there:
            there[kind] = Scratch(tmp_path_factory.mktemp(kind) / "check out é", kind == "bare")
        top = there[kind].mended()
        monkeypatch.setenv("FACTCHECK_ROOT", str(top))
        monkeypatch.delenv("FACTCHECK_OUT", raising=False)
        monkeypatch.chdir(top)
        forget()
        yield top
        forget()

    return lent


class Scratch:
    """A checkout that a test may break, made whole by copying again only what was touched."""

    def __init__(self, top, bare):
        self.top, self.kept = top, {}
        names = ("requirements.lock", "README.md", "CITATION.cff")
        found = [path for name in ("data", "notebooks") for path in (TOP / name).rglob("*")]
        wanted = [
            path for path in found if path.is_file() and not (bare and path.suffix == ".ipynb")
        ]
        self.files = {path.relative_to(TOP) for path in wanted} | set(map(Path, names))
        self.folders = {folder for file in self.files for folder in file.parents}

    def mended(self):
        """Return its folder, each file as it is in the project and nothing beside."""
        self._folder(Path())
        for folder in sorted(self.folders):
            (self.top / folder).mkdir(parents=True, exist_ok=True)
        for file in self.files:
            path = self.top / file
            if file not in self.kept or not path.exists() or self.kept[file] != _touched(path):
                shutil.copy2(TOP / file, path)
                self.kept[file] = _touched(path)
        return self.top

    def _folder(self, folder):
        """Remove from a folder what does not belong there."""
        if not (self.top / folder).exists():
            return
        (self.top / folder).chmod(0o755)
        for entry in list(os.scandir(self.top / folder)):
            inside = folder / entry.name
            if entry.is_dir(follow_symlinks=False):
                if inside in self.folders:
                    self._folder(inside)
                else:
                    shutil.rmtree(entry.path)
            elif inside not in self.files or _touched(entry.path) != self.kept.get(inside):
                os.unlink(entry.path)


def _touched(path):
    """What no change of a file leaves as it was."""
    found = os.lstat(path)
    return found.st_ino, found.st_ctime_ns


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of a built site and its release; read only.

    The first worker to ask builds it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    top = shared / "check out é"
    with open(shared / "site.lock", "w") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        if not (top / "built").exists():
            shutil.rmtree(top, ignore_errors=True)
            _build(top)
    return top / "build"


def _build(top):
    """Build site and release by the command: in another place, zone and locale, and offline."""
    for name in ("data", "docs", "notebooks"):
        shutil.copytree(TOP / name, top / name)
    for name in ("CITATION.cff", "LICENSE"):
        shutil.copy(TOP / name, top / name)
    log = top / "log"
    settings = {
        "FACTCHECK_ADDRESS": None,
        "FACTCHECK_ROOT": str(top),
        "PYTHONPATH": f"{OFFLINE}{os.pathsep}{TOP / 'src'}",
        "OFFLINE_LOG": str(log),
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Shanghai",
        "LC_ALL": "C",
    }
    done = commands.anew("site", cwd=top, env=settings, timeout=300)
    assert done.returncode == 0, done.stderr
    assert not log.exists(), "the build reached for something beyond this machine"
    (top / "built").touch()


def chromium(*flags, **preferences):
    """A headless browser, or a skip that says why there is none."""
    if not (shutil.which("chromium") and shutil.which("chromedriver")):
        pytest.skip(
            "no chromium with chromedriver on this machine: the pages are not tried in a browser"
        )
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", *flags):
        options.add_argument(flag)
    options.add_experimental_option("prefs", preferences)
    return webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))


@pytest.fixture(scope="session")
def chrome():
    """The one browser of a worker; `look` gives it a new tab of some width."""
    driver = chromium()
    yield driver
    driver.quit()


def look(driver, width, height, scheme="light", scripts=True):
    """Show pages in a new tab, on a screen of so many pixels, a telephone's below 500, where
    nothing fades; a tab keeps no more than fifty steps back."""
    driver.get_log("browser")
    old = driver.current_window_handle
    driver.switch_to.new_window("tab")
    new = driver.current_window_handle
    driver.switch_to.window(old)
    driver.close()
    driver.switch_to.window(new)
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    wanted = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in wanted.items()]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def barriers(browser):
    """What keeps somebody out of the page that the browser shows: axe-core's violations of WCAG 2.2
    AA and of good practice."""
    browser.execute_script(
        (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    )
    found = browser.execute_async_script(
        "axe.run(document, {runOnly: arguments[0], resultTypes:"
        " ['violations']}).then(arguments[1])",
        WCAG,
    )
    assert found["passes"], "axe-core looked at nothing"
    return [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


def tiny(top, name, *cells):
    """Write a notebook of a few cells."""
    nb = nbformat.v4.new_notebook()
    nb.cells = [
        nbformat.v4.new_code_cell("", metadata={"tags": ["parameters"]}),
        *map(nbformat.v4.new_code_cell, cells),
    ]
    nb.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    }
    nbformat.write(nb, top / "notebooks" / f"{name}.ipynb")


def wait_for(condition):
    """Wait until something is so."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def alive(pid):
    """Say whether a process is at work."""
    try:
        return (
            "Z" not in open(f"/proc/{pid}/stat").read().split(")")[1].split()[0]
            if os.path.isdir("/proc")
            else os.kill(pid, 0) is None
        )
    except (FileNotFoundError, ProcessLookupError):
        return False


GOOD = b"year,papers\n2023,4\n" * 50


def archive(folder, name, content):
    """The bytes of a 7z archive of one member."""
    path = folder / "made.7z"
    with py7zr.SevenZipFile(path, "w") as made:
        made.writestr(content, name)
    return path.read_bytes()


def contents(folder):
    """Every file's bytes by its path from the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def snapshot(top):
    """Every committed file's bytes."""
    return {
        path: path.read_bytes()
        for folder in ("data", "notebooks")
        for path in sorted((top / folder).rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def extract():
    """Read data/raw/<id>.csv as plain dictionaries, without the helpers."""
    return lambda id_: list(
        csv.DictReader((TOP / "data" / "raw" / f"{id_}.csv").open(encoding="utf-8"))
    )


@pytest.fixture
def measured():
    """Read a claim's measured values from the committed notebook: {"entity@period": value}."""

    def read(claim):
        for path in sorted((TOP / "notebooks").glob("*.ipynb")):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                for output in cell.get("outputs", []):
                    record = output.get("data", {}).get("application/vnd.factcheck.claim+json", {})
                    if record.get("claim") == claim:
                        return {
                            f"{value['entity']}@{value['period']}": value["value"]
                            for value in record["values"]
                        }
        raise AssertionError(f"no committed notebook answers {claim}")

    return read
