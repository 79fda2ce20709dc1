"""Voice ID over HTTP."""

from __future__ import annotations

from ..service import DomainsResponse, Service
from .behaviour import behaviour
from .exceptions import ValidationException
from .models import voiceid_backends

SERVICE = Service("voice-id", voiceid_backends, invalid=ValidationException, behaviour=behaviour)


class VoiceIdResponse(DomainsResponse):
    service = SERVICE
