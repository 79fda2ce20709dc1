"""The contract of each resource: its schema.json, read once."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, cast

Schema = dict[str, Any]  # a JSON document, to be read and never written to


@cache
def schema_of(package: str) -> Schema:
    """The schema.json of one resource package, such as "customerprofiles"; every caller gets the same object.

    Raises: FileNotFoundError for a package that is no resource.
    """
    # From the root package, so that reading a contract imports no resource.
    file = resources.files(__package__.partition(".")[0]) / package / "domain" / "schema.json"
    return cast(Schema, json.loads(file.read_text(encoding="utf-8")))
