"""Imported in the process from which providers' hosts are forked: time runs faster in a host, if its environment says so.

`LOAD_SCALE=0.05`: whoever waits, waits a twentieth of the time, and the clock runs twenty times faster. With the rates of the local AWS
raised as much, hosts and AWS live in one such world. Without the variable waiting takes no time.
"""

import os
import time

import hastened

monotonic = time.monotonic


def scale() -> float:
    return float(os.environ.get("LOAD_SCALE") or 0)


def sleep(seconds: float) -> None:
    if scale() and seconds < hastened.LONG_SECONDS:
        hastened._sleep(seconds * scale())
    else:
        hastened.sleep(seconds)


time.sleep = sleep
time.monotonic = lambda: monotonic() / (scale() or 1)
