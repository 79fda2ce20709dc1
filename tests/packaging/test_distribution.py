"""The wheel and the sdist: what is in them, which version they are, and that one commit gives the same bytes everywhere."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import Parser
from pathlib import Path

import dist
import pulumi_connect_domains
import pytest
from lowest import project

from .conftest import ROOT

PACKAGES = ("pulumi_connect_domains", "pulumi_local_engine")
ADDRESS = project()["urls"]["Source"]
LARGEST = 2_000_000


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of the sources as they are here."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory"]
    folder = tmp_path_factory.mktemp("sdist")
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True)
    [built] = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def in_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def in_sdist(sdist: Path) -> set[str]:
    """The names below the sdist's one folder."""
    with tarfile.open(sdist) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def sources(*folders: str) -> set[str]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts}


# -- what is in them -------------------------------------------------------------------------------------------------


def test_the_wheel_holds_the_packages_the_license_and_nothing_else(in_wheel: set[str]) -> None:
    described = {name for name in in_wheel if name.partition("/")[0].endswith(".dist-info")}
    assert in_wheel - described == {name.removeprefix("provider/") for name in sources("provider")}
    assert {name.partition("/")[2] for name in described} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE",
    }  # fmt: skip


def test_the_sdist_holds_what_builds_the_wheel_and_the_project_template(in_sdist: set[str]) -> None:
    beside = {"CHANGELOG.md", "LICENSE", "README.md", "pyproject.toml", "PKG-INFO", ".gitignore"}
    assert in_sdist == beside | sources("provider", "templates/connect-domains-python")


def test_both_are_small(wheel: Path, sdist: Path) -> None:
    """Pictures of the documentation, recordings and tests are the repository's."""
    assert max(wheel.stat().st_size, sdist.stat().st_size) < LARGEST


def test_type_checkers_schemas_and_templates_find_their_files(in_wheel: set[str]) -> None:
    """Named one by one, since a file that is missing from the sources would be missing from both sides above."""
    needed = ("py.typed", "pulumi-plugin.json", "customerprofiles/domain/schema.json", "voiceid/domain/schema.json",
              "drift/report.schema.json", "drift/policy.schema.json", "review/review.schema.json", "validate/report.schema.json",
              "drift/templates/report.html", "drift/templates/report.css", "drift/templates/report.js")  # fmt: skip
    assert {f"pulumi_connect_domains/{name}" for name in needed} <= in_wheel


# -- what an index shows ---------------------------------------------------------------------------------------------


def test_the_extras_are_those_that_the_texts_name(metadata: Message) -> None:
    assert set(metadata.get_all("Provides-Extra", ())) == {"dev", "local", "testing"}
    testing = {line.partition(";")[0].strip() for line in metadata.get_all("Requires-Dist", ()) if "'testing'" in line}
    local = {line.partition(";")[0].strip() for line in metadata.get_all("Requires-Dist", ()) if "'local'" in line}
    assert testing == local | {"pytest>=8.3"}


