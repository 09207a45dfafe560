import os
import signal
import subprocess
import sys
import tempfile
import textwrap

from commands import run as command
from conftest import TOP, alive, wait_for

from helpers.running import workers


def run(code):
    """Run code in a process of its own, as the command line would be: no other threads, forking
    switched on."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(textwrap.dedent(code) + "\nraise SystemExit")
        file.flush()
        return command(cwd=TOP, env={"FACTCHECK_WARM": None}, first=file.name)


def said(code):
    done = run(code)
    assert done.returncode == 0, done.stderr
    return done.stdout


HEAD = """
    import os, signal, sys, time
    from helpers.running import workers
    def each(function, *tasks):
        found = workers.each(function, [(task,) for task in tasks], jobs=2)
        return dict((task[0], result) for task, result in found)
"""


def test_each_task_has_a_process_of_its_own():
    found = said(
        HEAD + "    print(len({os.getpid(), *each(lambda task: os.getpid(), *range(6)).values()}))"
    )
    assert found == "7\n"


def test_a_lost_task_says_where_and_the_others_go_on():
    found = said(
        HEAD
        + """
    def task(name):
        workers.at(f"step {name}", 1)
        if name == "dies": os.kill(os.getpid(), signal.SIGKILL)
        if name == "hangs": time.sleep(60)
        return "fine"
    for name, result in sorted(each(task, "dies", "hangs", "works").items()): print(name, result)
    """
    )
    lines = found.splitlines()
    assert lines[0] == "dies the kernel died in step dies: it was killed or ran out of memory"
    assert lines[1] == "hangs step hangs ran longer than 1 s" and lines[2] == "works fine"


def test_what_a_task_started_ends_with_it():
    found = said(
        HEAD
        + """
    import subprocess
    print(each(lambda task: subprocess.Popen(["sleep", "60"]).pid, 1)[1])
    """
    )
    assert not alive(int(found))


def test_random_state_is_new_in_each_and_signals_are_heeded():
    found = said(
        HEAD
        + """
    import random
    import numpy
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    def task(name):
        heeded = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)]
        return random.random(), numpy.random.random(), *heeded
    found = each(task, *range(4)).values()
    print(len({each[0] for each in found}), len({each[1] for each in found}))
    print({each[2:] for each in found})
    """
    )
    assert found.startswith(
        "4 4\n{(<Handlers.SIG_DFL: 0>, <built-in function default_int_handler>)}"
    )


def test_where_threads_run_no_process_is_forked_and_one_line_says_so():
    code = HEAD + (
        "    import threading\n    threading.Thread(target=time.sleep, args=(30,), "
        "daemon=True).start()\n    print(workers._warm())"
    )
    done = run(code)
    assert (
        done.stdout == "False\n"
        and done.stderr.count("\n") == 1
        and "cold ones take over" in done.stderr
    )


def test_the_switch_turns_forking_off(monkeypatch):
    monkeypatch.setenv("FACTCHECK_WARM", "off")
    assert not workers._warm()


def test_an_error_in_a_task_is_told_and_the_others_end_as_they_would():
    found = said(
        HEAD + "    print({k: str(v) for k, v in each(lambda task: 4 / task, 2, 0).items()})"
    )
    assert "2: '2.0'" in found and "stopped with ZeroDivisionError: division by zero" in found


def test_ctrl_c_before_a_spawned_worker_has_its_log_prints_nothing(bare):
    wait = (
        "import pathlib, sys, time\nif '--multiprocessing-fork' in sys.orig_argv: "
        "pathlib.Path('spawned').touch(), time.sleep(1)"
    )
    (bare / "sitecustomize.py").write_text(wait)
    code = """
    import os
    from helpers.running import workers
    try: list(workers.each(os.getpid, [()]))
    except KeyboardInterrupt: print("heard")
    """
    env = {**os.environ, "FACTCHECK_WARM": "off", "PYTHONPATH": str(bare)}
    heed = {
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        "start_new_session": True,
    }
    command = [sys.executable, "-c", textwrap.dedent(code)]
    process = subprocess.Popen(
        command,
        cwd=bare,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **heed,
    )
    wait_for((bare / "spawned").exists)
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=60) == ("heard\n", "")
