import pytest

from helpers.evidence import pins


def test_what_people_write_is_as_it_was_accepted():
    assert pins.problems() == []


@pytest.mark.parametrize("name", pins.FILES)
def test_one_changed_byte_is_seen_and_named_until_it_is_accepted(checkout, name):
    path = checkout / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert [problem.split(" is not what")[0] for problem in pins.problems()] == [name]
    pins.write()
    assert pins.problems() == []


def test_a_missing_file_and_missing_pins_are_seen(checkout):
    (checkout / "notebooks" / "choices.toml").unlink()
    assert any("notebooks/choices.toml" in problem for problem in pins.problems())
    (checkout / pins.SUMS).unlink()
    assert len(pins.problems()) == len(pins.FILES)
