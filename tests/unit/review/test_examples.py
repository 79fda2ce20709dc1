"""examples/pull-request: the workflows are valid, their scripts run, and one comment stays one comment."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from .previews import HELD, INPUTS, document, state, step

EXAMPLE = Path(__file__).parent.parent.parent.parent / "examples" / "pull-request"
WORKFLOW = EXAMPLE / "github" / "preview.yml"
PIPELINE = EXAMPLE / "gitlab" / ".gitlab-ci.yml"
PATCH = "api --silent --method PATCH repos/me/shop/issues/comments"
MARKER = "<!-- connect-domains review -->"
UPDATED = document(step("update", state(), state({**INPUTS, "default_expiration_days": 60})))
# There are no credentials here, so with --live it is not known how much this holds.
LOSES = document(step("delete", state(outputs=HELD)))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the scripts are for the shells of Linux runners")


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-workflows", WORKFLOW), ("vendor.gitlab-ci", PIPELINE)],
    ids=["github", "gitlab"],
)
def test_the_workflows_follow_their_schemas(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    subprocess.run(command, check=True, capture_output=True)


def test_yaml_is_linted() -> None:
    rules = {
        "line-length": {"max": 160},
        "document-start": "disable",
        "truthy": {"check-keys": False},
        "comments": {"min-spaces-from-content": 1},
    }
    given = json.dumps({"extends": "default", "rules": rules})
    subprocess.run([sys.executable, "-m", "yamllint", "--strict", "-d", given, str(EXAMPLE)], check=True)


# -- the workflow's own scripts ---------------------------------------------------------------------------------------


class Runner:
    """A machine with the real connect-domains, and programs that only note what they were called with."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.programs.mkdir()
        (self.programs / "connect-domains").write_text(
            f'#!/bin/sh\nexec {sys.executable} -m pulumi_connect_domains "$@"\n'
        )
        self._make_executable("connect-domains")
        self.variables = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(folder),
            "GITHUB_REPOSITORY": "me/shop",
            "GITHUB_OUTPUT": str(folder / "output"),
            "AWS_PROFILE": "nobody",
            "AWS_CONFIG_FILE": "/nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
        }

    def program(self, name: str, text: str) -> None:
        """A stand-in: its arguments go to the file `calls`, then the text runs."""
        (self.programs / name).write_text(f'#!/bin/bash\nprintf "%s\\n" "$*" >> "{self.folder}/calls"\n{text}\n')
        self._make_executable(name)

    def run(self, script: str, *arguments: str, shell: str = "bash", **variables: str) -> int:
        command = [shell, "-e", "-c", script, shell, *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env={**self.variables, **variables}, capture_output=True, text=True
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    @property
    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def _make_executable(self, name: str) -> None:
        file = self.programs / name
        file.chmod(file.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def github_step(name: str) -> dict[str, Any]:
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["preview"]["steps"]
    found: dict[str, Any] = next(each for each in steps if each.get("name", "").startswith(name))
    return found


@pytest.mark.parametrize(
    ("preview", "approved", "code"),
    [
        pytest.param(UPDATED, "false", 0, id="nothing is lost"),
        pytest.param(LOSES, "false", 2, id="data loss that nobody approved"),
        pytest.param(LOSES, "true", 0, id="data loss that was approved"),
        pytest.param({"steps": "?"}, "true", 1, id="a preview that cannot be read"),
    ],
)
def test_github_previews_and_reviews(preview: dict[str, Any], approved: str, code: int, runner: Runner) -> None:
    (runner.folder / "made.json").write_text(json.dumps(preview))
    runner.program("pulumi", "cat made.json")
    assert runner.run(github_step("Preview")["run"], STACKS="dev me/shop/prod") == 0, runner.said
    assert sorted(file.name for file in (runner.folder / "previews").iterdir()) == ["dev.json", "me-shop-prod.json"]
    assert runner.calls[0] == "preview --stack dev --json --non-interactive"
    assert runner.run(github_step("Review")["run"], APPROVED=approved) == 0, runner.said
    assert (runner.folder / "output").read_text() == f"code={code}\n"
    assert (runner.folder / "comment.md").read_text().startswith(MARKER)
    assert json.loads((runner.folder / "review.json").read_text())["version"] == 1
    assert runner.run(github_step("Fail on data loss")["run"], CODE=str(code)) == code


def test_github_tells_of_a_preview_that_failed(runner: Runner) -> None:
    runner.program("pulumi", "exit 1")
    assert runner.run(github_step("Preview")["run"], STACKS="dev") == 0
    assert "::warning title=Preview::the preview of dev failed" in runner.said


@pytest.mark.parametrize(
    ("comment", "existing", "call"),
    [
        pytest.param("text", "", "api --silent --method POST repos/me/shop/issues/7/comments --field body=@comment.md", id="the first"),
        pytest.param("text", "11\n12\n", f"{PATCH}/11 --field body=@comment.md", id="edited in place"),
        pytest.param("", "11\n", "api --silent --method DELETE repos/me/shop/issues/comments/11", id="nothing changes any more"),
        pytest.param("", "", None, id="nothing changes, as before"),
    ],
)  # fmt: skip
def test_github_keeps_one_comment(comment: str, existing: str, call: str | None, runner: Runner) -> None:
    (runner.folder / "comment.md").write_text(comment)
    (runner.folder / "existing").write_text(existing)
    runner.program("gh", 'case "$*" in *--paginate*) cat existing ;; esac')
    script = (EXAMPLE / "github" / "one-comment.sh").read_text()
    assert runner.run(script, "7", "comment.md") == 0, runner.said
    assert runner.calls[0].startswith("api --paginate repos/me/shop/issues/7/comments --jq .[] | select(.user.login ==")
    assert MARKER in runner.calls[0]
    assert runner.calls[1:] == ([call] if call else [])


GITLAB = {
    "CI_API_V4_URL": "https://gitlab/api",
    "CI_PROJECT_ID": "5",
    "CI_MERGE_REQUEST_IID": "7",
    "GITLAB_TOKEN": "token",
    "CI_COMMIT_SHORT_SHA": "abc123",
}
NOTES = "https://gitlab/api/projects/5/merge_requests/7/notes"


@pytest.mark.skipif(not shutil.which("jq"), reason="jq is not installed")
@pytest.mark.parametrize(
    ("comment", "has_note", "request_"),
    [
        pytest.param("text", False, f"--request POST --data-urlencode body@comment.md {NOTES}", id="the first"),
        pytest.param("text", True, f"--request PUT --data-urlencode body@comment.md {NOTES}/31", id="edited in place"),
        pytest.param("", True, f"--request DELETE {NOTES}/31", id="nothing changes any more"),
        pytest.param("", False, None, id="nothing changes, as before"),
    ],
)
def test_gitlab_keeps_one_note(comment: str, has_note: bool, request_: str | None, runner: Runner) -> None:
    somebody = {"id": 30, "author": {"id": 1}, "body": f"{MARKER}\nforged\\n"}
    mine = {"id": 31, "author": {"id": 2}, "body": f"{MARKER}\nold"}
    (runner.folder / "comment.md").write_text(comment)
    (runner.folder / "page1").write_text(json.dumps([somebody]))
    (runner.folder / "page2").write_text(json.dumps([mine] if has_note else []))
    runner.program(
        "curl", 'case "$*" in */user) echo \'{"id": 2}\' ;; *page=1) cat page1 ;; *page=*) cat page2 ;; esac'
    )
    script = (EXAMPLE / "gitlab" / "one-note.sh").read_text()
    assert runner.run(script, "comment.md", shell="sh", **GITLAB) == 0, runner.said
    written = [call for call in runner.calls if "--request" in call]
    assert len(written) == (1 if request_ else 0)
    assert all(call.endswith(request_ or "") for call in written)


@pytest.mark.parametrize(
    ("labels", "code"),
    [("", 2), ("bug,data-loss-approved::abc123", 0), ("data-loss-approved::older", 2)],
    ids=["not approved", "approved", "an older commit was approved"],
)
def test_gitlab_previews_and_reviews(labels: str, code: int, runner: Runner) -> None:
    (runner.folder / "made.json").write_text(json.dumps(LOSES))
    runner.program("pulumi", "cat made.json")
    (runner.folder / "ci").mkdir()
    (runner.folder / "ci" / "one-note.sh").write_text("cp $1 told.md\n")
    script = "\n".join(yaml.safe_load(PIPELINE.read_text())["preview"]["script"])
    assert runner.run(script, STACKS="dev", CI_MERGE_REQUEST_LABELS=labels, **GITLAB) == code, runner.said
    assert (runner.folder / "told.md").read_text().startswith(MARKER)
