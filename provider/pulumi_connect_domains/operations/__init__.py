"""What a provider does, for any host: check, diff, create, read, update, delete. Knows no Pulumi.

    settings (configuration) -> lifecycle (the operations) -> call (AWS, clock, warnings, progress) -> the resource type's functions

The key below is here because programs need it too, and this file costs them nothing to import.
"""

PROVIDER_MARK = "connect_domains_provider"
"""An input of every explicit Provider, by which its inputs are told from stack config. Every key of stack config has a namespace."""
