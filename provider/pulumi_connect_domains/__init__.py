"""Pulumi resources for Amazon Connect: Customer Profiles domains and Voice ID domains.

    from pulumi_connect_domains import Provider, customerprofiles, voiceid

The three names are loaded when first used, so that the tools of this package which need no Pulumi start without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = ["Provider", "__version__", "customerprofiles", "voiceid"]

if TYPE_CHECKING:
    from . import customerprofiles, voiceid
    from .provider import Provider


def __getattr__(name: str) -> object:
    if name == "Provider":
        return import_module(f"{__name__}.provider").Provider
    if name in import_module(f"{__name__}.registry").SERVICES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
