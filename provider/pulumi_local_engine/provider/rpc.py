"""Calls over gRPC, made from property values: those of a provider in a host, and those of a program's hooks."""

import os
import threading
import uuid
from typing import Any, Final

import grpc
from google.protobuf import struct_pb2
from google.rpc import status_pb2
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, provider_pb2, resource_pb2

from ..model.diff import Diff, PropertyDiff
from ..model.resource import Resource
from ..model.urn import name_of, type_of
from ..model.values import Properties, Unknown, contains, marked_like
from .hosts import GRPC_OPTIONS, Host
from .protocol import Answer, DiffUnavailable, Failure, ProviderError, Refused
from .wire import pack, unpack

BEFORE_UPDATE: Final = "BeforeUpdate"
"""What hooks before updates are called in a resource's state."""
SEED_BYTES: Final = 32
CHANGES: Final = {provider_pb2.DiffResponse.DIFF_NONE: False, provider_pb2.DiffResponse.DIFF_SOME: True}
KINDS: Final = {number: name.lower().replace("_", "-") for name, number in provider_pb2.PropertyDiff.Kind.items()}
"""Of a difference: `UPDATE_REPLACE` is `update-replace`."""
DOUBTFUL: Final = (grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS)
"""After such an error nobody knows whether the call took effect."""


