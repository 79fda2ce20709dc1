"""Programs as data, so that each golden state keeps the program that made it, whatever this repository's samples become.

**Shape**: `{"config": {"aws:defaultTags": {"value": "{…}", "secret": true}}, "resources": [{"type": "voiceid.Domain", "name": "calls",
"settings": {…}, "secret": ["name"], "provider": "other", "options": {"protect": true}}]}`. Providers come before what uses them.

This file runs with every version of the package that states are recorded of: it imports nothing but what programs do.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
PASSPHRASE = "test"
"""Of all golden states: nothing in them is a secret of anybody."""


def running(document: Json) -> Callable[[], None]:
    """The program, as a function that declares its resources."""

    def run() -> None:
        import pulumi

        made: dict[str, Any] = {}
        for each in document["resources"]:
            module, _, name = f"pulumi_connect_domains.{each['type']}".rpartition(".")
            declared = getattr(importlib.import_module(module), name)
            settings = {
                key: pulumi.Output.secret(value) if key in each.get("secret", ()) else value
                for key, value in each["settings"].items()
            }
            options = dict(each.get("options", {}))
            if "provider" in each:
                options["provider"] = made[each["provider"]]
            made[each["name"]] = declared(each["name"], **settings, opts=pulumi.ResourceOptions(**options))

    return run


def changed(document: Json, name: str, settings: Mapping[str, Any]) -> Json:
    """The program in which one resource has other settings; None takes one out."""
    resources = []
    for each in document["resources"]:
        if each["name"] == name:
            merged = {**each["settings"], **settings}
            each = {**each, "settings": {key: value for key, value in merged.items() if value is not None}}
        resources.append(each)
    return {**document, "resources": resources}


def unprotected(document: Json) -> Json:
    """The program in which nothing is protected."""
    resources = [{**each, "options": {**each.get("options", {}), "protect": False}} for each in document["resources"]]
    return {**document, "resources": resources}
