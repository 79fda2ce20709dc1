"""Every benchmark runs, with sizes so small that its figures mean nothing."""

from __future__ import annotations

from typing import Any

import pytest
from click.testing import CliRunner

SMALL: dict[str, dict[str, Any]] = {
    "program": {"PAIRS": 1, "ROUNDS": 1, "RESOURCES": 20},
    "provider": {
        "TARGETS": 4,
        "PAIRS": 1,
        "LATENCIES": ((0.01, 1.3),),
        "SECONDS_EACH": 0.01,
        "CALLS": 2,
        "BLOCKS": 1,
        "CREATES": 4,
    },
    "validation": {"ROUNDS": 1, "CALLS": 1},
    "drift": {
        "DOMAINS": 16,
        "RUNS": 1,
        "LATENCIES": ((0.01, 1.3),),
        "QUOTA_PROFILES": 3,
        "QUOTA_VOICE": 2,
        "PER_BUCKET": 2,
        "REGIONS": ("eu-west-2", "us-east-1"),
    },
    "engine": {"ROUNDS": 1},
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_still_measures(name: str, benchmark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = benchmark(name)
    for constant, value in SMALL[name].items():
        assert hasattr(module, constant)
        monkeypatch.setattr(module, constant, value)
    found = module.run()
    assert found
    names = [figure.name for figure in found]
    assert len(set(names)) == len(names)
    assert all(figure.value >= 0 for figure in found)
    certain = [figure for figure in found if figure.unit in ("modules", "characters", "texts") or figure.target == 0]
    assert [figure for figure in certain if not figure.is_met] == []


def test_the_small_sizes_cover_every_benchmark(benchmark: Any) -> None:
    assert set(SMALL) == set(benchmark("__main__").MODULES)


@pytest.mark.parametrize(
    ("value", "options", "code", "verdict"),
    [(1.0, [], 0, "met"), (1.2, [], 0, "missed"), (1.0, ["--strict"], 0, "met"), (1.2, ["--strict"], 1, "missed")],
)
def test_a_missed_target_is_said_and_fails_only_when_asked(
    value: float, options: list[str], code: int, verdict: str, benchmark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, figure = benchmark("__main__"), benchmark("figures").Figure
    monkeypatch.setattr(command, "measured", lambda name: [figure("ours / theirs", value, 1.1)])
    result = CliRunner().invoke(command.main, ["engine", *options])
    assert result.exit_code == code
    line = next(line for line in result.output.splitlines() if "ours / theirs" in line)
    assert line.replace("│", " ").split()[3:] == [f"{value:g}", "1.1", verdict]


def test_a_benchmark_that_breaks_fails_and_the_others_are_shown(
    benchmark: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, figure = benchmark("__main__"), benchmark("figures").Figure

    def measured(name: str) -> list[Any]:
        if name == "drift":
            raise RuntimeError("no answer")
        return [figure("up of one domain", 0.4, None)]

    monkeypatch.setattr(command, "measured", measured)
    result = CliRunner().invoke(command.main, ["drift", "engine"])
    assert result.exit_code == 1
    assert "RuntimeError: no answer" in result.output
    assert "up of one domain" in result.output
