"""A server that answers for AWS at once, or after a given latency, and does nothing else: what AWS costs without AWS.

`python -m benchmarks.answering LATENCY_SECONDS` prints its address and serves until its standard input ends. It knows Customer Profiles'
domains and the caller's identity, and keeps nothing. It has to be much faster than what is measured, which the local AWS (a whole
emulator) is not at a thousand calls a second.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROFILES = {"DefaultExpirationDays": 365, "CreatedAt": 1777629600, "LastUpdatedAt": 1777629600, "Tags": {"team": "crm"}}
IDENTITY = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>x</UserId><Account>123456789012</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


@contextmanager
def answering(latency_seconds: float) -> Iterator[str]:
    """The address of such a server, in a process of its own."""
    command = [sys.executable, "-m", __name__, str(latency_seconds)]
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


async def _serve(latency_seconds: float) -> None:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next(
                    (int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0
                )
                await reader.readexactly(length)
                await asyncio.sleep(latency_seconds)
                writer.write(_answer(head))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # connections that clients keep open would hold it up


def _answer(head: str) -> bytes:
    _, path, _ = head.split(" ", 2)
    if path.startswith("/domains/"):
        body = json.dumps({"DomainName": path.rpartition("/")[2], **PROFILES}).encode()
        return _response("application/json", body)
    return _response("text/xml", IDENTITY)


def _response(kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nx-amzn-RequestId: 1\r\n\r\n"
    return head.encode() + body


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1])))
