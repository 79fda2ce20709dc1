"""Every benchmark runs, with sizes so small that its figures mean nothing."""

from __future__ import annotations

from typing import Any

import pytest

SMALL: dict[str, dict[str, Any]] = {
    "program": {"RESOURCES": 20},
    "provider": {"TARGETS": 4, "LATENCIES": ((0.01, 1.3),), "CALLS": 2, "CREATES": 4},
    "validation": {"CALLS": 1},
    "drift": {
        "DOMAINS": 16,
        "AT_LATENCIES": ((0.01, 16),),
        "QUOTA_PROFILES": 3,
        "QUOTA_VOICE": 2,
        "PER_BUCKET": 2,
        "REGIONS": ("eu-west-2", "us-east-1"),
    },
    "engine": {},
    "peers": {"USUAL": ((2, 0.0),)},
    "hosts": {"NUMBERS": (1,)},
    "coldstart": {},
    "scale": {
        "ACCOUNTS": 2,
        "REGIONS": ("eu-west-2", "us-east-1"),
        "PER_REGION": 6,
        "SHARDS_TO_MERGE": 3,
        "AGAINST_SCRIPT": 100.0,
    },
}
LONG = ("peers", "hosts", "coldstart")
"""Those that start dozens of processes."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.long] if name in LONG else []) for name in SMALL]
)
def test_a_benchmark_still_measures(name: str, benchmark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = benchmark(name)
    for constant, value in SMALL[name].items():
        assert hasattr(module, constant)
        monkeypatch.setattr(module, constant, value)
    measuring = benchmark("measuring")
    once = lambda sample, *_, **__: [sample()] * measuring.FEWEST  # noqa: E731
    for each in (measuring, module):
        monkeypatch.setattr(each, "settled", once, raising=False)
    found = module.run()
    assert found
    names = [figure.name for figure in found]
    assert len(set(names)) == len(names)
    assert all(figure.value >= 0 for figure in found)
    counted = [figure for figure in found if figure.low is None]
    assert [figure for figure in counted if figure.verdict not in ("", "met")] == []


def test_the_small_sizes_cover_every_benchmark(benchmark: Any) -> None:
    assert set(SMALL) == set(benchmark("__main__").MODULES)
