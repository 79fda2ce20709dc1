"""Pulumi makes an SDK of the package schema for each language, as `pulumi package add` does, and the language's compiler takes it.

Each test skips, and says why, where there is no Pulumi CLI, no language host, no compiler, or where the compiler's packages cannot be had.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.native.version import plugin_version
from pulumi_connect_domains.registry import resource_types
from pulumi_connect_domains.testing import PulumiEngine

SCHEMA: dict[str, Any] = json.loads(
    (resources.files("pulumi_connect_domains") / "package-schema.json").read_text("utf-8")
)
MODULES = sorted(type.module for type in resource_types().values())
NAMES = SCHEMA["language"]
JAVA_SDK = """
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId><artifactId>example</artifactId><version>1</version>
  <dependencies><dependency><groupId>com.pulumi</groupId><artifactId>pulumi</artifactId><version>[1,2)</version></dependency></dependencies>
</project>
"""

Generate = Callable[..., Path]


@pytest.fixture
def generate(cli: PulumiEngine, tmp_path: Path) -> Generate:
    """The folder of a new SDK in that language; `more` are members of the schema. Skips where the language has no host here."""

    def generated(language: str, **more: str) -> Path:
        schema = tmp_path / "schema.json"
        # As `package add` has it: with the version that the plugin says, and for packing.
        schema.write_text(json.dumps({**SCHEMA, "version": plugin_version(), "meta": {"supportPack": True}, **more}))
        command = [
            str(cli.path),
            "package",
            "gen-sdk",
            str(schema),
            "--language",
            language,
            "--out",
            str(tmp_path / "sdk"),
        ]
        environment = {**os.environ, "PULUMI_HOME": str(tmp_path / "home"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
        said = done.stdout + done.stderr
        if "no language plugin" in said:
            pytest.skip(f"the Pulumi CLI has no language host for {language}, which makes its SDK")
        assert done.returncode == 0, said
        lines = said.lower().splitlines()
        assert not [each for each in lines if "warning" in each and "from $path" not in each], said
        return tmp_path / "sdk" / language

    return generated


def program(name: str) -> str:
    """The path of a program. Skips where there is none."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not on PATH, so the SDK is not compiled")
    return found


def run(folder: Path, *command: str, seconds: float = 900, **variables: str) -> str:
    """What the command prints; it has to succeed."""
    environment = {**os.environ, **variables}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment, timeout=seconds)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def fetch(folder: Path, *command: str) -> None:
    """The packages that a compiler needs are there. Skips where they cannot be had."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900)
    if done.returncode:
        reason = ((done.stderr or done.stdout).strip().splitlines() or ["no reason"])[-1]
        pytest.skip(f"{Path(command[0]).name} cannot get the packages that the SDK needs: {reason}")


# -- Python -----------------------------------------------------------------------------------------------------------


def test_python(generate: Generate, tmp_path: Path) -> None:
    sdk = generate("python")
    name = NAMES["python"]["packageName"]
    run(sdk, sys.executable, "-m", "compileall", "-q", name)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    fetch(tmp_path, *pip, "install", "--target", str(tmp_path / "site"), "parver", "semver")
    fetch(tmp_path, *pip, "install", "--target", str(tmp_path / "site"), "--no-deps", str(sdk))
    probe = "; ".join(
        [
            f"import pulumi_connect_domains, {name} as sdk, {', '.join(f'{name}.{module} as {module}' for module in MODULES)}",
            f"print({', '.join(f'{module}.Domain.__name__' for module in MODULES)}, sdk.Provider.__name__)",
            "print(sdk._utilities.get_version(), sdk.__file__ != pulumi_connect_domains.__file__)",
        ]
    )
    path = os.pathsep.join([str(tmp_path / "site"), *filter(None, [os.environ.get("PYTHONPATH", "")])])
    named, versioned = run(tmp_path, sys.executable, "-c", probe, PYTHONPATH=path).splitlines()
    assert named == "Domain Domain Provider"
    assert versioned == f"{plugin_version()} True"


# -- TypeScript -------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_typescript(generate: Generate) -> None:
    npm = program("npm")
    sdk = generate("nodejs")
    about = json.loads((sdk / "package.json").read_text())
    assert (about["name"], about["version"]) == (NAMES["nodejs"]["packageName"], plugin_version())
    assert about["pulumi"] == {"resource": True, "name": "connect-domains", "version": plugin_version()}
    fetch(sdk, npm, "install", "--no-audit", "--no-fund", "--ignore-scripts")
    run(sdk, npm, "run", "build")
    assert {f"{module}/domain.js" for module in MODULES} <= {
        path.relative_to(sdk / "bin").as_posix() for path in (sdk / "bin").rglob("*.js")
    }


# -- Go ---------------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_go(generate: Generate) -> None:
    go = program("go")
    sdk = generate("go")
    assert (sdk / "go.mod").read_text().startswith(f"module {Path(NAMES['go']['importBasePath']).parent}\n")
    fetch(sdk, go, "mod", "tidy")
    run(sdk, go, "build", "./...")
    run(sdk, go, "vet", "./...")
    packages = run(sdk, go, "list", "./...").split()
    assert {f"{NAMES['go']['importBasePath']}/{module}" for module in MODULES} <= {*packages}


# -- Java and C# ------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_java(generate: Generate, tmp_path: Path) -> None:
    sdk = generate("java")
    javac, mvn = program("javac"), program("mvn")
    (tmp_path / "pom.xml").write_text(JAVA_SDK)
    fetch(tmp_path, mvn, "-q", "dependency:copy-dependencies", "-DoutputDirectory=jars")
    sources = [str(path) for path in sdk.rglob("*.java")]
    folder = NAMES["java"]["basePackage"].replace(".", "/")
    assert all(f"/{folder}/connectdomains/" in path for path in sources)
    (tmp_path / "sources").write_text("\n".join(sources))
    run(tmp_path, javac, "-nowarn", "-cp", "jars/*", "-d", "classes", f"@{tmp_path / 'sources'}")
    assert all(
        (tmp_path / "classes" / folder / "connectdomains" / module / "Domain.class").is_file() for module in MODULES
    )


@pytest.fixture
def logo() -> Iterator[str]:
    """The URL of a picture on this machine: the generator for C# puts one into the SDK, and fetches Pulumi's where there is none."""

    class Picture(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"\x89PNG")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Picture) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/logo.png"
        server.shutdown()


def test_c_sharp_is_generated(generate: Generate, logo: str) -> None:
    sdk = generate("dotnet", logoUrl=logo)
    names = NAMES["csharp"]
    root = f"{names['rootNamespace']}.{names['namespaces']['connect-domains']}"
    for module in MODULES:
        folder = names["namespaces"][module]
        text = (sdk / folder / "Domain.cs").read_text()
        assert f"namespace {root}.{folder}" in text
        assert f'"connect-domains:{module}:Domain"' in text
        assert "pulumi-python:dynamic" in text  # the alias, so that a stack can change its host
    [project] = sdk.glob("*.csproj")
    assert project.stem == root
    assert not [each for each in sdk.rglob("*.cs") if "namespace Pulumi." in each.read_text()]
