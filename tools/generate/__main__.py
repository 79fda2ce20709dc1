"""Writes the generated files: `make generate`. With `--check` it writes nothing, names the files that are out of date, and exits with 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent

WRITERS: tuple[str, ...] = (
    "classes",
    "types",
    "provider",
    "native_classes",
    "package_schema",
    "reference",
    "settings",
    "warnings",
    "errors",
    "reports",
    "support",
    "command_line",
)
"""The modules of this package that write files, by name."""


def files() -> dict[Path, str]:
    """Every generated file with its text."""
    modules = (import_module(f"generate.{name}") for name in WRITERS)
    return {ROOT / path: text for module in modules for path, text in module.files().items()}


def stale(texts: Mapping[Path, str]) -> Iterator[Path]:
    """The files that are missing, or have another text."""
    for path, text in texts.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path


def main(arguments: list[str]) -> int:
    """Writes the files, or checks them; returns the exit code."""
    texts = files()
    found = list(stale(texts))
    for path in found:
        print(f"{'out of date' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}")
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], encoding="utf-8")
    return int(bool(found) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
