"""A review for a terminal or a log: plain lines, nothing cut."""

from __future__ import annotations

from collections.abc import Iterator

from ...reporting.escaping import line, lines
from ...reporting.formats import Screen
from ...reporting.words import value_text
from .. import phrases
from ..model import DomainReview, Message, Review, StackReview
from ..written import as_written


def text(review: Review, _screen: Screen) -> str:
    """The review as lines."""
    return "\n".join(_lines(as_written(review))) + "\n"


def _lines(review: Review) -> Iterator[str]:
    if review.loses_data:
        yield f"{_plain(phrases.loss_heading(review))}."
        for what, held, more in phrases.losses(review):
            yield _plain(f"  {what}: {held}. {more}.")
        yield ""
    for stack in review.stacks:
        yield from _stack(stack, phrases.stack(review, stack))
    for each in review.unread:
        yield line(f"{each.source} could not be read: {each.reason.replace('`', '')}")


def _stack(stack: StackReview, title: str) -> Iterator[str]:
    also = f" ({phrases.unchanged(stack)})" if stack.unchanged else ""
    yield line(f"{title}: {phrases.counts(stack)}{also}")
    if stack.errors:
        yield "  The preview failed, so an apply may do more than is said here."
    for one in stack.domains:
        yield from (f"  {each}" for each in _domain(one))
    for other in stack.others:
        yield f"  {line(f'{other.action} {phrases.other(other)}')}"
    for kind, messages in (("error", stack.errors), ("warning", stack.warnings)):
        for message in messages:
            yield from (f"  {each}" for each in _message(kind, message))
    yield ""


def _domain(one: DomainReview) -> Iterator[str]:
    yield _plain(f"{one.action} {one.name}: {phrases.domain(one)}")
    if one.why:
        yield _plain(f"  why: {one.why}")
    yield from (_plain(f"  note: {' '.join(lines(note))}") for note in one.notes)
    for row in one.rows:
        said = f"  ({row.meaning})" if row.meaning else ""
        yield _plain(f"  {row.path}: {value_text(row.before)} -> {value_text(row.after)}{said}")


def _message(kind: str, message: Message) -> Iterator[str]:
    found = lines(message.text) or [""]
    yield line(f"{kind}: {message.resource}: ") + found[0] if message.resource else f"{kind}: {found[0]}"
    yield from (f"  {each}" for each in found[1:])


def _plain(text: str) -> str:
    return line(text.replace("`", ""))
