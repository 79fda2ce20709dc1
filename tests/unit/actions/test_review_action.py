"""actions/review: its steps run as GitHub's runner runs them, with a stand-in for `gh` and for `pulumi`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ..reporting import sarif_files
from ..review.previews import HELD, INPUTS, document, state, step
from .conftest import GitHub
from .runner import Outcome, Runner

MARKER = "<!-- connect-domains review -->"
UPDATED = document(step("update", state(), state({**INPUTS, "default_expiration_days": 60})))
SAME = document()
# There are no credentials here, so with live it is not known how much this holds.
LOSES = document(step("delete", state(outputs=HELD)))
PULL_REQUEST = {"number": 7, "labels": [{"name": "bug"}]}
APPROVED = {"number": 7, "labels": [{"name": "bug"}, {"name": "data-loss-approved"}]}
ALL = [
    "Install",
    "Preview",
    "Review",
    "Tell in one comment",
    "Fail on data loss that nobody approved (2), or a preview that failed (1)",
]


def review(
    runner: Runner, preview: Any = UPDATED, *, action: str = "opened", pull: dict[str, Any] | None = None, **given: str
) -> Outcome:
    """The outcome on the preview, which the stand-in of pulumi makes."""
    made = runner.temporary / "made.json"
    made.write_text(preview if isinstance(preview, str) else json.dumps(preview))
    runner.program("pulumi", f'cat "{made}"')
    event = {"action": action, "pull_request": PULL_REQUEST if pull is None else pull}
    return runner.run("review", {"event": event}, package="none", **{"stacks": "dev", **given})


def test_a_change_is_told_in_one_comment(runner: Runner, github: GitHub) -> None:
    outcome = review(runner)
    assert outcome.code == 0, outcome.said
    assert outcome.ran == ALL
    folder = runner.workspace / "connect-domains-review"
    assert outcome.outputs == {
        "exit-code": "0",
        "has-changes": "true",
        "data-loss": "false",
        "comment": str(folder / "comment.md"),
        "json": str(folder / "review.json"),
        "sarif": str(folder / "review.sarif"),
    }
    (comment,) = github.state["comments"]
    assert comment["body"].startswith(MARKER)
    assert outcome.summary == comment["body"]
    assert "update crm" in outcome.said
    sarif_files.check(json.loads((folder / "review.sarif").read_text()))


def test_the_comment_is_edited_and_goes_when_there_is_nothing_to_say(runner: Runner, github: GitHub) -> None:
    review(runner)
    first = github.state["comments"]
    assert review(runner, LOSES, live="true").code == 2
    (second,) = github.state["comments"]
    assert (second["id"], second["body"] != first[0]["body"]) == (first[0]["id"], True)
    outcome = review(runner, SAME)
    assert (outcome.code, outcome.summary, github.state["comments"]) == (0, "", [])
    assert outcome.outputs["has-changes"] == "false"


def test_only_the_workflows_own_comment_is_edited(runner: Runner, github: GitHub) -> None:
    forged = {"id": 1, "user": {"login": "somebody"}, "body": f"{MARKER}\nforged"}
    other = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "<!-- another review -->\n"}
    github.has(comments=[forged, other])
    assert review(runner).code == 0
    assert github.state["comments"][:2] == [forged, other]
    assert len(github.state["comments"]) == 3


def test_another_author_and_marker(runner: Runner, github: GitHub) -> None:
    mine = {"id": 3, "user": {"login": "bot"}, "body": "<!-- second -->\nold"}
    github.has(comments=[mine])
    assert review(runner, comment_author="bot", marker="second").code == 0
    (comment,) = github.state["comments"]
    assert comment["id"] == 3
    assert comment["body"].startswith("<!-- second -->\n### Preview")


@pytest.mark.parametrize(
    ("pull", "action", "given", "code"),
    [
        pytest.param(PULL_REQUEST, "opened", {}, 2, id="nobody approved"),
        pytest.param(APPROVED, "labeled", {}, 0, id="approved"),
        pytest.param(APPROVED, "synchronize", {}, 2, id="something was pushed since"),
        pytest.param(APPROVED, "labeled", {"approval_label": ""}, 2, id="nothing approves"),
        pytest.param(APPROVED, "labeled", {"approval_label": "yes"}, 2, id="another label"),
        pytest.param(PULL_REQUEST, "opened", {"fail_on_data_loss": "false"}, 0, id="not wanted"),
        pytest.param({}, "", {}, 2, id="no pull request"),
    ],
)
def test_data_loss_fails_until_it_is_approved(
    pull: dict[str, Any], action: str, given: dict[str, str], code: int, runner: Runner, github: GitHub
) -> None:
    outcome = review(runner, LOSES, action=action, pull=pull, live="true", **given)
    assert outcome.code == code, outcome.said
    assert (outcome.outputs["exit-code"], outcome.outputs["data-loss"]) == (str(code), "true")


def test_a_push_takes_the_approval_back(runner: Runner, github: GitHub) -> None:
    runner.program("connect-domains", "exit 0")
    review(runner, action="synchronize", pull=APPROVED)
    assert ["pr", "edit", "7", "--repo", "me/shop", "--remove-label", "data-loss-approved"] in runner.called("gh")
    before = len(runner.called("gh"))
    review(runner, action="synchronize")
    assert not [each for each in runner.called("gh")[before:] if each[0] == "pr"]


@pytest.mark.parametrize("preview", ["", "{", json.dumps({"steps": "?"})], ids=["nothing", "cut off", "another form"])
def test_a_preview_that_cannot_be_read_fails_whatever_is_approved(preview: str, runner: Runner, github: GitHub) -> None:
    outcome = review(runner, preview, pull=APPROVED, action="labeled")
    assert outcome.code == 1
    assert "Not every preview could be read" in github.state["comments"][0]["body"]


def test_a_preview_that_fails_is_told(runner: Runner, github: GitHub) -> None:
    runner.program("pulumi", "exit 255")
    outcome = runner.run(
        "review", {"event": {"action": "opened", "pull_request": PULL_REQUEST}}, package="none", stacks="dev"
    )
    assert outcome.code == 1
    assert "::warning title=Preview::the preview of dev failed" in outcome.said


def test_each_stack_is_previewed(runner: Runner, github: GitHub) -> None:
    (runner.workspace / "infra").mkdir()
    outcome = review(
        runner, stacks="dev\n\n me/shop/prod \n", working_directory="infra", preview_arguments="--refresh\n--diff"
    )
    assert outcome.code == 0, outcome.said
    options = ["--json", "--non-interactive", "--refresh", "--diff"]
    assert runner.called("pulumi") == [["preview", f"--stack={name}", *options] for name in ("dev", "me/shop/prod")]
    (reviewed,) = [each for each in runner.called("connect-domains") if each[0] == "review"]
    assert [each.rpartition("/")[2] for each in reviewed if each.endswith(".json") and "=" not in each] == [
        "dev.json",
        "me-shop-prod.json",
    ]
    assert not list(runner.workspace.rglob("dev.json")), "a preview may show secrets, and stays out of the workspace"


def test_no_stack_hides_another(runner: Runner, github: GitHub) -> None:
    outcome = review(runner, LOSES, stacks="shop/dev\nshop-dev\n.dev", live="true")
    assert outcome.code == 2, outcome.said
    (reviewed,) = [each for each in runner.called("connect-domains") if each[0] == "review"]
    names = {each.rpartition("/")[2] for each in reviewed if each.endswith(".json") and "=" not in each}
    assert names == {"shop-dev.json", "shop-dev-.json", ".dev.json"}


def test_the_runners_folder_may_have_any_name(runner: Runner, github: GitHub) -> None:
    odd = runner.temporary / "a [b]* \\c"
    odd.mkdir()
    runner.temporary = odd
    outcome = review(runner)
    assert outcome.code == 0, outcome.said
    assert len(github.state["comments"]) == 1


def test_files_of_the_repository_stand_in_for_no_module(runner: Runner, github: GitHub) -> None:
    (runner.workspace / "infra").mkdir()
    (runner.workspace / "json.py").write_text("raise SystemExit('the repository has run')\n")
    assert review(runner, working_directory="infra").outputs["has-changes"] == "true"


def test_previews_that_are_there_already(runner: Runner, github: GitHub) -> None:
    folder = runner.workspace / "my previews"
    folder.mkdir()
    for name in ("a.json", "b c.json"):
        (folder / name).write_text(json.dumps(UPDATED))
    outcome = review(runner, stacks="", previews="my previews/*.json\n\nnowhere/*.json")
    assert outcome.code == 0, outcome.said
    assert runner.called("pulumi") == []
    assert "Preview" not in outcome.ran
    (reviewed,) = [each for each in runner.called("connect-domains") if each[0] == "review"]
    assert reviewed[1:3] == [str(folder / "a.json"), str(folder / "b c.json")]


def test_no_preview_at_all_is_an_error(runner: Runner, github: GitHub) -> None:
    outcome = review(runner, stacks="", previews="nowhere/*.json")
    assert outcome.code == 1
    assert "there is no preview" in outcome.said


def test_every_input_reaches_the_command(runner: Runner) -> None:
    runner.program("connect-domains", "exit 1")
    review(runner, live="true", assume_role="arn:x", always="true", marker="second", comment="false", reports="out")
    (arguments,) = runner.called("connect-domains")
    assert arguments[2:] == [
        "--marker=second",
        *("--live", "--assume-role=arn:x", "--always", "--fail-on=data-loss"),
        *("--out", f"markdown={runner.workspace}/out/comment.md", "--out", f"json={runner.workspace}/out/review.json"),
        *("--out", f"sarif={runner.workspace}/out/review.sarif", "--out", "text=-"),
    ]


def test_a_review_that_does_not_fit_is_whole_in_the_summary(runner: Runner, github: GitHub) -> None:
    many = document(*(step("create", None, state(), name=f"crm-{place}" * 20) for place in range(600)))
    outcome = review(runner, many)
    assert outcome.code == 0, outcome.said
    (comment,) = github.state["comments"]
    assert len(comment["body"]) <= 65_536 < len(outcome.summary)
    assert outcome.summary.count(MARKER) == 1, "the whole review alone"


HARM = 'x\'; touch harmed; "$(touch harmed)" `touch harmed` && touch harmed | ${{ github.token }} --yes'


@pytest.mark.parametrize("name", ["stacks", "preview_arguments", "assume_role"])
def test_no_input_is_run(name: str, runner: Runner) -> None:
    runner.program("connect-domains", "exit 0")
    review(runner, comment="false", **{name: HARM})
    assert any(HARM in each for _, *arguments in runner.calls for each in arguments)
    assert not list(runner.workspace.rglob("harmed"))


@pytest.mark.parametrize(
    "name", ["previews", "working_directory", "reports", "marker", "comment_author", "approval_label"]
)
def test_the_other_inputs_are_not_run_either(name: str, runner: Runner, github: GitHub) -> None:
    pull = {"number": 7, "labels": [{"name": HARM}]}
    review(runner, action="synchronize", pull=pull, **{name: HARM})
    assert not list(runner.workspace.rglob("harmed"))
    assert not list(runner.temporary.rglob("harmed"))


def test_a_marker_is_text_to_the_filter_of_comments(runner: Runner, github: GitHub) -> None:
    marker = r'x") or true or ("\(env)'
    victim = {"id": 5, "user": {"login": "github-actions[bot]"}, "body": "<!-- another -->"}
    github.has(comments=[victim])
    outcome = review(runner, marker=marker)
    assert outcome.code == 0, outcome.said
    assert victim in github.state["comments"]
    assert any(each["body"].startswith(f"<!-- {marker} -->") for each in github.state["comments"])
