"""What Pulumi writes, and what people write for us, read in one place.

    files (bytes) -> documents (JSON, YAML) -> deployment (a stack's resources) | preview (what an apply would do)

`urn` and `secret` are what stands in both. `cli` runs the Pulumi CLI. `sources` and `backends` say where exports come from: the CLI, files,
folders, and a backend's bucket (`locations` reads its URL, `layout` says what stands in it).

Each reader returns a value of its type, or raises `Unreadable`, whatever the file holds. The error's text is one line, and goes on from the
file's name.
"""
