# Written by `make generate` from operations/vocabulary.py: change that file, not this one.

"""The explicit provider of the native host."""

from __future__ import annotations

from .. import provider as dynamic
from .resource import NativeProvider


class Provider(NativeProvider, dynamic.Provider):
    """A provider for the resources of `pulumi_connect_domains.native`, with the arguments of
    `pulumi_connect_domains.Provider`.

    Hand it over as `opts.provider`, or by a component's `providers`. The stack's config does not count for it.
    """
