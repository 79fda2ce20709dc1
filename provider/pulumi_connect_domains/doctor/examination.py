"""All checks, each within a time limit: what does not end in time is left behind, and the report says so."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .. import __version__
from ..model.resource_type import Clock
from ..operations.configuration import UNCONFIGURED
from . import here, host, plugin, versions
from .here import Wanted
from .model import Check, Report

OFFLINE = "AWS was not asked (--offline)"


@dataclass(frozen=True)
class Examination:
    """What to look at. `seconds` is the time limit of each check. With `offline` nothing is asked of AWS."""

    wanted: Wanted = field(default_factory=Wanted)
    offline: bool = False
    seconds: float = 15
    clock: Clock = field(default_factory=Clock)

    def run(
        self,
        *,
        on_check: Callable[[int, int], None] = lambda done, of: None,
        on_bug: Callable[[str], None] = lambda trace: None,
    ) -> Report:
        """The report.

        `on_check` is called with the number of checks that have ended, and of all; `on_bug` with the traceback of each mistake of this
        program.
        """
        started, begin = self.clock.now(), self.clock.monotonic()
        limit = Limit(self.seconds, on_bug)
        cli = limit.start(["pulumi-cli"], lambda: versions.of_cli(self.seconds))
        provider_host = limit.start(host.NAMES, lambda: host.checks(self.seconds))
        native = limit.start([plugin.NAME], lambda: [plugin.check(self.wanted.folder, self.seconds)])
        checks = [*versions.of_packages()]
        waiting = [*self._of_aws(limit)]
        of = len(checks) + sum(len(each.names) for each in (cli, provider_host, native, *waiting))
        for each in (cli, provider_host, native, *waiting):
            on_check(len(checks), of)
            checks += each.result()
        return Report(
            started_at=started.isoformat(timespec="seconds"),
            seconds=self.clock.monotonic() - begin,
            tool_version=__version__,
            checks=tuple(check.safe() for check in checks),
        )

    def _of_aws(self, limit: Limit) -> list[Pending]:
        """The checks of configuration and Region, which end at once or ask the CLI; and those of AWS, which need both."""
        configuration, first = here.configured(self.wanted, self.seconds)
        if configuration is None:
            others = ["region", *(name for names, _ in here.tasks("", UNCONFIGURED) for name in names)]
            return [Pending.of(first), _skipped(others, "the configuration cannot be read")]
        region, second = here.region_of(self.wanted, configuration)
        found = [Pending.of(first), Pending.of(second)]
        reason = OFFLINE if self.offline else "" if region else "needs a Region"
        for names, task in here.tasks(region, configuration):
            found.append(_skipped(names, reason) if reason else limit.start(names, task))
            if not reason and names == here.FIRST and any(check.status == "failed" for check in found[-1].result()):
                reason = "needs credentials"
        return found


def _skipped(names: Sequence[str], reason: str) -> Pending:
    return Pending.of(*(Check(name, "skipped", reason) for name in names))


class Pending:
    """Checks that run, or have ended."""

    def __init__(self, names: Sequence[str], seconds: float) -> None:
        self.names = tuple(names)
        self._seconds = seconds
        self._is_over = threading.Event()
        self._found: list[Check] = []

    @classmethod
    def of(cls, *checks: Check) -> Pending:
        """Checks that have ended."""
        made = cls([check.name for check in checks], 0)
        made.end(list(checks))
        return made

    def end(self, found: list[Check]) -> None:
        """The checks have ended so."""
        self._found = found
        self._is_over.set()

    def result(self) -> list[Check]:
        """The checks. After the time limit: one that failed, the others skipped."""
        if self._is_over.wait(self._seconds):
            return self._found
        first, *others = self.names
        late = Check(
            first, "failed", f"did not end within {self._seconds:g} s", "check the network, or a longer --timeout"
        )
        return [late, *(Check(name, "skipped", f"waits for {first}") for name in others)]


class Limit:
    """Starts checks, each in a thread of its own that keeps no process alive."""

    def __init__(self, seconds: float, on_bug: Callable[[str], None]) -> None:
        self._seconds, self._on_bug = seconds, on_bug

    def start(self, names: Sequence[str], run: Callable[[], list[Check]]) -> Pending:
        """The checks of these names, which `run` makes."""
        pending = Pending(names, self._seconds)

        def work() -> None:
            try:
                pending.end(run())
            except Exception as error:  # noqa: BLE001 - a mistake in one check stops no other
                self._on_bug("".join(traceback.format_exception(error)))
                found = f"connect-domains has a bug: {type(error).__name__}"
                pending.end([Check(name, "failed", found, "please report it") for name in names])

        threading.Thread(target=work, name=f"doctor {names[0]}", daemon=True).start()
        return pending
