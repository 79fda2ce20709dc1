"""What Pulumi writes, and what people write for us, read in one place.

    files (bytes) -> documents (JSON, YAML) -> deployment (a stack's resources) | preview (what an apply would do)

`urn` and `secret` are what stands in both. `cli` runs the Pulumi CLI, `sources` says where exports come from.

Whatever stands in a file, the answer is a value of the promised shape or one `Unreadable`, whose text is one line and ends a sentence
that begins with the file's name.
"""
