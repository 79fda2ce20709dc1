"""URNs: what Pulumi calls a resource, taken apart and put together again. Pure.

Source: https://www.pulumi.com/docs/concepts/resources/names/#urns; sdk/go/common/resource/urn in pulumi/pulumi.
"""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import Self

from ..model.errors import Unreadable
from ..model.resource_type import PACKAGE

STACK_TYPE = "pulumi:pulumi:Stack"
"""The type of the resource that stands for the stack itself; all others are below it."""

PROVIDER_TYPES = "pulumi:providers:"
"""How the type of every provider begins; its package follows."""

PYTHON_PROVIDER_TYPE = f"{PROVIDER_TYPES}pulumi-python"
"""The type of the provider of all dynamic resources that are written in Python."""

NATIVE_PROVIDER_TYPE = f"{PROVIDER_TYPES}{PACKAGE}"
"""The type of the native host's provider."""

_BEGINS = "urn:pulumi:"


@dataclass(frozen=True)
class Urn:
    """A resource's URN, taken apart; `str` gives the text back.

    Shape: `urn:pulumi:dev::shop::pkg:mod:Outer$aws:sqs/queue:Queue::dlq` has stack dev, project shop, parents ("pkg:mod:Outer",), type
    aws:sqs/queue:Queue and name dlq. `parents` are the types of the components around it, the outermost first. The name may itself hold
    "::". Only the whole URN names one resource: others may have the same name, or name and type.
    """

    stack: str
    project: str
    type: str
    name: str
    parents: tuple[str, ...] = ()

    @staticmethod
    def is_one(text: str) -> bool:
        """Whether the text is a URN, which `parse` takes."""
        return text.startswith(_BEGINS) and text.count("::", len(_BEGINS)) >= 3

    @classmethod
    def parse(cls, text: str) -> Self:
        """The URN in the text. Raises: Unreadable."""
        parts = text.removeprefix(_BEGINS).split("::", 3)
        if not cls.is_one(text):
            raise Unreadable(f"{text!r} is not a URN")
        stack, project, qualified_type, name = parts
        *parents, type_ = qualified_type.split("$")
        return cls(stack, project, type_, name, tuple(parents))

    def __str__(self) -> str:
        return f"{_BEGINS}{self.stack}::{self.project}::{self.qualified_type}::{self.name}"

    @property
    def qualified_type(self) -> str:
        """The type, after those of the components around it: `pkg:mod:Outer$aws:sqs/queue:Queue`."""
        return "$".join((*self.parents, self.type))

    @property
    def project_and_stack(self) -> str:
        """`shop/dev`: the stack as people write it, without the organisation, which no URN holds."""
        return f"{self.project}/{self.stack}"

    @property
    def is_provider(self) -> bool:
        """Whether it names a provider."""
        return self.type.startswith(PROVIDER_TYPES)
