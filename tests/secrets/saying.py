"""What operations say in this process: errors, warnings, progress and log lines, as the provider's host would show them."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from pulumi_connect_domains import aws
from pulumi_connect_domains.aws import services
from pulumi_connect_domains.host import bridge, engine_log
from pulumi_connect_domains.model.errors import ConnectDomainsError
from pulumi_connect_domains.model.resource_type import Clock
from pulumi_connect_domains.native import servicer
from pulumi_connect_domains.operations.call import Host

ONCE = {"max_retries": "1"}


@dataclass
class Said:
    """All that the host would show or log, in the order in which it came."""

    texts: list[str] = field(default_factory=list)

    def of(self, run: Callable[[], object]) -> None:
        """The function has run; what it raised is among the texts, as the host answers it."""
        try:
            run()
        except ConnectDomainsError as error:
            self.texts.append(str(error))
        except Exception:  # noqa: BLE001 - the host shows the traceback of whatever else is raised
            self.texts.append(traceback.format_exc())


class Hasty:
    """A clock on which a pause is over at once."""

    def __init__(self) -> None:
        self.passed = 0.0

    def sleep(self, seconds: float) -> None:
        self.passed += seconds

    def monotonic(self) -> float:
        return self.passed


def hasty(**functions: Any) -> Host:
    """What a host provides, but for its clock."""
    clock = Hasty()
    return Host(**{**functions, "clock": Clock(monotonic=clock.monotonic, sleep=clock.sleep)})


@contextmanager
def heard_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[Said]:
    """What is said meanwhile. No pause takes time."""
    heard = Said()
    monkeypatch.setattr(engine_log, "_log", lambda urn, text, severity, ephemeral=False: heard.texts.append(text))
    for module in (bridge, servicer):
        monkeypatch.setattr(module, "Host", hasty)
    monkeypatch.setattr(services, "UNUSABLE_AGAIN_AFTER_SECONDS", (0.0,))
    handler = logging.Handler(logging.DEBUG)
    handler.emit = lambda record: heard.texts.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("pulumi_connect_domains")
    log.addHandler(handler)
    aws.forget_clients()
    yield heard
    log.removeHandler(handler)
    aws.forget_clients()
