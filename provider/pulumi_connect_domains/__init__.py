"""Pulumi resources for Amazon Connect: Customer Profiles domains and Voice ID domains.

    from pulumi_connect_domains import Provider, customerprofiles, voiceid

The three names are loaded when first used, so that the tools of this package which need no Pulumi start without it. So is `__version__`:
the installed package's metadata says it, which takes longer to read than the rest of this module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["Provider", "__version__", "customerprofiles", "voiceid"]

if TYPE_CHECKING:
    from . import customerprofiles, voiceid
    from .provider import Provider

    __version__: str


def __getattr__(name: str) -> object:
    if name == "__version__":
        return globals().setdefault(name, _version())
    if name == "Provider":
        return import_module(f"{__name__}.provider").Provider
    if name in import_module(f"{__name__}.registry").SERVICES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _version() -> str:
    """The version of the installed package. "0.0" where the modules were copied without it."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pulumi-connect-domains")
    except PackageNotFoundError:
        return "0.0"
