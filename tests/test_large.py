"""The page on large files: its lines of DuckDB and of dask count what the notebooks would."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
from conftest import TOP

from helpers.topics import counting

LINES = re.findall(r"```python\n(.*?)```", (TOP / "docs" / "large.md").read_text("utf-8"), re.S)
WORKS = [
    ("2019", "CHN;USA;CHN"), ("2019", "USA"), ("2020", "NO;FRA"), ("2020", ""), ("2021-1", "NO"),
    ("2021-1", None),
]  # fmt: skip
PRINT = "import json; print(json.dumps([list(map(str, row[:2])) + [int(row[2])] for row in {}]))"


@pytest.mark.parametrize(
    ("place", "needs"), [(0, ("duckdb",)), (1, ("dask", "distributed", "pyarrow"))]
)
def test_the_lines_of_the_page_count_as_the_notebooks_do(tmp_path, place, needs):
    for name in needs:
        pytest.importorskip(name, reason=f"{name} is not installed: the page is not tried")
    table = pd.DataFrame(WORKS, columns=["year", "countries"])
    ordered = (table.iloc[:3], table.iloc[3:][["countries", "year"]])
    paths = [str(tmp_path / f"part-{part}.parquet") for part in range(2)]
    for rows, path in zip(ordered, paths, strict=True):
        _write(rows, path, needs[0])
    code = f"files = {paths!r}\n{LINES[place]}{PRINT.format('counts.to_numpy()')}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    listed = table["countries"].fillna("").str.split(";").map(lambda codes: [c for c in codes if c])
    shares = counting.credits(listed).assign(year=lambda rows: rows["work"].map(table["year"]))
    wanted = shares.groupby(["year", "country"])["credit"].sum().astype(int).reset_index()
    assert json.loads(done.stdout) == wanted.to_numpy().tolist()


def _write(rows, path, engine):
    if engine == "duckdb":
        import duckdb

        duckdb.sql("FROM rows").write_parquet(path)
    else:
        rows.to_parquet(path)
