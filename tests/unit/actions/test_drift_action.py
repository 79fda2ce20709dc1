"""actions/drift: its steps run as GitHub's runner runs them, on the local AWS, with a stand-in for `gh`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.local.aws import LocalAws

from ..drift.reports import export, resource
from ..reporting import sarif_files
from .conftest import GitHub
from .runner import Outcome, Runner

ALL = ["Install", "Check", "Tell in one issue", "Fail on drift (2) or doubt (1)"]
TITLE = "Amazon Connect domains have drifted"
MARKER = "<!-- connect-domains drift -->\n"


@pytest.fixture
def cloud(runner: Runner, local_aws: LocalAws) -> LocalAws:
    """A domain in AWS, and a state that declares it as it is."""
    runner.environment.update(local_aws.environment())
    local_aws.seed("customer-profiles", "crm", DefaultExpirationDays=30)
    (runner.workspace / "state.json").write_text(export(resource("crm")))
    return local_aws


def check(runner: Runner, **given: str) -> Outcome:
    return runner.run("drift", package="none", **{"state": "state.json", **given})


def drifted(cloud: LocalAws) -> None:
    cloud.change("customer-profiles", "crm", DefaultExpirationDays=31)


def finds(runner: Runner, code: int) -> None:
    """From now on the command is a stand-in that ends with this code, and writes short reports: the real one takes seconds."""
    words = {0: "in_sync", 1: "could_not_tell", 2: "drift"}[code]
    counts = dict.fromkeys(
        ("broken_requirements", "declared_twice", "missing", "suspended", "unreadable", "problems"), 0
    )
    short = json.dumps({"result": words, "counts": {"domains": 1, "drifted_properties": code and 1, **counts}})
    runner.program(
        "connect-domains",
        f"""for each in "$@"; do
          case $each in
            markdown=*) echo "## {words}" > "${{each#*=}}" ;;
            json=*) echo '{short}' > "${{each#*=}}" ;;
          esac
        done
        exit {code}""",
    )


def test_in_sync(runner: Runner, cloud: LocalAws, github: GitHub) -> None:
    outcome = check(runner)
    assert outcome.code == 0, outcome.said
    assert outcome.ran == ALL
    assert outcome.outputs == {
        "exit-code": "0",
        "result": "in_sync",
        "domains": "1",
        "findings": "0",
        **{
            name: f"connect-domains-drift/drift.{ending}"
            for name, ending in {"report": "md", "html": "html", "json": "json", "sarif": "sarif"}.items()
        },
    }
    assert "1 of 1 domain in sync" in outcome.summary
    assert github.state["issues"] == []


def test_drift_opens_an_issue_and_repair_closes_it(runner: Runner, cloud: LocalAws, github: GitHub) -> None:
    drifted(cloud)
    outcome = check(runner)
    assert outcome.code == 2, outcome.said
    assert (outcome.outputs["exit-code"], outcome.outputs["result"], outcome.outputs["findings"]) == ("2", "drift", "1")
    assert "::error title=drifted%3A crm" in outcome.said, "annotations of the run"
    (issue,) = github.state["issues"]
    assert (issue["title"], issue["label"], issue["state"]) == (TITLE, "drift", "OPEN")
    assert issue["body"].startswith(MARKER + outcome.summary)
    assert issue["body"].endswith("[the run](https://github.example/me/shop/actions/runs/77)\n")
    folder = runner.workspace / "connect-domains-drift"
    assert "raised from 30 to 31 days" in (folder / "drift.html").read_text()
    sarif_files.check(json.loads((folder / "drift.sarif").read_text()))

    cloud.change("customer-profiles", "crm", DefaultExpirationDays=30)
    assert check(runner).code == 0
    (issue,) = github.state["issues"]
    assert issue["state"] == "CLOSED"


def test_a_check_that_does_not_end_tells_of_that(runner: Runner, cloud: LocalAws, github: GitHub) -> None:
    folder = runner.workspace / "connect-domains-drift"
    folder.mkdir()
    for name in ("drift.md", "drift.json"):
        (folder / name).write_text("of an earlier run")
    outcome = check(runner, require="no_such_property=1")
    assert outcome.code == 1
    assert outcome.outputs["exit-code"] == "1"
    assert outcome.outputs["result"] == ""
    assert "no resource has the property" in outcome.said
    assert "did not end" in outcome.summary
    assert "did not end" in github.state["issues"][0]["body"]


@pytest.mark.parametrize(("fail_on", "code"), [("drift", 2), ("doubt", 0), ("never", 0), ("sometimes", 1)], ids=str)
def test_who_decides_what_fails(fail_on: str, code: int, runner: Runner, github: GitHub) -> None:
    finds(runner, 2)
    outcome = check(runner, fail_on=fail_on)
    assert outcome.code == code
    assert outcome.outputs["exit-code"] == "2"


def test_doubt_fails_where_drift_does_not(runner: Runner, github: GitHub) -> None:
    (runner.workspace / "state.json").write_text("{")
    assert check(runner, fail_on="doubt").code == 1


def test_no_issue_where_none_is_wanted(runner: Runner) -> None:
    finds(runner, 2)
    outcome = check(runner, issue="false")
    assert outcome.code == 2
    assert outcome.ran == [step for step in ALL if step != "Tell in one issue"]
    assert runner.called("gh") == []


def test_every_input_reaches_the_command(runner: Runner) -> None:
    runner.program("connect-domains", "exit 2")
    (runner.workspace / "states").mkdir()
    check(
        runner,
        issue="false",
        stacks="shop/dev\n\nshop/prod\n",
        state="states\nstate.json\n",
        working_directory="infra",
        policy="policy.yaml",
        require="matching.enabled=false\ntags.team",
        unmanaged="true",
        strict="true",
        assume_role="arn:aws:iam::{account}:role/reader",
        arguments="--region\neu-central-1\n--rate=5",
        reports="out",
    )
    arguments = runner.called("connect-domains")[0]
    assert arguments == [
        "drift",
        "--cwd=infra",
        *("--stack=shop/dev", "--stack=shop/prod"),
        *("--state-dir=states", "--state=state.json"),
        "--policy=policy.yaml",
        *("--require=matching.enabled=false", "--require=tags.team"),
        "--assume-role=arn:aws:iam::{account}:role/reader",
        *("--unmanaged", "--strict"),
        *("--region", "eu-central-1", "--rate=5"),
        *("--out", "github=-", "--out", "markdown=out/drift.md", "--out", "html=out/drift.html"),
        *("--out", "json=out/drift.json", "--out", "sarif=out/drift.sarif"),
    ]


def test_without_stacks_and_state_every_stack_is_checked(runner: Runner) -> None:
    runner.program("connect-domains", "exit 2")
    check(runner, state="", issue="false")
    assert runner.called("connect-domains")[0][:3] == ["drift", "--cwd=.", "--all"]


HARM = 'x\'; touch harmed; "$(touch harmed)" `touch harmed` && touch harmed | ${{ github.token }} --exit-zero'


@pytest.mark.parametrize(
    "name", ["stacks", "state", "working_directory", "policy", "require", "assume_role", "arguments", "reports"]
)
def test_no_input_is_run(name: str, runner: Runner) -> None:
    runner.program("connect-domains", "exit 2")
    check(runner, issue="false", **{name: HARM})
    (arguments,) = runner.called("connect-domains")
    assert any(HARM in each for each in arguments), arguments
    assert not list(runner.workspace.rglob("harmed"))


def test_the_issues_inputs_are_not_run_either(runner: Runner, github: GitHub) -> None:
    finds(runner, 2)
    outcome = check(runner, issue_title=HARM, issue_label=HARM, fail_on=HARM)
    assert outcome.code == 1, "fail-on is none of its words"
    (issue,) = github.state["issues"]
    assert (issue["title"], issue["label"]) == (HARM, HARM)
    assert not list(runner.workspace.rglob("harmed"))


@pytest.mark.parametrize("reports", ["", "a\nexit-code=0"], ids=["none", "a line that would be an output"])
def test_a_folder_that_is_none_is_refused(reports: str, runner: Runner) -> None:
    runner.program("connect-domains", "exit 2")
    outcome = check(runner, reports=reports)
    assert outcome.code == 1
    assert "the name of a folder was expected" in outcome.said
    assert runner.called("connect-domains") == []


# -- one issue --------------------------------------------------------------------------------------------------------


def issue(state: str, **more: Any) -> dict[str, Any]:
    return {"number": 7, "state": state, "label": "drift", "title": TITLE, "body": f"{MARKER}old", **more}


@pytest.mark.parametrize(
    ("found", "state", "calls"),
    [
        pytest.param([], None, [], id="no issue"),
        pytest.param([issue("CLOSED")], "CLOSED", [], id="closed already"),
        pytest.param([issue("OPEN")], "CLOSED", ["issue close"], id="open"),
        pytest.param([issue("OPEN", label="other")], "OPEN", [], id="another's"),
    ],
)
def test_in_sync_closes_the_issue(
    found: list[Any], state: str | None, calls: list[str], runner: Runner, github: GitHub
) -> None:
    finds(runner, 0)
    github.has(issues=found)
    assert check(runner).code == 0
    assert [each["state"] for each in github.state["issues"]] == ([state] if state else [])
    assert [" ".join(each[:2]) for each in runner.called("gh")] == ["issue list", *calls]


@pytest.mark.parametrize(
    ("found", "calls"),
    [
        pytest.param([], ["label create", "issue create"], id="for the first time"),
        pytest.param([issue("OPEN")], ["issue edit"], id="still"),
        pytest.param([issue("CLOSED")], ["issue reopen", "issue edit"], id="again"),
    ],
)
def test_drift_keeps_one_issue(found: list[Any], calls: list[str], runner: Runner, github: GitHub) -> None:
    finds(runner, 2)
    github.has(issues=found)
    assert check(runner).code == 2
    assert [" ".join(each[:2]) for each in runner.called("gh")] == ["issue list", *calls]
    (told,) = github.state["issues"]
    assert (told["state"], "## drift" in told["body"]) == ("OPEN", True)


def test_an_issue_of_somebody_with_the_same_label_is_left_alone(runner: Runner, github: GitHub) -> None:
    theirs = issue("OPEN", number=8, title="Cars drift", body="An issue of a person's.")
    github.has(issues=[theirs, issue("CLOSED")])
    finds(runner, 2)
    check(runner)
    assert github.state["issues"][0] == theirs
    assert github.state["issues"][1]["state"] == "OPEN"
    finds(runner, 0)
    check(runner)
    assert [each["state"] for each in github.state["issues"]] == ["OPEN", "CLOSED"]


def test_a_folder_that_begins_with_a_dash(runner: Runner, github: GitHub) -> None:
    finds(runner, 2)
    assert check(runner, reports="-out").code == 2
    assert len(github.state["issues"]) == 1


def test_an_issue_that_cannot_be_looked_for_is_not_made_twice(runner: Runner) -> None:
    finds(runner, 2)
    runner.program("gh", "exit 1")
    outcome = check(runner)
    assert outcome.code == 1
    assert [" ".join(each[:2]) for each in runner.called("gh")] == ["issue list"]


def test_files_of_the_repository_stand_in_for_no_module(runner: Runner, github: GitHub) -> None:
    (runner.workspace / "json.py").write_text("raise SystemExit('the repository has run')\n")
    finds(runner, 2)
    assert check(runner).outputs["findings"] == "1"


def test_the_reports_may_be_in_a_folder_of_a_folder(runner: Runner, github: GitHub) -> None:
    finds(runner, 0)
    outcome = check(runner, reports="deep/er")
    assert Path(runner.workspace, outcome.outputs["json"]).is_file()
