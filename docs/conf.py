"""How Sphinx builds the documentation: `make docs`. The pages are Markdown, and read well on GitHub too.

On GitHub a link may lead to any file of the repository; the site holds only the pages. So a link that leaves this folder becomes, on the
site, a link to the repository. A link to a file that does not exist is a warning, and `make docs` takes warnings for errors.
"""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util import logging

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent
PACKAGE = metadata("pulumi-connect-domains")
REPOSITORY = dict(url.split(", ", 1) for url in PACKAGE.get_all("Project-URL") or ())["Source"]

project = "pulumi-connect-domains"
author = "the maintainers of pulumi-connect-domains"
version = release = PACKAGE["Version"]
language = "en"

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "_templates"]
myst_heading_anchors = 4
suppress_warnings = ["misc.highlighting_failure"]  # output of commands stands in `text` blocks; none has a lexer
nitpicky = True

html_theme = "furo"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
templates_path = ["_templates"]
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
    "top_of_page_buttons": ["view"],
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"

LINK = re.compile(r"(?P<text>\]\()(?P<target>(?:\.\./)+[^)#\s]*|[\w.-][\w./-]*)(?P<anchor>#[^)\s]*)?\)")


def to_the_repository(_app: Sphinx, page: str, source: list[str]) -> None:
    """Makes each link that leaves the documentation's folder a link to the repository."""
    folder = (FOLDER / page).parent

    def link(found: re.Match[str]) -> str:
        target = (folder / found["target"]).resolve()
        if target.is_relative_to(FOLDER) or not target.is_relative_to(ROOT):
            return found[0]
        if not target.exists():
            logging.getLogger(__name__).warning("there is no file %s", found["target"], location=page)
        kind = "tree" if target.is_dir() else "blob"
        return f"]({REPOSITORY}/{kind}/main/{target.relative_to(ROOT)}{found['anchor'] or ''})"

    source[0] = LINK.sub(link, source[0])


PICTURE = re.compile(
    r"""<picture>\s*<source\s+media="\(prefers-color-scheme:\s*dark\)"\s+srcset="(?P<dark>[^"]+)">\s*"""
    r"""<img\s+alt="(?P<alt>[^"]+)"\s+src="(?P<light>[^"]+)"(?:\s+width="\d+")?>\s*</picture>"""
)


def with_the_site_s_colours(_app: Sphinx, _page: str, source: list[str]) -> None:
    """Makes each picture for both colour schemes two images, of which the theme shows one, also when the reader has switched the scheme.

    GitHub shows `<picture>` as it stands; Sphinx would neither copy its files nor notice that one is missing.
    """

    def images(found: re.Match[str]) -> str:
        one = "```{{image}} {}\n:alt: {}\n:class: only-{}\n```"
        both = "\n\n".join(one.format(found[scheme], found["alt"], scheme) for scheme in ("light", "dark"))
        return f"````{{container}} picture\n{both}\n````"

    source[0] = PICTURE.sub(images, source[0])


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", to_the_repository)
    app.connect("source-read", with_the_site_s_colours)
