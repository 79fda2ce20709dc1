"""What a command's processes cost is read from all of them, and told apart by what they are for."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

PARENT = """
import subprocess, sys
for words in (["runner.py", "host"], ["other"]):
    subprocess.run([sys.executable, "-c", "held = bytearray(60_000_000); sum(range(12_000_000))", *words], check=True)
"""


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("python -u -m pulumi.dynamic 127.0.0.1:1", "host"),
        ("/bin/bash /bin/pulumi-resource-pulumi-python 127.0.0.1:1", "host"),
        ("python -u /lib/pulumi_local_engine/provider/runner.py host 127.0.0.1:1", "host"),
        ("python -u /lib/pulumi_local_engine/provider/runner.py program {}", "program"),
        ("python -u /bin/pulumi-language-python-exec --monitor 127.0.0.1:1", "program"),
        ("/bin/pulumi-language-python -root=.", "engine"),
        ("/bin/pulumi up --stack dev", "engine"),
    ],
)
def test_a_process_belongs_to_the_part_that_its_command_line_names(words: str, part: str, benchmark: Any) -> None:
    assert benchmark("commands")._part(words) == part


def test_processes_below_a_command_are_watched(benchmark: Any) -> None:
    process = subprocess.Popen([sys.executable, "-c", PARENT])
    watch = benchmark("commands").Watch(process.pid)
    watch.start()
    assert process.wait() == 0
    watch.end()
    found = watch.costs
    assert set(found.cpu_seconds) == set(found.peak_mib) == {"host", "engine"}
    assert found.cpu_seconds["host"] > 0
    assert found.cpu_seconds["engine"] > 0
    assert 55 < found.peak_mib["host"] < 200
