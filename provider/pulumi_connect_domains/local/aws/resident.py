"""The process behind `background`: `python -m pulumi_connect_domains.local.aws.resident FOLDER IDLE_SECONDS`.

It writes its endpoint to standard output when it is ready and its record is in the folder. It ends on SIGTERM, when the record is
gone or names another process, and after that many seconds without a request.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from . import process
from .background import Record
from .token import NotPrivate


def main(folder: Path, idle_seconds: float) -> None:
    server = process.begin()
    try:
        record = Record(server.port, os.getpid(), datetime.now(timezone.utc).isoformat(timespec="seconds"))
        record.write(folder)
        process.announce(server)
        os.dup2(2, 1)
        while server.idle_seconds <= idle_seconds and Record.read(folder) == record:
            with suppress(OSError, NotPrivate):
                server.token.keep()  # something may have cleaned the folder for temporary files
            time.sleep(process.LOOK_SECONDS)
    finally:
        server.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
