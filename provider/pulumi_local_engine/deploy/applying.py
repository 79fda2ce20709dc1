"""Carrying out an action: what is asked of the provider, and what the resource is afterwards."""

import uuid
from collections.abc import Mapping
from typing import TypeAlias

from ..model.resource import Resource, now
from ..model.values import UNKNOWN_TEXT, Secret, contains, equal
from ..provider.protocol import Answer, Failure, Provider, ProviderError, Registry, asked
from ..provider.rpc import Hooks
from .actions import CREATES, DELETES, IMPORTS, READS, Action
from .ledger import Mark

Warnings: TypeAlias = list[str]


class PartialFailure(ProviderError):
    """The resource exists, but is not finished."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        errors = f"{len(reasons)} error{'' if len(reasons) == 1 else 's'} occurred:\n"
        super().__init__(errors + "".join(f"\t* {reason}\n" for reason in reasons) + "\n")


class ProtectedError(ProviderError):
    """The resource may not be deleted; others may, and the run goes on."""


class Applier:
    """Carries out actions. In a preview, what would be created or updated is taken to come out as it went in."""

    def __init__(self, registry: Registry, preview: bool, marks: Mapping[Mark, set[str]], hooks: Hooks) -> None:
        self._registry, self._preview, self._marks, self._hooks = registry, preview, marks, hooks
        self._methods = {
            "same": self._same, "update": self._update, "refresh": self._refresh, **dict.fromkeys(CREATES, self._create),
            **dict.fromkeys(DELETES, self._delete), **dict.fromkeys(READS, self._read),
            **dict.fromkeys(IMPORTS, self._import),
        }  # fmt: skip

    def apply(self, action: Action) -> Warnings:
        """The action is done, `action.new` is what is there now.

        **Raises** ProviderError; after a PartialFailure `action.new` is what is there all the same.
        """
        method = self._methods.get(action.op)
        return (method(action) if method else None) or []

    def cancel(self) -> None:
        """The providers were asked to end what they are at."""
        self._registry.cancel()

    def _same(self, action: Action) -> None:
        old, new = action.before, action.after
        new.id, new.outputs = old.id, old.outputs
        if new.is_provider and not action.skipped_create and not action.untargeted:
            self._registry.load(new.copy(inputs=old.inputs))

    def _create(self, action: Action) -> None:
        new = action.after
        answer = Answer(new.id, new.outputs)
        if new.is_provider:
            answer = Answer(UNKNOWN_TEXT if self._preview else str(uuid.uuid4()), new.configuration)
            self._registry.load(new.copy(id=answer.id))
        elif new.custom:
            answer = self._provider(new).create(new, self._preview)
        new.id, new.outputs = answer.id, answer.outputs
        new.created = new.modified = now()
        _check_finished(new, answer)

    def _update(self, action: Action) -> Warnings:
        old, new = action.before, action.after
        new.id = old.id
        warnings = self._hooks.before_update(old, new)
        answer = Answer(old.id, new.configuration if new.is_provider else new.outputs)
        if new.is_provider:
            self._registry.load(new, again=True)
        elif new.custom:
            answer = self._provider(new).update(old, new, self._preview)
        new.outputs, new.modified = answer.outputs, now()
        _check_finished(new, answer)
        return warnings

    def _delete(self, action: Action) -> None:
        old = action.before
        if old.protect and action.op in ("delete", "discard"):
            raise ProtectedError(
                f'resource "{old.urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove '
                "the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n"
                f"`pulumi state unprotect '{old.urn}'`"
            )
        if self._preview or old.external or old.retain_on_delete or not old.custom or self._goes_with_another(old):
            return
        if old.is_provider:
            self._registry.unload(old.reference)
        else:
            self._provider(old).delete(old)

    def _goes_with_another(self, old: Resource) -> bool:
        """True when its option `deleted_with` names a resource that is deleted: of a replaced one only for what is replaced itself."""
        marks: tuple[Mark, ...] = ("delete", "delete-replaced") if old.delete else ("delete",)
        return any(old.deleted_with in self._marks[mark] for mark in marks)

    def _read(self, action: Action) -> None:
        old, new = action.old, action.after
        answer = Answer(new.id, {})
        if new.id != UNKNOWN_TEXT:
            answer = self._provider(new).read(new.urn, new.id, new.inputs, new.inputs, 0)
            if not answer.id and not answer.outputs:
                raise ProviderError(f"resource '{new.id}' does not exist")
        new.outputs, new.id = answer.outputs, answer.id or new.id
        if old:
            same = equal(new.inputs, old.inputs) and equal(new.outputs, old.outputs)
            new.created, new.modified = old.created, old.modified if same else now()
        _check_finished(new, answer)

    def _refresh(self, action: Action) -> Warnings:
        old, base = action.before, action.new or action.before
        if not old.custom or old.is_provider or old.pending_replacement:
            action.new = old.copy() if action.persisted else old
            return []
        provider = self._provider(old)
        answer = provider.read(old.urn, old.id, old.inputs, old.outputs, old.custom_timeouts.get("read", 0))
        if not answer.id:
            action.gone, action.new = True, None
            return []
        inputs = old.inputs if answer.inputs is None else answer.inputs
        new = action.new = base.copy(id=answer.id, init_errors=answer.reasons, inputs=inputs, outputs=answer.outputs)
        if not equal(inputs, old.inputs) or not equal(answer.outputs, old.outputs):
            new.modified = now()
        if not old.external:
            # Where reality differs from what the program once asked for, seen from state: hence the inversion.
            action.diff = asked(provider, new.urn, new, old.inputs, old.ignore_changes).inverted
        unhealthy = "Refreshed resource is in an unhealthy state:\n* " + "\n* ".join(answer.reasons)
        return [unhealthy] if answer.reasons else []

    def _import(self, action: Action) -> Warnings:
        new, given = action.after, action.import_outputs
        answer = Answer(new.import_id, given or {}, new.inputs)
        if new.custom and not given:
            answer = self._provider(new).read(new.urn, new.import_id, None, None, new.custom_timeouts.get("read", 0))
            if not answer.id or answer.inputs is None:
                raise ProviderError(f"resource '{new.import_id}' does not exist")
        new.init_errors = answer.reasons
        new.id = answer.id if new.custom else ""
        new.inputs, new.outputs = answer.inputs or {}, answer.outputs
        new.created = new.modified = now()
        action.old = new.copy()
        if not action.planned_import or not new.custom:
            return []
        new.import_id = ""
        _, failures = self._provider(new).check(new.urn, new.inputs, new.inputs, None)
        return [sentence_about(new, failure) for failure in failures]

    def _provider(self, resource: Resource) -> Provider:
        return self._registry.ensure(resource)


def mark_secrets(resource: Resource) -> None:
    """Those outputs are secret that the resource's options name, or whose input is."""

    def marked(key: str, value: object) -> object:
        is_secret = key in resource.additional_secret_outputs or isinstance(resource.inputs.get(key), Secret)
        return Secret(value) if is_secret and not isinstance(value, Secret) else value

    resource.outputs = {key: marked(key, value) for key, value in resource.outputs.items()}


def sentence_about(resource: Resource, failure: Failure) -> str:
    """What people read of a mistake that check found. A secret's value is never part of it."""
    if not failure.property:
        return f"{resource.type} resource '{resource.name}' has a problem: {failure.reason}"
    value = resource.inputs.get(failure.property)
    shown = "[secret]" if contains(value, Secret) else "<nil>" if value is None else value
    start = f"{resource.type} resource '{resource.name}': property {failure.property} value {{{shown}}}"
    return f"{start} has a problem: {failure.reason}"


def _check_finished(new: Resource, answer: Answer) -> None:
    if answer.reasons:
        new.init_errors = answer.reasons
        raise PartialFailure(answer.reasons)
