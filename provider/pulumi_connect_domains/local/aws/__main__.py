"""The server as a process that `LocalAws.start` starts: `python -m pulumi_connect_domains.local.aws PORT [MODULE …]`.

Each module holds a further service. The process writes its endpoint to standard output when it is ready, and ends when standard input
does, that is, at the latest with the process that started it.
"""

from __future__ import annotations

import os
import sys
import threading

from . import process


def main() -> None:
    server = process.begin(int(sys.argv[1]), sys.argv[2:])
    ended = threading.Event()
    try:
        process.announce(server)
        threading.Thread(target=_wait_for_the_end_of_input, args=(ended,), daemon=True).start()
        while not ended.wait(process.LOOK_SECONDS):
            pass
    finally:
        server.token.forget()


def _wait_for_the_end_of_input(ended: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):  # not by the stream, whose lock would be held when the process ends
        pass
    ended.set()


if __name__ == "__main__":
    main()
