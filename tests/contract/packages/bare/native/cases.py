"""Amazon Connect Cases, managed by the native host."""

from pulumi_connect_domains.native.resource import NativeResource

from .. import cases as service

__all__ = ["Domain", "Template"]


class Domain(NativeResource, service.Domain, module="cases", name="Domain"):
    """A Cases domain, with the arguments and outputs of `cases.Domain`."""


class Template(NativeResource, service.Template, module="cases", name="Template"):
    """A Cases template, with the arguments and outputs of `cases.Template`."""
