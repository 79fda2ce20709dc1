"""The provider's process: it prints its port, and ends as the engine expects."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time

import pytest

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
