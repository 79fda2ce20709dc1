"""What the dynamic provider host calls. Pickled by the name of its class alone, it holds nothing while it travels.

A program builds a `Lifecycle` only to name it, so this module imports next to nothing: what the methods do is in `operations`, which
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

from ..model.resource_type import ResourceSpec

if TYPE_CHECKING:
    from ..operations.configuration import Configuration
    from ..operations.operations import Operations


class Lifecycle(ResourceProvider):
    """Pulumi's methods. Subclasses name their resource and nothing else."""

    spec: ClassVar[ResourceSpec]
    serialize_as_secret_always = False  # the pickled text is a class name, and as a secret it only makes states slow

    _operations: Operations | None = None

    def configure(self, req: ConfigureRequest) -> None:
        """Keeps the configuration of the stack, or of the explicit Provider, for the calls that follow."""
        from ..operations import settings
        from . import context as host

        host.shorten_errors()
        host.tell_details()
        host.log_calls()
        self.use(settings.from_config(req.config._props))

    def use(self, configuration: Configuration) -> None:
        """From now on this configuration counts."""
        from ..operations.operations import Operations

        self._operations = Operations(self.spec, configuration)

    @property
    def operations(self) -> Operations:
        """What the methods do; without a configuration until `configure` gave one."""
        if self._operations is None:
            from ..operations.operations import Operations

            self._operations = Operations(self.spec)
        return self._operations

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """The inputs as state will keep them, and every mistake in them."""
        return self.operations.check(_olds, news)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Whether anything differs, and whether that replaces the domain."""
        return self.operations.diff(_id, _olds, _news)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """The new domain's id and outputs."""
        return self.operations.create(props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """What is live; an empty id when it is certainly gone."""
        return self.operations.read(id_, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """The complete outputs after the change."""
        return self.operations.update(_id, _olds, _news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """The domain is gone afterwards."""
        self.operations.delete(_id, _props)
