"""An expectation as JSON text, and back. What JSON has not stands beside it: the places of unknown values, and the steps of paths.

JSON, and not pickle: nothing that a check reads back may run anything, whoever wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from ..model.path import ANY, Path, PathPattern
from ..model.schema import UNDECLARED, walk
from ..model.values import Unknown, holds_unknown, is_unknown
from ..operations.configuration import Configuration
from ..registry import resource_types
from ..stacks.urn import Urn
from .state import Expectation


def packed(expected: Expectation) -> str:
    """The expectation, without its configuration, which is no JSON."""
    inputs = expected.inputs
    unknown = (
        [steps for steps, _, each in walk(UNDECLARED, inputs) if is_unknown(each)] if holds_unknown(inputs) else []
    )
    return json.dumps(
        [
            str(expected.urn),
            expected.type.key,
            expected.id,
            inputs,
            unknown,
            expected.known,
            [*expected.secrets],
            [[None if step is ANY else step for step in pattern] for pattern in expected.ignored],
            expected.notes,
            expected.flaw,
            expected.declared_at,
            expected.owner,
            expected.digest,
        ],
        default=_nothing,
    )


def unpacked(text: str, configuration: Configuration) -> Expectation:
    """The expectation that `packed` wrote, with this configuration."""
    urn, type, id, inputs, unknown, known, secrets, ignored, notes, flaw, declared_at, owner, digest = json.loads(text)
    for steps in unknown:
        _put(inputs, steps)
    return Expectation(
        urn=Urn.parse(urn),
        type=resource_types()[type],
        id=id,
        inputs=inputs,
        known=known,
        configuration=configuration,
        secrets=frozenset(map(Path, secrets)),
        ignored=tuple(PathPattern(ANY if step is None else step for step in steps) for steps in ignored),
        notes=tuple(notes),
        flaw=flaw,
        declared_at=declared_at,
        owner=owner,
        digest=digest,
    )


def _nothing(value: object) -> None:
    """Null in place of an unknown value, whose place is kept. Raises: TypeError for anything else."""
    if not is_unknown(value):
        raise TypeError(f"{type(value).__name__} is no JSON")


def _put(document: Any, steps: Iterable[str | int]) -> None:
    *around, last = steps
    for step in around:
        document = document[step]
    document[last] = Unknown()
