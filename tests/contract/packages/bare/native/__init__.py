"""The classes and the process of the native host, for the bare types."""
