"""The package's version as Pulumi writes versions: semantic ones, where Python has a form of its own."""

from __future__ import annotations

_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}


def semantic(version: str = "") -> str:
    """The semantic version for a Python version, without one for this package's: `1.2.4-dev.5` for `1.2.4.dev5+g0123abc`.

    What follows a `+` is left out, as Pulumi does not compare it. So are `.post1` and what follows the third number.

    Source: Pulumi's generated Python SDKs turn the version of their package into the provider's by the same rules (_utilities.py).
    """
    from packaging.version import InvalidVersion, Version

    from .. import __version__

    try:
        found = Version(version or __version__)
    except InvalidVersion:
        return "0.0.0"
    numbers = ".".join(map(str, (*found.release, 0, 0)[:3]))
    stage = f"{_STAGES[found.pre[0]]}.{found.pre[1]}" if found.pre else ""
    early = f"dev.{found.dev}" if found.dev is not None else ""
    tag = ".".join(filter(None, [stage, early]))
    return f"{numbers}-{tag}" if tag else numbers
