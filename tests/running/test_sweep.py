import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from commands import Command, run
from conftest import forget, tiny

from helpers.judging import choices, claims
from helpers.running import runner, specifications, sweep, workers
from helpers.running.runner import RunError
from helpers.running.sweep import SweepError

NOTEBOOK, CLAIM = "03_top_cited", "top100-us-2023"
PARAMETERS = 'source = "a"\nweight = 1'
CONTRACT = f"""
["{NOTEBOOK}".source]
default = "a"
claims = ["{CLAIM}"]
values = [
    {{ value = "a", because = "x", source = "y" }},
    {{ value = "b", because = "x", source = "y" }},
]

["{NOTEBOOK}".weight]
default = 1
claims = ["{CLAIM}"]
values = [
    {{ value = 1, because = "x", source = "y" }},
    {{ value = 2, because = "x", source = "y" }},
]
"""
ANSWER = """
from IPython.display import display
value = {"a": 1, "b": 3}[source] * weight
record = {"claim": "CLAIM", "notebook": "03_top_cited",
          "choices": {"source": source, "weight": weight},
          "is_default": (source, weight) == ("a", 1), "holds": value > 2, "sources": [],
          "values": [{"entity": "United States", "period": "2023", "measure": "m", "unit": "u",
                      "value": value, "low": None, "high": None}]}
display({"application/vnd.factcheck.claim+json": record}, raw=True)
""".replace("CLAIM", CLAIM)


@pytest.fixture
def small(bare):
    tiny(bare, "00_sources", "print(1)")
    write(bare, ANSWER)
    (bare / "data" / "processed" / sweep.TABLE).unlink()
    return bare


def write(top, answer, contract=CONTRACT):
    tiny(top, NOTEBOOK, answer)
    path = top / "notebooks" / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][0]["source"] = PARAMETERS
    path.write_text(json.dumps(notebook))
    (top / "notebooks" / "choices.toml").write_text(contract)
    forget()


def swept(top):
    return (top / "data" / "processed" / sweep.TABLE).read_bytes()


def test_every_combination_is_run_once_and_a_second_sweep_starts_no_kernel(small, monkeypatch):
    assert sweep.run(tell=print) == 4
    table = pd.read_csv(small / "data" / "processed" / sweep.TABLE)
    assert (
        sorted(table["value"]) == [1, 2, 3, 6]
        and table["is_default"].sum() == 1
        and table["holds"].sum() == 2
    )
    before = swept(small)
    monkeypatch.setattr(specifications, "specification", None)
    assert sweep.run(tell=print) == 0 and swept(small) == before
    assert not list((small / "build").glob(".specification-*"))


def test_a_changed_notebook_is_swept_again(small):
    sweep.run(tell=print)
    write(small, ANSWER.replace('"b": 3', '"b": 5'))
    assert sweep.run(tell=print) == 4
    assert b",10," in swept(small)


def test_a_choice_that_bears_on_a_claim_unknown_to_the_contract_is_seen(small):
    other = CONTRACT.replace(
        f'default = 1\nclaims = ["{CLAIM}"]', 'default = 1\nclaims = ["top100-china-2023"]'
    )
    write(
        small, ANSWER.replace('{"source": source, "weight": weight}', '{"source": source}'), other
    )
    grid = [{"source": "a", "weight": 1}, {"source": "a", "weight": 2}]
    found = {(NOTEBOOK, str(each)): specifications.specification(NOTEBOOK, each) for each in grid}
    with pytest.raises(SweepError, match=f"{CLAIM}: two runs give other values under the same"):
        sweep._write([NOTEBOOK], found)


def test_a_failing_specification_is_named_and_the_others_are_kept(small):
    write(small, ANSWER + "\nif source == 'b': raise ValueError('no data for b')")
    with pytest.raises(
        RunError, match=r'"source": "b".*cell 3 stopped with ValueError: no data for b'
    ):
        sweep.run(tell=print)
    assert len(list((small / "build" / "sweep" / NOTEBOOK).glob("*.json"))) == 2
    assert not (small / "data" / "processed" / sweep.TABLE).exists()


def results(top):
    return len(list((top / "build" / "sweep" / NOTEBOOK).glob("*.json")))


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


