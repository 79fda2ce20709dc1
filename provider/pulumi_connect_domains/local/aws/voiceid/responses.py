"""Voice ID over HTTP."""

from __future__ import annotations

from ..service import DomainsResponse, Service
from .exceptions import ValidationException
from .models import voiceid_backends


class VoiceIdResponse(DomainsResponse):
    service = Service("voice-id", voiceid_backends, invalid=ValidationException)
