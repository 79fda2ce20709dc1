"""What AWS would refuse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..documents import given
from ..path import HiddenKey, Path
from ..schema import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError


@dataclass(frozen=True)
class Failure:
    """One mistake: where it is, and what is wrong there, in words that show no free text.

    Shape: `Failure("default_expiration_days", "1099 is too big; at most 1098 days")`
    """

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


def failures(schema: Schema, inputs: object, *, is_given: bool = False) -> list[Failure]:
    """Every mistake in the inputs, one for each place, sorted by path; empty when AWS has no reason to refuse their form.

    `is_given`: the inputs are what `documents.given` returned.
    """
    # Imported with the first check, not with the package: they import jsonschema and regex.
    from .keywords import errors
    from .messages import PRECEDENCE, text_of

    found = errors(schema, inputs if is_given else given(schema, inputs))
    if not found:
        return []
    worst: dict[Path, ValidationError] = {}
    for error in sorted(found, key=lambda error: PRECEDENCE[str(error.validator)]):
        # A value that is too long may break a pattern as well, and yet is one mistake.
        worst.setdefault(Path(error.absolute_path), error)
    # A mistake in `tags` and in `tags_all` is one, in `tags`.
    told = [path for path in worst if schema.merged_from_place(path) not in worst]
    return [Failure(str(path), text_of(schema, path, worst[path])) for path in sorted(told, key=_order)]


def _order(path: Path) -> list[tuple[int, str]]:
    """A sort key: names by alphabet, positions in lists and of hidden keys by number, a hidden key before the value under it."""
    return [
        (step, "")
        if isinstance(step, int)
        else (step.position, str(step.is_value))
        if isinstance(step, HiddenKey)
        else (0, step)
        for step in path
    ]
