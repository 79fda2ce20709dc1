"""What a freshly installed package must be able to do, in an environment where nothing else is: `make dist` runs it there.

It uses the standard library and the package, and runs from a folder that holds no sources: python -I smoke.py --template FOLDER.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path
from typing import Any

COMMAND = Path(sys.executable).with_name("connect-domains")
WITHOUT_LOCAL = "Error: this needs the extra [local]: pip install 'pulumi-connect-domains[local]'"
WITHOUT_PYTEST = "ModuleNotFoundError: the test kit needs pytest: pip install 'pulumi-connect-domains[testing]'"
DATA = (
    "py.typed",
    "pulumi-plugin.json",
    "customerprofiles/domain/schema.json",
    "voiceid/domain/schema.json",
    "drift/templates/report.html",
)
TEST = """
import pulumi
from pulumi_connect_domains import customerprofiles

def program():
    pulumi.export("name", customerprofiles.Domain("crm", default_expiration_days=365).domain_name)

def test_a_domain_is_made(local_aws, pulumi_stack):
    stack = pulumi_stack(program)
    stack.up()
    assert stack.outputs()["name"] in local_aws.domains("customer-profiles")
"""


class Broken(Exception):
    """The installed package does not do what it must."""


def expect(condition: object, told: str) -> None:
    if not condition:
        raise Broken(told)


def run(
    *command: str | Path, code: int = 0, folder: Path | None = None, env: dict[str, str] | None = None, given: str = ""
) -> str:
    """Both streams of the finished command. Raises Broken for another exit code."""
    done = subprocess.run(
        [str(each) for each in command],
        cwd=folder,
        env={**os.environ, **(env or {})},
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    expect(done.returncode == code, f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stdout}")
    return done.stdout


# -- the base install ------------------------------------------------------------------------------------------------


def check_base(version: str) -> None:
    """The public names, the package's files, the command, and a mistake that is found."""
    import pulumi_connect_domains as package
    from pulumi_connect_domains import Provider, customerprofiles, voiceid

    expect(package.__version__ == version, f"__version__ is {package.__version__}, not {version}")
    expect(all(map(callable, (Provider, customerprofiles.Domain, voiceid.Domain))), "a public class is missing")
    files = resources.files(package)
    missing = [name for name in DATA if not files.joinpath(name).is_file()]
    expect(not missing, f"not installed: {missing}")

    expect(run(COMMAND, "--version").strip() == f"connect-domains, version {version}", "--version says another one")
    listed = run(COMMAND, "--help")
    commands = ("drift", "iam-policy", "import", "local", "review", "validate")
    expect(all(f"\n  {name} " in listed for name in commands), f"--help lacks a command:\n{listed}")
    told = run(COMMAND, "validate", "-", code=1, given='{"default_expiration_days": 0, "tag": {}}')
    expect("default_expiration_days: " in told and "did you mean tags?" in told, f"validate found less:\n{told}")


def check_without_extras() -> None:
    """What is not installed is named in one line, with the command that installs it."""
    for arguments in (("local",), ("local", "start"), ("local", "pulumi", "up", "--yes")):
        told = run(COMMAND, *arguments, code=1)
        expect(told == f"{WITHOUT_LOCAL}\n", f"connect-domains {' '.join(arguments)} said\n{told}")
    told = run(sys.executable, "-I", "-c", "import pulumi_connect_domains.testing", code=1)
    expect(told.splitlines()[-1] == WITHOUT_PYTEST, f"the test kit without pytest said\n{told}")


# -- the extras ------------------------------------------------------------------------------------------------------


def rendered(template: Path, folder: Path, **placeholders: str) -> dict[str, str]:
    """The template's config, key to default. The folder then holds the project that `pulumi new` makes of the template.

    Source: pulumi/pulumi 3.260.0, sdk/go/common/workspace/templates.go: ${PROJECT} and ${DESCRIPTION} in every file; and Pulumi.yaml
    loses its section `template`.
    """
    import yaml

    shutil.copytree(template, folder)
    for file in (path for path in folder.rglob("*") if path.is_file()):
        text = file.read_text(encoding="utf-8")
        for name, value in placeholders.items():
            text = text.replace(f"${{{name}}}", value)
        file.write_text(text, encoding="utf-8")
    project: dict[str, Any] = yaml.safe_load((folder / "Pulumi.yaml").read_text(encoding="utf-8"))
    section = project.pop("template")
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project, sort_keys=False), encoding="utf-8")
    return {key: str(value["default"]) for key, value in section["config"].items()}


def check_local(template: Path, work: Path) -> None:
    """The project template goes up and down again on the local engine and a local AWS of its own."""
    project = work / "shop"
    config = rendered(template, project, PROJECT="shop", DESCRIPTION="A domain")
    (project / "venv").symlink_to(sys.prefix)  # `pulumi new` would make one, and install the requirements in it
    (work / "state").mkdir()
    env = {
        "PULUMI_BACKEND_URL": f"file://{work / 'state'}",
        "PULUMI_HOME": str(work / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "smoke",
    }

    def pulumi(*arguments: str) -> str:
        return run(COMMAND, "local", "pulumi", *arguments, folder=project, env=env)

    pulumi("stack", "init", "dev")
    for key, value in config.items():
        pulumi("config", "set", key, value)
    try:
        expect("create" in pulumi("preview"), "the preview creates nothing")
        pulumi("up", "--yes", "--skip-preview")
        expect(pulumi("stack", "output", "domain_name").strip(), "the stack has no output domain_name")
        pulumi("preview", "--expect-no-changes")
        pulumi("destroy", "--yes", "--skip-preview")
    finally:
        run(COMMAND, "local", "stop", folder=project, env=env)


def check_testing(work: Path) -> None:
    """A test that uses the fixtures passes, and no more than this environment is needed for it."""
    work.mkdir()
    (work / "test_domain.py").write_text(TEST, encoding="utf-8")
    told = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_domain.py", folder=work)
    expect("1 passed" in told, told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])  # type: ignore[union-attr]  # it is above
    parser.add_argument("--version", required=True, help="the version that must be installed")
    parser.add_argument("--template", type=Path, required=True, help="the folder templates/connect-domains-python")
    parser.add_argument("--local", action="store_true", help="the extra [local] is installed")
    parser.add_argument("--testing", action="store_true", help="the extra [testing] is installed")
    given = parser.parse_args()
    check_base(given.version)
    if not given.local:
        check_without_extras()
    with tempfile.TemporaryDirectory() as name:
        if given.local:
            check_local(given.template.resolve(), Path(name))
        if given.testing:
            check_testing(Path(name, "tests"))


if __name__ == "__main__":
    try:
        main()
    except Broken as broken:
        sys.exit(f"smoke: {broken}")
