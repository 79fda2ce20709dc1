"""The Pulumi CLI: found on PATH, run without questions, and what it says when it fails. Only this module starts it."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass

from ..model.errors import ConfigurationError

NO_REASON = "it gave no reason"

MINIMUM = (3, 254, 0)
"""The first CLI that is supported: the first whose import files hold inputs and outputs."""
NEXT_MAJOR = (4, 0, 0)
"""The first CLI that is not supported any more, since nobody knows it yet."""
STAND_IN = "+local"
"""How the version of the local engine ends, which wears the CLI's clothes."""
LANGUAGE_HOST = "pulumi-language-python"


@dataclass(frozen=True)
class Answer:
    """The exit code of a command of the CLI, and what it printed."""

    code: int
    output: bytes
    errors: bytes

    @property
    def first_error(self) -> str:
        """The first line on standard error that says what is wrong, without its prefix."""
        errors, lines = _errors(self.errors)
        return next(iter(errors or lines), NO_REASON)

    @property
    def all_errors(self) -> str:
        """Every line that says what is wrong, without its prefix: of standard error, or of the output where that is empty."""
        errors, lines = _errors(self.errors or self.output)
        return "\n".join(errors or lines[-3:]) or NO_REASON


@dataclass(frozen=True)
class Pulumi:
    """The CLI, run in a folder: the project's, or any other where it is logged in to a backend."""

    program: str
    folder: str = "."

    @classmethod
    def find(cls, folder: str, otherwise: str) -> Pulumi:
        """The CLI on PATH. Raises: ConfigurationError; `otherwise` says what it is needed for, and how to do without."""
        program = shutil.which("pulumi")
        if program is None:
            raise ConfigurationError(f"the Pulumi CLI is not on PATH, and {otherwise}")
        return cls(program, folder)

    @property
    def has_python(self) -> bool:
        """Whether it can run Python programs: its language host is beside it, or on PATH."""
        beside = os.path.dirname(self.program)
        return shutil.which(LANGUAGE_HOST, path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}") is not None

    def run(self, *arguments: str, changes: bool = False, seconds: float | None = None) -> Answer:
        """The command's answer, also where it failed.

        Ctrl-C ends a command that only reads, and so does the limit of `seconds`. One that `changes` the state is waited for until it
        has ended. Raises: ConfigurationError when the CLI cannot be started, or has not answered in time.
        """
        command = [self.program, *arguments, "--non-interactive"]
        environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
        pipe = subprocess.PIPE
        try:
            process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            raise ConfigurationError(
                f"the Pulumi CLI cannot be run in {self.folder}: {error.strerror or error}"
            ) from None
        with process:
            try:
                output, errors = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise ConfigurationError(f"the Pulumi CLI did not answer within {seconds:g} s") from None
            except BaseException:
                if not changes:
                    process.kill()
                process.communicate()
                raise
        return Answer(process.returncode, output, errors)


def _errors(text: bytes) -> tuple[list[str], list[str]]:
    """The lines that begin with `error:`, without that; and all lines."""
    lines = [line.strip() for line in text.decode("utf-8", "replace").splitlines() if line.strip()]
    return [line.removeprefix("error:").strip() for line in lines if line.startswith("error:")], lines
