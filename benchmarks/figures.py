"""What a benchmark gives back."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module


@dataclass(frozen=True)
class Figure:
    """One measured number and the most that it may be. `unit` is "" for a ratio; without a target it is there to be seen."""

    name: str
    value: float
    target: float | None
    unit: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the target is kept."""
        return self.target is None or self.value <= self.target


def figures_of(module: str) -> list[Figure]:
    """What the benchmark module of that name measures now: the list that its function `run` gives."""
    found = import_module(f"{__package__}.{module}").run()
    assert all(isinstance(figure, Figure) for figure in found), found
    return list(found)
