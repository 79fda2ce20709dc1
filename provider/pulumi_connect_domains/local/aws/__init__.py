"""A local AWS: moto's server with Customer Profiles and Voice ID among its services, and controls for tests."""

from .client import Call, LocalAws, LocalAwsError

__all__ = ["Call", "LocalAws", "LocalAwsError"]
