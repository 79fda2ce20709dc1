"""Lets jsonschema be imported without the grammar of international URLs (RFC 3987), which it may need for one format.

Where the package rfc3987-syntax is installed, `import jsonschema` imports it, and that builds a parser: 1.2 of 1.3 seconds, at every
start of the provider's host. No schema here has that format, but another user of jsonschema in the process may: for them the package is
imported at the first text that is checked for it.

Source: jsonschema 4.25 and newer, `_format.py`: `from rfc3987_syntax import is_valid_syntax`. Older ones import no such package.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

NAME = "rfc3987_syntax"


@contextmanager
def imported_late() -> Iterator[None]:
    """An import of jsonschema within gets a stand-in for the package; none is needed where it is there already, or not installed."""
    if NAME in sys.modules or find_spec(NAME) is None:
        yield
        return
    stand_in = sys.modules[NAME] = _Late(NAME)
    try:
        yield
    finally:
        if sys.modules.get(NAME) is stand_in:
            del sys.modules[NAME]


class _Late(ModuleType):
    """Stands in for the package. Its one function imports it when it is called; whatever else is asked for, at once."""

    @staticmethod
    def is_valid_syntax(*arguments: Any, **named: Any) -> Any:
        return import_module(NAME).is_valid_syntax(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]  # the import below finds the package itself
        return getattr(import_module(NAME), name)
