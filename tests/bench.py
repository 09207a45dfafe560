"""Time what a user waits for, in one run, and print it as a table: not a test, its numbers depend on the machine."""

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
TOP = Path(__file__).resolve().parents[1]


def timed(label, words, budget):
    before = time.monotonic()
    done = subprocess.run(words, cwd=TOP, capture_output=True, text=True)
    seconds = time.monotonic() - before
    print(f"| {label} | {seconds:.1f} | {budget} |{'' if done.returncode == 0 else ' failed: ' + done.stderr[-300:]}", flush=True)
    return done.returncode


if __name__ == "__main__":
    shutil.rmtree(TOP / "build", ignore_errors=True)
    print("| what | seconds | budget |\n|---|---|---|")
    codes = [
        timed("factcheck --help", [BIN / "factcheck", "--help"], 0.3),
        timed("factcheck run, everything", [BIN / "factcheck", "run"], 120),
        timed("factcheck run, nothing changed", [BIN / "factcheck", "run"], 2),
        timed("factcheck verify", [BIN / "factcheck", "verify"], 120),
        timed("factcheck sweep, everything, cold kernels", [BIN / "factcheck", "sweep"], 600),
        timed("factcheck sweep, nothing changed", [BIN / "factcheck", "sweep"], 3),
        timed("pytest, nbval included", [BIN / "python", "-m", "pytest", "-q", "-n", "2"], 360),
    ]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in (TOP / "data" / "raw").iterdir()) / 1e6
    print(f"| largest process, MB | {peak:.0f} | 700 |\n| data/raw, MB | {size:.1f} | 10 |\n| cores | {os.cpu_count()} | |")
    sys.exit(max(codes))
