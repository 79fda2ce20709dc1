"""The objects of one S3 bucket: listed page by page, and read one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..model.errors import NoAnswer
from ..model.path import ANY, PathPattern
from ..model.schema import Expected
from ..model.values import Json
from .access import Access
from .services import service

PERMISSIONS = ("s3:ListBucket", "s3:GetObject")
"""The IAM actions with which objects are listed and read. Source: service authorization reference, Amazon S3."""

_OF_EACH = ("key", "size", "last_modified")
PAGE = Expected(needs=(PathPattern(("is_truncated",)), *(PathPattern(("contents", ANY, name)) for name in _OF_EACH)))
"""What a page of a list must have, so that another answer is not taken for an empty bucket."""


@dataclass(frozen=True)
class StoredObject:
    """An object as a list shows it. `modified` is a time in UTC, as text that sorts by time."""

    key: str
    size_bytes: int
    modified: str


@dataclass(frozen=True)
class Objects:
    """The objects of a bucket. `region` is asked first; S3 says where else the bucket is. Thread-safe."""

    bucket: str
    region: str
    access: Access

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """All objects whose keys begin so, in the order of their keys. At most 1,000 are held. Raises: AwsError."""
        asked: Json = {"bucket": self.bucket, "prefix": prefix}
        subject = f"the objects of bucket {self.bucket}"
        while True:
            page: dict[str, Any] = service("s3", self.region, self.access).call("ListObjectsV2", subject, asked, PAGE)
            for each in page.get("contents", ()):
                yield StoredObject(str(each["key"]), int(each["size"]), str(each["last_modified"]))
            if not page["is_truncated"]:
                return
            token = page.get("next_continuation_token")
            if not token or token == asked.get("continuation_token"):
                raise NoAnswer(f"cannot list {subject}: the list goes on, and S3 does not say where\nrun again")
            asked["continuation_token"] = token

    def read(self, key: str, most_bytes: int) -> bytes:
        """The object's bytes, at most one more than `most_bytes`. Raises: NotFound where it is gone, other AwsErrors."""
        members = {"bucket": self.bucket, "key": key}
        found = service("s3", self.region, self.access).call("GetObject", "the object", members, most_bytes=most_bytes)
        body = found["body"]
        assert isinstance(body, bytes)  # as every stream that was read
        return body
