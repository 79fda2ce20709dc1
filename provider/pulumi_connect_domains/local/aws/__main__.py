"""The server as a process that `LocalAws.start` starts: `python -m pulumi_connect_domains.local.aws PORT [MODULE …]`.

Each module holds a further service. The process writes its endpoint to standard output when it is ready, and ends when standard input
does, that is, at the latest with the process that started it.
"""

from __future__ import annotations

import signal
import sys

from .server import Server
from .token import NotPrivate


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for the process that started this one
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        server = Server(int(sys.argv[1]), sys.argv[2:])
    except NotPrivate as error:
        sys.exit(str(error))
    try:
        print(server.endpoint, flush=True)
        sys.stdout = sys.stderr  # nobody reads the pipe any more; what moto prints would fill it
        sys.stdin.buffer.read()
    finally:
        server.token.forget()


if __name__ == "__main__":
    main()
