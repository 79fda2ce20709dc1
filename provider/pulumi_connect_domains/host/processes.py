"""A provider's process, started as the engine starts it: it prints its port, and then answers calls."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


class NoPort(Exception):
    """The process printed no port. The text is the last line of its standard error, "" where there is none."""


@contextmanager
def address_of(command: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the process that the command starts. It has ended afterwards, and ends by itself after so many seconds.

    Raises: OSError where it cannot be started, NoPort.
    """
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    assert process.stdout
    assert process.stderr
    limit = threading.Timer(seconds, process.kill)
    limit.daemon = True
    limit.start()
    try:
        port = process.stdout.readline().strip()
        if not port.isdigit():
            process.kill()
            raise NoPort(last_line(process.stderr.read()))
        yield f"127.0.0.1:{port}"
    finally:
        limit.cancel()
        process.kill()
        process.communicate()


def last_line(text: str | None) -> str:
    """The last line that is not blank; "" where there is none."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    return lines[-1] if lines else ""
