"""Narrow: a figure drawn for a page, laid out again for a telephone."""

from itertools import combinations, pairwise
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

from . import lettering
from .artists import has_names
from .style import A_LINE, LEAST, PHONE

LINES = (0.24, 0.18, 0.16)  # inches that each further line of these takes
A_TITLE = 13  # characters an inch of a panel's title
ROW = 0.155  # inches of a line of names or labels
TRIES = 6
NAMES = (22, 17, 13)  # characters of a row's name, the widest first
BESIDE = 1.6  # inches at most for labels right of the marks
AIR = 0.08  # inches between subtitle and panels, where words stand close above them
EDGE, SLACK = 0.25, 0.1  # inches right of the marks: at least, and those that may be left over
BETWEEN = 0.75  # inches between two panels, one below the other
GUTTER = 0.2  # inches between two panels of a line
BELOW = {"(left)": "(above)", "(right)": "(below)"}


def narrowed(fig: Figure, data: pd.DataFrame) -> pd.DataFrame | None:
    """Lay a figure of `frame` out anew, `PHONE` inches wide, and return the data that it then
    shows: names of rows are wrapped.

    Letters keep their size, the small ones grow; names and texts are wrapped, two panels side by
    side come one below the other, more come two by two, and dates that would touch are thinned
    out. None where a text would be cut off or cover another, and for a figure that is not of
    `frame`.
    """
    if len(fig.texts) < 3 or not fig.axes:
        return None
    for text in fig.findobj(Text):
        text.set_fontsize(max(text.get_fontsize(), LEAST))
    drawn = Drawn(fig)
    for length in NAMES:
        drawn.wrap(length)
        for _ in range(TRIES):
            if not drawn.place():
                break
        if drawn.fits():
            wrap = [lettering.wrapped(x, length) if isinstance(x, str) else x for x in data["x"]]
            return data.assign(x=wrap) if drawn.named else data
        if not drawn.named:
            break
    return None


