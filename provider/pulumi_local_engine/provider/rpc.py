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
from .hosts import GRPC_OPTIONS, Host, HostError
from .protocol import Answer, DiffUnavailable, Failure, Name, ProviderError, Refused
from .wire import pack, unpack

BEFORE_UPDATE: Final = "BeforeUpdate"
"""What hooks before updates are called in a resource's state."""
SEED_BYTES: Final = 32
CHANGES: Final = {provider_pb2.DiffResponse.DIFF_NONE: False, provider_pb2.DiffResponse.DIFF_SOME: True}
KINDS: Final = {number: name.lower().replace("_", "-") for name, number in provider_pb2.PropertyDiff.Kind.items()}
"""Of a difference: `UPDATE_REPLACE` is `update-replace`."""
DOUBTFUL: Final = (grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS)
"""After such an error nobody knows whether the call took effect."""


class HostedProvider:
    """A provider in a host. It is not configured as long as its configuration is not known, which only happens in previews."""

    def __init__(self, host: Host, preview: bool) -> None:
        self.host, self.preview = host, preview
        self.is_configured = False

    def check_configuration(self, urn: str, olds: Properties, news: Properties) -> tuple[Properties, list[Failure]]:
        """The provider's inputs, and mistakes in them; as they are where the provider has no CheckConfig."""
        sent = {"olds": pack(olds, unknowns=True), "news": pack(news, unknowns=True)}
        answer = self._call_if_there("CheckConfig", urn, provider_pb2.CheckRequest, **sent)
        if answer is None:
            return news, []
        return marked_like(unpack(answer.inputs), news), _failures(answer)

    def diff_configuration(self, old: Resource, new: Resource) -> Diff:
        """What differs from the old provider, which may be another; `changes` None where this one has no DiffConfig."""
        sent = [pack(found, unknowns=True) for found in (old.configuration, old.outputs, new.configuration)]
        fields = dict(zip(("old_inputs", "olds", "news"), sent, strict=True))
        answer = self._call_if_there("DiffConfig", new.urn, provider_pb2.DiffRequest, **fields)
        return Diff(None) if answer is None else _diff(answer)

    def configure(self, resource: Resource) -> None:
        """The provider has the resource's inputs as its configuration, if they are known."""
        if contains(resource.inputs, Unknown):
            return
        try:
            self.host.configure(resource.configuration, resource.urn, resource.id)
        except HostError as error:
            raise ProviderError(str(error)) from None
        except grpc.RpcError as error:
            raise ProviderError(error.details() or str(error)) from None
        self.is_configured = True

    def check(
        self, urn: str, olds: Properties, news: Properties, name: Name | None = None
    ) -> tuple[Properties, list[Failure]]:
        if not self.is_configured:
            return news, []
        sent = {"olds": self._pack(olds, self.preview), "news": self._pack(news, self.preview)}
        if name and self.host.accepts.names:
            mode: Any = name.mode
            sent["autonaming"] = provider_pb2.CheckRequest.AutonamingOptions(proposed_name=name.text, mode=mode)
        answer = self._call("Check", urn, **sent, randomSeed=os.urandom(SEED_BYTES))
        return self._received(answer.inputs, news, "inputs"), _failures(answer)

    def diff(self, urn: str, old: Resource, news: Properties, ignored: tuple[str, ...]) -> Diff:
        if not self.is_configured:
            raise DiffUnavailable(
                "The provider for this resource has inputs that are not known during preview.\n"
                "This preview may not correctly represent the changes that will be applied during an update."
            )
        sent = [self._pack(found, True) for found in (old.inputs, old.outputs, news)]
        fields = dict(zip(("old_inputs", "olds", "news"), sent, strict=True))
        return _diff(self._call("Diff", urn, id=old.id, **fields, ignoreChanges=ignored))

    def create(self, new: Resource, preview: bool) -> Answer:
        if preview and not (self.is_configured and self.host.accepts.previews):
            return Answer("", new.inputs if self.is_configured else {})
        answer, reasons = self._change(
            "Create",
            new.urn,
            new.custom_timeouts.get("create"),
            properties=self._pack(new.inputs, preview),
            preview=preview,
        )
        if not answer.id and not preview:
            raise ProviderError(f"plugin returned empty resource.ID from create '{new.urn}'", maybe_done=True)
        return Answer(answer.id, self._received(answer.properties, new.inputs, "outputs"), None, reasons)

    def update(self, old: Resource, new: Resource, preview: bool) -> Answer:
        if preview and not (self.is_configured and self.host.accepts.previews):
            return Answer(old.id, new.inputs if self.is_configured else {})
        answer, reasons = self._change(
            "Update", new.urn, new.custom_timeouts.get("update"), id=old.id, olds=self._pack(old.outputs),
            news=self._pack(new.inputs, preview), old_inputs=self._pack(old.inputs), ignoreChanges=new.ignore_changes,
            preview=preview,
        )  # fmt: skip
        return Answer(old.id, self._received(answer.properties, new.inputs, "outputs"), None, reasons)

    def read(self, urn: str, id_: str, inputs: Properties | None, state: Properties | None, timeout: float) -> Answer:
        if not self.is_configured:
            return Answer(id_, {}, {})
        sent = [None if found is None else self._pack(found) for found in (inputs, state)]
        answer, reasons = self._change("Read", urn, timeout, id=id_, inputs=sent[0], properties=sent[1])
        read_inputs = self._received(answer.inputs, inputs or {}, "inputs") if answer.HasField("inputs") else None
        return Answer(answer.id, self._received(answer.properties, state or {}, "outputs"), read_inputs, reasons)

    def delete(self, old: Resource) -> None:
        sent = {"properties": self._pack(old.outputs), "old_inputs": self._pack(old.inputs)}
        self._change("Delete", old.urn, old.custom_timeouts.get("delete"), id=old.id, **sent)

    def _change(self, method: str, urn: str, timeout: float | None, **fields: Any) -> tuple[Any, tuple[str, ...]]:
        """The answer and, when the thing exists but is not finished, the reasons."""
        # The token is for providers of views, who would report to an address that is not here.
        token = {"resource_status_address": "", "resource_status_token": str(uuid.uuid4())}
        try:
            return self._call(method, urn, timeout=timeout, **fields, **token), ()
        except _InitFailed as failed:
            return failed.args[0], tuple(failed.args[0].reasons)

    def _call(self, method: str, urn: str, request: Any = None, **fields: Any) -> Any:
        """The provider's answer. Raises ProviderError."""
        message = request or getattr(provider_pb2, f"{method}Request")
        try:
            return getattr(self.host.stub, method)(message(urn=urn, name=name_of(urn), type=type_of(urn), **fields))
        except HostError as error:
            raise ProviderError(str(error)) from None
        except grpc.RpcError as error:
            if detail := _init_failed(error):
                raise _InitFailed(detail) from None
            said = error.details() or str(error)
            if error.code() == grpc.StatusCode.UNIMPLEMENTED:
                raise Unimplemented(said) from None
            if error.code() == grpc.StatusCode.UNAVAILABLE:
                said = f"the provider's process ended in the middle of {method} ({said}); it may have taken effect"
            raise ProviderError(said, error.code() in DOUBTFUL) from None

    def _call_if_there(self, method: str, urn: str, request: Any, **fields: Any) -> Any:
        """The provider's answer, or None when it has no such method. Raises ProviderError."""
        try:
            return self._call(method, urn, request, **fields)
        except Unimplemented:
            return None

    def _pack(self, properties: Properties, unknowns: bool = False) -> Any:
        accepts = self.host.accepts
        return pack(properties, unknowns=unknowns, secrets=accepts.secrets, references=accepts.references)

    def _received(self, struct: struct_pb2.Struct, sent: Properties, what: str) -> Properties:
        found = unpack(struct)
        for key, value in found.items():
            if not self.preview and contains(value, Unknown):
                raise ProviderError(f"unexpected unknown property value for {key!r} in {what}")
        return found if self.host.accepts.secrets else marked_like(found, sent)


def _failures(answer: Any) -> list[Failure]:
    return [Failure(failure.property, failure.reason) for failure in answer.failures]


def _diff(answer: Any) -> Diff:
    detailed = {
        path: PropertyDiff(KINDS.get(found.kind, "update"), found.inputDiff)
        for path, found in answer.detailedDiff.items()
    }
    return Diff(
        CHANGES.get(answer.changes), tuple(answer.replaces), tuple(answer.diffs),
        detailed if answer.hasDetailedDiff else None, answer.deleteBeforeReplace,
    )  # fmt: skip


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


class Unimplemented(ProviderError):
    """The provider has no such method."""


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
