"""moto, with `customer-profiles` and `voice-id` among its services.

moto has no plugin system, so this needs names that moto keeps to itself. All of them are in this module: when a moto
release moves one, this is the only file to change, and the error says so.
"""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

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
    "SERVICES",
    "BackendDict",
    "BaseBackend",
    "BaseResponse",
    "Dispatcher",
    "MotoRequestHandler",
    "NotFound",
    "Request",
    "account_of",
    "get_service_model",
    "get_service_router",
    "register",
    "stop_recording",
]


@dataclass(frozen=True)
class Service:
    """Where one added service lives: its folder beside this module, and the name it signs requests with."""

    folder: str
    signing_name: str


SERVICES = {
    "customer-profiles": Service(folder="customerprofiles", signing_name="profile"),
    "voice-id": Service(folder="voiceid", signing_name="voiceid"),
}


def register() -> None:
    """moto finds the two services by their host names and by their folders' names. Doing it twice changes nothing."""
    folders = {service.folder for service in SERVICES.values()}
    if any(name in folders for name, _ in backend_url_patterns):
        return
    moto_backend = backends.get_backend

    def get_backend(name: str) -> Any:
        if name not in folders:
            return moto_backend(name)
        models = importlib.import_module(f"{__package__}.{name}.models")
        return getattr(models, f"{name}_backends")

    backends.get_backend = get_backend
    for service in SERVICES.values():
        pattern = re.compile(rf"https?://{service.signing_name}\.(.+)\.amazonaws\.com")
        backend_url_patterns.append((service.folder, pattern))


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
