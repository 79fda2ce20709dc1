"""YAML files of settings: read as every YAML reader reads them, or refused; edited with their comments and styles.

The CLI reads `012` as 10, and a date as Go prints it (`2024-01-01 00:00:00 +0000 UTC`); YAML 1.2, which ruamel.yaml follows, reads both
otherwise. So a plain scalar that looks like a number or a date, and is not simply a decimal number, must be in quotes here.
"""

import io
import json
import re
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.constructor import ConstructorError, SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

Changes: TypeAlias = Mapping[tuple[str, ...], "str | dict[str, str] | None"]
"""Entries by their one or two keys, `("config", "aws:region")`: a text, or `{"secure": CIPHERTEXT}`; None: it is to go."""

MOST_PIECES: Final = 500_000
_KEYS: Final = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:merge")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LIKE_A_NUMBER: Final = re.compile(
    r"""[-+]?(?=.*[0-9])[0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9_]+)?  # 012, 1_000, .5, 1e3
    | [-+]?0[xXoObB][0-9a-fA-F_]+
    | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ ].*)?  # a date, or a time
    | << | =  # a merge key, a default value
    """,
    re.VERBOSE,
)


class SettingsError(Exception):
    """A settings file is missing or wrong; the text says which and how."""


def read_yaml(text: str, path: Path) -> dict[str, Any]:
    """The mapping in the text, empty for an empty one. Raises SettingsError, naming the file and the line."""
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    try:
        found = reader.load(text)
    except YAMLError as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error)
        place = f"{path}, line {mark.line + 1}" if mark else f"{path}"
        raise SettingsError(f"{place}: {problem.partition(' with value')[0].splitlines()[0]}") from None
    if not isinstance(found, dict | None):
        raise SettingsError(f"{path}: a mapping was expected, not {type(found).__name__}")
    # As JSON, piece by piece, with what its anchors repeat: ValueError for what contains itself, TypeError for what is not JSON's.
    if any(True for _ in islice(json.JSONEncoder().iterencode(found), MOST_PIECES, None)):
        raise SettingsError(f"{path}: holds too many values, with what its anchors repeat")
    return found or {}


class _Constructor(SafeConstructor):
    """Refuses plain scalars that other readers of YAML, the CLI above all, read otherwise."""

    def construct_object(self, node: Node, deep: bool = False) -> Any:
        if isinstance(node, ScalarNode) and not node.style and not _reads_alike(node.value):
            problem = f"{node.value} does not mean the same to all readers of YAML: put it in quotes"
            raise ConstructorError(None, None, problem, node.start_mark)
        for key, _ in node.value if isinstance(node, MappingNode) else ():
            if key.tag not in _KEYS:
                raise ConstructorError(None, None, "the keys of a mapping must be texts", key.start_mark)
        value = super().construct_object(node, deep)
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _reads_alike(text: str) -> bool:
    if not _LIKE_A_NUMBER.fullmatch(text):
        return True
    # A number with an exponent (a very big or small one) is written in different ways.
    return bool(_DECIMAL.fullmatch(text)) and "e" not in repr(float(text))


def edit(text: str, changes: Changes, path: Path) -> str:
    """The YAML text with these entries set or removed. A comment below a removed entry goes with it.

    **Raises** SettingsError when the text is wrong, or another value would change.
    """
    expected = read_yaml(text, path)
    editor = YAML(typ="rt", pure=True)
    editor.preserve_quotes, editor.width = True, 2**20  # no text is folded
    editor.indent(mapping=2, sequence=4, offset=2)
    root = editor.load(text) or CommentedMap()
    for keys, value in changes.items():
        _set(expected, keys, value)
        _set(root, keys, None if value is None else _node(value))
    stream = io.StringIO()
    if root:
        editor.dump(root, stream)
    if read_yaml(stream.getvalue(), path) != expected:
        raise SettingsError(f"{path}: the change would change other values too: edit the file by hand")
    return stream.getvalue()


def _set(root: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """The entry below the keys is set, or gone (None), and no section is left empty."""
    *sections, key = keys
    holder = root
    for section in sections:
        root[section] = holder = root.get(section) or type(root)()
    if value is None:
        holder.pop(key, None)
    else:
        holder[key] = value
    for section in sections:
        if not root[section]:
            del root[section]


def _node(value: str | dict[str, str]) -> Any:
    """The value as ruamel.yaml writes it: in quotes where a reader might take it for a number."""
    if isinstance(value, dict):
        return CommentedMap((key, _node(item)) for key, item in value.items())
    plain = value.isprintable() and value[:1] not in "+-.0123456789"
    # With a style of its own: ruamel.yaml would give it that of the value before, which may be a folded text.
    return PlainScalarString(value) if plain else DoubleQuotedScalarString(value)
