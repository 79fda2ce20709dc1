"""SARIF for code scanning: what should be looked at before an apply. Changes that are as intended are no results.

Results stand at the project's `Pulumi.yaml` and link to the line of the program, as those of a drift check do.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...model.warning import rule_of
from ...reporting import sarif
from ...reporting.escaping import lines
from ...reporting.formats import Screen
from ...reporting.sarif import Place, Result, Rule, Run
from ...stacks.hosts import identity_of
from .. import phrases
from ..model import DomainReview, Loss, Message, Review, StackReview
from ..written import as_written

DATA_LOSS = Rule(
    "data-loss",
    "error",
    "An apply deletes a domain with its data",
    "The preview deletes or replaces a domain that holds data. All of it is deleted, at once and for good.",
    "If that is not meant, take the change back: a domain cannot be renamed, for instance. If it is meant, approve it as your repository "
    "asks. The provider still refuses while the domain holds data, unless force_destroy=True was applied before.",
)
POSSIBLE_LOSS = Rule(
    "data-loss-possible",
    "error",
    "An apply deletes a domain that may hold data",
    "The preview deletes or replaces a domain, and it is not known whether it holds data. What a state says may be old.",
    "Run the review with --live, which asks AWS now, or make the preview with --refresh. An empty domain is then no result any more.",
)
REPLACED = Rule(
    "domain-replaced",
    "warning",
    "An apply replaces a domain",
    "A property changes that AWS cannot change in place, so the domain is deleted and a new, empty one is made.",
    "The message says which property. Whatever refers to the old domain must be pointed at the new one.",
)
FAILED = Rule(
    "preview-failed",
    "error",
    "The preview failed",
    "The preview ended with an error, so an apply may do more than the review says.",
    "Mend what the message names, and preview again.",
)
UNREAD = Rule(
    "preview-unreadable",
    "error",
    "A preview could not be read",
    "A file holds no preview that can be read, so the stack is not reviewed.",
    "Give what `pulumi preview --json` prints to standard output.",
)
WARNED = Rule(
    "preview-warning",
    "warning",
    "The preview warns",
    "The program or a provider has given a warning.",
    "The message says what about. The provider's own warnings end with the name of their rule; a rule can be silenced.",
)
RULES = (DATA_LOSS, POSSIBLE_LOSS, REPLACED, FAILED, UNREAD, WARNED)


def sarif_(review: Review, screen: Screen) -> str:
    """The document as text. The run counts as failed where a preview failed or could not be read."""
    run = Run(1 if review.is_incomplete else 0)
    return sarif.document("review", RULES, _results(as_written(review), screen.project_file), run)


def _results(review: Review, file: str) -> Iterator[Result]:
    for each in review.unread:
        message = f"{each.source} could not be read: {each.reason}"
        yield Result(UNREAD, _plain(message), Place(file, name=each.source), (each.source,))
    for stack in review.stacks:
        called = phrases.stack(review, stack)
        for domain in stack.domains:
            yield from _of_domain(domain, called, file)
        for error in stack.errors:
            yield _of_message(FAILED, error, stack, called, file)
        for warning in stack.warnings:
            yield _of_message(WARNED, warning, stack, called, file)


def _of_domain(domain: DomainReview, stack: str, file: str) -> Iterator[Result]:
    place = Place(file, name=domain.name, urn=domain.urn, declared=sarif.beside(file, domain.declared_at))
    if domain.loss:
        yield _of_loss(domain, domain.loss, stack, place)
    elif domain.action == "replace":
        message = f"{domain.name} ({phrases.domain(domain)}, stack {stack}) is replaced. {domain.why}"
        yield Result(REPLACED, _plain(message), place, (identity_of(domain.urn),))
    for note in domain.notes:
        if rule := rule_of(note):
            yield Result(
                WARNED, _plain(f"{domain.name} (stack {stack}): {note}"), place, (identity_of(domain.urn), rule)
            )


def _of_loss(domain: DomainReview, loss: Loss, stack: str, place: Place) -> Result:
    what, held, more = phrases.loss_line(domain, loss, stack)
    why = f" {domain.why}" if domain.why else ""
    rule = DATA_LOSS if loss.is_known else POSSIBLE_LOSS
    return Result(rule, _plain(f"{what}: {held}. {more}.{why}"), place, (identity_of(domain.urn),))


def _of_message(rule: Rule, message: Message, stack: StackReview, called: str, file: str) -> Result:
    about = f"{message.resource} (stack {called})" if message.resource else f"stack {called}"
    name = message.resource or stack.stack or stack.source
    # The text of an error may hold a request's id or a time, so only its rule tells warnings of one resource apart.
    identity = (stack.stack or stack.source, message.resource, rule_of(message.text))
    return Result(rule, _plain(f"{about}: {message.text}"), Place(file, name=name), identity)


def _plain(text: str) -> str:
    return " ".join(lines(text)).replace("`", "")
