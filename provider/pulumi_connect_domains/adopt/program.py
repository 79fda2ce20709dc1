"""The Python program that declares the domains, laid out as `ruff format` lays it out: 120 columns, double quotes, trailing commas. Pure.

Like ruff we count columns, not characters: 東 takes two. No library does it: `ast.unparse` writes one line, `pprint` indents to the
bracket, and `rich.pretty` never breaks a long text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.cells import cell_len

from .model import Adopted


def text(adopted: Sequence[Adopted], *, protect: bool) -> str:
    """The program's source; the domains are all of one account, and there is at least one.

    `protect` is said in it as well, since the engine goes by the program: without it the next `up` would lift the protection.
    """
    packages = sorted({each.type.module for each in adopted})
    head = [
        f'"""Amazon Connect domains of account {adopted[0].found.account}, as they were when Pulumi took them over."""',
        "",
    ]
    head += ["import pulumi"] if protect else []
    package = "pulumi_connect_domains.native" if adopted[0].is_native else "pulumi_connect_domains"
    head += [f"from {package} import {', '.join(packages)}", ""]
    return "\n".join([*head, *(_declaration(each, protect) for each in adopted)])


def _declaration(adopted: Adopted, protect: bool) -> str:
    arguments: Mapping[str, object] = {**adopted.declared, **({"opts": PROTECTED} if protect else {})}
    made = call(f"{adopted.type.module}.{adopted.type.name}", adopted.resource_name, arguments)
    return f"{adopted.variable} = {made}\n"


WIDTH = 120
STEP = "    "


class Code(str):
    """An expression, to be written as it stands."""

    __slots__ = ()


PROTECTED = Code("pulumi.ResourceOptions(protect=True)")


def call(function: str, first: str, arguments: Mapping[str, object]) -> str:
    """A call, one argument a line.

    Shape: `call("customerprofiles.Domain", "crm", {"default_expiration_days": 30})`.
    """
    lines = [f"{STEP}{_value(first, STEP, '')},"]
    lines += [f"{STEP}{name}={_value(value, STEP, f'{name}=')}," for name, value in arguments.items()]
    return "\n".join([f"{function}(", *lines, ")"])


def literal(text: str) -> str:
    """The text in quotes: double ones, unless single ones need fewer backslashes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return f"{quote}{''.join(_escaped(letter, quote) for letter in text)}{quote}"


def _value(value: object, indent: str, lead: str) -> str:
    """The value, whose first line begins after `indent` and `lead` and ends with a comma: on one line where that fits."""
    flat = _flat(value)
    if len(indent) + cell_len(lead) + cell_len(flat) + 1 <= WIDTH or isinstance(value, Code):
        return flat
    inner = indent + STEP
    if isinstance(value, Mapping) and value:
        return _block("{", (_entry(key, item, inner) for key, item in value.items()), "}", indent)
    if isinstance(value, (list, tuple)) and value:
        return _block("[", (f"{_value(item, inner, '')}," for item in value), "]", indent)
    if isinstance(value, str):
        return _block("(", _pieces(value, WIDTH - len(inner)), ")", indent)
    return flat


def _entry(key: str, value: object, indent: str) -> str:
    flat = literal(key)
    room = WIDTH - len(indent) - len(": (")
    pieces = [flat] if cell_len(flat) <= room else list(_pieces(key, room))
    last = pieces.pop()
    return f"\n{indent}".join([*pieces, f"{last}: {_value(value, indent, f'{last}: ')},"])


def _block(opening: str, lines: Iterable[str], closing: str, indent: str) -> str:
    return "\n".join([opening, *(f"{indent}{STEP}{line}" for line in lines), f"{indent}{closing}"])


def _flat(value: object) -> str:
    if isinstance(value, Code):
        return value
    if isinstance(value, str):
        return literal(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{literal(key)}: {_flat(item)}' for key, item in value.items())}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_flat, value))}]"
    return repr(value)


def _pieces(text: str, width: int) -> Iterator[str]:
    """The text as several literals of at most `width` columns, which Python joins."""
    piece = ""
    for letter in text:
        if cell_len(literal(piece + letter)) > width:
            yield literal(piece)
            piece = ""
        piece += letter
    yield literal(piece)


def _escaped(letter: str, quote: str) -> str:
    if letter == quote:
        return f"\\{letter}"
    return letter if letter in "'\"" else repr(letter)[1:-1]
