"""The functions with which a caller answers for other packages, in the manner of Pulumi's own mocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from .values import Properties

Mock: TypeAlias = Callable[[str, str, Properties], tuple[str, Properties]]
"""For resources: (type, name, inputs) -> (id, outputs)."""
MockInvoke: TypeAlias = Callable[[str, Properties], Properties]
"""For functions: (token, arguments) -> result."""
