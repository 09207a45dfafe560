"""Outcomes: the words of the four answers, and the one rule that reads them together."""

from dataclasses import dataclass

YES, ROUNDED, WIDER = "yes", "yes, rounded", "digits yes, wording wider"
NO, UNSEEN, UNNAMED = "no", "cited source not seen", "none named"
RECOUNTED = "recounted"
NEAREST = "recounted from the nearest data"
POPULATION = "full count of the population that was sampled"
IMPOSSIBLE, NOTHING = "not possible", "nothing to count"
AGREE, IN_ORDER, DISAGREE, NONE = "agree", "agree in order", "disagree", "none comparable"
STANDS, IN_PART, DEPENDS = "stands", "stands in part", "depends"
ONE_REPORT, FALLS, UNCHECKED = "one report's number", "does not stand", "cannot be checked"
AMBIGUOUS, FORECAST, VIEW, PENDING = "ambiguous", "forecast", "view", "not yet computed"
OUTCOMES = (
    STANDS, IN_PART, DEPENDS, ONE_REPORT, FALLS, UNCHECKED, AMBIGUOUS, FORECAST, VIEW,
)  # fmt: skip
ENOUGH = 8  # effective combinations: with fewer the alternatives are listed, without a word


@dataclass(frozen=True)
class Answers:
    """What is known of one claim: the answers that the rule reads.

    `counted` says whether the claim's condition is met by our own count (None without one),
    `deciding` names the choice that turns the answer ("" where none does), `leaves_out` what the
    measure leaves out of what the sentence turns on, `readings` the answer of each reading, `parts`
    the outcomes of the sub-statements.
    """

    kind: str
    source: str = UNNAMED
    count: str = IMPOSSIBLE
    counted: bool | None = None
    others: str = NONE
    n_effective: int = 0
    n_holds: int = 0
    deciding: str = ""
    leaves_out: str = ""
    readings: tuple[bool | None, ...] = ()
    parts: tuple[str, ...] = ()


def outcome(found: Answers) -> str:
    """Return the outcome of a claim: the first line that fits, judged on what was knowable.

    1. A forecast is a `forecast`, an opinion a `view`.
    2. `ambiguous`: two readings of the sentence get different answers from the data.
    3. A sentence with sub-statements is read from theirs (`of_parts`).
    4. `cannot be checked`: no rows answer it, and no source that we saw prints it.
    5. `does not stand`: its source prints something else; or what was measured contradicts it, and
       most effective combinations do too, and no other data agree. What can only be read in its own
       source is not refuted by other data.
    6. `one report's number`: it stands in its source, nobody outside can recount it, and comparable
       data are missing or differ.
    7. `stands in part`: the wording is wider than the source, or the measure leaves out what it
       turns on.
    8. `depends`: effective combinations or comparable data disagree.
    9. `stands`: otherwise.
    """
    if not_data := {"forecast": FORECAST, "opinion": VIEW}.get(found.kind):
        return not_data
    if len({answer for answer in found.readings if answer is not None}) > 1:
        return AMBIGUOUS
    if found.parts:
        return of_parts(found.parts)
    printed = found.source in (YES, ROUNDED, WIDER)
    measured = found.counted
    if measured is None and found.others != NONE:
        measured = found.others != DISAGREE
    if measured is None and not printed and found.source != NO:
        return UNCHECKED
    against = 2 * found.n_holds < found.n_effective or not found.n_effective
    own_report = printed and found.counted is None
    supported = own_report or found.others in (AGREE, IN_ORDER)
    if found.source == NO or (measured is False and against and not supported):
        return FALLS
    if own_report and found.others in (NONE, DISAGREE):
        return ONE_REPORT
    if found.source == WIDER or found.leaves_out:
        return IN_PART
    turned = measured is False or (found.n_effective > 0 and against)
    return DEPENDS if found.deciding or turned or found.others == DISAGREE else STANDS


def of_parts(parts: tuple[str, ...]) -> str:
    """Return the outcome of a sentence from those of its parts, whatever their order.

    >>> of_parts((STANDS, STANDS)), of_parts((STANDS, UNCHECKED)), of_parts((FALLS, UNCHECKED))
    ('stands', 'stands in part', 'does not stand')
    """
    if len(set(parts)) == 1:
        return parts[0]
    if {STANDS, IN_PART} & set(parts):
        return IN_PART
    ladder = (FALLS, DEPENDS, AMBIGUOUS, ONE_REPORT, UNCHECKED)
    return next(word for word in ladder if word in parts)


def reason(found: Answers, why: str = "", wider: str = "", parts: tuple[str, ...] = ()) -> str:
    """Return the outcome's reason as one clause, made from the answers alone: no value, no year.

    `why` says why no count is possible, `wider` what the sentence says beyond its source, `parts`
    are the names of the sub-statements in the order of their outcomes.
    """
    word = outcome(found)
    if word in (FORECAST, VIEW):
        return "no data of today can settle it"
    if word == AMBIGUOUS:
        return "the data answer its two readings differently"
    if found.parts:
        groups: dict[str, list[str]] = {}
        for name, own in zip(parts, found.parts, strict=True):
            groups.setdefault(own, []).append(name)
        told = [f"{own}: {', '.join(names)}" for own, names in groups.items()]
        return "of its parts, " + "; ".join(told)
    if word == UNCHECKED:
        return why or "no open rows answer it"
    if word == ONE_REPORT:
        missing = "other data differ" if found.others == DISAGREE else "no comparable data are open"
        return f"it stands in its source; {why or 'its rows are not open'}; {missing}"
    if word == FALLS and found.source == NO:
        return "its source prints something else"
    if word == IN_PART:
        return wider if found.source == WIDER else f"the measure leaves out {found.leaves_out}"
    return "; ".join(_clauses(found, word))


def _clauses(found: Answers, word: str) -> list[str]:
    clauses = []
    if found.counted is not None:
        clauses.append("our own count agrees" if found.counted else "our own count says otherwise")
    if found.others != NONE:
        clauses.append(f"other data {found.others}")
    if found.n_effective == 1:
        clauses.append(f"its one careful combination {'holds' if found.n_holds else 'fails'}")
    elif found.n_effective:
        clauses.append(f"{found.n_holds} of {found.n_effective} careful combinations hold")
    if word == DEPENDS and found.deciding:
        clauses.insert(0, f"it turns with {found.deciding}")
    return clauses
