"""How generated Python looks: its first lines, docstrings of even lines, and the form that `ruff format` gives to code."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence

WIDTH = 120
NOTICE = "# Written by `make generate` from {source}: change that file, not this one."
_BLANK = "\N{NO-BREAK SPACE}"


def folder(package: str) -> str:
    """The folder of a Python package, relative to the repository."""
    return f"provider/{package.replace('.', '/')}"


def module(head: Iterable[str], *parts: str, source: str = "schema.json") -> str:
    """A module as ruff lays it out: the notice, the docstring with the paragraphs of `head`, and the parts.

    Raises: CalledProcessError for what is no Python.
    """
    first = [NOTICE.format(source=source), docstring(head, indent=0), "from __future__ import annotations"]
    text = "\n\n".join([*first, *filter(None, parts)]) + "\n"
    command = [sys.executable, "-m", "ruff", "format", "--quiet", "--line-length", str(WIDTH), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, encoding="utf-8").stdout


def imports(body: str) -> str:
    """The imports from the standard library that the body needs."""
    collections = [name for name in ("Mapping", "Sequence") if f"{name}[" in body]
    typing = [name for name in ("TYPE_CHECKING", "Any", "Literal") if name in body]
    lines = [f"from collections.abc import {', '.join(collections)}"] if collections else []
    return "\n".join([*lines, *([f"from typing import {', '.join(typing)}"] if typing else [])])


Entries = Mapping[str, Sequence[str]]
"""What is said of each argument: by its name, one text for each fact."""


def docstring(paragraphs: Iterable[str], sections: Mapping[str, Entries] | None = None, *, indent: int = 4) -> str:
    """A docstring in Google's style, behind so many blanks: its paragraphs, then its sections. Each fact begins a line.

    Shape: `docstring(["Declares it."], {"Args": {"region": ["The AWS Region.", "A change replaces it."]}})`.
    """
    blocks = [_filled(text, WIDTH - indent) for text in paragraphs]
    for title, entries in (sections or {}).items():
        blocks.append(
            "\n".join([f"{title}:", *(_entry(name, facts, WIDTH - indent) for name, facts in entries.items())])
        )
    return _quoted("\n\n".join(blocks), indent)


def facts(texts: Sequence[str], *, indent: int = 4) -> str:
    """A docstring of facts, each of which begins a line."""
    return _quoted("\n".join(_filled(text, WIDTH - indent) for text in texts), indent)


def _quoted(text: str, indent: int) -> str:
    raw = "r" if "\\" in text else ""
    return textwrap.indent(f'{raw}"""{text}' + ("\n" if "\n" in text else "") + '"""', " " * indent)


def _entry(name: str, facts: Sequence[str], width: int) -> str:
    first, *others = facts
    inner = " " * 8
    lines = [_filled(f"{name}: {first}", width, initial_indent=" " * 4, subsequent_indent=inner)]
    lines += [_filled(text, width, initial_indent=inner, subsequent_indent=inner) for text in others]
    return "\n".join(lines)


def _filled(text: str, width: int, **indents: str) -> str:
    """The text in lines of the width. No code within it (`{"team": "crm"}`) is broken in two."""
    kept = re.sub("`[^`]*`", lambda code: code[0].replace(" ", _BLANK), text)
    lines = textwrap.fill(kept, width, break_long_words=False, break_on_hyphens=False, **indents)  # type: ignore[arg-type]
    return lines.replace(_BLANK, " ")
