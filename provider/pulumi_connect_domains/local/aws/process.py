"""What the processes of servers have in common, whoever started them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable

from .server import Server
from .token import NotPrivate

LOOK_SECONDS = 0.5
"""How long a SIGTERM may go unseen. Python handles one that comes just before a system call begins only when that call has ended, so the
main thread never waits for longer.
"""


def begin(port: int = 0, services: Iterable[str] = ()) -> Server:
    """A server in this process, which is there for it alone: Ctrl-C is ignored, SIGTERM raises SystemExit in the main thread.

    Raises SystemExit, with the reason, when the token cannot be kept from other users.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # in the terminal it is for the process that started this one
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        return Server(port, services)
    except NotPrivate as error:
        sys.exit(str(error))


def announce(server: Server) -> None:
    """The endpoint is on standard output. What is printed from now on goes to standard error: nobody reads the pipe any more."""
    print(server.endpoint, flush=True)
    sys.stdout = sys.stderr
