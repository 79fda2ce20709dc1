"""resource.py of a resource: the class that programs declare, its constructor with all arguments, and its outputs with their types.

Also the package of the service, from which programs import these. It loads the types of structures when a program asks for one: most ask
for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from pulumi_connect_domains.model.resource_type import ResourceType
from pulumi_connect_domains.model.schema import Property, Schema
from pulumi_connect_domains.model.validation import failures
from pulumi_connect_domains.registry import resource_types

from . import python, words
from .shapes import Structure, holds_structures, input_structures, input_type, output_structures, output_type

NAME = "The resource's name in the program. It is unique among the resources of this type in the stack."
RAISED = "For the option `import_`, and for a provider of another package."
OPTS = (
    "The options that every Pulumi resource has. `provider` takes a `Provider` of this package. `import_` is refused."
)


def files() -> dict[str, str]:
    """The modules of every resource type and of every service, by their paths."""
    found = {f"{python.folder(type.package)}/resource.py": resource(type) for type in resource_types().values()}
    for name, types in groupby(resource_types().values(), key=lambda type: type.package.rpartition(".")[0]):
        found[f"{python.folder(name)}/__init__.py"] = package(list(types))
    return found


# -- the class --------------------------------------------------------------------------------------------------------


def resource(type: ResourceType) -> str:
    """resource.py: the provider's class, and the class that programs declare."""
    schema, module, ours = type.schema, type.package.rpartition(".")[0], _ours(type)
    body = [
        f"class {type.name}Provider(Lifecycle):",
        python.docstring([f"What the dynamic provider host runs for {words.article(type.noun)}."]),
        f'\n    type = ResourceType("{type.package}")\n\n',
        f"# People's state files name the provider as {module}.{type.name}Provider, for ever.",
        f'{type.name}Provider.__module__ = "{module}"\n\n',
        "if TYPE_CHECKING:  # the SDK reads annotations at run time, and cannot convert to TypedDicts\n",
        f"    class {type.name}Outputs:",
        python.docstring([f"The outputs of {words.article(schema.short_noun)}."], indent=8),
        "",
        *_attributes(schema),
        f"\nelse:\n    {type.name}Outputs = object\n\n",
        f'class {type.name}(ConnectResource, {type.name}Outputs, module="{type.module}", name="{type.name}"):',
        python.docstring(
            [
                _title(schema),
                *schema.about,
                "Every argument is an output too, with the value that the program gave it.",
            ],
            {"Attributes": {name: words.of_output(of) for name, of in words.computed(schema).items()}},
        ),
        f"\n    lifecycle = {type.name}Provider",
        *_constructor(type),
        *_get(type),
    ]
    text = "\n".join(body)
    nested = [f"from . import {', '.join(_types_of(schema))}"] if _types_of(schema) else []
    return python.module(
        [f"The class {type.name}, which programs declare."],
        python.imports(text),
        "import pulumi\nfrom typing_extensions import Self",
        "\n".join(
            [
                f"from {ours}host.lifecycle import Lifecycle",
                f"from {ours}host.resource import ConnectResource",
                f"from {ours}model.resource_type import ResourceType",
            ]
        ),
        *([f"if TYPE_CHECKING:\n    {nested[0]}"] if nested else []),
        text,
    )


def _title(schema: Schema) -> str:
    text = f"{words.article(schema.title)}: {schema.description[0].lower()}{schema.description[1:]}"
    return f"{text[0].upper()}{text[1:]}"


def _types_of(schema: Schema) -> list[str]:
    """The modules of types that the resource has."""
    found = {"inputs": input_structures(schema), "outputs": output_structures(schema)}
    return [name for name, structures in found.items() if structures]


def _attributes(schema: Schema) -> Iterator[str]:
    given = words.arguments(schema)
    for name, of in schema.members.items():
        yield f"        {name}: pulumi.Output[{_plain(schema, name)}]"
        yield python.facts([of.description] if name in given else words.of_output(of), indent=8)


def _plain(schema: Schema, name: str) -> str:
    found = output_type(schema.members[name], words.place(name), "outputs.")
    return found if words.is_always_there(schema, name) else f"{found} | None"


