"""The comments on recorded previews, word for word. tests/engine/test_review.py makes both: the previews and the comments."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi_connect_domains.model.schema import Property
from pulumi_connect_domains.registry import by_token
from pulumi_connect_domains.reporting.formats import PLAIN
from pulumi_connect_domains.reporting.markdown import MOST_CHARACTERS
from pulumi_connect_domains.review.assessment import assessed
from pulumi_connect_domains.review.formats import FORMATS
from pulumi_connect_domains.review.formats.markdown_format import comment
from pulumi_connect_domains.review.model import Review
from pulumi_connect_domains.stacks.preview import parse

from ...natives import check_same, snake_names
from ..report_schemas import flaws
from ..reporting import sarif_files

GOLDEN = Path(__file__).parent.parent.parent / "golden" / "review"
PREVIEWS = sorted((GOLDEN / "previews").glob("*/*.json"))
Golden = Callable[[str, str], None]


def named(file: Path) -> str:
    return f"{file.stem}, {file.parent.name}"


def review_of(*files: Path) -> Review:
    return Review(tuple(assessed(parse(file.read_bytes(), file.name), by_token()) for file in files))


def in_format(name: str, review: Review) -> str:
    return FORMATS.named(name).render(review)


def test_both_engines_were_recorded() -> None:
    of_engine = {engine: {file.stem for file in PREVIEWS if file.parent.name == engine} for engine in ("cli", "local")}
    assert of_engine["cli"] == of_engine["local"]
    assert len(of_engine["cli"]) >= 15


@pytest.mark.parametrize("file", PREVIEWS, ids=named)
def test_comment(file: Path, golden: Golden, host: str) -> None:
    check_same(host, golden, f"review/{file.stem}.md", in_format("markdown", review_of(file)))


@pytest.mark.parametrize("file", PREVIEWS, ids=named)
def test_json_follows_its_schema_and_text_says_as_much(file: Path, host: str) -> None:
    review = review_of(file)
    assert flaws("review", json.loads(in_format("json", review))) == []
    sarif_files.check(json.loads(in_format("sarif", review)))
    said = snake_names(in_format("text", review))
    assert all(row.path in said for one in review.stacks[0].domains for row in one.rows)


def leaves(of: Property, path: str = "") -> Iterator[str]:
    """The paths of all settings that can change in place."""
    for name, below in of.inputs.items():
        if below.create_only or below.merged_from:
            continue
        if below.members:
            yield from leaves(below, f"{path}{name}.")
        else:
            yield f"{path}{name}"


def test_the_recorded_updates_change_every_setting() -> None:
    review = review_of(
        *(GOLDEN / "previews" / "cli" / f"{name}.json" for name in ("update-every-property", "switch-off"))
    )
    changed = {
        re.sub(r"\[\d+\]$|(?<=^tags)\..*", "", row.path)
        for stack in review.stacks
        for one in stack.domains
        for row in one.rows
    }
    assert changed == {path for type in by_token().values() for path in leaves(type.schema)}


@pytest.mark.parametrize("file", [file for file in PREVIEWS if file.stem == "secrets"], ids=named)
def test_no_format_holds_a_secret(file: Path, host: str) -> None:
    assert "becomes-secret" in file.read_text(), "the preview itself shows the old value (pulumi#9330)"
    review = review_of(file)
    for written in (*(in_format(name, review) for name in FORMATS.names), repr(review)):
        for secret in ("s3cr3t", "becomes-secret", "another-secret", "hush"):
            assert secret not in written


@pytest.mark.parametrize("form", ["json", "text", "sarif"])
def test_other_formats(form: str, golden: Golden, host: str) -> None:
    names = ("replace-with-data", "mixed-providers", "failed", "secrets")
    review = review_of(*(GOLDEN / "previews" / "cli" / f"{name}.json" for name in names))
    check_same(host, golden, f"review/four-previews.{form}", in_format(form, review))


def test_comment_on_several_stacks(golden: Golden) -> None:
    names = ("create", "replace-with-data", "delete-with-data", "failed", "empty")
    found = []
    for name in names:
        file = GOLDEN / "previews" / "cli" / f"{name}.json"
        found.append(parse(file.read_bytes().replace(b":dev::", f":{name}::".encode()), file.name))
    golden(
        "review/several-stacks.md", in_format("markdown", Review(tuple(assessed(each, by_token()) for each in found)))
    )


def test_comment_on_300_domains(golden: Golden) -> None:
    """The preview of one domain, 300 times; tests/engine makes the same comment from a real program with 300."""
    written, is_cut = comment(Review((assessed(parse(many(300), "preview.json"), by_token()),)), PLAIN)
    assert is_cut
    assert len(written) <= MOST_CHARACTERS
    golden("review/300-domains.md", written)


def many(count: int) -> bytes:
    """The recorded preview of one domain, with so many of it."""
    one: dict[str, Any] = json.loads((GOLDEN / "previews" / "cli" / "one-of-many.json").read_text())

    def multiplied(part: str) -> list[Any]:
        mine = [each for each in one.get(part, ()) if each.get("urn", "").endswith("::domain-000")]
        text = json.dumps(mine)
        more = [json.loads(text.replace("domain-000", f"domain-{place:03}")) for place in range(1, count)]
        return [*one.get(part, ()), *(each for found in more for each in found)]

    return json.dumps({**one, "steps": multiplied("steps"), "diagnostics": multiplied("diagnostics")}).encode()
