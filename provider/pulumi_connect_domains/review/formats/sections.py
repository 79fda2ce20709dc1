"""The parts of the comment that may be left out: a section a domain, the list of other resources, the warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ...model.values import ABSENT, SECRET
from ...reporting.escaping import cut, line, lines
from ...reporting.markdown import MOST_CHARACTERS, code, fence, fitting, folded, html_code, prose, table
from ...reporting.words import value_text
from .. import phrases
from ..model import ACTIONS, Action, DomainReview, Message, Other, Row, StackReview

_MANY_DOMAINS = 10
"""Where there are more, sections are folded, except those of domains that lose data."""
_VALUE_LENGTH = 200
_NOTE_LENGTH = 600
_MESSAGE_LINES = 40
_LINE_LENGTH = 300
BESIDE_A_LINE = 3
"""Characters that a line needs in a quotation: its mark, a blank and the line end."""
_RANK = {action: place for place, action in enumerate(ACTIONS)}
_DIFF_MARK: dict[Action, str] = {
    "create": "+", "import": "+", "delete": "-", "forget": "-", "update": "!", "replace": "!",
}  # fmt: skip
"""What GitHub colours in a `diff` block: green, red, and orange for what changes."""


@dataclass(frozen=True)
class Section:
    """A part of the comment. The lower its rank, the more serious it is; `says` is what it is called, as one and as many."""

    rank: int
    text: str
    says: tuple[str, str]
    stack: str = ""

    def under(self, stack: str) -> Section:
        """The same section, which says whose it is."""
        return replace(self, stack=stack)


def of_stack(stack: StackReview, domains: int) -> list[Section]:
    """The domains, the most serious first, then the other resources and the warnings. `domains` is how many the whole comment has."""
    is_folding = domains > _MANY_DOMAINS
    sections = [
        Section(
            _rank(one),
            _domain(one, is_folding and not one.loss),
            (f"domain to {one.action}", f"domains to {one.action}"),
        )
        for one in sorted(stack.domains, key=_rank)
    ]
    if stack.others:
        sections.append(Section(20, _others(stack.others), ("list of other resources", "lists of other resources")))
    if stack.warnings:
        sections.append(Section(30, _warnings(stack.warnings), ("list of warnings", "lists of warnings")))
    return sections


def _rank(one: DomainReview) -> int:
    return _RANK[one.action] + (0 if one.loss else 10)


def _domain(one: DomainReview, is_folded: bool) -> str:
    blocks = [prose(phrases.domain(one)) + "."]
    if one.why:
        blocks.append(prose(f"Why: {one.why}"))
    if one.notes:
        blocks.append("\n".join(f"- {prose(cut(' '.join(lines(note)), _NOTE_LENGTH))}" for note in one.notes))
    if one.rows:
        blocks.append(_properties(one.rows))
    verb = one.action.capitalize()
    if is_folded:
        return folded(f"{verb} {html_code(one.name)}", "\n\n".join(blocks))
    return "\n" + "\n\n".join([f"#### {verb} {code(one.name)}", *blocks]) + "\n"


def _properties(rows: Sequence[Row]) -> str:
    if all(row.before is ABSENT for row in rows):
        new = [[code(row.path), _value(row.after), prose(row.meaning)] for row in rows]
        return table(["Property", "Value", "What it means"], new)
    changed = [[code(row.path), _value(row.before), _value(row.after), _meaning(row)] for row in rows]
    return table(["Property", "Before", "After", "What it means"], changed)


def _meaning(row: Row) -> str:
    return f"**{prose(row.meaning)}**" if row.is_replacing else prose(row.meaning)


def _value(value: object) -> str:
    if value is ABSENT:
        return "*not set*"
    if value == SECRET:
        return "*secret*"
    if not isinstance(value, (str, int, float, list, dict)):
        return f"*{value_text(value)}*"
    return code(cut(text, _VALUE_LENGTH)) if (text := value_text(value)) else "*empty*"


def _others(others: Sequence[Other]) -> str:
    counted = phrases.listed_counts({action: sum(each.action == action for each in others) for action in ACTIONS})
    content = []
    for each in sorted(others, key=lambda each: _RANK[each.action]):
        subject = cut(line(phrases.other(each)), _LINE_LENGTH)
        content.append(f"{_DIFF_MARK[each.action]} {each.action:<7} {subject}")
    return folded(f"Other resources: {counted}", "\n".join(fence(content, "diff")))


def _warnings(warnings: Sequence[Message]) -> str:
    return folded(f"Warnings of the preview: {len(warnings)}", "\n".join(fence(shortened(message_lines(warnings)))))


# -- pieces -----------------------------------------------------------------------------------------------------------


def message_lines(messages: Iterable[Message]) -> list[str]:
    """The lines of the messages, the first of each with the resource that it is about."""
    found: list[str] = []
    for message in messages:
        first, *more = lines(message.text) or [""]
        found += [line(f"{message.resource}: {first}") if message.resource else first, *more]
    return found


def shortened(content: Sequence[str], room: int = MOST_CHARACTERS) -> list[str]:
    """The first lines that have room, none too long, and how many more there are."""
    kept = fitting([cut(each, _LINE_LENGTH) for each in content[:_MESSAGE_LINES]], room, BESIDE_A_LINE)
    more = len(content) - len(kept)
    return [*kept, f"… {more:,} more lines"] if more else kept
