"""What a host asks of the operations, and what they answer. All documents are plain JSON in snake_case, with marks for what is unknown.

`state` are inputs or outputs in the stack's state. `urn` is the resource's URN, or "" where the host cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..model.comparison import Change
from ..model.values import Json
from ..model.warning import Notice


@dataclass(frozen=True)
class CheckRequest:
    """Are these inputs right? `state` are the inputs in state, empty for a new resource.

    `is_auto_named`: the program left the name out, and the one among the inputs is only proposed.
    """

    urn: str
    state: Json
    inputs: Json
    is_auto_named: bool = False


@dataclass(frozen=True)
class CheckAnswer:
    """The inputs as state will keep them, every mistake in them with its path in the text, and the warnings, silenced ones left out."""

    inputs: Json
    failures: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class DiffRequest:
    """What differs between the outputs in state and these inputs? `state_inputs` is None where the host does not tell them."""

    urn: str
    id: str
    outputs: Json
    inputs: Json
    state_inputs: Json | None = None


@dataclass(frozen=True)
class DiffAnswer:
    """What differs, and what follows from it.

    `is_different` may be true without a change: outputs that have become secret must be written anew. `replaces` are the inputs that
    cannot change in place. `deletes_first`: a replacement deletes the old resource before it makes the new one; None: as the host likes.
    `has_failed`: among the changes is one that AWS accepted and then failed to make, so state's inputs say less than its outputs.
    """

    changes: tuple[Change, ...] = ()
    is_different: bool = False
    replaces: tuple[str, ...] = ()
    deletes_first: bool | None = None
    has_failed: bool = False
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class CreateRequest:
    """Make the resource. `timeout_seconds` is the bound that the program sets, if it sets one."""

    urn: str
    inputs: Json
    timeout_seconds: float | None = None


@dataclass(frozen=True)
class CreateAnswer:
    """The new resource's id and outputs."""

    id: str
    outputs: Json


@dataclass(frozen=True)
class ReadRequest:
    """What is live? `is_get`: somebody else manages the resource, and nothing of it is declared."""

    urn: str
    id: str
    outputs: Json
    state_inputs: Json | None = None
    is_get: bool = False


@dataclass(frozen=True)
class ReadAnswer:
    """What is live: outputs, and inputs in check's shape. `is_gone`: it is certainly not there any more."""

    outputs: Json = field(default_factory=dict)
    inputs: Json = field(default_factory=dict)
    is_gone: bool = False


@dataclass(frozen=True)
class UpdateRequest:
    """Change the resource with the outputs in state so that it is as the inputs say."""

    urn: str
    id: str
    outputs: Json
    inputs: Json
    timeout_seconds: float | None = None


@dataclass(frozen=True)
class UpdateAnswer:
    """The complete outputs after the change. `unfinished` says why the last part of it was not made: the rest is done, and must reach
    state."""

    outputs: Json
    unfinished: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeleteRequest:
    """Delete the resource with the outputs in state."""

    urn: str
    id: str
    outputs: Json
    timeout_seconds: float | None = None
