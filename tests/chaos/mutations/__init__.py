"""Each protection, taken out by a change of one place, and the trial or the test that must notice.

`python -m tests.chaos.mutations` proves that it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROVIDER = Path(__file__).parents[3] / "provider"


@dataclass(frozen=True)
class Mutation:
    """In the `file` below provider/, `before` becomes `after`. Then a `trial` of the table, or a `test`, must fail."""

    protection: str
    file: str
    before: str
    after: str
    trial: str = ""
    test: str = ""

    def mutated(self) -> str:
        """The file's text without the protection. Raises ValueError where `before` is not there exactly once."""
        text = (PROVIDER / self.file).read_text("utf-8")
        if text.count(self.before) != 1:
            raise ValueError(f"{self.protection}: {self.file} holds {self.before!r} {text.count(self.before)} times")
        return text.replace(self.before, self.after)
