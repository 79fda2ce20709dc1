"""Makes the pictures of the documentation: `make pictures`.

A picture of a terminal is left as it is while it shows what the commands print, and a screenshot while its page is the same. So
no file changes for another font or browser. `make pictures ALL=1` makes all of them anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from . import browser, comment, screenshots
from .scenes import Story, tell
from .screenshots import SCHEMES, SHOTS
from .terminal import LOOKS, shown

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"


def pages(story: Story) -> dict[str, str]:
    """The HTML of each screenshot."""
    return {"report": story.report, "comment": comment.page(story.comment)}


def terminals(story: Story) -> Iterator[tuple[Path, str]]:
    """Each picture of a terminal, with its content."""
    for name, recording in story.recordings.items():
        for ending, scheme in SCHEMES.items():
            yield FOLDER / f"{name}{ending}.svg", recording.svg(LOOKS[scheme])


def stale(story: Story, folder: Path = FOLDER) -> Iterator[str]:
    """The pictures that are missing, or show something else than the story."""
    for path, svg in terminals(story):
        file = folder / path.name
        if not file.exists() or shown(file.read_text(encoding="utf-8")) != shown(svg):
            yield file.name
    made_from = {name: screenshots.fingerprint(page) for name, page in pages(story).items()}
    for shot in SHOTS:
        for ending in SCHEMES:
            file = folder / f"{shot.name}{ending}.png"
            if not file.exists() or screenshots.read(file) != (shot.pixels, made_from[shot.name]):
                yield file.name


def main(arguments: list[str]) -> int:
    """Makes what is stale; returns the exit code."""
    program = browser.find()
    if program is None:
        print(f"no Chromium is on PATH: none of {', '.join(browser.NAMES)}", file=sys.stderr)
        return 1
    story = tell()
    wanted = set(stale(story))
    FOLDER.mkdir(exist_ok=True)
    files: dict[str, bytes] = {path.name: svg.encode() for path, svg in terminals(story)}
    if "--all" in arguments or any(name.endswith(".png") for name in wanted):
        files.update(screenshots.taken(program, pages(story)))
    for name, content in files.items():
        if name in wanted or "--all" in arguments:
            (FOLDER / name).write_bytes(content)
            print(f"made: docs/pictures/{name} ({len(content) // 1000} kB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
