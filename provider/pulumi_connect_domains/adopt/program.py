"""The Python program that declares the domains. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from . import layout
from .model import Adopted

PROTECTED = layout.Code("pulumi.ResourceOptions(protect=True)")


def text(adopted: Sequence[Adopted], *, protect: bool) -> str:
    """The program's source; the domains are all of one account, and there is at least one.

    `protect` is said in it as well, since the engine goes by the program: without it the next `up` would lift the protection.
    """
    packages = sorted({each.type.module for each in adopted})
    head = [
        f'"""Amazon Connect domains of account {adopted[0].found.account}, as they were when Pulumi took them over."""',
        "",
    ]
    head += ["import pulumi"] if protect else []
    head += [f"from pulumi_connect_domains import {', '.join(packages)}", ""]
    return "\n".join([*head, *(_declaration(each, protect) for each in adopted)])


def _declaration(adopted: Adopted, protect: bool) -> str:
    arguments: Mapping[str, object] = {**adopted.declared, **({"opts": PROTECTED} if protect else {})}
    call = layout.call(f"{adopted.type.module}.{adopted.type.name}", adopted.resource_name, arguments)
    return f"{adopted.variable} = {call}\n"
