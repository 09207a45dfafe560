import copy
import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import TOP
from matplotlib import font_manager, get_configdir, get_data_path

from helpers import figures
from helpers.figures import FigureError

DATA = pd.DataFrame({"entity": ["China", "Europe", "United States"],
    "x": ["China", "Europe", "United States"], "value": [22.6, 20.9, 13.03],
                     "unit": "% of papers"})  # fmt: skip
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
    data = pd.DataFrame(
        {"entity": "China", "x": [2021, 2022, 2023], "value": [1.0, None, 3.0], "unit": "papers"}
    )
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


RANGED = DATA.assign(unit="% of papers", low=[20.0, 18.0, None], high=[25.0, 22.0, None])


@pytest.fixture
def dots():
    figures.use_style()
    fig, ax = figures.frame(*TEXTS)
    figures.rows(ax, RANGED)
    figures.ranges(ax, RANGED, horizontal=True)
    return fig, ax


def test_dots_on_rows_and_their_ranges_show_their_data(dots):
    figures.check(dots[0], RANGED)
    assert figures.drawn_ranges(dots[0])["x"].tolist() == ["China", "Europe"]


def test_a_moved_dot_a_moved_range_and_a_range_left_out_are_seen(dots):
    with pytest.raises(FigureError, match="Europe . Europe . 20.9"):
        figures.check(dots[0], RANGED.replace({"value": {20.9: 21.0}}))
    with pytest.raises(FigureError, match="China . China . 19 . 25"):
        figures.check(dots[0], RANGED.replace({"low": {20.0: 19.0}}))
    for band in list(dots[1].collections):
        if band.get_gid() == "China" and hasattr(band, "get_segments"):
            band.remove()
    with pytest.raises(FigureError, match="in the data but not drawn"):
        figures.check(dots[0], RANGED)


def test_vertical_ranges_are_read_back():
    figures.use_style()
    data = pd.DataFrame(
        {
            "entity": "China",
            "x": [2021, 2022],
            "value": [1.0, 3.0],
            "low": [0.5, 2.0],
            "high": [2.0, 4.0],
            "unit": "papers",
        }
    )
    fig, ax = figures.frame(*TEXTS)
    figures.dots(ax, data)
    figures.ranges(ax, data)
    figures.check(fig, data)
    with pytest.raises(FigureError):
        figures.check(fig, data.assign(high=[2.0, 4.1]))


def test_mixed_units_or_vintages_in_one_panel_are_refused(bars):
    with pytest.raises(FigureError, match="no column unit"):
        figures.check(bars[0], DATA.drop(columns="unit"))
    with pytest.raises(FigureError, match=r"mixes units \['%', 'papers'\]"):
        figures.check(bars[0], DATA.assign(unit=["%", "%", "papers"]))
    with pytest.raises(FigureError, match="right: one panel mixes vintages"):
        figures.check(
            bars[0], DATA.assign(panel=["left", "right", "right"], vintage=["2024", "2024", "2025"])
        )
    figures.check(
        bars[0], DATA.assign(unit=["%", "papers", "papers"], panel=["left", "right", "right"])
    )


def test_a_country_in_another_s_colour_is_seen(bars):
    bars[1].patches[0].set_edgecolor(figures.colour("Europe"))
    with pytest.raises(FigureError, match="A mark of China is drawn in #0d7680"):
        figures.check(bars[0], DATA)


def test_a_bar_that_does_not_start_at_zero_is_seen(bars):
    bars[0].axes[0].set_xlim(10, 30)
    with pytest.raises(FigureError, match="does not start at zero"):
        figures.check(bars[0], DATA)
    bars[0].axes[0].set_xlim(0, 30)
    bars[1].patches[1].set_x(5)
    with pytest.raises(FigureError, match="Europe does not start at zero"):
        figures.check(bars[0], DATA)


