"""Plates: the committed figures as the site shows them, light or dark as the reader's page is."""

import re
from html import escape
from typing import Any

from .. import figures

# Each colour of a figure: its name, and what it is in the dark (the site's own, assets/site.css).
DARK = {
    figures.COLOURS["China"]: ("china", "#f08aa8"),
    figures.COLOURS["United States"]: ("us", "#86b9ee"),
    figures.COLOURS["Europe"]: ("europe", "#63c5cd"),
    figures.OTHER: ("other", "#8d857b"),
    figures.INK: ("ink", "#ece7df"),
    figures.MUTED: ("muted", "#b0a89d"),
    "#e3ddd8": ("grid", "#3d3934"),
    "#f2eeea": ("raised", "#211f1c"),
    "#f6f2ee": ("faint", "#211f1c"),
    "#ffffff": ("paper", "#161513"),
}
LIGHT = {"#ffffff": "#fdfcf9"}  # the site's paper is a little warmer than a figure's


def plate(figure: dict[str, Any], top: str) -> str:
    """Return the HTML of a figure, as `claim_page.figure` describes it: narrow on a telephone where
    it was drawn so, else in a frame that scrolls. `top` leads from the page to the site's folder.
    """
    place, narrow = f"{top}figures/{figure['name']}", ""
    if figure["phone"]:
        narrow = f'<source media="(max-width: 34rem)" srcset="{place}_phone.svg">'
    size = f'width="{figure["width"]}" height="{figure["height"]}"'
    return (
        '<div class="plate" tabindex="0" role="group" aria-label="Figure, may be wider than the'
        f' screen"><picture>{narrow}<img src="{place}.svg" alt="{escape(figure["alt"])}" {size}>'
        "</picture></div>"
    )


def themed(svg: str) -> str:
    """Return a figure with its colours as CSS variables that follow the page's scheme.

    A colour that is not in `DARK` stays as it is. The drawing itself is not touched.

    >>> themed('<svg><defs></defs><path style="fill: #990f3d"/></svg>').count("var(--china)")
    1
    """
    found = re.sub(r'\b(fill|stroke)="(#[0-9a-f]{6})"', r'style="\1: \2"', svg)
    found = re.sub(r'(?<=style=")[^"]*', lambda match: _variables(match[0]), found)
    light = "; ".join(f"--{name}: {LIGHT.get(code, code)}" for code, (name, _) in DARK.items())
    dark = "; ".join(f"--{name}: {code}" for name, code in DARK.values())
    style = f"svg{{{light}}}@media (prefers-color-scheme: dark){{svg{{{dark}}}}}"
    return found.replace("<defs>", f'<style type="text/css">{style}</style>\n<defs>', 1)


def _variables(style: str) -> str:
    for code, (name, _) in DARK.items():
        style = style.replace(code, f"var(--{name})")
    return style
