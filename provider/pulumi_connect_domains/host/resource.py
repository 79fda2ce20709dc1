"""The base of every resource class: what a constructor does before it asks the engine."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import pulumi
from pulumi.dynamic import Resource
from typing_extensions import Self

from ..model import declaring, errors
from ..model.resource_type import ResourceType
from ..model.values import whole
from . import secrecy, stable
from .lifecycle import Lifecycle
from .values import AUTO_NAME, GET, PROVIDER_PACKAGE


class ProgramError(errors.ProgramError, pulumi.RunError):
    """The program asks for something impossible. Pulumi shows a RunError without a traceback."""


class ConnectResource(Resource):
    """A resource that a program declares. The subclass gives its provider's class and the inputs."""

    if TYPE_CHECKING:  # the SDK reads annotations at run time
        lifecycle: ClassVar[type[Lifecycle]]

    def __init__(self, resource_name: str, inputs: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """Registers the resource: its inputs, a proposal for a name that was left out, and every output, set to None. The engine fills in
        the outputs that it knows.

        Raises: ProgramError for options that cannot work.
        """
        self._declare(resource_name, inputs, opts)

    def _declare(self, resource_name: str, inputs: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        """What the constructor does, for this host."""
        provider = self.lifecycle()
        schema = provider.type.schema
        WholeNumbers.read_by(type(self), schema.numeric)
        _refuse_options(provider.type, resource_name, opts)
        secrecy.warn_of_plain_secrets()
        properties: dict[str, Any] = {**dict.fromkeys(schema.members), **inputs}
        if schema.name_input and properties[schema.name_input] is None:
            name = declaring.proposed_name(schema, resource_name, pulumi.get_project(), pulumi.get_stack())
            properties.update({schema.name_input: name, AUTO_NAME: True})
        if schema.tags_output:
            properties[schema.tags_output] = secrecy.merged_tags(inputs.get(schema.tags_input), opts)
        properties.update(secrecy.marked(schema, inputs))
        known = stable.state_outputs()
        opts = also_known_as(provider.type.native_token, opts)
        super().__init__(provider, resource_name, properties, known.bound(opts) if known else opts)
        self._end_with_the_registration(properties)
        if known:
            known.keep(self, schema)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        *,
        region: pulumi.Input[str | None] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Self:
        """A resource that somebody else manages: it is only read, on every run, and never changed. A missing one fails the preview."""
        if isinstance(region, pulumi.Output):
            # The engine sends a read without the inputs that are not known yet, so it would go to another Region. Without an id it reads
            # nothing. Source: `provider.Read` of CLI 3.260.0, sdk/go/common/resource/plugin/provider_plugin.go; `ReadStep.Apply`.
            id = pulumi.Output.unsecret(pulumi.Output.all(id, region)).apply(lambda known: known[0])
        return cls._read(resource_name, id, region, opts)

    @classmethod
    def _read(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        region: pulumi.Input[str | None] | None,
        opts: pulumi.ResourceOptions | None,
    ) -> Self:
        """What `get` does, for this host.

        All its properties are sent as None: the engine fills in those whose names it is given.
        """
        provider = cls.lifecycle()
        WholeNumbers.read_by(cls, provider.type.schema.numeric)
        _refuse_options(provider.type, resource_name, opts)
        properties: dict[str, Any] = {**dict.fromkeys(provider.type.schema.members), "region": region, GET: True}
        found = cls.__new__(cls)
        Resource.__init__(
            found,
            provider,
            resource_name,
            properties,
            pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)),
        )
        found._end_with_the_registration(properties)
        return found

    def _end_with_the_registration(self, properties: dict[str, Any]) -> None:
        """Lets the program's end wait for the resource's URN and id alone: the outputs come, or fail, at the same moment.

        For each resource that is registered, the SDK goes through all outputs that it waits for. With twenty outputs in each of a thousand
        resources, that took half of a program's processor time.
        Source: `Output._untrack` and `wait_for_rpcs` of pulumi 3.272.0. With a version that lacks the method, the program waits for all.
        """
        untrack = getattr(pulumi.Output, "_untrack", None)
        for name in properties if untrack else ():
            output = self.__dict__.get(name)
            if untrack and isinstance(output, pulumi.Output):
                untrack(output)


class WholeNumbers:
    """An output of a class, in which whole numbers are ints, at any depth: the engine makes floats of them (pulumi#13830).

    It is derived from the engine's output when the program first reads it. Most are never read, and each one that is made costs time.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @classmethod
    def read_by(cls, resource_class: type[ConnectResource], names: Iterable[str]) -> None:
        """Makes the class read these outputs so."""
        owner = next(each for each in resource_class.__mro__ if "lifecycle" in vars(each))
        for name in names:
            if not isinstance(vars(owner).get(name), cls):
                setattr(owner, name, cls(name))

    def __get__(self, resource: ConnectResource | None, owner: type[ConnectResource] | None = None) -> Any:
        if resource is None:
            return self
        members = vars(resource)
        if self._name not in members:
            raise AttributeError(f"{type(resource).__name__!r} object has no attribute {self._name!r}")
        made, derived = members[self._name], members.setdefault("_whole_numbers", {})
        if isinstance(made, pulumi.Output) and self._name not in derived:
            derived[self._name] = made.apply(whole)
        return derived.get(self._name, made)

    def __set__(self, resource: ConnectResource, value: Any) -> None:
        vars(resource)[self._name] = value
        vars(resource).get("_whole_numbers", {}).pop(self._name, None)


def also_known_as(token: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options, with an alias of the other host's type token: so a program may change its host, and keeps its resources."""
    if opts is None:
        return pulumi.ResourceOptions(aliases=[_alias(token)])
    found = copy.copy(opts)
    found.aliases = [*(opts.aliases or ()), _alias(token)]
    return found


@lru_cache(maxsize=64)
def _alias(token: str) -> pulumi.Alias:
    return pulumi.Alias(type_=token)


def _refuse_options(type: ResourceType, resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
    if opts is None:
        return
    if opts.import_ is not None:
        raise ProgramError(
            f"{resource_name}: the option import_ cannot work for Python dynamic resources (pulumi#16175); it works for the classes of "
            "pulumi_connect_domains.native; `connect-domains import` writes an import file that brings an existing "
            f"{type.noun} under Pulumi"
        )
    refuse_provider(resource_name, opts, PROVIDER_PACKAGE, "pulumi_connect_domains.Provider", "aws")


def refuse_provider(
    resource_name: str, opts: pulumi.ResourceOptions | None, package: str, wanted: str, namespace: str
) -> None:
    """Does nothing if the options name no provider, or one of the package. Raises: ProgramError, which names the class that is `wanted`."""
    provider = opts.provider if opts else None
    if isinstance(provider, pulumi.ProviderResource) and provider.package != package:
        raise ProgramError(
            f"{resource_name}: opts.provider is a provider of the package {provider.package!r}, which the engine would silently "
            f"ignore here; give a {wanted}, or configure the stack ({namespace}:region, {namespace}:profile, …)"
        )