def test_no_link_of_the_readme_is_a_path(metadata: Message) -> None:
    """On the page of an index it would lead nowhere. A link leads to the tag, so it shows what this version does."""
    shown = str(metadata.get_payload())
    version = metadata["Version"]
    links = re.findall(r'\]\(([^)\s]+)|\b(?:href|src|srcset)="([^"]+)"', shown)
    assert [link for pair in links for link in pair if link and not re.match(r"https?://|#", link)] == []
    assert f"({ADDRESS}/blob/v{version}/docs/" in shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[a](docs/a.md)", "[a](SOURCE/blob/vVERSION/docs/a.md)"),
        ("[a](docs/a.md#part)", "[a](SOURCE/blob/vVERSION/docs/a.md#part)"),
        ("![a](docs/a.svg)", "![a](RAW/vVERSION/docs/a.svg)"),
        ("[![a](docs/a.svg)](docs/a.md)", "[![a](RAW/vVERSION/docs/a.svg)](SOURCE/blob/vVERSION/docs/a.md)"),
        ('<img src="docs/a.png">', '<img src="RAW/vVERSION/docs/a.png">'),
        ('<source srcset="docs/a.png">', '<source srcset="RAW/vVERSION/docs/a.png">'),
        ('<a href="docs/a.md">', '<a href="SOURCE/blob/vVERSION/docs/a.md">'),
        ("[a](https://example.com/a)", "[a](https://example.com/a)"),
        ("![a](https://example.com/a.png)", "![a](https://example.com/a.png)"),
        ("[a](#part)", "[a](#part)"),
        ("[a](mailto:a@example.com)", "[a](mailto:a@example.com)"),
    ],
)
def test_paths_become_addresses(written: str, shown: str) -> None:
    hook = dist.table("tool")["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    text = written
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    raw = ADDRESS.replace("https://github.com", "https://raw.githubusercontent.com")
    expected = shown.replace("SOURCE", ADDRESS).replace("RAW", raw).replace("VERSION", "$HFPR_VERSION")
    assert text == expected


def test_the_project_has_one_address() -> None:
    assert {url for url in project()["urls"].values() if not url.startswith(ADDRESS)} == set()
    owner = ADDRESS.rpartition("/")[0]
    command = ["git", "grep", "-hIoE", rf"{re.escape(owner)}/[^/ \"')@]+", "--", ".", ":!tests"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split()
    assert {each.removesuffix(".git").rstrip(".,`") for each in found} == {ADDRESS}


# -- the version -----------------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A clone of this repository with one commit more and no tags."""
    folder = tmp_path / "repository"
    command = ["git", "clone", "--quiet", "--no-hardlinks", "--no-tags", str(ROOT), str(folder)]
    subprocess.run(command, check=True)
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "more")
    return folder


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def version_of(folder: Path) -> str:
    command = [sys.executable, "-m", "hatchling", "version"]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def test_a_tag_is_the_version_and_a_later_commit_names_itself(repository: Path) -> None:
    git(repository, "tag", "v1.2.3")
    git(repository, "tag", "v1")
    assert version_of(repository) == "1.2.3"
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "later")
    git(repository, "tag", "v2")
    commit = git(repository, "rev-parse", "HEAD")
    assert re.fullmatch(r"1\.2\.4\.dev1\+g([0-9a-f]+)", version_of(repository))[1] in commit  # type: ignore[index]


def test_a_clone_without_tags_names_its_commit(repository: Path) -> None:
    commit = git(repository, "rev-parse", "HEAD")
    found = re.fullmatch(r"0\.1\.dev\d+\+g([0-9a-f]{7,})", version_of(repository))
    assert found
    assert commit.startswith(found[1])


def test_an_archive_of_a_tag_and_sources_without_git_can_be_built(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "v1.2.3")
    git(repository, "archive", "--format=tar", "--output", str(tmp_path / "archive.tar"), "HEAD")
    with tarfile.open(tmp_path / "archive.tar") as archive:
        dist.unpack(archive, tmp_path / "archive")
    assert version_of(tmp_path / "archive") == "1.2.3"
    (tmp_path / "archive" / ".git_archival.txt").unlink()
    assert version_of(tmp_path / "archive") == "0.0"


def test_a_commit_without_a_branch_is_cloned_in_silence(
    repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    git(repository, "checkout", "--quiet", "--detach")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "on no branch")
    capfd.readouterr()
    dist.clone(repository, tmp_path / "clone")
    assert capfd.readouterr() == ("", "")


def test_an_older_python_unpacks_an_archive_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian 12's Python 3.11.2 has no filters yet, and no argument for one."""
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        archive.add(__file__, "file")
    whole = tarfile.TarFile.extractall
    monkeypatch.setattr(tarfile.TarFile, "extractall", lambda self, path: whole(self, path))
    monkeypatch.delattr(tarfile, "data_filter")
    with tarfile.open(tmp_path / "a.tar") as archive:
        dist.unpack(archive, tmp_path / "out")
    assert (tmp_path / "out" / "file").read_bytes() == Path(__file__).read_bytes()


