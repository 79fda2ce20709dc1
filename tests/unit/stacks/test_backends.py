"""Exports out of a bucket: which objects are states, what goes wrong with one of them, and how much is held at a time."""

from __future__ import annotations

import gzip
import itertools
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_connect_domains.model.errors import AccessDenied, NoAnswer, NotFound
from pulumi_connect_domains.stacks import backends, files, layout
from pulumi_connect_domains.stacks.backends import from_backend

TEXT = b'{"version": 3}'
S = ".pulumi/stacks/"


@dataclass(frozen=True)
class Object:
    key: str
    size_bytes: int = 0
    modified: str = ""


class Memory:
    """A bucket in memory. A key whose content is an error raises it when it is read, or in the list where it is `breaks`."""

    def __init__(self, content: Mapping[str, bytes | Exception], breaks: str = "", **modified: str) -> None:
        self.content, self.breaks, self.modified = content, breaks, modified
        self.read_keys: list[str] = []

    def listed(self, prefix: str) -> Iterator[Object]:
        for key in sorted(self.content):
            if key == self.breaks:
                raise NoAnswer("cannot list it: a fault\nrun again")
            found = self.content[key]
            if key.startswith(prefix):
                size = len(found) if isinstance(found, bytes) else 0
                yield Object(key, size, self.modified.get(key.rpartition("/")[2].replace(".", "_"), ""))

    def read(self, key: str, most_bytes: int) -> bytes:
        self.read_keys.append(key)
        found = self.content[key]
        if isinstance(found, Exception):
            raise found
        return found[: most_bytes + 1]


def origins(store: Memory, prefix: str = "") -> list[str]:
    return [each.origin for each in from_backend(store, "s3://states/", prefix)]


def test_the_stacks_of_both_layouts_are_found_and_nothing_else() -> None:
    kept = [f"{S}dev.json", f"{S}history/dev.json", f"{S}shop/a.b_c-1.json.gz", f"{S}shop/dev.json"]
    others = [
        ".pulumi/meta.yaml", ".pulumi/history/shop/dev/dev-1.history.json", ".pulumi/backups/shop/dev/dev.1.json",
        ".pulumi/locks/x/1.json", f"{S}shop/prod.json.bak", f"{S}shop/prod.json.gz.bak", f"{S}shop/prod.json.170000000",
        f"{S}shop/prod.pulumi-tags", f"{S}shop/deep/dev.json", f"{S}shop/with blank.json", f"{S}shop/.json/x", "dev.json",
        f"other/{S}shop/dev.json", ".pulumi/stacksish/shop/dev.json",
    ]  # fmt: skip
    store = Memory(dict.fromkeys([*kept, *others], TEXT))
    assert origins(store) == [f"s3://states/{key}" for key in kept]
    assert origins(store, "other/") == [f"s3://states/other/{S}shop/dev.json"]


def test_content_is_unpacked_whatever_the_name_says() -> None:
    store = Memory({f"{S}a/packed.json": gzip.compress(TEXT), f"{S}a/plain.json.gz": TEXT})
    assert [each.text for each in from_backend(store, "s3://states/")] == [TEXT, TEXT]


@pytest.mark.parametrize(
    ("newer", "kept"), [("dev_json", "dev.json"), ("dev_json_gz", "dev.json.gz"), ("", "dev.json.gz")]
)
def test_of_two_forms_of_one_stack_the_newer_counts(newer: str, kept: str) -> None:
    between = f"{S}shop/dev.json.eu.json"  # another stack, whose key stands between the two
    content = dict.fromkeys([f"{S}shop/dev.json", between, f"{S}shop/dev.json.gz", f"{S}shop/prod.json"], TEXT)
    store = Memory(content, **({newer: "2026"} if newer else {}))
    found = sorted(origins(store))
    assert found == sorted(f"s3://states/{key}" for key in (f"{S}shop/{kept}", between, f"{S}shop/prod.json"))
    assert len(store.read_keys) == 3


NAMES = st.text("abc.", min_size=1, max_size=3)


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from([*layout.FORMS, ".bak", ".json.bak"]), st.sampled_from("123")), max_size=12
    )
)
def test_every_state_is_there_once_in_its_newest_form(found: list[tuple[str, str, str]]) -> None:
    objects = {f"{name}{form}": Object(f"{name}{form}", modified=modified) for name, form, modified in found}
    listed = [objects[key] for key in sorted(objects)]
    expected: dict[str, Object] = {}
    for each in listed:
        name = layout.stem(each.key)
        if name and (name not in expected or each.modified >= expected[name].modified):
            expected[name] = each
    assert sorted(layout.newest(listed), key=str) == sorted(expected.values(), key=str)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(
            AccessDenied("cannot read the object: access denied (AccessDenied)\nallow the IAM action s3:GetObject to the caller"),
            "cannot read the object: access denied (AccessDenied); allow the IAM action s3:GetObject to the caller",
            id="no permission",
        ),
        pytest.param(NotFound("", code="NoSuchKey"), "is gone since it was listed (NoSuchKey): run again", id="deleted meanwhile"),
        pytest.param(gzip.compress(TEXT)[:-9], "cannot be read: the gzip file is cut off", id="cut off"),
        pytest.param(b"\x28\xb5\x2f\xfd\x00\x00", "zstd", id="zstd that is none"),
    ],
)  # fmt: skip
def test_an_object_that_cannot_be_read_is_one_error_and_stops_no_other(content: bytes | Exception, error: str) -> None:
    store = Memory({f"{S}a/1.json": TEXT, f"{S}a/2.json": content, f"{S}a/3.json": TEXT})
    first, wrong, last = from_backend(store, "s3://states/")
    assert first.text == last.text == TEXT
    assert wrong.origin == f"s3://states/{S}a/2.json"
    assert error in wrong.error
    assert "\n" not in wrong.error


