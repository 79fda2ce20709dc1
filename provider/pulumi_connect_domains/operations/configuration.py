"""What is configured, as values: the Region, how AWS is reached, the accounts that may be touched, tags, silenced rules.

`settings` reads them. No repr shows a secret.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from ..aws.access import Access, Naming
from ..model.spelling import Spelling
from ..model.tags import TagPolicy
from ..model.warning import Notice, unsilenced


@dataclass(frozen=True)
class Region:
    """A Region, and which setting named it."""

    name: str
    source: str
    """`region` (the resource's own), the name of a setting, `Provider`, or AWS_REGION, AWS_DEFAULT_REGION or `profile`."""

    @property
    def is_ambient(self) -> bool:
        """True when neither program nor stack config names it, so that another shell would give another."""
        return self.source in ("AWS_REGION", "AWS_DEFAULT_REGION", "profile")


@dataclass(frozen=True)
class Configuration:
    """What the stack's config or an explicit Provider (`is_explicit`) says.

    `silenced` are the rules whose warnings are not wanted. `notices` are warnings about the configuration itself. `namespace`, which
    the keys of stack config begin with, and `spelling` say how messages name settings, also those about the `access`.
    """

    region: str = ""
    access: Access = field(default_factory=Access)
    tags: TagPolicy = field(default_factory=TagPolicy)
    allowed_account_ids: tuple[str, ...] = ()
    forbidden_account_ids: tuple[str, ...] = ()
    silenced: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    is_explicit: bool = False
    namespace: str = "aws"
    spelling: Spelling = Spelling.SNAKE

    def __post_init__(self) -> None:
        object.__setattr__(self, "access", replace(self.access, naming=self.naming))

    @property
    def naming(self) -> Naming:
        """How people name the settings."""
        return Naming(self.namespace, self.is_explicit, self.spelling)

    @property
    def limits_accounts(self) -> bool:
        """Whether only some accounts may be touched."""
        return bool(self.allowed_account_ids or self.forbidden_account_ids)

    def named(self, setting: str) -> str:
        """The setting's name for people: `aws:allowedAccountIds`, or `allowed_account_ids of the Provider`."""
        return self.naming.of(setting)


UNCONFIGURED = Configuration()
"""What an empty configuration says. One object serves all who need it."""


class Unshown:
    """The warnings about a configuration. Each is given once, since it is about no single resource. Thread-safe."""

    def __init__(self, configuration: Configuration) -> None:
        self._notices = unsilenced(configuration.notices, configuration.silenced)
        self._lock = threading.Lock()

    def take(self) -> list[Notice]:
        """Those that were not given yet."""
        with self._lock:
            unshown, self._notices = self._notices, []
        return unshown
