"""A preview in types: what an apply would do to each resource of one stack, read from what the Pulumi CLI prints with `--json`. Pure.

A form that is not known is refused.

Source: `pulumi preview --json` and `pulumi destroy --preview-only --json` of CLI 3.260.0, as recorded: `{config, steps: [{op, urn,
provider, oldState, newState, diffReasons, replaceReasons, detailedDiff}], diagnostics: [{urn, prefix, message, severity}], duration,
changeSummary: {op: count}, maybeCorrupt}`, empty parts left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..model.errors import Unreadable
from ..model.values import SECRET, Unknown, whole
from .documents import NotJson, json_of, text_of
from .project import declared_at
from .secret import is_signed, stands_for_unknown
from .urn import STACK_TYPE, Urn

OPERATIONS = frozenset(
    {
        *("same", "create", "update", "delete", "replace", "refresh", "import", "read", "discard"),
        *("create-replacement", "delete-replaced", "read-replacement", "import-replacement"),
        *("discard-replaced", "remove-pending-replace"),
    }
)
"""Every operation a step can have. Source: the engine's step operations, 3.260.0."""

_PARTS = ("steps", "changeSummary", "diagnostics", "duration")

_OTHER_FORMS = (
    ("deployment", "a stack's export; `connect-domains drift --state` reads those"),
    ("resourcePlans", "an update plan (`--save-plan`); give the output of `pulumi preview --json`"),
    (
        "sequence",
        "a stream of events; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW and use `pulumi preview --json`, not `pulumi up`",
    ),
    ("version", "not a preview; give the output of `pulumi preview --json`"),
)


@dataclass(frozen=True)
class Side:
    """A resource on one side of a step: as it was before, or as it would be after. Unknown values are `Unknown`, secrets are SECRET."""

    id: str = ""
    type: str = ""
    """Its type on this side; "" where the preview does not say. It is another one before than after where it goes over to another host."""
    inputs: Mapping[str, object] = field(default_factory=dict)
    outputs: Mapping[str, object] = field(default_factory=dict)
    is_protected: bool = False
    is_retained: bool = False
    """It has `retain_on_delete`: instead of deleting it, Pulumi forgets it and leaves it as it is."""
    is_deleted_first: bool = False
    """It is replaced, and deleted before the new one is created."""
    is_external: bool = False
    """Only read (`.get()`), never managed."""
    failures: tuple[str, ...] = ()
    """Why its last creation or update was not completed."""
    declared_at: str = ""
    """Where the program declares it: `parts.py:4`, or ""."""


@dataclass(frozen=True)
class Step:
    """One thing that an apply would do. `detail` names the changed property paths, or is None where the engine does not say."""

    operation: str
    urn: Urn
    before: Side | None
    after: Side | None
    changed: tuple[str, ...] = ()
    detail: tuple[str, ...] | None = None
    replacing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diagnostic:
    """A message of the preview; `urn` is the resource that it stands under."""

    severity: str
    message: str
    urn: Urn | None = None

    @property
    def resource(self) -> str:
        """The resource's name, or ""."""
        return self.urn.name if self.urn else ""


