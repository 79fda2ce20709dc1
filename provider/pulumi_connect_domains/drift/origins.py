"""Where the states of a check come from, by its options."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from ..aws import Access, Role
from ..aws.objects import Objects
from ..model.errors import AwsError, ConfigurationError
from ..operations.configuration import Configuration
from ..operations.destination import resolve_region
from ..reporting import progress
from ..stacks.backends import from_backend
from ..stacks.locations import BucketLocation, FolderLocation, location
from ..stacks.sources import Export, from_file, from_folder, from_folder_of_backend, from_pulumi


def exports(given: dict[str, Any], show: progress.Show) -> Iterator[Export]:
    """The exports that the options name. They are read while they are taken.

    Raises, before the first is read: UsageError and ConfigurationError for mistakes in the options; then what lists of stacks raise.
    """
    stacks, every, organizations = given["stacks"], given["every"], given["organizations"]
    if not (stacks or every or organizations or given["files"] or given["folders"]):
        raise click.UsageError(
            "what is to be checked? --stack NAME, --all, --org NAME, --state FILE or URL, or --state-dir DIR"
        )
    places = [(text, location(text)) for text in given["files"]]
    objects = {place: _objects(place) for _, place in places if isinstance(place, BucketLocation)}
    found: list[Iterator[Export]] = []
    for text, place in places:
        if isinstance(place, BucketLocation):
            continue
        found.append(from_folder_of_backend(place.folder) if isinstance(place, FolderLocation) else from_file(text))
    found += [from_folder(name) for name in given["folders"]]
    is_one_of_several = len(given["files"]) + len(given["folders"]) + bool(stacks or every or organizations) > 1
    for place, bucket in objects.items():
        found.append(_of_bucket(bucket, place, show, is_one_of_several))
    if stacks or every or organizations:
        found.append(
            from_pulumi(
                stacks,
                every=every,
                organizations=organizations,
                folder=given["cwd"],
                with_secrets=given["show_secrets"],
                on_export=lambda done, of: show("exporting stacks", done, of),
            )
        )
    return chain.from_iterable(found)


def _of_bucket(
    bucket: Objects, place: BucketLocation, show: progress.Show, is_one_of_several: bool
) -> Iterator[Export]:
    """The exports in the bucket. One of several that cannot be listed is a problem of its own: the others are checked.

    Raises: AwsError for a bucket that cannot be listed and is the only place.
    """
    try:
        return from_backend(
            bucket, place.root, place.prefix, lambda done: show("reading states from the bucket", done, 0)
        )
    except AwsError as error:
        if not is_one_of_several:
            raise
        return iter([Export(f"{place.root}{place.prefix}", error=error.in_one_line)])


def _objects(place: BucketLocation) -> Objects:
    """The bucket, to be asked with the credentials of this machine, or those that its URL names: never with the role of --assume-role.

    Raises: ConfigurationError without a Region, BadCredentials for a profile that does not exist.
    """
    access = Access(
        profile=place.profile,
        roles=(Role(place.role),) if place.role else (),
        endpoints=(("s3", place.endpoint),) if place.endpoint else (),
        variables=place.variables,
        addressing_style=place.addressing_style,
    )
    region = resolve_region(place.region, Configuration(access=access))
    if region is None:
        raise ConfigurationError(f"--state {place.root}: in which Region is the bucket? ?region=REGION, or AWS_REGION")
    return Objects(place.bucket, region.name, access)
