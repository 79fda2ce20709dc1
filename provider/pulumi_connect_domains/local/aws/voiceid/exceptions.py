"""The errors of Voice ID."""

from __future__ import annotations

from ..errors import ServiceError


class ValidationException(ServiceError):
    """Bad input."""


class ResourceNotFoundException(ServiceError):
    """Something is missing: `ResourceType` says what, DOMAIN or COMPLIANCE_CONSENT here."""


class ConflictException(ServiceError):
    """The domain's state forbids the change: `ConflictType` says how."""


class ServiceQuotaExceededException(ServiceError):
    """The account has all the domains it may have."""
