"""Words for messages: the nearest valid name."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, valid: Iterable[str]) -> str:
    """Return a hint that names the closest valid words.

    >>> nearest("countng", ["counting", "vintage"])
    "did you mean 'counting'?"
    >>> nearest("zzz", ["a", "b"])
    'valid are: a, b'
    """
    valid = list(valid)
    close = get_close_matches(str(word), valid, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"valid are: {', '.join(valid)}"
