"""Print how easily short answers and summaries read, the hardest first: Flesch's reading ease.

R. Flesch, A new readability yardstick, 1948: 206.835 - 1.015 words a sentence - 84.6 syllables a
word; 60 is plain English, 30 a scientific paper. A number is one word of one syllable, as textstat
has it. Syllables are groups of vowels: over our texts 0.4% fewer than in the CMU dictionary, and
both medians lie within two points of textstat's with it. We do not use textstat itself: it fetches
that dictionary when it is first used, its versions 0.7.5 to 0.7.8 need a package under the GPL for
it, and those before hyphenate instead, which finds 6% fewer syllables.
"""

import re
from statistics import median

from helpers import project
from helpers.judging import scorecard
from helpers.reading import readme

MARKUP = re.compile(r"[*`]|\[(.+?)\]\(.+?\)")
INSIDE = re.compile(r"(?<=\d)[.,](?=\d)")  # a point or comma within a number ends no sentence
SILENT = re.compile(r"([^aeiouyl]e|[^aeiouydt]ed|(?<!ch)(?<!sh)(?<![cgsxz])es)$")


def syllables(word: str) -> int:
    """Count the syllables of a word, each part of a compound for itself; a number has one."""
    found = 0
    for part in word.lower().split("-"):
        groups = len(re.findall("[aeiouy]+", part))
        found += max(groups - bool(SILENT.search(part)), 1)
    return found


def ease(text: str) -> float:
    """Return Flesch's reading ease of a text in English."""
    plain = INSIDE.sub("", MARKUP.sub(r"\1", text))
    words = re.findall(r"\w[\w'’-]*", plain)
    sentences = re.split(r"[.!?]\s+", plain.strip())
    length = sum(map(syllables, words)) / len(words)
    return 206.835 - 1.015 * len(words) / len(sentences) - 84.6 * length


def short_answers() -> dict[str, float]:
    """Return the reading ease of each notebook's short answer."""
    names = sorted(path.stem for path in project.notebooks().glob("*.ipynb"))
    return {name: ease(readme.short_answer(name)[1]) for name in names}


def summaries() -> dict[str, float]:
    """Return the reading ease of each claim's summary."""
    rows = scorecard.load()
    return {row.claim: ease(row.summary) for row in rows.itertuples()}


def main() -> None:
    for kind, found in (("short answers", short_answers()), ("summaries", summaries())):
        for name, value in sorted(found.items(), key=lambda item: item[1]):
            print(f"{value:5.0f}  {name}")
        print(f"{median(found.values()):5.0f}  median of {len(found)} {kind}\n")


if __name__ == "__main__":
    main()
