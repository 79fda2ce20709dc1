"""The verdicts as SARIF, for code scanning: each at its line of its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...registry import resource_types
from ...reporting import sarif
from ...reporting.formats import Screen
from ...stacks import project
from ..verdicts import Verdict

INVALID = sarif.Rule(
    "inputs-invalid",
    "error",
    "AWS would refuse these inputs",
    "A value in the document breaks a limit of AWS, is missing, or is not known at all. A preview would fail with the same message.",
    "The message names the limit.",
)
UNREAD = sarif.Rule(
    "document-unreadable",
    "error",
    "A document could not be read",
    "The file is missing, is neither JSON nor YAML, or does not say which resource it describes.",
    "The message has the reason.",
)
CLOSED = sarif.Rule(
    "surroundings-closed",
    "error",
    "A key, queue or bucket is missing, or does not let the service in",
    "The document names something at AWS that does not exist, or whose policy does not allow the service what it needs there.",
    "The message tells which of the two, and what the policy lacks.",
)
RULES = (INVALID, UNREAD, CLOSED)


def sarif_(verdicts: Sequence[Verdict], _screen: Screen) -> str:
    """The mistakes, warnings and missing things. Each warning has the rule by which it can be silenced."""
    says = {rule.id: rule.says for kind in resource_types().values() for rule in kind.schema.rules}
    warned = {each: _warning_rule(each, says[each]) for each in sorted(says)}
    failed = any(verdict.has_failed for verdict in verdicts)
    return sarif.document("validate", (*RULES, *warned.values()), _results(verdicts, warned), sarif.Run(int(failed)))


def _warning_rule(rule: str, says: str) -> sarif.Rule:
    return sarif.Rule(
        rule,
        "warning",
        f"Inputs that are probably not meant: {rule}",
        f"{says} AWS accepts the inputs, or documents no answer to them, but they are probably not what is meant.",
        f"Change the inputs. Where they are meant, silence the rule: --silence {rule}, or connect-domains:silence in the stack's config.",
    )


def _results(verdicts: Sequence[Verdict], warned: Mapping[str, sarif.Rule]) -> Iterator[sarif.Result]:
    for verdict in verdicts:
        for (rule, path, _), (_, _, text) in zip(
            _found(verdict, warned), _found(verdict.as_written, warned), strict=True
        ):
            yield sarif.Result(rule, text, _in_file(verdict, path), (verdict.file, path))


def _found(verdict: Verdict, warned: Mapping[str, sarif.Rule]) -> list[tuple[sarif.Rule, str, str]]:
    """The rule, path and text of each result."""
    found = [(INVALID if verdict.resource else UNREAD, each.path, str(each)) for each in verdict.failures]
    found += [(warned[each.rule], each.path, str(each)) for each in verdict.advice]
    found += [(CLOSED, each.path, f"{each.path}: {each.text}") for each in verdict.live if each.status == "failed"]
    return found


def _in_file(verdict: Verdict, path: str) -> sarif.Place:
    return sarif.Place(project.seen_from_root(verdict.file), verdict.lines.get(path), name=path, kind="property")
