"""The files that are written. What somebody else has written is never overwritten unasked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..core.errors import ConfigurationError

PROGRAM = "__main__.py"
IMPORT_FILE = "import.json"


def write(texts: Mapping[Path, str], *, overwrite: bool) -> None:
    """All of the files hold their texts. Raises: ConfigurationError, before anything is written, for one that holds something else."""
    try:
        others = [str(path) for path, text in texts.items() if path.exists() and path.read_bytes() != text.encode()]
        if others and not overwrite:
            raise ConfigurationError(
                f"{', '.join(others)}: there already, with other contents; --overwrite replaces them, or choose another folder with --out"
            )
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    except OSError as error:
        raise ConfigurationError(f"{error.filename}: cannot be written: {error.strerror}") from None
