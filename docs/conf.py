"""Sphinx settings: nothing is executed or fetched, the same sources give the same bytes."""

import os

from docutils import nodes

ADDRESS = os.environ.get("FACTCHECK_ADDRESS", "").rstrip("/")  # of the repository; none by default

project = html_title = "The AI race, checked"
author = "The AI race fact-check authors"  # as CITATION.cff has it
language = "en"
extensions = ["myst_nb"]
nb_execution_mode = "off"
nb_ipywidgets_js = {}
myst_heading_anchors = 3
exclude_patterns = ["scorecard.md"]  # the front page of the site shows it
templates_path = ["_templates"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["book.css"]
html_sidebars = {"**": ["sbt-sidebar-nav.html"]}
html_copy_source = html_show_sourcelink = html_show_sphinx = html_show_copyright = False
html_use_index = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses for files
html_last_updated_fmt = None
html_permalinks_icon = "#"
html_context = {"default_mode": "auto"}
html_theme_options = {
    "home_page_in_toc": True,
    "back_to_top_button": False,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
if ADDRESS:
    html_theme_options |= {
        "repository_url": ADDRESS,
        "repository_branch": "main",
        "use_repository_button": True,
    }
if ADDRESS.startswith("https://github.com/"):
    html_theme_options["launch_buttons"] = {
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "notebook_interface": "jupyterlab",
    }


def anchor(app, doctree):
    """Give every code cell of a notebook the anchor `cell-N`, its place in the file, from 1."""
    for cell in doctree.findall(nodes.container):
        if cell.get("nb_element") == "cell_code":
            cell["ids"].append(f"cell-{cell['cell_index'] + 1}")


def setup(app):
    """Connect what the book adds to Sphinx."""
    app.connect("doctree-read", anchor)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
