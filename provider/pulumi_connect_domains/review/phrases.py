"""The sentences that every format of a review uses, in plain text with code between backticks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model.deletion import BYTES, Holding
from ..model.wording import counted, plural
from .model import ACTIONS, Action, DomainReview, Loss, Other, Review, StackReview

DONE: dict[Action, str] = {
    "create": "created", "update": "updated", "replace": "replaced", "delete": "deleted",
    "forget": "let go of", "import": "imported",
}  # fmt: skip


_BY = {"state": "by the state", "refresh": "as this preview's refresh read it", "live": "as AWS says now"}


def counts(stack: StackReview) -> str:
    """`1 to replace, 2 to create`, or `no changes`; replacements are neither creations nor deletions.

    Of a failed preview nobody knows more than what it had found before: `failed, after finding 1 to replace`.
    """
    found = listed_counts(stack.counts)
    if stack.errors:
        return f"failed, after finding {found}" if found else "failed"
    return found or "no changes"


def listed_counts(of: Mapping[Action, int]) -> str:
    """The counts that are not zero, in the order in which people must see them."""
    return ", ".join(f"{of[action]:,} to {_verb(action)}" for action in ACTIONS if of.get(action))


def title(review: Review) -> str:
    """What the review is about: the stack, or how many previews."""
    if len(review.stacks) == 1 and not review.unread:
        return f"Preview of `{stack(review, review.stacks[0])}`"
    return f"Preview of {counted(len(review.stacks) + len(review.unread), 'stack')}"


def stack(review: Review, one: StackReview) -> str:
    """What a stack is called: its name; its file where there is no name; both where two previews have one name."""
    has_twin = sum(each.stack == one.stack for each in review.stacks) > 1
    return f"{one.stack} ({one.source})" if one.stack and has_twin else one.stack or one.source


def domain(one: DomainReview) -> str:
    """`Customer Profiles domain `crm` in eu-central-1`."""
    name = f" `{one.domain}`" if one.domain else ""
    return f"{one.noun}{name}" + (f" in {one.region}" if one.region else "")


def other(one: Other) -> str:
    """`aws:sqs/queue:Queue dlq (name, tags)`."""
    named = f" ({', '.join(one.properties)})" if one.properties else ""
    return f"{one.type} {one.name}{named}"


def loss_heading(review: Review) -> str:
    """`Data loss: 2 domains are deleted with 12,345 profiles; 1 more may hold data`, or `Possible data loss: …` where nothing is known."""
    losses = [loss for stack in review.stacks for _, loss in stack.losses]
    known = [loss for loss in losses if loss.is_known]
    unknown = len(losses) - len(known)
    if not known:
        return f"Possible data loss: {counted(unknown, 'domain')} that may hold data {plural(unknown, 'is', 'are')} deleted"
    text = f"Data loss: {counted(len(known), 'domain')} {plural(len(known), 'is', 'are')} deleted with {total(known)}"
    return f"{text}; {unknown:,} more may hold data" if unknown else text


def total(losses: Iterable[Loss]) -> str:
    """The sum of the known losses. It has no size where that of one of them is not known: a part would look like the whole."""
    held = [loss.held.counts for loss in losses]
    units = dict.fromkeys(unit for counts in held for unit in counts)
    sums: dict[str, int | None] = {unit: sum(counts.get(unit) or 0 for counts in held) for unit in units}
    if any(counts.get(BYTES) is None for counts in held):
        sums[BYTES] = None
    return str(Holding(sums))


def loss_line(one: DomainReview, loss: Loss, of_stack: str = "") -> tuple[str, str, str]:
    """Three texts about one domain: what happens to it, what it holds, and what else to know, which may be the same for many."""
    what = (f"`{of_stack}`: " if of_stack else "") + f"`{one.name}` ({domain(one)}) is {DONE[one.action]}"
    held = f"{loss.held}, {_BY[loss.source]}" if loss.is_known else f"how much it holds is not known ({loss.remark})"
    return what, held, ". ".join(sentence for sentence in (f"It loses {loss.loses}", loss.guard) if sentence)


def losses(review: Review) -> list[tuple[str, str, str]]:
    """The line of every loss, with its stack where there are several."""
    several = len(review.stacks) > 1
    return [
        loss_line(one, loss, stack(review, each) if several else "")
        for each in review.stacks
        for one, loss in each.losses
    ]


def unchanged(stack: StackReview) -> str:
    """`4 unchanged`, or "" where there are none."""
    return f"{stack.unchanged:,} unchanged" if stack.unchanged else ""


def _verb(action: Action) -> str:
    return "let go of" if action == "forget" else action
