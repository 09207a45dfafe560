import pytest

from helpers import store, trace


def test_a_file_is_parsed_once_until_it_changes(tmp_path):
    path, parsed = tmp_path / "a.toml", []
    path.write_text("a = 1")
    read = lambda: store.read(path, lambda file: parsed.append(file) or file.read_text())  # noqa: E731
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
