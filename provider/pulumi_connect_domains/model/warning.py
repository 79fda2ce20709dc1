"""A warning as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Something in the configuration that is worth a warning. `rule` is stable: people silence a rule by it."""

    rule: str
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"
