"""The errors of Customer Profiles."""

from __future__ import annotations

from ..errors import ServiceError


class BadRequestException(ServiceError):
    """Bad input, a name that is taken, or a state that forbids the change: the service has one code for all of them."""


class ResourceNotFoundException(ServiceError):
    """No such domain in this account and region."""