class Drawn:
    """A figure with where everything stood when it was wide."""

    def __init__(self, fig: Figure) -> None:
        """Keep its size and places in inches, and its three texts."""
        self.fig, self.renderer = fig, RendererAgg(8, 8, fig.dpi)
        self.wide, self.high = fig.get_size_inches()
        self.texts = [text.get_text() for text in fig.texts[:3]]
        named = filter(has_names, fig.axes)
        self.named = {ax: [name.get_text() for name in ax.get_yticklabels()] for ax in named}
        places: dict[Any, Bbox] = {ax: ax.get_position() for ax in fig.axes}
        places |= {text: Bbox([text.get_position()] * 2) for text in fig.texts[3:]}
        inches = (self.wide, self.high)
        self.places = {each: Bbox(box.get_points() * inches) for each, box in places.items()}
        boxes = [self.places[ax] for ax in fig.axes]
        self.first, self.last = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
        self.low, self.top = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
        self.row = len({box.x0 for box in boxes}) == len(boxes) > len({box.y0 for box in boxes})
        self.pair = self.row and len(boxes) == 2

    def wrap(self, length: int) -> None:
        """Wrap names and texts, `length` being that of a name's line, and begin with the margins
        that they need."""
        self.left = self._names(length) or self.first
        self.right = min(self.wide - self.last, BESIDE)
        self.taller = self._taller()
        above = self._texts()
        self.below, self.above = above.pop(), sum(above) + AIR

    def place(self) -> bool:
        """Place everything within the margins, and say whether they had to change."""
        fig, width, left, right, below = self.fig, PHONE, self.left, self.right, self.below
        taller, part = self.taller, 0.7 * self.places[fig.axes[0]].height
        panels = (self.top - self.low) * taller
        if self.row:
            lines = -(-len(fig.axes) // self._columns())
            panels = lines * part + (lines - 1) * BETWEEN
        foot = self.low + below
        height = foot + panels + self.high - self.top + self.above
        fig.set_size_inches(width, height)
        for each, box in self.places.items():
            x0, x1 = (
                left + (x - self.first) * (width - left - right) / (self.last - self.first)
                for x in (box.x0, box.x1)
            )
            y0, y1 = (foot + (y - self.low) * taller for y in (box.y0, box.y1))
            if isinstance(each, Text):
                y0 = foot + panels + box.y0 - self.top if box.y0 >= self.top else y0
                each.set_position((x0 / width, y0 / height))
                continue
            if self.row:
                x0, x1, line = self._cell(each)
                y1 = foot + panels - line * (part + BETWEEN)
                y0 = y1 - part
            each.set_position((x0 / width, y0 / height, (x1 - x0) / width, (y1 - y0) / height))
        headline, subtitle, source = fig.texts[:3]
        headline.set_y(1 - 0.12 / height)
        subtitle.set_y(1 - (0.42 + LINES[0] * headline.get_text().count("\n")) / height)
        source.set_y(0.1 / height)
        self._titles()
        deeper = max(map(self._dates, fig.axes))
        self.below += deeper
        over = self._over()
        self.right = max(right + (2 * over if over > 0 else over), EDGE)
        self.left += (short := self._short())
        return deeper + short > 0 or not -SLACK <= self.right - right <= 0

    def _columns(self) -> int:
        """Return how many panels of a row stand side by side."""
        return 1 if self.pair else 2

    def _cell(self, ax: Axes) -> tuple[float, float, int]:
        """Return from where to where a panel of a row goes, and on which line; the first of a line
        shows its scale."""
        columns = self._columns()
        line, column = divmod(self.fig.axes.index(ax), columns)
        ax.tick_params(labelleft=column == 0)
        each = (PHONE - self.left - self.right - (columns - 1) * GUTTER) / columns
        start = self.left + column * (each + GUTTER)
        return start, start + each, line

    def _texts(self) -> list[float]:
        """Wrap the three texts, and return the inches that each takes more than before."""
        more = []
        texts = zip(self.fig.texts[:3], self.texts, A_LINE, LINES, strict=True)
        for text, old, length, line in texts:
            for side, place in BELOW.items() if self.pair else ():
                old = old.replace(side, place)
            text.set_text(lettering.wrapped(old, int(length * PHONE)))
            more.append(line * max(text.get_text().count("\n") - old.count("\n"), 0))
        return more

    def _names(self, length: int) -> float:
        """Wrap the names of rows, and return the inches that they take; 0 where there are none."""
        taken = [0.0]
        for ax, names in self.named.items():
            ax.set_yticks(ax.get_yticks(), [lettering.wrapped(name, length) for name in names])
            extents = map(self._extent, ax.get_yticklabels())
            taken += [extent.width / self.fig.dpi + 0.2 for extent in extents]
        return max(taken)

    def _taller(self) -> float:
        """Return by how much rows must grow for their names of several lines."""
        wanted = [1.0]
        for ax in self.named:
            lines = [lettering.lines(name.get_text()) for name in ax.get_yticklabels()]
            wanted.append((ROW * max(lines) + 0.03) * len(lines) / self.places[ax].height)
        return max(wanted)

    def _titles(self) -> None:
        """Wrap the title of each panel to the room before the next."""
        boxes = {ax: ax.get_position() for ax in self.fig.axes}
        for ax, box in boxes.items():
            later = [
                each.x0
                for each in boxes.values()
                if each.x0 > box.x0 and each.y0 < box.y1 and each.y1 > box.y0
            ]
            inches = (min(later, default=1) - box.x0) * self.fig.get_figwidth()
            length = int(inches * A_TITLE) - (2 if later else 0)
            for title in ax.get_children():
                if isinstance(title, Text) and title not in ax.texts:
                    title.set_text(lettering.wrapped(title.get_text(), length))

    def _dates(self, ax: Axes) -> float:
        """Wrap the labels of the horizontal axis where they touch, else leave every second out;
        return the inches that their further lines take."""
        locator = ax.xaxis.get_major_locator()
        for turn in range(3):
            shown = lettering.ticks(ax.xaxis)
            boxes = sorted((self._extent(label) for _, label in shown), key=lambda box: box.x0)
            if all(one.x1 + 3 < two.x0 for one, two in pairwise(boxes)):
                break
            places, texts = [place for place, _ in shown], [each.get_text() for _, each in shown]
            if turn == 0 and " " in "".join(texts) and isinstance(locator, FixedLocator):
                wrapped = [lettering.wrapped(text, 9) for text in texts]
                ax.set_xticks(places, wrapped)
                return ROW * (max(map(lettering.lines, wrapped)) - max(map(lettering.lines, texts)))
            ax.set_xticks(places[::2])
        return 0

    def _over(self) -> float:
        """Return by how many inches words beside marks stand out of the figure on its right."""
        ends = [self._extent(text).x1 for ax in self.fig.axes for text in ax.texts]
        return max(ends, default=0) / self.fig.dpi - self.fig.get_figwidth() + 0.03

    def _short(self) -> float:
        """Return by how many inches names of an axis stand out of the figure on its left."""
        names = [name for ax in self.fig.axes for _, name in lettering.ticks(ax.yaxis)]
        start = min((self._extent(name).x0 for name in names), default=1)
        return max(0.03 - start / self.fig.dpi, 0)

    def fits(self) -> bool:
        """Say whether every text is whole, and covers no other text or panel."""
        found = [self._extent(text) for text in self.fig.texts]
        for ax in self.fig.axes:
            own = [each for each in ax.get_children() if isinstance(each, Text) and each.get_text()]
            boxes = [self._extent(text) for text in own]
            others = [each.get_window_extent() for each in self.fig.axes if each is not ax]
            if any(lettering.covers(box, other) for box in boxes for other in others):
                return False
            ticks = [label for axis in (ax.xaxis, ax.yaxis) for _, label in lettering.ticks(axis)]
            found += boxes + [self._extent(label) for label in ticks]
        width = self.fig.get_figwidth() * self.fig.dpi
        inside = all(box.x0 >= 0 and box.x1 <= width for box in found)
        return inside and not any(lettering.covers(one, two) for one, two in combinations(found, 2))

    def _extent(self, text: Text) -> Bbox:
        """Return the place of a text in pixels, an annotation's without its arrow."""
        if isinstance(text, Annotation):
            text.update_positions(self.renderer)
        return Text.get_window_extent(text, self.renderer)
