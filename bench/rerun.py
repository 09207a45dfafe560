"""The topic notebooks as tests for mutated code: every cell run here in one process, its results
held against the committed outputs.

Not collected by the suite, where nbval and verify do the same with a kernel each; mutmut needs to
see which code a test runs.
"""

import nbformat
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from helpers import project
from helpers.judging import claims
from helpers.running import execution, runner


@pytest.fixture(scope="module")
def shell():
    # Without a history, whose thread would stay.
    return InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))


@pytest.mark.parametrize("name", runner.topics())
def test_a_notebook_gives_its_committed_tables_texts_and_records(
    name, shell, tmp_path, monkeypatch
):
    monkeypatch.setenv("FACTCHECK_OUT", str(tmp_path))
    monkeypatch.chdir(project.notebooks())
    shell.reset(new_session=True)
    pd.reset_option("^display")  # what the notebook before has set
    for cell in nbformat.read(project.notebooks() / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type != "code" or execution.SHOWS in cell.source:
            continue
        with capture_output() as said:
            found = shell.run_cell(cell.source)
        found.raise_error()
        for output in cell.outputs:
            if output.output_type == "stream":
                assert output.text in said.stdout
            elif claims.MIME in output.data:
                assert found.result._repr_mimebundle_() == output.data
            elif isinstance(found.result, pd.DataFrame):
                assert found.result._repr_html_() == output.data["text/html"]
