"""Answers: the words of each answer and outcome, and what they mean, as pages say them."""

from ..judging import outcomes
from ..text import NEAR

# Each answer: its column, the question that it answers, what each of its words means.
ANSWERS = {
    "source": (
        "In its source?",
        {
            outcomes.YES: "The publication behind the claim states it.",
            outcomes.ROUNDED: "The publication has more digits, which round to these.",
            outcomes.WIDER: "The digits stand there; the sentence says more than the source.",
            outcomes.NO: "The publication states something else.",
            outcomes.UNSEEN: "The publication that was cited is not open to us.",
            outcomes.UNNAMED: "The exchange names no source.",
        },
    ),
    "count": (
        "Our own count?",
        {
            outcomes.RECOUNTED: "We counted it from the rows behind it.",
            outcomes.NEAREST: "We counted it from the nearest open rows.",
            outcomes.POPULATION: "We counted all of what the source had sampled.",
            outcomes.IMPOSSIBLE: "Nobody outside can count it.",
            outcomes.NOTHING: "There is nothing to count.",
        },
    ),
    "others": (
        "Other data?",
        {
            outcomes.AGREE: "Another collector, for the same period, says the same.",
            outcomes.IN_ORDER: "Another collector has other numbers in the same order.",
            outcomes.DISAGREE: "Another collector, for the same period, says otherwise.",
            outcomes.NONE: "No open data of another collector answer the same question.",
        },
    ),
    "choices": ("Other careful choices?", {}),
    "since": ("Since then?", {}),
}
MEANING = {
    outcomes.STANDS: "counted or independently supported, and it does not turn with a choice",
    outcomes.IN_PART: "part of it stands: the reason says which",
    outcomes.DEPENDS: "careful choices or comparable data disagree: the reason names what decides",
    outcomes.ONE_REPORT: "it stands in its source, and nobody outside can recount it",
    outcomes.FALLS: "its source or the data say otherwise",
    outcomes.UNCHECKED: "no open data answer it, and no source that we saw prints it",
    outcomes.AMBIGUOUS: "the sentence has two readings, and the data answer them differently",
    outcomes.FORECAST: "about the future: listed, not judged",
    outcomes.VIEW: "an opinion: listed, not judged",
}
GRADES = {
    "primary": "the publisher's own file",
    "copy": "a copy of the publisher's own, held elsewhere",
    "secondary": "a value restated by others",
}
TENTH = f"within {NEAR:.0%} of the printed number"
