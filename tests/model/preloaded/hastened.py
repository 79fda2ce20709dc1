"""Imported first in the process from which providers' hosts are forked: what each would do anew is done once, and waiting takes no time.

botocore's descriptions of the services are read once, and found by each host. A wait between two tries takes a millisecond, and the clock
that counts seconds goes on as if it had taken its time.
"""

import time
from functools import cache

import boto3
from botocore import loaders

_sleep, _monotonic = time.sleep, time.monotonic
SHORT_SECONDS = 0.001
LONG_SECONDS = 3600.0  # whoever sleeps that long waits for nothing
_skipped = 0.0


def sleep(seconds: float) -> None:
    global _skipped
    if SHORT_SECONDS < seconds < LONG_SECONDS:
        _skipped += seconds - SHORT_SECONDS
        seconds = SHORT_SECONDS
    _sleep(seconds)


time.sleep = sleep
time.monotonic = lambda: _monotonic() + _skipped
loaders.JSONFileLoader.load_file = cache(loaders.JSONFileLoader.load_file)
loaders.JSONFileLoader.__hash__ = lambda self: 0  # type: ignore[method-assign]  # one is as good as another
loaders.JSONFileLoader.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
for service in ("customer-profiles", "voice-id", "sts"):
    boto3.Session(aws_access_key_id="x", aws_secret_access_key="x").client(service, region_name="us-east-1")
