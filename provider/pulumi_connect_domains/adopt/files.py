"""The files that are written. What somebody else has written is never overwritten unasked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..model.errors import ConfigurationError, Unreadable
from ..reporting import output
from ..stacks import files
from . import import_file

PROGRAM = "__main__.py"
IMPORT_FILE = "import.json"


def write(texts: Mapping[Path, str], *, overwrite: bool) -> None:
    """All of the files hold their texts. Raises: ConfigurationError, before anything is written, for one that holds something else.

    An import file of an earlier run that says the same is replaced: only what AWS computes has moved.
    """
    others = [files.called(str(path)) for path, text in texts.items() if _is_other(path, text)]
    if others and not overwrite:
        raise ConfigurationError(
            f"{', '.join(others)}: there already, with other contents; --overwrite replaces them, or choose another folder with --out"
        )
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            output.to_file(str(path), text)
    except OSError as error:
        raise ConfigurationError(f"{error.filename or path}: cannot be written: {error.strerror or error}") from None


def _is_other(path: Path, text: str) -> bool:
    if not path.exists():
        return False
    try:
        there = files.content(str(path))
    except Unreadable:
        return True
    if there == text.encode():
        return False
    return path.name != IMPORT_FILE or not import_file.says_the_same(there, text)
