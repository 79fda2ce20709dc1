"""The figures that have a target, as one picture: each with its interval, on a scale where every target is at the same place.

The scale is the share of the target, so ratios, megabytes and calls fit below each other. What a figure says, its words say too: nobody
has to see a colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from . import report
from .figures import MET, MISSED, OPEN, Figure
from .report import Json

WIDTH = 420
"""In pixels, as on a phone: there the letters keep their size."""
EDGE, LINE, ROW = 14, 15, 22  # pixels: around all, of a line of text, of a bar with the space below it
MOST = 2.0  # times the target is the end of the scale; what is more goes to the end
LETTERS = 56  # that fit into a line of a figure's name


@dataclass(frozen=True)
class Look:
    """The colours of a scheme."""

    background: str
    text: str
    faint: str
    rule: str
    verdicts: dict[str, str]


LOOKS = {
    "light": Look("#ffffff", "#1f2328", "#57606a", "#d0d7de", {MET: "#1a7f37", OPEN: "#7d4e00", MISSED: "#cf222e"}),
    "dark": Look("#0d1117", "#f0f6fc", "#9198a1", "#3d444d", {MET: "#3fb950", OPEN: "#d29922", MISSED: "#ff7b72"}),
}


def svg(made: Json, look: Look) -> str:
    """The picture of a run."""
    parts, titles = report.parts_of(made)
    top, body = 3.6 * LINE + EDGE, []
    for name, found in parts.items():
        shown = [each for each in found if each.target is not None]
        if not shown:
            continue
        top += 0.6 * LINE
        body.append(_text(EDGE, top + 11, titles[name], "part"))
        top += 1.4 * LINE
        for each in shown:
            lines = wrap(each.name, LETTERS)
            body += [_text(EDGE, top + 11 + place * LINE, line, "name") for place, line in enumerate(lines)]
            top += len(lines) * LINE
            body += _bar(each, top)
            top += ROW
    height = round(top + EDGE)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
            'role="img" aria-labelledby="title description">',
            '  <title id="title">The figures beside their targets</title>',
            f'  <desc id="description">{escape(described(parts))}</desc>',
            *_style(look),
            f'  <rect class="frame" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>',
            _text(EDGE, EDGE + 11, "Each figure as a share of its target", "part"),
            _text(EDGE, EDGE + 11 + LINE, "dot: median; bar: its 95 % interval; square: counted", "note"),
            *(_text(_place(share), EDGE + 11 + 2.2 * LINE, words, "note", anchor) for share, words, anchor in _scale()),
            *body,
            "</svg>\n",
        ]
    )


def described(parts: report.Parts) -> str:
    """What the picture shows, for those who do not see it."""
    shown = [each for found in parts.values() for each in found if each.target is not None]
    counts = {verdict: [each for each in shown if each.verdict == verdict] for verdict in (MET, OPEN, MISSED)}
    told = f"Of {len(shown)} targets, {len(counts[MET])} are met, {len(counts[OPEN])} open and {len(counts[MISSED])} missed."
    named = [
        f"{verdict.capitalize()}: {each.name}, {report.number(each.value, each.unit)}, at most {each.target:g}."
        for verdict in (OPEN, MISSED)
        for each in counts[verdict]
    ]
    return " ".join([told, *named])


def _bar(figure: Figure, top: float) -> Iterator[str]:
    target = figure.target or 1.0  # where the target is 0, the value itself is the distance
    kind, middle = figure.verdict, top + 6
    at = _place(figure.value / target)
    for share in (0, 1, MOST):
        yield f'  <path class="rule{" target" if share == 1 else ""}" d="M{_place(share):g} {top - 1:g}v14"/>'
    if figure.low is None or figure.high is None:
        yield f'  <rect class="{kind} mark" x="{at - 4:g}" y="{middle - 4:g}" width="8" height="8"/>'
    else:
        low, high = (_place(each / target) for each in (figure.low, figure.high))
        yield f'  <path class="{kind} span" d="M{low:g} {middle:g}H{max(high, low + 1):g}"/>'
        yield f'  <circle class="{kind} mark" cx="{at:g}" cy="{middle:g}" r="4.5"/>'
    words = f"{report.number(figure.value)} of {figure.target:g}, {kind}"
    yield _text(WIDTH - EDGE, middle + 4, words, f"{kind} value", "end")


def _place(share: float) -> float:
    """Where a share of the target stands, in pixels from the left."""
    return round(EDGE + 6 + min(max(share, 0.0), MOST) / MOST * (WIDTH - 2 * EDGE - 150), 1)


def _scale() -> Iterator[tuple[float, str, str]]:
    yield 0, "0", "middle"
    yield 1, "target", "middle"
    yield MOST, f"{MOST:g} ×", "middle"


def _text(x: float, y: float, words: str, kind: str, anchor: str = "start") -> str:
    return f'  <text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(words)}</text>'


def _style(look: Look) -> list[str]:
    of_verdicts = [
        f"    .{verdict} {{ fill: {colour}; }} .{verdict}.span {{ stroke: {colour}; }}"
        for verdict, colour in look.verdicts.items()
    ]
    return [
        "  <style>",
        '    svg { font-family: system-ui, "Segoe UI", Helvetica, Arial, sans-serif; font-size: 12px; }',
        f"    .frame {{ fill: {look.background}; stroke: {look.rule}; }}",
        f"    .part {{ fill: {look.text}; font-weight: 600; font-size: 13px; }}",
        f"    .name {{ fill: {look.text}; }}",
        f"    .note {{ fill: {look.faint}; }}",
        f"    .rule {{ fill: none; stroke: {look.rule}; }} .target {{ stroke: {look.faint}; stroke-dasharray: 3 3; }}",
        "    .span { fill: none; stroke-width: 5; stroke-linecap: round; opacity: 0.55; } .value { font-weight: 600; }",
        *of_verdicts,
        f"    .open.mark {{ fill: {look.background}; stroke: {look.verdicts[OPEN]}; stroke-width: 2; }}",
        "  </style>",
    ]
