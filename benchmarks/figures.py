"""What a benchmark gives back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number and the most that it may be. `unit` is "" for a ratio."""

    name: str
    value: float
    target: float
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the target is kept."""
        return self.value <= self.target

    def __str__(self) -> str:
        unit = f" {self.unit}" if self.unit else ""
        return f"{'met   ' if self.is_met else 'MISSED'}  {self.name}: {self.value:.2f}{unit} (at most {self.target:g}{unit})"
