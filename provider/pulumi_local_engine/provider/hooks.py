"""Hooks before updates, in previews: functions of the program that are told what state holds of a resource which would be updated.

Nothing else of hooks is supported. A hook of a real run would have to be kept in state, and a preview needs none but this one: a program
can so go on with outputs that an update does not change. Source: recorded, tests/traces/traces/hooks-in-previews.json.
"""

from __future__ import annotations

import threading
from typing import Any, Final

import grpc
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

from ..model.resource import Resource
from ..model.values import Properties
from .hosts import GRPC_OPTIONS
from .protocol import ProviderError, Refused
from .wire import pack

BEFORE_UPDATE: Final = "BeforeUpdate"
"""What such hooks are called in a resource's state."""


class Hooks:
    """The hooks that a program has registered in one preview."""

    def __init__(self) -> None:
        self._hooks: dict[str, Any] = {}
        self._channels: dict[str, Any] = {}
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

    def close(self) -> None:
        for channel in self._channels.values():
            channel.close()

    def _call(self, hook: Any, old: Resource, new: Resource) -> str:
        """The hook's error, or nothing."""
        request = resource_pb2.ResourceHookRequest(
            urn=new.urn, id=old.id, name=new.name, type=new.type, old_inputs=_packed(old.inputs),
            new_inputs=_packed(new.inputs), old_outputs=_packed(old.outputs),
        )  # fmt: skip
        call = callback_pb2.CallbackInvokeRequest(token=hook.callback.token, request=request.SerializeToString())
        with self._lock:
            channel = self._channels.get(hook.callback.target)
            if channel is None:
                channel = grpc.insecure_channel(hook.callback.target, options=GRPC_OPTIONS)
                self._channels[hook.callback.target] = channel
        try:
            answer = callback_pb2_grpc.CallbacksStub(channel).Invoke(call)
        except grpc.RpcError as error:
            return error.details() or str(error)
        return resource_pb2.ResourceHookResponse.FromString(answer.response).error


def _packed(properties: Properties) -> Any:
    return pack(properties, unknowns=True, secrets=True, references=True)
