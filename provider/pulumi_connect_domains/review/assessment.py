"""What a preview means: its steps and messages as a StackReview. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Set

from ..model import deletion
from ..model.path import Path, top_of
from ..model.resource_type import ResourceType
from ..model.values import Json
from ..model.warning import REPLACEMENT_DELETES, rule_of
from ..stacks import hosts
from ..stacks.cli import NO_REASON
from ..stacks.preview import Diagnostic, Preview, Side
from ..stacks.urn import STACK_TYPE
from .changes import Changed, changed
from .model import DomainReview, Loss, Message, Other, Row, StackReview
from .rows import rows
from .secrecy import Secrecy
from .sight import Look, Sight, from_state

_LOSING = ("replace", "delete")
_OPENING = re.compile(r"\A\S+ resource '[^'\n]*' has a problem: ")
"""How the engine begins the message of a failed check. It is left out, since the review names the resource anyway."""
_AFTERMATH = frozenset({"Resource monitor has terminated, shutting down", "preview failed"})
"""Errors that only follow from others: the engine adds them, or a program that it stopped."""


def assessed(
    preview: Preview, types: Mapping[str, ResourceType], look: Look | None = None, python_project: str = ""
) -> StackReview:
    """The review of one preview.

    `types` are our resource types by their type tokens, `look` asks AWS what a domain holds (`--live`). `python_project` is the name of the
    project in the current folder, where its programs are in Python.
    """
    preview = hosts.preview_in_our_words(preview, types)
    changes = (each for each in changed(preview.steps) if each.urn.type != STACK_TYPE)
    # The engine deletes in parallel, so the order of its steps means nothing.
    found = sorted(changes, key=lambda each: (each.urn.type, each.urn.name, each.urn.parents))
    secrecy = {id(each): _secrecy(each, types) for each in found}
    ours = [each for each in found if each.urn.type in types]
    refreshed = _refreshed(preview)
    domains = []
    for each in ours:
        type = types[each.urn.type]
        sight = _sight(each, type, refreshed, look)
        domains.append(_domain(each, type, secrecy[id(each)], preview.diagnostics, sight, python_project))
    told = {each.urn for each in ours}
    hidden = tuple({text for each in secrecy.values() for text in each.texts})
    stack = next((step.urn.project_and_stack for step in preview.steps), "")
    return StackReview(
        preview.source,
        stack,
        tuple(domains),
        tuple(_other(each) for each in found if each.urn.type not in types),
        preview.unchanged,
        _messages(_causes(preview.errors), hidden),
        _messages((each for each in preview.diagnostics if _is_warning(each) and each.urn not in told), hidden),
    )


def _domain(
    change: Changed,
    type: ResourceType,
    secrecy: Secrecy,
    diagnostics: Iterable[Diagnostic],
    sight: Sight,
    python_project: str,
) -> DomainReview:
    before, after = change.before or Side(), change.after or Side()
    known = _known(before)
    table = _rows(change, type, secrecy)
    declared_at = after.declared_at or before.declared_at
    return DomainReview(
        change.action,
        type.noun,
        change.urn.name,
        _name(type, before, after, secrecy),
        next(
            (each for each in (known.get("region"), after.inputs.get("region")) if isinstance(each, str) and each), ""
        ),
        table,
        _why(change, type),
        _loss(change, type, known, sight, secrecy),
        tuple(_notes(change, type, known, table, sight, secrecy, diagnostics)),
        str(change.urn),
        declared_at,
        type.key,
        hosts.spelling_of_urn(str(change.urn), declared_at, python_project),
    )


def _rows(change: Changed, type: ResourceType, secrecy: Secrecy) -> tuple[Row, ...]:
    """What differs; nothing for a resource that is deleted or forgotten."""
    if change.after is None or change.action not in ("create", "update", "replace", "import"):
        return ()
    desired: Json = dict(change.after.inputs)
    actual: Json = dict(change.before.outputs or change.before.inputs) if change.before else {}
    return rows(type.schema, desired, actual, secrecy, detail=change.detail, is_new=change.before is None)


def _why(change: Changed, type: ResourceType) -> str:
    """Why the domain is replaced, and in which order; "" for every other action."""
    if change.action != "replace" or change.before is None:
        return ""
    fixed = [name for name in change.replacing if type.schema.at((name,)).create_only]
    asked = [name for name in change.replacing if name not in fixed]
    causes = []
    if fixed:
        causes.append(f"{_listed(fixed)} cannot change in place")
    if asked:
        causes.append(f"the program's options replace it when {_listed(asked)} changes")
    if not causes:
        causes.append("Pulumi was told to replace it (`--replace`), or something that it depends on is replaced")
    goes = "Pulumi lets go of the old one" if change.before.is_retained else "the old one is deleted"
    steps = [goes, "a new, empty one is made"] if change.before.is_deleted_first else ["a new, empty one is made", goes]
    return f"{'; '.join(causes)}. First {steps[0]}, then {steps[1]}."


def _is_deleted(change: Changed) -> bool:
    """Whether an apply deletes a domain in AWS: not where Pulumi only forgets it, or has only read it."""
    before = change.before
    return change.action in _LOSING and before is not None and not before.is_retained and not before.is_external


def _refreshed(preview: Preview) -> frozenset[tuple[str, str]]:
    """The resources that this preview read from AWS (`--refresh`), by identity and id. Their other steps hold the state that was read.

    None where the preview failed, since the read itself may have failed. Source: previews of CLI 3.260.0; the states in the refresh step
    are those from before the read.
    """
    if preview.errors:
        return frozenset()
    return frozenset(
        (hosts.identity_of(str(step.urn)), step.before.id)
        for step in preview.steps
        if step.operation == "refresh" and step.before
    )


def _sight(change: Changed, type: ResourceType, refreshed: Set[tuple[str, str]], look: Look | None) -> Sight:
    before = change.before or Side()
    if look and _is_deleted(change):
        return look(type, before.id, _known(before))
    identity = hosts.identity_of(str(change.urn))
    return from_state(type, _known(before), is_refreshed=(identity, before.id) in refreshed)


def _known(side: Side) -> dict[str, object]:
    return {**side.inputs, **side.outputs}


def _loss(
    change: Changed, type: ResourceType, known: Mapping[str, object], sight: Sight, secrecy: Secrecy
) -> Loss | None:
    """What is lost with the domain. None where nothing can be: by its schema; it stays in AWS; a fresh look found it empty or gone."""
    if type.schema.deletion is None or not _is_deleted(change) or sight.is_gone or sight.is_empty:
        return None
    guard = deletion.guard(type.schema, known)
    return Loss(sight.held, sight.source, deletion.loses(type.schema), guard, secrecy.cleaned(sight.remark))


def _notes(
    change: Changed,
    type: ResourceType,
    known: Mapping[str, object],
    table: tuple[Row, ...],
    sight: Sight,
    secrecy: Secrecy,
    diagnostics: Iterable[Diagnostic],
) -> Iterable[str]:
    before = change.before or Side()
    if change.action in _LOSING and before.is_protected:
        yield "it is protected: `pulumi up` refuses until `protect` is taken off and applied"
    if change.action == "forget":
        yield "Pulumi lets go of it and leaves it as it is in AWS"
    elif _is_deleted(change) and sight.is_gone:
        yield "it is not in AWS any more"
    elif _is_deleted(change) and sight.is_empty:
        empty = (
            "holds no data, as AWS says now"
            if sight.source == "live"
            else "held no data when this preview refreshed it"
        )
        yield f"it {empty}; a deletion loses {deletion.loses(type.schema)}"
    if change.is_leftover:
        yield "it is left over from an earlier replacement that was not completed"
    if goes_over := hosts.goes_over(change.before, change.after):
        yield _move(change, bool(table))
    if change.action == "update" and not table and not goes_over:
        yield "no property differs: Pulumi completes or repeats an earlier change"
    for reason in before.failures:
        yield f"its last change was not completed: {secrecy.cleaned(reason)}"
    for each in diagnostics:
        if _is_warning(each) and each.urn == change.urn and rule_of(each.message) != REPLACEMENT_DELETES:
            yield secrecy.cleaned(each.message)


def _move(change: Changed, changes_aws: bool) -> str:
    """The sentence on a resource that goes over from one host to the other."""
    said = f"it goes over to the {'native' if hosts.is_native(change.urn.type) else 'dynamic'} provider"
    if change.action != "update":
        return said
    means = "; what changes in AWS is listed here" if changes_aws else ", and AWS is not touched"
    return f"{said}: only its entry in the state is written anew{means}"


def _name(type: ResourceType, before: Side, after: Side, secrecy: Secrecy) -> str:
    """The domain's own name, or its id; "" where the name is secret, or known only after `pulumi up`."""
    name = type.schema.name_input
    if name and secrecy.hides(Path((name,))):
        return ""
    for value in (before.inputs.get(name), after.inputs.get(name), before.id):
        if isinstance(value, str) and value:
            return secrecy.cleaned(value)
    return ""


