"""The requests of a host to the operations, and their answers. All documents are plain JSON in snake_case, with marks for unknown values.

`urn` is the resource's URN, or "" where the host does not know it. `outputs` of a request are those in the stack's state, and
`state_inputs` the inputs there, None where the host does not know them. `timeout_seconds` is the program's time limit, None without one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.comparison import Change
from ..model.values import Json
from ..model.warning import Notice


@dataclass(frozen=True)
class CheckRequest:
    """Asks whether the inputs are right. `state` are the inputs in state, empty for a new resource.

    `is_auto_named`: the program left the name out, and the one among the inputs is only proposed. `says_all`: the host has seen that no
    input is unknown, and that none holds a null or an empty map or list, so that nobody has to look again.
    """

    urn: str
    state: Json
    inputs: Json
    is_auto_named: bool = False
    says_all: bool = False


@dataclass(frozen=True)
class CheckAnswer:
    """The inputs as state will keep them, every mistake in them (with its path in the text), and the warnings that are not silenced."""

    inputs: Json
    failures: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class DiffRequest:
    """Asks what differs between the outputs in state and these inputs."""

    urn: str
    id: str
    outputs: Json
    inputs: Json
    state_inputs: Json | None = None


@dataclass(frozen=True)
class DiffAnswer:
    """What differs, and what follows from it.

    `is_different` may be true without a change: outputs that have become secret must be stored again. `replaces` are the changed inputs
    that cannot change in place. `deletes_first`: a replacement deletes the old resource before it creates the new one; None: the host
    decides. `has_failed`: one of the changes was accepted by AWS and then failed, so state's inputs are older than its outputs.
    """

    changes: tuple[Change, ...] = ()
    is_different: bool = False
    replaces: tuple[str, ...] = ()
    deletes_first: bool | None = None
    has_failed: bool = False
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class CreateRequest:
    """Asks to create the resource. `is_replacement`: the host knows that state holds one under this URN already."""

    urn: str
    inputs: Json
    timeout_seconds: float | None = None
    is_replacement: bool = False


@dataclass(frozen=True)
class CreateAnswer:
    """The new resource's id and outputs."""

    id: str
    outputs: Json


@dataclass(frozen=True)
class ReadRequest:
    """Asks what is live.

    `is_get`: state knows nothing of the resource. Somebody else manages it, or (`is_import`) the program will declare it from now on.
    """

    urn: str
    id: str
    outputs: Json
    state_inputs: Json | None = None
    is_get: bool = False
    is_import: bool = False


@dataclass(frozen=True)
class ReadAnswer:
    """What is live: outputs, and inputs of the shape that check returns. `is_gone`: the resource certainly does not exist any more."""

    outputs: Json = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)
    is_gone: bool = False


@dataclass(frozen=True)
class UpdateRequest:
    """Asks to change the resource, from the outputs in state to what the inputs say."""

    urn: str
    id: str
    outputs: Json
    inputs: Json
    timeout_seconds: float | None = None


@dataclass(frozen=True)
class UpdateAnswer:
    """The complete outputs after the change, or after what was done of it.

    `unfinished` says why AWS failed a part of the change, and is empty if it did not. What came before it is done; the outputs say so, and
    must be stored in state.
    """

    outputs: Json
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeleteRequest:
    """Asks to delete the resource with the outputs in state."""

    urn: str
    id: str
    outputs: Json
    timeout_seconds: float | None = None
