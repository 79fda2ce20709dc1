"""A preview's JSON in, the pull-request comment out: `connect-domains review`.

    stacks.preview (steps) -> changes (one a resource) -> assessment (what it means) -> model (the review) -> formats

`sight` says what a domain holds, `rows` what differs, `secrecy` what must not be shown, `phrases` how it is said.
"""
