"""What the engine starts ends without a word when it is interrupted, at any time."""

from __future__ import annotations

import sys
from typing import NoReturn

import pytest
from pulumi_local_engine.provider import runner


@pytest.mark.parametrize("kind", ["host", "program"])
def test_an_interrupted_process_has_nothing_to_say(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, f"run_{kind}", interrupted)
    monkeypatch.setattr(sys, "argv", ["runner.py", kind, "{}", "program"])
    assert runner.main() == runner.INTERRUPTED
    assert capsys.readouterr() == ("", "")
