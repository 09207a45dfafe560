"""Narrow: figures laid out again for a telephone, whole and readable, or not at all."""

import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from conftest import TOP
from matplotlib.text import Text
from test_figures import DATA, TEXTS

from helpers import figures
from helpers.figures import narrow

LONG = "Investment of large internet firms in the years from 2020 to 2024"


@pytest.fixture(autouse=True)
def style():
    figures.use_style()
    yield
    plt.close("all")


def drawn(data=DATA, **layout):
    fig, ax = figures.frame(*TEXTS)
    fig.subplots_adjust(**layout)
    figures.bars(ax, data)
    return fig


def test_a_narrow_figure_shows_the_same_data_in_letters_that_can_be_read():
    fig = drawn(left=0.3)
    shown = narrow.narrowed(fig, DATA)
    figures.check(fig, shown)
    assert shown.equals(DATA) and fig.get_figwidth() == figures.PHONE
    texts = [text for text in fig.findobj(Text) if text.get_text()]
    assert len(texts) > 6 and min(text.get_fontsize() for text in texts) >= 9


def test_a_long_name_is_wrapped_in_the_figure_and_in_the_data_it_is_checked_against():
    data = DATA.assign(x=[LONG, "Europe", "United States"])
    fig = drawn(data, left=0.6)
    shown = narrow.narrowed(fig, data)
    assert "\n" in shown["x"].iloc[0] and shown["x"].iloc[0].replace("\n", " ") == LONG
    figures.check(fig, shown)
    with pytest.raises(figures.FigureError):
        figures.check(fig, shown.assign(value=[22.6, 20.9, 14.03]))


def test_headline_subtitle_and_source_are_wrapped_and_stay_apart():
    fig, ax = figures.frame("A finding of about sixty letters, which is what we allow", LONG, LONG)
    figures.bars(ax, DATA)
    assert narrow.narrowed(fig, DATA) is not None
    headline, subtitle, source = (text.get_window_extent() for text in fig.texts[:3])
    panel = ax.get_window_extent()
    assert headline.y0 > subtitle.y1 > subtitle.y0 > panel.y1 > panel.y0 > source.y1 > 0


def test_two_panels_side_by_side_come_one_below_the_other_and_the_subtitle_says_so():
    data = DATA.assign(panel="one")
    fig, axes = figures.frame("Two", "Counts (left), shares (right)", "A publisher", panels=2)
    for ax in axes:
        figures.bars(ax, DATA)
    assert narrow.narrowed(fig, pd.concat([data, data.assign(panel="two")])) is not None
    first, second = (ax.get_position() for ax in axes)
    assert first.x0 == second.x0 and first.y0 > second.y1
    assert fig.texts[1].get_text() == "Counts (above), shares (below)"


def test_four_panels_come_two_by_two_each_line_with_its_scale():
    fig, axes = figures.frame(*TEXTS, panels=4, sharey=True)
    panels = [DATA.assign(x=[2021, 2022, 2023], panel=str(panel)) for panel in range(4)]
    for ax, data in zip(axes, panels, strict=True):
        figures.dots(ax, data)
        ax.set_xticks([2021, 2023])
    assert narrow.narrowed(fig, pd.concat(panels)) is not None
    one, two, three, four = (ax.get_position() for ax in axes)
    assert one.x0 == three.x0 < one.x1 < two.x0 == four.x0
    assert one.y0 == two.y0 > three.y1 == four.y1
    shown = [any(label.get_visible() for label in ax.get_yticklabels()) for ax in axes]
    assert shown == [True, False, True, False]


def test_words_beside_marks_are_whole():
    data = DATA.assign(x=[2021, 2022, 2023], entity="United States")
    fig, ax = figures.frame(*TEXTS)
    figures.lines(ax, data)
    assert narrow.narrowed(fig, data) is not None
    label = ax.texts[0].get_window_extent()
    assert label.x1 <= figures.PHONE * fig.dpi


def test_a_figure_whose_words_cover_one_another_has_no_narrow_form():
    fig = drawn()
    for ax in fig.axes:
        ax.annotate("one word", (5, 1))
        ax.annotate("another word", (5, 1))
    assert narrow.narrowed(fig, DATA) is None


def test_a_figure_whose_words_are_cut_off_has_no_narrow_form():
    fig = drawn()
    fig.text(-0.2, 0.5, "cut off at the left")
    assert narrow.narrowed(fig, DATA) is None


def test_dates_that_would_touch_are_thinned_out_or_wrapped():
    data = pd.DataFrame({"entity": "China", "x": range(2000, 2012), "value": range(12)})
    fig, ax = figures.frame(*TEXTS)
    figures.lines(ax, data.assign(unit="papers"), direct=False)
    ax.set_xticks(range(2000, 2012))
    assert narrow.narrowed(fig, data) is not None
    assert len(ax.get_xticks()) < 12
    fig, ax = figures.frame(*TEXTS)
    figures.lines(ax, data, direct=False)
    ax.set_xticks([2000, 2003, 2006], ["January to June", "July to December", "January to May"])
    assert narrow.narrowed(fig, data) is not None
    assert ax.get_xticklabels()[0].get_text() == "January\nto June"


def test_a_figure_of_somebodys_own_is_left_alone():
    fig, _ = figures.frame(*TEXTS)
    fig.texts[0].remove()
    assert narrow.narrowed(fig, DATA) is None and fig.get_figwidth() == figures.WIDE


def test_every_committed_figure_has_a_narrow_form():
    folder = TOP / "data" / "processed" / "figures"
    names = {path.stem for path in folder.glob("*.svg")}
    wide = {name for name in names if not name.endswith("_phone")}
    assert len(wide) > 30 and {f"{name}_phone" for name in wide} == names - wide
    for name in names - wide:
        start = (folder / f"{name}.svg").read_text(encoding="utf-8").partition(">")[0]
        width = float(re.search(r'viewBox="0 0 ([\d.]+) ', start)[1])
        assert width == pytest.approx(72 * figures.PHONE)