class Grown(Memory):
    """One whose list tells sizes that were never true, or are not any more."""

    size_bytes = 5

    def listed(self, prefix: str) -> Iterator[Object]:
        return (Object(each.key, self.size_bytes) for each in super().listed(prefix))


def test_what_has_grown_much_since_it_was_listed_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "MOST_GROWTH", 2**20)
    store = Grown({f"{S}a/1.json": b" " * (2**20 + 5), f"{S}a/2.json": b" " * (2**20 + 6)})
    first, second = from_backend(store, "s3://states/")
    assert (len(first.text), second.error) == (2**20 + 5, "is much bigger now than it was listed: run again")
    store.size_bytes = -(10**12)
    assert [each.error for each in from_backend(store, "s3://states/")] == [second.error] * 2


def test_what_is_too_big_is_not_asked_for_and_what_has_grown_is_not_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 2**20)

    big = {f"{S}a/1.json": b" " * (2**20 + 1)}
    listed_so, grown = Memory(big), Grown(big)
    assert [each.error for each in from_backend(listed_so, "s3://states/")] == ["is bigger than 1 MiB"]
    assert listed_so.read_keys == []
    assert [each.error for each in from_backend(grown, "s3://states/")] == ["is bigger than 1 MiB"]
    bomb = Memory({f"{S}a/1.json.gz": gzip.compress(b" " * 2**21)})
    assert [each.error for each in from_backend(bomb, "s3://states/")] == ["is bigger than 1 MiB"]


def test_a_list_that_cannot_begin_is_raised_before_anything_is_read() -> None:
    store = Memory({f"{S}a/1.json": TEXT}, breaks=f"{S}a/1.json")
    with pytest.raises(NoAnswer):
        from_backend(store, "s3://states/")


def test_a_list_that_breaks_off_is_an_error_after_what_was_listed() -> None:
    store = Memory({f"{S}a/{number}.json": TEXT for number in range(5)}, breaks=f"{S}a/3.json")
    *found, broken = from_backend(store, "s3://states/", "")
    assert [each.text for each in found] == [TEXT] * 3
    assert (broken.origin, broken.error) == (
        "s3://states",
        "cannot be listed to its end: cannot list it: a fault; run again",
    )


def test_a_bucket_without_stacks_is_an_error_since_it_may_be_another_one() -> None:
    (found,) = from_backend(Memory({"a/state.json": TEXT}), "s3://states/", "acme/")
    assert found.origin == "s3://states/acme"
    assert found.error.startswith("holds no stack of Pulumi (.pulumi/stacks/)")


# -- how much is held -------------------------------------------------------------------------------------------------


class Counting:
    """A bucket of any size. It knows how many objects were listed and read, and not taken yet."""

    def __init__(self, number: int, size: int) -> None:
        self.number, self.size = number, size
        self.lock = threading.Lock()
        self.listed_now = self.read_now = self.taken = self.most_listed = self.most_read = 0

    def listed(self, prefix: str) -> Iterator[Object]:
        for number in range(self.number):
            self.listed_now += 1
            self.most_listed = max(self.most_listed, self.listed_now - self.taken)
            yield Object(f"{prefix}shop/{number:07}.json", self.size)

    def read(self, key: str, most_bytes: int) -> bytes:
        with self.lock:
            self.read_now += 1
            self.most_read = max(self.most_read, self.read_now - self.taken)
        return TEXT

    def take(self) -> None:
        with self.lock:
            self.taken += 1


@pytest.mark.parametrize(
    ("size", "most"),
    [
        pytest.param(100, 2 * backends.READERS, id="small ones"),
        pytest.param(backends.MOST_BYTES_AHEAD // 4, 4, id="of which four fill what may be held"),
        pytest.param(backends.MOST_BYTES_AHEAD + 1, 1, id="of which one alone is more than that"),
    ],
)
def test_few_objects_are_held_however_many_there_are(size: int, most: int) -> None:
    store = Counting(5_000, size)
    for number, export in enumerate(from_backend(store, "s3://states/")):
        assert export.origin.endswith(f"shop/{number:07}.json"), "they come in the order of the list"
        store.take()
    assert store.taken == 5_000
    assert store.most_read <= most + 1  # the one that is being taken
    assert store.most_listed <= most + 4, "the list is not read ahead either"


def test_reading_ends_with_whoever_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    store = Counting(10_000, 1)
    exports = from_backend(store, "s3://states/")
    assert len(list(itertools.islice(exports, 3))) == 3
    assert hasattr(exports, "close")
    exports.close()
    assert store.listed_now < 3 * backends.READERS