class DynamicProvider:
    """A provider in a host. Without a host its configuration is not known yet, which only happens in previews."""

    def __init__(self, host: Host | None, preview: bool) -> None:
        self.host, self._preview = host, preview

    def check(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[Failure]]:
        if not self.host:
            return news, []
        sent = {"olds": pack(olds, unknowns=self._preview), "news": pack(news, unknowns=self._preview)}
        answer = self._call("Check", urn, **sent, randomSeed=os.urandom(SEED_BYTES))
        failures = [Failure(failure.property, failure.reason) for failure in answer.failures]
        return self._received(answer.inputs, news, "inputs"), failures

    def diff(self, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff:
        if not self.host:
            raise DiffUnavailable(
                "The provider for this resource has inputs that are not known during preview.\n"
                "This preview may not correctly represent the changes that will be applied during an update."
            )
        answer = self._call(
            "Diff", urn, id=old.id, old_inputs=pack(old.inputs, unknowns=True),
            olds=pack(old.outputs, unknowns=True), news=pack(news, unknowns=True), ignoreChanges=ignored,
        )  # fmt: skip
        detailed = {
            path: PropertyDiff(KINDS.get(found.kind, "update"), found.inputDiff)
            for path, found in answer.detailedDiff.items()
        }
        return Diff(
            CHANGES.get(answer.changes), tuple(answer.replaces), tuple(answer.diffs),
            detailed if answer.hasDetailedDiff else None, answer.deleteBeforeReplace,
        )  # fmt: skip

    def create(self, new: Resource, preview: bool) -> Answer:
        if preview:
            return Answer("", new.inputs if self.host else {})
        answer, reasons = self._change(
            "Create", new.urn, new.custom_timeouts.get("create"), properties=pack(new.inputs)
        )
        if not answer.id:
            raise ProviderError(f"plugin returned empty resource.ID from create '{new.urn}'", maybe_done=True)
        return Answer(answer.id, self._received(answer.properties, new.inputs, "outputs"), None, reasons)

    def update(self, old: Resource, new: Resource, preview: bool) -> Answer:
        if preview:
            return Answer(old.id, new.inputs if self.host else {})
        answer, reasons = self._change(
            "Update", new.urn, new.custom_timeouts.get("update"), id=old.id, olds=pack(old.outputs), news=pack(new.inputs),
            old_inputs=pack(old.inputs), ignoreChanges=new.ignore_changes,
        )  # fmt: skip
        return Answer(old.id, self._received(answer.properties, new.inputs, "outputs"), None, reasons)

    def read(self, urn: str, id_: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Answer:
        if not self.host:
            return Answer(id_, {}, {})
        sent = [None if found is None else pack(found) for found in (inputs, state)]
        answer, reasons = self._change("Read", urn, timeout, id=id_, inputs=sent[0], properties=sent[1])
        read_inputs = self._received(answer.inputs, inputs or {}, "inputs") if answer.HasField("inputs") else None
        return Answer(answer.id, self._received(answer.properties, state or {}, "outputs"), read_inputs, reasons)

    def delete(self, old: Resource) -> None:
        sent = {"properties": pack(old.outputs), "old_inputs": pack(old.inputs)}
        self._change("Delete", old.urn, old.custom_timeouts.get("delete"), id=old.id, **sent)

    def _change(self, method: str, urn: str, timeout: float | None, **fields: Any) -> tuple[Any, tuple[str, ...]]:
        """The answer and, when the thing exists but is not finished, the reasons."""
        # The token is for providers of views, who would report to an address that is not here.
        token = {"resource_status_address": "", "resource_status_token": str(uuid.uuid4())}
        try:
            return self._call(method, urn, timeout=timeout, **fields, **token), ()
        except _InitFailed as failed:
            return failed.args[0], tuple(failed.args[0].reasons)

    def _call(self, method: str, urn: str, **fields: Any) -> Any:
        """The provider's answer. Raises ProviderError."""
        assert self.host, "a provider without a host is not called"
        message = getattr(provider_pb2, f"{method}Request")
        try:
            return getattr(self.host.stub, method)(message(urn=urn, name=name_of(urn), type=type_of(urn), **fields))
        except grpc.RpcError as error:
            if detail := _init_failed(error):
                raise _InitFailed(detail) from None
            said = error.details() or str(error)
            if error.code() == grpc.StatusCode.UNAVAILABLE:
                said = f"the provider's process ended in the middle of {method} ({said}); it may have taken effect"
            raise ProviderError(said, error.code() in DOUBTFUL) from None

    def _received(self, struct: struct_pb2.Struct, sent: Properties, what: str) -> Properties:
        found = unpack(struct)
        for key, value in found.items():
            if not self._preview and contains(value, Unknown):
                raise ProviderError(f"unexpected unknown property value for {key!r} in {what}")
        return marked_like(found, sent)


class Hooks:
    """Hooks before updates, in previews: functions of the program that are told what state holds of a resource that would be updated.

    Nothing else of hooks is supported: a hook of a real run would have to be kept in state. With these, a program goes on in a preview
    with outputs that an update does not change. Source: recorded, tests/traces/traces/hooks-in-previews.json.
    """

    def __init__(self) -> None:
        self._hooks: dict[str, Any] = {}
        self._lock = threading.Lock()

    def register(self, request: Any) -> None:
        """The hook of the request is known. Raises Refused for a name that is taken."""
        with self._lock:
            if request.name in self._hooks:
                raise Refused(f'resource hook already registered for name "{request.name}"')
            self._hooks[request.name] = request

    def before_update(self, old: Resource, new: Resource) -> list[str]:
        """Warnings, after the resource's hooks were called, but for those that are not for previews. Raises ProviderError."""
        warnings = []
        for name in new.resource_hooks.get(BEFORE_UPDATE, ()):
            hook = self._hooks.get(name)
            if hook is None:
                raise ProviderError(f'hook "{name}" was not registered')
            error = self._call(hook, old, new) if hook.on_dry_run else ""
            if error and not hook.ignore_errors:
                raise ProviderError(f'before hook "{name}" failed: {error}')
            if error:
                warnings.append(f'{BEFORE_UPDATE} hook "{name}" failed: {error}')
        return warnings

    def _call(self, hook: Any, old: Resource, new: Resource) -> str:
        """The hook's error, or nothing."""
        request = resource_pb2.ResourceHookRequest(
            urn=new.urn, id=old.id, name=new.name, type=new.type, old_inputs=_whole(old.inputs),
            new_inputs=_whole(new.inputs), old_outputs=_whole(old.outputs),
        )  # fmt: skip
        call = callback_pb2.CallbackInvokeRequest(token=hook.callback.token, request=request.SerializeToString())
        try:
            with grpc.insecure_channel(hook.callback.target, options=GRPC_OPTIONS) as channel:
                answer = callback_pb2_grpc.CallbacksStub(channel).Invoke(call)
        except grpc.RpcError as error:
            return error.details() or str(error)
        return resource_pb2.ResourceHookResponse.FromString(answer.response).error


def _whole(properties: Properties) -> Any:
    return pack(properties, unknowns=True, secrets=True, references=True)


class _InitFailed(Exception):
    """The thing exists, but is not finished; the argument is the protocol's message about it."""


def _init_failed(error: grpc.RpcError) -> Any:
    """The partial failure told in the error's details, or None."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            for packed in status_pb2.Status.FromString(value).details:
                detail = provider_pb2.ErrorResourceInitFailed()
                if packed.Unpack(detail):
                    return detail
    return None
