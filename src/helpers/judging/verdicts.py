"""Verdicts: separate answers to separate questions, and the one rule that reads them together."""

from collections.abc import Iterable

from ..text import NEAR as NEAR
from ..text import half_unit, near

LADDER = ("true", "mostly true", "half true", "mostly false", "false")
PENDING = "not yet computed"
ROBUST, NOT_ROBUST = (
    0.95,
    0.5,
)  # of the specifications that can answer: robust from the one, not robust up to the other
WEAKER = 0.5  # of the margin: a comparison that later holds by less has weakened


def in_words(part: float) -> str:
    """Write a part of a whole as prose has it.

    >>> in_words(NEAR), in_words(NOT_ROBUST), in_words(ROBUST)
    ('a tenth', 'half', '95%')
    """
    return {0.1: "a tenth", 0.5: "half"}.get(part, f"{part:.0%}")


def source_check(printed: list[str], stated: list[float | None]) -> str:
    """Say whether the printed digits stand in the publication.

    >>> source_check(["22.6"], [22.60]), source_check(["13"], [13.03]), source_check(["13"], [14.0]), source_check([], [])
    ('quoted accurately', 'quoted with rounding', 'misquoted', 'source not located')
    """
    if not stated or any(value is None for value in stated):
        return "source not located"
    if all(float(text) == float(value) for text, value in zip(printed, stated, strict=True)):
        return "quoted accurately"
    rounded = all(
        abs(float(text) - value) <= half_unit(text) + 1e-9
        for text, value in zip(printed, stated, strict=True)
    )
    return "quoted with rounding" if rounded else "misquoted"


def reproducibility(
    printed: list[str], recount: list[float | None], tolerance: float | None
) -> str:
    """Say whether the same data and method give the printed numbers again (NASEM 2019, p. 46).

    Within the tolerance (by default half a unit of the last digit) it is `reproduced`, within `NEAR` of the number `approximately`.
    """
    if not recount or any(value is None for value in recount):
        return "not attempted"
    pairs = list(zip(printed, recount, strict=True))
    if all(
        abs(value - float(text)) <= (half_unit(text) if tolerance is None else tolerance) + 1e-9
        for text, value in pairs
    ):
        return "reproduced"
    return "approximately" if all(near(text, value) for text, value in pairs) else "not reproduced"


def replicability(holds: Iterable[bool | None]) -> str:
    """Say whether independent data answer the same question alike (NASEM 2019, p. 46); sources that cannot answer do not count."""
    answers = [answer for answer in holds if answer is not None]
    if not answers:
        return "no independent data"
    return "replicated" if all(answers) else "partly" if any(answers) else "not replicated"


def robustness(n_holds: int | None, n_specs: int | None) -> str:
    """Say how a claim fares over all defensible choices that can answer: robust from `ROBUST`, not robust up to `NOT_ROBUST`.

    Between the two it is mixed. A claim without choices, and one that no specification can answer, has no robustness.
    """
    if n_specs is None:
        return "no choices"
    if not n_specs:
        return "cannot be said"
    part = n_holds / n_specs
    return "robust" if part >= ROBUST else "not robust" if part <= NOT_ROBUST else "mixed"


def currency(kind: str, held: bool | None, later: list[tuple[str, bool | None, bool, bool]]) -> str:
    """Say how a claim fares in later editions, oldest first: (vintage, does its condition hold, is the printed value unchanged, is it weaker).

    `held` says whether the condition was met at publication. `holds` where the newest edition that can answer agrees, `weakened` where
    it does by less than `WEAKER` of the margin, `superseded` where it restates the number, `reversed` where the answer has turned round,
    `still fails` where it was no and stays no; with the edition since which it has been so.

    >>> currency("ranking", True, [("2025-12", True, True, False), ("2026-01", False, True, False), ("2026-04", False, True, False)])
    'reversed (2026-01)'
    """
    known = [
        (vintage, _aged(kind, held, holds, unchanged, weaker))
        for vintage, holds, unchanged, weaker in later
        if holds is not None
    ]
    if not known:
        return "no later data"
    since, word = known[-1]
    for vintage, earlier in reversed(known):
        if earlier != word:
            break
        since = vintage
    return f"{word} ({since})"


def _aged(kind: str, held: bool | None, holds: bool, unchanged: bool, weaker: bool) -> str:
    if kind != "number" and held is False:
        return "reversed" if holds else "still fails"
    if not holds:
        return "superseded" if kind == "number" else "reversed"
    return "superseded" if not unchanged else "weakened" if weaker else "holds"


def decide(
    kind: str,
    holds: bool | None,
    source: str,
    reproduced: str,
    replicated: str,
    robust: str,
    indirect: bool = False,
) -> str:
    """Return the verdict on a claim, judged on what was knowable at publication.

    1. A forecast is `forecast`, an opinion is `opinion`.
    2. `holds` says whether the claim's condition is met by its own source under the default choices. Unknown makes it
       `unverifiable`, unless the printed number stands in no place where it was said to: `misquoted` makes it `false`.
    3. A claim that holds starts at `true` and falls a step for each of: misquoted; not reproduced; no test beyond its
       own source (neither reproduced nor replicated at all); partly replicated; mixed over choices; and two steps for
       not replicated and for not robust. It falls no lower than `half true`: its own source supports it.
    4. A claim that does not hold starts at `false` and rises a step for replicated, two where most specifications have it hold
       (robust or mixed: as rule 3 takes two where most do not), and two where the printed number stands in its source but the very
       data behind it are not public (quoted, and not attempted): a near miss on other data is no refutation. It rises no higher than
       `half true`.
    5. A claim that can be measured only indirectly (the registry says what the measure leaves out: a cause, a part that nobody
       counts) is `half true` at best and `mostly false` at worst: proxies neither prove nor refute what they do not measure
       (indirectness in GRADE, Guyatt et al. 2011).
    """
    if kind in ("forecast", "opinion"):
        return kind
    if holds is None:
        return "false" if source == "misquoted" else "unverifiable"
    if not holds:
        quoted = (
            source in ("quoted accurately", "quoted with rounding")
            and reproduced == "not attempted"
        )
        rises = (replicated == "replicated") + 2 * (robust in ("robust", "mixed")) + 2 * quoted
        return LADDER[min(4 - min(rises, 2), 3 if indirect else 4)]
    steps = (source == "misquoted") + (reproduced == "not reproduced")
    steps += reproduced == "not attempted" and replicated == "no independent data"
    steps += {"partly": 1, "not replicated": 2}.get(replicated, 0)
    steps += {"mixed": 1, "not robust": 2}.get(robust, 0)
    return LADDER[max(min(steps, 2), 2 if indirect else 0)]
