"""How Voice ID behaves where that depends on time, on the account or on its end of support. Tests set it."""

from __future__ import annotations

from dataclasses import dataclass

from ..controls import Failure
from ..service import Behaviour


@dataclass
class VoiceIdBehaviour(Behaviour):
    """One for the whole server.

    Time is counted in answers of DescribeDomain, so that tests need no clock: `pending_describes` and
    `encryption_describes` of them still show PENDING and IN_PROGRESS, and None means that it stays so until told.
    """

    pending_describes: int | None = 0
    encryption_describes: int | None = 0
    encryption_failure: str | None = None  # the message with which key changes fail; None: they succeed
    consent: bool = True  # has the account acknowledged the consent that CreateDomain needs?
    domain_quota: int | None = None  # AWS allows 3 an account
    closed: str | None = None  # a key of CLOSED

    @property
    def failure(self) -> Failure | None:
        """How every call fails once the service is closed. Raises: KeyError for a word that is no key of CLOSED."""
        return CLOSED[self.closed] if self.closed else None


# What a service that is no longer offered might answer: support ended in 2026, and how the API says so is written nowhere.
CLOSED = {
    "connection": Failure(drop="before"),
    "access-denied": Failure(code="AccessDeniedException", message="Amazon Voice ID is no longer available"),
    "not-found": Failure(status=404),
}

behaviour = VoiceIdBehaviour()
