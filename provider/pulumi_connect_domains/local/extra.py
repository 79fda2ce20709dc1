"""The extra `[local]`: whether it is installed, asked before anything of it is imported."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("cryptography", "flask", "flask_cors", "moto", "ruamel")


def missing() -> str | None:
    """What to install, in one sentence; None when it is all there."""
    if all(find_spec(name) for name in NEEDED):
        return None
    return "this needs the extra [local]: pip install 'pulumi-connect-domains[local]'"
