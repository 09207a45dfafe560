"""A notebook in JupyterLab: its figures before anything is run, its panel, and what saving
leaves."""

import copy
import json
import os
import re
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import pytest
from conftest import OFFLINE, TOP, chromium, snapshot
from selenium.webdriver.common.keys import Keys

from helpers import project
from helpers.running import lab, runner

NAME = "06_notable_models"


def as_saved(text):
    """A notebook's content as JupyterLab sends it: other metadata, and numbers as JavaScript
    writes."""
    content = json.loads(
        text, parse_float=lambda each: int(x) if (x := float(each)) % 1 == 0 else x
    )
    content["metadata"] = {
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"},
        "language_info": {"name": "python", "version": "3.99"},
    }
    for place, cell in enumerate(content["cells"]):
        cell["metadata"] |= {"trusted": True, "jp-MarkdownHeadingCollapsed": True}
        for each in (cell, *cell.get("outputs", [])):
            if each.get("execution_count"):
                each["execution_count"] += 30
        if place == 3:
            widget = {lab.WIDGET: {"model_id": "ab12"}, "text/plain": "VBox(...)"}
            cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": widget}]
    return content


@pytest.mark.parametrize("name", runner.names())
def test_saving_gives_the_bytes_of_the_runner(name):
    text = (project.notebooks() / f"{name}.ipynb").read_text(encoding="utf-8")
    made = lab.tidied(as_saved(text))
    assert all(cell.metadata.pop("trusted") for cell in made.cells)
    assert nbformat.writes(made, version=4) + "\n" == text


