"""Pages as PNG files: the size is declared here, and each file says which page it shows."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from .browser import Browser

SCALE = 2
"""A screen's pixels for each CSS pixel, in each direction."""
COLOURS = 128
"""More are not to be told apart on such a page, and a file with a palette is a third as large."""
MADE_FROM = "Made from"


@dataclass(frozen=True)
class Shot:
    """A picture of a page's upper part. `width` and `height` are in CSS pixels."""

    name: str
    width: int
    height: int

    @property
    def pixels(self) -> tuple[int, int]:
        """The size of the file."""
        return self.width * SCALE, self.height * SCALE


SHOTS = (Shot("report", 1000, 1236), Shot("comment", 920, 736))
SCHEMES = {"": "light", "-dark": "dark"}
"""What stands behind a picture's name, for each colour scheme."""


def taken(program: str, pages: Mapping[str, str], shots: Iterable[Shot] = SHOTS) -> Iterator[tuple[str, bytes]]:
    """The name and content of each file. `program` is a Chromium, `pages` the HTML of each shot by its name."""
    with tempfile.TemporaryDirectory() as folder, Browser(program) as chromium:
        for shot in shots:
            file = Path(folder) / f"{shot.name}.html"
            file.write_text(pages[shot.name], encoding="utf-8")
            for ending, scheme in SCHEMES.items():
                chromium.prefer(scheme)
                chromium.resize(shot.width, shot.height, is_phone=False, scale=SCALE)
                chromium.open(file)
                yield f"{shot.name}{ending}.png", small(chromium.screenshot(), fingerprint(pages[shot.name]))


def small(png: bytes, made_from: str) -> bytes:
    """The same picture with a palette, and with the fingerprint of the page that it shows."""
    image = (
        Image.open(io.BytesIO(png))
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    )
    about = PngInfo()
    about.add_text(MADE_FROM, made_from)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, pnginfo=about)
    return file.getvalue()


def fingerprint(page: str) -> str:
    """What tells one page from another."""
    return hashlib.sha256(page.encode()).hexdigest()


def read(file: Path) -> tuple[tuple[int, int], str]:
    """The size of a PNG file, and the fingerprint of the page that it shows."""
    with Image.open(file) as image:
        return image.size, str(image.info.get(MADE_FROM, ""))
