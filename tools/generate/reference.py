"""docs/reference: a page for each resource, with every argument at any depth and every output.

A page has a narrow table of the arguments, and a short section for each place: wide tables cannot be read on a phone. Headings are the
paths as messages and reports print them, so a search for a path leads to its section.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping

from pulumi_connect_domains.adopt.program import call
from pulumi_connect_domains.model.path import ANY, PathPattern
from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property, Schema, places_of
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.reporting.markdown import fence, prose, table

from . import words

NOTICE = "<!-- Written by `make generate` from schema.json: change that file, not this page. -->"
WIDTH = 120
NO_BREAK = "\N{NO-BREAK SPACE}"
SENSITIVE = "AWS calls it sensitive. Reports and reviews show it; errors and logs do not."
Facts = Callable[[Schema, PathPattern], dict[str, str]]
"""What is known of a place, by its label; "" for what does not apply."""
STABLE = "an update in place never changes it, so a preview of one knows its value"


def files() -> dict[str, str]:
    """The pages with their texts."""
    return {f"docs/reference/{page_name(type)}": page(type) for type in resource_types().values()}


def page_name(type: ResourceType) -> str:
    """`customerprofiles-domain.md`."""
    return f"{type.module}-{type.name.lower()}.md"


def page(type: ResourceType) -> str:
    """The page of one resource type."""
    schema = type.schema
    title = f"{words.article(schema.title)}: {schema.description[0].lower()}{schema.description[1:]}"
    parts = [
        NOTICE,
        f"# `{type.module}.{type.name}`",
        *(filled(prose(text)) for text in (f"{title[0].upper()}{title[1:]}", *schema.about)),
        f"In stacks its type is `{type.type_token}`. {_id(schema)}",
        "## Example",
        *_example(type),
        "## Arguments",
        "Structures and maps are dicts. Any value may be an output of another resource. `None` is the same as no value.",
        table(["argument", "type", "notes"], _rows(schema, words.arguments(schema))),
        *_sections(schema, argument_places(schema), _facts_of_argument),
        "## Outputs",
        "Every argument is an output too, with the value that the program gave it. The others are:",
        table(["output", "type", "notes"], _rows(schema, words.computed(schema))),
        *_sections(schema, output_places(schema), _facts_of_output),
        f"## `{type.name}.get`",
        *_get(type),
    ]
    return "\n\n".join(parts) + "\n"


def argument_places(schema: Schema) -> list[PathPattern]:
    """Every place that a program may set, from the outside in; an item of a list is explained with its list."""
    given = words.arguments(schema)
    order = {name: rank for rank, name in enumerate(given)}
    found = [place for place, _ in places_of(schema, settable=True) if place[0] in given and place[-1] is not ANY]
    return sorted(found, key=lambda place: order[str(place[0])])


def output_places(schema: Schema) -> list[PathPattern]:
    """Every place of the outputs that are no arguments."""
    made = words.computed(schema)
    return [place for place, _ in places_of(schema) if place[0] in made and place[-1] is not ANY]


def _id(schema: Schema) -> str:
    of = schema.members.get(schema.id_property)
    return f"Its id is `{schema.id_property}`." if of else "Its id is the one that AWS gives it."


# -- a section --------------------------------------------------------------------------------------------------------


def _rows(schema: Schema, members: Mapping[str, Property]) -> Iterator[list[str]]:
    for name, of in members.items():
        remarks = [
            "required" if name in schema.required else "",
            "a change replaces" if of.create_only else "",
            "sensitive" if of.sensitive else "",
        ]
        yield [f"[`{name}`](#{anchor(words.place(name))})", words.type_of(of), ", ".join(filter(None, remarks))]


def anchor(place: PathPattern) -> str:
    """The anchor of the section's heading. Source: GitHub and MyST keep its letters, digits, hyphens and underscores, in lower case."""
    return re.sub(r"[^\w-]", "", str(place).lower())


def _sections(schema: Schema, places: list[PathPattern], facts: Facts) -> Iterator[str]:
    for place in places:
        of = words.at(schema, place)
        yield f"{'###' if len(place) == 1 else '####'} `{place}`"
        yield filled(prose(of.description))
        lines = [filled(f"- **{label}:** {text}") for label, text in facts(schema, place).items() if text]
        below = [each for each in places if len(each) > len(place) and each[: len(place)] == place]
        yield "\n".join([*lines, *_members(schema, place, below), *_words_of_enum(of), *_page(schema, place)])


def _members(schema: Schema, place: PathPattern, below: list[PathPattern]) -> Iterator[str]:
    """Links to the members of a structure, or of the structures in a list."""
    depth = len(place) + (1 if words.at(schema, place).items else 0)
    links = [
        f"[`{each[-1]}`](#{anchor(each)})" + (" (required)" if words.is_required(schema, each) else "")
        for each in below
        if len(each) == depth + 1
    ]
    if links:
        yield filled(f"- **Members:** {', '.join(links)}")


