"""The main job, from start to end: a program's `up` against a local AWS, a change behind its back, preview, drift, repair, destroy.

Run by `make demo`. Nothing leaves this machine: the AWS is a process of ours on a loopback port, state lives in a temporary folder, and
both are gone at the end, also after Ctrl-C.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi_connect_domains.local.aws import LocalAws
from pulumi_connect_domains.testing import PulumiEngine, choose_engine
from rich.console import Console
from rich.markup import escape

ROOT = Path(__file__).resolve().parents[1]
SERVICE = "customer-profiles"
SIGNS = {"add": "[green]+[/]", "update": "[yellow]~[/]", "delete": "[red]-[/]"}

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """The exit code: 0 when every step did what it should, 1 when one did not, 130 after Ctrl-C."""
    try:
        with tempfile.TemporaryDirectory(prefix="connect-domains-demo-") as folder:
            engine = choose_engine(Path(folder))
            named = "the Pulumi CLI" if engine.name == "cli" else "the local engine (no suitable Pulumi CLI is on PATH)"
            console.print(f"[bold]Pulumi engine[/]  {named}, v{escape(engine.version)}")
            with LocalAws.start() as aws:
                console.print(f"[bold]AWS[/]            a local one, at {aws.endpoint}\n")
                tell_the_story(Path(folder), engine, aws)
    except KeyboardInterrupt:
        console.print("\nstopped; nothing of it is left running")
        return 130
    except automation.CommandError as error:
        console.print(f"[red]a step failed[/]\n{escape(str(error))}")
        return 1
    console.print("[bold green]done[/]  the domain, its state and the local AWS are gone again")
    return 0


def tell_the_story(folder: Path, engine: PulumiEngine, aws: LocalAws) -> None:
    """Six steps, each shown with what it did and how long it took."""
    stack = make_stack(folder, engine, aws)
    with step("pulumi up", "examples/quickstart declares a domain with two matching rules"):
        name = stack.up().outputs["domain_name"].value
        show_domain(aws, name)
    with step("pulumi up", "once more: nothing to do"):
        console.print(f"  {stack.up().summary.resource_changes}")
    with step("somebody uses the console", "365 days less, the rules swapped, a tag of their own"):
        rules = aws.domains(SERVICE)[name]["RuleBasedMatching"]["MatchingRules"]
        client = aws.client(SERVICE)
        client.update_domain(
            DomainName=name,
            DefaultExpirationDays=1,
            RuleBasedMatching={"Enabled": True, "MatchingRules": rules[::-1], "MaxAllowedRuleLevelForMatching": 2},
        )
        client.tag_resource(resourceArn=stack.outputs()["arn"].value, tags={"owner": "somebody"})
    with step("pulumi preview --refresh", "every property that drifted, by name"):
        show_changes(preview(stack))
    with step("pulumi up --refresh", "repairs it"):
        stack.up(refresh=True)
        show_domain(aws, name)
    with step("the domain gets data", "12,345 profiles; pulumi destroy would delete them, so it is refused"):
        aws.change(SERVICE, name, Stats={"ProfileCount": 12345, "ObjectCount": 4, "TotalSize": 5_000_000})
        show_refusal(stack)
    with step("pulumi destroy", "once the data is gone"):
        aws.change(SERVICE, name, Stats={"ProfileCount": 0, "ObjectCount": 0, "TotalSize": 0})
        stack.destroy()
        console.print(f"  domains left in AWS: {len(aws.domains(SERVICE))}")


def make_stack(folder: Path, engine: PulumiEngine, aws: LocalAws) -> automation.Stack:
    """A stack of the quickstart, in a copy of the project, with state and settings below the folder."""
    project = folder / "project"
    shutil.copytree(ROOT / "examples" / "quickstart", project / "examples" / "quickstart")
    shutil.copy(ROOT / "Pulumi.yaml", project)
    (folder / "state").mkdir()
    environment = {
        **aws.environment(),
        "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "demo",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_PYTHON_CMD": sys.executable,
    }
    options = automation.LocalWorkspaceOptions(env_vars=environment, pulumi_command=engine.command())
    return automation.create_or_select_stack("demo", work_dir=str(project), opts=options)


@contextmanager
def step(command: str, why: str) -> Iterator[None]:
    """A headline, what the block prints, and the time that it took."""
    console.print(f"[bold cyan]{command}[/]  {why}")
    started = time.monotonic()
    yield
    console.print(f"  [dim]{time.monotonic() - started:.1f} s[/]\n")


def preview(stack: automation.Stack) -> list[dict[str, Any]]:
    """The steps of `pulumi preview --refresh --json`."""
    lines: list[str] = []
    stack.preview(refresh=True, json=True, on_output=lines.append)
    steps: list[dict[str, Any]] = json.loads("\n".join(lines))["steps"]
    return steps


def show_changes(steps: list[dict[str, Any]]) -> None:
    """Each property of each changed resource: from what to what."""
    for each in steps:
        for path, change in (each.get("detailedDiff") or {}).items():
            before, after = (at(each[side]["inputs"], path) for side in ("oldState", "newState"))
            sign = SIGNS[change["kind"].removesuffix("-replace")]
            console.print(f"  {sign} {escape(path)}: {escape(text(before))} → {escape(text(after))}")


def at(document: Any, path: str) -> Any:
    """The value at a path such as `matching_rules[0].rule[1]` or `tags_all["a:b"]`; None where there is none."""
    for key in path.replace('["', ".").replace('"]', "").replace("[", ".").replace("]", "").split("."):
        if isinstance(document, list):
            document = document[int(key)] if int(key) < len(document) else None
        else:
            document = document.get(key) if isinstance(document, dict) else None
    return document


def text(value: Any) -> str:
    """A value as a person reads it."""
    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)


def show_domain(aws: LocalAws, name: str) -> None:
    """What AWS holds now."""
    live = aws.domains(SERVICE)[name]
    rules = " then ".join("+".join(rule["Rule"]) for rule in live["RuleBasedMatching"]["MatchingRules"])
    console.print(
        f"  AWS now has [bold]{escape(name)}[/]: {live['DefaultExpirationDays']} days, rules {escape(rules)}, tags {live['Tags']}"
    )


def show_refusal(stack: automation.Stack) -> None:
    """What the guard says to a destroy, in its own words."""
    try:
        stack.destroy()
    except automation.CommandError as error:
        said = [
            line.strip()
            for line in str(error).splitlines()
            if "cannot delete" in line or line.strip().startswith("to ")
        ]
        for line in dict.fromkeys(line.partition("error: ")[2] or line for line in said):
            console.print(f"  [red]{escape(line)}[/]")
    else:
        raise SystemExit("the data-loss guard did not speak")


if __name__ == "__main__":
    sys.exit(main())
