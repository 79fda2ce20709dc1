"""AWS for the rest of the package: services to call, answers in snake_case, errors of our tree. The only importer of botocore.

    service("customer-profiles", "eu-west-2", access).call("GetDomain", "Customer Profiles domain 'crm'", {"domain_name": "crm"})

botocore is imported with the first client, so a user's program never pays for it.
"""

from .access import Access, Role, without_secrets
from .inspection import credentials_source, endpoint, watched_clock
from .limiter import UNLIMITED, Limiter, Rates
from .pausing import allow_cancelling, begin, cancel, pause
from .refusals import Known, masked
from .services import Caller, Service, forget_clients, release, service
from .sessions import profile_region

__all__ = [
    "UNLIMITED",
    "Access",
    "Caller",
    "Known",
    "Limiter",
    "Rates",
    "Role",
    "Service",
    "allow_cancelling",
    "begin",
    "cancel",
    "credentials_source",
    "endpoint",
    "forget_clients",
    "masked",
    "pause",
    "profile_region",
    "release",
    "service",
    "watched_clock",
    "without_secrets",
]
