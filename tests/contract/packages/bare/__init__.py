"""Resource types that live in the tests only, with nothing beyond the bare minimum: no tags, no default name, no guard, no ARN in state.

They show what the package takes for granted of a resource type. `cases` is what a service's package would be, `cloud` its local AWS.
"""