def _argument(schema: Schema, name: str, of: Property) -> str:
    """The argument as it stands in the signature. One that holds structures takes the same output of another resource as well."""
    found = input_type(of, words.place(name), "inputs.")
    if name in schema.required:
        given = f"pulumi.Input[{found}]"
        return f"{name}: {given}" + (f" | pulumi.Output[{_plain(schema, name)}]" if holds_structures(of) else "")
    other = f" | pulumi.Output[{_plain(schema, name)}]" if holds_structures(of) else ""
    return f"{name}: pulumi.Input[{found} | None]{other} | None = None"


def _constructor(type: ResourceType) -> Iterator[str]:
    schema, given = type.schema, words.arguments(type.schema)
    explained = {name: words.of_argument(schema, (name,)) for name in given}
    yield "\n    def __init__(\n        self,\n        resource_name: str,\n        *,"
    yield from (f"        {_argument(schema, name, of)}," for name, of in given.items())
    yield "        opts: pulumi.ResourceOptions | None = None,\n    ) -> None:"
    yield python.docstring(
        [f"Declares the {schema.short_noun}."],
        {
            "Args": {"resource_name": [NAME], **explained, "opts": [OPTS]},
            "Raises": {"ProgramError": [RAISED]},
        },
        indent=8,
    )
    yield "        inputs: dict[str, Any] = {"
    yield from (f'            "{name}": {name},' for name in schema.members if name in given)
    yield "        }\n        super().__init__(resource_name, inputs, opts)"


def _get(type: ResourceType) -> Iterator[str]:
    schema = type.schema
    id = schema.members.get(schema.id_property)
    named = words.of_output(id) if id else [f"The id of the {schema.short_noun}."]
    example = [f"For example: `{words.literal(id.example)}`."] if id and words.has_example(id) else []
    yield "\n    @classmethod\n    def get(\n        cls,\n        resource_name: str,\n        id: pulumi.Input[str],\n        *,"
    yield "        region: pulumi.Input[str | None] | None = None,\n        opts: pulumi.ResourceOptions | None = None,\n    ) -> Self:"
    yield python.docstring(
        [
            f"{words.capital(words.article(schema.short_noun))} that somebody else manages. It is read on every run, and never changed.",
            "A preview fails where there is none.",
        ],
        {
            "Args": {
                "resource_name": [NAME],
                "id": [*named, *example],
                "region": words.of_argument(schema, ("region",), is_read=True),
                "opts": [OPTS],
            },
            "Raises": {"ProgramError": [RAISED]},
        },
        indent=8,
    )
    yield "        return super().get(resource_name, id, region=region, opts=opts)"


# -- the package of a service -----------------------------------------------------------------------------------------


def package(types: Sequence[ResourceType]) -> str:
    """`__init__.py` of the package that holds these resource types: the names for programs.

    `outputs` and `validate` are those of the first type, so that they stay what they are when another type joins. Those of the others
    begin with the name of the resource: `event_stream_validate`.
    """
    name, ours = types[0].package.rpartition(".")[0], _ours(types[0], depth=2)
    providers = [f"{each.name}Provider" for each in types]
    prefix = _prefixes(types)
    typed = [
        f"    from {ours}model.validation import Failure",
        f"    from {ours}model.values import Json",
        *_imported(types, prefix),
        *(f"    from .{_inner(each)}.resource import {each.name}, {each.name}Provider" for each in types),
    ]
    parts = [
        "from typing import TYPE_CHECKING, Any",
        "\n".join(["if TYPE_CHECKING:", *typed]),
        f"__all__ = [{', '.join(repr(each) for each in names_of(types))}]",
        _lazy(types, prefix),
        *(_validate(each, f"{prefix[each.package]}validate", ours) for each in types),
    ]
    head = [
        f"{' and '.join(f'{each.schema.title}s' for each in types)}.",
        f"State files name {' and '.join(providers)} by the path of this package, `{name}.{providers[0]}`. Neither the path nor the name "
        "may ever change.",
    ]
    return python.module(head, *parts)


def names_of(types: Sequence[ResourceType]) -> list[str]:
    """The names that the package gives programs."""
    prefix = _prefixes(types)
    return sorted(
        {
            *(each.name for each in types),
            *(f"{each.name}Provider" for each in types),
            *_modules(types),
            *(f"{prefix[each.package]}validate" for each in types),
            *(found.name for each in types for found in _exported(each.schema)),
        }
    )


