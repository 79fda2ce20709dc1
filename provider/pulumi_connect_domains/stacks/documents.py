"""Text, JSON and YAML out of bytes that somebody else wrote. Pure.

What is returned is plain JSON within limits, so that no reader has to check again: at most 100 levels, only numbers that a float can hold,
no half characters, no value that contains itself.
"""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from ..model.errors import TooBig, Unreadable

MOST_LEVELS = 100
"""Source: protobuf's default limit, within which the engine and a Python program exchange values."""

MOST_DIGITS = 309
"""Of a whole number. A float can hold no more, and Pulumi keeps every number as a float."""

MOST_JSON_VALUES = 10_000_000
"""In one document; they take two gigabytes at most. A state of 100,000 domains holds about as many, 200 MB of `[],` seven times that."""

MOST_YAML_CHARACTERS = 1_000_000
MOST_YAML_VALUES = 200_000  # in one document, with what its anchors repeat

_MOST = sys.float_info.max
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = re.compile("[\ud800-\udfff]")


class NotJson(Unreadable):
    """The text is no JSON. `place` says where the mistake is: "line 1, column 2"; `words` say what it is."""

    def __init__(self, error: json.JSONDecodeError) -> None:
        super().__init__(f"is not JSON: {error}")
        self.column, self.words = error.colno, error.msg
        self.place = f"line {error.lineno}, column {self.column}"


class NotYaml(Unreadable):
    """The text is no YAML, or has values that JSON does not have. `place` says where: "line 1, column 2"; "" where that is not known."""

    def __init__(self, mark: Any = None) -> None:
        self.place = _place(mark) if mark else ""
        super().__init__(f"{self.place}: is not YAML" if self.place else "is not YAML")


def text_of(content: bytes) -> str:
    """The text in the bytes: UTF-8, or UTF-16 or UTF-32 as PowerShell and Windows write it, with a byte order mark or without.

    Raises: Unreadable.
    """
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        raise Unreadable("is not text") from None


def json_of(content: bytes | str, *, levels_above: int = 0) -> Any:
    """The JSON document in the bytes or the text, or a part of one that has so many levels above it.

    Raises: NotJson, TooBig, Unreadable.
    """
    try:
        text = text_of(content) if isinstance(content, bytes) else content
    except Unreadable as error:
        raise Unreadable(f"is not JSON: it {error}") from None
    # Counted before anything is made of them, so marks inside texts count too.
    levels = text.count("[") + text.count("{")
    if levels + text.count(",") > MOST_JSON_VALUES:
        raise TooBig(f"holds more than {MOST_JSON_VALUES:,} values")
    try:
        document = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(error) from None
    except RecursionError:
        raise _too_deep() from None
    if levels + levels_above > MOST_LEVELS:  # so many brackets only: it may be deep
        _refuse_depth(document, levels_above)
    if _SURROGATE.search(text):
        _refuse_half_characters(document)
    return document


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MOST_DIGITS:
        raise Unreadable(f"holds a number of {len(digits)} digits; at most {MOST_DIGITS}")
    value = int(digits)
    if abs(value) > _MOST:  # comparing with a float takes any whole number; making one of it does not
        raise Unreadable("holds a number that is too big")
    return value


def _real(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Unreadable("holds a number that is too big")
    return value


def _no_number(word: str) -> float:
    raise Unreadable(f"is not JSON: it holds {word}, which is no number there")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_real, parse_constant=_no_number)


def _too_deep() -> Unreadable:
    return Unreadable(f"is nested more than {MOST_LEVELS} levels deep")


def _refuse_depth(document: Any, depth: int = 0) -> None:
    level = [document]
    while level:
        if depth > MOST_LEVELS:
            raise _too_deep()
        maps = [value for each in level if type(each) is dict for value in each.values()]
        level = maps + [value for each in level if type(each) is list for value in each]
        depth += 1


def _refuse_half_characters(document: Any) -> None:
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Unreadable("holds half a character (a lone surrogate)") from None


# -- YAML -------------------------------------------------------------------------------------------------------------


def yaml_of(text: str, *, as_texts: bool = False) -> list[Any]:
    """Every document in the text, scalars as YAML 1.2 has them: `9:05`, `yes` and `2026-01-01` are text. `as_texts`: all are.

    Raises: Unreadable, which says where the mistake is, and never what stands there, since that may be secret.
    """
    if len(text) > MOST_YAML_CHARACTERS:
        raise Unreadable(f"is bigger than {MOST_YAML_CHARACTERS:,} characters")
    try:
        nodes = list(yaml.compose_all(text, Loader=_Texts if as_texts else _Loader))
        for node in nodes:
            _weight(node, {}, 0)
        documents = [_value(node, as_texts) for node in nodes]
    except yaml.MarkedYAMLError as error:
        raise NotYaml(error.problem_mark) from None
    except (yaml.YAMLError, ValueError, OverflowError):  # the last two: an escape ("\U00110000") that is no character
        raise NotYaml from None
    except RecursionError:
        raise _too_deep() from None
    for document in documents:
        _refuse_depth(document)
        _refuse_half_characters(document)
    return documents