def filled(text: str) -> str:
    """The Markdown in even lines, a list's item behind its mark. Neither code nor a sign that would begin a list starts a line."""
    kept = re.sub(
        r"`[^`]*`|\*\*[^*]*\*\*|(?<=\S) (?=[-+=#>*]|\d+[.)])", lambda found: found[0].replace(" ", NO_BREAK), text
    )
    indent = "  " if text.startswith("- ") else ""
    lines = textwrap.fill(kept, WIDTH - 2, break_long_words=False, break_on_hyphens=False, subsequent_indent=indent)
    return lines.replace(NO_BREAK, " ")


def _facts_of_argument(schema: Schema, place: PathPattern) -> dict[str, str]:
    of = words.at(schema, place)
    is_required = words.is_required(schema, place)
    return {
        "Type": f"{words.type_of(of)}, {'required' if is_required else 'optional'}",
        "Limits": prose(words.limits(of)),
        "Each item": prose(_item(of)),
        "Default": prose(of.default_says),
        "A change": words.change(schema, place),
        "Taken out of the program": prose(words.removal(schema, place)),
        "Sensitive": SENSITIVE if of.sensitive else "",
        "Example": f"`{words.literal(of.example)}`" if words.has_example(of) else "",
    }


def _facts_of_output(schema: Schema, place: PathPattern) -> dict[str, str]:
    of = words.at(schema, place)
    around = words.at(schema, place[:-1])
    name = str(place[-1])
    is_there = words.is_always_there(schema, name) if len(place) == 1 else of.always or name in around.required
    missing = "or `None`" if len(place) == 1 else "may be missing"
    return {
        "Type": f"{words.type_of(of)}, {'always there' if is_there else missing}",
        "Unit": of.units,
        "Updates": STABLE if of.stable else "",
        "Sensitive": SENSITIVE if of.sensitive else "",
        "Example": f"`{words.literal(of.example)}`" if words.has_example(of) else "",
    }


def _item(of: Property) -> str:
    """What an item of a list is: `The name of an attribute. It has 1 to 255 characters.`; "" for what is no list."""
    if not of.items:
        return ""
    limits = words.limits(of.items)
    inner = f"Each of its items: {found}" if (found := _item(of.items)) else ""
    return " ".join(filter(None, [of.items.description, f"It has {limits}." if limits else "", inner]))


def _words_of_enum(of: Property) -> Iterator[str]:
    if of.enum:
        yield "- **One of:**"
        yield from (textwrap.indent(filled(f"- `{word}`: {prose(text)}"), "  ") for word, text in of.enum_says.items())


def _page(schema: Schema, place: PathPattern) -> Iterator[str]:
    if url := words.page(schema, place):
        yield f"- **AWS's page:** [{words.page_title(url)}]({url})"


def _get(type: ResourceType) -> Iterator[str]:
    schema = type.schema
    noun = words.article(schema.short_noun)
    yield filled(
        f"`{type.module}.{type.name}.get(resource_name, id, *, region=None, opts=None)` gives {noun} that somebody else manages. It is "
        "read on every run, and never changed. A preview fails where there is none. Its outputs are those above."
    )
    of = schema.members.get(schema.id_property)
    told = (
        f"{prose(' '.join(words.of_output(of)))} Example: `{words.literal(of.example)}`."
        if of and words.has_example(of)
        else _id(schema)
    )
    yield "\n".join(
        [
            filled(f"- `id`: {told}"),
            filled(f"- `region`: {prose(' '.join(words.of_argument(schema, ('region',), is_read=True)))}"),
        ]
    )


# -- the example ------------------------------------------------------------------------------------------------------


def _example(type: ResourceType) -> Iterator[str]:
    schema = type.schema
    inputs = example(schema)
    name = str(inputs.get(schema.name_input, schema.short_noun)).partition("-")[0]
    yield f"With every argument that describes the {schema.short_noun}; only {_required(schema)} required:"
    yield "\n".join(
        fence(
            [
                "import pulumi",
                f"from pulumi_connect_domains import {type.module}",
                "",
                f"{schema.short_noun} = {call(f'{type.module}.{type.name}', name, inputs)}",
                f'pulumi.export("arn", {schema.short_noun}.arn)' if "arn" in schema.outputs else "",
            ],
            "python",
        )
    )


def _required(schema: Schema) -> str:
    names = [f"`{name}`" for name in schema.required]
    return f"{' and '.join(names)} {'is' if len(names) == 1 else 'are'}"


def example(schema: Schema) -> dict[str, object]:
    """Inputs made of the examples: all but the switches of the provider's own, such as a guard that is lifted."""
    return {
        name: _example_of(of)
        for name, of in words.arguments(schema).items()
        if not (of.provider_only and of.kind == "boolean")
    }


def _example_of(of: Property) -> object:
    if words.has_example(of):
        return of.example
    if of.kind == "object":
        return {name: _example_of(each) for name, each in of.inputs.items()}
    return of.enum[0] if of.enum else True