def test_the_installed_command_and_package_say_the_wheels_version(installed: Path, wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    said = subprocess.run([installed.with_name("connect-domains"), "--version"], capture_output=True, text=True)
    assert said.stdout == f"connect-domains, version {version}\n"
    ask = "import pulumi_connect_domains as package; print(package.__version__)"
    assert subprocess.run([installed, "-c", ask], capture_output=True, text=True).stdout.strip() == version


def test_modules_without_an_installed_package_are_of_no_known_version(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert pulumi_connect_domains._version() == "0.0"


@pytest.mark.parametrize("module", ["", ".cli", ".aws.sessions", ".drift.check", ".validate"])
def test_importing_does_not_read_the_metadata(module: str) -> None:
    """That takes longer than the import itself; the version is asked for by reports, and by clients of AWS."""
    program = f"import sys, pulumi_connect_domains{module}; print('importlib.metadata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(("version", "tag"), [("1.2.3", "v1.2.3"), ("1.2.3rc1", "v1.2.3rc1")])
def test_a_release_has_the_version_of_its_tag(version: str, tag: str) -> None:
    dist.is_tagged(version, tag)


@pytest.mark.parametrize(
    ("version", "tag"),
    [("1.2.4.dev1+g0123abc", "v1.2.3"), ("1.2.3", "v1.2.4"), ("1.2.3", "1.2.3"), ("1.2.3rc1", "v1.2.3-rc.1")],
)
def test_a_release_of_another_version_than_its_tags_is_refused(version: str, tag: str) -> None:
    with pytest.raises(
        SystemExit, match=f"this commit is version {re.escape(version)}, so {re.escape(tag)} is not its tag"
    ):
        dist.is_tagged(version, tag)


# -- the same bytes --------------------------------------------------------------------------------------------------


def test_one_commit_gives_the_same_bytes_wherever_it_is_built(tmp_path: Path) -> None:
    """In another folder, time zone and umask; and from the sdist, where there is no repository."""
    dist.built(tmp_path, ROOT)


def test_files_that_differ_are_named(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for number, folder in enumerate(folders):
        folder.mkdir()
        (folder / "same").write_text("same")
        (folder / "other").write_text(str(number))
    (folders[0] / "only-one").touch()
    with pytest.raises(dist.Unequal, match=r"differ in only-one, other$|differ in other, only-one$"):
        dist.same_bytes(*(folder.iterdir() for folder in folders))


# -- what is installed beside it -------------------------------------------------------------------------------------


def names(requirements: Iterable[str]) -> set[str]:
    return dist.needed(*requirements)


def test_what_comes_along_is_found_through_extras_and_markers() -> None:
    base, local, testing = (names([f"pulumi-connect-domains{extra}"]) for extra in ("", "[local]", "[testing]"))
    assert {"pulumi-connect-domains", "pulumi", "grpcio", "jmespath"} <= base
    assert local - base >= {"moto", "flask", "cryptography", "werkzeug"}
    assert testing - local >= {"pytest", "pluggy"}
    assert "tomli" in names(["pytest"]) or sys.version_info >= (3, 11)
    assert base.isdisjoint({"moto", "pytest", "ruff"})


def test_pins_of_what_is_needed_are_taken_with_their_hashes(tmp_path: Path) -> None:
    (tmp_path / "pins.txt").write_text(
        "a==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nab==2 \\\n    --hash=sha256:cc\n"
        "c==3 ; python_full_version < '3.11' \\\n    --hash=sha256:dd\n"
    )
    assert dist.pins({"a", "c"}, tmp_path / "pins.txt") == (
        "a==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "c==3 ; python_full_version < '3.11' \\\n    --hash=sha256:dd\n"
    )
    with pytest.raises(SystemExit, match=r"pins\.txt does not pin b, d"):
        dist.pins({"a", "b", "d"}, tmp_path / "pins.txt")
