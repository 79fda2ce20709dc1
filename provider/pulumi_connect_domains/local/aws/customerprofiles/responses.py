"""Customer Profiles over HTTP."""

from __future__ import annotations

from ..service import DomainsResponse, Service
from .exceptions import BadRequestException
from .models import customerprofiles_backends


class CustomerProfilesResponse(DomainsResponse):
    service = Service("customer-profiles", customerprofiles_backends, invalid=BadRequestException)
