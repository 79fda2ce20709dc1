"""The provider's process: it prints its port, and ends as the engine expects."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_connect_domains import aws
from pulumi_connect_domains.native.servicer import Servicer

COMMAND = [sys.executable, "-m", "pulumi_connect_domains.native", "127.0.0.1:1"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_the_engine_interrupts_it(number: signal.Signals) -> None:
    """The engine waits for five seconds, and says of a provider that has not ended by then that it has a bug.

    Source: pulumi/pulumi 3.260.0, sdk/go/common/resource/plugin/plugin.go: InterruptChildren, "exited prematurely".
    """
    process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout
    with process:
        assert process.stdout.readline().strip().isdigit()
        begin = time.monotonic()
        process.send_signal(number)
        try:
            assert process.wait(timeout=4) == 0
        finally:
            process.kill()
    assert time.monotonic() - begin < 4


SLOW = """
import os, sys, time

class Slow:
    \"\"\"Holds up the import of gRPC until the process that started this one is gone.\"\"\"

    def find_spec(self, name, path=None, target=None):
        if name == "grpc":
            sys.meta_path.remove(self)
            print("loading", flush=True)
            while os.getppid() == STARTED_BY:
                time.sleep(0.01)

if sys.orig_argv[-1] == "127.0.0.1:1":
    STARTED_BY = os.getppid()
    sys.meta_path.insert(0, Slow())
"""


def test_it_ends_when_the_engine_has_ended_while_it_was_loading(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW, encoding="utf-8")
    places = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    starts = "[sys.executable, '-m', 'pulumi_connect_domains.native', '127.0.0.1:1']"
    engine = f"import subprocess, sys; subprocess.Popen({starts}); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", engine],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(places)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    with process:
        assert process.stdout.readline() == b"loading\n"
        process.kill()
        assert process.stdout.readline().strip().isdigit()  # the provider lives on, and has the pipe open
        ready, _, _ = select.select([process.stdout], [], [], 20)
        assert ready, "the provider lives on without an engine"
        assert process.stdout.read() == b""


def test_cancel_waits_for_no_other_call(monkeypatch: pytest.MonkeyPatch) -> None:
    may_end, cancelled = threading.Event(), threading.Event()
    monkeypatch.setattr(Servicer, "GetMapping", lambda self, request, context: may_end.wait(30))
    monkeypatch.setattr(aws, "cancel", cancelled.set)
    server = grpc.server(ThreadPoolExecutor(1))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            waiting = [stub.GetMapping.future(provider_pb2.GetMappingRequest()) for _ in range(2)]
            stub.Cancel(empty_pb2.Empty(), timeout=10)
            assert cancelled.is_set()
            assert not any(each.done() for each in waiting)
    finally:
        may_end.set()
        server.stop(None)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere 127.0.0.1 is the only address of the loopback device")
def test_it_listens_on_loopback_only() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = int(process.stdout.readline())
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            with pytest.raises(ConnectionRefusedError):  # who listens at all addresses listens at this one too
                socket.create_connection(("127.0.0.2", port), timeout=5)
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that ends a process at once")
def test_it_ends_when_its_parent_is_gone() -> None:
    """The parent is the engine. Killed, it can interrupt nobody."""
    start = f"import subprocess; subprocess.Popen({COMMAND!r}); input()"
    parent = subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    port = int(parent.stdout.readline())
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionError:
            break
        time.sleep(0.1)
    assert time.monotonic() < until
    assert parent.stdout.read() == ""  # it is closed: the provider has ended, too
