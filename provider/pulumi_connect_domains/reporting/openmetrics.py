"""The OpenMetrics text format, in the part that Prometheus's own text format reads too: gauges without timestamps. Pure.

Source: the OpenMetrics 1.0 specification. Node exporter's textfile collector reads Prometheus's text format 0.0.4, to which the lines
`# UNIT` and `# EOF` are comments; it refuses a file with timestamps, or with a type that it does not know (`info`, `stateset`).
Tried with node exporter 1.5.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .escaping import cut, line

MOST_CHARACTERS = 200
"""Of a label's value."""


@dataclass(frozen=True)
class Sample:
    """One value, and the labels that tell it from the others of its gauge."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Gauge:
    """A metric, whose name ends with its unit where it has one."""

    name: str
    help: str
    samples: Sequence[Sample]
    unit: str = ""


def exposition(gauges: Iterable[Gauge], labels: Mapping[str, str]) -> str:
    """The gauges as text, each sample with the given labels before its own.

    Samples of one gauge with the same labels become one, with the sum of their values: of two series with one name node exporter drops one.
    """
    lines: list[str] = []
    for gauge in gauges:
        lines += [f"# TYPE {gauge.name} gauge"]
        lines += [f"# UNIT {gauge.name} {gauge.unit}"] if gauge.unit else []
        lines += [f"# HELP {gauge.name} {_help(gauge.help)}"]
        sums: dict[str, float] = {}
        for sample in gauge.samples:
            series = gauge.name + _labels({**labels, **sample.labels})
            sums[series] = sums.get(series, 0) + sample.value
        lines += [f"{series} {value}" for series, value in sums.items()]
    return "".join(f"{line}\n" for line in (*lines, "# EOF"))


def label(text: str) -> str:
    """The text as a label's value, without its quotes: cut where it is long, and safe in a log, where metrics may be printed too."""
    return line(cut(text, MOST_CHARACTERS)).replace("\\", "\\\\").replace('"', '\\"')


def _labels(of: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{label(value)}"' for name, value in of.items()) + "}" if of else ""


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
