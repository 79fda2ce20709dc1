"""The native host: a Pulumi provider for every language, and the same classes for programs in Python that want it.

    from pulumi_connect_domains.native import Provider, customerprofiles, voiceid

The names are loaded when first used: the provider's own process needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["Provider", "customerprofiles", "voiceid"]

if TYPE_CHECKING:
    from . import customerprofiles, voiceid
    from .provider import Provider


def __getattr__(name: str) -> object:
    if name == "Provider":
        return import_module(f"{__name__}.provider").Provider
    if name in import_module("..registry", __name__).SERVICES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
