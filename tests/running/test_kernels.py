import asyncio
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from commands import run
from conftest import tiny, wait_for
from jupyter_client.manager import AsyncKernelManager, KernelManager

from helpers.running import kernels, runner
from helpers.running.kernels import WarmProvisioner

LEAVES = """
import os, random, sys
import matplotlib, numpy, pandas
import wave
left = 1
matplotlib.rcParams["lines.linewidth"] = 77
os.environ["LEFT"] = "1"
pandas.DataFrame.head = None
pandas.options.display.max_rows = 3
sys.path.append("/left")
random.seed(1), numpy.random.seed(1)
"""
FINDS = """
import os, random, sys
import matplotlib, numpy, pandas
seeded = numpy.random.RandomState(1).random(), random.Random(1).random()
print("left" in globals(), "wave" in sys.modules,
      matplotlib.rcParams["lines.linewidth"] == 77, "LEFT" in os.environ,
      pandas.DataFrame.head is None, pandas.options.display.max_rows == 3, "/left" in sys.path,
      (numpy.random.random(), random.random()) == seeded,
      sum(map(numpy.isclose, (numpy.random.random(), random.random()), seeded)))
"""
NOTHING = " ".join(["False"] * 8) + " 0"


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    """These tests are of warm kernels, also where the rest of a run has them switched off."""
    monkeypatch.delenv("FACTCHECK_WARM", raising=False)


@pytest.fixture
def kernel():
    """Start kernels called `factcheck`; end those that a test leaves."""
    started = []

    def start(ready=True, **kwargs):
        manager = KernelManager(kernel_name="factcheck")
        manager.start_kernel(**kwargs)
        client = manager.client()
        started.append((manager, client))
        if ready:
            client.start_channels()
            client.wait_for_ready(60)
        return manager, client

    yield start
    for manager, client in started:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)


def said(client, code):
    texts = []

    def hook(message):
        if message["msg_type"] == "stream":
            texts.append(message["content"].get("text", ""))

    reply = client.execute_interactive(code, output_hook=hook, timeout=30)
    return "".join(texts).strip(), reply["content"]


@pytest.fixture
def notebooks(checkout):
    for path in (checkout / "notebooks").glob("*.ipynb"):
        path.unlink()
    tiny(checkout, "00_sources", LEAVES)
    tiny(checkout, "01_next", FINDS)
    return checkout


def printed(path):
    return nbformat.read(path, as_version=4).cells[1].outputs[0]["text"].strip()


@pytest.mark.parametrize("switch", ["on", pytest.param("off", marks=pytest.mark.slow)])
def test_what_a_notebook_leaves_never_reaches_the_next_one(notebooks, switch):
    done = run("run", "--jobs", "1", cwd=notebooks, env={"FACTCHECK_WARM": switch})
    assert done.returncode == 0, done.stderr
    assert printed(notebooks / "build" / "notebooks" / "01_next.ipynb") == NOTHING


def test_what_a_notebook_leaves_never_reaches_the_next_kernel_of_papermill(notebooks):
    for name in runner.names():
        papermill.execute_notebook(
            notebooks / "notebooks" / f"{name}.ipynb",
            notebooks / f"{name}.ipynb",
            kernel_name="factcheck",
            progress_bar=False,
        )
    assert printed(notebooks / "01_next.ipynb") == NOTHING
    assert WarmProvisioner._parent and not WarmProvisioner._reason


def test_a_kernel_has_magics_an_environment_and_a_place_of_its_own(kernel, tmp_path):
    _, client = kernel(env=os.environ | {"OWN": "yes"}, cwd=str(tmp_path))
    assert said(client, "import os; print(os.environ['OWN'], os.getcwd())")[0] == f"yes {tmp_path}"
    assert said(client, "%who_ls")[1]["status"] == "ok"
    assert said(client, "!echo shell")[0] == "shell"
    assert (
        said(client, "import matplotlib.pyplot as plt; print(plt.get_backend())")[0]
        == "module://matplotlib_inline.backend_inline"
    )


def test_a_server_that_starts_kernels_on_its_event_loop_gets_one():
    async def visit():
        manager = AsyncKernelManager(kernel_name="factcheck")
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(60)
        forked = isinstance(manager.provisioner.process, kernels.Forked)
        client.stop_channels()
        await manager.shutdown_kernel(now=True)
        return forked, await manager.is_alive()

    assert asyncio.run(visit()) == (True, False)


