"""The provider's version, as the engine reads versions: semantic ones."""

from __future__ import annotations

import re

_PEP_440 = re.compile(
    r"(?:\d+!)?(?P<release>\d+(?:\.\d+)*)(?:(?P<stage>a|b|rc)(?P<number>\d+))?(?:\.post(?P<post>\d+))?(?:\.dev(?P<dev>\d+))?(?:\+(?P<local>.+))?"
)
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc"}


def plugin_version() -> str:
    """The version of the installed package: `1.4.0`."""
    from .. import __version__

    return semantic(__version__)


def semantic(version: str) -> str:
    """The version of a Python package as a semantic one: `1.4` becomes `1.4.0`, `1.4.0rc1` becomes `1.4.0-rc.1`; "0.0.0" if it is neither.

    Source: PEP 440, and https://semver.org.
    """
    found = _PEP_440.fullmatch(version)
    if not found:
        return "0.0.0"
    release = ".".join([*found["release"].split("."), "0", "0"][:3])
    before = [f"{_STAGES[found['stage']]}.{found['number']}"] if found["stage"] else []
    before += [f"dev.{found['dev']}"] if found["dev"] else []
    after = [f"post.{found['post']}"] if found["post"] else []
    after += [re.sub("[^0-9A-Za-z.-]", "-", found["local"])] if found["local"] else []
    return release + (f"-{'.'.join(before)}" if before else "") + (f"+{'.'.join(after)}" if after else "")
