"""Run as the native provider's process, which is forked as the dynamic one's is: it ends with the engine, and its waits take no time."""

from __future__ import annotations

import os
import sys
import threading
import time

from pulumi_connect_domains.aws import pausing
from pulumi_connect_domains.native import __main__ as process
from pulumi_local_engine.provider.runner import when_the_engine_ends

A_DAY_SECONDS = 86400.0


class Hastened(threading.Event):
    """The event that ends pauses: a wait for it takes as long as `time.sleep`."""

    def wait(self, timeout: float | None = None) -> bool:
        time.sleep(timeout or 0.0)
        return self.is_set()


pausing._cancelled = Hastened()
process.PARENT_SECONDS = A_DAY_SECONDS  # the process that forks lives on, so it says nothing
when_the_engine_ends(lambda: os._exit(0))
sys.exit(process.main())