DIES_ONCE = """
import os, pathlib, signal
flag = pathlib.Path(os.environ["FACTCHECK_ROOT"]) / "died"
if weight == 2 and not flag.exists():
    flag.touch()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    "victim", ["the sweep", "a kernel", pytest.param("a worker", marks=pytest.mark.slow)]
)
def test_a_killed_sweep_goes_on_to_the_same_bytes(small, victim, monkeypatch):
    if victim == "a kernel":
        write(small, DIES_ONCE + ANSWER)
    if victim == "a worker":
        monkeypatch.setenv("FACTCHECK_WARM", "off")
    process = Command("sweep", cwd=small)
    wait_for(lambda: results(small) >= 1)
    if victim == "the sweep":
        os.killpg(process.pid, signal.SIGKILL)
    if victim == "a worker":
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(
            next(
                int(child)
                for child in children
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
            ),
            signal.SIGKILL,
        )
    assert process.wait(60) != 0 and 1 <= results(small) < 4
    assert not (small / "data" / "processed" / sweep.TABLE).exists()
    kept = results(small)
    assert sweep.run(tell=print) == 4 - kept
    resumed = swept(small)
    for path in (small / "build" / "sweep").rglob("*.json"):
        path.unlink()
    assert sweep.run(tell=print) == 4 and swept(small) == resumed


@pytest.mark.slow
def test_two_workers_of_a_cluster_give_the_same_bytes_though_one_is_killed(small, monkeypatch):
    monkeypatch.setenv("FACTCHECK_ROOT", str(small))
    sweep.run(tell=print)
    alone = swept(small)
    for path in (small / "build" / "sweep").rglob("*.json"):
        path.unlink()
    (small / "data" / "processed" / sweep.TABLE).unlink()
    file = small / "scheduler.json"
    shared = ["--scheduler-file", file, "--no-dashboard"]
    cluster = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        *shared,
    ]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--nthreads",
        "1",
        "--no-nanny",
        *shared,
    ]
    processes = [subprocess.Popen(cluster, cwd=small)]
    try:
        wait_for(file.exists)
        processes += [subprocess.Popen(worker, cwd=small) for _ in range(2)]
        address = json.loads(file.read_text())["address"]
        process = Command("sweep", "--scheduler", address, cwd=small)
        wait_for(lambda: results(small) >= 1)
        processes[1].kill()
        assert process.wait(120) == 0
    finally:
        for each in processes:
            each.kill()
            each.wait()
    assert swept(small) == alone


def test_a_scheduler_that_does_not_answer_is_one_message(small):
    hurried = small / "hurried.py"
    hurried.write_text("from helpers.running import pools\npools.PATIENCE = 1\n")
    done = run("sweep", "--scheduler", "tcp://127.0.0.1:9", cwd=small, first=hurried)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "No scheduler answers at tcp://127.0.0.1:9" in done.stderr


@pytest.mark.parametrize("notebook", [name for name in runner.topics() if name in choices.load()])
def test_the_runs_cover_the_grid_of_every_claim(notebook):
    runs, defaults = specifications.runs(notebook), choices.defaults(notebook)
    assert defaults in runs and len({json.dumps(each) for each in runs}) == len(runs)
    for claim in filter(lambda claim: claims.get(claim).entity, claims.of_notebook(notebook)):
        names, grid = choices.of_claim(notebook, claim), choices.grid(notebook, claim)
        covered = {specifications._own(each, names) for each in runs}
        assert {specifications.as_key(each) for each in grid} == covered


def test_specifications_after_the_first_have_read_what_the_first_has():
    name = "01_research_output"
    plan = [(name, parameters) for parameters in specifications.runs(name)[:3]]
    modules = [
        {path for path in result["inputs"] if path.startswith("src/")}
        for _, _, result in specifications.results(plan)
    ]
    assert (
        {"src/helpers/topics/shares.py", "src/helpers/judging/claims.py"}
        <= modules[0]
        == modules[1]
        == modules[2]
    )
    assert "src/helpers/topics/lag.py" not in modules[0]


def test_a_fork_that_shares_what_was_imported_answers_as_one_that_imports_it():
    plan = [
        ("06_notable_models", parameters)
        for parameters in specifications.runs("06_notable_models")[:2]
    ]
    shared = [result["records"] for _, _, result in specifications.results([plan[0], *plan])][1:]
    alone = [result["records"] for _, result in workers.each(specifications.specification, plan)]
    assert sorted(map(str, shared)) == sorted(map(str, alone)) and len(shared[0]) == 3
