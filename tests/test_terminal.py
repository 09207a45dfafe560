"""What a terminal shows: colour, tables that fit it, one counter; plain lines elsewhere."""

import csv
import json
import os
import re
import subprocess
import sys

import pytest
from conftest import TOP

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
MAIN = "from helpers.main import main; main()"
COLOUR = re.compile(r"\x1b\[[0-9;]*3[0-9][0-9;]*m")
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def shown(code, *words, columns=80, **settings):
    """What Python code writes to a pseudo-terminal of so many columns."""
    ours, theirs = pty.openpty()
    env = os.environ | {"COLUMNS": str(columns), "TERM": "xterm", "NO_COLOR": ""} | settings
    with subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=theirs, stderr=theirs, env=env, cwd=TOP
    ) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # how Linux says that the other end is closed
            pass
        os.close(ours)
    assert process.returncode == 0, pieces
    return b"".join(pieces).decode()


def piped(*words, **settings):
    """What the command writes to a pipe."""
    env = os.environ | settings
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        capture_output=True,
        text=True,
        env=env,
        cwd=TOP,
        check=False,
    )
    return done


def test_a_table_fits_the_terminal_and_breaks_no_id_where_there_is_room():
    for columns in (60, 80, 120):
        text = CODES.sub("", shown(MAIN, "scorecard", columns=columns))
        assert max(map(len, text.splitlines())) <= columns
        assert text.count("one report's number ") == 6
        assert ("controls-throttled-supply" in text) == (columns > 60)
        with (TOP / "data/processed/verdicts.csv").open(encoding="utf-8", newline="") as lines:
            last = list(csv.DictReader(lines))[-1]["summary"].split()
        assert [word for word in last if word not in text] == []  # nothing is cut off


def test_colour_stands_on_a_terminal_and_no_color_is_respected():
    assert COLOUR.search(shown(MAIN, "scorecard"))
    assert not COLOUR.search(shown(MAIN, "scorecard", NO_COLOR="1"))
    assert "\x1b" not in piped("scorecard").stdout


def test_an_error_is_red_on_a_terminal_alone():
    code = "from helpers import terminal; terminal.error('so')"
    assert COLOUR.search(shown(code)) and "Error:" in shown(code)
    assert CODES.sub("", shown(code, NO_COLOR="1")) == shown(code, NO_COLOR="1")
    assert piped("explain", "nothing").stderr.startswith("Error: ")


TOLD = """
from helpers import terminal
with terminal.progress() as tell:
    for line in ("[1/1] 00_sources done in 1 s", "[1/2] 01 [red] failed", "[2/2] 02 done in 1 s"):
        tell(line)
    tell("[b]Everything[/b]")
"""


def test_one_counter_goes_over_all_stages_and_a_failure_stays():
    text = CODES.sub("", shown(TOLD, columns=120))
    assert "3/3" in text and "01 [red] failed" in text and "[b]Everything[/b]" in text


def test_a_log_has_the_plain_lines():
    done = subprocess.run(
        [sys.executable, "-c", TOLD], capture_output=True, text=True, cwd=TOP, check=True
    )
    assert done.stdout.splitlines() == [
        "[1/1] 00_sources done in 1 s",
        "[1/2] 01 [red] failed",
        "[2/2] 02 done in 1 s",
        "[b]Everything[/b]",
    ]


def test_a_cell_is_shown_letter_by_letter():
    code = "from helpers import terminal; terminal.table(['a'], [['[bold]x[/bold]']], str)"
    assert "[bold]x[/bold]" in CODES.sub("", shown(code))


def test_the_scorecard_as_json_is_the_table():
    with (TOP / "data/processed/verdicts.csv").open(encoding="utf-8", newline="") as lines:
        assert json.loads(piped("scorecard", "--json").stdout) == list(csv.DictReader(lines))


def completed(*words):
    """What the shell offers for the last of these words."""
    env = {
        "_FACTCHECK_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    code = "import sys; sys.argv[0] = 'factcheck'; from helpers.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | env,
        cwd=TOP,
        check=False,
    )
    return [line.partition(",")[2] for line in done.stdout.split()]


@pytest.mark.parametrize(
    "words, offered",
    [
        (("factcheck", "explain", "citations-ch"), ["citations-china-2023"]),
        (("factcheck", "open", "citations-ch"), ["citations-china-2023"]),
        (("factcheck", "choices", "06"), ["06_notable_models"]),
        (("factcheck", "verify", "9"), ["90_multiverse", "99_scorecard"]),
        (
            ("factcheck", "run", "03_top_cited", "-p", "counting=w"),
            ["counting=whole"],
        ),
        (("factcheck", "explain", "zzz"), []),
    ],
)
def test_the_shell_completes_claims_notebooks_and_choices(words, offered):
    assert completed(*words) == offered


def test_choices_begin_with_the_default_and_give_their_reason():
    lines = piped("choices", "03").stdout.splitlines()
    assert re.fullmatch(r"default +counting=whole +The publisher's own: .+", lines[0])
    assert len(lines) == 3


def test_a_notebook_without_choices_is_named():
    done = piped("choices", "00_sources")
    assert done.returncode == 1 and "00_sources has no choices" in done.stderr


def test_a_claims_page_is_opened_or_named_where_it_was_not_built(checkout):
    settings = {"FACTCHECK_ROOT": str(checkout), "BROWSER": "echo opened %s"}
    done = piped("open", "citations-china-2023", **settings)
    assert done.returncode == 1 and "run `make site`" in done.stderr
    page = checkout / "build" / "site" / "claims" / "citations-china-2023.html"
    page.parent.mkdir(parents=True)
    page.write_text("<title>A claim</title>")
    done = piped("open", "citations-china-2023", **settings)
    assert done.returncode == 0 and done.stdout.startswith(page.as_uri())
    assert f"opened {page.as_uri()}" in done.stdout