def test_cells_that_were_not_run_in_one_go_keep_their_counts():
    content = as_saved((project.notebooks() / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    code[4]["execution_count"] = 99
    made = [cell for cell in lab.tidied(content).cells if cell.cell_type == "code"]
    assert [each.execution_count for each in made] == [each["execution_count"] for each in code]


def test_only_notebooks_of_this_checkout_are_tidied(checkout, tmp_path):
    content = as_saved((checkout / "notebooks" / f"{NAME}.ipynb").read_text(encoding="utf-8"))
    for place, touched in ((checkout, True), (tmp_path / "elsewhere", False)):
        model = {"type": "notebook", "content": copy.deepcopy(content)}
        lab.save(model, f"notebooks/{NAME}.ipynb", SimpleNamespace(root_dir=str(place)))
        assert (model["content"] != content) == touched


def test_committed_notebooks_are_trusted_and_changed_ones_are_not(checkout):
    notary = lab.notary()
    notebook = nbformat.read(checkout / "notebooks" / f"{NAME}.ipynb", as_version=4)
    assert notary.check_signature(notebook)
    notebook.cells[0].source += " "
    assert not notary.check_signature(notebook)
    assert (checkout / "build" / "trust" / "nbsignatures.db").is_file()


class Lab:
    """JupyterLab as `make lab` starts it, offline, and a browser on one notebook."""

    def __init__(self, top, home):
        with socket.socket() as free:
            free.bind(("localhost", 0))
            self.port = free.getsockname()[1]
        self.top, self.log, self.reached = top, home / "log", home / "reached"
        env = {key: each for key, each in os.environ.items() if not key.startswith("FACTCHECK_")}
        env |= {"FACTCHECK_ROOT": str(top), "HOME": str(home), "OFFLINE_LOG": str(self.reached)}
        env |= {"PYTHONPATH": f"{OFFLINE}{os.pathsep}{TOP / 'src'}"}
        recipe = re.search(r"jupyter (lab .*)", (TOP / "Makefile").read_text(encoding="utf-8"))[1]
        words = [*recipe.split(), "--no-browser", "--allow-root", f"--port={self.port}"]
        words += ["--IdentityProvider.token=", "--expose-app-in-browser"]
        self.server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", *words], cwd=top, env=env,
            stdout=self.log.open("w"), stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.browser = None

    def start(self):
        self.wait(lambda: "is running at" in self.log.read_text())
        self.browser = chromium(
            "--window-size=1400,1000", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
        )

    def close(self):
        if self.browser:
            self.browser.quit()
        self.server.terminate()
        self.server.wait(30)

    def open(self, name):
        self.browser.get(f"http://localhost:{self.port}/lab/tree/{name}.ipynb?reset")
        self.wait(lambda: self.find(".jp-Notebook .jp-CodeCell"))
        self.wait(lambda: self.js("return !!window.jupyterapp.shell.currentWidget.content.model"))

    def find(self, css):
        return self.browser.find_elements("css selector", css)

    def js(self, text, *given):
        return self.browser.execute_script(text, *given)

    def wait(self, condition, seconds=120):
        deadline = time.monotonic() + seconds
        while True:
            try:
                if found := condition():
                    return found
            except Exception:
                pass
            assert time.monotonic() < deadline, self.log.read_text()[-2000:]
            time.sleep(0.05)

    def command(self, name):
        self.js(
            "window.done = ''; window.jupyterapp.commands.execute(arguments[0])"
            ".then(() => window.done = 'ok', (error) => window.done = String(error))", name,
        )  # fmt: skip
        return self.wait(lambda: self.js("return window.done"), 300)

    def run_all(self):
        began = time.monotonic()
        assert self.command("notebook:run-all-cells") == "ok"
        return time.monotonic() - began

    def show(self, place):
        self.js("window.jupyterapp.shell.currentWidget.content.scrollToItem(arguments[0])", place)

    def set_source(self, place, old, new):
        self.js(
            "const cell = "
            "window.jupyterapp.shell.currentWidget.content.model.cells.get(arguments[0]);"
            "cell.sharedModel.setSource(cell.sharedModel.getSource().replace(arguments[1], "
            "arguments[2]))",
            place,
            old,
            new,
        )

    def output(self, place):
        return self.js(
            "return JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells"
            ".get(arguments[0]).outputs.toJSON())", place,
        )  # fmt: skip


@pytest.fixture
def opened(checkout, tmp_path):
    (checkout / ".gitignore").write_text("build/\n.ipynb_checkpoints/\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "as it was"]):
        git(checkout, "-c", "user.name=a", "-c", "user.email=a@b", *words)
    home = tmp_path / "home"
    home.mkdir()
    found = Lab(checkout, home)
    try:
        found.start()
        yield found
    finally:
        found.close()


def git(top, *words):
    done = subprocess.run(["git", *words], cwd=top, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.slow
def test_a_reader_in_a_browser_sees_changes_and_saves_and_loses_nothing(opened):
    top, before = opened.top, snapshot(opened.top)
    cells = json.loads((top / "notebooks" / f"{NAME}.ipynb").read_text())["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    figure = next(place for place, text in enumerate(sources) if "figures.show(" in text)
    panel = next(place for place, text in enumerate(sources) if "panel.show(" in text)
    opened.open(NAME)
    opened.show(figure)
    opened.wait(lambda: opened.find(".jp-RenderedSVG img"))
    assert not opened.find(".Toastify__toast"), "it asks for news"

    # With the defaults, and however often, saving changes nothing.
    first = opened.run_all()
    opened.wait(lambda: opened.find(".jupyter-widgets select"))
    assert opened.command("docmanager:save") == "ok"
    assert git(top, "status", "--short") == git(top, "diff") == ""

    # The panel by the keyboard: numbers, condition and figure follow, the notebook stays.
    opened.show(panel)
    deepmind = opened.find(".jupyter-widgets select")[2]
    began = time.monotonic()
    deepmind.send_keys(Keys.ARROW_DOWN)
    said = opened.wait(lambda: opened.find(".jupyter-widgets [role=status] table")[0].text)
    followed = time.monotonic() - began
    assert "United States 2024 40 36 holds" in said
    opened.find(".jupyter-widgets select")[1].send_keys(Keys.ARROW_DOWN)
    fails = "United States 2024 40 34 does not hold (defaults: holds)"
    opened.wait(lambda: fails in opened.find(".jupyter-widgets [role=status] table")[0].text)
    assert opened.find(".jupyter-widgets [role=status] img[alt^=Dots]")
    assert 'deepmind = "uk"' in opened.find(".jupyter-widgets pre")[0].text
    opened.find(".jupyter-widgets button")[0].send_keys("\n")
    opened.wait(lambda: not opened.find(".jupyter-widgets pre"))
    assert deepmind.get_property("selectedIndex") == 0
    again = opened.run_all()
    assert opened.command("docmanager:save") == "ok"
    assert git(top, "status", "--short") == git(top, "diff") == ""

    # A changed choice: the notebook alone differs. A wrong one: a message, no traceback.
    opened.set_source(panel - 1, 'deepmind = "us"', 'deepmind = "uk"')
    opened.run_all()
    assert opened.command("docmanager:save") == "ok"
    assert git(top, "status", "--short").split() == ["M", f"notebooks/{NAME}.ipynb"]
    opened.set_source(panel - 1, 'counting = "whole"', 'counting = "hole"')
    opened.run_all()
    wrong = opened.output(panel)
    assert "counting='hole' is not allowed, did you mean 'whole'" in wrong
    assert "Traceback" not in wrong and "panel.py" not in wrong
    assert {path: snapshot(top)[path] for path in before if "data" in path.parts} == {
        path: text for path, text in before.items() if "data" in path.parts
    }
    assert not opened.reached.exists(), opened.reached.read_text()
    print(f"run all {first:.1f} s, again {again:.1f} s; panel {followed:.2f} s")
