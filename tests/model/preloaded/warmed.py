"""Imported in the process from which providers' hosts are forked: what each host would import, read and work out when it first needs it."""

import encodings.idna
import stringprep
from functools import cache

import grpc._server
import grpc.experimental
from botocore import hooks, loaders
from pulumi_connect_domains import registry
from pulumi_connect_domains.model import validation
from pulumi_connect_domains.stacks import documents

IMPORTED = (encodings.idna, stringprep, grpc._server, grpc.experimental, documents)

_listed = loaders.Loader.list_available_services
_alias = hooks.EventAliaser._alias_event_name


@cache
def _services(type_name: str) -> list[str]:
    return _listed(loaders.create_loader(), type_name)  # type: ignore[no-any-return]


@cache
def _aliased(event_name: str) -> str:
    return _alias(hooks.EventAliaser(hooks.HierarchicalEmitter()), event_name)  # type: ignore[no-any-return]


loaders.Loader.list_available_services = lambda self, type_name: list(_services(type_name))
hooks.EventAliaser._alias_event_name = lambda self, event_name: _aliased(event_name)
hooks.accepts_kwargs = cache(hooks.accepts_kwargs)
_services("service-2")
for type in registry.resource_types().values():
    for mistaken in ({}, {"region": "nowhere", "tags": {"aws:x": 1}, "kms": "x"}):
        list(validation.failures(type.schema, mistaken, is_given=True))
