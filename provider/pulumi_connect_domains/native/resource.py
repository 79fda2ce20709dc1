"""The base of the native classes of programs in Python: the same arguments and outputs, registered under the native type token.

The engine gets every property in camelCase, as from programs in other languages, so that its options (`ignore_changes`) and its diffs name
the same paths for all. A program sees snake_case alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any

import pulumi
from pulumi.runtime import get_config
from typing_extensions import Self

from ..host.resource import ConnectResource, also_known_as, refuse_provider
from ..host.secrecy import ProviderWithTags
from ..model.path import PathPattern
from ..model.resource_type import PACKAGE
from ..model.schema import Property, Schema
from ..model.spelling import Spelling, snake_case
from ..model.values import whole
from ..model.wording import camel_case

WANTED = "pulumi_connect_domains.native.Provider"


SEES_TRANSFORMATIONS = "_transformations" in pulumi.Resource.__init__.__code__.co_names
"""Whether this SDK asks a resource for its list of transformations. The name is private to the SDK. Under one without it, properties are
spelled before people's transformations, which then see camelCase; all else is the same.
"""


class Spelt(str):
    """A name that the engine gets as it is: it is in camelCase already, or it is people's own, such as the key of a tag."""

    __slots__ = ()


class NativeResource(ConnectResource):
    """A resource of the native host. A subclass is also a subclass of the dynamic host's class, whose arguments it has."""

    @classmethod
    def _schema(cls) -> Schema:
        return cls.lifecycle.type.schema

    def _declare(self, resource_name: str, inputs: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        self._register(resource_name, inputs, also_known_as(self.lifecycle.type.type_token, opts))

    @classmethod
    def _read(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        region: pulumi.Input[str | None] | None,
        opts: pulumi.ResourceOptions | None,
    ) -> Self:
        found = cls.__new__(cls)
        found._register(
            resource_name, {"region": region}, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        )
        return found

    def _register(self, resource_name: str, properties: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        """Registers the resource, with every output set to None: the engine fills in the outputs that it knows."""
        schema = self._schema()
        Output.read_by(type(self), schema)
        refuse_provider(resource_name, opts, PACKAGE, WANTED, PACKAGE)
        if not SEES_TRANSFORMATIONS:
            properties = self._as_sent(properties)
        pulumi.CustomResource.__init__(self, self.lifecycle.type.native_token, resource_name, properties, opts)
        self._end_with_the_registration(dict.fromkeys(schema.camel_names.values()))

    @property
    def _transformations(self) -> list[pulumi.ResourceTransformation]:
        """The SDK's list of the transformations of the resource and its parents, and after them our own: what people write gets the names
        of the program, as from every other package. Source: `Resource.__init__` of pulumi 3.272.0.
        """
        own = [self._spelt] if SEES_TRANSFORMATIONS else []
        return [*vars(self)["_given_transformations"], *own]

    @_transformations.setter
    def _transformations(self, given: list[pulumi.ResourceTransformation]) -> None:
        vars(self)["_given_transformations"] = given

    def _spelt(self, given: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        """The resource's own properties as the engine gets them. A child, which inherits the list, keeps its own."""
        if given.resource is not self:
            return None
        return pulumi.ResourceTransformationResult(self._as_sent(given.props), given.opts)

    def _as_sent(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties as the engine gets them, with every output set to None."""
        schema = self._schema()
        unset: dict[str, Any] = {Spelt(name): None for name in schema.camel_names.values()}
        return {**unset, **camel_cased(schema, properties)}

    def translate_input_property(self, prop: str) -> str:
        """The name as the engine gets it. For options (`ignore_changes`) it is a path."""
        if isinstance(prop, Spelt):
            return prop
        try:
            return str(Spelling.CAMEL.pattern(self._schema(), PathPattern.parse(prop)))
        except ValueError:
            return prop


class Output:
    """An output of a class: in snake_case, with whole numbers as ints, at any depth. It is derived when the program first reads it."""

    def __init__(self, name: str, of: Property, is_structured: bool) -> None:
        self._name = camel_case(name)
        self._of = of
        self._is_structured = is_structured

    @classmethod
    def read_by(cls, resource_class: type[NativeResource], schema: Schema) -> None:
        """Makes the class read its outputs so."""
        for name, of in schema.members.items():
            if not isinstance(vars(resource_class).get(name), cls):
                setattr(resource_class, name, cls(name, of, bool(of.members or of.items) or name in schema.numeric))

    def __get__(self, resource: NativeResource | None, owner: type[NativeResource] | None = None) -> Any:
        if resource is None:
            return self
        made = vars(resource).get(self._name)
        if not self._is_structured or not isinstance(made, pulumi.Output):
            return made
        derived = vars(resource).setdefault("_derived", {})
        if self._name not in derived:
            derived[self._name] = made.apply(lambda value: snake_case(self._of, whole(value)))
        return derived[self._name]

    def __set__(self, resource: NativeResource, value: Any) -> None:
        vars(resource)[self._name] = value
        vars(resource).get("_derived", {}).pop(self._name, None)


class NativeProvider(ProviderWithTags):
    """An explicit provider of the native host, with the arguments of the dynamic host's."""

    def _declare(self, resource_name: str, inputs: dict[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        given = {camel_case(name): value for name, value in inputs.items()}
        given["silence"] = get_config("connect-domains:silence")
        pulumi.ProviderResource.__init__(self, PACKAGE, resource_name, given, opts)


def camel_cased(of: Property, value: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with every name as the engine gets it, at any depth. What is only known later is spelled then, and stays secret."""
    names = of.camel_names
    return {Spelt(names.get(key, key)): _cased(of.step(key), item) for key, item in value.items()}


def _cased(of: Property, value: Any) -> Any:
    if isinstance(value, (pulumi.Output, Awaitable)):
        if not (of.members or of.items or of.kind == "map"):
            return value
        return pulumi.Output.from_input(value).apply(lambda known: _cased(of, known))
    if isinstance(value, Mapping):
        return camel_cased(of, value)
    if isinstance(value, (list, tuple)):
        return [_cased(of.step(0), item) for item in value]
    return value
