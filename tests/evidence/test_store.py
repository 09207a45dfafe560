import pytest

from helpers.evidence import store
from helpers.running import trace


def test_a_file_is_parsed_once_until_it_changes(tmp_path):
    path, parsed = tmp_path / "a.toml", []
    path.write_text("a = 1")

    def read():
        return store.read(path, lambda file: parsed.append(file) or file.read_text())

    assert read() == read() == "a = 1" and len(parsed) == 1
    path.write_text("a = 22")
    assert read() == "a = 22" and len(parsed) == 2


def test_what_cannot_be_parsed_is_not_kept(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("a =")
    with pytest.raises(ValueError):
        store.toml(path)
    path.write_text("a = 1")
    assert store.toml(path) == {"a": 1}


def test_a_trace_sees_a_file_that_was_parsed_before_it_began(tmp_path):
    path = tmp_path / "data" / "a.toml"
    path.parent.mkdir()
    path.write_text("a = 1")
    store.toml(path)
    trace.start(str(tmp_path / "log"))
    store.toml(path)
    assert path in trace.read(tmp_path / "log", tmp_path)


def test_an_answer_is_kept_for_its_arguments_and_copied_for_every_caller(monkeypatch):
    monkeypatch.setattr(store, "calls", [])
    made = []
    double = store.once(lambda number, times=2: made.append(number) or [number * times])
    double(3).append(9)
    assert double(3) == [6] and double(3, times=3) == [9] and made == [3, 3]
    assert [call[2:] for call in store.calls] == [((3,), {}), ((3,), {}), ((3,), {"times": 3})]


def test_an_answer_is_made_anew_when_a_file_behind_it_changes_and_its_files_are_traced(tmp_path):
    path = tmp_path / "data" / "a.toml"
    path.parent.mkdir()
    path.write_text("a = [1]")
    inner = store.once(lambda: store.toml(path)["a"])
    outer = store.once(lambda: [*inner(), 5])
    assert outer() == [1, 5]
    trace.start(str(tmp_path / "log"))
    assert outer() == [1, 5]
    assert path in trace.read(tmp_path / "log", tmp_path)
    path.write_text("a = [22]")
    assert outer() == [22, 5]


def test_an_answer_that_fails_is_not_kept():
    tried = []
    fails = store.once(lambda: tried.append(1) or 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fails()
    assert tried == [1, 1] and store._noting == []
