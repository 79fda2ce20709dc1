"""Keys that programs and the provider's process must agree on."""

from __future__ import annotations

AUTO_NAME = "__auto_name"
"""An input beside a name that the constructor proposed: check may then keep the one in state. Check takes it out again."""

GET = "__get"
"""An input of `Domain.get`, by which the read knows that nothing is declared."""

PROVIDER_MARK = "connect_domains_provider"
"""An input of every explicit Provider. No key of stack config is without a namespace, so the two cannot be confused."""

SILENCE = "connect-domains:silence"
"""The stack config's key that lists the warnings nobody wants to read."""

PROVIDER_PACKAGE = "pulumi-python"
"""The package that the engine knows every Python dynamic resource by, and so the explicit Provider too."""
