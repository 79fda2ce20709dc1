"""Credentials in the stack's config that are not marked as secret. Only the program can see that: the host is given them in clear."""

from __future__ import annotations

import os
from weakref import WeakSet

import pulumi
from pulumi.runtime import get_config, get_root_resource, is_config_secret

from ..model.warning import PLAIN_SECRET, Notice, written
from ..operations import SILENCE

SECRETS = ("aws:secretKey", "aws:token")

_warned: WeakSet[pulumi.Resource] = WeakSet()  # the root resource of each run of a program in this process


def warn_of_plain_secrets() -> None:
    """Each credential in plain config has been warned of, once in a run of the program, unless the rule is silenced."""
    root = get_root_resource()
    if root is None or root in _warned:
        return
    _warned.add(root)
    for key in plain_secrets():
        text = f"{key} stands in the stack's config in clear, and so in the stack's state: `pulumi config set --secret {key}` encrypts it"
        pulumi.log.warn(written(Notice(PLAIN_SECRET, "", text)))


def plain_secrets() -> list[str]:
    """The keys of credentials that the stack's config holds in clear, where nobody has silenced the rule."""
    from ..operations.silence import silenced  # only here, so that importing the package stays quick

    rules, _ = silenced(get_config(SILENCE), os.environ)  # the host warns of what cannot be read
    if PLAIN_SECRET in rules:
        return []
    return [key for key in SECRETS if get_config(key) and not is_config_secret(key)]
