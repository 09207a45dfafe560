import pandas as pd
import pytest

from helpers import figures
from helpers.figures import FigureError

DATA = pd.DataFrame({"entity": ["China", "Europe", "United States"], "x": ["China", "Europe", "United States"], "value": [22.6, 20.9, 13.03]})
TEXTS = ("China is first", "Share, per cent, 2023", "A publisher, April 2025")


@pytest.fixture
def bars():
    figures.use_style()
    fig, ax = figures.frame(*TEXTS)
    return fig, figures.bars(ax, DATA)


def test_bars_show_their_data(bars):
    figures.check(bars[0], DATA)


def test_a_moved_bar_is_seen(bars):
    bars[1].patches[0].set_width(23.6)
    with pytest.raises(FigureError, match=r"China \| China \| 23.6"):
        figures.check(bars[0], DATA)


def test_two_swapped_countries_are_seen(bars):
    with pytest.raises(FigureError, match="does not show its data"):
        figures.check(bars[0], DATA.assign(value=[20.9, 22.6, 13.03]))


def test_swapped_labels_are_seen(bars):
    bars[0].axes[0].set_yticks(range(3), ["Europe", "China", "United States"])
    with pytest.raises(FigureError, match="does not show its data"):
        figures.check(bars[0], DATA)


def test_a_mark_that_is_not_in_the_data_is_seen(bars):
    with pytest.raises(FigureError, match="drawn but not in the data"):
        figures.check(bars[0], DATA.head(2))


def test_lines_leave_missing_values_missing_and_a_moved_point_is_seen():
    figures.use_style()
    data = pd.DataFrame({"entity": "China", "x": [2021, 2022, 2023], "value": [1.0, None, 3.0]})
    fig, ax = figures.frame(*TEXTS)
    figures.lines(ax, data)
    figures.check(fig, data)
    assert len(figures.drawn(fig)) == 2
    ax.get_lines()[0].set_ydata([1.0, 2.0, 3.0])
    with pytest.raises(FigureError):
        figures.check(fig, data)


def test_the_same_figure_gives_the_same_bytes_and_carries_its_alternative_text():
    pictures = []
    for _ in range(2):
        figures.use_style()
        fig, ax = figures.frame(*TEXTS)
        figures.bars(ax, DATA)
        pictures.append(figures.svg(fig, 'China "first" & <others>'))
    assert pictures[0] == pictures[1]
    assert 'aria-label="China &quot;first&quot; &amp; &lt;others>"' in pictures[0]


def test_headline_subtitle_source_and_alternative_text_are_required(tmp_path, monkeypatch, bars):
    monkeypatch.setenv("FACTCHECK_OUT", str(tmp_path))
    with pytest.raises(FigureError, match="no source"):
        figures.frame("a", "b", " ")
    with pytest.raises(FigureError, match="more than 60"):
        figures.frame("a" * 61, "b", "c")
    with pytest.raises(FigureError, match="no alternative text"):
        figures.show(bars[0], "x", DATA, "")
    assert not list(tmp_path.iterdir())