class _Loader(yaml.SafeLoader):
    """YAML 1.2's scalars; PyYAML's own would take `9:05` for 545, `yes` for True and `2026-01-01` for a date."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML's own name and form


class _Texts(yaml.BaseLoader):
    """Nothing but texts, lists and maps."""


_TAG = "tag:yaml.org,2002:"
_SCALARS = {
    "bool": ("true|True|TRUE|false|False|FALSE", "tTfF"),
    "int": ("[-+]?[0-9]+", "-+0123456789"),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    "null": ("~|null|Null|NULL|", ["~", "n", "N", ""]),
}
for _name, (_pattern, _first) in _SCALARS.items():
    _Loader.add_implicit_resolver(f"{_TAG}{_name}", re.compile(f"^(?:{_pattern})$"), list(_first))


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"


def _weight(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    """How many values the node holds, counting what its anchors repeat. Raises: Unreadable for too many, or one that contains itself."""
    if depth > MOST_LEVELS:
        raise _too_deep()
    if id(node) not in known:
        known[id(node)] = 0  # a node that is met again before it is counted contains itself
        known[id(node)] = 1 + sum(_weight(each, known, depth + 1) for each in _below(node))
    if not known[id(node)]:
        raise Unreadable(f"{_place(node.start_mark)}: an anchor refers to itself")
    if known[id(node)] > MOST_YAML_VALUES:
        raise Unreadable(
            f"{_place(node.start_mark)}: holds more than {MOST_YAML_VALUES:,} values, with what anchors repeat"
        )
    return known[id(node)]


def _below(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        yield from (each for pair in node.value for each in pair)
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _value(node: yaml.Node, as_texts: bool) -> Any:
    kind = node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.MappingNode) and (as_texts or kind == "map"):
        return _map(node, as_texts)
    if isinstance(node, yaml.SequenceNode) and (as_texts or kind == "seq"):
        return [_value(each, as_texts) for each in node.value]
    if isinstance(node, yaml.ScalarNode):
        if as_texts or kind == "str":
            return _text(node)
        if kind in _SCALARS and re.fullmatch(_SCALARS[kind][0], node.value):
            return _READ[kind](node.value)
    raise NotYaml(node.start_mark)


_READ: Mapping[str, Any] = {
    "bool": lambda text: text.lower() == "true",
    "int": _whole,
    "float": _real,
    "null": lambda text: None,
}


def _map(node: yaml.MappingNode, as_texts: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise NotYaml(key.start_mark)
        name = _text(key)
        if name in found:
            raise Unreadable(f"{_place(key.start_mark)}: the key stands in its map twice")
        found[name] = _value(value, as_texts)
    return found


def _text(node: yaml.ScalarNode) -> str:
    """The scalar's text. Two escapes that are the halves of one character in JSON (`\\ud83d\\ude00`), which YAML leaves as two, are one."""
    text: str = node.value
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if _HALF.search(text) else text


# -- where a value stands ---------------------------------------------------------------------------------------------


def lines_of(text: str) -> Callable[[int, Sequence[object]], int | None]:
    """A function that finds lines in the text, which is JSON or YAML.

    It takes the number of the document (0 is the first) and the steps of a path, and returns the line, from 1, on which the value there
    begins; in a map, that of its key. Where the path leads nowhere, it is the line of the last part that is there; None where the text
    cannot be read, or is bigger than a YAML document may be.
    """
    try:
        # Tabs are blanks in JSON, and no text of JSON holds one; YAML refuses them.
        is_small = len(text) <= MOST_YAML_CHARACTERS
        nodes = list(yaml.compose_all(text.replace("\t", " "), Loader=_Texts)) if is_small else []
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        nodes = []
    members: dict[int, dict[object, tuple[Any, yaml.Node]]] = {}

    def line_of(document: int, path: Sequence[object]) -> int | None:
        node = nodes[document] if document < len(nodes) else None
        if node is None:
            return None
        mark = node.start_mark
        for step in path:
            found = _step(node, step, members)
            if found is None:
                break
            mark, node = found
        return int(mark.line) + 1

    return line_of


def _step(
    node: yaml.Node, step: object, members: dict[int, dict[object, tuple[Any, yaml.Node]]]
) -> tuple[Any, yaml.Node] | None:
    """The place and the node one step further on. `members` keeps those of each map by key, which may be thousands."""
    if isinstance(node, yaml.MappingNode):
        if id(node) not in members:
            members[id(node)] = {
                key.value: (key.start_mark, value) for key, value in reversed(node.value) if _is_key(key)
            }
        return members[id(node)].get(step)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark, node.value[step]
    return None


def _is_key(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)
