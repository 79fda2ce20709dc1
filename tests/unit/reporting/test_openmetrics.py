"""The text format of OpenMetrics: labels of any text, units, and samples that would stand twice."""

from __future__ import annotations

from hypothesis import given, settings
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from prometheus_client.parser import text_string_to_metric_families as prometheus_families
from pulumi_connect_domains.reporting.escaping import cut, line
from pulumi_connect_domains.reporting.openmetrics import MOST_CHARACTERS, Gauge, Sample, exposition

from . import hostile


def test_a_gauge() -> None:
    text = exposition(
        [Gauge("a_b_seconds", 'How "long" \\ it takes.', [Sample(1.5, {"x": "y"})], "seconds")], {"check": "c"}
    )
    assert text == (
        "# TYPE a_b_seconds gauge\n"
        "# UNIT a_b_seconds seconds\n"
        '# HELP a_b_seconds How \\"long\\" \\\\ it takes.\n'
        'a_b_seconds{check="c",x="y"} 1.5\n'
        "# EOF\n"
    )
    (family,) = text_string_to_metric_families(text)
    assert (family.unit, family.documentation) == ("seconds", 'How "long" \\ it takes.')


def test_a_sample_without_a_label() -> None:
    assert "\na 1\n" in exposition([Gauge("a", "x", [Sample(1)])], {})


def test_samples_of_the_same_labels_are_added_up() -> None:
    text = exposition([Gauge("a", "x", [Sample(1, {"x": "1"}), Sample(2, {"x": "1"}), Sample(4, {"x": "2"})])], {})
    (family,) = text_string_to_metric_families(text)
    assert [(sample.labels["x"], sample.value) for sample in family.samples] == [("1", 3), ("2", 4)]


@settings(max_examples=200, deadline=None)
@given(hostile.text)
def test_any_text_is_one_label(text: str) -> None:
    shown = exposition([Gauge("a", "x", [Sample(1, {"x": text, "y": "z"})])], {"check": text})
    assert hostile.invisible(shown) == set()
    wanted = line(cut(text, MOST_CHARACTERS))
    for families in (text_string_to_metric_families(shown), prometheus_families(shown)):
        (family,) = families
        (sample,) = family.samples
        assert (sample.labels, sample.value) == ({"check": wanted, "x": wanted, "y": "z"}, 1)