def test_a_running_cell_can_be_interrupted(kernel):
    manager, client = kernel()
    message = client.execute(
        "print('begun', flush=True)\nwhile True: pass", stop_on_error=False
    )  # else what is asked next may be aborted
    while client.get_iopub_msg(timeout=30)["msg_type"] != "stream":
        pass
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=30)
    assert (
        reply["parent_header"]["msg_id"] == message
        and reply["content"]["ename"] == "KeyboardInterrupt"
    )
    assert said(client, "print('still here')")[0] == "still here"


def test_a_restarted_kernel_is_a_new_one(kernel):
    manager, client = kernel()
    said(client, "left = 1")
    manager.restart_kernel(now=True)
    client.wait_for_ready(60)
    assert said(client, "print('left' in globals())")[0] == "False"


def memory(pid):
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])


@pytest.mark.slow
def test_two_hundred_kernels_leave_no_process_no_file_and_no_memory(kernel, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    kernel()[0].shutdown_kernel(now=True)
    parent = WarmProvisioner._parent.process.pid
    sizes = []
    for place in range(200):
        manager, client = kernel(ready=place % 40 == 0)
        assert place % 40 or said(client, "print(1 + 1)")[0] == "2"
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        sizes.append(memory(parent))
    assert sizes[-1] - sizes[20] < 1000, "the parent grew by a megabyte"
    wait_for(lambda: not Path(f"/proc/{parent}/task/{parent}/children").read_text())
    assert not list(tmp_path.rglob("*"))


def test_the_parent_and_its_kernels_end_with_their_user():
    code = """
import os
from jupyter_client.manager import AsyncKernelManager, KernelManager
from helpers.running.kernels import WarmProvisioner
manager = KernelManager(kernel_name="factcheck")
manager.start_kernel()
print(WarmProvisioner._parent.process.pid, manager.provisioner.pid, flush=True)
os._exit(0)
"""
    found = subprocess.run(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    for pid in map(int, found.split()):
        wait_for(lambda pid=pid: not Path(f"/proc/{pid}").exists())


def test_the_stock_kernel_takes_over_with_one_line_where_the_parent_fails(
    kernel, monkeypatch, capfd
):
    class Broken:
        def __init__(self):
            raise kernels.WarmError("no memory")

    monkeypatch.setattr(kernels, "Parent", Broken)
    monkeypatch.setattr(WarmProvisioner, "_parent", None)
    monkeypatch.setattr(WarmProvisioner, "_reason", "")
    for _ in range(2):
        _, client = kernel()
        assert said(client, "print(1 + 1)")[0] == "2"
    assert capfd.readouterr().err.count("No warm kernels (no memory): cold ones take over.") == 1


def test_a_parent_that_is_killed_ends_its_kernels_and_the_next_kernel_still_starts(kernel):
    manager, _ = kernel()
    assert manager.is_alive()
    WarmProvisioner._parent.process.kill()
    wait_for(lambda: not manager.is_alive())
    assert said(kernel()[1], "print(1 + 1)")[0] == "2"


def test_the_switch_gives_the_stock_kernel_without_a_word(kernel, monkeypatch, capfd):
    monkeypatch.setenv("FACTCHECK_WARM", "off")
    manager, _ = kernel()
    assert (
        isinstance(manager.provisioner.process, subprocess.Popen)
        and "No warm" not in capfd.readouterr().err
    )


def test_a_kernel_reads_an_edited_helper_anew(kernel, tmp_path):
    (tmp_path / "helpers").mkdir()
    module = tmp_path / "helpers" / "__init__.py"
    for text in ("first", "second"):
        module.write_text(f"word = {text!r}\n")
        _, client = kernel(cwd=str(tmp_path))
        assert said(client, "import helpers; print(helpers.word)")[0] == text


@pytest.mark.slow
@pytest.mark.parametrize("switch", ["on", "off"])
def test_warm_and_cold_kernels_give_the_committed_bytes_of_every_notebook_and_file(
    checkout, switch
):
    words = [sys.executable, "-c", "from helpers.main import main; main()", "run"]
    before = {
        path: path.read_bytes() for path in sorted((checkout / "data").rglob("*")) if path.is_file()
    }
    subprocess.run(words, check=True, env=os.environ | {"FACTCHECK_WARM": switch})
    for name in runner.names():
        assert (checkout / "build" / "notebooks" / f"{name}.ipynb").read_bytes() == (
            checkout / "notebooks" / f"{name}.ipynb"
        ).read_bytes(), name
    assert {path: path.read_bytes() for path in before} == before
