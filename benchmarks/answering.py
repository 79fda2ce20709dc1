"""A server that answers for AWS at once, or after a given latency, and does nothing else: what AWS costs without AWS.

It has to be much faster than what is measured, which the local AWS (a whole emulator) is not at a thousand calls a second. What it
answers is in `answers`. `python -m benchmarks.answering LATENCY_SECONDS` prints its address and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import click

from .answers import Answers, Quotas, respond

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *([0-9]+)")


@dataclass(frozen=True)
class Counts:
    """What the server has seen since its start, or since the counts were last taken."""

    calls: Mapping[str, int]
    """Carried out, by operation."""
    throttled: Mapping[str, int]
    connections: int
    """Opened; `open` of them still are, and so are earlier ones."""
    open: int
    buckets: int
    """Of accounts, Regions and operations with a quota."""
    cpu_seconds: float
    """The server's processor time."""


@contextmanager
def answering(latency_seconds: float, rates: Mapping[str, float] | None = None, scale: float = 1.0) -> Iterator[str]:
    """The address of such a server, in a process of its own.

    `rates` are AWS's quotas, calls a second by operation (`*`: each other one) in each account and Region; without them all calls are
    let through. With `scale`, AWS's seconds for them are that many times as short.
    """
    command = [sys.executable, "-m", __name__, str(latency_seconds), "--scale", str(scale)]
    command += [part for name, rate in (rates or {}).items() for part in ("--rate", name, str(rate))]
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def counts(address: str) -> Counts:
    """What the server has seen since this was last asked."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("GET", Serving.COUNTS)
    found = json.loads(connection.getresponse().read())
    connection.close()
    return Counts(**found)


@dataclass
class Serving:
    """The connections of one server."""

    COUNTS = "/-/counts"

    latency_seconds: float
    answers: Answers
    connections: int = 0
    open: int = 0
    since: float = field(default_factory=time.process_time)

    def protocol(self) -> asyncio.Protocol:
        return Connection(self)

    def taken(self) -> bytes:
        """The counts as a response. They start anew."""
        now = time.process_time()
        found = Counts(
            dict(self.answers.calls),
            dict(self.answers.throttled),
            self.connections - 1,  # the one that asks
            self.open - 1,
            len(self.answers.quotas),
            now - self.since,
        )
        self.connections, self.since = 0, now
        self.answers.calls, self.answers.throttled = Counter(), Counter()
        return respond(vars(found))


class Connection(asyncio.Protocol):
    """One client's connection. HTTP is read by hand, which takes a tenth of the time of asyncio's streams and a parser."""

    def __init__(self, serving: Serving) -> None:
        self._serving = serving
        self._received = b""
        self._later = asyncio.get_running_loop().call_later

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._serving.connections += 1
        self._serving.open += 1

    def connection_lost(self, exc: Exception | None) -> None:
        self._serving.open -= 1

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            length = _LENGTH.search(head)
            after = end + 4 + (int(length[1]) if length else 0)
            if len(self._received) < after:
                return
            body, self._received = self._received[end + 4 : after], self._received[after:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(f"GET {Serving.COUNTS} ".encode()):
            self._write(self._serving.taken())
        elif self._serving.latency_seconds:
            self._later(self._serving.latency_seconds, self._write, self._serving.answers.answer(head, body))
        else:
            self._write(self._serving.answers.answer(head, body))

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)  # type: ignore[attr-defined]


async def _serve(serving: Serving) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(serving.protocol, "127.0.0.1", 0, backlog=1024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)  # connections that clients keep open would hold it up


@click.command()
@click.argument("latency_seconds", type=float)
@click.option("--rate", "rates", type=(str, float), multiple=True, metavar="OPERATION CALLS")
@click.option("--scale", type=float, default=1.0)
def main(latency_seconds: float, rates: tuple[tuple[str, float], ...], scale: float) -> None:
    """Serves until standard input ends."""
    asyncio.run(_serve(Serving(latency_seconds, Answers(Quotas(dict(rates), scale)))))


if __name__ == "__main__":
    main()