def _other(change: Changed) -> Other:
    tops = {top_of(path) for path in (*change.properties, *(change.detail or ()))}
    return Other(change.action, change.urn.type, change.urn.name, tuple(sorted(top for top in tops if top[:2] != "__")))


def _secrecy(change: Changed, types: Mapping[str, ResourceType]) -> Secrecy:
    type = types.get(change.urn.type)
    if type is None:
        return Secrecy.of((change.before, change.after))
    secrecy = Secrecy.of((change.before, change.after), type.schema)
    # Where the name is secret, so is the id, which may be the same; AWS's errors name it.
    ids = {side.id for side in (change.before, change.after) if side and side.id}
    return secrecy.with_texts(ids) if secrecy.hides(Path((type.schema.name_input,))) else secrecy


def _causes(errors: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """The errors without those that only follow from others; all of them where there are no others."""
    return tuple(each for each in errors if each.message not in _AFTERMATH) or errors


def _messages(diagnostics: Iterable[Diagnostic], hidden: tuple[str, ...]) -> tuple[Message, ...]:
    secrecy = Secrecy(texts=tuple(sorted(hidden, key=lambda text: -len(text))))
    return tuple(
        Message(secrecy.cleaned(_OPENING.sub("", each.message)) or NO_REASON, each.resource) for each in diagnostics
    )


def _is_warning(diagnostic: Diagnostic) -> bool:
    return diagnostic.severity == "warning"


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
