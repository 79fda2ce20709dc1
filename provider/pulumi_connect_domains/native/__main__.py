"""The provider's process: `pulumi-resource-connect-domains ENGINE_ADDRESS`. It prints its port, and serves until the engine ends it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

MOST_BYTES = 400 * 1024 * 1024
"""Of one message. Source: the engine's own limit, sdk/go/common/util/rpcutil in pulumi/pulumi."""

THREADS = 256
"""How many calls are answered at once. Each that waits for AWS holds a thread, and a thread is only started when there is a call for it.

The engine makes 4 calls for each processor at once by default, so this is enough for 64 processors. With a higher `--parallel` the calls
beyond it wait for a thread. Cancel waits for none: it has a thread of its own (`Servicer`).
"""

PARENT_SECONDS = 1.0


def main() -> int:
    """Serves the engine whose address is the last argument; returns the exit code."""
    parent = os.getppid()  # first of all: the engine may end while all else is loaded
    from ..host import protocol

    protocol.load_alone()
    import grpc
    from pulumi.runtime.proto import provider_pb2_grpc

    from .. import aws
    from ..host import engine_log
    from .servicer import Servicer

    if len(sys.argv) > 1 and sys.argv[-1] in ("--help", "-h"):
        print(
            f"{(__doc__ or '').strip()}\nPulumi starts it; `connect-domains plugin install` makes it known to Pulumi."
        )
        return 0
    aws.allow_cancelling()
    if len(sys.argv) > 1:
        engine_log.connect(sys.argv[-1])
    limits = [("grpc.max_send_message_length", MOST_BYTES), ("grpc.max_receive_message_length", MOST_BYTES)]
    server = grpc.server(ThreadPoolExecutor(THREADS), options=limits)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    ended = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    # The engine interrupts a provider that it needs no more, and waits. A terminal's Ctrl-C does not come here: the engine starts the
    # provider in a process group of its own, and answers Ctrl-C with the call Cancel.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    server.start()
    print(port, flush=True)
    threading.Thread(target=_watch, args=(parent, ended), daemon=True).start()
    ended.wait()
    server.stop(None)
    sys.stdout.flush()
    os._exit(0)  # no thread that waits for AWS is waited for: the engine is gone, or wants no answer


def _watch(parent: int, ended: threading.Event) -> None:
    """Ends the process when the one that started it is gone: a provider that nobody can reach serves no one."""
    while os.getppid() == parent:
        time.sleep(PARENT_SECONDS)
    ended.set()


if __name__ == "__main__":
    sys.exit(main())
