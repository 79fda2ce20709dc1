"""The process behind `background`: `python -m pulumi_connect_domains.local.aws.resident FOLDER IDLE_SECONDS`.

It writes its endpoint to standard output when it is ready and its record is in the folder. It ends on SIGTERM, when the record is
gone or names another process, and after that many seconds without a request.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from .background import Record
from .server import Server
from .token import NotPrivate

LOOK_SECONDS = 1.0


def main(folder: Path, idle_seconds: float) -> None:
    ended = threading.Event()
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a Ctrl-C in the terminal is for the command that started this process
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        server = Server()
    except NotPrivate as error:
        sys.exit(str(error))
    record = Record(server.port, os.getpid(), datetime.now(timezone.utc).isoformat(timespec="seconds"))
    record.write(folder)
    print(server.endpoint, flush=True)
    sys.stdout = sys.stderr  # nobody reads the pipe any more
    os.dup2(2, 1)
    while not ended.wait(LOOK_SECONDS):
        if server.idle_seconds > idle_seconds or Record.read(folder) != record:
            break
        with suppress(OSError, NotPrivate):
            server.token.keep()  # something may have cleaned the folder for temporary files
    server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
