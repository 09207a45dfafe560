"""Cards: the picture of a page that is shown where its address is shared, one for each claim."""

import io
import textwrap
from functools import cache
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from .. import figures

SIZE, MARGIN, COLOURS = (1200, 630), 72, 16
PAPER = "#fdfcf9"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def card(statement: str, outcome: str, plain: str) -> bytes:
    """Return a PNG of 1200 x 630 pixels: what was said, the outcome, and the plain sentence.

    Drawn with matplotlib's own fonts, so that the same words give the same bytes.
    """
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 12), fill=figures.INK)
    pen.text(
        (MARGIN, 48), "The AI race, checked", font=_font("DejaVuSerif-Bold", 30), fill=figures.INK
    )
    height = 54 if len(statement) <= 90 else 44
    lines = textwrap.wrap(statement, 34 if height == 54 else 42)[:4]
    pen.multiline_text(
        (MARGIN, 116),
        "\n".join(lines),
        font=_font("DejaVuSerif-Bold", height),
        fill=figures.INK,
        spacing=10,
    )
    below = 150 + len(lines) * (height + 18)
    if outcome:
        pen.rectangle((MARGIN, below, MARGIN + 8, below + 200), fill=figures.COLOURS["China"])
        pen.text((MARGIN + 32, below), outcome, font=_font("DejaVuSans-Bold", 38), fill=figures.INK)
    told = "\n".join(textwrap.wrap(plain, 58)[:4])
    place = (MARGIN + 32 if outcome else MARGIN, below + (62 if outcome else 0))
    pen.multiline_text(place, told, font=_font("DejaVuSerif", 30), fill=figures.MUTED, spacing=8)
    made = io.BytesIO()
    few = picture.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(made, "PNG", optimize=True)
    return made.getvalue()


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.ttf"), size)
