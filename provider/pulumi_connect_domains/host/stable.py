"""Makes outputs that an update in place does not change known in the preview of the update.

In such a preview the engine takes the new inputs as outputs, and all other outputs as unknown. So a resource that uses the domain's ARN
would seem to change too. But before, the engine calls the program's hooks with the outputs in state. The outputs that the schema calls
stable are taken from there. For a replacement the engine calls no such hook, so its outputs stay unknown.

Source: CLI 3.260.0, recorded in tests/traces/traces/hooks-in-previews.json. The `stables` of a diff are meant for this, but that CLI does
not use them: they were put on the wire, and nothing changed.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.output import Unknown

from ..model.schema import Schema

HOOK = "pulumi_connect_domains: outputs that stay"
"""The hook's name. It is bound in previews only, so no state ever holds it."""


class StateOutputs:
    """The outputs in state of the resources that one preview of a program would update, as its hook gets them."""

    def __init__(self) -> None:
        self.outputs: dict[str, Mapping[str, Any]] = {}
        self.hook = pulumi.ResourceHook(HOOK, self._note, pulumi.ResourceHookOptions(on_dry_run=True))

    def _note(self, args: pulumi.ResourceHookArgs) -> None:
        self.outputs[args.urn] = args.old_outputs or {}

    def bound(self, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
        """The options, with the hook added to their own hooks."""
        found = copy.copy(opts) if opts else pulumi.ResourceOptions()
        found.hooks = pulumi.ResourceHookBinding.merge(
            found.hooks, pulumi.ResourceHookBinding(before_update=[self.hook])
        )
        return found

    def keep(self, resource: pulumi.CustomResource, schema: Schema) -> None:
        """Makes the stable outputs of the resource known, if state has them."""
        for name, of in schema.members.items():
            output = resource.__dict__.get(name)
            if of.stable and isinstance(output, pulumi.Output):
                resource.__dict__[name] = self._kept(resource.urn, output, name)

    def _kept(self, urn: pulumi.Output[str], output: pulumi.Output[Any], name: str) -> pulumi.Output[Any]:
        def settled(value: Any) -> Any:
            if not isinstance(value, Unknown):
                return value
            # A value that is secret in state arrives as a secret output.
            return urn.apply(lambda urn: self.outputs.get(urn, {}).get(name, output))

        return output.apply(settled, run_with_unknowns=True)


_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, StateOutputs] = WeakKeyDictionary()
"""One for each program: each runs in an event loop of its own."""


def state_outputs() -> StateOutputs | None:
    """The state's outputs for this program; None outside of previews, and with an engine that calls no hooks."""
    if not pulumi.runtime.is_dry_run() or not _hooks_are_called():
        return None
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    if loop not in _by_loop:
        _by_loop[loop] = StateOutputs()
    return _by_loop[loop]


def _hooks_are_called() -> bool:
    try:
        from pulumi.runtime.proto import resource_pb2
        from pulumi.runtime.settings import monitor_supports_feature

        return monitor_supports_feature(resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS)
    except (ImportError, AttributeError):
        return False
