"""Builds the wheel and the sdist of the commit, and shows that they are what people may install: `make dist`.

They are built from two clones, in different folders, and must be the same bytes. Each is installed into an environment where nothing else
is, with the pinned versions and hashes, and passes tools/smoke.py there. Beside them comes a CycloneDX bill of what the wheel installs.

    dist/*.whl  dist/*.tar.gz    what a release uploads
    dist/sbom/*.cdx.json         the wheel and what comes with it, by name, version and license
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from lowest import project, table
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
BILL_CONSTRAINTS = ROOT / "constraints-bill.txt"
"""What makes the bill of materials, pinned. It has an environment of its own: in that of the tests, a part of it (rfc3987-syntax) would
make every import of jsonschema take a second longer. uv (https://docs.astral.sh/uv) pins it:

    echo 'cyclonedx-bom>=7.5' | uv pip compile - --universal --python-version 3.10 --generate-hashes --no-header --no-annotate \
        --output-file constraints-bill.txt
"""
NAME = "pulumi-connect-domains"
SURROUNDINGS = ({"TZ": "UTC", "umask": "022"}, {"TZ": "Asia/Tokyo", "umask": "077"})
"""Where the same bytes must come out. A clone's files have the modes that the umask leaves."""


class Unequal(Exception):
    """Two builds of one commit gave different files."""


# -- building --------------------------------------------------------------------------------------------------------


def clone(repository: Path, folder: Path, umask: str = "022") -> Path:
    """The folder, which holds what is committed in the repository, with its tags."""
    quietly = ["-c", "advice.detachedHead=false", "clone", "--quiet", "--no-hardlinks"]
    command = ["git", *quietly, str(repository), str(folder)]
    subprocess.run(command, check=True, umask=int(umask, 8))
    return folder


def build(source: Path, out: Path, *, umask: str = "022", **environment: str) -> list[Path]:
    """The files built from the folder, by name: an sdist and a wheel. Times in them are the commit's."""
    return _hatchling(source, out, umask, {**environment, "SOURCE_DATE_EPOCH": commit_time(source)})


def commit_time(repository: Path) -> str:
    """When the commit was made, in seconds since 1970."""
    command = ["git", "-C", str(repository), "log", "-1", "--format=%ct"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def build_from_sdist(sdist: Path, folder: Path, epoch: str) -> Path:
    """The wheel that comes out where only the sdist is there: no repository, no tags. Times in it are `epoch`, as in the sdist's commit."""
    with tarfile.open(sdist) as archive:
        unpack(archive, folder)
    [source] = folder.iterdir()
    [wheel] = _hatchling(source, folder / "built", "022", {"SOURCE_DATE_EPOCH": epoch}, "--target", "wheel")
    return wheel


def unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """What is in the archive is in the folder. Files with a path that leads out of it are refused."""
    # Not the argument `filter`, which Debian 12's Python 3.11.2 does not have.
    archive.extraction_filter = getattr(tarfile, "data_filter", None)
    archive.extractall(folder)


def _hatchling(source: Path, out: Path, umask: str, environment: dict[str, str], *options: str) -> list[Path]:
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(out), *options]
    done = subprocess.run(
        command, cwd=source, env={**os.environ, **environment}, umask=int(umask, 8), capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return sorted(out.iterdir())


def same_bytes(first: Iterable[Path], second: Iterable[Path]) -> None:
    """Nothing, where both hold files of the same names and bytes. Raises Unequal, which names the others."""
    digests = [{path.name: digest(path) for path in each} for each in (first, second)]
    if different := sorted(name for name, _ in digests[0].items() ^ digests[1].items()):
        raise Unequal(f"two builds of one commit differ in {', '.join(dict.fromkeys(different))}")


def is_tagged(version: str, tag: str) -> None:
    """Nothing, where the version is the tag's. Raises SystemExit for the tag of another commit, and for one that is no version."""
    if tag != f"v{version}":
        raise SystemExit(
            f"this commit is version {version}, so {tag} is not its tag, or is not written as a version is: v1.2.3, v1.2.3rc1"
        )


def digest(path: Path) -> str:
    """The file's SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


# -- installing ------------------------------------------------------------------------------------------------------


def needed(*requirements: str) -> set[str]:
    """The distributions that these bring along, with their own dependencies. The environment of this program must hold them all."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    left = [Requirement(each) for each in requirements]
    while left:
        one = left.pop()
        name, extras = canonicalize_name(one.name), frozenset(one.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found.add(name)
        for line in metadata.requires(name) or ():
            each = Requirement(line)
            if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""}):
                left.append(each)
    return found


def pins(names: set[str], constraints: Path) -> str:
    """The lines of the constraints for these distributions: name, version and hashes."""
    entries = re.findall(r"(?m)^(?:[^\s#].*\\\n)(?:[ \t]+--hash=.*\n?)+", constraints.read_text(encoding="utf-8"))
    kept = [each for each in entries if re.split(r"[=\s]", each)[0] in names]
    if missing := sorted(names - {re.split(r"[=\s]", each)[0] for each in kept}):
        raise SystemExit(f"{constraints.name} does not pin {', '.join(missing)}")
    return "".join(kept)


def environment(folder: Path) -> Path:
    """The Python of a new environment that holds nothing, pip neither."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def install(python: Path, constraints: Path, *requirements: str, file: Path | None = None) -> None:
    """What the requirements bring along is installed in pinned versions, by hash; then the file itself.

    Without a file, the requirements are installed too. A dependency that the file does not declare is not there.
    """
    ours = {NAME} if file else set()
    listed = pins(needed(*requirements) - ours, constraints)
    if file:
        listed += f"{NAME} @ {file.as_uri()} --hash=sha256:{digest(file)}\n"
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as requirements_file:
        requirements_file.write(listed)
        requirements_file.flush()
        asked = ["install", "--require-hashes", "--no-deps", "--no-build-isolation", "-r", requirements_file.name]
        pip(python, *asked)
    pip(python, "check")


def pip(python: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", str(python)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pip {' '.join(arguments)}\n{done.stdout}{done.stderr}")


def smoke(python: Path, *arguments: str) -> None:
    """tools/smoke.py passed in that environment, from a folder where none of our sources are."""
    with tempfile.TemporaryDirectory() as folder:
        script, template = Path(folder, "smoke.py"), Path(folder, "template")
        shutil.copy(ROOT / "tools" / "smoke.py", script)
        shutil.copytree(ROOT / "templates" / "connect-domains-python", template)
        command = [str(python), "-I", str(script), *arguments, "--template", str(template)]
        if subprocess.run(command, cwd=folder).returncode:
            raise SystemExit("the installed package does not do what it must: see above")


def bill_of_materials(python: Path, version: str, out: Path, maker: Path) -> None:
    """The file holds a CycloneDX 1.6 bill of the environment, in which the package itself has its version.

    `maker`: where an environment for cyclonedx-bom is made.
    """
    tool = environment(maker)
    pip(tool, "install", "--require-hashes", "--no-deps", "-r", str(BILL_CONSTRAINTS))
    command = [str(tool), "-m", "cyclonedx_py", "environment", str(python), "--pyproject", "pyproject.toml"]
    command += ["--output-reproducible", "--output-format", "JSON", "--spec-version", "1.6", "--mc-type", "library"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    bill = json.loads(done.stdout)
    bill["metadata"]["component"] |= {"version": version, "purl": f"pkg:pypi/{NAME}@{version}"}
    # The tool counts the extras' requirements too, as far as they are there.
    ours = {canonicalize_name(each.name) for each in map(Requirement, project()["dependencies"])}
    [root] = [each for each in bill["dependencies"] if each["ref"] == bill["metadata"]["component"]["bom-ref"]]
    root["dependsOn"] = [each for each in root["dependsOn"] if canonicalize_name(each.partition("==")[0]) in ours]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n", encoding="utf-8")


# -- all of it -------------------------------------------------------------------------------------------------------


def main(out: Path, constraints: Path, tag: str | None) -> None:
    """Everything that the first lines of this file promise. Raises: Unequal, SystemExit with what is wrong."""
    if subprocess.run(["git", "-C", str(ROOT), "status", "--porcelain"], capture_output=True).stdout:
        print("not committed, and left out: the changes that `git status` shows")
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        sdist, wheel = built(work, ROOT)
        version = wheel.name.split("-")[1]
        print(f"built twice, the same bytes: {wheel.name} and {sdist.name}")
        if tag is not None:
            is_tagged(version, tag)

        shutil.rmtree(out, ignore_errors=True)
        python = environment(work / "wheel")
        install(python, constraints, NAME, file=wheel)
        smoke(python, "--version", version)
        print("the wheel, without extras: installed, works")
        bill = out / "sbom" / f"{wheel.name.removesuffix('-py3-none-any.whl')}.cdx.json"
        bill_of_materials(python, version, bill, work / "bill")
        install(python, constraints, f"{NAME}[local]", file=wheel)
        smoke(python, "--version", version, "--local")
        print("the wheel, with [local]: preview, up and destroy on the local engine")

        python = environment(work / "sdist")
        install(python, constraints, *table("build-system")["requires"])
        install(python, constraints, f"{NAME}[testing]", file=sdist)
        smoke(python, "--version", version, "--local", "--testing")
        print("the sdist, with [testing]: the same, and a test with the fixtures")

        for each in (sdist, wheel):
            print(shutil.copy(each, out))


def built(work: Path, repository: Path) -> tuple[Path, Path]:
    """The sdist and the wheel of the commit, after each was built a second time elsewhere, and the wheel a third time from the sdist."""
    builds = []
    for number, each in enumerate(SURROUNDINGS):
        source = clone(repository, work / f"clone-{number}", each["umask"])
        builds.append(build(source, work / f"built-{number}", **each))
    same_bytes(*builds)
    sdist, wheel = _sdist_and_wheel(builds[0])
    same_bytes([wheel], [build_from_sdist(sdist, work / "from-sdist", commit_time(repository))])
    return sdist, wheel


def _sdist_and_wheel(files: Iterable[Path]) -> Iterator[Path]:
    for suffix in (".tar.gz", ".whl"):
        [each] = [path for path in files if path.name.endswith(suffix)]
        yield each


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="FOLDER")
    parser.add_argument("--constraints", type=Path, default=CONSTRAINTS, metavar="FILE")
    parser.add_argument("--tag", help="fail unless the version is the tag's (v1.2.3)")
    given = parser.parse_args()
    main(given.out, given.constraints, given.tag)
