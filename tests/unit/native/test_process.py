"""The provider's process: it prints its port, and ends as the engine expects."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_the_engine_interrupts_it(number: signal.Signals) -> None:
    """The engine waits for five seconds, and says of a provider that has not ended by then that it has a bug.

    Source: pulumi/pulumi 3.260.0, sdk/go/common/resource/plugin/plugin.go: InterruptChildren, "exited prematurely".
    """
    command = [sys.executable, "-m", "pulumi_connect_domains.native", "127.0.0.1:1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
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
