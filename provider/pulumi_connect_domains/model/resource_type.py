"""A resource type: data, four functions, and capabilities that a resource may lack.

The data stands in the resource's schema.json, the functions in its api.py. Both are read when they are first needed, so that naming a
resource type costs a program nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import Any, Protocol, cast

from . import loading
from .comparison import Change
from .schema import Schema
from .tags import TagPolicy
from .values import Json
from .warning import Notice


class Clock(Protocol):
    """Time and sleeping."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Seconds since some moment."""

    def sleep(self, seconds: float, /) -> None:
        """The seconds are over."""


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
        """The bound that the program sets for this operation, or None."""

    @property
    def tags(self) -> TagPolicy:
        """The default tags, and which tags are somebody else's."""

    @property
    def clock(self) -> Clock:
        """The clock to go by."""

    def aws(self, operation: str, subject: str, **members: object) -> Json:
        """AWS's answer to one operation; `members` in snake_case. Raises: AwsError and its subclasses."""

    def masked(self, message: str, *documents: Json) -> str:
        """AWS's words about the resource, in which its own texts are replaced by the property they stand in."""

    def warn(self, notice: Notice) -> None:
        """The warning is shown under the resource, unless its rule is silenced."""

    def progress(self, text: str) -> None:
        """The text is shown while the operation runs, and not kept."""

    def claim(self, arn: str) -> None:
        """From now on this run does not delete what has the ARN: a resource of it is about to take that over."""


class Create(Protocol):
    """The new resource's id and what is live, or an error that leaves nothing behind unsaid."""

    def __call__(self, call: Call, inputs: Json, /) -> tuple[str, Json]: ...


class Read(Protocol):
    """What is live by one look, or None when it is certainly gone."""

    def __call__(self, call: Call, id: str, /) -> Json | None: ...


class Update(Protocol):
    """What AWS said after the changes were made; `{}` when nothing had to be sent."""

    def __call__(self, call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...], /) -> Json: ...


class Delete(Protocol):
    """Gone afterwards, or gone already."""

    def __call__(self, call: Call, id: str, outputs: Json, /) -> None: ...


class List(Protocol):
    """Every resource of the type in the account and Region: its `id`, and what the list operation tells of it.

    For a type that has a parent: every one in the parent with that id.
    """

    def __call__(self, call: Call, parent: str, /) -> Iterator[Json]: ...


@dataclass(frozen=True)
class Functions:
    """The operations of one resource against AWS. All documents are snake_case JSON.

    A *live* document is the resource as AWS describes it, with its tags as a map, and its ARN where it has one. `list` is absent for what
    cannot be listed: such resources are neither imported nor found as unmanaged. `look` is a read that also sees what is as good as
    gone (`Property.gone_when`); where it is absent, `read` stands in for it.
    """

    create: Create
    read: Read
    update: Update
    delete: Delete
    list: List | None = None
    look: Read | None = None


@dataclass(frozen=True)
class ResourceType:
    """One resource type, by the package that its folder is. Two of the same package are equal.

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
        return self._said["key"]

    @property
    def name(self) -> str:
        """The class that declares it: `Domain`."""
        return self._said["name"]

    @property
    def noun(self) -> str:
        """What messages call one of them: `Customer Profiles domain`."""
        return self._said["noun"]

    @property
    def service(self) -> str:
        """botocore's name of the service: `customer-profiles`."""
        return self._said["service"]

    @property
    def parent(self) -> str:
        """The key of the type that each one lies in; "" for a type that stands by itself."""
        return self._said.get("parent", "")

    @property
    def module(self) -> str:
        """The package that programs import it from: `customerprofiles`."""
        return self.package.split(".")[-2]

    @property
    def type_token(self) -> str:
        """The type in people's state files; frozen."""
        return f"pulumi-python:dynamic/{self.module}:{self.name}"

    @property
    def provider_class(self) -> Any:
        """The class that state files name as the resource's provider. It is imported with all of the service's package."""
        return getattr(import_module(self.package.rpartition(".")[0]), f"{self.name}Provider")

    @property
    def _said(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", loading.document_of(self.package)["resource"])
