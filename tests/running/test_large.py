import json
import subprocess
import sys

import pandas as pd
import pytest
from commands import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.evidence.tables import to_csv
from helpers.running import large
from helpers.running.large import LargeError
from helpers.topics import counting

WORKS = st.lists(
    st.tuples(
        st.integers(2019, 2022),
        st.lists(st.sampled_from(["CHN", "USA", "FRA", "GBR"]), min_size=1, max_size=4),
    ),
    min_size=1,
)
DuckDB = pytest.importorskip(
    "duckdb", reason="DuckDB is not installed: large files are not counted"
)


def write(folder, works, parts=1):
    """Write works as Parquet, in so many files."""
    table = pd.DataFrame(
        {"year": [year for year, _ in works], "countries": [";".join(codes) for _, codes in works]}
    )
    for part in range(parts):
        rows = table.iloc[part::parts]
        DuckDB.sql("FROM rows").write_parquet(str(folder / f"part-{part}.parquet"))
        assert len(rows)
    return str(folder / "*.parquet")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings().max_examples // 10,  # each asks two engines under every rule
)
@given(WORKS)
def test_every_engine_gives_what_the_counting_of_the_notebooks_gives(tmp_path, works):
    pattern = write(tmp_path, works)
    for rule in counting.RULES:
        shares = counting.credits(pd.Series([codes for _, codes in works]), rule)
        years = pd.Series([year for year, _ in works]).astype(str)
        plain = (
            shares.assign(year=shares["work"].map(years))
            .groupby(["year", "country"])["credit"]
            .sum()
        )
        found = {
            engine: large.count(pattern, rule=rule, engine=engine)
            for engine in ("pandas", "duckdb")
        }
        assert to_csv(found["pandas"]) == to_csv(found["duckdb"])
        pd.testing.assert_series_equal(
            found["duckdb"].set_index(["year", "country"])["credit"], plain, check_index_type=False
        )


@pytest.mark.slow
def test_two_workers_of_a_cluster_give_the_same_bytes(tmp_path):
    distributed = pytest.importorskip("distributed")
    works = [
        (2019 + place % 4, ["CHN", "USA", "FRA"][place % 2 : 1 + place % 3] or ["GBR"])
        for place in range(3000)
    ]
    pattern = write(tmp_path, works, parts=3)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        for rule in counting.RULES:
            far = large.count(
                pattern, rule=rule, engine="dask", scheduler=cluster.scheduler_address
            )
            assert (
                to_csv(far)
                == to_csv(large.count(pattern, rule=rule))
                == to_csv(large.count(pattern, rule=rule, engine="pandas"))
            )


def test_three_hundred_thousand_works_are_counted_in_little_memory(tmp_path):
    DuckDB.sql(
        "SELECT 2000 + i % 25 AS year, ['CHN', 'USA;CHN', 'USA', 'FRA;GBR;CHN'][1 + i % 4] AS countries FROM range(300000) AS t(i)"
    ).write_parquet(str(tmp_path / "works.parquet"))
    code = f"""
import json, resource
from helpers.running import large
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = large.count({str(tmp_path / "works.parquet")!r}, rule="fractional")
print(json.dumps([len(found), round(found["credit"].sum(), 6), (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024]))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rows, works, grown = json.loads(done.stdout)
    assert rows == 25 * 4 and works == 300000 and grown < 200


def test_the_command_prints_a_table_and_says_what_is_wrong(tmp_path):
    def said(*words):
        done = run("count", *words, cwd=tmp_path)
        return done.returncode, done.stdout or done.stderr

    path = write(tmp_path, [(2019, ["CHN", "USA"]), (2019, ["USA"])])
    assert said(path, "--counting", "fractional") == (
        0,
        "year,country,credit\n2019,CHN,0.5\n2019,USA,1.5\n",
    )
    (tmp_path / "odd.txt").write_text("x")
    (tmp_path / "bad.parquet").write_text("x")
    for words, message in [
        ((str(tmp_path / "none.csv"),), "No file at"),
        ((str(tmp_path / "odd.txt"),), "all Parquet or all CSV"),
        ((str(tmp_path / "bad.parquet"),), "cannot be read"),
        (
            (str(tmp_path / "part-0.parquet"), "--by", "yaer"),
            "no column 'yaer': did you mean 'year'",
        ),
        ((str(tmp_path / "part-0.parquet"), "--engine", "dukdb"), "did you mean 'duckdb'"),
        ((str(tmp_path / "part-0.parquet"), "--counting", "halves"), "no counting rule"),
        ((str(tmp_path / "part-0.parquet"), "--engine", "dask"), "needs --scheduler"),
    ]:
        code, text = said(*words)
        assert code == 1 and message in text and "Traceback" not in text, words


def test_a_work_without_a_country_counts_for_none_and_a_missing_year_stays(tmp_path):
    DuckDB.sql(
        "SELECT * FROM (VALUES (2019, 'CHN'), (2019, NULL), (2019, ''), (NULL, 'USA')) AS t(year, countries)"
    ).write_csv(str(tmp_path / "works.csv"))
    for engine in ("pandas", "duckdb"):
        found = large.count(str(tmp_path / "works.csv"), engine=engine)
        assert found["country"].tolist() == ["CHN", "USA"] and found["credit"].tolist() == [1, 1]
    with pytest.raises(LargeError, match="No file at"):
        large.files(str(tmp_path / "*.parquet"))
