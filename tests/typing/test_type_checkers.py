"""What mypy and pyright (as basedpyright, which brings its own Node.js) say of programs that use this package, right ones and wrong ones.

Both run with the settings that they have when nobody sets any.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parent / "programs"
Said = list[tuple[str, int, str]]
"""Of each error: the file's name, the line, the message."""


def mypy(folder: Path) -> Said:
    settings = folder / "mypy.ini"
    settings.write_text("[mypy]\npython_version = 3.10\n")
    command = [sys.executable, "-m", "mypy", "--config-file", str(settings), "--cache-dir", str(folder / "cache")]
    said = subprocess.run([*command, str(PROGRAMS)], capture_output=True, text=True)
    assert not said.stderr, said.stderr
    errors = re.findall(r"(?m)^\S*?(\w+\.py):(\d+): error: (.+)$", said.stdout)
    assert bool(errors) is bool(said.returncode), said.stdout
    return [(name, int(line), text) for name, line, text in errors]


def pyright(folder: Path) -> Said:
    command = Path(sysconfig.get_path("scripts")) / "basedpyright"
    settings = {"include": [str(PROGRAMS)], "typeCheckingMode": "standard", "pythonVersion": "3.10"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    arguments = ["--outputjson", "--project", str(folder), "--pythonpath", sys.executable]
    said = subprocess.run([command, *arguments], capture_output=True, text=True)
    document = json.loads(said.stdout)
    assert document["summary"]["filesAnalyzed"] == len(list(PROGRAMS.glob("*.py"))), said.stdout
    return [
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each["message"])
        for each in document["generalDiagnostics"]
        if each["severity"] == "error"
    ]


@pytest.fixture(scope="module", params=[mypy, pyright], ids=["mypy", "pyright"])
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Said:
    checker: Callable[[Path], Said] = request.param
    pytest.importorskip("mypy" if checker is mypy else "basedpyright")
    return checker(tmp_path_factory.mktemp("checker"))


def test_nothing_is_said_of_programs_that_work(said: Said) -> None:
    assert [each for each in said if each[0] == "good.py"] == []


def test_every_mistake_is_found_and_nothing_else(said: Said) -> None:
    lines = (PROGRAMS / "bad.py").read_text(encoding="utf-8").splitlines()
    wrong = {number: line.partition("# wrong: ")[2] for number, line in enumerate(lines, 1) if "# wrong: " in line}
    found = {line: message for name, line, message in said if name == "bad.py"}
    assert {line: wrong.get(line) for line in found} == {line: wrong[line] for line in wrong}, found
