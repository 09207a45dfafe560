"""Ease: short answers and summaries read easily, by Flesch's measure."""

from statistics import median

import ease
import pytest


def test_short_answers_and_summaries_read_as_plain_english():
    for found in (ease.short_answers(), ease.summaries()):
        assert len(found) >= 18 and median(found.values()) >= 50


def test_longer_words_and_longer_sentences_read_harder():
    easy = "China has more papers. The lead is small."
    assert ease.ease(easy) > ease.ease("China has more papers, and the lead is small.")
    assert ease.ease(easy) > ease.ease("China has more publications. The superiority is small.")


def test_a_number_is_one_short_word_and_ends_no_sentence():
    assert ease.ease("China has 22.6% of 1,234.5 papers.") == ease.ease("China has 7% of 3 papers.")
    assert ease.ease("One two. Three four.") == pytest.approx(206.835 - 1.015 * 2 - 84.6 * 1)


def test_markup_is_not_read():
    assert ease.ease("**China** [leads](https://example.org/a/long/way).") == ease.ease(
        "China leads."
    )


# The first pronunciation in the CMU dictionary has as many.
SAID = {
    "report": 2, "shares": 1, "citations": 3, "independent": 4, "notable": 3, "algorithmic": 5,
    "laboratories": 5, "published": 2, "granted": 2, "gives": 1, "prices": 2, "united": 3,
    "america": 4, "forecast": 2, "tightened": 2, "whole": 1, "table": 2, "measure": 2,
}  # fmt: skip


def test_syllables_are_about_those_of_a_dictionary():
    counted = {word: ease.syllables(word) for word in SAID}
    assert abs(sum(counted.values()) - sum(SAID.values())) <= 2, counted
    assert sum(counted[word] != said for word, said in SAID.items()) <= 4, counted
