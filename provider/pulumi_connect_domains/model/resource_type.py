"""What a resource must supply: its ResourceSpec, and the functions of its api.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from .schema import schema_of
from .values import Json

if TYPE_CHECKING:
    from ..operations.call import Call
    from .comparison import Change


class Api(Protocol):
    """The operations of one resource against AWS: the module `api.py` in its folder. All documents are snake_case JSON.

    A *live* document is the domain as AWS describes it, with its tags as a map and its ARN.
    """

    def create(self, call: Call, inputs: Json) -> tuple[str, Json]:
        """The new resource's id and what is live, or an error that leaves nothing behind unsaid."""

    def read(self, call: Call, id: str) -> Json | None:
        """What is live by one look, or None when it is certainly gone. `reading.live` looks again where it must."""

    def update(self, call: Call, id: str, outputs: Json, inputs: Json, changes: tuple[Change, ...]) -> Json:
        """What AWS said after the changes were made; `{}` when nothing had to be sent."""

    def delete(self, call: Call, id: str, outputs: Json) -> None:
        """Gone afterwards, or gone already."""

    def list(self, call: Call) -> Iterator[Json]:
        """Every domain of the account and region: its id, and what the list operation tells of it."""


@dataclass(frozen=True)
class ResourceSpec:
    """One resource, as data.

    Shape: `ResourceSpec("customerprofiles", "customer-profiles", "Customer Profiles domain", force_input="force_destroy")`.
    `force_input` names the input that lets a deletion through the data-loss guard ("" where there is no guard).
    """

    package: str
    service: str
    noun: str
    force_input: str = ""

    @property
    def type_token(self) -> str:
        """The resource's type in people's state files; frozen."""
        return f"pulumi-python:dynamic/{self.package}:Domain"

    @property
    def schema(self) -> Json:
        """The contract, read once from the folder's schema.json."""
        return schema_of(self.package)

    @property
    def api(self) -> Api:
        """The folder's api.py, loaded when first used, since programs never need it."""
        return cast(Api, import_module(f"pulumi_connect_domains.{self.package}.domain.api"))
