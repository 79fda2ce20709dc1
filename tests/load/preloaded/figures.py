"""A provider that says what the host that runs it holds: from inside, memory is counted exactly."""

import gc
import sys
from typing import Any

from pulumi.dynamic import ReadResult, ResourceProvider


class Figures(ResourceProvider):
    """Its `read` gives the pieces of memory that the process's Python objects take."""

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        gc.collect()
        if not gc.get_freeze_count():
            gc.freeze()  # what is there from the start need not be looked through each time
        return ReadResult(id_, {"blocks": sys.getallocatedblocks()})
