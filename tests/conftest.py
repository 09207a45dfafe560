"""Shared fixtures: a scratch checkout that a test may break."""

import csv
import json
import shutil
from importlib import resources
from pathlib import Path

import pytest

from helpers.evidence import tables
from helpers.judging import choices, claims

TOP = Path(__file__).resolve().parents[1]
OFFLINE = TOP / "tests" / "offline"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def forget():
    for cached in (claims.load, choices.load, choices.impossible, tables.catalogue):
        cached.cache_clear()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the project's data and notebooks; the helpers read it instead of the real one."""
    top = tmp_path / "check out é"
    for folder in ("data", "notebooks"):
        shutil.copytree(TOP / folder, top / folder)
    for name in ("requirements.lock", "README.md", "CITATION.cff"):
        shutil.copy(TOP / name, top / name)
    monkeypatch.setenv("FACTCHECK_ROOT", str(top))
    monkeypatch.delenv("FACTCHECK_OUT", raising=False)
    monkeypatch.chdir(top)
    forget()
    yield top
    forget()


@pytest.fixture
def bare(checkout):
    """A checkout without notebooks."""
    for path in (checkout / "notebooks").glob("*.ipynb"):
        path.unlink()
    return checkout


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


def barriers(browser):
    """What keeps somebody out of the page that the browser shows: axe-core's violations of WCAG 2.2
    AA and of good practice.
    """
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
