"""What a provider does, for any host: check, diff, create, read, update, delete. Knows no Pulumi.

    settings (configuration) -> lifecycle (the operations) -> call (AWS, clock, ways to tell) -> the resource type's functions

The two keys below stand here because programs need them too, and this file costs them nothing to import.
"""

PROVIDER_MARK = "connect_domains_provider"
"""An input of every explicit Provider. No key of stack config is without a namespace, so the two cannot be confused."""
