"""Text for a terminal or a log: a table for each domain that needs attention, what was found besides, the counts.

Names and paths stand on lines of their own or in a column that is as wide as they are, so they are never wrapped or cut; only values and
words are folded, and only on a screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from ...reporting.escaping import line, one_line
from ...reporting.formats import Screen
from .. import wording
from ..model import DomainReport, Earlier, Report
from ..wording import ReportLine

STYLES = {
    "in_sync": "bold green",
    "drifted": "bold yellow",
    "missing": "bold red",
    "suspended": "bold magenta",
    "unreadable": "bold red",
    "requirement": "red",
    "declared twice": "red",
}
INDENT, GAP, NARROWEST = 4, 3, 14
_ENDLESS = 100_000  # columns: no line of a report is that long

Listed = list[tuple[DomainReport, list[ReportLine]]]


def text(report: Report, screen: Screen) -> Iterator[str]:
    """The report as people read it in a terminal; domains in sync are counted, and listed where the screen shows all."""
    domains = wording.attention_first(report)
    wrong = [(each, [_shown(row) for row in wording.report_lines(each) if not row.is_aside]) for each in domains]
    asides = [(each, [_shown(row) for row in wording.report_lines(each) if row.is_aside]) for each in domains]
    for part in _section("", [(each, found) for each, found in wrong if found or screen.shows_all], screen):
        yield f"{_rendered(part, screen)}\n"
    for domain in report.domains if screen.shows_all else ():
        if not domain.needs_attention:
            yield f"{_rendered(_heading(domain, is_dim=False), screen)}\n\n"
    parts = _section("Besides, and no drift", [(each, found) for each, found in asides if found], screen)
    if report.unmanaged_domains:
        parts += [Text("Domains that no checked stack declares", style="bold"), _unmanaged(report), Text()]
    for title, things in wording.earlier(report):
        parts += [Text(title, style="bold"), *map(_earlier, things), Text()] if things else []
    parts += [Text.assemble(("note: ", "bold"), line(one_line(each))) for each in report.notes]
    parts += [
        Text.assemble(("error: ", "bold red"), line(one_line(f"{each.origin}: {each.reason}")))
        for each in report.problems
    ]
    yield from (f"{_rendered(part, screen)}\n" for part in [*parts, _summary(report)])


def _shown(row: ReportLine) -> ReportLine:
    """The same, each part of it safe to print in one line of a terminal."""
    return ReportLine(row.kind, line(row.path), line(row.declared), line(row.live), line(row.told))


def _section(title: str, listed: Listed, screen: Screen) -> list[RenderableType]:
    """A heading for each domain, and its table; the columns are the same in all of them."""
    widths = _widths([row for _, found in listed for row in found if row.path], screen)
    parts: list[RenderableType] = [Text(title, style="bold")] if title and listed else []
    for domain, found in listed:
        parts.append(_heading(domain, is_dim=bool(title)))
        parts += [Text(" " * INDENT + row.words) for row in found if not row.path]
        compared = [row for row in found if row.path]
        parts += [_table(compared, widths)] if compared else []
        parts.append(Text())
    return parts


def _heading(domain: DomainReport, is_dim: bool) -> Text:
    status = Text(wording.state_words(domain), style="dim" if is_dim else STYLES[domain.status])
    where = f"{domain.noun} {domain.id} in {domain.region or 'no known region'}, stack {wording.stack_of(domain)}"
    return Text("  ").join([status, Text(line(domain.name), style="bold"), Text(line(where))])


def _table(compared: Iterable[ReportLine], widths: list[int]) -> Table:
    table = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    for place, width in enumerate([INDENT - GAP, *widths]):
        table.add_column(width=width, no_wrap=place == 1, overflow="fold")
    table.add_row("", *(Text(each, style="dim") for each in ("property", "declared", "live", "what happened")))
    for row in compared:
        words = Text(row.words, style=STYLES.get(row.kind, "") if row.kind == "requirement" else "")
        table.add_row("", Text(row.path), Text(row.declared), Text(row.live), words)
    return table


def _widths(compared: list[ReportLine], screen: Screen) -> list[int]:
    """The widths of the four columns: what each needs. Where the screen has less, the three after the paths share what is left."""
    columns = zip(*((row.path, row.declared, row.live, row.words) for row in compared), strict=True)
    needed = [max(map(cell_len, column)) for column in columns] or [0, 0, 0, 0]
    needed = [max(width, least) for width, least in zip(needed, (8, 8, 4, 13), strict=True)]  # the headings
    if screen.width is None:
        return needed
    left = screen.width - INDENT - needed[0] - 3 * GAP
    widths = [needed[0]]
    for place, width in enumerate(sorted(needed[1:])):  # the narrow ones take what they need, the others share the rest
        left -= (share := min(width, max(left // (3 - place), NARROWEST)))
        widths.append(share)
    narrow_first = dict(zip(sorted(range(1, 4), key=lambda column: needed[column]), widths[1:], strict=True))
    return [needed[0], *(narrow_first[column] for column in range(1, 4))]


def _unmanaged(report: Report) -> Table:
    table = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    headings = ("domain", "resource", "id", "account", "region", "created", *(["since"] if report.compared else []))
    for _ in range(1 + len(headings)):
        table.add_column(no_wrap=True)
    table.add_row(" ", *(Text(each, style="dim") for each in headings))
    for each in report.unmanaged_domains or ():
        cells = (each.name, each.noun, each.id, each.account, each.region, each.created_at, each.since or "")
        table.add_row(" ", *(Text(line(cell)) for cell in cells[: len(headings)]))
    return table


def _earlier(each: Earlier) -> Text:
    said = f"{each.name}  {wording.what_was(each)}  {wording.where_was(each)}"
    return Text(" " * INDENT + line(said))


def _summary(report: Report) -> Text:
    style = {0: "bold green", 1: "bold red"}.get(report.exit_code, "bold yellow")
    line = Text.assemble((wording.headline(report), style))
    for count in wording.further_counts(report):
        line.append(f", {count}")
    about = "" if report.has_nothing_to_check else f" ({wording.scope(report)}, {report.seconds:.1f} s)"
    return line.append(about, style="dim")


def _rendered(part: RenderableType, screen: Screen) -> str:
    """The part as text, with colours where the screen has them. Nothing is cut to the screen's width: `_widths` has seen to that."""
    buffer = StringIO()
    Console(
        file=buffer, width=_ENDLESS, force_terminal=screen.has_colour, color_system="standard" if screen.has_colour else None,
        no_color=not screen.has_colour, highlight=False, legacy_windows=False,
    ).print(part, soft_wrap=isinstance(part, Text))  # fmt: skip
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines())
