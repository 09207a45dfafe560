"""Answers: the words of each answer and verdict, and what they mean, as pages say them."""

from ..judging import verdicts

VERDICTS = (*verdicts.LADDER, "unverifiable", "forecast", "opinion", verdicts.PENDING)
MANY, FEW = verdicts.in_words(verdicts.ROBUST), verdicts.in_words(verdicts.NOT_ROBUST)
# Each answer: its field, the question that it answers, what each of its words means.
ANSWERS = {
    "source_check": (
        "Does the publication behind the claim say so?",
        {
            "quoted accurately": "The publication behind the claim states what was said.",
            "quoted with rounding": (
                "The publication states it with more digits; rounded, the two agree."
            ),
            "misquoted": "The publication states another number.",
            "source not located": "We hold no publication that states it.",
        },
    ),
    "reproducibility": (
        "Same data, same method: does it come out again?",
        {
            "reproduced": (
                "The same data and method give the printed number again, within its tolerance."
            ),
            "approximately": (
                f"The same data and method come within {verdicts.in_words(verdicts.NEAR)} of the"
                " printed number."
            ),
            "not reproduced": "The same data and method give another number.",
            "not attempted": "The same data and method could not be tried again",
        },
    ),
    "replicability": (
        "Other data, same question: do they agree?",
        {
            "replicated": "All independent data that can answer agree.",
            "partly": "Some independent data agree, some do not.",
            "not replicated": "The independent data that can answer do not agree.",
            "no independent data": "No independent data that can answer are held.",
        },
    ),
    "robustness": (
        "Other defensible choices: does it still hold?",
        {
            "robust": (
                f"It holds in at least {MANY} of the combinations of choices that can answer."
            ),
            "mixed": (
                f"It holds in more than {FEW}, yet in less than {MANY}, of the combinations of"
                " choices that can answer."
            ),
            "not robust": (
                f"It holds in {FEW} or fewer of the combinations of choices that can answer."
            ),
            "no choices": "No choice of the analyst bears on it.",
            "cannot be said": "No combination of choices can answer.",
        },
    ),
    "currency": (
        "Newer data: do they still say so?",
        {
            "holds": "The newest data that can answer agree.",
            "weakened": (
                f"The newest data agree, by less than {verdicts.in_words(verdicts.WEAKER)} the"
                " margin."
            ),
            "superseded": "The newest data give another number.",
            "reversed": "In the newest data the answer has turned round.",
            "still fails": "It did not hold then, and does not in the newest data.",
            "no later data": "No later data that can answer are held.",
        },
    ),
}
GRADES = {
    "primary": "the publisher's own file",
    "copy": "a copy of the publisher's own, held elsewhere",
    "secondary": "a value restated by others",
}
