"""moto, with further services: those of the resource types, and whatever a test adds.

moto has no plugin system, so this needs names that moto keeps to itself. All of them are in this module: when a moto
release moves one, this is the only file to change, and the error says so.
"""

from __future__ import annotations

import importlib.metadata
import re
from functools import lru_cache
from typing import Any

from ...registry import SERVICES

try:
    from moto import backends
    from moto.backend_index import backend_url_patterns
    from moto.core.base_backend import BackendDict, BaseBackend
    from moto.core.request import Request
    from moto.core.responses import BaseResponse
    from moto.core.routing import NotFound, get_service_router
    from moto.core.utils import get_service_model
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
except ImportError as error:
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith("moto."):
        raise ImportError("the local AWS needs moto's server: install pulumi-connect-domains[local]") from error
    version = importlib.metadata.version("moto")
    explanation = f"moto {version} lacks a name the local AWS is built on ({error}); it is known to work with 5.2.5"
    raise ImportError(explanation) from error

__all__ = [
    "ADDED",
    "BackendDict",
    "BaseBackend",
    "BaseResponse",
    "Dispatcher",
    "MotoRequestHandler",
    "NotFound",
    "Request",
    "account_of",
    "add",
    "get_service_model",
    "get_service_router",
    "name_of",
    "register",
    "stop_recording",
]


ADDED: dict[str, Any] = {}
"""The services that moto gets from here (each a `service.Service`), by their names at botocore."""

_signing: dict[str, str] = {}
"""Those names, by the names that the services sign requests with."""


def register() -> None:
    """moto finds the services of all resource types by their host names. Doing it twice changes nothing."""
    for folder in SERVICES:
        add(f"{__package__}.{folder}.responses")


def add(module: str) -> None:
    """The service that the module holds as `SERVICE` is offered from now on. Doing it twice changes nothing."""
    service = importlib.import_module(module).SERVICE
    if ADDED.get(service.name) is service:
        return
    signing_name = str(get_service_model(service.name).signing_name)
    ADDED[service.name], _signing[signing_name] = service, service.name
    backends.get_backend = _get_backend
    backend_url_patterns.append((service.name, re.compile(rf"https?://{signing_name}\.(.+)\.amazonaws\.com")))


def name_of(signing_name: str) -> str:
    """botocore's name of the service that signs its requests so; the signing name itself for a service of moto's."""
    return _signing.get(signing_name, signing_name)


_moto_backend = backends.get_backend


def _get_backend(name: str) -> Any:
    return ADDED[name].backends if name in ADDED else _moto_backend(name)


class Dispatcher(DomainDispatcherApplication):  # type: ignore[misc]  # moto ships no types
    """moto's WSGI application: finds the service that a request is for, and hands it over.

    Which service a host name means never changes, and moto lists a directory to find out: it is remembered here,
    which saves most of the time of a call.
    """

    def __init__(self) -> None:
        register()
        super().__init__(create_backend_app)
        self.get_backend_for_host = lru_cache(self._backend_for_host)

    def _backend_for_host(self, host: str | None) -> Any:
        """Raises NotImplementedError for a service that moto does not have, and for moto's own API: what it shows, resets and
        records has no place beside AWS."""
        if host == "moto_api":
            raise NotImplementedError("moto's own API is switched off")
        backend = super().get_backend_for_host(host)
        if backend is None and host is not None:
            raise NotImplementedError(f"there is no service at {host}")
        return backend


def stop_recording() -> None:
    """moto's recorder, which writes every request into a file of the working folder, is off, whatever the environment says."""
    from moto.moto_api import recorder

    recorder._os_enabled = False
    recorder.stop_recording()


def account_of(access_key_id: str) -> str:
    """The account that IAM or AssumeRole gave this key for; moto's default account for any other key."""
    from moto.iam.models import get_account_id_from  # 50 ms, and not needed to be ready

    return str(get_account_id_from(access_key_id))
