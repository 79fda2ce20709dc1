"""HTML: one page that needs nothing else, to be filtered by status, region, property and text."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import islice

from jinja2 import Environment, PackageLoader, StrictUndefined

from ...model.path import top_of
from ...model.wording import counted, plural
from ...reporting.escaping import markup_text, one_line, visible
from ...reporting.formats import Screen
from .. import wording
from ..model import STATUSES, DomainReport, Report
from ..wording import ReportLine

MOST_QUIET = 1_000
"""The most domains with nothing to tell that are listed."""


@dataclass(frozen=True)
class _Card:
    """A domain as the page shows it. `properties` are the top-level ones that its lines are about."""

    domain: DomainReport
    stack: str
    word: str
    lines: tuple[ReportLine, ...]
    properties: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether its details are unfolded: where something is wrong or in doubt."""
        return any(not line.is_aside for line in self.lines)


def html(report: Report, _screen: Screen) -> str:
    """The page. It loads nothing, sends nothing, and forbids the browser to do either; without JavaScript it shows everything.

    Domains with nothing to tell come last, and only some of them: a browser cannot show a hundred thousand.
    """
    quiet = islice((domain for domain in report.domains if not domain.needs_attention), MOST_QUIET)
    cards = [_card(domain) for domain in (*wording.attention_first(report), *quiet)]
    script, style = _part("report.js"), _part("report.css")
    return markup_text(
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            headline=wording.headline(report),
            verdict=wording.verdict(report),
            scope=wording.scope(report),
            further=wording.further_counts(report),
            cards=cards,
            left_out=len(report.domains) - len(cards),
            statuses=[
                (status, wording.STATUS_WORDS[status], report.counts[status])
                for status in STATUSES
                if report.counts[status]
            ],
            regions=sorted({card.domain.region for card in cards}),
            properties=sorted({each for card in cards for each in card.properties}),
            script=script,
            style=style,
            script_hash=_hash(script),
            style_hash=_hash(style),
            top=top_of,
            plural=plural,
            counted=counted,
            one_line=one_line,
            earlier=[(title, things) for title, things in wording.earlier(report) if things],
            what_was=wording.what_was,
            where_was=wording.where_was,
            shown_status=wording.shown_status,
        )
    )


def _card(domain: DomainReport) -> _Card:
    found = tuple(wording.report_lines(domain))
    properties = dict.fromkeys(top_of(row.path) for row in found if row.path)
    return _Card(domain, wording.stack_of(domain), wording.state_words(domain), found, tuple(properties))


def _hash(text: str) -> str:
    """The source expression that lets exactly this script or style run (Content Security Policy, level 2)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _part(name: str) -> str:
    """A script or style sheet as it stands in the package; it holds no data of the report."""
    source, _, _ = _environment().loader.get_source(_environment(), name)  # type: ignore[union-attr]  # set below
    return source


def _visible(value: object) -> object:
    """The text with its invisible characters spelled out, and our own markup as it is. Jinja escapes HTML's marks afterwards."""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pulumi_connect_domains.drift", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
