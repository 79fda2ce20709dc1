"""The pull-request comment: a Review in GitHub's markdown, which GitLab reads as well.

What must be seen comes first and is never left out: the counts, what would be lost, what failed. Sections follow, the most serious first.
GitHub refuses a comment above 65,536 characters, so sections that do not fit are left out, and the comment says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ...model.wording import counted
from ...reporting.escaping import cut, length
from ...reporting.formats import Screen
from ...reporting.markdown import LEFT, RIGHT, alert, code, fence, fitting, prose, table
from .. import phrases
from ..model import ACTIONS, Review, StackReview
from ..written import as_written
from .sections import BESIDE_A_LINE, Section, message_lines, of_stack, shortened

MARKER = "connect-domains review"
_HEAD_SHARE = 0.5
_TAIL_ROOM = 800
_MOST_FAILURES = 5
_NAME_LENGTH = 200
_REASON_LENGTH = 300


def markdown(review: Review, screen: Screen) -> str:
    """The comment. It begins with a line that readers do not see, `<!-- marker -->`, by which the next run finds it."""
    return comment(review, screen)[0]


def comment(review: Review, screen: Screen) -> tuple[str, bool]:
    """The comment, and whether something had to be left out."""
    review = as_written(review)
    limit = screen.most_characters
    head = _head(review, screen.marker or MARKER, int(limit * _HEAD_SHARE))
    sections = [section for stack in review.stacks for section in _titled(review, stack)]
    whole = _joined(head, sections)
    if length(whole) <= limit:
        return whole, False
    kept = _with_room(sections, limit - length(head) - _TAIL_ROOM)
    left = [section for place, section in enumerate(sections) if place not in kept]
    return _joined(head, [sections[place] for place in sorted(kept)]) + _tail(left, screen), True


def _with_room(sections: Sequence[Section], room: int) -> set[int]:
    """The positions of the most serious sections that fit together, with the headings of their stacks."""
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
    return f"\n## {code(cut(stack, _NAME_LENGTH))}\n"


# -- what is never left out -------------------------------------------------------------------------------------------


def _head(review: Review, marker: str, limit: int) -> str:
    """The counts, what is lost, and what failed or could not be read. Where there is too much to name, the first are named, and the rest
    is counted."""
    blocks = [f"<!-- {marker} -->\n### {prose(cut(phrases.title(review), _NAME_LENGTH))}"]

    def room(share: float) -> int:
        return int((limit - sum(length(block) + 2 for block in blocks)) * share)

    blocks += [_counts(review, room(0.5))] if review.stacks else []
    blocks += [_losses(review, room(0.5))] if review.loses_data else []
    blocks += _failures(review, room(0.5))
    blocks += [_unread(review, room(1))] if review.unread else []
    return "\n\n".join(blocks) + "\n"


def _counts(review: Review, limit: int) -> str:
    if len(review.stacks) == 1:
        stack = review.stacks[0]
        return " · ".join(part for part in (f"**{phrases.counts(stack)}**", phrases.unchanged(stack)) if part)
    used = [action for action in ACTIONS if any(stack.counts[action] for stack in review.stacks)]
    rows = []
    for stack in review.stacks:
        numbers = [*(stack.counts[action] for action in used), stack.unchanged]
        rows.append([_name(review, stack), *(f"{number:,}" for number in numbers), _verdict(stack)])
    heading = ["Stack", *(action.capitalize() for action in used), "Unchanged", "Data loss"]
    found = table(heading, rows, [LEFT, *[RIGHT] * (len(heading) - 2), LEFT])
    if length(found) <= limit:
        return found
    total = {action: sum(stack.counts[action] for stack in review.stacks) for action in used}
    return f"**{phrases.listed_counts(total) or 'no changes'}**"


def _verdict(stack: StackReview) -> str:
    if stack.losses:
        return f"**{counted(len(stack.losses), 'domain')}**"
    return "not known, it failed" if stack.errors else "none"


def _losses(review: Review, limit: int) -> str:
    said = phrases.losses(review)
    shared = said[0][2] if len(said) > 1 and len({more for *_, more in said}) == 1 else ""
    content = [
        f"- {prose(what)}: **{prose(held)}**." + ("" if shared else f" {prose(more)}.") for what, held, more in said
    ]
    kept = fitting(content, limit, BESIDE_A_LINE)
    if left := len(content) - len(kept):
        kept.append(f"- and {left:,} more domains, which the sum above includes")
    kept += ["", f"{prose(shared.replace('It loses', 'Each loses', 1))}."] if shared else []
    return alert("CAUTION", [f"**{prose(phrases.loss_heading(review))}.**", "", *kept])


def _failures(review: Review, limit: int) -> list[str]:
    failed = [stack for stack in review.stacks if stack.errors]
    named = failed[:_MOST_FAILURES]
    alerts = []
    for stack in named:
        text = f"**The preview of {_name(review, stack)} failed, so an apply may do more than is said here.**"
        said = shortened(message_lines(stack.errors), limit // len(named))
        alerts.append(alert("WARNING", [text, "", *fence(said)]))
    if left := len(failed) - len(named):
        alerts.append(alert("WARNING", [f"**{left:,} more previews failed.**"]))
    return alerts


def _unread(review: Review, limit: int) -> str:
    text = "**Not every preview could be read, so an apply may do more than is said here.**"
    content = [
        f"- {code(cut(each.source, _NAME_LENGTH))}: {prose(cut(each.reason, _REASON_LENGTH))}" for each in review.unread
    ]
    kept = fitting(content, limit, BESIDE_A_LINE)
    if left := len(content) - len(kept):
        kept.append(f"- and {left:,} more that could not be read")
    return alert("WARNING", [text, "", *kept])


def _name(review: Review, stack: StackReview) -> str:
    return code(cut(phrases.stack(review, stack), _NAME_LENGTH))


def _tail(left: Sequence[Section], screen: Screen) -> str:
    tally = Counter(section.says for section in left)
    named = ", ".join(counted(count, one, many) for (one, many), count in tally.items())
    where = screen.elsewhere or "The formats json and text hold everything."
    said = f"Left out here, to stay within {screen.most_characters:,} characters: {named}. {where}"
    return f"\n{alert('NOTE', [said])}\n"