def _prefixes(types: Sequence[ResourceType]) -> dict[str, str]:
    return {each.package: "" if each is types[0] else f"{_inner(each)}_" for each in types}


def _modules(types: Sequence[ResourceType]) -> dict[str, str]:
    """The names of the modules of output types, with the folder each is in."""
    prefix = _prefixes(types)
    return {f"{prefix[each.package]}outputs": _inner(each) for each in types if "outputs" in _types_of(each.schema)}


def _exported(schema: Schema) -> list[Structure]:
    """The structures that the package gives programs by their names: those of arguments, and those of what AWS computes."""
    given = {each.name: each for each in input_structures(schema)}
    return [*given.values(), *(each for each in output_structures(schema) if each.name not in given)]


def _imported(types: Sequence[ResourceType], prefix: dict[str, str]) -> Iterator[str]:
    for type in types:
        given = [each.name for each in input_structures(type.schema)]
        made = [each.name for each in output_structures(type.schema) if each.name not in given]
        if "outputs" in _types_of(type.schema):
            alias = f" as {prefix[type.package]}outputs" if prefix[type.package] else ""
            yield f"    from .{_inner(type)} import outputs{alias}"
        if given:
            yield f"    from .{_inner(type)}.inputs import {', '.join(sorted(given))}"
        if made:
            yield f"    from .{_inner(type)}.outputs import {', '.join(sorted(made))}"


def _lazy(types: Sequence[ResourceType], prefix: dict[str, str]) -> str:
    imports, sources, classes = [], [], []
    for type in types:
        inner = _inner(type)
        classes.append(
            f'if name in ("{type.name}", "{type.name}Provider"):\n            from .{inner} import resource as {inner}_resource\n\n'
            f"            return globals().setdefault(name, getattr({inner}_resource, name))"
        )
        kinds = {kind: f"{prefix[type.package]}{kind}" for kind in _types_of(type.schema)}
        named = ", ".join(kind if kind == name else f"{kind} as {name}" for kind, name in kinds.items())
        imports.append(f"from .{inner} import {named}" if kinds else "")
        if name := kinds.get("outputs"):
            sources.append(f'"{name}": {name}, **vars({name})')
        if name := kinds.get("inputs"):  # last: where both have a type of the same name, programs get that of arguments
            sources.append(f"**vars({name})")
    loading = [
        "\n        ".join(classes),
        "if name not in __all__:\n            raise AttributeError(_MISSING.format(__name__, name))",
    ]
    rest = (
        [f"found = {{{', '.join(sources)}}}\n        return globals().setdefault(name, found[name])"] if sources else []
    )
    body = "\n        ".join([*loading, *filter(None, imports), *rest])
    return f'''if not TYPE_CHECKING:
    _MISSING = "module {{!r}} has no attribute {{!r}}"

    def __getattr__(name: str) -> Any:
        """The classes and the types of structures, which are loaded when first used: the provider's own process needs none of them."""
        {body}

    def __dir__() -> list[str]:
        return [*globals(), *__all__]'''


def _validate(type: ResourceType, name: str, ours: str) -> str:
    found = ", ".join(f'Failure("{each.path}", "{each.text}")' for each in failures(type.schema, {}))
    text = python.docstring(
        [
            f"Every mistake in the inputs of {words.article(type.schema.short_noun)}, sorted by path; empty when there is none.",
            "It needs neither Pulumi nor AWS, so it serves in unit tests.",
            f"Shape: `{name}({{}})` gives `[{found}]`.",
        ]
    )
    return f"""def {name}(inputs: Json) -> list[Failure]:
{text}
    # Imported with the first use, so that importing the package stays quick.
    from {ours}host.values import with_our_marks
    from {ours}model.validation import failures
    from .{_inner(type)}.resource import {type.name}Provider

    return failures({type.name}Provider.type.schema, with_our_marks(inputs))"""


def _inner(type: ResourceType) -> str:
    """The name of the resource's folder."""
    return type.package.rpartition(".")[2]


def _ours(type: ResourceType, depth: int = 3) -> str:
    """How a module names this package: by dots from within it, and by its name from elsewhere."""
    root = ResourceType.__module__.partition(".")[0]
    return "." * depth if type.package.startswith(f"{root}.") else f"{root}."
