"""Customer Profiles over HTTP."""

from __future__ import annotations

from ..service import DomainsResponse, Service
from .exceptions import BadRequestException
from .models import customerprofiles_backends

SERVICE = Service("customer-profiles", customerprofiles_backends, invalid=BadRequestException)


class CustomerProfilesResponse(DomainsResponse):
    service = SERVICE
