"""The server as a process that `LocalAws.start` starts: `python -m pulumi_connect_domains.local.aws PORT [MODULE …]`.

Each module holds a further service. The process writes its endpoint to standard output when it is ready, and ends when standard input
does, that is, at the latest with the process that started it.
"""

from __future__ import annotations

import os
import signal
import sys
import threading

from .server import Server
from .token import NotPrivate

LOOK_SECONDS = 0.5
"""How long a SIGTERM may go unseen. Python handles one that comes just before a system call begins only when that call has ended, so the
main thread never waits for long, and another thread reads the input.
"""


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for the process that started this one
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        server = Server(int(sys.argv[1]), sys.argv[2:])
    except NotPrivate as error:
        sys.exit(str(error))
    try:
        print(server.endpoint, flush=True)
        sys.stdout = sys.stderr  # nobody reads the pipe any more; what moto prints would fill it
        threading.Thread(target=_wait_for_the_end_of_input, args=(ended,), daemon=True).start()
        while not ended.wait(LOOK_SECONDS):
            pass
    finally:
        server.token.forget()


def _wait_for_the_end_of_input(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not by the stream, whose lock would be held when the process ends
        pass
    ended.set()


if __name__ == "__main__":
    main()
