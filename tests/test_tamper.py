import re

import pytest
import tamper
from conftest import TOP
from tamper import Seen, other, report

COMMITTED = (TOP / "docs" / "tamper.md").read_text(encoding="utf-8")


def test_the_committed_report_has_a_reason_for_every_survivor():
    assert "Not looked at yet" not in COMMITTED
    caught = {
        sort: float(part)
        for sort, part in re.findall(
            r"^\| ([^|]+) \| [\d,]+ \| [\d,]+ \(([\d.]+) %\)", COMMITTED, re.MULTILINE
        )
    }
    assert {sort for sort, part in caught.items() if part < 100} <= {
        "claim (checksum renewed)",
        "grade (checksum renewed)",
        "code",
    } and caught["code"] >= 95


def test_a_fault_that_no_gate_sees_is_named_and_asks_for_a_reason():
    text = report(
        [
            Seen("claim", "a-claim, printed: 1 → 2", "", 1.0),
            Seen("claim", "b-claim", "checksums", 1.0),
        ],
        60,
    )
    assert "| claim | 2 | 1 (50.0 %) | checksums 1 | 1000 |" in text
    assert (
        "- claim: `a-claim, printed: 1 → 2`  \n  Not looked at yet" in text
        and "b-claim" not in text
    )


def test_a_planted_digit_is_another_digit():
    assert [other(text) for text in ("22.6", "9", "none")] == ["32.6", "0", "non"]


def test_without_the_published_files_the_report_is_not_written(monkeypatch):
    monkeypatch.delenv("FACTCHECK_MIRROR", raising=False)
    before = tamper.REPORT.read_bytes()
    with pytest.raises(SystemExit, match="Set FACTCHECK_MIRROR"):
        tamper.main([])
    assert tamper.REPORT.read_bytes() == before
