"""The pull-request comment: a Review in GitHub's markdown, which GitLab reads as well.

What must be seen comes first and is never cut: the counts, what would be lost, what failed. Sections follow, the gravest first. GitHub
refuses a comment above 65,536 characters, so sections that do not fit are left out, and the comment says which.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import phrases
from .escaping import code, fence, prose
from .model import ACTIONS, Review, StackReview
from .sections import Section, length, message_lines, of_stack, shortened, table

COMMENT_LIMIT = 65_536
"""Characters of a comment. Source: GitHub's answer to a longer one, "Body is too long (maximum is 65536 characters)"."""

MARKER = "connect-domains review"
_HEAD_SHARE = 0.5
_TAIL_ROOM = 800
_MOST_FAILURES = 5


def written(review: Review, marker: str = MARKER, limit: int = COMMENT_LIMIT, elsewhere: str = "") -> tuple[str, bool]:
    """The comment, and whether something had to be left out. `elsewhere` says where that can be read.

    A comment begins with a line that readers do not see, `<!-- marker -->`, by which the next run finds it.
    """
    head = _head(review, marker, int(limit * _HEAD_SHARE))
    sections = [section for stack in review.stacks for section in _titled(review, stack)]
    whole = _joined(head, sections)
    if length(whole) <= limit:
        return whole, False
    kept = _fitting(sections, limit - length(head) - _TAIL_ROOM)
    left = [section for place, section in enumerate(sections) if place not in kept]
    return _joined(head, [sections[place] for place in sorted(kept)]) + _tail(left, limit, elsewhere), True


def _fitting(sections: Sequence[Section], room: int) -> set[int]:
    """The places of the gravest sections that have room together, each stack's heading included."""
    kept: set[int] = set()
    stacks = {""}
    for place in sorted(range(len(sections)), key=lambda place: sections[place].rank):
        section = sections[place]
        room -= length(section.text) + (0 if section.stack in stacks else length(_heading(section.stack)))
        if room < 0:
            break
        kept.add(place)
        stacks.add(section.stack)
    return kept


def _titled(review: Review, stack: StackReview) -> list[Section]:
    """The stack's sections; where there are several stacks, each says whose it is."""
    sections = of_stack(stack, domains=sum(len(each.domains) for each in review.stacks))
    if len(review.stacks) == 1:
        return sections
    return [section.under(phrases.stack(review, stack)) for section in sections]


def _joined(head: str, sections: Sequence[Section]) -> str:
    """The head, then the sections, with a heading before the first of each stack."""
    text, stack = head, ""
    for section in sections:
        if section.stack != stack:
            text += _heading(section.stack)
            stack = section.stack
        text += section.text
    return text


def _heading(stack: str) -> str:
    return f"\n## {code(stack)}\n"


# -- what is never cut ------------------------------------------------------------------------------------------------


def _head(review: Review, marker: str, limit: int) -> str:
    blocks = [f"<!-- {marker} -->\n### {prose(phrases.title(review))}"]
    blocks += [_counts(review, limit)] if review.stacks else []
    if review.loses_data:
        blocks.append(_losses(review, limit // 2))
    blocks += [_failed(review, stack) for stack in review.stacks if stack.errors][:_MOST_FAILURES]
    if review.unread:
        unread = [f"- {code(each.source)}: {prose(each.reason)}" for each in review.unread]
        text = "**Not every preview could be read, so an apply may do more than is said here.**"
        blocks.append(_alert("WARNING", [text, "", *unread]))
    return "\n\n".join(blocks) + "\n"


def _counts(review: Review, limit: int) -> str:
    if len(review.stacks) == 1:
        stack = review.stacks[0]
        return " · ".join(part for part in (f"**{phrases.counts(stack)}**", phrases.unchanged(stack)) if part)
    used = [action for action in ACTIONS if any(stack.counts[action] for stack in review.stacks)]
    rows = []
    for stack in review.stacks:
        numbers = [*(stack.counts[action] for action in used), stack.unchanged]
        rows.append([code(phrases.stack(review, stack)), *(f"{number:,}" for number in numbers), _verdict(stack)])
    heading = ["Stack", *(action.capitalize() for action in used), "Unchanged", "Data loss"]
    found = table(heading, rows, numeric=range(1, len(heading) - 1))
    if length(found) <= limit // 2:
        return found
    total = {action: sum(stack.counts[action] for stack in review.stacks) for action in used}
    return f"**{phrases.listed_counts(total)}**"


def _verdict(stack: StackReview) -> str:
    if stack.losses:
        count = len(stack.losses)
        return f"**{count:,} domain{'' if count == 1 else 's'}**"
    return "not known, it failed" if stack.errors else "none"


def _losses(review: Review, limit: int) -> str:
    """The warning. Where there are too many domains to name, the first are named, and the sum above them tells of all."""
    said = phrases.losses(review)
    shared = said[0][2] if len(said) > 1 and len({more for *_, more in said}) == 1 else ""
    content = [f"**{prose(phrases.loss_heading(review))}.**", ""]
    for place, (what, held, more) in enumerate(said):
        line = f"- {prose(what)}: **{prose(held)}**." + ("" if shared else f" {prose(more)}.")
        if sum(map(length, content)) + length(line) > limit:
            content.append(f"- and {len(said) - place:,} more domains, which the sum above includes")
            break
        content.append(line)
    return _alert(
        "CAUTION", [*content, "", f"{prose(shared.replace('It loses', 'Each loses', 1))}."] if shared else content
    )


def _failed(review: Review, stack: StackReview) -> str:
    text = f"**The preview of {code(phrases.stack(review, stack))} failed, so an apply may do more than is said here.**"
    return _alert("WARNING", [text, "", *fence(shortened(message_lines(stack.errors)))])


def _alert(kind: str, content: Sequence[str]) -> str:
    return "\n".join([f"> [!{kind}]", *(f"> {line}".rstrip() for line in content)])


def _tail(left: Sequence[Section], limit: int, elsewhere: str) -> str:
    tally: dict[tuple[str, str], int] = {}
    for section in left:
        tally[section.says] = tally.get(section.says, 0) + 1
    named = ", ".join(f"{count:,} {one if count == 1 else many}" for (one, many), count in tally.items())
    where = elsewhere or "The formats json and text hold everything."
    return f"\n> [!NOTE]\n> Left out here, to stay within {limit:,} characters: {named}. {where}\n"
