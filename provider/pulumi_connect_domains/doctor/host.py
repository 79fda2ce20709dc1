"""The dynamic provider host: whether it starts, and which of its private means work."""

from __future__ import annotations

from ..host import probe
from .model import Check

REPORT = "please report it, with the versions above"
NAMES = ("host", *(f"host-{name}" for name in ("call", "warnings", "errors", "partial-failures", "detailed-diffs")))


def checks(seconds: float) -> list[Check]:
    """A check of the host, and one of each private means. Where one does not work, results are right all the same; something is lost."""
    try:
        found = probe.means(seconds)
    except probe.HostDown as error:
        broken = Check("host", "failed", str(error), "`python -m pulumi.dynamic` must run in this Python")
        return [broken, *(Check(name, "skipped", "the host does not run") for name in NAMES[1:])]
    return [
        Check("host", "ok", "starts, and answers"),
        *(
            Check(f"host-{each.name}", "ok", "works")
            if each.works
            else Check(f"host-{each.name}", "warning", f"does not work here: {each.loss}", REPORT)
            for each in found
        ),
    ]
