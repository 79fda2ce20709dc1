"""`python -m tests.chaos.mutations [TEXT]`: takes out each protection (whose sentence has the text in it), and looks whether it is noticed.

Exit code 1 where one is not, or where a trial or test fails without any change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from . import PROVIDER, Mutation
from .listed import MUTATIONS

ROOT = PROVIDER.parent
PACKAGES = ("pulumi_connect_domains", "pulumi_local_engine")
FAILED, WORDS = 1, {0: "not noticed", 1: "noticed"}


def main(words: Sequence[str]) -> int:
    chosen = [each for each in MUTATIONS if all(word in each.protection for word in words)]
    trials = sorted({each.trial for each in chosen if each.trial})
    tests = sorted({each.test for each in chosen if each.test})
    unchanged = [_tried(PROVIDER, trials) if trials else 0, _tested(PROVIDER, tests) if tests else 0]
    if any(unchanged):
        print("without any change they must succeed, and do not")
        return FAILED
    codes = [_code(each) for each in chosen]
    for each, code in zip(chosen, codes, strict=True):
        print(f"{WORDS.get(code, f'exit code {code}')}: {each.protection}", flush=True)
    print(f"{codes.count(FAILED)} of {len(codes)} are noticed")
    return 0 if set(codes) <= {FAILED} else FAILED


def _code(mutation: Mutation) -> int:
    """The exit code of the mutation's trial or test, with a provider without the protection."""
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            shutil.copytree(PROVIDER / package, Path(folder) / package, ignore=shutil.ignore_patterns("__pycache__"))
        (Path(folder) / mutation.file).write_text(mutation.mutated(), "utf-8")
        return _tried(Path(folder), [mutation.trial]) if mutation.trial else _tested(Path(folder), [mutation.test])


def _tried(provider: Path, trials: Sequence[str]) -> int:
    return _run(provider, ["-m", "tests.chaos", *(word for trial in trials for word in ("--trial", trial))])


def _tested(provider: Path, tests: Sequence[str]) -> int:
    return _run(provider, ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests])


def _run(provider: Path, arguments: Sequence[str]) -> int:
    found = os.pathsep.join(filter(None, [str(provider), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env={**os.environ, "PYTHONPATH": found}, capture_output=True, text=True
    )  # fmt: skip
    if done.returncode not in WORDS:
        print(done.stdout[-2000:], done.stderr[-2000:])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
