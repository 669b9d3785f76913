"""How the site is built: `make docs`. Its pages are the Markdown files of this project, as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager

import sim

release = sim.__version__
project = author = "The debate simulator"
copyright = "the authors, MIT licence"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
include_patterns = ["docs/**.md", "MODEL.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/results.md"]
root_doc = "docs/index"
exclude_patterns = ["docs/_build"]

html_theme = "furo"
html_static_path, html_css_files = ["site.css"], ["site.css"]
html_title = "The debate simulator"
html_copy_source = html_show_sphinx = False
# The first page lies beside this project's own files; who opens the folder is led there.
html_additional_pages = {"index": "first.html"}
templates_path = ["templates"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
# Fenced blocks that tests read by their names.
suppress_warnings = ["misc.highlighting_failure"]

# The notebook is played at each build; nobody else can talk to what plays it.
AsyncKernelManager.transport_encryption.default_value = "auto"
nb_execution_mode, nb_execution_raise_on_error, nb_execution_timeout = "force", True, 300
nb_output_stderr = "remove"

autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
python_use_unqualified_type_names = True
# Only what is public has a place on the site, and nothing is fetched, so other packages' pages are not linked.
nitpick_ignore_regex = [("py:class", r"(?!sim\.\w+$).*")]


def as_literal(_app: object, _what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Docstrings mark code as Markdown does."""
    lines[:] = [re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line) for line in lines]


#: What the theme, Sphinx and pandas leave out for those who cannot see or point.
ACCESSIBLE = {
    ' role="heading">': ' role="heading" aria-level="2">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Contents">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
    "<pre>": '<pre tabindex="0">',
    "<th></th>": "<td></td>",
    '<th class="head"><p></p></th>': "<td></td>",
    '<div id="search-results">': '<h1>Search</h1><div id="search-results">',
}


def make_accessible(app: Any, _error: object) -> None:
    """Puts into every page what is missing."""
    for page in Path(app.outdir).rglob("*.html"):
        text = page.read_text("utf-8")
        for without, with_it in ACCESSIBLE.items():
            text = text.replace(without, with_it)
        page.write_text(text, "utf-8")


def setup(app: Any) -> None:
    """Docstrings are read as they are written, and pages are finished."""
    app.connect("autodoc-process-docstring", as_literal)
    app.connect("build-finished", make_accessible)
