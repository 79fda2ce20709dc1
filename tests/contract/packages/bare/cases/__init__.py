"""Amazon Connect Cases: two resource types in one package, the second a child of the first."""

from .domain.resource import Domain, DomainProvider
from .template.resource import Template, TemplateProvider

__all__ = ["Domain", "DomainProvider", "Template", "TemplateProvider"]