def test_an_axis_that_cuts_a_mark_off_is_seen(dots):
    dots[1].set_xlim(15, 30)
    with pytest.raises(FigureError, match=r"United States at \(13.03, 2\) lies beyond the axis"):
        figures.check(dots[0], RANGED)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [("China 22.5", "is not the value"), ("United States 22.6", "another entity")],
)
def test_a_label_of_a_name_and_a_number_is_held_to_both(told, wanted):
    data = pd.DataFrame({"entity": ["China"], "x": ["2023"], "value": [22.6], "unit": "%"})
    for text, seen in ((told, True), ("China 22.6", False)):
        fig, ax = figures.frame(*TEXTS)
        figures.rows(ax, data, label="")
        name = text.rpartition(" ")[0]
        ax.annotate(text, (22.6, 0), color=figures.colour(name))
        if not seen:
            figures.check(fig, data)
            continue
        with pytest.raises(figures.FigureError, match=wanted):
            figures.check(fig, data)


def test_swapped_value_labels_are_seen(bars):
    one, two = bars[0].axes[0].texts[:2]
    one.set_text("20.9"), two.set_text("22.6")
    with pytest.raises(FigureError, match="'20.9' of China is not the value"):
        figures.check(bars[0], DATA)


def test_swapped_names_are_seen_at_their_marks_and_by_their_colour():
    figures.use_style()
    data = pd.DataFrame(
        {
            "entity": ["China", "China", "Europe", "Europe"],
            "x": [2021, 2022] * 2,
            "value": [1.0, 3.0, 2.0, 5.0],
            "unit": "papers",
        }
    )
    fig, ax = figures.frame(*TEXTS)
    figures.lines(ax, data)
    figures.check(fig, data)
    one, two = ax.texts
    one.set_text("Europe"), two.set_text("China")
    with pytest.raises(FigureError, match="stands at another entity's mark"):
        figures.check(fig, data)
    one.set_text("China"), two.set_text("Europe"), one.set_color(figures.colour("Europe"))
    with pytest.raises(FigureError, match="or in its colour"):
        figures.check(fig, data)


PICTURE = """
from helpers import figures
figures.use_style()
fig, ax = figures.frame("A headline", "A subtitle", "A source")
ax.plot([1, 10], [1, 1e6])
ax.set_yscale("log")
print(figures.svg(fig, "alt"))
"""


def picture(home):
    env = os.environ | {"MPLCONFIGDIR": str(home), "PYTHONPATH": str(TOP / "src")}
    command = [sys.executable, "-c", PICTURE]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=100)
    return done.stdout


def poisoned(home):
    """A font cache that knows fonts of the system alone: under our font's name it has another."""
    known = copy.copy(font_manager.fontManager)
    known.ttflist = [
        dataclasses.replace(font, fname=str(home / "system.ttf"))
        for font in known.ttflist
        if font.name in ("DejaVu Sans", "DejaVu Sans Mono")
    ]
    assert known.ttflist
    shutil.copy(Path(get_data_path(), "fonts", "ttf", "STIXGeneral.ttf"), home / "system.ttf")
    font_manager.json_dump(known, home / f"fontlist-v{font_manager.FontManager.__version__}.json")


@pytest.fixture
def system(tmp_path):
    (tmp_path / "system").mkdir()
    poisoned(tmp_path / "system")
    return tmp_path / "system"


@pytest.fixture(scope="module")
def usual():
    """The picture under the cache that this process has."""
    return picture(get_configdir())


def test_a_cache_of_the_system_s_fonts_changes_no_picture(usual, system):
    assert picture(system) == usual and "<svg" in usual


def test_the_cache_of_the_system_s_fonts_would_be_noticed(usual, system, monkeypatch):
    plain = PICTURE.replace(
        "figures.use_style()", "figures.style._own_fonts = int\nfigures.use_style()"
    )
    monkeypatch.setattr(sys.modules[__name__], "PICTURE", plain)
    assert picture(system) != usual


def test_a_matplotlib_without_its_fonts_is_refused(tmp_path, monkeypatch):
    for path in Path(get_data_path(), "fonts", "ttf").glob("STIX*.ttf"):
        (tmp_path / "fonts" / "ttf").mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / "fonts" / "ttf")
    monkeypatch.setattr(figures.style, "get_data_path", lambda: str(tmp_path))
    known = list(font_manager.fontManager.ttflist)
    with pytest.raises(FigureError, match="ships no DejaVu Sans"):
        figures.use_style()
    font_manager.fontManager.ttflist = known
    font_manager.fontManager._findfont_cached.cache_clear()
