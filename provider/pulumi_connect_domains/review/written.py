"""A review for people, whose properties are spelled as the program spells them. Programs read the names of the JSON format."""

from __future__ import annotations

from dataclasses import replace

from ..model.path import Path
from ..model.schema import Schema
from ..model.spelling import Spelling
from ..registry import resource_types
from ..stacks.hosts import path_in
from .model import DomainReview, Review, Row


def as_written(review: Review) -> Review:
    """The review, each domain's paths, values and sentences in the spelling of its program."""
    stacks = (replace(stack, domains=tuple(map(_domain, stack.domains))) for stack in review.stacks)
    return replace(review, stacks=tuple(stacks))


def _domain(one: DomainReview) -> DomainReview:
    if one.spelling is Spelling.SNAKE:
        return one
    schema, spelled = resource_types()[one.type].schema, one.spelling
    return replace(
        one,
        rows=tuple(_row(schema, spelled, row) for row in one.rows),
        why=spelled.text(schema, one.why),
        notes=tuple(spelled.text(schema, note) for note in one.notes),
        loss=one.loss and replace(one.loss, guard=spelled.text(schema, one.loss.guard)),
    )


def _row(schema: Schema, spelled: Spelling, row: Row) -> Row:
    of = schema.at(Path.parse(row.path))
    return replace(
        row,
        path=path_in(spelled, schema, row.path),
        before=spelled.document(of, row.before),
        after=spelled.document(of, row.after),
        meaning=spelled.text(schema, row.meaning),
    )
