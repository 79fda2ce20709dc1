"""What jsonschema would import at once, and needs for no schema of ours, is imported when somebody uses it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pulumi_connect_domains.model.validation import late_grammar

GRAMMAR = (
    'LEVEL = 3\nFAILURE = LookupError\n\ndef is_valid_syntax(rule, text):\n    return (rule, text) == ("iri", "a:b")\n'
)


@pytest.fixture
def grammar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The name of a package that is installed, and not imported."""
    name = f"grammar_of_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(GRAMMAR)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(late_grammar, "NAME", name)
    return name


def test_the_package_is_imported_at_the_first_text_that_is_checked(grammar: str) -> None:
    with late_grammar.imported_late():
        found: dict[str, object] = {}
        exec(f"from {grammar} import is_valid_syntax", found)
    assert grammar not in sys.modules
    checks = found["is_valid_syntax"]
    assert callable(checks)
    assert (checks("iri", "a:b"), checks("iri", "a")) == (True, False)
    assert sys.modules[grammar].LEVEL == 3


def test_whatever_else_is_asked_of_it_is_the_package_s_own(grammar: str) -> None:
    with late_grammar.imported_late():
        found: dict[str, object] = {}
        exec(f"from {grammar} import FAILURE", found)
        with pytest.raises(ImportError):
            exec(f"from {grammar} import nothing", found)
    assert found["FAILURE"] is LookupError
    assert sys.modules[grammar].LEVEL == 3


def test_a_package_that_is_imported_already_stays_as_it_is(grammar: str) -> None:
    own = __import__(grammar)
    with late_grammar.imported_late():
        assert sys.modules[grammar] is own
    assert sys.modules[grammar] is own


def test_a_package_that_is_not_installed_stays_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_grammar, "NAME", "no_such_grammar")
    with late_grammar.imported_late():
        assert "no_such_grammar" not in sys.modules


def test_a_check_imports_jsonschema_without_the_grammar_and_others_still_have_it() -> None:
    program = (
        "import sys\n"
        "from pulumi_connect_domains.model.validation import failures\n"
        "from pulumi_connect_domains.registry import resource_types\n"
        "assert failures(resource_types()['voiceid'].schema, {})\n"
        "print('jsonschema' in sys.modules, {'lark', 'rfc3987_syntax'} & set(sys.modules))\n"
        "from jsonschema import FormatChecker\n"
        "checks = FormatChecker()\n"
        "print('iri' not in checks.checkers or (checks.conforms('http://é', 'iri'), checks.conforms('é', 'iri')) == (True, False))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True set()", "True"]
