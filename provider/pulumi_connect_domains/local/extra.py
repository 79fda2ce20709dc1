"""The extra `[local]`: whether it is installed, asked before anything of it is imported."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("cryptography", "flask", "flask_cors", "moto", "ruamel")


def missing(extra: str = "local") -> str | None:
    """What to install, in one sentence; None when it is all there. `extra` is the one to name: [testing] brings [local] and pytest."""
    if all(find_spec(name) for name in NEEDED):
        return None
    return f"this needs the extra [{extra}]: pip install 'pulumi-connect-domains[{extra}]'"
