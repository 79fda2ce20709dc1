"""The provider class that the dynamic provider host calls. It is pickled as the name of its class, and nothing else.

A program creates a `Lifecycle` only to name the class. So this module imports next to nothing. The methods' work is in `bridge`, which
the host loads when it configures the provider.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pulumi.dynamic import (
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)
from pulumi.dynamic.dynamic import serialize_provider

from ..model.resource_type import ResourceType

if TYPE_CHECKING:
    from .bridge import Bridge


class Lifecycle(ResourceProvider):
    """Pulumi's provider methods. A subclass only names its resource type."""

    type: ClassVar[ResourceType]
    serialize_as_secret_always = False  # the pickled text is a class name; as a secret it would only slow states down

    _bridge: Bridge | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Keeps the configuration of the stack, or of the explicit Provider, for the calls that follow."""
        from ..operations.settings import from_config
        from . import context
        from .bridge import Bridge

        context.shorten_errors()
        context.allow_detailed_diffs()
        context.show_log()
        self._bridge = Bridge(self.type, from_config(req.config._props))

    @property
    def bridge(self) -> Bridge:
        """The object that does the methods' work. Before `configure` it has an empty configuration."""
        if self._bridge is None:
            from .bridge import Bridge

            self._bridge = Bridge(self.type)
        return self._bridge

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """The inputs as state will keep them, and every mistake in them."""
        return self.bridge.check(_olds, news)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Whether anything differs, and whether that replaces the resource."""
        return self.bridge.diff(_id, _olds, _news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The new resource's id and outputs."""
        return self.bridge.create(props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What is live; an empty id when it is certainly gone."""
        return self.bridge.read(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """The complete outputs after the change."""
        return self.bridge.update(_id, _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """The resource is gone afterwards."""
        self.bridge.delete(_id, _props)


def pickled(provider: Lifecycle) -> str:
    """The text that stands for the provider in state files: its pickled class name, in base64. A resource's constructor sends the same."""
    return str(serialize_provider(provider))
