"""A review as JSON, by the published schema review.schema.json: for scripts that decide, and for archives. Secrets are masked.

A value is `{"value": …}`, or says why there is none: `{"is": "absent"}`, `{"is": "secret"}`, `{"is": "unknown"}`.
"""

from __future__ import annotations

from typing import Any

from ...model.schema import UNDECLARED, transform
from ...model.values import ABSENT, SECRET, is_unknown
from ...reporting.escaping import json_text
from ...reporting.formats import Screen
from ...reporting.words import value_text
from ..model import ACTIONS, DomainReview, Loss, Message, Review, Row, StackReview

VERSION = 1


def json_(review: Review, _screen: Screen) -> str:
    """The document as text."""
    return json_text(document(review))


def document(review: Review) -> dict[str, Any]:
    """The document. Its version changes only when a reader of the older one could misread it."""
    return {
        "version": VERSION,
        "has_changes": review.has_changes,
        "loses_data": review.loses_data,
        "is_incomplete": review.is_incomplete,
        "stacks": [_stack(stack) for stack in review.stacks],
        "unread": [{"source": each.source, "reason": each.reason} for each in review.unread],
    }


def _stack(stack: StackReview) -> dict[str, Any]:
    return {
        "stack": stack.stack,
        "source": stack.source,
        "counts": {action: stack.counts[action] for action in ACTIONS},
        "unchanged": stack.unchanged,
        "domains": [_domain(one) for one in stack.domains],
        "others": [
            {"action": each.action, "type": each.type, "name": each.name, "properties": list(each.properties)}
            for each in stack.others
        ],
        "errors": [_message(each) for each in stack.errors],
        "warnings": [_message(each) for each in stack.warnings],
    }


def _domain(one: DomainReview) -> dict[str, Any]:
    return {
        "action": one.action,
        "kind": one.noun,
        "name": one.name,
        "domain": one.domain,
        "region": one.region,
        "why": one.why,
        "loss": _loss(one.loss) if one.loss else None,
        "notes": list(one.notes),
        "properties": [_row(row) for row in one.rows],
    }


def _loss(loss: Loss) -> dict[str, Any]:
    return {
        "is_known": loss.is_known,
        "holds": dict(loss.held.counts),
        "source": loss.source,
        "loses": loss.loses,
        "guard": loss.guard,
        "remark": loss.remark,
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "path": row.path,
        "before": _value(row.before),
        "after": _value(row.after),
        "meaning": row.meaning,
        "replaces": row.is_replacing,
    }


def _message(message: Message) -> dict[str, str]:
    return {"text": message.text, "resource": message.resource}


def _value(value: object) -> dict[str, object]:
    if value is ABSENT:
        return {"is": "absent"}
    if is_unknown(value):
        return {"is": "unknown"}
    return {"is": "secret"} if value == SECRET else {"value": _plain(value)}


def _plain(value: object) -> object:
    """The value as JSON; what is unknown within it stands as text."""
    return transform(UNDECLARED, value, lambda steps, of, each: value_text(each) if is_unknown(each) else each)
