"""provider.py: the class `Provider`, whose arguments are settings, with the words of the table of settings."""

from __future__ import annotations

from pulumi_connect_domains.operations.vocabulary import SETTINGS

from . import python
from .classes import NAME
from .settings_types import ABOUT, OBJECTS, REQUIRED, Kind, kind, member_kind

FILE = "provider/pulumi_connect_domains/provider.py"
SOURCE = "operations/vocabulary.py"
ARGUMENTS = (
    "region",
    "profile",
    "assume_roles",
    "default_tags",
    "ignore_tags",
    "allowed_account_ids",
    "forbidden_account_ids",
    "endpoints",
)
"""The settings that are arguments; all others come from the environment and the profile."""
OPTS = "The options that every Pulumi resource has."
PLAIN = {"text": "str", "flag": "bool", "number": "int"}
AROUND = {"": "{}", "list": "Sequence[pulumi.Input[{}]]", "map": "Mapping[str, pulumi.Input[{}]]"}
OTHERWISE = {"default_tags": "Mapping[str, Any]"}
"""pulumi-aws's form of it, a map within a map, is taken too."""


def files() -> dict[str, str]:
    """The module with its text."""
    body = "\n".join([*(_object(name) for name in ARGUMENTS if name in OBJECTS), _class()])
    text = python.module(
        [
            "The explicit provider, as a class of arguments: the Region, credentials, accounts, endpoints and tags of the resources that "
            "use it."
        ],
        python.imports(body),
        "import pulumi\nfrom typing_extensions import NotRequired, TypedDict",
        "from .host.secrecy import ProviderWithTags",
        body,
        source=SOURCE,
    )
    return {FILE: text}


def _object(name: str) -> str:
    lines = [f"class {OBJECTS[name]}(TypedDict):", python.docstring([ABOUT[name]]), ""]
    for member, text in SETTINGS[name].members.items():
        found = _type(member_kind(member), "")
        given = f"pulumi.Input[{found}]" if member in REQUIRED else f"NotRequired[pulumi.Input[{found} | None]]"
        lines += [f"    {member}: {given}", python.facts([text, "Required."] if member in REQUIRED else [text])]
    return "\n".join([*lines, "", ""])


def _type(of: Kind, name: str) -> str:
    return OTHERWISE.get(name) or AROUND[of.around].format(PLAIN.get(of.of) or OBJECTS[name])


def _class() -> str:
    arguments = [
        f"        {name}: pulumi.Input[{_type(kind(name, SETTINGS[name]), name)} | None] | None = None,"
        for name in ARGUMENTS
    ]
    return "\n".join(
        [
            "class Provider(ProviderWithTags):",
            python.docstring(
                [
                    "A provider for the resources of this package. Hand it over as `opts.provider`, or by a component's `providers`.",
                    "The stack's config does not count for it. What it leaves out comes from the environment and the profile.",
                ]
            ),
            "\n    def __init__(\n        self,\n        resource_name: str,\n        *,",
            *arguments,
            "        opts: pulumi.ResourceOptions | None = None,\n    ) -> None:",
            python.docstring(
                [
                    "Declares the provider.",
                    "Its arguments are checked together with the first resource that uses it. Each may be left out.",
                ],
                {
                    "Args": {
                        "resource_name": [NAME],
                        **{name: [SETTINGS[name].description] for name in ARGUMENTS},
                        "opts": [OPTS],
                    }
                },
                indent=8,
            ),
            "        inputs: dict[str, Any] = {",
            *(f'            "{name}": {name},' for name in ARGUMENTS),
            "        }\n        super().__init__(resource_name, inputs, default_tags, opts)",
        ]
    )
