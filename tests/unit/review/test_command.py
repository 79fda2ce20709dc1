"""The command: files and standard input, formats and files, exit codes, and silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pulumi_connect_domains import aws
from pulumi_connect_domains.cli import run
from pulumi_connect_domains.review.command import review

from .previews import HELD, INPUTS, PROFILES, document, state, step, urn

EMPTY = {"stats": {"profile_count": 0, "object_count": 0}}
UNCHANGED = document()
UPDATED = document(step("update", state(), state({**INPUTS, "default_expiration_days": 60})))
FAILED = document(diagnostics=[{"message": "error: boom", "severity": "error"}])
LOSES = document(step("delete", state(outputs=HELD)))
MAY_LOSE = document(step("delete", state()))
REFRESH = step("refresh", state(), state())
LOSES_NOTHING = document(step("delete", state(outputs=EMPTY)))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command runs in, with previews."""
    previews = {
        "same": UNCHANGED,
        "updated": UPDATED,
        "failed": FAILED,
        "loses": LOSES,
        "may": MAY_LOSE,
        "empty": LOSES_NOTHING,
        "refreshed": document(REFRESH, *LOSES_NOTHING["steps"][1:]),
        "failed-refresh": document(REFRESH, *LOSES_NOTHING["steps"][1:], diagnostics=FAILED["diagnostics"]),
        "another-refreshed": document({**REFRESH, "urn": urn(PROFILES, "other")}, *LOSES_NOTHING["steps"][1:]),
    }
    for name, found in previews.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(found))
    (tmp_path / "broken.json").write_text("error: no stack selected")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str, stdin: Any = "", **environment: str) -> Result:
    runner = CliRunner(env={"GITHUB_STEP_SUMMARY": "", **environment})
    return runner.invoke(review, arguments, stdin, standalone_mode=False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["same.json"], 0),
        (["updated.json"], 0),
        (["loses.json"], 0),
        (["updated.json", "--fail-on", "data-loss"], 0),
        (["loses.json", "--fail-on", "data-loss"], 2),
        (["may.json", "--fail-on", "data-loss"], 2),
        (["empty.json", "--fail-on", "data-loss"], 2),
        (["refreshed.json", "--fail-on", "data-loss"], 0),
        (["failed-refresh.json", "--fail-on", "data-loss"], 1),
        (["another-refreshed.json", "--fail-on", "data-loss"], 2),
        (["updated.json", "loses.json", "--fail-on", "data-loss"], 2),
        (["failed.json"], 1),
        (["broken.json"], 1),
        (["missing.json"], 1),
        (["loses.json", "broken.json", "--fail-on", "data-loss"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
@pytest.mark.usefixtures("files")
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert invoke(*arguments).return_value == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["--out", "html=x"],
        ["--out", "json"],
        ["--out", "json="],
        ["--fail-on", "change"],
        ["--marker", "a-->b"],
        ["--marker", " "],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("files")
def test_a_mistake_in_the_arguments_is_1_for_2_means_data_loss(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["review", "same.json", *arguments]) == 1
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.usefixtures("files")
def test_nothing_is_written_when_nothing_changes() -> None:
    assert invoke("same.json").stdout == ""
    assert "**no changes**" in invoke("same.json", "--always").stdout
    assert invoke("same.json", "--format", "text").stdout == ""


@pytest.mark.usefixtures("files")
def test_a_stale_comment_does_not_stay_in_its_file_and_scripts_get_json_in_any_case() -> None:
    Path("comment.md").write_text("an older comment")
    assert invoke("same.json", "--out", "markdown=comment.md", "--out", "json=review.json").stdout == ""
    assert Path("comment.md").read_text() == ""
    assert json.loads(Path("review.json").read_text())["has_changes"] is False


@pytest.mark.usefixtures("files")
def test_several_formats_at_once() -> None:
    found = invoke("updated.json", "--out", "markdown=comment.md", "--out", "json=review.json", "--out", "text=-")
    assert found.stdout.startswith("shop/dev: 1 to update\n")
    assert Path("comment.md").read_text().startswith("<!-- connect-domains review -->\n### Preview of `shop/dev`\n")
    assert json.loads(Path("review.json").read_text())["stacks"][0]["counts"]["update"] == 1


def test_standard_input_with_and_without_its_name() -> None:
    found = [invoke(*arguments, stdin=json.dumps(UPDATED)).stdout for arguments in ((), ("-",))]
    assert found[0] == found[1]
    assert "#### Update `crm`" in found[0]


@pytest.mark.usefixtures("files")
def test_an_unreadable_file_is_told_beside_what_could_be_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    run(["review", "updated.json", "broken.json"])
    said = capsys.readouterr()
    reason = "it is not JSON (at line 1, column 1); give the standard output of `pulumi preview --json` alone"
    assert said.err == f"error: broken.json: {reason}\n"
    assert f"> - `broken.json`: {reason}" in said.out
    assert "#### Update `crm`" in said.out


@pytest.mark.usefixtures("files")
def test_the_file_of_each_preview_that_failed_is_named(tmp_path: Path) -> None:
    silent = document(diagnostics=[{"message": "error: ", "severity": "error"}])
    (tmp_path / "silent.json").write_text(json.dumps(silent))
    done = invoke("updated.json", "failed.json", "silent.json", "--format", "text")
    assert done.return_value == 1
    assert done.stderr.splitlines() == [
        f"error: {name}: the preview itself failed; the review says why" for name in ("failed.json", "silent.json")
    ]
    assert "it gave no reason" in done.stdout


@pytest.mark.usefixtures("files")
def test_a_marker_of_ones_own_keeps_two_comments_apart() -> None:
    assert invoke("updated.json", "--marker", "team a").stdout.startswith("<!-- team a -->\n")


@pytest.mark.usefixtures("files")
def test_what_cannot_be_written_is_said() -> None:
    found = invoke("updated.json", "--out", "json=nowhere/review.json")
    assert str(found.exception) == "--out json=nowhere/review.json: cannot be written: No such file or directory"


def long_preview() -> dict[str, Any]:
    tags = {f"key-{number}": "v" * 150 for number in range(40)}
    return document(
        *(step("create", None, state({**INPUTS, "tags": tags}), name=f"crm-{number}") for number in range(20)),
        step("replace", state(outputs=HELD), state({**INPUTS, "domain_name": "sales"}), name="gone"),
    )


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("how", ["variable", "option"])
def test_what_has_no_room_goes_to_the_step_summary(how: str) -> None:
    Path("long.json").write_text(json.dumps(long_preview()))
    Path("summary.md").write_text("an earlier step\n")
    given = {"GITHUB_STEP_SUMMARY": "summary.md"} if how == "variable" else {}
    found = invoke("long.json", *([] if given else ["--step-summary", "summary.md"]), **given).stdout
    assert len(found) <= 65_536
    assert "5 profiles and 6 objects" in found
    assert "The whole review is in the job's summary." in found
    summary = Path("summary.md").read_text()
    assert summary.startswith("an earlier step\n")
    assert all(f"crm-{number}</code>" in summary for number in range(20))
    assert "Left out here" not in summary


@pytest.mark.usefixtures("files")
def test_the_step_summary_has_the_whole_once_however_many_comments_are_written() -> None:
    Path("long.json").write_text(json.dumps(long_preview()))
    outs = ("--out", "markdown=a.md", "--out", "markdown=b.md", "--out", "json=c.json")
    assert invoke("long.json", "--step-summary", "summary.md", *outs).return_value == 0
    assert Path("summary.md").read_text().count("<!-- connect-domains review -->") == 1
    invoke("long.json", "--step-summary", "none.md", "--format", "json")
    assert not Path("none.md").exists()


@pytest.mark.usefixtures("files")
def test_a_comment_says_that_the_summary_has_the_whole_only_where_it_has() -> None:
    Path("long.json").write_text(json.dumps(long_preview()))
    outs = ("--out", "markdown=comment.md", "--out", "json=review.json")
    found = invoke("long.json", "--step-summary", "nowhere/summary.md", *outs)
    assert str(found.exception) == "--step-summary nowhere/summary.md: cannot be written: No such file or directory"
    assert not Path("comment.md").exists()
    assert json.loads(Path("review.json").read_text())["has_changes"], "the other reports are written all the same"


@pytest.mark.usefixtures("files")
def test_the_step_summary_stays_within_githubs_mebibyte() -> None:
    tags = {f"key-{number}": "日本" * 90 for number in range(40)}
    steps = (step("create", None, state({**INPUTS, "tags": tags}), name=f"crm-{number}") for number in range(100))
    Path("long.json").write_text(json.dumps(document(*steps)))
    assert invoke("long.json", "--step-summary", "summary.md").return_value == 0
    assert 100_000 < Path("summary.md").stat().st_size <= 1_000_000


@pytest.mark.usefixtures("files")
def test_a_short_comment_leaves_the_step_summary_alone() -> None:
    invoke("updated.json", GITHUB_STEP_SUMMARY="summary.md")
    assert not Path("summary.md").exists()


def test_live_without_credentials_says_why_and_still_counts_as_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    aws.forget_clients()  # another test of this process may have made one, with credentials
    found = invoke("--live", "--fail-on", "data-loss", stdin=json.dumps(LOSES))
    assert found.return_value == 2
    assert "how much it holds is not known" in found.stdout
    assert "nobody" in found.stdout or "ProfileNotFound" in found.stdout, found.stdout
