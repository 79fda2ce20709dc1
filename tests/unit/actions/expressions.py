"""GitHub's expressions, as far as the actions use them: contexts, texts, `==`, `!=`, `!`, `&&`, `||` and `contains`.

Source: GitHub's page "Evaluate expressions in workflows and actions". `&&` and `||` return one of their sides, texts are compared without
regard to case, and what a context does not have is null.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^']|'')*'|==|!=|&&|\|\||[!(),]|[A-Za-z_][\w-]*(?:\.(?:[A-Za-z_][\w-]*|\*))*)")


def filled(text: object, contexts: Mapping[str, Any]) -> str:
    """The text with each `${{ … }}` in it replaced by its value."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: written(value_of(found[1], contexts)), str(text), flags=re.DOTALL)


def value_of(expression: str, contexts: Mapping[str, Any]) -> Any:
    """The value of an expression, without its `${{ }}`."""
    tokens, at = [], 0
    while expression[at:].strip():
        found = _TOKEN.match(expression, at)
        assert found, f"not understood: {expression[at:]!r}"
        tokens.append(found[1])
        at = found.end()
    reader = _Reader(tokens, contexts)
    value = reader.either()
    assert reader.at == len(tokens), f"not understood: {tokens[reader.at :]}"
    return value


def written(value: Any) -> str:
    """The value as GitHub writes it into a text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


class _Reader:
    def __init__(self, tokens: list[str], contexts: Mapping[str, Any]) -> None:
        self.tokens, self.contexts, self.at = tokens, contexts, 0

    def takes(self, *wanted: str) -> str:
        """The next token where it is one of these, else ""."""
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def either(self) -> Any:
        value = self.both()
        while self.takes("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self.takes("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.single()
        while operator := self.takes("==", "!="):
            is_equal = written(value).lower() == written(self.single()).lower()
            value = is_equal == (operator == "==")
        return value

    def single(self) -> Any:
        if self.takes("!"):
            return not self.single()
        if self.takes("("):
            value = self.either()
            assert self.takes(")")
            return value
        token = self.tokens[self.at]
        self.at += 1
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if self.takes("("):
            return self.call(token)
        return _looked_up(token.split("."), self.contexts)

    def call(self, name: str) -> bool:
        assert name == "contains", f"the tests do not know the function {name}"
        many = self.either()
        assert self.takes(",")
        one = self.either()
        assert self.takes(")")
        return written(one).lower() in [written(each).lower() for each in many or ()]


def _looked_up(names: list[str], value: Any) -> Any:
    for place, name in enumerate(names):
        if name == "*":
            items = value if isinstance(value, list) else []
            return [_looked_up(names[place + 1 :], item) for item in items]
        assert place or name in value, f"there is no context {name}"
        value = value.get(name) if isinstance(value, Mapping) else None
    return value
