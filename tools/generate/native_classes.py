"""The modules of `pulumi_connect_domains.native`: for each service the classes over the native type tokens, and the explicit provider."""

from __future__ import annotations

from itertools import groupby

from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.registry import resource_types

from . import python, words
from .classes import names_of

FOLDER = "provider/pulumi_connect_domains/native"


def files() -> dict[str, str]:
    """The modules with their texts."""
    found = {f"{FOLDER}/provider.py": provider()}
    for module, types in groupby(resource_types().values(), key=lambda type: type.module):
        found[f"{FOLDER}/{module}.py"] = service(module, list(types))
    return found


def service(module: str, types: list[ResourceType]) -> str:
    """The classes of one service, with the same names as in its own package."""
    providers = {f"{type.name}Provider" for type in types}
    offered = [name for name in names_of(types) if name not in providers]
    classes = [type.name for type in types]
    imported = [name for name in offered if name not in classes and name != "validate"]
    title = ", ".join(f"{type.schema.title}s" for type in types)
    text = "\n".join(
        [
            "__all__ = [",
            *(f'    "{name}",' for name in offered),
            "]\n",
            *(line for type in types for line in _class(type)),
            "\nif not TYPE_CHECKING:\n",
            "    def __getattr__(name: str) -> object:",
            python.docstring(["The types of structures, which are those of the service's own package."], indent=8),
            "        if name not in __all__:",
            '            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")',
            "        return getattr(service, name)\n",
            "    def __dir__() -> list[str]:",
            "        return [*globals(), *__all__]",
        ]
    )
    types_only = f"if TYPE_CHECKING:\n    from ..{module} import {', '.join(imported)}" if imported else ""
    return python.module(
        [
            f"{title}, managed by the native host.",
            "The classes have the arguments and outputs of those in the service's own package. A program that stands may change from one "
            "to the other: its resources stay as they are.",
        ],
        "from typing import TYPE_CHECKING",
        "\n".join(
            [
                f"from .. import {module} as service",
                f"from ..{module} import validate",
                "from .resource import NativeResource",
            ]
        ),
        types_only,
        text,
    )


def _class(type: ResourceType) -> list[str]:
    return [
        "",
        f'class {type.name}(NativeResource, service.{type.name}, module="{type.module}", name="{type.name}"):',
        python.docstring(
            [
                f"{words.capital(words.article(type.schema.title))}, with the arguments and outputs of `{type.module}.{type.name}`.",
                "The option `import_` brings an existing one under Pulumi. `provider` takes a `Provider` of "
                "`pulumi_connect_domains.native`.",
            ]
        ),
        "",
    ]


def provider() -> str:
    """The explicit provider."""
    text = "\n".join(
        [
            "class Provider(NativeProvider, dynamic.Provider):",
            python.docstring(
                [
                    "A provider for the resources of `pulumi_connect_domains.native`, with the arguments of "
                    "`pulumi_connect_domains.Provider`.",
                    "Hand it over as `opts.provider`, or by a component's `providers`. The stack's config does not count for it.",
                ]
            ),
        ]
    )
    return python.module(
        ["The explicit provider of the native host."],
        "from .. import provider as dynamic\nfrom .resource import NativeProvider",
        text,
        source="operations/vocabulary.py",
    )