@dataclass(frozen=True)
class Preview:
    """One preview of one stack. `source` is the file's name."""

    source: str
    steps: tuple[Step, ...]
    diagnostics: tuple[Diagnostic, ...]
    unchanged: int

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Why it failed; empty when it did not."""
        return tuple(each for each in self.diagnostics if each.severity == "error")


def parse(content: bytes, source: str) -> Preview:
    """The preview in the bytes of a file; UTF-8, or UTF-16 as PowerShell writes it. Raises: Unreadable."""
    document = _document(content)
    _refuse_other_forms(document)
    steps = tuple(_step(each) for each in _list(document, "steps"))
    diagnostics = tuple(_diagnostic(each) for each in _list(document, "diagnostics"))
    preview = Preview(source, steps, diagnostics, _unchanged(document, steps))
    if _only_refreshes(steps) and not preview.errors:
        raise Unreadable(
            "a `pulumi refresh` changes the state and nothing in AWS; for drift there is `connect-domains drift`"
        )
    return preview


# -- the document -----------------------------------------------------------------------------------------------------


def _document(content: bytes) -> Mapping[str, Any]:
    if not content.strip():
        raise Unreadable("it is empty: the preview printed nothing; its standard error says why")
    try:
        text = text_of(content)
        document = json_of(text)
    except NotJson as error:
        if _is_stream(text):
            raise Unreadable(f"it is {dict(_OTHER_FORMS)['sequence']}") from None
        raise Unreadable(
            f"it is not JSON (at {error.place}); give the standard output of `pulumi preview --json` alone"
        ) from None
    except Unreadable as error:
        raise Unreadable(f"it {error}") from None
    if not isinstance(document, dict):
        raise Unreadable("it is not a preview: no JSON object")
    return document


def _is_stream(text: str) -> bool:
    """Whether each line is a JSON object of its own."""
    try:
        return "sequence" in json_of(text.lstrip().partition("\n")[0])
    except (Unreadable, TypeError):
        return False


def _refuse_other_forms(document: Mapping[str, Any]) -> None:
    if any(part in document for part in _PARTS):
        return
    for key, form in _OTHER_FORMS:
        if key in document:
            raise Unreadable(f"it is {form}")
    raise Unreadable(f"it is not a preview: it has none of {', '.join(_PARTS)}")


def _unchanged(document: Mapping[str, Any], steps: tuple[Step, ...]) -> int:
    """How many resources stay as they are, the stack itself not counted."""
    summary = document.get("changeSummary", {})
    if not isinstance(summary, dict) or not all(isinstance(count, int) for count in summary.values()):
        raise Unreadable("changeSummary is not a map of counts")
    unknown = [operation for operation in summary if operation not in OPERATIONS]
    if unknown:
        raise Unreadable(f"changeSummary counts an unknown operation, {unknown[0]!r}")
    same = int(summary.get("same", 0))
    roots = [step for step in steps if step.urn.type == STACK_TYPE and step.operation == "same"]
    return max(0, same - len(roots))


def _only_refreshes(steps: tuple[Step, ...]) -> bool:
    """Whether this is the preview of a refresh: then the stack itself has no step but its own refresh."""
    roots = {step.operation for step in steps if step.urn.type == STACK_TYPE}
    return roots == {"refresh"}


# -- its parts --------------------------------------------------------------------------------------------------------


def _step(document: Any) -> Step:
    if not isinstance(document, dict) or "op" not in document or "urn" not in document:
        raise Unreadable("a step has no op or no urn")
    operation = document["op"]
    if not isinstance(operation, str) or operation not in OPERATIONS:
        raise Unreadable(f"a step has an unknown operation, {operation!r}")
    detail = document.get("detailedDiff")
    if detail is not None and not isinstance(detail, dict):
        raise Unreadable("a step's detailedDiff is not a map")
    if "" in (detail or {}):
        raise Unreadable("a step's detailedDiff has an empty path")
    return Step(
        operation,
        Urn.parse(str(document["urn"])),
        _side(document.get("oldState")),
        _side(document.get("newState")),
        tuple(map(str, _list(document, "diffReasons"))),
        None if detail is None else tuple(detail),
        tuple(map(str, _list(document, "replaceReasons"))),
    )


def _side(document: Any) -> Side | None:
    if document is None:
        return None
    if not isinstance(document, dict):
        raise Unreadable("a step's state is not a map")
    return Side(
        id=str(document.get("id", "")),
        type=str(document.get("type") or ""),
        inputs=_properties(document.get("inputs")),
        outputs=_properties(document.get("outputs")),
        is_protected=document.get("protect") is True,
        is_retained=document.get("retainOnDelete") is True,
        is_deleted_first=document.get("pendingReplacement") is True,
        is_external=document.get("external") is True,
        failures=tuple(map(str, _list(document, "initErrors"))),
        declared_at=declared_at(document),
    )


def _properties(document: Any) -> dict[str, object]:
    """The properties as people write them: nothing of Pulumi's own (`__provider`), no nulls."""
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise Unreadable("a state's properties are not a map")
    return {key: _value(value) for key, value in document.items() if not key.startswith("__") and value is not None}


def _value(value: Any) -> object:
    if stands_for_unknown(value):
        return Unknown()
    if is_signed(value):
        return SECRET
    if isinstance(value, dict):
        return {key: _value(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return whole(value)


def _diagnostic(document: Any) -> Diagnostic:
    if not isinstance(document, dict) or not isinstance(document.get("message", ""), str):
        raise Unreadable("a diagnostic is not a map with a message")
    severity = str(document.get("severity", "")).partition("#")[0]
    message = str(document.get("message", "")).removeprefix(f"{severity}: ").strip("\n")
    urn = document.get("urn")
    return Diagnostic(severity, message, Urn.parse(str(urn)) if urn else None)


def _list(document: Mapping[str, Any], key: str) -> list[Any]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unreadable(f"{key} is not a list")
    return value
