"""Words and printed digits: nearest names, numbers as by hand, half units, plain Markdown."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NEAR = 0.1  # of the printed number: "about the same"
LONGEST = 200  # characters of a word that are compared


def nearest(word: str, valid: Iterable[str]) -> str:
    """Return a hint that names the closest valid words.

    >>> nearest("countng", ["counting", "vintage"])
    "did you mean 'counting'?"
    >>> nearest("zzz", ["a", "b"])
    'valid are: a, b'
    """
    valid = list(valid)
    close = get_close_matches(str(word)[:LONGEST], valid)
    return f"did you mean {close[0]!r}?" if close else f"valid are: {', '.join(valid)}"


def half_unit(printed: str) -> float:
    """Return half a unit of the last printed digit.

    >>> half_unit("22.6"), half_unit("13")
    (0.05, 0.5)
    """
    return 0.5 * 10 ** -len(printed.partition(".")[2])


def near(printed: str, value: float) -> bool:
    """Say whether a value differs from the printed one by no more than `NEAR` of it."""
    return abs(value - float(printed)) <= abs(float(printed)) * NEAR + 1e-9


def readable(text: str) -> str:
    r"""Write a text's numbers as by hand: powers of ten on one line, true minus signs; dates stay.

    >>> readable("1.024e+15 in 2025-10"), readable("-0.05 / +1.2")
    ('1.024\xa0×\xa010¹⁵ in 2025-10', '−0.05 / +1.2')
    """
    text = re.sub(
        r"(?<=\d)e([+-]\d+)\b",
        lambda match: f"\xa0×\xa010{str(int(match[1])).translate(SUPERSCRIPTS)}",
        text,
    )
    return re.sub(r"(?<![\w.-])-(?=\d)", "−", text)


def in_markdown(text: str) -> str:
    r"""Return text that a Markdown table shows letter by letter: no markup, no link, no second
    cell, no second line.

    >>> in_markdown("<b>|[x]")
    '\\<b\\>\\|\\[x\\]'
    """
    return re.sub(r"([\\`*\[\]<>|&])", r"\\\1", " ".join(text.split()))
