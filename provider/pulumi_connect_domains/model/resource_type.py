"""A resource type: data, four functions, and capabilities that a resource may lack.

The data is in the resource's schema.json, the functions are in its api.py. Both are loaded when they are first needed, so a program that
only names a resource type does not pay for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from datetime import datetime, timezone
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from . import loading
from .records import record
from .schema import Schema
from .values import Json

PACKAGE = "connect-domains"
"""The name of the native provider's package, with which its type tokens and its keys of stack config begin."""

if TYPE_CHECKING:  # a program needs none of these
    from .comparison import Change
    from .tags import TagPolicy
    from .warning import Notice


@record(frozen=True, eq=False)
class Clock:
    """Time and sleeping; tests give their own."""

    now: Callable[[], datetime] = field(default_factory=lambda: _now)
    monotonic: Callable[[], float] = field(default_factory=lambda: time.monotonic)
    sleep: Callable[[float], None] = field(default_factory=lambda: time.sleep)


def _now() -> datetime:
    return datetime.now(timezone.utc)


class Call(Protocol):
    """What a resource's functions may use: AWS, the clock, and ways to tell people what is going on."""

    @property
    def type(self) -> ResourceType:
        """The resource type that the call is about."""

    @property
    def region(self) -> str:
        """The Region that the call goes to."""

    @property
    def account(self) -> str:
        """The account of the credentials. Asked of AWS once. Raises: AwsError."""

    @property
    def partition(self) -> str:
        """The partition of the credentials: aws, aws-cn, aws-us-gov. Asked of AWS once. Raises: AwsError."""

    @property
    def urn(self) -> str:
        """The resource's URN; "" outside of a stack."""

    @property
    def timeout_seconds(self) -> float | None:
        """The time limit that the program sets for this operation, or None."""

    @property
    def tags(self) -> TagPolicy:
        """The default tags, and which tags to leave alone."""

    @property
    def clock(self) -> Clock:
        """The clock to use."""

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer to one operation; `members` in snake_case. Raises: AwsError and its subclasses."""

    def did(self, inputs: Json, live: Json | None = None) -> None:
        """A part of an update is done: AWS has these inputs now (ABSENT where one is removed). `live` is its answer.

        If the rest fails, state keeps the parts. An update notes each, as long as another follows.
        """

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's message, in which each text of the resource is replaced by the name of its property."""

    def warn(self, notice: Notice) -> None:
        """The warning is shown under the resource, unless its rule is silenced."""

    def progress(self, text: str) -> None:
        """The text is shown while the operation runs, and not kept."""

    @property
    def began(self) -> datetime | None:
        """When the latest call of this thread began that AWS answered, by AWS's clock; None if AWS did not say."""

    @property
    def replaced(self) -> frozenset[str] | None:
        """The ARNs of what state holds under the URN while this creates another one: a creation must not answer with these.

        Empty if state holds a resource that is not known; None if state holds none, as far as this run knows.
        """

    def claim(self, arn: str) -> None:
        """From now on this run does not delete what has the ARN: a resource of the run is about to take it over."""


Read = Callable[[Call, str], "Json | None"]
"""Reads the resource with the id once; returns the live document, or None when the resource is certainly gone."""


@record(frozen=True, eq=False)
class Functions:
    """The operations of one resource against AWS. All documents are snake_case JSON.

    A *live* document is the resource as AWS describes it, with its tags as a map, and its ARN where it has one.
    """

    create: Callable[[Call, Json], tuple[str, Json]]
    """(call, inputs): the new resource's id and live document. An error says so if the resource may exist all the same."""
    read: Read
    update: Callable[[Call, str, Json, Json, tuple[Change, ...]], Json]
    """(call, id, outputs, inputs, changes): makes the changes; returns what AWS answered, `{}` when nothing had to be sent."""
    delete: Callable[[Call, str, Json], None]
    """(call, id, outputs): deletes the resource; does nothing if it is gone already."""
    list: Callable[[Call, str], Iterator[Json]] | None = None
    """(call, id of the parent, if the type has one): every resource in the account and Region, with its `id`, and what AWS's list operation
    returns for it. None for a type that cannot be listed: its resources are neither imported nor found as unmanaged."""
    look: Read | None = None
    """A read that also returns a resource that is as good as deleted (`Property.gone_when`); where it is None, `read` is used."""


@record(frozen=True, eq=True)
class ResourceType:
    """One resource type. `package` is its folder, as the name of a Python package.

    Shape: `ResourceType("pulumi_connect_domains.customerprofiles.domain")`.
    """

    package: str

    @cached_property
    def schema(self) -> Schema:
        """The contract, read once from the folder's schema.json."""
        return loading.schema_of(self.package)

    @property
    def functions(self) -> Functions:
        """The folder's api.py."""
        return cast(Functions, import_module(f"{self.package}.api").FUNCTIONS)

    @property
    def key(self) -> str:
        """What commands and reports call the type: `customerprofiles`."""
        return self._names["key"]

    @property
    def name(self) -> str:
        """The class that declares it: `Domain`."""
        return self._names["name"]

    @property
    def noun(self) -> str:
        """What messages call one of them: `Customer Profiles domain`."""
        return self._names["noun"]

    @property
    def service(self) -> str:
        """botocore's name of the service: `customer-profiles`."""
        return self._names["service"]

    @property
    def parent(self) -> str:
        """The key of the type whose resources hold the resources of this type; "" where there is none."""
        return self._names.get("parent", "")

    @property
    def module(self) -> str:
        """The package that programs import it from: `customerprofiles`."""
        return self.package.split(".")[-2]

    @property
    def type_token(self) -> str:
        """The type in people's state files, where the dynamic host manages the resource; frozen."""
        return f"pulumi-python:dynamic/{self.module}:{self.name}"

    @cached_property
    def native_token(self) -> str:
        """The type in people's state files, where the native host manages the resource; frozen."""
        return f"{PACKAGE}:{self.module}:{self.name}"

    @property
    def provider_class(self) -> Any:
        """The class that state files name as the resource's provider. This imports the service's whole package."""
        return getattr(import_module(self.package.rpartition(".")[0]), f"{self.name}Provider")

    @property
    def _names(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", loading.document_of(self.package)["resource"])
