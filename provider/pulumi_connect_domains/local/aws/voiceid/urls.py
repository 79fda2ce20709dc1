"""Where moto finds Voice ID."""

from __future__ import annotations

from .responses import VoiceIdResponse

url_bases = [r"https?://voiceid\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/$": VoiceIdResponse.dispatch}
