"""Where moto finds Customer Profiles."""

from __future__ import annotations

from .responses import CustomerProfilesResponse

url_bases = [r"https?://profile\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/.*$": CustomerProfilesResponse.dispatch}
